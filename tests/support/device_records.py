"""Records over the table of kiosks, for tests of everyday queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.kiosk.tables import Device as T
from harken_server.database.records import Records

OURS, THEIRS = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 4, 12, 0, 0, 123000, tzinfo=UTC)


class Kept(msgspec.Struct, frozen=True):
    """Some of the columns, one of them of a shape of its own."""

    id: UUID
    name: str
    settings: dict[str, tuple[int, ...]]
    created_at: datetime
    revoked_at: datetime | None
    survey: str | None


class Whole(Kept, frozen=True):
    """All that a device must have."""

    workspace_id: UUID
    touchpoint: str


DEVICES, WHOLE = Records(T, Kept), Records(T, Whole)


def whole(number: int, workspace_id: UUID = OURS) -> Whole:
    made = NOW + timedelta(minutes=number)
    settings: dict[str, tuple[int, ...]] = {"hours": (9, 17)}
    return Whole(
        UUID(int=number), f"device {number}", settings, made, None, None, workspace_id,
        "order.delivered",
    )  # fmt: skip


def values(number: int, **changed: Any) -> dict[Any, Any]:
    return {
        T.id: UUID(int=number),
        T.name: f"device {number}",
        T.touchpoint: "order.delivered",
        T.settings: {"hours": (9, 17)},
        T.created_at: NOW + timedelta(minutes=number),
        **{getattr(T, name): value for name, value in changed.items()},
    }
