"""The widget's config for a workspace: built once for all who ask, and kept through trouble.

What is live is read at most once in `FRESH_S` for each workspace, however many ask and whatever
locales and names they send; those only choose what is built from it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.channels.page.wording import match_locale, preferred_locales
from harken_server.channels.widget.page_rules import browser_rules
from harken_server.database.database import Database
from harken_server.kernel.cache import Cached
from harken_server.kernel.clock import Clock
from harken_server.kernel.errors import InvalidDefinitionError
from harken_server.responses.closing import why_closed_to_all
from harken_server.surveys.definition import read_published
from harken_server.surveys.store.surveys import list_live_versions, list_surveys
from harken_server.surveys.survey import Survey, offered_locales

Json: TypeAlias = dict[str, Any]


class Shown(NamedTuple):
    """One version of a survey, as the widget is to get it."""

    survey: Survey
    number: int


def config_document(shown: Iterable[Shown], *, locale: str, code: str) -> Json:
    """The whole config: surveys in the locale nearest to the one asked for, and their phrases.

    `code` is the file name of the survey code.
    """
    shown = tuple(shown)
    surveys = [
        survey_config(item.survey, item.number, locale, targeting=_targeting(item.survey))
        for item in shown
    ]
    languages = dict.fromkeys(str(survey["language"]) for survey in surveys)
    document: Json = {
        "code": code,
        "surveys": surveys,
        "phrases": {language: phrases_config(language) for language in languages},
        "locale": locale,
    }
    if any(len(offered_locales(item.survey)) > 1 for item in shown):
        spoken = {str(survey["locale"]) for survey in surveys}
        names = sorted({locale, *(spoken if len(spoken) == 1 else ())} - {""})
        document["fits"] = f"^({'|'.join(names)})\\b"
    return document


def _targeting(survey: Survey) -> Json | None:
    """All of the targeting but its label, which stands at the top of the survey."""
    if survey.widget is None:
        return None
    found: Json = browser_rules(survey.widget)
    found.pop("button", None)
    return found


FRESH_S = 1.0
"""A change made by another process is seen within twice this time."""
STALE_S = 600.0
"""How long the last config is given while the database is slow or down."""
MAX_BUILT = 64
"""Configs kept ready, at up to some 300 kB each; any number of variants may be asked for."""
MAX_PARSED = 2_000

Key = TypeVar("Key")
Item = TypeVar("Item")


class Listing(msgspec.Struct, frozen=True):
    """The live surveys of a workspace, by key."""

    live: tuple[Shown, ...]
    mark: str
    """Another one for every change."""

    def shown(self, names: Sequence[str] = ()) -> tuple[Shown, ...]:
        """Surveys with a `widget` section, and those named; unknown names are left out."""
        return tuple(
            item for item in self.live if item.survey.widget is not None or item.survey.key in names
        )


class Wanted(msgspec.Struct, frozen=True):
    """What a page asks for."""

    locale: str | None = None
    """As the page says it; None lets `accept_language` decide."""
    accept_language: str = ""
    names: tuple[str, ...] = ()
    """Surveys wanted although they have no `widget` section."""


class WidgetConfigs:
    """Gives configs as JSON, without asking the database each time."""

    def __init__(self, db: Database, code: str, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._code = code
        self._listings: Cached[Listing] = Cached(FRESH_S, stale_s=STALE_S)
        self._parsed: OrderedDict[tuple[UUID, int], Survey | None] = OrderedDict()
        self._built: OrderedDict[object, bytes] = OrderedDict()

    async def listing(self, workspace_id: UUID) -> Listing:
        """What is live; an older state when the database cannot be asked."""
        return await self._listings.get(workspace_id, lambda: self._load(workspace_id))

    async def find(self, workspace_id: UUID, wanted: Wanted) -> bytes:
        """The config that a page asks for, as JSON; the same object while nothing changes."""
        listing = await self.listing(workspace_id)
        shown = listing.shown(wanted.names)
        locale = wanted.locale or negotiated_locale(shown, wanted.accept_language)
        variant = (
            workspace_id,
            listing.mark,
            locale,
            tuple(item.survey.key for item in shown),
        )
        body = self._built.get(variant)
        if body is None:
            document = config_document(shown, locale=locale, code=self._code)
            body = self._built[variant] = msgspec.json.encode(document)
        self._built.move_to_end(variant)
        _drop_oldest(self._built, MAX_BUILT)
        return body

    def forget(self) -> None:
        """Ask again at once: something was just changed by this process."""
        self._listings.clear()

    async def _load(self, workspace_id: UUID) -> Listing:
        """One read when no version is new to this process, else two."""
        records = [
            record for record in await list_surveys(self._db, workspace_id)
            if record.status == "live"
        ]  # fmt: skip
        wanted = [(record.id, record.version) for record in records]
        if any(version not in self._parsed for version in wanted):
            found = await list_live_versions(self._db, workspace_id)
            wanted = [(item.survey_id, item.number) for item in found]
            for item in found:
                self._parsed[item.survey_id, item.number] = _parse(item.definition)
        known = [(version, self._parsed.get(version)) for version in wanted]
        _drop_oldest(self._parsed, MAX_PARSED)
        live = [
            (version, survey)
            for version, survey in known
            if survey is not None and await self._is_open(workspace_id, version[0], survey)
        ]
        mark = sha256(repr([version for version, _ in live]).encode()).hexdigest()
        return Listing(tuple(Shown(survey, number) for (_, number), survey in live), mark)

    async def _is_open(self, workspace_id: UUID, survey_id: UUID, survey: Survey) -> bool:
        now = self._clock()
        found = await why_closed_to_all(self._db, workspace_id, survey_id, survey.asking, now)
        return found is None


def negotiated_locale(shown: Sequence[Shown], accept_language: str) -> str:
    """The first locale of the header that a survey offers, else the first survey's own.

    Whatever the header holds, the outcome is one of the locales offered.
    """
    offered = tuple(
        dict.fromkeys(locale for item in shown for locale in offered_locales(item.survey))
    )
    for tag in preferred_locales(accept_language):
        found = match_locale(tag, offered)
        if found is not None:
            return found
    return offered[0] if offered else "en"


def _parse(definition: bytes) -> Survey | None:
    """None for a definition that this release cannot read: the others are shown all the same."""
    try:
        return read_published(definition)
    except InvalidDefinitionError:
        return None


def _drop_oldest(values: OrderedDict[Key, Item], most: int) -> None:
    while len(values) > most:
        values.popitem(last=False)
