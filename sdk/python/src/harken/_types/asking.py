"""What a trigger is told, and the words that type checkers know in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from harken._values import Id

ChannelName: TypeAlias = Literal[
    "web", "api", "widget", "email", "receipt", "kiosk", "button", "sms", "phone", "chat"
]
"""The channels that every server knows."""


class Channel(str):
    """A channel of your own, which your application serves: `harken.Channel("in_app")`."""

    __slots__ = ()


AnyChannel: TypeAlias = ChannelName | Channel


class TriggerOptions(TypedDict, total=False):
    """What `trigger` takes beside the touchpoint."""

    respondent: Id | None
    channel: AnyChannel
    context: Mapping[str, Any] | None
    locale: str | None
    traits: Mapping[str, Any] | None
    email: str | None
    phone: str | None
    timezone: str | None
    consent: bool | None
    send_at: datetime | None
    idempotency_key: Id | None


class TriggerFields(TriggerOptions):
    """One trigger of `trigger_batch`."""

    touchpoint: str
