"""Later sequences: they change what they name, and only whoever began may send one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from sequence_steps import SECRET, begin, go_on, stored

from harken_server.responses.sequences import MOST_TAKEN

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
