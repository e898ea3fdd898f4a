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
from harken_server.deliveries.caps import Limits
from harken_server.deliveries.rules import DeliveryState
from harken_server.deliveries.sender import Sender
from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import Problem
from harken_server.kernel.settings import Settings
from harken_server.kernel.work_outcomes import Outcome

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
    """Where this is not known, the application hands on the link."""
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


class Channel(msgspec.Struct, kw_only=True, frozen=True):
    """One way to ask a person."""

    name: str
    """As triggers and responses say it."""
    way: Sends | Waits | HandedOn
    document: str
    """The page below `docs/` that says how it is used."""
    words: Callable[[str], object] | None
    """Its own words in the language of a locale; None when it shows the survey's texts alone."""
    takes_texts: bool = False
    """Whether its invitations are answered by text messages, found by the sender's number."""
    jobs: Mapping[str, Job] = {}
    """What the worker does besides sending, by the kind of outbox item."""
    ticks: tuple[Tick, ...] = ()


class Channels:
    """The channels of a server, by their names.

    A trigger may name any other channel: then the application hands on the link, as on `HandedOn`.
    """

    def __init__(self, channels: Iterable[Channel]) -> None:
        self._channels: dict[str, Channel] = {}
        for channel in channels:
            if channel.name in self._channels:
                raise ValueError(f"there are two channels {channel.name!r}")
            self._channels[channel.name] = channel

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

    def check_name(self, name: str) -> Iterator[Problem]:
        """What is wrong with a channel that is named: a slip of the pen for one that there is."""
        if name in self._channels:
            return
        meant = next((known for known in self._channels if _is_slip(name, known)), None)
        if meant is not None:
            message = (
                f"$.channel {name!r} is no channel; {meant!r} is one. There are:"
                f" {', '.join(self._channels)}. By any other name the link is yours to hand on,"
                f" but not by one that differs from these in one letter."
            )
            yield Problem("$.channel", "channel_unknown", message, limit=meant)


LEAST_CHARS = 4
"""Shorter names are not compared: most words of three letters are one letter from another."""


def _is_slip(name: str, known: str) -> bool:
    """Whether a name is another but for its case, or for one letter more, less, other or swapped.

    >>> [_is_slip(name, "widget") for name in ("Widget", "wdiget", "widge", "gadget")]
    [True, True, True, False]
    >>> _is_slip("mms", "sms")
    False
    """
    if name.casefold() == known:
        return True
    if len(known) < LEAST_CHARS or abs(len(name) - len(known)) > 1:
        return False
    return _is_one_edit(name.casefold(), known)


def _is_one_edit(one: str, other: str) -> bool:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return len(one) != len(other)
    rest, wanted = one[at:], other[at:]
    is_swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return is_swapped or rest[1:] in {wanted, wanted[1:]} or rest == wanted[1:]
