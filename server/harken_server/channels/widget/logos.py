"""Logos of live surveys by the name in their address, which is their digest."""

from __future__ import annotations

from harken_server.channels.widget.configs import STALE_S
from harken_server.database.database import Database
from harken_server.kernel.cache import Cached
from harken_server.kernel.errors import InvalidDefinitionError
from harken_server.surveys.definition import read_published
from harken_server.surveys.logo import LogoFile, logo_file
from harken_server.surveys.store.live_sql import list_live_with_logo

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
