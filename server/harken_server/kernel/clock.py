"""The current time, passed in wherever time matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the current time, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's time in UTC, cut to milliseconds so that both databases keep it exactly."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
