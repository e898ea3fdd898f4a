"""The manager of a shop is invited right after the first answers, and sees those of the shop."""

from __future__ import annotations

import re

import pytest
from api_client import Api
from dimension_steps import fill, members
from house_steps import PASSWORD, stranger
from signed_in import SignedIn, sign_in

from harken_server.workspaces.store import audit

EMAIL = "kim@shop.example"


async def answer(live: Api, *stores: str) -> None:
    for store in stores:
        reply = await live.submit({"recommend": 9}, context={"store": store})
        assert reply.status_code == 201, reply.text


async def invite(owner: SignedIn, **chosen: str) -> str:
    reply = await owner.post("/people/invite", email=EMAIL, role="frontline", **chosen)
    assert reply.status_code == 200, reply.text
    (path,) = {*re.findall(r"https://feedback.example.com(/join/[\w-]+)", reply.text)}
    assert ("counted by store from now on" in reply.text) is ("stores" in chosen)
    return path


async def test_whoever_is_invited_for_oslo_sees_oslo_and_nothing_else(live: Api) -> None:
    await answer(live, "Oslo", "Oslo", "Bergen")
    await live.http.post("/v1/stores", json={"name": "Oslo"})
    owner = await sign_in(live)

    path = await invite(owner, stores="Oslo")
    await fill(live)
    manager = stranger(live)
    await manager.http.post(path, data={"name": "Kim", "password": PASSWORD})
    shown = await manager.http.get("/console/default/results/post_purchase")
    others = await manager.http.get("/console/default/results/post_purchase?store=Bergen")

    assert await members(live, "store") == {"Oslo": 2, "Bergen": 1}
    assert shown.status_code == 200
    assert "2 answers" in shown.text
    assert "3 answers" not in shown.text
    assert others.status_code == 403
    entries = await audit.list_entries(live.runtime.db, live.runtime.home)
    assert {"invite_person", "put_dimensions"} <= {each.action for each in entries}
    (declared,) = [each for each in entries if each.action == "put_dimensions"]
    assert (declared.account_id, declared.detail) == (owner.account.id, {"dimensions": ["store"]})


async def test_stores_that_only_answers_name_are_offered_too(live: Api) -> None:
    owner = await sign_in(live)
    await owner.post("/settings/dimensions", dimensions="plan = trait.tier\nstore")
    await answer(live, "Bergen, Bryggen")
    await fill(live)

    form = await owner.get("/people/invite")

    assert 'value="Bergen, Bryggen"' in form.text


@pytest.mark.parametrize("role", ["analyst", "frontline"])
async def test_nothing_is_begun_for_who_is_given_no_store(live: Api, role: str) -> None:
    owner = await sign_in(live)

    await owner.post("/people/invite", email=EMAIL, role=role, touchpoints="order.delivered")

    dimensions = (await live.http.get("/v1/dimensions")).json()["dimensions"]
    assert dimensions == []


async def test_where_no_dimension_is_free_the_form_says_so(live: Api) -> None:
    owner = await sign_in(live)
    await live.http.post("/v1/stores", json={"name": "Oslo"})
    await owner.post("/settings/dimensions", dimensions="\n".join("abcdefgh"))

    refused = await owner.post("/people/invite", email=EMAIL, role="frontline", stores="Oslo")

    assert refused.status_code == 422
    assert "take one away in the settings" in refused.text
