"""The first screen of results: why something fell, what a deploy did, where people stopped."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from signed_in import sign_in
from store_visits import PAGE, answer, card, open_stores, shown

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
async def visits(live: Api) -> Api:
    await open_stores(live)
    return live


async def test_what_fell_with_the_store_is_told_beside_it(visits: Api) -> None:
    for week in range(4):
        for store in ("oslo", "bergen"):
            for turn in range(7):
                is_bad = (week, store) == (2, "bergen")
                rating, waiting = (turn % 3, 1) if is_bad else (8 + turn % 3, 4 + turn % 2)
                given = {"recommend": rating, "waiting": waiting, "staff": 4 + turn % 2}
                await answer(visits, given, store=store)
        visits.clock.move(days=7)

    told = card(await shown(visits))

    assert re.search(r"bergen fell in week \d+", told)
    assert "Likely why:</strong> “Waiting time” fell most with it: 0% against 100%." in told


async def test_what_a_deploy_did_is_told_and_what_it_did_not_as_well(visits: Api) -> None:
    for week in range(8):
        for turn in range(24):
            base = 4 if week < 4 else 8
            await answer(visits, {"recommend": base + turn % 3, "staff": 3 + turn % 3})
        visits.clock.move(days=7)
    today = visits.clock.now.date().toordinal()
    for title, back in (("New tills", 31), ("A poster", 10)):
        day = visits.clock.now.date().fromordinal(today - back).isoformat()
        body = {"title": title, "kind": "deploy", "day": day}
        assert (await visits.http.post("/v1/annotations", json=body)).is_success

    told = card(await shown(visits))

    assert re.search(r"Rose after “New tills”, \d+ \w{3}", told)
    assert re.search(r"No sure change after: A poster \(\d+ \w{3}\)", told)


async def test_a_mix_that_turns_the_total_round_is_told_first(visits: Api) -> None:
    for many, more in (({"basic": 20, "pro": 80}, 0), ({"basic": 90, "pro": 30}, 1)):
        for plan, n in many.items():
            happy = more + (2 if plan == "basic" else 8)
            for turn in range(n):
                await answer(visits, {"recommend": 10 if turn % 10 < happy else 3}, plan=plan)
        visits.clock.move(days=30)
    visits.clock.move(days=-15)

    page = await shown(visits, days="30")

    assert "Every plan rose, yet all together fell" in card(page)
    assert "basic gave 75% of the answers, 20% before" in card(page)
    assert 'id="breakdown-h">By plan<' in page  # nobody has a store


async def test_where_people_stopped_and_who_did_not_answer(visits: Api) -> None:
    for turn in range(20):
        given: dict[str, Any] = {"recommend": 9, "waiting": 5, "staff": 5}
        if turn % 2:
            given["income"] = "low"
        sent = await visits.submit(
            given, survey="visit", touchpoint="store.left", complete=bool(turn % 2),
            resume=f"{turn:043d}",
        )  # fmt: skip
        assert sent.status_code == 201, sent.text
    for plan, answered in (("basic", 1), ("pro", 18)):
        for turn in range(20):
            made = (await visits.trigger(
                touchpoint="store.left", respondent=f"{plan}{turn}", context={"plan": plan}
            )).json()  # fmt: skip
            if turn < answered:
                body = {"id": str(uuid4()), "token": made["invitation"]["code"],
                        "answers": {"recommend": 9, "income": "low"}}  # fmt: skip
                assert (await visits.http.post("/v1/public/responses", json=body)).is_success
    rates = (await visits.http.get("/v1/surveys/visit/rates")).json()["rates"]

    page, asked = await shown(visits, by="plan"), await shown(visits, by="plan", who="1")

    assert "Most who stopped did so at “Your income?”: 10, 26% of all who began." in page
    left = {each["question"]: each["left_after"] for each in rates["questions"]}
    assert left["staff"] == 10
    assert "10 stopped here" in page
    assert 'Did not answer: <strong dir="auto">21</strong>' in page
    assert "of 40 asked; of plan basic 5% answered" in page
    assert "19 of 40 asked by a personal link answered (48%)." in asked
    assert "basic answered least: 5%, all others 90%." in asked
    assert (rates["response"]["n"], rates["response"]["of"]) == (19, 40)


async def test_rates_are_files_with_the_numbers_of_the_page(visits: Api) -> None:
    for turn in range(4):
        sent = await visits.submit(
            {"recommend": 9}, survey="visit", touchpoint="store.left", complete=turn > 0,
            resume=f"{turn:043d}",
        )  # fmt: skip
        assert sent.status_code == 201, sent.text
    visitor = await sign_in(visits, "analyst")

    rows = (await visitor.get(f"{PAGE}/rates.csv")).text.removeprefix("\ufeff").split("\r\n")
    picture = await visitor.get(f"{PAGE}/rates.svg")

    assert rows[0] == "step,n,of,share,low,high,stopped_here"
    assert rows[1].startswith("Recommend?,4,4,100,")
    assert rows[1].endswith(",0")
    assert rows[2].endswith(",1")
    assert rows[-2].startswith("Completed,3,4,75,")
    assert "Completed 75%" in picture.text
