"""`trigger_batch`: a decision for each, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import harken

KEY = "hk_test_0123456789"
DECISION = {"id": "d", "asked": False, "reason": "cooldown", "explanation": ""}


def answer(request: httpx.Request) -> httpx.Response:
    triggers = json.loads(request.content)["triggers"]
    results = [{"status": 201, "decision": DECISION} for _ in triggers]
    return httpx.Response(200, json={"results": results})


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (httpx.ConnectError("refused"), "unavailable"),
        (RuntimeError("anything at all"), "unavailable"),
        (httpx.Response(200, json={"results": []}), "unavailable"),
        (httpx.Response(200, content=b"<html>"), "unavailable"),
        (httpx.Response(403), "unauthorized"),
        (httpx.Response(422), "invalid"),
    ],
)
async def test_what_fails_as_a_whole_is_told_for_each_and_logged_once(
    reply: Any, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, content=reply.content)

    triggers = [{"touchpoint": "a.b"}] * 3
    transport = httpx.MockTransport(fail)
    client = harken.Client("http://x", KEY, max_attempts=1, transport=transport)
    other = harken.AsyncClient("http://x", KEY, max_attempts=1, transport=transport)

    decisions = [client.trigger_batch(triggers), await other.trigger_batch(triggers)]

    assert [[each.reason for each in some] for some in decisions] == [[reason] * 3] * 2
    assert all(each.error for some in decisions for each in some)
    assert len([record for record in caplog.records if record.name == "harken"]) == 2


def test_what_was_decided_stays_decided_when_a_later_piece_fails() -> None:
    sizes: list[int] = []

    def fail_second(request: httpx.Request) -> httpx.Response:
        sizes.append(len(json.loads(request.content)["triggers"]))
        return answer(request) if len(sizes) == 1 else httpx.Response(401)

    client = harken.Client("http://x", KEY, transport=httpx.MockTransport(fail_second))

    decisions = client.trigger_batch({"touchpoint": "a.b"} for _ in range(1100))

    reasons = [decision.reason for decision in decisions]
    assert reasons == ["cooldown"] * 500 + ["unauthorized"] * 600
    assert sizes == [500, 500]


def test_pieces_stay_below_what_the_server_takes() -> None:
    sizes: list[int] = []

    def weigh(request: httpx.Request) -> httpx.Response:
        sizes.append(len(request.content))
        return answer(request)

    client = harken.Client("http://x", KEY, transport=httpx.MockTransport(weigh))
    context = {f"n{number}": "x" * 500 for number in range(50)}

    decisions = client.trigger_batch([{"touchpoint": "a.b", "context": context}] * 400)

    assert len(decisions) == 400
    assert len(sizes) > 2
    assert max(sizes) < 4 * 1024 * 1024


def test_a_repeat_carries_the_same_keys() -> None:
    bodies: list[bytes] = []

    def fail_first(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        if len(bodies) == 1:
            return httpx.Response(503, headers={"Retry-After": "0"})
        return answer(request)

    client = harken.Client("http://x", KEY, transport=httpx.MockTransport(fail_first))
    given = {"touchpoint": "a.b", "idempotency_key": "order-7"}

    assert len(client.trigger_batch([given, {"touchpoint": "a.b"}])) == 2

    assert bodies[0] == bodies[1]
    keys = [each["idempotency_key"] for each in json.loads(bodies[0])["triggers"]]
    assert keys[0] == "order-7"
    assert keys[1]


def test_nothing_that_the_caller_gives_raises() -> None:
    client = harken.Client("http://x", KEY, transport=httpx.MockTransport(answer))

    def broken() -> Iterator[dict[str, Any]]:
        yield {"touchpoint": "a.b"}
        raise OSError("the file ended")

    unsound: Any = [7, None, {"touchpoint": ""}, {"touchpoint": "a", "respondent": b"x"}]
    assert [each.reason for each in client.trigger_batch(unsound)] == ["invalid"] * 4
    assert [each.reason for each in client.trigger_batch(broken())] == ["cooldown", "unavailable"]
    nothing: Any = 7
    assert [each.reason for each in client.trigger_batch(nothing)] == ["invalid"]
    assert client.trigger_batch([]) == ()
