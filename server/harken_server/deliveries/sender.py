"""What a channel writes for its deliveries, and the three ways in which handing over fails."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Protocol, TypeAlias

import msgspec

from harken_server.deliveries.rules import Delivery
from harken_server.invitations.invitation import Invitation
from harken_server.surveys.survey import Survey

HandOver: TypeAlias = Callable[[], Awaitable[object]]


class Content(msgspec.Struct, frozen=True):
    """What a delivery is about."""

    invitation: Invitation
    survey: Survey
    workspace_name: str


class Outgoing(Protocol):
    """A delivery as it will go out."""

    @property
    def name(self) -> str:
        """What whoever takes it knows it by, kept as `message_id`; the same at every attempt."""
        ...

    def connect(self) -> AbstractAsyncContextManager[HandOver]:
        """Whatever can be done before it is handed over; the function within hands it over."""
        ...


class Sender(Protocol):
    """Makes what goes out."""

    def write(self, delivery: Delivery, content: Content, now: datetime) -> Outgoing:
        """ValueError when nothing can be made of it: it fails for good."""
        ...


class PlainOutgoing(msgspec.Struct, frozen=True):
    """Something that is handed over in one step, with nothing to be done before."""

    name: str
    hand_over: HandOver

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[HandOver]:
        """Nothing is done before."""
        yield self.hand_over


class RefusedError(Exception):
    """It was not taken."""

    def __init__(self, reason: str, *, is_final: bool, is_dead_address: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
        """Whether trying again would not help."""
        self.is_dead_address = is_dead_address
        """Whether there is nobody at the address: then it is not written to again."""


class UnreachableError(Exception):
    """Whoever takes it could not be talked to, and certainly does not have it."""


class UnknownOutcomeError(Exception):
    """The connection was lost on the way: it may have been taken, or not."""
