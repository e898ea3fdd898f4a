"""Later sequences: they change what they name, and only whoever began may send one."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import Api

from harken_server.responses.sequences import MOST_TAKEN

SECRET = "made by the browser 1"
NAMED: dict[str, Any] = {
    "touchpoint": "order.delivered",
    "channel": "web",
    "respondent": "c-42",
    "locale": "en",
    "context": {"store": "Oslo", "till": 4},
    "started_at": "2026-11-21T11:58:00Z",
}
NEWS: dict[str, Any] = {
    "touchpoint": "order.returned",
    "channel": "widget",
    "respondent": "c-43",
    "context": {"till": 5},
    "started_at": "2026-11-21T11:59:00Z",
}


SENT: list[dict[str, Any]] = [
    {"answers": {"recommend": 3, "why": "Late"}, "respondent": "c-42", "channel": "phone",
     "context": {"store": "Oslo", "till": 4}},
    {"answers": {"why": "Too late"}, "touchpoint": "order.returned", "context": {"till": 5}},
    {"answers": {"reason": "speed"}, "cleared": ["why"], "respondent": "c-43", "locale": "en",
     "started_at": "2026-11-21T11:59:00Z"},
    {"answers": {"recommend": 9}, "complete": True, "context": {"hour": 9}},
]  # fmt: skip
"""Sequences of one response, each of which leaves out what another one says."""


@pytest.fixture
async def stranger(live: Api) -> Api:
    """Whoever sends from a page, without a key."""
    del live.http.headers["authorization"]
    return live


async def stored(api: Api, identity: str) -> dict[str, Any]:
    key = await api.key("read")
    reply = await api.http.get(
        f"/v1/surveys/post_purchase/responses/{identity}",
        headers={"authorization": f"Bearer {key}"},
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


async def begin(api: Api, **fields: Any) -> str:
    said = {"id": str(uuid4()), "complete": False, "resume": SECRET, **fields}
    reply = await api.submit({"recommend": 3, "why": "Late"}, **said)
    assert reply.status_code == 201, reply.text
    return said["id"]


async def go_on(api: Api, identity: str, answers: dict[str, Any], **fields: Any) -> httpx.Response:
    said = {"sequence": 2, "complete": False, "resume": SECRET, **fields}
    return await api.submit(answers, id=identity, **said)


async def test_a_later_sequence_leaves_what_it_does_not_name_as_it_was(stranger: Api) -> None:
    identity = await begin(stranger, **NAMED)
    before = await stored(stranger, identity)

    reply = await go_on(stranger, identity, {"reason": "speed"}, complete=True)

    assert reply.status_code == 201, reply.text
    after = await stored(stranger, identity)
    assert after["answers"] == {"recommend": 3, "why": "Late", "reason": "speed"}
    assert {name: after[name] for name in NAMED} == {name: before[name] for name in NAMED}


@pytest.mark.parametrize("name", NEWS)
async def test_a_later_sequence_changes_what_it_names_and_nothing_else(
    stranger: Api, name: str
) -> None:
    identity = await begin(stranger, **NAMED)
    before = await stored(stranger, identity)

    await go_on(stranger, identity, {}, **{name: NEWS[name]})

    after = await stored(stranger, identity)
    changed = {field for field in NAMED if after[field] != before[field]}
    assert changed == {name}
    assert after["answers"] == before["answers"]
    till = 5 if name == "context" else 4
    assert after["context"] == {"store": "Oslo", "till": till}


async def test_a_counted_answer_stays_counted_when_the_context_is_left_out(stranger: Api) -> None:
    key = await stranger.key("manage")
    survey = {
        "key": "post_purchase",
        "title": "Your order",
        "context": {"store": ""},
        "questions": [
            {"type": "nps", "key": "recommend", "text": "Recommend?",
             "show_if": {"op": "equals", "context": "store", "value": "Oslo"}},
        ],
    }  # fmt: skip
    pushed = await stranger.http.post(
        "/v1/surveys", json=survey, headers={"authorization": f"Bearer {key}"}
    )
    assert pushed.status_code in {200, 201}, pushed.text
    identity = str(uuid4())
    await stranger.submit(
        {"recommend": 9}, id=identity, complete=False, resume=SECRET, context={"store": "Oslo"}
    )

    reply = await go_on(stranger, identity, {}, complete=True)

    assert reply.json()["hidden"] == []
    assert (await stored(stranger, identity))["answers"] == {"recommend": 9}


@pytest.mark.parametrize("secret", [{}, {"resume": None}, {"resume": "somebody else's guess"}])
async def test_knowing_an_id_gives_nothing(stranger: Api, secret: dict[str, Any]) -> None:
    identity = await begin(stranger)
    before = await stored(stranger, identity)
    body = {"id": identity, "sequence": 2, "complete": True, **secret}

    reply = await stranger.submit({"recommend": 10}, **body)

    assert reply.status_code == 403
    assert reply.json()["code"] == "resume_needed"
    assert await stored(stranger, identity) == before


async def test_what_began_without_a_secret_is_gone_on_with_by_a_key_alone(stranger: Api) -> None:
    identity = str(uuid4())
    await stranger.submit({"recommend": 3}, id=identity, complete=False)
    body = {"id": identity, "sequence": 2, "complete": True}

    from_a_page = await stranger.submit({"recommend": 10}, **body, resume=SECRET)
    stranger.http.headers["authorization"] = f"Bearer {await stranger.key('write')}"
    from_the_server = await stranger.submit({"recommend": 4}, **body)

    assert [from_a_page.status_code, from_the_server.status_code] == [403, 201]
    assert (await stored(stranger, identity))["answers"] == {"recommend": 4}


async def test_anothers_invitation_does_not_open_a_response(live: Api) -> None:
    mine, other = [
        (await live.trigger(respondent=who)).json()["invitation"]["code"] for who in ("a", "b")
    ]
    del live.http.headers["authorization"]
    identity = str(uuid4())
    await live.submit({"recommend": 3}, id=identity, token=mine, complete=False)

    taken = await live.submit({"recommend": 10}, id=identity, token=other, sequence=2)
    own = await live.submit({"recommend": 4}, id=identity, token=mine, sequence=2)

    assert [taken.status_code, own.status_code] == [403, 201]


@pytest.mark.parametrize("complete", [True, False])
async def test_a_repeats_receipt_is_the_same_byte_for_byte(stranger: Api, complete: bool) -> None:
    answers = {"why": "Not shown", "reason": "price", "recommend": 9}
    body = {"id": str(uuid4()), "complete": complete, "resume": SECRET}
    first = await stranger.submit(answers, **body)
    stranger.clock.move(minutes=3)

    again = [await stranger.submit(answers, **body) for _ in range(2)]

    assert {reply.content for reply in again} == {first.content}


@pytest.mark.parametrize("secret", ["short", "x" * 65, 5])
async def test_a_secret_that_cannot_be_one_is_named(stranger: Api, secret: Any) -> None:
    reply = await stranger.submit({"recommend": 9}, complete=False, resume=secret)

    assert reply.status_code == 422
    assert "resume" in reply.text


def as_sequence(number: int, identity: str) -> dict[str, Any]:
    return {"complete": False, **SENT[number], "id": identity, "sequence": number + 1}


async def as_stored(api: Api, identity: str) -> dict[str, Any]:
    """What does not tell when it arrived."""
    told = {"submitted_at", "answered_at", "updated_at", "completed_at", "cursor", "id"}
    return {name: held for name, held in (await stored(api, identity)).items() if name not in told}


async def send(api: Api, identity: str, order: tuple[int, ...]) -> list[bytes]:
    receipts: list[bytes] = []
    for number in order:
        api.clock.move(seconds=1)
        body = as_sequence(number, identity)
        reply = await api.submit(body.pop("answers"), resume=SECRET, **body)
        assert reply.status_code == 201, reply.text
        receipts.append(reply.content)
    return receipts


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
async def test_sequences_come_to_the_same_in_whatever_order_they_arrive(
    stranger: Api, order: tuple[int, ...]
) -> None:
    in_order, shuffled = str(uuid4()), str(uuid4())
    await send(stranger, in_order, (0, 1, 2, 3))

    receipts = await send(stranger, shuffled, order)

    assert await as_stored(stranger, shuffled) == await as_stored(stranger, in_order)
    assert await send(stranger, shuffled, order) == receipts, "a repeat gets the same receipt"
    assert await as_stored(stranger, shuffled) == await as_stored(stranger, in_order)


async def test_sequences_that_arrive_at_once_lose_nothing_of_one_another(live: Api) -> None:
    said: list[dict[str, Any]] = [
        {"answers": {"why": "Late"}, "context": {"till": 4}},
        {"answers": {"reason": "speed"}, "touchpoint": "order.sent"},
        {"answers": {}, "context": {"store": "Oslo"}},
        {"answers": {"recommend": 4}},
    ]
    identity = str(uuid4())
    await live.submit({"recommend": 3}, id=identity, sequence=9, complete=False, resume=SECRET)

    replies = await asyncio.gather(
        *(
            live.submit(id=identity, sequence=number, complete=False, resume=SECRET, **each)
            for number, each in zip((2, 5, 7, 10), said, strict=True)
        )
    )

    assert {reply.status_code for reply in replies} == {201}
    after = await stored(live, identity)
    assert after["answers"] == {"recommend": 4, "why": "Late", "reason": "speed"}
    assert (after["context"], after["touchpoint"]) == ({"till": 4, "store": "Oslo"}, "order.sent")
    assert after["sequence"] == 10


async def test_a_late_sequence_is_counted_where_the_response_is(live: Api) -> None:
    identity = str(uuid4())
    await send(live, identity, (3, 2))
    before = await stored(live, identity)
    assert (before["channel"], before["answers"]) == ("api", {"recommend": 9, "reason": "speed"})

    await send(live, identity, (0,))

    after = await stored(live, identity)
    assert (after["channel"], after["completed_at"]) == ("phone", before["completed_at"])
    score = await live.score(channel="phone")
    assert score["counts"]["9"] == 1
    assert (await live.score(channel="api"))["n"] == 0


async def test_another_body_for_a_sequence_that_is_stored_is_a_conflict(stranger: Api) -> None:
    identity = str(uuid4())
    await send(stranger, identity, (0, 2, 1))
    before = await stored(stranger, identity)

    for number in range(1, 4):
        body = {"id": identity, "sequence": number, "complete": False, "resume": SECRET}
        reply = await stranger.submit({"recommend": 1}, **body)
        assert (reply.status_code, reply.json()["code"]) == (409, "response_conflict")

    assert await stored(stranger, identity) == before


@pytest.mark.parametrize("secret", [{}, {"resume": "somebody else's guess"}])
async def test_a_late_sequence_needs_the_secret_too(stranger: Api, secret: dict[str, Any]) -> None:
    identity = str(uuid4())
    await send(stranger, identity, (0, 2))
    before = await stored(stranger, identity)

    body = {"id": identity, "sequence": 2, "complete": False, **secret}
    reply = await stranger.submit({"why": "Not mine"}, **body)

    assert (reply.status_code, reply.json()["code"]) == (403, "resume_needed")
    assert await stored(stranger, identity) == before


async def test_a_name_that_came_late_is_as_proved_as_it_was_in_order(stranger: Api) -> None:
    """The name of a higher sequence stays, and what proves a lower one does not prove it."""
    identity = str(uuid4())
    await begin(stranger, id=identity, sequence=3, respondent="c-43")
    key = await stranger.key("write")
    headers = {"authorization": f"Bearer {key}"}
    body = {"id": identity, "survey": "post_purchase", "sequence": 2, "complete": False,
            "respondent": "c-42", "answers": {"reason": "price"}}  # fmt: skip

    reply = await stranger.http.post("/v1/public/responses", json=body, headers=headers)

    assert reply.status_code == 201, reply.text
    after = await stored(stranger, identity)
    assert (after["respondent"], after["respondent_verified"]) == ("c-43", False)
    assert after["answers"] == {"recommend": 3, "why": "Late", "reason": "price"}


async def test_very_many_sequences_are_no_more_to_keep_than_some(stranger: Api) -> None:
    identity = await begin(stranger)
    for number in range(2, MOST_TAKEN + 3):
        await go_on(stranger, identity, {"recommend": number % 10}, sequence=number)

    again = await stranger.submit(
        {"recommend": 3, "why": "Late"}, id=identity, complete=False, resume=SECRET
    )

    assert again.status_code == 201
    after = await stored(stranger, identity)
    assert after["answers"] == {"recommend": (MOST_TAKEN + 2) % 10, "why": "Late"}
    [[history]] = await stranger.runtime.db.fetch("SELECT history FROM response")
    assert len(history) < 100 * MOST_TAKEN


async def test_a_complete_sequence_that_relies_on_a_part_under_way_is_taken_when_repeated(
    stranger: Api,
) -> None:
    identity = str(uuid4())
    last = {"sequence": 2, "complete": True, "context": {"till": 5}}

    early = await go_on(stranger, identity, {"reason": "speed"}, **last)
    await begin(stranger, id=identity, context={"store": "Oslo"})
    again = await go_on(stranger, identity, {"reason": "speed"}, **last)

    assert early.status_code == 422
    assert [each["question"] for each in early.json()["problems"]] == ["recommend"]
    assert again.status_code == 201, again.text
    kept = await stored(stranger, identity)
    assert kept["complete"]
    assert kept["answers"] == {"recommend": 3, "reason": "speed", "why": "Late"}
    assert kept["context"] == {"store": "Oslo", "till": 5}


async def test_a_last_sequence_that_names_all_of_the_earlier_ones_needs_none_of_them(
    stranger: Api,
) -> None:
    """So the widget and the kiosk send: the whole is there with the last."""
    identity = str(uuid4())
    whole = {"recommend": 3, "why": "Late", "reason": "speed"}

    last = await go_on(stranger, identity, whole, sequence=3, complete=True)
    alone = await stored(stranger, identity)
    for sequence, answers in ((2, {"recommend": 4, "why": "Late"}), (1, {"recommend": 4})):
        late = await go_on(stranger, identity, answers, sequence=sequence)
        assert late.status_code == 201, late.text

    assert last.json()["complete"]
    assert (alone["answers"], alone["complete"]) == (whole, True)
    assert (await stored(stranger, identity))["answers"] == whole
