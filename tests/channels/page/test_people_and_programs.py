"""Every public way, every sign of a program, and every kind of person who gives none."""

from __future__ import annotations

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import pytest
from api_client import Api
from public_ways import (
    LONG,
    PAGES,
    USUAL,
    Fields,
    Site,
    answer_api,
    answer_page,
    open_site,
    visible_text,
)
from tiers import POSTGRES_NIGHTLY

from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey

Comer: TypeAlias = Callable[[Site, str], Awaitable[None]]
"""Comes by a way and answers."""
API = "api"


@pytest.fixture
async def site(api: Api) -> Site:
    return await open_site(api)


async def counts_are_exact(site: Site) -> bool:
    runtime = site.api.runtime
    record = await get_survey(runtime.db, runtime.home, "post_purchase")
    assert record is not None
    return await recount(runtime.db, runtime.home, record.id) == []


async def answer(
    site: Site, way: str, answers: dict[str, Any], after_s: float, address: str = "", **more: str
) -> None:
    async with site.client(address) as http:
        if way == API:
            site.api.clock.move(seconds=after_s)
            await answer_api(http, answers)
        else:
            await answer_page(site, http, await PAGES[way](site), answers, after_s, **more)


# People.


async def without_script(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 9, "why": "Friendly."}, 40)


async def pressing_quickly(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 9}, 1.5)


async def with_screen_reader(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 7, "why": "It was read to me."}, 900)


async def on_slow_phone(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 3}, 3 * 3600)


async def with_autofill(site: Site, way: str) -> None:
    """Every field that is shown gets what a browser knows of its person, in no time."""
    known = {"text": "Ada", "email": "ada@example.com", "tel": "+4722123456"}
    if way == API:
        await answer(site, way, {"recommend": 9, "mail": "ada@example.com", "name": "Ada"}, 1)
        return
    async with site.client() as http:
        path = await PAGES[way](site)
        fields = Fields((await http.get(path)).text)
        filled = {name: known[kind] for name, kind in fields.seen.items()}
        await answer_page(site, http, path, {"recommend": 9}, 1.2, **filled)


async def from_prefilled_link(site: Site, way: str) -> None:
    if way == API:
        await pressing_quickly(site, way)
        return
    async with site.client() as http:
        path = await PAGES[way](site)
        path += f"{'&' if '?' in path else '?'}a_recommend=9"
        await answer_page(site, http, path, {}, 0.6)


async def behind_one_address(site: Site, way: str) -> None:
    """A shop's network, and the same telephone: as quickly as one till prints receipts."""
    for _ in range(12):
        await answer(site, way, {"recommend": 9, "why": "Very good"}, 61, "203.0.113.7")


async def saying_what_all_say(site: Site, way: str) -> None:
    for _ in range(12):
        await answer(site, way, {"recommend": 10, "why": "Great service!"}, 20)


async def rating_alike(site: Site, way: str) -> None:
    """A queue of people who press the same, as in front of one screen."""
    for number in range(12):
        await answer(site, way, {"recommend": 0}, 0.5, f"203.0.113.{8 + number % 3}")


PEOPLE: tuple[Comer, ...] = (
    without_script,
    pressing_quickly,
    with_screen_reader,
    on_slow_phone,
    with_autofill,
    from_prefilled_link,
    behind_one_address,
    saying_what_all_say,
    rating_alike,
)


@POSTGRES_NIGHTLY
@pytest.mark.parametrize("way", [*PAGES, API])
async def test_no_person_is_taken_for_a_program(site: Site, way: str) -> None:
    for comer in PEOPLE:
        before = len(await site.responses())
        await comer(site, way)

        stored = (await site.responses())[before:]
        assert stored, comer.__name__
        standings = {(one["standing"], *one["flags"]) for one in stored}
        flags = {flag for one in stored for flag in one["flags"]}
        assert {standing for standing, *_ in standings} == {USUAL.get(way, "counted")}, comer
        assert not flags & {"too_quick", "hidden_field", "repeated_form"}, comer.__name__
    assert await counts_are_exact(site)


# Programs.


async def too_quick(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 0}, 0.05)


async def hidden_field(site: Site, way: str) -> None:
    await answer(site, way, {"recommend": 0}, 30, trap="https://example.com")


async def repeated_form(site: Site, way: str) -> None:
    for _ in range(6):
        await answer(site, way, {"recommend": 0, "why": LONG}, 30)


async def repeated_by_one_client(site: Site, way: str) -> None:
    for _ in range(11):
        await answer(site, way, {"recommend": 0, "why": "terrible service"}, 5, "203.0.113.9")


SIGNS: dict[Comer, str] = {
    too_quick: "too_quick",
    hidden_field: "hidden_field",
    repeated_form: "repeated_form",
    repeated_by_one_client: "repeated_form",
}
ON_PAGES_ALONE = {too_quick, hidden_field}
"""An API shows nothing: nobody knows when its question was seen, and no field can be hidden."""


@POSTGRES_NIGHTLY
@pytest.mark.parametrize(
    ("way", "comer"),
    [
        pytest.param(way, comer, id=f"{way}-{comer.__name__}")
        for way in (*PAGES, API)
        for comer in SIGNS
        if way != API or comer not in ON_PAGES_ALONE
    ],
)
async def test_every_sign_sets_a_response_apart_where_everybody_sees_it(
    site: Site, way: str, comer: Comer
) -> None:
    await comer(site, way)

    *before, last = sorted(await site.responses(), key=lambda one: one["submitted_at"])
    assert SIGNS[comer] in last["flags"]
    assert last["standing"] == USUAL.get(way, "quarantined")
    assert last["answers"]["recommend"] == 0, "nothing is deleted"
    is_too_many = (way, comer) == ("receipt", repeated_by_one_client)  # more than a till prints
    usual = "quarantined" if is_too_many else USUAL.get(way, "counted")
    assert {one["standing"] for one in before} <= {usual}
    assert await counts_are_exact(site)


async def test_what_was_set_apart_can_be_counted_again_and_counts_stay_exact(site: Site) -> None:
    await too_quick(site, "public link")
    await without_script(site, "public link")
    found = {one["standing"]: one for one in await site.responses()}
    place = f"/v1/surveys/post_purchase/responses/{found['quarantined']['id']}"

    for standing, n in (("counted", 2), ("excluded", 1), ("counted", 2)):
        body = {"standing": standing, "reason": "looked at it"}
        reply = await site.api.http.patch(place, json=body)
        assert reply.status_code == 200, reply.text
        assert reply.json()["flags"] == ["too_quick"], "why it was stays visible"
        assert (await site.api.score())["n"] == n
        assert await counts_are_exact(site)


@POSTGRES_NIGHTLY
async def test_scores_files_and_the_results_page_say_what_stands_apart_and_why(
    site: Site,
) -> None:
    await without_script(site, "public link")
    await too_quick(site, "public link")
    http = site.api.http

    told = (await http.get("/v1/surveys/post_purchase/scores")).json()
    apart = await http.get("/v1/surveys/post_purchase/export.csv?standing=quarantined")
    counted = await http.get("/v1/surveys/post_purchase/export.csv")
    link = (await http.post("/v1/surveys/post_purchase/results-link", json={})).json()["url"]
    page = await http.get(link)

    assert told["scores"][0]["n"] == 1
    assert (told["apart"], told["apart_flags"]) == ({"quarantined": 1}, {"too_quick": 1})
    [row] = csv.DictReader(io.StringIO(apart.text))
    assert (row["standing"], row["flags"]) == ("quarantined", "too_quick")
    [row] = csv.DictReader(io.StringIO(counted.text))
    assert (row["standing"], row["flags"]) == ("counted", "")
    said = "1 more response is kept apart and in none of these numbers: 1 quarantined."
    assert f"{said} Flagged: 1 too quick." in page.text


async def test_a_page_that_nobody_fetched_is_not_taken(site: Site) -> None:
    for way, path_of in PAGES.items():
        async with site.client() as http:
            path = await path_of(site)
            made_up = f"{'0' * 8}-0000-7000-8000-{'0' * 12}.{'A' * 22}"
            for fields in ({}, {"r": ""}, {"r": made_up}):
                sent = await http.post(path, data={**fields, "a_recommend": "0", "go": "next"})
                assert sent.status_code == 400, way
    assert await site.responses() == []


@POSTGRES_NIGHTLY
async def test_nobody_sees_hears_reaches_or_fills_the_hidden_field(site: Site) -> None:
    async with site.client() as http:
        page = await http.get("/s/post_purchase")
    [trap] = Fields(page.text).unseen
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    assert "Leave this field empty" in page.text, "for whoever has no style sheets"
    assert "Leave this field empty" not in visible_text(page.text)


async def test_a_later_page_too_sets_the_whole_response_apart(site: Site) -> None:
    async with site.client() as http:
        for number in range(6):
            body = {"resume": f"secret of {number}", "complete": False}
            begun = (await answer_api(http, {"recommend": 0}, **body)).json()
            await answer_api(http, {"why": LONG}, **body, id=begun["id"], sequence=2)
            site.api.clock.move(minutes=3)

    standings = [one["standing"] for one in await site.responses()]
    assert sorted(standings) == ["counted"] * 5 + ["quarantined"]
    assert (await site.api.score())["n"] == 5
    assert await counts_are_exact(site)


@POSTGRES_NIGHTLY
async def test_the_same_response_sent_again_is_no_repeat(site: Site) -> None:
    body = {"id": "01900000-0000-7000-8000-000000000001"}
    async with site.client() as http:
        for _ in range(20):
            await answer_api(http, {"recommend": 0, "why": LONG}, **body)

    [stored] = await site.responses()
    assert stored["standing"] == "counted"


@POSTGRES_NIGHTLY
async def test_the_sites_own_server_is_never_judged(site: Site) -> None:
    for _ in range(12):
        await answer_api(site.api.http, {"recommend": 9, "why": LONG})

    assert {one["standing"] for one in await site.responses()} == {"counted"}
