"""Limits as the widget checks them: a sentence for each, and patterns as strict as the server."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from address_table import ADDRESSES, OTHERS
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from node import WIDGET, run_node
from random_surveys import SHAPES, emails, phones

from harken_server.channels.page.face.questions import (
    DATE_PATTERN,
    EMAIL_PATTERN,
    FILLERS,
    PHONE_PATTERN,
)
from harken_server.channels.page.face.surveys import survey_config
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.kernel.formats import (
    PHONE_FILLERS,
    is_calendar_day,
    is_email,
    normalise_phone,
)
from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.local.numbers import say_number
from harken_server.surveys.survey import Survey

CHECK = "".join(
    (WIDGET / "src" / place).read_text("utf-8") for place in ("rules/check.ts", "late/limits.ts")
)
TRY = """
const [pattern, texts] = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
const found = texts.map((text) => new RegExp(pattern, "u").test(text) ? 1 : 0);
console.log(found.join(""));
"""
CODES = {
    "min": "too_low",
    "max": "too_high",
    "is_whole": "not_whole",
    "pattern": "invalid",
    "max_chars": "too_long",
    "most": "too_many_choices",
}
"""What `rules/check.ts` says when the limit of this name is broken."""
MAX_SECONDS = 10
"""For three starts of Node; a pattern that tries all ways through would take years."""
# Every character of Unicode 3.2: what is newer, a browser and a Python may know or not.
LETTERS = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Co", "Cs")
]


def configs(locale: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each kind of question in its variants, required or not, as the widget gets it."""
    shapes = [(kind, shape) for kind, variants in SHAPES.items() for shape in variants]
    for kind, shape in shapes:
        for required in (False, True)[: 1 if kind == "statement" else 2]:
            asked = {"type": kind, "key": "q", "text": "?", "required": required, **shape}
            definition = {"key": "s", "title": "S", "locale": locale, "questions": [asked]}
            survey = msgspec.convert(definition, Survey)
            yield asked, survey_config(survey, 1, locale)["questions"][0]


def possible_faults(question: dict[str, Any]) -> set[str]:
    """What `rules/check.ts` can find wrong with answers that are given in the widget."""
    found = {code for name, code in CODES.items() if name in question}
    if question["type"] == "number":
        found.add("wrong_type")
    if "least" in question:
        found.add("incomplete" if question["type"] == "ranking" else "too_few_choices")
    if question.get("required"):
        found |= {"required", "incomplete"} if "rows" in question else {"required"}
    return found


def tried(pattern: str, texts: list[str], folder: Path) -> list[bool]:
    """Which of the texts JavaScript finds the pattern in."""
    path = folder / "tried.json"
    path.write_text(json.dumps([pattern, texts]), "ascii")
    return [sign == "1" for sign in run_node("-e", TRY, path).strip()]


def drawn(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    found: list[str] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_its_sentence_in_every_language(language: str):
    for asked, question in configs(language):
        says = question.get("says", {})

        assert set(says) == possible_faults(question), asked
        for code, sentence in says.items():
            assert sentence.strip(), (asked, code)
            assert not re.search(r"[{}]", sentence), (asked, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_names_the_limit_as_the_language_writes_it(language: str):
    phrases = PAGE_WORDS.of(language)
    expected = {
        ("number", "too_low", -3.5): phrases.too_low.format(limit=say_number(-3.5, language)),
        ("number", "too_high", 5): phrases.too_high.format(limit="5"),
        ("number", "too_low", 0): phrases.too_low.format(limit="0"),
        ("date", "too_low", "2026-02-10"): phrases.date_too_early.format(limit="2026-02-10"),
        ("date", "too_high", "2027-01-01"): phrases.date_too_late.format(limit="2027-01-01"),
        ("multiple_choice", "too_few_choices", 2): phrases.too_few.format(limit="2"),
        ("multiple_choice", "too_many_choices", 3): phrases.too_many.format(limit="3"),
        ("ranking", "too_many_choices", 2): phrases.too_many.format(limit="2"),
        ("ranking", "incomplete", 4): phrases.ranked_too_few.format(limit="4"),
        ("short_text", "too_long", 6): phrases.too_long.format(limit="6"),
        ("long_text", "too_long", 9): phrases.too_long.format(limit="9"),
    }
    limits = {
        **{code: name for name, code in CODES.items()},
        "too_few_choices": "least",
        "incomplete": "least",
    }

    said = {
        (question["type"], code, question.get(limits.get(code, ""))): sentence
        for _, question in configs(language)
        for code, sentence in question.get("says", {}).items()
    }

    assert expected.items() <= said.items()


def test_the_widget_knows_no_other_faults():
    named = set(re.findall(r'(?:return|\?|:|&&) "(\w+)"', CHECK))

    # Nothing can be ticked that is not offered; the widget drops such answers of a site unasked.
    assert named - {"unknown_choice"} == {
        *CODES.values(),
        *("required", "wrong_type", "incomplete", "too_few_choices"),
    }


def test_numbers_stay_where_doubles_are_whole_numbers():
    most = 2**53 - 1
    kinds = [question for asked, question in configs("en") if asked["type"] == "number"]

    ends = {(question["min"], question["max"]) for question in kinds}

    assert ends == {(-3.5, most), (-most, 5), (0, 7), (-most, most)}


@pytest.mark.processes
def test_addresses_are_accepted_as_the_server_accepts_them(tmp_path: Path):
    edges = ["", *ADDRESSES, *OTHERS]
    texts = [*edges, *drawn(emails, 2000)]
    texts += [text for sign in LETTERS for text in (f"a{sign}b@c.de", f"a@b{sign}c.de")]

    found = tried(EMAIL_PATTERN, texts, tmp_path)

    expected = [is_email(text) for text in texts]
    assert found == expected, _unlike(texts, found, expected)
    assert 0 < sum(expected[: len(edges)]) < len(edges)


@pytest.mark.processes
def test_phone_numbers_are_accepted_as_the_server_accepts_them(tmp_path: Path):
    edges = [
        *("1" * count for count in (4, 5, 15, 16)),
        *("1" + " " * 55 + "2345", "1" + " " * 56 + "2345"),
        *("+", "", "+12345", "++12345", "1+2345", "\uff0b12345", "(0)12-34.5/", "12345 x6"),
    ]
    texts = [*edges, *drawn(phones, 2000), *(f"12{sign}345" for sign in LETTERS)]

    found = tried(PHONE_PATTERN, texts, tmp_path)

    expected = [len(text) <= 60 and normalise_phone(text) is not None for text in texts]
    assert found == expected, _unlike(texts, found, expected)
    assert 0 < sum(expected[: len(edges)]) < len(edges)


@pytest.mark.processes
def test_days_have_the_form_that_fields_of_dates_give(tmp_path: Path):
    days = [str(date.min + timedelta(days=count)) for count in range(0, 3_652_059, 1009)]
    days += [str(date.max), "2024-02-29"]
    others = ["", "0000-01-01", "12026-01-01", "2026-1-01", "20260101", "2026-01-01T00", "today"]
    others += ["2026-01-01\n", "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661"]

    found = tried(DATE_PATTERN, [*days, *others], tmp_path)

    assert found == [True] * len(days) + [False] * len(others)
    assert list(map(is_calendar_day, [*days, *others])) == found


@pytest.mark.processes
def test_a_pattern_takes_no_long_time_over_any_address(tmp_path: Path):
    """An address is tried with every press of the button; none may stop the page."""
    long = 50_000
    began = time.perf_counter()
    for pattern in (EMAIL_PATTERN, PHONE_PATTERN, DATE_PATTERN):
        texts = ["a@" + "b-" * long, "a" * long, "a@" + "b." * long, "1 " * long, "@." * long]
        texts += ["1-" * 29 + "x", "a@" + "b." * 120 + "-", "." * 254, "a." * 127]

        assert not any(tried(pattern, texts, tmp_path))
    assert time.perf_counter() - began < MAX_SECONDS


def _unlike(texts: list[str], found: list[bool], expected: list[bool]) -> list[str]:
    pairs = zip(texts, found, expected, strict=True)
    return [ascii(text) for text, one, other in pairs if one != other][:20]


def test_the_browser_takes_the_same_signs_between_digits_as_the_server():
    letters = map(chr, range(0x10000))
    taken = {letter for letter in letters if re.fullmatch(f"[{FILLERS}]", letter)}

    assert taken == set(PHONE_FILLERS)
