"""What the routes of one process share, built once by `app`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection

from harken_server.clock import Clock
from harken_server.collection.asked import Collection
from harken_server.collection.catalog import Catalog
from harken_server.collection.receipts import ForgedCounts, ReceiptDesk
from harken_server.core.ids import RANDOM_BYTES, uuid7
from harken_server.core.records import Workspace
from harken_server.distribution.desk import TriggerDesk
from harken_server.distribution.links import survey_url
from harken_server.distribution.paces import PaceBook
from harken_server.http.clients import RateLimit
from harken_server.http.widget_room import WidgetRoom
from harken_server.settings import Settings
from harken_server.storage.database import Database


class Runtime(msgspec.Struct, frozen=True):
    """The open database and everything derived from the settings."""

    settings: Settings
    db: Database
    catalog: Catalog
    clock: Clock
    random: Callable[[int], bytes]
    signing_keys: tuple[bytes, ...]
    limit: RateLimit
    widget: WidgetRoom
    home: UUID
    """The first workspace: its surveys have addresses without a workspace in front."""
    paces: PaceBook
    """What adaptive sampling goes by, remembered for some seconds."""
    desk: TriggerDesk
    """Where triggers that come together are decided together."""
    forged: ForgedCounts = msgspec.field(default_factory=ForgedCounts)

    @property
    def collection(self) -> Collection:
        """The collecting story's share."""
        return Collection(self.db, self.catalog, self.clock)

    @property
    def receipts(self) -> ReceiptDesk:
        """What looking at receipts needs."""
        return ReceiptDesk(self.collection, self.signing_keys, self.random, self.forged)

    def new_id(self) -> UUID:
        """A new UUIDv7."""
        return uuid7(self.clock(), self.random(RANDOM_BYTES))

    def slug_in_links(self, workspace: Workspace) -> str | None:
        """The workspace's part of public addresses; None for the first one."""
        return None if workspace.id == self.home else workspace.slug

    def survey_url(self, workspace: Workspace, key: str) -> str:
        """The public page of a survey."""
        return survey_url(self.settings.public_url, key, workspace=self.slug_in_links(workspace))


RUNTIME = "harken.runtime"
"""Where the gateway puts the runtime into each request's scope."""


def runtime_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Runtime:
    """The runtime that serves this request."""
    return cast("dict[str, Any]", connection.scope)[RUNTIME]
