"""Which page a visitor sees: the first one of a response, the next, or the same again.

First pages are kept in memory by version and locale.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from harken_server.channels.page.destination import Destination, Visit, locale_of, refuse_newcomers
from harken_server.channels.page.documents import ID_SLOT, Answer, PackedDocument, pack_document
from harken_server.channels.page.forms import (
    PREFIX,
    SENT_TO,
    Form,
    FormId,
    decode_answers,
    first_value,
)
from harken_server.channels.page.render import render_answered, render_question_page
from harken_server.channels.page.views import PageView
from harken_server.http.pages import Document
from harken_server.kernel.errors import GoneError, StorageError
from harken_server.kernel.ids import NOBODYS
from harken_server.responses.asked import Collection, already_answered
from harken_server.responses.programs.sender import Sender
from harken_server.responses.response import DOUBTFUL
from harken_server.responses.sittings import Sitting, Step, page_at
from harken_server.surveys.answers.validation import check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page, plan_page

MOST_FIRST_PAGES = 256


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
        if invitation.response_id == NOBODYS:
            raise already_answered()
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


def first_page(
    destination: Destination,
    visit: Visit,
    locale: str,
    begun: tuple[datetime, datetime] | None = None,
) -> Answer:
    """The first page of a response, empty; kept in memory unless it is for this visitor alone.

    `begun` says when the response was begun elsewhere, and the time now.
    """
    loaded = destination.loaded
    answers = prefilled(loaded, {**visit.query, **destination.pressed}, destination.context)
    is_own = begun or destination.is_watched or (destination.context and loaded.survey.context)
    if answers or is_own:
        view = _first_view(loaded, locale, str(visit.form_id), answers, destination.context)
        return render_question_page(
            msgspec.structs.replace(
                view, is_watched=destination.is_watched, begun=begun, sends_to=visit.sends_to
            )
        )
    kept = _cached_first_page(_FirstPage(loaded, locale))
    return kept if visit.sends_to == SENT_TO else kept.sent_to(visit.sends_to, str(visit.form_id))


def prefilled(loaded: LoadedSurvey, query: Form, context: dict[str, Any]) -> dict[str, Any]:
    """Good answers named in the link, such as `?a_recommend=9`: shown chosen, never submitted."""
    if not any(name.startswith(PREFIX) for name in query):
        return {}
    named = {name: values for name, values in query.items() if name.startswith(PREFIX)}
    answers = decode_answers(loaded.survey.questions, named)
    return {
        key: value
        for key, value in answers.items()
        if not check_answers(loaded.compiled, {key: value}, context, is_complete=False).problems
    }


class _FirstPage:
    """Names a first page by the version it shows; versions never change."""

    def __init__(self, loaded: LoadedSurvey, locale: str) -> None:
        self.loaded, self.locale = loaded, locale
        self._name = (loaded.record.id, loaded.number, loaded.survey.presentation.pages, locale)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _FirstPage) and self._name == other._name


@lru_cache(maxsize=MOST_FIRST_PAGES)
def _cached_first_page(page: _FirstPage) -> PackedDocument:
    view = _first_view(page.loaded, page.locale, ID_SLOT.decode(), {}, {})
    return pack_document(render_question_page(msgspec.structs.replace(view, sends_to=SENT_TO)))


def _first_view(
    loaded: LoadedSurvey,
    locale: str,
    form_id: str,
    answers: dict[str, Any],
    context: dict[str, Any],
) -> PageView:
    return PageView(
        survey=loaded.survey,
        number=loaded.number,
        locale=locale,
        page=plan_page(loaded.survey, {}, context, None, loaded.compiled.decisive),
        form_id=form_id,
        answers=answers,
        context=context,
    )


class PageState(msgspec.Struct, frozen=True):
    """A visitor inside: through which destination, how far, and in which locale."""

    destination: Destination
    form_id: FormId
    sitting: Sitting
    locale: str
    sender: Sender | None = None
    """To be told from a program."""
    filled: frozenset[str] = frozenset()
    """Questions that the link itself answers."""


def next_page(state: PageState, after: str) -> Document:
    """The page after a question, as it is stored."""
    page = page_at(state.sitting, after)
    return render_question_page(_view(state, page, after, state.sitting.known))


def page_again(
    state: PageState, step: Step, *, is_unsaved: bool = False, is_nothing: bool = False
) -> Document:
    """The page with everything still in it, and why it comes again."""
    view = _view(state, step.page, step.after, step.answers)
    return render_question_page(
        msgspec.structs.replace(
            view, problems=step.problems, is_unsaved=is_unsaved, is_nothing=is_nothing
        )
    )


def typed_page(state: PageState, form: Form, *, is_unsaved: bool = False) -> Document:
    """The page that was sent with what is chosen and typed on it, stored or not."""
    after = first_value(form, "after")
    page = page_at(state.sitting, after)
    known = {key: value for key, value in state.sitting.known.items() if key not in page.asked}
    answers = known | decode_answers(page.questions, form)
    cleared = first_value(form, "clear")
    answers.pop(cleared, None)
    view = _view(state, page, after, answers)
    return render_question_page(
        msgspec.structs.replace(view, is_unsaved=is_unsaved, cleared=cleared)
    )


def _view(state: PageState, page: Page, after: str, answers: dict[str, Any]) -> PageView:
    sitting = state.sitting
    return PageView(
        survey=sitting.loaded.survey,
        number=sitting.loaded.number,
        locale=state.locale,
        page=page,
        form_id=str(state.form_id),
        after=after,
        answers=answers,
        context=sitting.context,
    )


def answered_page(room: Collection, sitting: Sitting, visit: Visit, locale: str) -> Document:
    """That and when it was answered; nothing of what was said."""
    stored = sitting.stored
    return render_answered(
        sitting.loaded.survey,
        locale,
        answered_at=stored and (stored.completed_at or stored.updated_at),
        now=room.clock(),
        form_id=str(visit.form_id) if sitting.is_revisable else "",
    )
