"""The hosted page's story: which page a visitor sees, and what becomes of a page that was sent."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from harken_server.channels.page.destination import (
    Destination,
    Visit,
    locale_of,
    refuse_newcomers,
    refuse_second_answer,
)
from harken_server.channels.page.documents import PackedDocument
from harken_server.channels.page.first_page import first_page, prefilled
from harken_server.channels.page.forms import (
    Form,
    decode_answers,
    first_value,
)
from harken_server.channels.page.render import render_ending, render_question_page
from harken_server.channels.page.views import PageView
from harken_server.http.pages import Document
from harken_server.http.problems import BadRequestError
from harken_server.http.storage_log import log_storage_failure
from harken_server.kernel.errors import (
    ConflictError,
    NotFoundError,
    OverloadedError,
    StorageError,
)
from harken_server.responses.asked import Collection, already_answered
from harken_server.responses.sitting import (
    Sitting,
    Step,
    ending_of,
    is_changed,
    is_stored,
    judge_page,
    page_at,
)
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page

MAX_TRIES = 3
"""How often a page is saved again because the same page, sent twice, was saved meanwhile."""


class Redirect(msgspec.Struct, frozen=True):
    """See other: a link relative to the same address, so that no Host is ever trusted."""

    location: str


Answer: TypeAlias = Document | PackedDocument | Redirect


class PageState(msgspec.Struct, frozen=True):
    """A visitor inside: through which destination, how far, and in which locale."""

    destination: Destination
    visit: Visit
    sitting: Sitting
    locale: str


async def show_page(room: Collection, destination: Destination, visit: Visit) -> Answer:
    """The page for a GET or HEAD, which never create or change anything.

    Raises HarkenError for what `notice_for` explains.
    """
    locale = locale_of(destination, visit, first_value(visit.query, "lang"))
    response_id = response_id_of(destination, visit.query)
    is_unclaimed = destination.invitation is not None and destination.invitation.response_id is None
    if response_id is None or (destination.own_id is not None and is_unclaimed):
        await refuse_newcomers(room, destination)
        if response_id is None or not first_value(visit.query, "after"):
            return first_page(destination, visit, locale)
        sitting = Sitting(
            loaded=destination.loaded, response_id=response_id, context=destination.context
        )
        return _question_page(PageState(destination, visit, sitting, locale))
    sitting = await destination.sittings.open(
        room, destination.loaded, response_id, destination.context
    )
    if sitting.is_complete and ("done" in visit.query or not sitting.is_revisable):
        return _finished_page(PageState(destination, visit, sitting, locale))
    if sitting.sequence == 0:
        await refuse_newcomers(room, destination)
    return _question_page(PageState(destination, visit, sitting, locale))


async def take_page(room: Collection, destination: Destination, visit: Visit, form: Form) -> Answer:
    """Save a page sent by POST and lead on, or show it again with what is to be put right.

    Raises HarkenError for what `notice_for` explains.
    """
    locale = locale_of(destination, visit, first_value(form, "lang"))
    response_id = response_id_of(destination, form)
    if response_id is None:
        raise BadRequestError("The form names no response.", code="malformed_form")
    destination = msgspec.structs.replace(
        destination, loaded=await _version_of_form(room, destination, form)
    )
    empty = Sitting(loaded=destination.loaded, response_id=response_id, context=destination.context)
    state = PageState(destination, visit, empty, locale)
    try:
        return await _take_until_saved(room, state, form)
    except StorageError as error:
        log_storage_failure(error)
        if first_value(form, "after"):
            raise  # what the page shows hangs on earlier answers, which cannot be read
        return _typed_page(state, form)


async def _take_until_saved(room: Collection, state: PageState, form: Form) -> Answer:
    destination, response_id = state.destination, state.sitting.response_id
    for _ in range(MAX_TRIES):
        sitting = await destination.sittings.open(
            room, destination.loaded, response_id, destination.context
        )
        state = msgspec.structs.replace(state, sitting=sitting)
        if sitting.is_complete and not sitting.is_revisable:
            return _sent_again(state, form)
        if sitting.sequence == 0:
            await refuse_newcomers(room, destination, response_id)
        try:
            return await _take_once(room, state, form)
        except ConflictError:
            continue
    raise StorageError("The response is being changed by other requests; try again.")


def _sent_again(state: PageState, form: Form) -> Redirect:
    """The thank-you for a page sent twice; other answers come too late, which is said."""
    questions = page_at(state.sitting, first_value(form, "after")).questions
    given = decode_answers(questions, form, is_whole=True)
    if not is_stored(state.sitting, questions, given):
        raise already_answered()
    return _lead_to(state, done="1")


async def _take_once(room: Collection, state: PageState, form: Form) -> Answer:
    """One try; raises ConflictError when the same page was saved meanwhile."""
    sitting, after = state.sitting, first_value(form, "after")
    page = page_at(sitting, after)
    is_back = first_value(form, "go") == "back"
    given = decode_answers(page.questions, form, is_whole=not is_back)
    step = judge_page(sitting, page, after, given, is_back=is_back)
    if step.problems:
        return _page_again(state, step)
    is_complete = step.next_after is None and not is_back
    try:
        if is_complete or sitting.is_revisable or is_changed(sitting, step):
            await _save(room, state, step, is_complete=is_complete)
    except (StorageError, OverloadedError) as error:
        log_storage_failure(error)
        return _page_again(state, step, is_unsaved=True)
    if is_complete:
        return _lead_to(state, done="1")
    return _lead_to(state, after=step.next_after or "")


async def _save(room: Collection, state: PageState, step: Step, *, is_complete: bool) -> None:
    destination = state.destination
    invitation, loaded = destination.invitation, destination.loaded
    address = state.visit.address or f"{loaded.workspace.slug}.{loaded.record.key}"
    await destination.sittings.save(
        room,
        state.sitting,
        step,
        address=None if invitation else address,
        invitation=invitation,
        locale=state.locale,
        is_complete=is_complete,
        standing=destination.standing,
        origin=destination.origin,
    )


def _question_page(state: PageState) -> Document:
    after = first_value(state.visit.query, "after")
    sitting = state.sitting
    answers = sitting.answers
    if sitting.sequence == 0 or (sitting.is_revisable and not after):
        query = {**state.visit.query, **state.destination.pressed}
        answers = {**answers, **prefilled(sitting.loaded, query, sitting.context)}
    return render_question_page(_view(state, page_at(sitting, after), after, answers))


def _page_again(state: PageState, step: Step, *, is_unsaved: bool = False) -> Document:
    """The page with everything still in it."""
    view = _view(state, step.page, step.after, step.answers)
    return render_question_page(
        msgspec.structs.replace(view, problems=step.problems, is_unsaved=is_unsaved)
    )


def _typed_page(state: PageState, form: Form) -> Document:
    """The first page with what was typed, when storage can be asked for nothing."""
    page = page_at(state.sitting, "")
    view = _view(state, page, "", decode_answers(page.questions, form))
    return render_question_page(msgspec.structs.replace(view, is_unsaved=True))


def _view(state: PageState, page: Page, after: str, answers: dict[str, Any]) -> PageView:
    sitting = state.sitting
    return PageView(
        survey=sitting.loaded.survey,
        number=sitting.loaded.number,
        locale=state.locale,
        page=page,
        response_id=None if state.destination.own_id else sitting.response_id,
        after=after,
        answers=answers,
        context=sitting.context,
        query=state.destination.query,
        is_watched=state.destination.is_watched and not after,
    )


def _finished_page(state: PageState) -> Document:
    """The thank-you; a link for one answer that is opened again says that it was answered."""
    if "done" not in state.visit.query:
        refuse_second_answer(state.destination)
    sitting = state.sitting
    return render_ending(
        sitting.loaded.survey,
        ending_of(sitting),
        state.locale,
        answers=sitting.answers,
        context=sitting.context,
    )


def _lead_to(state: PageState, **query: str) -> Redirect:
    """A redirect that keeps the response, and the locale where the browser would get another."""
    parts = {**state.destination.query, **{name: value for name, value in query.items() if value}}
    if state.destination.own_id is None:
        parts = {"r": str(state.sitting.response_id), **parts}
    if state.locale != locale_of(state.destination, state.visit, ""):
        parts["lang"] = state.locale
    return Redirect(f"?{urlencode(parts)}")


async def _version_of_form(room: Collection, destination: Destination, form: Form) -> LoadedSurvey:
    """The version that the form showed, so that a page just published anew still fits."""
    shown, loaded = first_value(form, "v"), destination.loaded
    if not (shown.isascii() and shown.isdigit() and len(shown) < 10):
        return loaded
    if int(shown) == loaded.number:
        return loaded
    try:
        return await room.catalog.load(loaded.workspace, loaded.record, int(shown))
    except NotFoundError:
        return loaded


def response_id_of(destination: Destination, form: Form) -> UUID | None:
    """The response that an address stands for, or else the one that a form or query names."""
    if destination.own_id is not None:
        return destination.own_id
    try:
        return UUID(first_value(form, "r"))
    except ValueError:
        return None
