"""The targeting that browsers are given says what the survey file says."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest
from node import run_node

from harken_server.channels.widget.configs import Shown, config_document
from harken_server.channels.widget.page_rules import browser_rules, pages_pattern
from harken_server.surveys.survey import Survey
from harken_server.surveys.targeting import PageRule, Targeting

pytestmark = pytest.mark.processes

ADDRESS = "https://shop.example/shoes/red.html?size=41&sort=up#top"
PAGES: list[tuple[str, str, bool]] = [
    ("exact", ADDRESS, True),
    ("exact", "/shoes/red.html?size=41&sort=up#top", True),
    ("exact", "/shoes/red.html", False),
    ("exact", "/shoes/redxhtml?size=41&sort=up#top", False),
    ("prefix", "/shoes/", True),
    ("prefix", "https://shop.example/", True),
    ("prefix", "https://shop.example.com/", False),
    ("prefix", "/red", False),
    ("prefix", "/", True),
    ("contains", "red.html", True),
    ("contains", "?size=41", True),
    ("contains", "shop.example", True),
    ("contains", "/red", True),
    ("contains", "/shop.example", False),
    ("contains", "redxhtml", False),
    ("contains", "size=4?", False),
    ("glob", "/shoes/*", True),
    ("glob", "/*/red.html*", True),
    ("glob", "*", True),
    ("glob", "https://*.example/*/red*top", True),
    ("glob", "/shoes/r?d.html?size=4?&sort=up#*", True),
    ("glob", "/shoes/*.htm", False),
    ("glob", "/shoes", False),
    ("glob", "*#to", False),
    ("glob", "*/shoes/*/shoes/*", False),
    ("glob", "/**red**", True),
]
FIND = """const cases = JSON.parse(process.argv[1]);
const found = cases.map(([pattern, text, flags]) => RegExp(pattern, flags).test(text));
console.log(JSON.stringify(found))"""


def found(*cases: tuple[str, ...]) -> list[bool]:
    """Whether each pattern is found in its text by JavaScript's regular expressions."""
    return json.loads(run_node("-e", FIND, json.dumps(cases)))


def rule(match: str, url: str) -> PageRule:
    return msgspec.convert({"match": match, "url": url}, PageRule)


def rules(**fields: Any) -> dict[str, Any]:
    return browser_rules(msgspec.convert(fields, Targeting))


def test_each_kind_of_page_rule_means_what_it_says() -> None:
    said = found(*((pages_pattern([rule(match, url)]), ADDRESS) for match, url, _ in PAGES))

    assert [case for case, is_met in zip(PAGES, said, strict=True) if case[2] != is_met] == []


def test_one_page_of_several_is_enough_and_one_of_the_others_too_much() -> None:
    shoes, red = rule("glob", "/shoes/*/?ed*"), rule("contains", "/red.")
    boots, sale = rule("glob", "*/boots*"), rule("glob", "/*/*sale*")
    cases = {
        (pages_pattern([boots, red]), ADDRESS): True,
        (pages_pattern([boots, shoes]), ADDRESS): False,
        (pages_pattern([], [boots]), ADDRESS): True,
        (pages_pattern([], [boots, red]), ADDRESS): False,
        (pages_pattern([red], [sale]), ADDRESS): True,
        (pages_pattern([red], [sale]), f"{ADDRESS}/sale"): False,
        (pages_pattern([red, red], [red]), ADDRESS): False,
    }

    assert found(*cases) == list(cases.values())


def test_no_address_takes_long_to_compare() -> None:
    """Of patterns with many stars and an address made to defeat them."""
    stars = [rule("glob", "*a" * 50 + "b"), rule("glob", "/*a?*" * 30 + "/b")]
    address = "https://shop.example/" + "a/" * 20_000
    began = time.monotonic()

    assert found((pages_pattern(stars, stars), address)) == [False]

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("locale", "is_met"),
    [("en", True), ("en-GB", True), ("EN-us", True), ("pt-BR", True), ("pt-br", True),
     ("pt", False), ("pt-PT", False), ("enm", False), ("de", False)],
)  # fmt: skip
def test_a_locale_takes_in_its_regions(locale: str, is_met: bool) -> None:
    pattern = rules(locales=["en", "pt-BR"])["locales"]

    assert found((pattern, locale, "i")) == [is_met]


def test_devices_are_widths_of_the_window() -> None:
    assert rules(devices=["phone", "desktop"])["devices"] == (
        "(max-width:599.98px),(min-width:1024px)"
    )


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({}, []),
        ({"mode": "tab"}, [{"on": "load"}]),
        ({"mode": "inline"}, [{"on": "load"}]),
        ({"mode": "tab", "opens": [{"on": "exit"}]}, [{"on": "exit"}]),
    ],
)
def test_only_what_is_part_of_the_page_is_there_without_being_opened(
    fields: dict[str, Any], opens: list[dict[str, Any]]
) -> None:
    assert list(rules(**fields)["opens"]) == opens


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, (7, 30, 90)),
        ({"cooldown": {"answered_days": 1}}, (7, 30, 1)),
        ({"mode": "inline"}, None),
        ({"mode": "tab", "cooldown": {"answered_days": 1}}, (7, 30, 1)),
    ],
)
def test_what_is_part_of_the_page_has_no_cooldown_of_its_own(
    fields: dict[str, Any], days: tuple[float, ...] | None
) -> None:
    given = rules(**fields).get("cooldown")

    assert given == (days and dict(zip(("shown", "dismissed", "answered"), days, strict=True)))


def test_what_equals_its_default_is_left_out() -> None:
    assert rules(mode="tab", max_shown=3) == {
        "mode": "tab",
        "max_shown": 3,
        "opens": [{"on": "load"}],
    }


def test_rules_for_properties_become_a_condition() -> None:
    where = [
        {"property": "plan", "value": "pro"},
        {"property": "coupon", "op": "not_equals", "value": "STAFF"},
        {"property": "total", "op": "at_least", "value": 50},
        {"property": "items", "op": "at_most", "value": 3},
        {"property": "path", "op": "contains", "value": "gift"},
    ]

    assert rules(opens=[{"on": "event", "name": "paid", "where": where}])["opens"] == [
        {
            "on": "event",
            "name": "paid",
            "when": {
                "all": [
                    {"context": "plan", "is": ["pro"]},
                    {"context": "coupon", "isnt": "STAFF"},
                    {"context": "total", "min": 50},
                    {"context": "items", "max": 3},
                    {"context": "path", "part": "gift"},
                ]
            },
        }
    ]


def survey(key: str, *locales: str) -> Survey:
    question = {"type": "nps", "key": "q", "text": dict.fromkeys(locales, "?")}
    titles = dict.fromkeys(locales, key)
    tree = {"key": key, "title": titles, "locale": locales[0], "locales": locales[1:]}
    return msgspec.convert({**tree, "questions": [question]}, Survey)


@pytest.mark.parametrize(
    ("offered", "asked", "right", "wrong"),
    [
        ([["en"]], "de", ["de", "en", "ar"], []),
        ([["en"], ["de"]], "fr", ["de", "en", "fr"], []),
        ([["en", "de"]], "de", ["de", "de-AT", "DE"], ["en", "den", "fr"]),
        ([["en", "de"]], "de-CH", ["de", "de-CH"], ["en", "fr"]),
        ([["en", "de"]], "fr", ["fr", "fr-CA", "en"], ["de"]),
        ([["en", "de"], ["fr"]], "de", ["de"], ["en", "fr"]),
    ],
)
def test_a_config_says_for_which_locales_asking_again_is_no_use(
    offered: list[list[str]], asked: str, right: list[str], wrong: list[str]
) -> None:
    shown = [Shown(survey(f"s{at}", *locales), 1) for at, locales in enumerate(offered)]
    document = config_document(shown, locale=asked, code="survey-1.js")

    pages = [*right, *wrong]
    said = found(*((document.get("fits", ""), page, "i") for page in pages))

    assert dict(zip(pages, said, strict=True)) == {page: page in right for page in pages}
