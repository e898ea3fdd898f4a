"""What the widget's routes share: its files, the kept configs, and the keys that pages send."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from harken_server.channels.widget.configs import FRESH_S, STALE_S, Wanted, WidgetConfigs
from harken_server.channels.widget.files import WidgetFiles, shipped_files
from harken_server.database.database import Database
from harken_server.http.encodings import Headers
from harken_server.http.runtime import Runtime, admit, count_guess
from harken_server.kernel.cache import Cached
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import AccessError, InvalidDefinitionError
from harken_server.surveys.definition import read_published
from harken_server.surveys.logo import LogoFile, logo_file
from harken_server.surveys.store.surveys import list_live_with_logo
from harken_server.workspaces.access import (
    MAX_KEY_CHARS,
    WorkspaceCatalog,
    find_key,
    require_origin,
    require_scope,
)
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


_SURVEYS = r"^[a-z][a-z0-9_]{0,63}(,[a-z][a-z0-9_]{0,63}){0,19}\Z"


class WidgetQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page asks for."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_KEY_CHARS)]
    """An API key of the scope public."""
    locale: (
        Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8}){0,4}\Z")] | None
    ) = None
    """Locale of the page; without it the Accept-Language header decides."""
    survey: Annotated[str, msgspec.Meta(pattern=_SURVEYS, max_length=400)] | None = None
    """Live surveys wanted though they are not listed for the widget, joined by commas."""

    def wanted(self, headers: Headers) -> Wanted:
        """The same, with what the browser says."""
        return Wanted(
            locale=self.locale and self.locale.strip(),
            accept_language=headers.get(b"accept-language", b"").decode("latin-1"),
            names=tuple(self.survey.strip().split(",")) if self.survey else (),
        )


async def find_page_key(runtime: Runtime, scope: Any, headers: Headers, secret: str) -> ApiKey:
    """The key in a page's address, if pages of this origin may use it.

    Known keys cost nothing. Unknown ones are limited for each client, so that guessing does not
    keep the database busy. Raises AccessError, ForbiddenError, RateLimitedError.
    """
    keys = runtime.of(WidgetState).keys
    if not keys.knows(secret):
        admit(runtime, scope, "unknown keys")

    async def load() -> ApiKey:
        try:
            found = await find_key(runtime, secret)
        except AccessError as error:
            count_guess(runtime, scope, error)
            raise
        require_scope(found, "public")
        return found

    key = await keys.get(secret, load)
    origin = headers.get(b"origin")
    require_origin(key, None if origin is None else origin.decode("latin-1"))
    return key
