"""What anybody can make up is counted by itself a few times over, and then as `other`.

Touchpoints and members of dimensions stand in the key of the counts. A word that nothing proves (no
declaration, key, link or device) could be a new one with each request, so a survey counts by a
bounded number of those; the rest is stored, and counted, as `other`. Processes that take new words
at the same moment may each go over the bound by these.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Set
from typing import NamedTuple
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.responses.response import NewResponse
from harken_server.responses.store.row import encode_members, members_of
from harken_server.responses.store.variety_sql import read_members, read_touchpoints
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.touchpoints import list_touchpoints
from harken_server.workspaces.rules.dimensions import MOST_MEMBERS, OTHER

MOST_TOUCHPOINTS = 50
"""That nobody declared, of a survey."""
LOOK_AGAIN_S = 2.0
"""After it was full: until then a new word costs no query."""
_MOST_PLACES = 10_000
_TOUCHPOINT = ""
"""Stands for touchpoints among the names of dimensions."""


class _Known(NamedTuple):
    words: set[str]
    full_until: float


class Variety:
    """The words by which this process counts each survey."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[tuple[UUID, str], _Known] = OrderedDict()

    async def touchpoint(self, record: SurveyRecord, named: str) -> str:
        """The touchpoint that a stranger named, or `other` when it is one too many."""
        return await self._admit(record, _TOUCHPOINT, named)

    async def members(self, new: NewResponse, made_up: Set[str]) -> NewResponse:
        """The response with `other` for members that are too many of the dimensions named."""
        members = members_of(new.dimensions) if new.dimensions else []
        if not any(name in made_up for name, _ in members):
            return new
        kept = {
            name: await self._admit(new.survey, name, member) if name in made_up else member
            for name, member in members
        }
        return msgspec.structs.replace(new, dimensions=encode_members(kept))

    async def _admit(self, record: SurveyRecord, name: str, word: str) -> str:
        place = record.id, name
        known = self._known.get(place)
        if word == OTHER or (known is not None and word in known.words):
            return word
        if known is not None and time.monotonic() < known.full_until:
            return OTHER
        counted, declared = await self._look(record, name)
        most = MOST_TOUCHPOINTS if name == _TOUCHPOINT else MOST_MEMBERS
        # Nothing waits from here on, so that two who look at once do not both take the last place.
        known = self._known.pop(place, None)
        words = counted | (set[str]() if known is None else known.words)
        is_taken = word in declared or word in words or len(words - declared) < most
        words |= declared | ({word} if is_taken else set())
        full_until = 0.0 if is_taken else time.monotonic() + LOOK_AGAIN_S
        self._known[place] = _Known(words, full_until)
        if len(self._known) > _MOST_PLACES:
            self._known.popitem(last=False)
        return word if is_taken else OTHER

    async def _look(self, record: SurveyRecord, name: str) -> tuple[set[str], set[str]]:
        """What is counted so far, and what the house has declared."""
        place = self._db, record.workspace_id, record.id
        if name != _TOUCHPOINT:
            return await read_members(*place, name), set()
        declared = await list_touchpoints(self._db, record.workspace_id)
        return await read_touchpoints(*place), {one.key for one in declared}
