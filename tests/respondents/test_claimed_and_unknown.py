"""What only claims a name is found, and erased if that is asked; an unknown name leaves nothing."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from every_table import lines_of

PERSON = "/v1/respondents/c-1017"


async def answer_by_link(live: Api, name: str, rating: int) -> None:
    page = await live.http.get("/s/post_purchase", params={"rid": name})
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    form = {**dict(hidden), "go": "next", "a_recommend": str(rating)}
    sent = await live.http.post(page.url, data=form)
    assert sent.is_success or sent.is_redirect, sent.text


async def responses(live: Api) -> list[dict[str, Any]]:
    reply = await live.http.get("/v1/surveys/post_purchase/responses")
    return [each for each in reply.json()["responses"] if each["state"] != "erased"]


async def test_answers_of_named_links_are_found_and_left_unless_they_are_meant_too(
    live: Api,
) -> None:
    await live.submit({"recommend": 9}, respondent="c-1017")
    await answer_by_link(live, "c-1017", 3)
    await answer_by_link(live, "c-1018", 4)

    seen = (await live.http.get(f"{PERSON}/erasure")).json()
    first = (await live.http.delete(PERSON)).json()
    after_first = await responses(live)
    second = (await live.http.delete(f"{PERSON}?claimed=true")).json()

    claims = {"invitation": 1, "response": 1}
    assert seen == {
        "respondent": "c-1017", "found": {"response": 1}, "claimed": claims, "suppressed": False
    }  # fmt: skip
    assert first == {
        "respondent": "c-1017", "erased": {"response": 1}, "claimed": claims,
        "claimed_erased": False, "suppressed": True,
        "cleared": live.runtime.db.dialect == "sqlite",
    }  # fmt: skip
    assert {each["context"].get("rid") for each in after_first} == {"c-1017", "c-1018"}
    assert (second["erased"], second["claimed"], second["claimed_erased"]) == ({}, claims, True)
    assert {each["context"].get("rid") for each in await responses(live)} == {"c-1018"}
    tables = await lines_of(live.runtime.db.url)
    assert [
        name for name, lines in tables.items() if any(b"c-1017" in line for line in lines)
    ] == []


async def test_a_preview_counts_what_then_goes_and_changes_nothing(live: Api) -> None:
    await live.trigger(respondent="c-1017", channel="email", email="kim@example.org")
    await live.submit({"recommend": 9}, respondent="c-1017")
    before = await lines_of(live.runtime.db.url)

    seen = (await live.http.get(f"{PERSON}/erasure")).json()

    assert await lines_of(live.runtime.db.url) == before
    assert seen["found"] == (await live.http.delete(PERSON)).json()["erased"]
    assert {"decision", "delivery", "invitation", "respondent", "response"} == {*seen["found"]}
    again = (await live.http.get(f"{PERSON}/erasure")).json()
    assert (again["found"], again["suppressed"]) == ({}, True)


async def test_an_unknown_name_leaves_nothing_behind(live: Api) -> None:
    erased = (await live.http.delete("/v1/respondents/c-1071")).json()

    assert (erased["erased"], erased["suppressed"]) == ({}, False)
    assert (await live.trigger(respondent="c-1071")).json()["asked"]


async def test_an_unknown_name_that_is_to_hold_is_never_asked(live: Api) -> None:
    erased = (await live.http.delete(f"{PERSON}?hold=true")).json()

    assert (erased["erased"], erased["suppressed"]) == ({}, True)
    assert (await live.trigger(respondent="c-1017")).json()["reason"] == "suppressed"
    assert (await live.http.delete(PERSON)).json()["suppressed"], "a repeat keeps it"
    assert (await live.http.delete("/v1/suppressions/c-1017")).status_code == 204


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_was_answered_before_an_erasure_and_comes_late_is_refused(
    live: Api, is_known: bool
) -> None:
    if is_known:
        await live.http.put(PERSON, json={"traits": {"plan": "pro"}})
    live.clock.move(hours=2)
    await live.http.delete(f"{PERSON}?hold=true")
    live.clock.move(hours=1)

    before, after = [
        await live.submit({"recommend": 1}, respondent="c-1017", waited_ms=hours * 3_600_000)
        for hours in (1.5, 0.5)
    ]
    now = await live.submit({"recommend": 2}, respondent="c-1017")

    assert (before.status_code, before.json()["code"]) == (410, "respondent_erased")
    assert (after.status_code, now.status_code) == (201, 201)
    assert len(await responses(live)) == 2


async def test_what_an_erasure_does_not_know_is_refused_before_anything_goes(live: Api) -> None:
    await live.http.put(PERSON, json={"traits": {"plan": "pro"}})

    wrong = [
        (await live.http.delete(f"{PERSON}?{query}")).status_code
        for query in ("dry_run=true", "claims=true", "claimed=maybe")
    ]

    assert wrong == [400, 400, 400]
    assert (await live.http.get(PERSON)).status_code == 200


async def test_named_links_of_a_strange_name_are_found_too(live: Api) -> None:
    name = f"Åse & co/{uuid4()}"
    await answer_by_link(live, name, 5)

    seen = await live.http.get("/v1/respondents/-/erasure", params={"respondent": name})
    gone = await live.http.delete(
        "/v1/respondents/-", params={"respondent": name, "claimed": "true"}
    )

    assert seen.json()["claimed"] == {"invitation": 1, "response": 1}
    assert gone.json()["claimed"] == seen.json()["claimed"]
    assert await responses(live) == []
