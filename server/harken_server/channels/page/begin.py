"""The beginning of a response: which first page a visitor sees, or why there is none."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from harken_server.channels.page.destination import (
    Destination,
    Visit,
    locale_of,
    refuse_newcomers,
)
from harken_server.channels.page.documents import PackedDocument
from harken_server.channels.page.first_page import first_page
from harken_server.channels.page.forms import FormId, first_value
from harken_server.channels.page.shown import answered_page
from harken_server.http.pages import Document
from harken_server.kernel.errors import GoneError, StorageError
from harken_server.responses.asked import Collection, already_answered
from harken_server.responses.response import DOUBTFUL
from harken_server.responses.sitting import Sitting

Answer: TypeAlias = Document | PackedDocument


async def show_page(
    room: Collection, destination: Destination, visit: Visit
) -> tuple[Answer, FormId]:
    """The page for a GET or HEAD, which never create or change anything, nor show an answer.

    Beside it, whose form it is. Raises HarkenError for what `notice_for` explains.
    """
    locale = locale_of(destination, visit, first_value(visit.query, "lang"))
    if visit.had and (sitting := await _unfinished(room, destination, visit.had)):
        visit = msgspec.structs.replace(visit, form_id=visit.had)
        if destination.own_id is None and sitting.sequence:  # whoever has begun may go on
            destination = msgspec.structs.replace(destination, loaded=sitting.loaded)
            return first_page(destination, visit, locale), visit.form_id
    return await begin(room, destination, visit, locale), visit.form_id


async def begin(
    room: Collection,
    destination: Destination,
    visit: Visit,
    locale: str,
    *,
    is_again: bool = False,
) -> Answer:
    """An empty first page, or that a link for one answer has had it."""
    invitation, own_id = destination.invitation, destination.own_id
    if destination.is_for_anyone and invitation is not None and invitation.response_id is not None:
        raise already_answered()
    if own_id is None or invitation is None or invitation.response_id is None:
        await refuse_newcomers(room, destination)
        return first_page(destination, visit, locale)
    sitting = await destination.sittings.open(room, destination.loaded, own_id, destination.context)
    if sitting.is_complete and not (is_again and sitting.is_revisable):
        return answered_page(room, sitting, visit, locale)
    if sitting.sequence == 0:
        await refuse_newcomers(room, destination)
    destination = msgspec.structs.replace(destination, loaded=sitting.loaded)
    stored, begun = sitting.stored, None
    if stored is not None and stored.answers and not is_replaced(sitting):
        begun = stored.answered_at, room.clock()
    return first_page(destination, visit, locale, begun)


def is_replaced(sitting: Sitting) -> bool:
    """Whether a form that has given nothing yet takes the place of all that is stored."""
    return sitting.is_complete or sitting.standing in DOUBTFUL


async def _unfinished(room: Collection, destination: Destination, had: FormId) -> Sitting | None:
    """What the form that is had again goes on with; None when nothing may be added to it."""
    response_id = destination.own_id or had.response_id
    try:
        sitting = await destination.sittings.open(
            room, destination.loaded, response_id, destination.context
        )
    except (GoneError, StorageError):
        return None
    return None if sitting.is_complete else sitting
