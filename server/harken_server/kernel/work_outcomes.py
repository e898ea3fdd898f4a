"""What becomes of one piece of work that a worker was given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.settings import setting

RETRY_AFTER: tuple[timedelta, ...] = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
"""Pauses after failures that nobody foresaw; the last one repeats."""
MAX_CLAIMS = 40
"""Work that fails in such a way is given up when it was claimed so often: after about 36 hours."""


class WorkerSettings(msgspec.Struct, kw_only=True, frozen=True):
    """Where work that waits is done."""

    worker: Annotated[
        Literal["in_process", "off"],
        setting(
            "Who does the work that waits, such as sending mail: the server itself, or (off) only "
            "`harken-server worker` processes beside it, which need PostgreSQL."
        ),
    ] = "in_process"


class Done(msgspec.Struct, frozen=True):
    """It is done, or there is nothing to do any more."""


class Forgotten(msgspec.Struct, frozen=True):
    """It is done, and nothing stays that tells when: it was about somebody who is erased."""


class Later(msgspec.Struct, frozen=True):
    """It is to be tried again."""

    due_at: datetime
    note: str
    """Why, for people."""


class GiveUp(msgspec.Struct, frozen=True):
    """It will never be done; it is listed as exhausted."""

    reason: str


class Lost(msgspec.Struct, frozen=True):
    """The lease ran out and another worker has it: nothing is to be written down."""


Outcome: TypeAlias = Done | Forgotten | Later | GiveUp | Lost


def after_failure(claims: int, now: datetime, failure: str) -> Later | GiveUp:
    """What becomes of work whose job broke in a way that nobody foresaw."""
    if claims >= MAX_CLAIMS:
        return GiveUp(failure)
    pause = RETRY_AFTER[min(max(claims, 1), len(RETRY_AFTER)) - 1]
    return Later(now + pause, failure)
