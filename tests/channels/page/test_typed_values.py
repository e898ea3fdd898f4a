"""What is typed, stored, shown, compared and exported is one value, in every language."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from harken_server.channels.messages.rules import read_reply
from harken_server.channels.page.fields import field_of
from harken_server.channels.page.forms import decode_answer
from harken_server.channels.page.shown import prefilled
from harken_server.channels.page.wording import wording_of
from harken_server.exports.cells import make_pivot
from harken_server.exports.forms import written
from harken_server.exports.rules import columns_of
from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.local.numbers import say_number, signs_of
from harken_server.surveys.answers.typed_rows import Sections
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.evaluation import evaluate
from harken_server.surveys.questions.conditions import Equals
from harken_server.surveys.questions.types import Date, Number, Phone, Question
from harken_server.surveys.survey import Survey

LOCALES = (*LANGUAGES, "de-CH", "en-US", "en-IN", "pt-PT", "es-MX", "fa", "hi")
ZEROS = "0\u0660\u06f0\u0966"
NUMBER, WHOLE = Number(key="q", text="?"), Number(key="q", text="?", is_whole=True)
DATE, PHONE = Date(key="q", text="?"), Phone(key="q", text="?")


def in_digits(typed: str, zero: str) -> str:
    return typed.translate({ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)})


def numbers(locale: str) -> list[tuple[Question, str, str]]:
    decimal, group = signs_of(locale)
    return [
        (WHOLE, f"1{group}000", "1000"), (WHOLE, f"250{group}000", "250000"),
        (NUMBER, f"1{group}000", "1000"), (NUMBER, f"12{group}345{decimal}5", "12345.5"),
        (NUMBER, f"0{decimal}0000001", "0.0000001"), (NUMBER, "3.5", "3.5"), (NUMBER, "3,5", "3.5"),
        (NUMBER, f"\u22127{decimal}25", "-7.25"), (WHOLE, "9007199254740991", "9007199254740991"),
        (WHOLE, say_number(2**53 - 1, locale, parted=True), "9007199254740991"),
        (NUMBER, f"1234{decimal}567", "1234.567"), (WHOLE, "1 000 000", "1000000"),
    ]  # fmt: skip


DAYS: list[tuple[Question, str, str]] = [
    (DATE, typed, "2026-05-23")
    for typed in ("2026-05-23", "2026/05/23", "23.5.2026", "23. 5. 2026", "23.05.2026")
]
PHONES: list[tuple[Question, str, str]] = [
    (PHONE, "+47 22 12 34 56", "+4722123456"),
    (PHONE, "(+47) 22\u201112-34\u201356", "+4722123456"),
    (PHONE, "\u202a+47\u00a022123456\u202c", "+4722123456"), (PHONE, "0221 / 123456", "0221123456"),
    (PHONE, "+49 (0)221 123456", "+49221123456"), (PHONE, "\uff0b47 22.12.34.56", "+4722123456"),
]  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_every_format_is_one_value_from_the_keyboard_to_the_file(locale: str) -> None:
    typed = [*numbers(locale), *DAYS, *PHONES]

    for (question, text, cell), zero in itertools.product(typed, ZEROS):
        shaped = in_digits(text, zero)
        form = {"a_q": [shaped], "lang": [locale]}
        by_page = decode_answer(question, form)
        by_message = read_reply(question, shaped, "text", locale).value

        assert exported(question, by_page) == exported(question, by_message) == cell, shaped
        assert (
            decode_answer(question, {**form, "a_q": [shown(question, by_page, locale)]}) == by_page
        )
        meant = float(cell) if isinstance(question, Number) else cell
        for answer in (by_page, by_message, rows(question, by_page).plain("q")):
            assert evaluate(Equals(answer="q", value=meant), {"q": answer}, {})


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("typed", ["1,000", "1.000", "1.000.000", "12,34", "1e3", "3/5", "x"])
def test_what_is_in_doubt_stays_on_the_page_as_it_was_typed(locale: str, typed: str) -> None:
    form = {"a_q": [typed], "lang": [locale]}

    for question in (NUMBER, WHOLE, DATE):
        read = decode_answer(question, form)
        if isinstance(read, str):
            assert shown(question, read, locale) == typed
            assert problems(question, read)
            assert read_reply(question, typed, "text", locale).is_unclear


@pytest.mark.parametrize("typed", ["1,000", "1.000", "12", "\u0661\u0662", "1 000"])
def test_the_api_takes_numbers_and_no_texts(typed: str) -> None:
    assert [found.code for found in problems(NUMBER, typed)] == ["wrong_type"]


@pytest.mark.parametrize("text", ["\U0001f600" * 20, "e\u0301" * 10, "\u05d0" * 20, "a" * 20])
def test_twenty_characters_are_counted_alike_whatever_they_are(text: str) -> None:
    line: Question = msgspec.convert(
        {"type": "short_text", "key": "q", "text": "?", "max_chars": 20}, Question
    )
    limit = field_of(line, None, wording("en", line)).max_chars

    assert limit is not None
    assert len(text.encode("utf-16-le")) // 2 <= limit
    assert not problems(line, text)
    assert [found.code for found in problems(line, text + "!")] == ["too_long"]


def survey_of(question: Question) -> Survey:
    return Survey(key="s", title="S", questions=(question,))


def wording(locale: str, question: Question) -> Any:
    return wording_of(survey_of(question), locale, {}, {})


def problems(question: Question, answer: Any) -> tuple[Any, ...]:
    compiled = compile_survey(survey_of(question))
    return check_answers(compiled, {"q": answer}, {}, is_complete=True).problems


def rows(question: Question, answer: Any) -> Sections:
    checked = check_answers(
        compile_survey(survey_of(question)), {"q": answer}, {}, is_complete=True
    )
    assert not checked.problems, (answer, checked.problems)
    said = Sections()
    for row in checked.rows:
        if row.number is not None:
            said.numbers["q"] = row.number
        else:
            said.texts["q"] = row.text or ""
    return said


def exported(question: Question, answer: Any) -> str:
    columns = columns_of([survey_of(question)])
    cells = make_pivot(columns, {"q": question}, {"q": question}, written(str))(
        rows(question, answer)
    )
    return cells[-1]


def shown(question: Question, answer: Any, locale: str) -> str:
    return field_of(question, answer, wording(locale, question)).value


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_a_link_names_numbers_as_programs_write_them_in_every_language(locale: str) -> None:
    survey = Survey(key="s", title="S", questions=(NUMBER,))
    loaded = SimpleNamespace(survey=survey, compiled=compile_survey(survey))

    for typed, number in {"1.000": 1, "1234.5": 1234.5, "-2": -2}.items():
        query = {"a_q": [typed], "lang": [locale]}
        assert prefilled(cast("LoadedSurvey", loaded), query, {}) == {"q": number}
    for typed in ("1,000", "1 000", "x"):
        query = {"a_q": [typed], "lang": [locale]}
        assert prefilled(cast("LoadedSurvey", loaded), query, {}) == {}
