"""A sitting on the hosted page: what is stored so far, which page is next, and saving one page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import GoneError, Problem
from harken_server.responses.asked import Collection, ask
from harken_server.responses.response import Standing, StoredResponse
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Receipt, Submission
from harken_server.responses.submit import Draft, submit_response
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page, leads_on, plan_page, plan_pages, walk
from harken_server.surveys.questions.types import Question
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
    is_anew: bool = False
    """Whether somebody begins again by a link of their own: what is stored is not shown, and is
    replaced by what is sent."""

    @property
    def sequence(self) -> int:
        """The last one stored; 0 while nothing is."""
        return 0 if self.stored is None else self.stored.sequence

    @property
    def known(self) -> dict[str, Any]:
        """The answers that this sitting may build on and show."""
        return {} if self.is_anew else self.answers

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


ON_THE_WEB = Origin()


class Step(msgspec.Struct, kw_only=True, frozen=True):
    """What a page that was sent comes to. Nothing is stored yet."""

    page: Page
    """The page sent; with problems, the page that has them."""
    after: str
    given: dict[str, Any]
    """The page's own answers, as sent."""
    answers: dict[str, Any]
    """All answers with the page's own put in."""
    checked: Checked
    """What these come to if the response is complete with them."""
    is_whole: bool
    """Whether it can be."""
    problems: tuple[Problem, ...] = ()
    next_after: str | None = None
    """Where to go on; None when the survey is finished."""

    def checked_as(self, *, is_complete: bool) -> Checked:
        """What is stored of the answers, which may lack something while they are not complete."""
        return self.checked if is_complete else self.checked.as_partial()


async def open_sitting(
    room: Collection, loaded: LoadedSurvey, response_id: UUID, context: dict[str, Any]
) -> Sitting:
    """What is stored of a response, under the version it began with; new when there is nothing.

    Raises GoneError (`response_erased`) and StorageError.
    """
    stored = await get_response(room.db, loaded.workspace.id, loaded.record.id, response_id)
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


def judge_page(
    sitting: Sitting, page: Page, after: str, given: dict[str, Any], *, is_back: bool = False
) -> Step:
    """Check the answers given to a page, and find where to go on.

    Only problems of the page itself are given, until the survey is finished: then the first page
    that has any, wherever it lies. On the way back there are none: bad answers are left out.
    """
    keys = page.asked
    answers = {key: value for key, value in sitting.known.items() if key not in keys} | given
    checked = _check(sitting, answers)
    problems = checked.problems
    step = Step(
        page=page,
        after=after,
        given=given,
        answers=answers,
        checked=checked,
        is_whole=not problems,
    )
    own = tuple(problem for problem in problems if problem.question in keys)
    if is_back:
        return _keep_good(sitting, step, own)
    if own:
        return msgspec.structs.replace(step, problems=own)
    if leads_on(sitting.loaded.survey, page, answers, sitting.context):
        return msgspec.structs.replace(step, next_after=page.questions[-1].key)
    return _go_to_problems(sitting, step) if problems else step


def is_changed(sitting: Sitting, step: Step) -> bool:
    """Whether the answers with the page's own put in differ from what is stored."""
    return advance(sitting, step).answers != sitting.answers


def advance(sitting: Sitting, step: Step) -> Sitting:
    """The sitting with the step's answers, as they are read back once it is stored."""
    questions = {question.key: question for question in sitting.loaded.survey.questions}
    visible, hidden = answers_from_rows(questions, step.checked.rows)
    return msgspec.structs.replace(sitting, answers={**hidden, **visible}, is_anew=False)


def is_stored(sitting: Sitting, questions: Sequence[Question], given: dict[str, Any]) -> bool:
    """Whether these answers to a page are what is stored, once both are in stored form."""
    loaded = sitting.loaded
    checked = check_answers(loaded.compiled, given, sitting.context, is_complete=False)
    if checked.problems:
        return False
    asked = {q.key: q for q in questions if q.behaviour.takes_answer}
    visible, hidden = answers_from_rows(asked, checked.rows)
    kept = {key: value for key, value in sitting.answers.items() if key in asked}
    return hidden | visible == kept


async def save_step(
    room: Collection,
    sitting: Sitting,
    step: Step,
    *,
    address: str | None,
    invitation: Invitation | None,
    locale: str,
    is_complete: bool,
    standing: Standing = "counted",
    origin: Origin = ON_THE_WEB,
    resume: str | None = None,
) -> Receipt:
    """Store the page's answers as the next sequence. `resume` is the secret of whoever answers,
    `standing` is a new response's; what an invitation says goes before the `origin`. Saving a page
    twice at once is safe. Raises what `submit_response` raises."""
    asked = ask(room, sitting.loaded, invitation, sitting.response_id)
    submission = Submission(
        id=sitting.response_id,
        survey=address,
        version=sitting.loaded.number,
        token=invitation.code if invitation else None,
        answers=step.given,
        resume=resume,
        cleared=_taken_back(sitting, step),
        complete=is_complete,
        sequence=sitting.sequence + 1,
        locale=locale,
        touchpoint=origin.touchpoint,
        context=origin.context,
        started_at=None if invitation else opened_at(sitting.response_id, room.clock()),
    )
    return await submit_response(
        room,
        submission,
        channel=origin.channel,
        is_vouched=True,
        standing=standing,
        draft=Draft(asked, sitting.stored, step.checked_as(is_complete=is_complete)),
    )


def _taken_back(sitting: Sitting, step: Step) -> tuple[str, ...]:
    return tuple(sorted(sitting.answers.keys() - step.answers.keys()))


class Sittings(msgspec.Struct, frozen=True):
    """How the responses behind one kind of address are read and saved."""

    open: Callable[[Collection, LoadedSurvey, UUID, dict[str, Any]], Awaitable[Sitting]] = (
        open_sitting
    )
    save: Callable[..., Awaitable[object]] = save_step
    """Takes what `save_step` takes."""


ORDINARY_SITTINGS = Sittings()


def _check(sitting: Sitting, answers: dict[str, Any]) -> Checked:
    return check_answers(sitting.loaded.compiled, answers, sitting.context, is_complete=True)


def _keep_good(sitting: Sitting, step: Step, problems: tuple[Problem, ...]) -> Step:
    bad = step.given.keys() & {problem.question for problem in problems}
    step = msgspec.structs.replace(step, next_after=step.page.previous)
    if not bad:
        return step
    given = {key: value for key, value in step.given.items() if key not in bad}
    answers = {key: value for key, value in step.answers.items() if key not in bad}
    checked = _check(sitting, answers)
    return msgspec.structs.replace(step, given=given, answers=answers, checked=checked)


def _go_to_problems(sitting: Sitting, step: Step) -> Step:
    """The first page that has a problem; the sent page when the way leads to none of them."""
    loaded = sitting.loaded
    pages = plan_pages(loaded.survey, step.answers, sitting.context, loaded.compiled.decisive)
    for page in pages:
        keys = page.asked
        own = tuple(each for each in step.checked.problems if each.question in keys)
        if own:
            return msgspec.structs.replace(step, page=page, after=page.after, problems=own)
    return step


def opened_at(response_id: UUID, now: datetime) -> datetime | None:
    """When the first page was opened: a page's own id carries its time (RFC 9562, version 7)."""
    if response_id.version != 7:
        return None
    started_at = _EPOCH + timedelta(milliseconds=response_id.int >> 80)
    return started_at if now - LONGEST_SITTING <= started_at <= now else None
