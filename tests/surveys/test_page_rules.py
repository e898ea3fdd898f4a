"""Rules for addresses that no address could ever match are refused."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.errors import Problem
from harken_server.surveys.checks import check_survey
from harken_server.surveys.survey import Survey


def problems(**widget: Any) -> list[Problem]:
    questions = [{"type": "nps", "key": "q", "text": "?"}]
    tree = {"key": "s", "title": "S", "questions": questions, "widget": widget}
    return check_survey(msgspec.convert(tree, Survey))


def codes(**widget: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in problems(**widget)]


@pytest.mark.parametrize(
    ("match", "url", "is_sound"),
    [
        ("exact", "/pricing", True),
        ("exact", "https://example.com/pricing", True),
        ("exact", "capacitor://localhost/", True),
        ("exact", "example.com/pricing", False),
        ("exact", "pricing", False),
        ("exact", "https", False),
        ("exact", "/pricing*", False),
        ("prefix", "/", True),
        ("prefix", "www.example.com", False),
        ("prefix", "https://example.com/shop/*", False),
        ("glob", "*", True),
        ("glob", "*/pricing", True),
        ("glob", "/shop/*/buy?", True),
        ("glob", "http*://example.com/*", True),
        ("glob", "?ttps://example.com/*", True),
        ("glob", "example.com/*", False),
        ("glob", "https", False),
        ("contains", "utm_source=mail", True),
        ("contains", "a b", False),
        ("contains", "*", False),
        ("prefix", "/gr\u00f6\u00dfe", False),
        ("glob", "/a\t*", False),
    ],
)
def test_a_rule_for_addresses_can_match_one(match: str, url: str, is_sound: bool) -> None:
    for field in ("pages", "not_pages"):
        expected = [] if is_sound else [(f"$.widget.{field}[0].url", "bad_page")]
        assert codes(**{field: [{"match": match, "url": url}]}) == expected


def test_an_address_in_other_letters_is_given_as_browsers_write_it() -> None:
    [problem] = problems(pages=[{"match": "prefix", "url": "/gr\u00f6\u00dfe/a%20b"}])
    assert "/gr%C3%B6%C3%9Fe/a%20b" in problem.message
    assert problem.message.isascii()


def test_rules_that_leave_no_page_are_refused() -> None:
    shop, blog = ({"match": "prefix", "url": url} for url in ("/shop", "/blog"))
    assert codes(pages=[shop], not_pages=[blog, shop]) == [("$.widget.not_pages", "never_true")]
    assert codes(pages=[shop, blog], not_pages=[shop]) == []


@given(st.sampled_from(["exact", "prefix", "glob", "contains"]), st.text(min_size=1, max_size=20))
def test_any_address_is_judged_without_an_error(
    match: Literal["exact", "prefix", "glob", "contains"], url: str
) -> None:
    for problem in problems(pages=[{"match": match, "url": url}]):
        assert problem.path == "$.widget.pages[0].url"
        assert problem.code == "bad_page"
