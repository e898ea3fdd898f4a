"""What becomes of a page that was sent: it is saved, and answered.

A page that is sent is answered with the page that follows. So the address is the survey's own link
at every moment, and whoever opens it begins anew: only a form can go on with a response.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.page.destination import (
    ORDINARY_SITTINGS,
    Destination,
    Visit,
    locale_of,
    refuse_newcomers,
    version_of_form,
)
from harken_server.channels.page.documents import Answer
from harken_server.channels.page.forms import (
    Form,
    decode_answers,
    filled_by,
    first_value,
    problems_beside,
)
from harken_server.channels.page.render import render_ending
from harken_server.channels.page.shown import (
    PageState,
    begin,
    is_replaced,
    next_page,
    page_again,
    typed_page,
)
from harken_server.http.pages import Document
from harken_server.http.problems import log_storage_failure
from harken_server.kernel.errors import ConflictError, OverloadedError, StorageError
from harken_server.responses.asked import Collection, already_answered
from harken_server.responses.known import resume_digest
from harken_server.responses.merging import may_resume, refuse_stranger
from harken_server.responses.programs.rules import RepeatedForms, choices_in, is_too_quick
from harken_server.responses.programs.sender import Sender
from harken_server.responses.sequences import answered_by, giver
from harken_server.responses.sittings import (
    Sitting,
    Step,
    advance,
    ending_of,
    is_changed,
    judge_page,
    opened_at,
    page_at,
)
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import check_answers
from harken_server.surveys.logic.paging import Page
from harken_server.surveys.questions.types import Question

MAX_TRIES = 3
"""How often a page is saved again because the same page, sent twice, was saved meanwhile."""


class Taken(msgspec.Struct, frozen=True):
    """What a page that was sent comes to."""

    answer: Answer
    saved_id: UUID | None = None
    """The response, when the page is stored."""


async def take_page(room: Collection, destination: Destination, visit: Visit, form: Form) -> Taken:
    """Save a page sent by POST and give the next, or the same with what is to be put right.

    Raises HarkenError for what `notice_for` explains.
    """
    locales = form.get("lang", [""])  # the page's own, then that of a pressed button
    locale = locale_of(destination, visit, locales[-1])
    if first_value(form, "go") == "again":
        return Taken(await begin(room, destination, visit, locale, is_again=True))
    destination = msgspec.structs.replace(
        destination, loaded=await version_of_form(room, destination, form)
    )
    empty = Sitting(
        loaded=destination.loaded,
        response_id=destination.own_id or visit.form_id.response_id,
        context=destination.context,
    )
    is_judged = destination.sittings is ORDINARY_SITTINGS  # others judge who sends by themselves
    sender = visit.sender if is_judged else None
    state = PageState(destination, visit.form_id, empty, locale, sender, filled_by(visit.query))
    try:
        return await _take_until_saved(room, state, form)
    except StorageError as error:
        log_storage_failure(error)
        if first_value(form, "after"):
            raise  # what the page shows hangs on earlier answers, which cannot be read
        return Taken(typed_page(state, form, is_unsaved=True))


async def _take_until_saved(room: Collection, state: PageState, form: Form) -> Taken:
    destination, response_id = state.destination, state.sitting.response_id
    for _ in range(MAX_TRIES):
        sitting = await destination.sittings.open(
            room, destination.loaded, response_id, destination.context
        )
        state = msgspec.structs.replace(state, sitting=_entered(state, sitting))
        if sitting.sequence == 0:
            await refuse_newcomers(room, destination, response_id)
        if "clear" in form or len(form.get("lang", ())) > 1:
            return Taken(typed_page(state, form))
        if sitting.is_complete and not sitting.is_revisable:
            return Taken(_sent_again(state, form), response_id)
        try:
            return await _take_once(room, state, form)
        except ConflictError:
            continue
    raise StorageError("The response is being changed by other requests; try again.")


def _entered(state: PageState, sitting: Sitting) -> Sitting:
    """The sitting of this very form: of a link for one answer, with what this form has given.

    What came from elsewhere stays. Only where it is finished, or a program may have sent it, does
    whoever begins anew replace it. Raises ForbiddenError (`resume_needed`) for a response that the
    form did not begin.
    """
    stored, secret = sitting.stored, state.form_id.secret
    if stored is None:
        return sitting
    if state.destination.own_id is None:
        if not may_resume(stored, secret, None):
            raise refuse_stranger(sitting.response_id)
        return sitting
    own = answered_by(stored, giver(resume_digest(secret)))
    if own >= sitting.answers.keys():
        return sitting
    return msgspec.structs.replace(sitting, own=own, is_anew=not own and is_replaced(sitting))


def _sent_again(state: PageState, form: Form) -> Document:
    """The thank-you for a page sent twice; other answers come too late, which is said."""
    sitting = state.sitting
    if sitting.own is not None and not sitting.own:
        raise already_answered()
    questions = page_at(sitting, first_value(form, "after")).questions
    given = decode_answers(questions, form, is_whole=True)
    if not _is_stored(sitting, questions, given):
        raise already_answered()
    return _thanks(state)


def _is_stored(sitting: Sitting, questions: Sequence[Question], given: dict[str, Any]) -> bool:
    """Whether these answers to a page are what is stored, once both are in stored form."""
    loaded = sitting.loaded
    checked = check_answers(loaded.compiled, given, sitting.context, is_complete=False)
    if checked.problems:
        return False
    asked = {q.key: q for q in questions if q.behaviour.takes_answer}
    visible, hidden = answers_from_rows(asked, checked.rows)
    kept = {key: value for key, value in sitting.known.items() if key in asked}
    return hidden | visible == kept


async def _take_once(room: Collection, state: PageState, form: Form) -> Taken:
    """One try; raises ConflictError when the same page was saved meanwhile."""
    sitting, after = state.sitting, first_value(form, "after")
    page = page_at(sitting, after)
    is_back = first_value(form, "go") == "back"
    if beside := _answers_beside(sitting, page, form):
        return await _take_beside(room, state, page, beside)
    given = decode_answers(page.questions, form, is_whole=not is_back)
    step = judge_page(sitting, page, after, given, is_back=is_back)
    if not is_back and (beside := problems_beside(page.questions, given)):
        own = [problem for problem in step.problems if problem.question in page.asked]
        step = msgspec.structs.replace(step, page=page, after=after, problems=(*own, *beside))
    if step.problems:
        return Taken(page_again(state, step))
    is_complete = step.next_after is None and not is_back
    if is_complete and _is_nothing(sitting, step):
        return await _take_nothing(room, state, step, is_meant=first_value(form, "go") == "anyway")
    try:
        if is_complete or sitting.is_revisable or is_changed(sitting, step):
            await _save(room, state, step, is_complete=is_complete)
    except (StorageError, OverloadedError) as error:
        log_storage_failure(error)
        return Taken(page_again(state, step, is_unsaved=True))
    if is_complete:
        return Taken(_thanks(state, step), sitting.response_id)
    state = msgspec.structs.replace(state, sitting=advance(sitting, step))
    return Taken(next_page(state, step.next_after or ""), sitting.response_id)


def _answers_beside(sitting: Sitting, page: Page, form: Form) -> dict[str, Any]:
    """Good answers on a page that is none any more, because another form of the same link changed
    what led to it."""
    if sitting.own is None or decode_answers(page.questions, form):
        return {}
    loaded = sitting.loaded
    found = decode_answers([q for q in loaded.survey.questions if q.key not in page.asked], form)
    return {
        key: value
        for key, value in found.items()
        if not check_answers(
            loaded.compiled, {key: value}, sitting.context, is_complete=False
        ).problems
    }


async def _take_beside(
    room: Collection, state: PageState, page: Page, given: dict[str, Any]
) -> Taken:
    """Keep what was answered, and show the page that is due instead."""
    step = judge_page(state.sitting, page._replace(asked=frozenset()), page.after, given)
    step = msgspec.structs.replace(step, page=page, after=page.after, problems=())
    await _save(room, state, step, is_complete=False)
    state = msgspec.structs.replace(state, sitting=advance(state.sitting, step))
    return Taken(next_page(state, page.after), state.sitting.response_id)


def _is_nothing(sitting: Sitting, step: Step) -> bool:
    """Whether no question that could be is answered; a box left without a tick is no answer."""
    asked = {q.key: q for q in sitting.loaded.survey.questions if q.behaviour.takes_answer}
    return bool(asked) and not any(
        row.rating != 0 or asked[row.question].behaviour.wire != "truth"
        for row in step.checked.rows
        if row.question in step.answers and not row.is_hidden
    )


async def _take_nothing(room: Collection, state: PageState, step: Step, *, is_meant: bool) -> Taken:
    """Ask once whether nothing is meant; if it is, it is no response, and what was is taken back.

    An answer that was complete stays: nothing does not replace it.
    """
    if not is_meant:
        return Taken(page_again(state, step, is_nothing=True))
    sitting = state.sitting
    if sitting.sequence and not sitting.is_complete and is_changed(sitting, step):
        await _save(room, state, step, is_complete=False)
    return Taken(_thanks(state, step))


def _thanks(state: PageState, step: Step | None = None) -> Document:
    """The ending that the answers lead to, with those of the step."""
    sitting, survey = state.sitting, state.sitting.loaded.survey
    if not survey.endings:
        return render_ending(survey, None, state.locale)
    if step is not None:
        sitting = advance(sitting, step)
    return render_ending(
        survey, ending_of(sitting), state.locale, answers=sitting.known, context=sitting.context
    )


async def _save(room: Collection, state: PageState, step: Step, *, is_complete: bool) -> None:
    destination = state.destination
    loaded, keep = destination.loaded, destination.keep
    invitation = destination.invitation if keep is None else await keep()
    await destination.sittings.save(
        room,
        state.sitting,
        step,
        address=None if invitation else f"{loaded.workspace.slug}.{loaded.record.key}",
        invitation=invitation,
        locale=state.locale,
        is_complete=is_complete,
        standing=destination.standing,
        origin=destination.origin,
        resume=state.form_id.secret,
        sender=_timed(state, step, room.clock()),
    )


def _timed(state: PageState, step: Step, now: datetime) -> Sender | None:
    """The sender, with a sign when no person can have filled in the page since it was made.

    The page's own id, which the server signed, says when that was: nothing that the client claims
    is asked, and whoever goes back or sends a page again has all the time since the first one.
    """
    sender = state.sender
    if sender is None:
        return None
    made = {key for key, value in step.given.items() if value is not False} - state.filled
    choices = choices_in(step.checked.rows, made)
    strictness = sender.runtime.of(RepeatedForms).strictness
    if is_too_quick(opened_at(state.form_id.response_id, now), now, choices, strictness):
        return msgspec.structs.replace(sender, signs=(*sender.signs, "too_quick"))
    return sender
