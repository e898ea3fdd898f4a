"""The page contradicts itself nowhere: one rule of what is sure, one line, one story."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from api_client import Api
from signed_in import SignedIn, sign_in
from store_visits import answer, card, open_stores, shown

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
async def visits(live: Api) -> Api:
    await open_stores(live)
    return live


def breakdown(page: str) -> str:
    return page.partition('class="card by-group"')[2].partition("</section>")[0]


def coloured(page: str) -> set[str]:
    """Groups whose distance from the rest is in colour."""
    rows = breakdown(page).split("<li>")[1:]
    named = [re.search(r"<a href=[^>]+>([^<]+)</a>", row) for row in rows]
    return {
        name[1] for row, name in zip(rows, named, strict=True)
        if name and re.search(r'"(good|bad)-text"', row)
    }  # fmt: skip


def told(page: str) -> set[str]:
    """Groups that are told to stand apart, in full or by name."""
    return set(re.findall(r">([^<>]+) is (?:above|below) the rest</a>", card(page)))


async def test_a_group_is_in_colour_where_it_is_told_to_stand_out(visits: Api) -> None:
    dice = Random(7)
    for store, away in {"a": 3.0, "b": 1.1, "c": 0.8, "d": 0.4, "e": 0.0, "f": -2.0}.items():
        for _ in range(35):
            rating = max(0, min(10, round(dice.gauss(6.5 + away, 2))))
            await answer(visits, {"recommend": rating}, store=store)

    page = await shown(visits)

    assert coloured(page) == told(page)
    assert {"a", "f"} <= told(page) < set("abcdef")
    assert "; could be chance" in breakdown(page)


async def test_a_group_that_one_week_makes_low_is_told_once(visits: Api) -> None:
    for week in range(5):
        for store in ("oslo", "bergen", "molde"):
            for turn in range(12):
                is_bad = (week, store) == (2, "bergen")
                await answer(visits, {"recommend": 0 if is_bad else 7 + turn % 4}, store=store)
        visits.clock.move(days=7)

    page = await shown(visits)

    assert re.search(r"bergen fell in week \d+", card(page))
    assert "At other times it is like the rest." in card(page)
    assert "bergen" not in told(page) | coloured(page)
    assert re.search(r"below the rest, in week \d+ alone", breakdown(page))
    assert "nothing unusual" not in page


async def test_a_mix_that_turns_the_total_round_is_no_bad_news_elsewhere(visits: Api) -> None:
    for many, more in (({"basic": 20, "pro": 80}, 0), ({"basic": 90, "pro": 30}, 1)):
        for plan, n in many.items():
            happy = more + (2 if plan == "basic" else 8)
            for turn in range(n):
                is_happy = turn % 10 < happy
                given = {"recommend": 10 if is_happy else 3, "staff": 5 if is_happy else 2}
                await answer(visits, given, plan=plan)
        visits.clock.move(days=30)
    visits.clock.move(days=-15)

    page = await shown(visits, days="30")

    assert "though every plan rose: the mix has changed" in page
    assert "It may be why the totals of “Our staff” moved as well." in card(page)
    assert "” fell<" not in card(page)
    assert breakdown(page).count(">up ") + breakdown(page).count("· up ") == 2


async def test_the_list_and_the_page_draw_one_line(visits: Api) -> None:
    visits.clock.move(days=3)
    for week in range(6):
        for turn in range(4):
            await answer(visits, {"recommend": (week * 3 + turn) % 11})
        visits.clock.move(days=7)
    visits.clock.move(days=-5)
    visitor: SignedIn = await sign_in(visits, "analyst")

    lists, page = (await visitor.get("/results")).text, await shown(visits)

    (of_list, *_), (of_page, *_) = (
        re.findall(r'class="sparkline".*?<path d="([^"]+)"', text) for text in (lists, page)
    )
    assert [*_heights(of_list)] == [*_heights(of_page)][-len([*_heights(of_list)]) :]


def _heights(path: str) -> list[str]:
    return re.findall(r" ([\d.]+)", path)


async def test_a_journey_has_a_period_and_says_what_its_numbers_are_of(visits: Api) -> None:
    journey: dict[str, Any] = {"key": "shopping", "title": "Shopping", "stages": [
        {"key": "visit", "title": "Visit", "touchpoints": [{"key": "store.left"}]},
        {"key": "return", "title": "Return", "touchpoints": [{"key": "order.returned"}]},
    ]}  # fmt: skip
    assert (await visits.http.post("/v1/journeys", json=journey)).is_success
    for turn in range(6):
        await visits.trigger(touchpoint="store.left", respondent=f"p{turn}")
        await answer(visits, {"recommend": 9})
    visitor = await sign_in(visits, "analyst")

    page = (await visitor.get("/journeys/shopping")).text
    short = (await visitor.get("/journeys/shopping", days="7")).text

    assert re.search(r'href="[^"]*/results" aria-current="page"', page)
    assert 'value="90" checked' in page
    assert 'value="7" checked' in short
    assert "↓ 6 of 6 people go no further" in page
    assert "People are those with a known name" in page
    assert 'id="changed-h"' in page
    assert "journey.csv?days=7" in short


async def test_what_to_fix_is_on_the_first_screen(visits: Api) -> None:
    dice = Random(3)
    for _ in range(120):
        waiting, staff = dice.choice((1, 2, 2, 3, 5)), dice.choice((4, 4, 5, 5, 3))
        rating = max(0, min(10, round(2 * waiting + dice.gauss(0, 0.7))))
        await answer(visits, {"recommend": rating, "waiting": waiting, "staff": staff})

    page = await shown(visits)

    assert 'Fix first: <strong dir="auto">Waiting time</strong>' in page
    assert re.search(r"\d+% of what goes with the score; \d+% satisfied", page)
    assert page.index("Fix first:") < page.index('id="changed-h"')
