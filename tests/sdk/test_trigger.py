"""`trigger`: one call, in the host's own request, that must never break or hold up the host."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import harken

KEY = "hk_test_0123456789"


def test_a_decision_comes_with_its_reason_and_its_invitation(
    client: harken.Client, server: Any
) -> None:
    decision = client.trigger(
        "order.delivered", respondent="c-42", channel="receipt", context={"store": "oslo-3"}
    )

    assert decision.asked
    assert decision.reason == "asked"
    assert decision.survey == "post_purchase"
    assert decision.error is None
    assert decision.invitation
    assert decision.invitation.url == "HTTPS://FEEDBACK.EXAMPLE/I/7Q2M9XKD4TRWA"
    assert decision.invitation.expires_at
    assert decision.invitation.expires_at.tzinfo
    assert server.requests[0].content == (
        b'{"touchpoint":"order.delivered","respondent":"c-42","channel":"receipt",'
        b'"context":{"store":"oslo-3"}}'
    )


async def test_the_asynchronous_client_decides_alike(async_client: harken.AsyncClient) -> None:
    decision = await async_client.trigger("order.delivered", respondent="c-42")

    assert decision.asked
    assert decision.invitation


def test_a_retry_carries_the_same_key_and_gets_the_same_decision(
    client: harken.Client, server: Any, refuse: Any
) -> None:
    refuse(503, "overloaded", headers={"Retry-After": "0"})

    decision = client.trigger("order.delivered")

    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert decision.asked
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_every_trigger_has_a_key_of_its_own_unless_one_is_given(
    client: harken.Client, server: Any
) -> None:
    client.trigger("order.delivered")
    client.trigger("order.delivered")
    client.trigger("order.delivered", idempotency_key="order-7")

    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert len(set(keys)) == 3
    assert keys[2] == "order-7"


@pytest.mark.parametrize(
    ("status", "code", "reason", "kind"),
    [
        (400, "malformed_json", "invalid", harken.BadRequestError),
        (409, "conflict", "invalid", harken.ConflictError),
        (413, "body_too_large", "invalid", harken.BadRequestError),
        (422, "invalid_trigger", "invalid", harken.ValidationError),
        (401, "unauthorized", "unauthorized", harken.AuthenticationError),
        (403, "forbidden_scope", "unauthorized", harken.PermissionDeniedError),
        (404, "not_found", "unavailable", harken.NotFoundError),
        (429, "rate_limited", "unavailable", harken.RateLimitedError),
        (500, "error", "unavailable", harken.ServerError),
        (503, "overloaded", "unavailable", harken.UnavailableError),
    ],
)
def test_a_refusal_asks_nobody_and_says_why(
    server: Any, refuse: Any, status: int, code: str, reason: str, kind: type[Exception]
) -> None:
    refuse(status, code, "the server's sentence")
    client = harken.Client("http://x", KEY, max_attempts=1, transport=httpx.MockTransport(server))

    decision = client.trigger("order.delivered")

    assert not decision.asked
    assert decision.reason == reason
    assert "the server's sentence" in decision.explanation
    assert type(decision.error) is kind


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"touchpoint": ""}, "invalid"),
        ({"touchpoint": None}, "invalid"),
        ({"touchpoint": "a", "respondent": 4.5}, "invalid"),
        ({"touchpoint": "a", "respondent": " "}, "invalid"),
        ({"touchpoint": "a", "consent": "no"}, "invalid"),
        ({"touchpoint": "a", "send_at": "tomorrow"}, "invalid"),
        ({"touchpoint": "a", "idempotency_key": "é"}, "invalid"),
        ({"touchpoint": "a", "timeout_s": -1}, "unavailable"),
    ],
)
async def test_a_slip_of_the_caller_is_told_not_raised(
    client: harken.Client, async_client: harken.AsyncClient, arguments: Any, reason: str
) -> None:
    decisions = [client.trigger(**arguments), await async_client.trigger(**arguments)]

    assert [decision.reason for decision in decisions] == [reason, reason]
    assert all(decision.error for decision in decisions)


@pytest.mark.parametrize(
    "reply",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("peer closed connection"),
        RuntimeError("anything at all"),
        httpx.Response(200, content=b"<html>Welcome to the hotel</html>"),
        httpx.Response(200, json={"asked": "perhaps"}),
        httpx.Response(307, headers={"location": "https://elsewhere.example/"}),
    ],
)
async def test_no_failure_reaches_the_caller(server: Any, reply: Any) -> None:
    server.next_replies += [reply, reply]
    transport = httpx.MockTransport(server)

    decisions = [
        harken.Client("http://x", KEY, max_attempts=1, transport=transport).trigger("a.b"),
        await harken.AsyncClient("http://x", KEY, max_attempts=1, transport=transport).trigger(
            "a.b"
        ),
    ]

    assert [decision.reason for decision in decisions] == ["unavailable", "unavailable"]


def test_a_closed_client_asks_nobody(client: harken.Client) -> None:
    client.close()

    assert client.trigger("order.delivered").reason == "unavailable"


def test_a_failure_is_logged_once_without_key_or_content(
    client: harken.Client, refuse: Any, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(422, "invalid_trigger", "context.note must not be 'my secret diagnosis'")

    client.trigger("order.delivered", context={"note": "my secret diagnosis"})

    (record,) = (each for each in caplog.records if each.name == "harken")
    assert record.levelno == logging.WARNING
    assert "order.delivered" in record.getMessage()
    assert "invalid_trigger" in record.getMessage()
    assert "diagnosis" not in caplog.text
    assert KEY not in caplog.text


@pytest.fixture
def dripping_url() -> Iterator[str]:
    """A server that sends one byte of a header every 50 ms, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        is_over = threading.Event()

        def drip() -> None:
            listener.settimeout(10)
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not is_over.wait(0.05):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        is_over.set()
        thread.join()


def test_a_server_that_drips_holds_nobody_up(dripping_url: str) -> None:
    client = harken.Client(dripping_url, KEY)
    began = time.monotonic()

    decision = client.trigger("order.delivered", timeout_s=0.4)

    assert time.monotonic() - began < 1.4
    assert isinstance(decision.error, harken.RequestTimeoutError)


async def test_a_server_that_drips_holds_no_task_up(dripping_url: str) -> None:
    began = time.monotonic()

    async with harken.AsyncClient(dripping_url, KEY) as client:
        decision = await client.trigger("order.delivered", timeout_s=0.4)

    assert time.monotonic() - began < 1.4
    assert isinstance(decision.error, harken.RequestTimeoutError)
