"""What the widget's routes share: its files, the kept configs, and the keys that pages send."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.channels.widget.configs import FRESH_S, STALE_S, WidgetConfigs
from harken_server.channels.widget.files import WidgetFiles, shipped_files
from harken_server.database.database import Database
from harken_server.kernel.cache import Cached
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import InvalidDefinitionError
from harken_server.surveys.definition import read_published
from harken_server.surveys.logo import LogoFile, logo_file
from harken_server.surveys.store.surveys import list_live_with_logo
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.workspace import ApiKey

LOOK_AGAIN_S = 2.0
"""However many unknown names are asked for, logos are read no more often."""


class WidgetLogos:
    """Gives logos without asking the database for each."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._all: Cached[dict[str, LogoFile]] = Cached(LOOK_AGAIN_S, stale_s=STALE_S, most=1)

    async def find(self, name: str) -> LogoFile | None:
        """The logo of a live survey in any workspace: whoever knows its digest has seen it."""
        return (await self._all.get("all", self._load)).get(name)

    def forget(self) -> None:
        """Ask again at once: something was just changed by this process."""
        self._all.clear()

    async def _load(self) -> dict[str, LogoFile]:
        found: dict[str, LogoFile] = {}
        for version in await list_live_with_logo(self._db):
            try:
                survey = read_published(version.definition)
            except InvalidDefinitionError:
                continue
            logo = logo_file(survey.presentation.theme)
            if logo is not None:
                found[logo.name] = logo
        return found


class WidgetState(msgspec.Struct, frozen=True):
    """Built once for each process by `app`."""

    files: WidgetFiles
    configs: WidgetConfigs
    logos: WidgetLogos
    keys: Cached[ApiKey]
    """Good keys outlive trouble with the database as long as configs do."""

    def forget(self) -> None:
        """Ask again at once: surveys or keys were just changed by this process."""
        self.configs.forget()
        self.logos.forget()
        self.keys.clear()


def open_widget_state(db: Database, workspaces: WorkspaceCatalog, clock: Clock) -> WidgetState:
    """Read the widget's files and prepare to answer. Raises WidgetFilesError."""
    files = shipped_files()
    keys: Cached[Any] = Cached(FRESH_S, stale_s=STALE_S)
    state = WidgetState(files, WidgetConfigs(db, files.survey, clock), WidgetLogos(db), keys)
    workspaces.on_forget(state.forget)
    return state
