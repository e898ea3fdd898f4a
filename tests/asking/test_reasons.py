"""One list of reasons: the core's, the widget's and the page about them are the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from harken_server.asking.rules.reasons import (
    MEANINGS,
    DecisionReason,
    ReasonCode,
    WidgetReason,
)

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "widget" / "src" / "types.ts"
PAGE = ROOT / "docs" / "reference" / "reasons.md"
BY_THE_SERVER_ALONE = {
    "not_open", "no_consent", "not_in_segment", "quota_full", "escalated", "open_invitation",
}  # fmt: skip
CODES: tuple[str, ...] = get_args(ReasonCode)


def rows_of_the_page() -> dict[str, list[str]]:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {code: rest.split(" | ") for code, rest in rows}


def test_each_code_is_there_once_and_has_a_meaning() -> None:
    assert len(CODES) == len(set(CODES))
    assert set(MEANINGS) == set(CODES)
    assert all(text.endswith(".") and text.count(". ") == 0 for text in MEANINGS.values())


def test_decisions_give_some_of_them() -> None:
    assert set(get_args(DecisionReason)) < set(CODES)
    assert not set(get_args(DecisionReason)) & set(get_args(WidgetReason))
    assert set(get_args(DecisionReason)) > BY_THE_SERVER_ALONE


def test_the_widget_knows_the_same() -> None:
    [listed] = re.findall(r"export type Reason =\n(.*?);", TYPES.read_text("utf-8"), re.DOTALL)
    assert sorted(re.findall(r'"(\w+)"', listed)) == sorted(CODES)


def test_the_page_explains_each_of_them_and_no_other() -> None:
    assert set(rows_of_the_page()) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_page_says_what_a_code_means_who_gives_it_and_what_to_do(code: str) -> None:
    meaning, givers, remedy = rows_of_the_page()[code]
    assert meaning == MEANINGS[code]
    assert givers == (
        "server"
        if code in BY_THE_SERVER_ALONE
        else "server, widget"
        if code in get_args(DecisionReason)
        else "widget"
    )
    assert len(remedy) > 5
