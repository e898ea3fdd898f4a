"""Every channel and every lack: who cannot be reached is not asked, and nothing of it lasts."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from api_fixtures import MAIL
from eligible_steps import ready
from trigger_steps import HOME, NOW, counted

from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.triggers import trigger
from harken_server.configuration import load_settings
from harken_server.database.database import Database
from harken_server.deliveries.channels import Channel, Channels, Sends
from harken_server.routes import CHANNELS

READY = load_settings(MAIL)
BARE = load_settings({})
KNOWN: dict[str, Any] = {"email": "ada@example.com", "phone": "+4722123456"}
CARRIED = next(way for _, way in CHANNELS.senders())
ALL = [
    *CHANNELS,
    Channel(
        name="call",
        way=Sends(
            needs="phone",
            open=CARRIED.open,
            waits_for=lambda _: None,
            limits=CARRIED.limits,
            reminds=False,
            delivered=("sent",),
        ),
        document="x.md",
        words=None,
    ),
]


async def fire(
    db: Database, channel: str, settings: Any = READY, respondent: str | None = "ada", **told: Any
) -> TriggerResult:
    request = TriggerRequest(
        touchpoint="order.delivered", channel=channel, respondent=respondent, **told
    )
    return await trigger(
        db, request, workspace_id=HOME, now=NOW, random=secrets.token_bytes,
        channels=Channels(ALL, settings),
    )  # fmt: skip


@pytest.mark.parametrize("channel", [pytest.param(each, id=each.name) for each in ALL])
async def test_who_can_be_reached_on_a_channel_is_asked_and_nobody_else(
    database: Database, channel: Channel
) -> None:
    await ready(database, cooldown_days=30)
    needs_something = isinstance(channel.way, Sends)

    unknown = await fire(database, channel.name)
    assert (unknown.decision.reason == "unreachable") is needs_something
    assert (unknown.invitation is None) is needs_something
    if needs_something:
        assert "is known" in unknown.explanation
        assert unknown.decision.probability is None
        assert await counted(database, "invitation") == await counted(database, "delivery") == 0
        known = await fire(database, channel.name, **KNOWN)
        assert known.decision.reason == "asked", "no cooldown had started"
        assert known.delivery_id is not None


async def test_a_channel_that_is_not_set_up_asks_nobody_and_says_which_setting_is_missing(
    database: Database,
) -> None:
    await ready(database, cooldown_days=30)

    refused = await fire(database, "email", BARE, **KNOWN)
    asked = await fire(database, "web", BARE, **KNOWN)

    assert refused.decision.reason == "unreachable"
    assert "HARKEN_SMTP_URL is not set" in refused.explanation
    assert asked.decision.reason == "asked"


async def test_an_address_that_was_told_before_is_enough(database: Database) -> None:
    await ready(database)
    await fire(database, "web", **KNOWN, context={"n": 1}, respondent="kim")
    await database.execute("DELETE FROM invitation")

    for channel in ("email", "call"):
        told = await fire(database, channel, respondent="kim")
        assert told.decision.reason == "asked", channel
        await database.execute("DELETE FROM invitation")
