"""Sequences that arrive late, at once or out of order come to the same as in order."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from sequence_steps import SECRET, begin, stored

SENT: list[dict[str, Any]] = [
    {"answers": {"recommend": 3, "why": "Late"}, "respondent": "c-42", "channel": "phone",
     "context": {"store": "Oslo", "till": 4}},
    {"answers": {"why": "Too late"}, "touchpoint": "order.returned", "context": {"till": 5}},
    {"answers": {"reason": "speed"}, "cleared": ["why"], "respondent": "c-43", "locale": "en",
     "started_at": "2026-11-21T11:59:00Z"},
    {"answers": {"recommend": 9}, "complete": True, "context": {"hour": 9}},
]  # fmt: skip
"""Sequences of one response, each of which leaves out what another one says."""


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


@pytest.mark.parametrize("order", list(permutations(range(4)))[::-1], ids=str)
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
