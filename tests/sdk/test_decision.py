"""What a decision says, a client that is switched off, and the one for all of a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import httpx
import msgspec
import pytest

import harken
from harken_server.asking.rules.reasons import DecisionReason
from harken_server.routes import CHANNELS

URL = "http://x"


@pytest.fixture(autouse=True)
def _no_default_client() -> Iterator[None]:
    harken.set_default_client(None)
    yield
    harken.set_default_client(None)


@pytest.mark.parametrize("asked", [True, False])
def test_a_decision_is_true_where_somebody_is_asked(asked: bool) -> None:
    assert bool(harken.Decision(asked=asked, reason="asked")) is asked


def test_a_decision_can_be_put_into_json(client: harken.Client) -> None:
    decision = client.trigger("order.delivered", respondent="c-42")

    told = decision.to_dict()

    assert json.loads(json.dumps(told)) == told
    assert told.keys() == set(harken.Decision.__struct_fields__)
    assert told["invitation"]["expires_at"] == "2026-12-31T00:00:00Z"
    assert msgspec.convert(told, harken.Decision) == decision


def test_what_went_wrong_is_a_sentence_in_json(client: harken.Client, server: Any) -> None:
    server.next_replies.append(httpx.ConnectError("no way there"))
    server.next_replies.append(httpx.ConnectError("no way there"))
    server.next_replies.append(httpx.ConnectError("no way there"))

    told = client.trigger("order.delivered").to_dict()

    assert told["reason"] == "unavailable"
    assert "no way there" in told["error"]


def test_a_reason_of_a_later_server_is_passed_on(client: harken.Client, server: Any) -> None:
    server.next_replies.append(httpx.Response(201, json={"asked": False, "reason": "full_moon"}))

    assert client.trigger("order.delivered").reason == "full_moon"


def test_types_know_the_reasons_and_channels_of_the_server() -> None:
    assert set(get_args(DecisionReason)) <= set(get_args(harken.ServerReason))
    assert set(get_args(harken.ServerReason)) < set(get_args(harken.Reason))
    assert set(get_args(harken.ChannelName)) == {channel.name for channel in CHANNELS}


def test_a_channel_of_ones_own_is_sent_as_text(client: harken.Client, server: Any) -> None:
    client.trigger("order.delivered", channel=harken.Channel("in_app"))

    assert json.loads(server.requests[0].content)["channel"] == "in_app"


async def test_a_disabled_client_needs_nothing_and_asks_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, other = harken.Client(disabled=True), harken.AsyncClient(disabled=True)
    decisions = [
        client.trigger("a.b"),
        await other.trigger("a.b", respondent="c-1"),
        *client.trigger_batch([{"touchpoint": "a.b"}, {"touchpoint": "a.b"}]),
        *await other.trigger_batch(iter([{"touchpoint": "a.b"}])),
    ]
    client.trigger_soon("a.b")
    other.trigger_soon("a.b")

    assert {decision.reason for decision in decisions} == {"disabled"}
    assert len(decisions) == 5
    assert not any(decisions)
    assert client.trigger_counts == harken.TriggerCounts(waiting=0, sent=0, refused=0, dropped=0)
    assert client.flush()
    assert await other.flush()
    assert client.sign_identity("c-1", valid_for=timedelta(hours=1)) == ""
    assert repr(client) == "harken.Client(disabled=True)"
    with pytest.raises(harken.ConfigError, match="disabled"):
        client.surveys.list()
    client.close()
    await other.close()
    assert caplog.text == ""


def test_a_program_has_one_client_that_is_made_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert harken.flush()
    monkeypatch.setenv("HARKEN_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HARKEN_API_KEY", "hk_x")

    decision = harken.trigger("a.b", respondent=42, timeout_s=0.5)

    assert decision.reason == "unavailable"
    assert harken.default_client() is harken.default_client()


def test_a_default_client_can_be_given(client: harken.Client, server: Any) -> None:
    harken.set_default_client(client)

    assert harken.trigger("order.delivered", respondent=42, channel="receipt")
    harken.trigger_soon("order.delivered", respondent=43)

    assert harken.flush(5)
    assert json.loads(server.requests[0].content)["respondent"] == "42"
    assert [each["respondent"] for each in server.batched] == ["43"]


def test_a_program_without_settings_asks_nobody_and_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    decision = harken.trigger("a.b")
    harken.trigger_soon("a.b")

    assert decision.reason == "unavailable"
    assert "HARKEN_URL" in decision.explanation
    assert caplog.text.count("HARKEN_URL is not set") == 2
    with pytest.raises(harken.ConfigError, match="HARKEN_URL"):
        harken.default_client()
