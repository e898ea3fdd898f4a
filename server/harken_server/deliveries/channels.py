"""What a channel is, and the register of those that a server has.

A channel says here how it reaches a person. Triggers, deliveries, reminders, the worker and the API
ask the register and know no channel by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.rules import DeliveryState
from harken_server.deliveries.sender import Sender
from harken_server.deliveries.times import Limits
from harken_server.http.runtime import Runtime
from harken_server.kernel.settings import Settings
from harken_server.kernel.work_outcomes import Outcome
from harken_server.workspaces.rules.channels import ChannelNames

Need: TypeAlias = Literal["email", "phone", "respondent"]
"""What must be known of a person: an e-mail address, a phone number, the host's name for them."""

Job: TypeAlias = Callable[[Runtime, OutboxItem], Awaitable[Outcome]]


class Tick(NamedTuple):
    """Something to be done at intervals; it must not matter that several workers do it."""

    name: str
    every_s: float
    run: Callable[[Runtime], Awaitable[None]]


class Sends(msgspec.Struct, kw_only=True, frozen=True):
    """Harken sends: an invitation becomes a delivery, which the worker hands over once."""

    needs: Need
    """Where this is not known, nobody is asked."""
    open: Callable[[Settings, Sequence[bytes]], AbstractAsyncContextManager[Sender]]
    """The sender, with the settings and the keys that sign links; one for a worker's life."""
    waits_for: Callable[[Settings], str | None]
    """Why nothing can be sent with these settings, as people are told; None: it can."""
    limits: Callable[[Settings], Limits]
    reminds: bool
    """Whether those who do not answer are reminded once on this channel."""
    delivered: tuple[DeliveryState, ...]
    """States that count as having reached the person: only then is anybody reminded."""


class Waits(msgspec.Struct, frozen=True):
    """The invitation waits until the person comes by, such as on a page with the widget."""


class HandedOn(msgspec.Struct, frozen=True):
    """The application hands on the link or the first message; Harken sends nothing."""


SaidBy: TypeAlias = Literal["anybody", "holder", "server"]
"""Who may say that a response came by a channel: whoever sends it; whoever holds the link of an
invitation that named no channel; this server alone, and whoever has a key that may write."""


class Channel(msgspec.Struct, kw_only=True, frozen=True):
    """One way to ask a person."""

    name: str
    """As triggers and responses say it."""
    way: Sends | Waits | HandedOn
    document: str
    """The page below `docs/` that says how it is used."""
    words: Callable[[str], object] | None
    """Its own words in the language of a locale; None when it shows the survey's texts alone."""
    said_by: SaidBy = "server"
    """Where a channel proves something, no response on it is taken at its word."""
    takes_texts: bool = False
    """Whether its invitations are answered by text messages, found by the sender's number."""
    jobs: Mapping[str, Job] = {}
    """What the worker does besides sending, by the kind of outbox item."""
    ticks: tuple[Tick, ...] = ()


class Channels:
    """The channels of a server, by their names.

    A workspace may declare others: there the application hands on the link, as on `HandedOn`.
    """

    def __init__(self, channels: Iterable[Channel], settings: Settings | None = None) -> None:
        """With `settings` it is known on which of them nothing can be sent."""
        self._channels: dict[str, Channel] = {}
        for channel in channels:
            if channel.name in self._channels:
                raise ValueError(f"there are two channels {channel.name!r}")
            self._channels[channel.name] = channel
        self._blocked = {
            channel.name: reason
            for channel, way in self.senders()
            if settings is not None and (reason := way.waits_for(settings)) is not None
        }

    @property
    def names(self) -> ChannelNames:
        """The names alone."""
        return ChannelNames(
            tuple(self._channels), self._said_by("anybody"), self._said_by("anybody", "holder")
        )

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._channels.values())

    def find(self, name: str) -> Channel | None:
        """The channel of this name; None: handed on by the application."""
        return self._channels.get(name)

    def sends(self, name: str) -> Sends | None:
        """How Harken sends on this channel; None when it does not."""
        channel = self._channels.get(name)
        return channel.way if channel and isinstance(channel.way, Sends) else None

    def senders(self) -> Iterator[tuple[Channel, Sends]]:
        """Those on which Harken sends."""
        for channel in self:
            if isinstance(channel.way, Sends):
                yield channel, channel.way

    def _said_by(self, *who: SaidBy) -> tuple[str, ...]:
        return tuple(channel.name for channel in self if channel.said_by in who)

    def blocked(self, name: str) -> str | None:
        """Why nothing can be sent on this channel at all, as people are told; None: it can."""
        return self._blocked.get(name)
