"""The page's filter: what an address says, and which days it compares with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.page.selection import (
    Selection,
    count_filter,
    days_before,
    read_selection,
)
from harken_server.workspaces.people.rules import Reach

NOW = datetime(2026, 11, 21, 14, tzinfo=UTC)


def days_of(query: dict[str, str]) -> tuple[str, str]:
    chosen = count_filter(read_selection(query), NOW)
    ends = (chosen.from_day, chosen.to_day)
    first, last = ("" if end is None else date.fromordinal(end).isoformat() for end in ends)
    return first, last


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, ("2026-08-24", "2026-11-21")),
        ({"days": "7"}, ("2026-11-15", "2026-11-21")),
        ({"days": "all"}, ("", "2026-11-21")),
        ({"days": "custom", "from": "2026-09-14"}, ("2026-09-14", "2026-11-21")),
        ({"from": "2026-09-14", "to": "2026-09-20"}, ("2026-09-14", "2026-09-20")),
        ({"from": "2026-09-20", "to": "2026-09-14"}, ("2026-09-14", "2026-09-20")),
        ({"days": "custom", "to": "2026-09-20"}, ("", "2026-09-20")),
        ({"days": "30", "from": "2026-09-14"}, ("2026-10-23", "2026-11-21")),
        ({"days": "custom", "from": "yesterday"}, ("2026-08-24", "2026-11-21")),
    ],
)  # fmt: skip
def test_days_are_presets_or_dates(query: dict[str, str], days: tuple[str, str]) -> None:
    assert days_of(query) == days


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"days": "7"}, ("2026-11-08", "2026-11-14")),
        ({"days": "7", "beside": "year"}, ("2025-11-16", "2025-11-22")),
        ({"from": "2026-09-14", "to": "2026-09-20"}, ("2026-09-07", "2026-09-13")),
    ],
)
def test_what_a_period_is_compared_with(query: dict[str, str], days: tuple[str, str]) -> None:
    selection = read_selection(query)
    before = days_before(selection, count_filter(selection, NOW))

    assert before is not None
    assert before.from_day is not None
    assert before.to_day is not None
    assert days == (
        date.fromordinal(before.from_day).isoformat(),
        date.fromordinal(before.to_day).isoformat(),
    )


@pytest.mark.parametrize("query", [{"days": "all"}, {"beside": "none"}, {"from": "0001-01-02"}])
def test_an_open_period_is_compared_with_nothing(query: dict[str, str]) -> None:
    selection = read_selection(query)

    assert days_before(selection, count_filter(selection, NOW)) is None


NAMES = ("days", "from", "to", "beside", "version", "where", "by", "about", "q", "tone", "channel")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=99)))
def test_an_address_that_the_page_made_says_the_same_again(query: dict[str, str]) -> None:
    selection = read_selection(query)

    assert read_selection(selection.fields()) == selection


def test_who_sees_two_stores_chooses_among_them_and_sees_no_other_dimension() -> None:
    reach = Reach(stores=("oslo", "bergen"))

    own = count_filter(Selection(where="store:oslo"), NOW, reach)
    other = count_filter(Selection(where="store:paris"), NOW, reach)
    region = count_filter(Selection(where="region:north"), NOW, reach)

    assert own.stores == ("oslo",)
    assert other.stores == region.stores == ("oslo", "bergen")
    assert own.member is other.member is region.member is None
