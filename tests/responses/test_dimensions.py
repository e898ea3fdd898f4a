"""Responses are counted by the dimensions that their workspace declares, from the first one on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from dimension_steps import counted_dimensions, declare, differences, fill, members, ratings

STORE = {"name": "store"}
PLAN = {"name": "plan", "source": "trait"}


async def tell(api: Api, respondent: str, **traits: Any) -> None:
    reply = await api.trigger(respondent=respondent, traits=traits)
    assert reply.status_code in {200, 201}, reply.text


async def claim(api: Api, respondent: str) -> None:
    """Answer with a name, as a page does that nobody vouches for."""
    body = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 0}}
    headers = {"authorization": f"Bearer {await api.key('public')}"}
    reply = await api.http.post(
        "/v1/public/responses", json={**body, "respondent": respondent}, headers=headers
    )
    assert reply.status_code == 201, reply.text


async def test_a_response_counts_under_the_member_of_its_context(live: Api) -> None:
    await declare(live, STORE, {"name": "town", "key": "city"})
    await live.submit({"recommend": 9}, context={"store": "Oslo", "city": "Oslo S"})
    await live.submit({"recommend": 2}, context={"store": "Oslo"})
    await live.submit({"recommend": 5}, context={"store": "Bergen"})
    await live.submit({"recommend": 7})

    assert await members(live, "store") == {"Oslo": 2, "Bergen": 1}
    assert await members(live, "town") == {"Oslo S": 1}
    assert await ratings(live, "store", "Oslo") == {"2": 1, "9": 1}
    assert await ratings(live, "store", "Trondheim") == {}
    assert (await live.score())["n"] == 4
    assert await differences(live) == []


async def test_numbers_and_booleans_are_written_as_exports_write_them(live: Api) -> None:
    await declare(live, STORE)
    for value in (17, 17.0, 2.5, True, "17", None, ""):
        await live.submit({"recommend": 9}, context={"store": value})

    assert await members(live, "store") == {"17": 3, "2.5": 1, "true": 1}


async def test_members_are_filtered_as_scores_are(live: Api) -> None:
    await declare(live, STORE)
    await live.submit({"recommend": 9}, context={"store": "Oslo"}, channel="kiosk")
    await live.submit({"recommend": 2}, context={"store": "Oslo"})

    assert await members(live, "store", channel="kiosk") == {"Oslo": 1}
    assert await ratings(live, "store", "Oslo", channel="kiosk") == {"9": 1}


async def test_what_does_not_count_can_be_counted_by_member_too(live: Api) -> None:
    await declare(live, STORE)
    for store, rating in (("Oslo", 1), ("Bergen", 2)):
        response = str(uuid4())
        await live.submit({"recommend": rating}, id=response, context={"store": store})
        path = f"/v1/surveys/post_purchase/responses/{response}"
        reply = await live.http.patch(path, json={"standing": "excluded"})
        assert reply.status_code == 200, reply.text

    assert await members(live, "store") == {}
    assert await ratings(live, "store", "Oslo", standing="excluded") == {"1": 1}
    assert await ratings(live, "", "", standing="excluded") == {"1": 1, "2": 1}
    assert await differences(live) == []


async def test_a_later_page_replaces_the_members_with_the_context(live: Api) -> None:
    await declare(live, STORE)
    response = str(uuid4())
    begun = {"id": response, "complete": False, "context": {"store": "Oslo"}}
    await live.submit({"recommend": 9}, **begun)

    later = {"id": response, "sequence": 2, "context": {"store": "Bergen"}}
    reply = await live.submit({"reason": "price"}, **later)

    assert reply.status_code == 201, reply.text
    assert await members(live, "store") == {"Bergen": 1}
    assert await differences(live) == []


async def test_erasing_and_setting_aside_take_a_response_out_of_its_members(live: Api) -> None:
    await declare(live, STORE)
    erased, aside = str(uuid4()), str(uuid4())
    for response in (erased, aside):
        await live.submit({"recommend": 9}, id=response, context={"store": "Oslo"})
    path = "/v1/surveys/post_purchase/responses"

    await live.http.delete(f"{path}/{erased}")
    await live.http.patch(f"{path}/{aside}", json={"standing": "excluded"})
    assert await members(live, "store") == {}
    await live.http.patch(f"{path}/{aside}", json={"standing": "counted"})

    assert await members(live, "store") == {"Oslo": 1}
    assert await differences(live) == []


async def test_a_trait_counts_for_whom_an_invitation_proves(live: Api) -> None:
    await declare(live, PLAN)
    asked = (await live.trigger(respondent="c-1", traits={"plan": "pro"})).json()
    token = asked["invitation"]["code"]

    reply = await live.submit({"recommend": 9}, survey=None, token=token)

    assert reply.status_code == 201, reply.text
    assert await members(live, "plan") == {"pro": 1}


async def test_a_trait_counts_for_whom_the_site_s_own_server_names(live: Api) -> None:
    await declare(live, PLAN)
    await tell(live, "c-1", plan="pro")

    await live.submit({"recommend": 9}, respondent="c-1")

    assert await members(live, "plan") == {"pro": 1}


async def test_a_claimed_name_brings_no_trait_of_that_person(live: Api) -> None:
    await declare(live, PLAN)
    await tell(live, "c-1", plan="pro")

    await claim(live, "c-1")

    assert await members(live, "plan") == {}
    assert (await live.score())["n"] == 1


async def test_a_claimed_name_brings_no_trait_when_stored_responses_are_filled(live: Api) -> None:
    await tell(live, "c-1", plan="pro")
    await claim(live, "c-1")

    await declare(live, PLAN)
    await fill(live)

    assert await members(live, "plan") == {}


async def test_a_trait_is_that_of_the_time_of_answering(live: Api) -> None:
    await declare(live, PLAN)
    asked = (await live.trigger(respondent="c-1", traits={"plan": "basic"})).json()
    await live.submit({"recommend": 9}, survey=None, token=asked["invitation"]["code"])
    await fill(live)
    await tell(live, "c-1", plan="pro")

    await declare(live, PLAN, STORE)
    await fill(live)

    assert await members(live, "plan") == {"basic": 1}


async def test_the_wave_of_an_invitation_is_counted_without_being_declared(live: Api) -> None:
    links = await live.http.post(
        "/v1/surveys/post_purchase/links",
        json={"respondents": [{"respondent": "c-1"}]},
        params={"wave": "spring:1"},
    )
    assert links.status_code == 200, links.text
    rows = await live.runtime.db.fetch("SELECT code FROM invitation")

    reply = await live.submit({"recommend": 9}, survey=None, token=rows[0][0])

    assert reply.status_code == 201, reply.text
    assert await members(live, "wave") == {"spring:1": 1}
    assert await differences(live) == []


@pytest.mark.parametrize("count", [1, 8])
async def test_all_dimensions_are_counted_beside_one_another(live: Api, count: int) -> None:
    names = [f"d{n}" for n in range(count)]
    await declare(live, *({"name": name} for name in names))

    await live.submit({"recommend": 9}, context={name: name.upper() for name in names})

    assert [await members(live, name) for name in names] == [{name.upper(): 1} for name in names]
    assert await counted_dimensions(live) == set(names)
    assert await differences(live) == []
