"""What somebody on the front line may be restricted to: found by slices that keep it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias
from uuid import UUID

from harken_server.database.database import Database

Listed: TypeAlias = Callable[[Database, UUID], Awaitable[list[tuple[str, str]]]]
"""The value and the label of each of a workspace's."""


class Choices(NamedTuple):
    """Joined in `routes`, because stores and touchpoints are kept in slices above this one."""

    stores: Listed
    touchpoints: Listed
