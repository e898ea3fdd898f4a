"""A workspace and its keys, as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.operations import Scope
from harken_server.kernel.local.zones import read_zone

DimensionSource: TypeAlias = Literal["context", "trait"]


class Dimension(msgspec.Struct, frozen=True):
    """By what responses are counted besides touchpoint and channel: `store`, `region`, `plan`."""

    name: str
    source: DimensionSource
    """Where its members come from: the context of a response, or what is known of the person."""
    key: str
    """The name of the value there."""
    shares: tuple[tuple[str, float], ...] = ()
    """Of its members among all whom answers are to speak for; empty: none are declared."""

    @property
    def counted(self) -> tuple[str, DimensionSource, str]:
        """What its counts go by."""
        return self.name, self.source, self.key


class Workspace(msgspec.Struct, kw_only=True, frozen=True):
    """The owner of surveys, keys and data; the isolation boundary."""

    id: UUID
    slug: str
    name: str
    """Empty: none of its own, as the first workspace's."""
    created_at: datetime
    dimensions: tuple[Dimension, ...] = ()
    channels: tuple[str, ...] = ()
    """Names of channels of its own, on which the application hands on the links."""
    timezone: str = "UTC"
    """IANA name of the zone in whose days responses are counted."""

    @property
    def zone(self) -> tzinfo:
        """The zone itself; UTC where this machine does not know the name."""
        return read_zone(self.timezone) or UTC


class ApiKey(msgspec.Struct, kw_only=True, frozen=True):
    """One key of a workspace. The key itself is shown once; only its SHA-256 is stored."""

    id: UUID
    workspace_id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    origins: tuple[str, ...] = ()
    """Where browsers may use it (`workspaces.rules.origins`); none means everywhere."""
