"""The page of one person: asked, sent, seen, answered, done and left alone, in one order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from read_page import Element, links_of, read_page
from signed_in import SignedIn, sign_in
from tiers import POSTGRES_NIGHTLY

pytestmark = POSTGRES_NIGHTLY
AWKWARD = 'a/b?c=d&e #1 "x" <b>\u202e.. '.strip()


@pytest.fixture
async def owner(live: Api) -> SignedIn:
    await live.http.put("/v1/touchpoints/order.delivered", json={"survey": "post_purchase"})
    return await sign_in(live, "owner")


async def look(visitor: SignedIn, **query: str) -> Element:
    reply = await visitor.get("/customers", **query)
    assert reply.status_code == 200, reply.text
    return read_page(reply.text)


def lines_of(page: Element) -> list[str]:
    listed = [each for each in page.every("ol") if each.attributes.get("class") == "timeline"]
    return [item.text() for each in listed for item in each.every("li")]


async def happen(live: Api, name: str, at: str, who: str = "kim", **more: Any) -> None:
    event = {"id": str(uuid4()), "respondent": who, "name": name, "at": at, **more}
    told = await live.http.post("/v1/events", json={"events": [event]})
    assert told.json()["stored"] == 1, told.text


async def live_through_it(live: Api) -> None:
    now = live.clock()
    await happen(live, "order", (now - timedelta(days=1)).isoformat(), value=49.9)
    asked = (await live.trigger(respondent="kim", email="Kim@Example.com")).json()
    live.clock.move(minutes=1)
    code = asked["invitation"]["code"]
    await live.http.get(f"/i/{code}")
    await live.submit({"recommend": 9, "why": "Quick"}, token=code)
    live.clock.move(minutes=1)
    await live.trigger("again", respondent="kim")
    live.clock.move(minutes=1)
    await live.http.put("/v1/suppressions/kim", json={"reason": "unsubscribed"})


async def test_everything_stands_in_one_order_latest_first(live: Api, owner: SignedIn) -> None:
    await live_through_it(live)

    lines = lines_of(await look(owner, id="kim"))

    assert [line.split(" ")[0] for line in lines] == ["Left", "Not", "Answered", "Asked", "Did"]
    assert "They unsubscribed." in lines[0]
    assert "too recently" in lines[1]
    assert "Rated 9 of 10." in lines[2]
    assert lines[4].startswith("Did order 49.9")


@pytest.mark.parametrize(("kind", "signs"), [
    ("asked", ["Left", "Not", "Asked"]), ("answered", ["Answered"]), ("done", ["Did"]),
    ("sent", []),
])  # fmt: skip
async def test_it_is_narrowed_to_a_kind(
    live: Api, owner: SignedIn, kind: str, signs: list[str]
) -> None:
    await live_through_it(live)
    lines = lines_of(await look(owner, id="kim", kind=kind))
    assert [line.split(" ")[0] for line in lines] == signs


async def test_people_are_found_by_name_and_by_address(live: Api, owner: SignedIn) -> None:
    await live_through_it(live)
    for words in ("kim", " kim ", "kim@example.COM"):
        assert lines_of(await look(owner, q=words)), words
    await live.http.put("/v1/respondents/kim-2", json={"email": "kim@example.com"})

    both = await look(owner, q="kim@example.com")

    assert {"kim", "kim-2"} <= links_of(both).keys()
    assert "Nobody found" in (await look(owner, q="lee")).text()


async def test_days_are_those_of_the_workspace(live: Api, owner: SignedIn) -> None:
    await live.http.put("/v1/timezone", json={"timezone": "Pacific/Auckland"})
    await happen(live, "order", "2026-01-01T12:30:00Z")

    page = await look(owner, id="kim")

    assert next(page.every("h2")).text() == "Friday, 2 Jan 2026"
    assert "01:30" in lines_of(page)[0]


@pytest.mark.parametrize("name", [AWKWARD, "..", ".", "-", "名前", "x" * 200])
async def test_awkward_names_are_names(live: Api, owner: SignedIn, name: str) -> None:
    await happen(live, "visit", "2026-01-01T12:00:00Z", name)

    page = await look(owner, q=name)
    links = links_of(page)

    assert [each.text() for each in page.every("h1")] == [" ".join(name.split())]
    for label in ("All", "Done"):
        reply = await owner.http.get(links[label])
        assert len(lines_of(read_page(reply.text))) == 1, label
    assert b"visit" in (await owner.http.get(links["Timeline as CSV"])).content


async def test_answers_that_only_claim_the_name_or_show_nobody_alone_are_not_here(
    live: Api, owner: SignedIn
) -> None:
    team = {
        "key": "team", "title": "Team", "minimum_group": 5,
        "questions": [{"type": "nps", "key": "recommend", "text": "Recommend?"}],
    }  # fmt: skip
    await live.push(team)
    await live.submit({"recommend": 3}, survey="team", respondent="kim")
    sent = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 2}}
    await owner.http.post("/v1/public/responses", json=sent | {"respondent": "kim"})

    assert lines_of(await look(owner, q="kim")) == []


@pytest.mark.parametrize("role", ["viewer", "frontline", "analyst", "editor"])
async def test_only_owners_erase_and_only_readers_look(
    live: Api, owner: SignedIn, role: Any
) -> None:
    await live_through_it(live)
    visitor = await sign_in(live, role, email="other@example.com")

    seen = await visitor.get("/customers", id="kim")
    erased = await visitor.post("/customers/erase", id="kim")

    assert seen.status_code == (200 if role in {"analyst", "editor"} else 403)
    assert "Erase this person" not in seen.text
    assert erased.status_code == 403
    assert lines_of(await look(owner, id="kim"))


async def test_whoever_is_erased_is_gone(live: Api, owner: SignedIn) -> None:
    await live_through_it(live)

    gone = await owner.post("/customers/erase", id="kim")
    page = await look(owner, id="kim")

    assert gone.status_code == 303
    assert lines_of(page) == []
    assert "Everything of this person was erased" in page.text()
    entries = (await live.http.get("/v1/audit")).json()["entries"]
    of_it = [each for each in entries if each["action"] == "erase_respondent"]
    assert len(of_it) == 1
    assert "kim" not in str(of_it)
