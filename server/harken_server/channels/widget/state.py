"""What the widget's routes share: its files, the kept configs, and the keys that pages send."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.channels.widget.configs import FRESH_S, STALE_S, WidgetConfigs
from harken_server.channels.widget.files import WidgetFiles, shipped_files
from harken_server.channels.widget.logos import WidgetLogos
from harken_server.database.database import Database
from harken_server.kernel.cache import Cached
from harken_server.kernel.clock import Clock
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.workspace import ApiKey


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
