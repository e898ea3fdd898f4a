"""A sitting on the hosted page: what is stored so far, and which page is next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.kernel.errors import GoneError
from harken_server.responses.asked import Collection, kept_id
from harken_server.responses.response import Proof, Standing, StoredResponse
from harken_server.responses.store.row import get_response
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page, plan_page, walk
from harken_server.surveys.survey import Ending

LONGEST_SITTING = timedelta(days=90)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sitting(msgspec.Struct, kw_only=True, frozen=True):
    """One respondent's way through one survey version, as far as it is stored."""

    loaded: LoadedSurvey
    response_id: UUID
    stored: StoredResponse | None = None
    answers: dict[str, Any] = {}
    """Wire answers, hidden ones included: they come back when the way leads there again."""
    context: dict[str, Any] = {}
    is_revisable: bool = False
    """Whether answers already given, to the last page too, may still be changed here."""
    own: frozenset[str] | None = None
    """Of which answers whoever sends this form is known to have given them, and may see them; None:
    all. The others are left as they are."""
    is_anew: bool = False
    """Whether the others are replaced by what is sent."""

    @property
    def sequence(self) -> int:
        """The last one stored; 0 while nothing is."""
        return 0 if self.stored is None else self.stored.sequence

    @property
    def known(self) -> dict[str, Any]:
        """The answers that this sitting may build on and show."""
        if self.own is None:
            return self.answers
        return {key: given for key, given in self.answers.items() if key in self.own}

    @property
    def begun(self) -> dict[str, Any]:
        """The answers that came from elsewhere: never shown here, and kept unless given anew."""
        if self.own is None or self.is_anew:
            return {}
        return {key: given for key, given in self.answers.items() if key not in self.own}

    @property
    def is_complete(self) -> bool:
        """Whether the response is stored as complete."""
        return self.stored is not None and self.stored.state == "complete"

    @property
    def standing(self) -> Standing:
        """Of the response as it is stored."""
        return "counted" if self.stored is None else self.stored.standing


class Origin(msgspec.Struct, kw_only=True, frozen=True):
    """Where somebody came in who holds no invitation."""

    channel: str = "web"
    touchpoint: str | None = None
    context: dict[str, str | int | float | bool | None] = {}
    proof: Proof = ""
    """What the address proves of it."""


ON_THE_WEB = Origin()


async def open_sitting(
    room: Collection, loaded: LoadedSurvey, response_id: UUID, context: dict[str, Any]
) -> Sitting:
    """What is stored of a response, under the version it began with; new when there is nothing.

    Raises GoneError (`response_erased`) and StorageError.
    """
    own_id = kept_id(room.keys, loaded, response_id)
    stored = await get_response(room.db, loaded.workspace.id, loaded.record.id, own_id)
    if stored is None:
        return Sitting(loaded=loaded, response_id=response_id, context=context)
    if stored.state == "erased":
        raise GoneError(f"Response {response_id} was erased.", code="response_erased")
    if stored.version != loaded.number:
        loaded = await room.catalog.load(loaded.workspace, loaded.record, stored.version)
    questions = {question.key: question for question in loaded.survey.questions}
    visible, hidden = answers_from_rows(questions, stored.answers)
    return Sitting(
        loaded=loaded,
        response_id=response_id,
        stored=stored,
        answers={**hidden, **visible},
        context={**msgspec.json.decode(stored.context, type=dict[str, Any]), **context},
    )


def page_at(sitting: Sitting, after: str) -> Page:
    """The page after a question; the last page when nothing follows it."""
    survey, decisive = sitting.loaded.survey, sitting.loaded.compiled.decisive
    page = plan_page(survey, sitting.known, sitting.context, after, decisive)
    if not page.questions:
        page = plan_page(survey, sitting.known, sitting.context, page.previous, decisive)
    return page


def ending_of(sitting: Sitting) -> Ending | None:
    """The ending that the answers lead to."""
    return walk(sitting.loaded.survey, sitting.known, sitting.context).ending


def opened_at(response_id: UUID, now: datetime) -> datetime | None:
    """When the first page was opened: a page's own id carries its time (RFC 9562, version 7)."""
    if response_id.version != 7:
        return None
    started_at = _EPOCH + timedelta(milliseconds=response_id.int >> 80)
    return started_at if now - LONGEST_SITTING <= started_at <= now else None
