"""What can be set about files that the worker makes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec

from harken_server.kernel.settings import setting


class ExportSettings(msgspec.Struct, kw_only=True, frozen=True):
    """How long they are kept."""

    export_hours: Annotated[
        int,
        setting(
            "How long a finished export file is kept in the data directory and can be downloaded, "
            "in hours, 1 to 720. Erasing anybody removes it sooner.",
            low=1,
            high=720,
        ),
    ] = 24

    @property
    def life(self) -> timedelta:
        """Of a finished file."""
        return timedelta(hours=self.export_hours)
