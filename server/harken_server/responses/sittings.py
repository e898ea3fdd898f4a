"""Sittings on the hosted page: what is stored of one, and what each page that is sent adds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import GoneError, Problem
from harken_server.kernel.ids import time_of
from harken_server.responses.asked import Collection, ask, kept_id
from harken_server.responses.known import Way
from harken_server.responses.programs.sender import Sender
from harken_server.responses.response import Proof, Standing, StoredResponse
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Receipt, Submission
from harken_server.responses.submit import Draft, submit_response
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page, leads_on, plan_page, plan_pages, walk
from harken_server.surveys.survey import Ending

LONGEST_SITTING = timedelta(days=90)


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
    """When the first page was opened: a page's own id carries its time."""
    opened = time_of(response_id)
    return opened if opened and now - LONGEST_SITTING <= opened <= now else None


class Step(msgspec.Struct, kw_only=True, frozen=True):
    """What a page that was sent comes to. Nothing is stored yet."""

    page: Page
    """The page sent; with problems, the page that has them."""
    after: str
    given: dict[str, Any]
    """The page's own answers, as sent."""
    answers: dict[str, Any]
    """All answers of this sitting with the page's own put in."""
    begun: dict[str, Any]
    """Those from elsewhere that stay beside them."""
    checked: Checked
    """What these come to if the response is complete with them; rows are of both."""
    is_whole: bool
    """Whether it can be."""
    problems: tuple[Problem, ...] = ()
    next_after: str | None = None
    """Where to go on; None when the survey is finished."""

    def checked_as(self, *, is_complete: bool) -> Checked:
        """What is stored of the answers, which may lack something while they are not complete."""
        return self.checked if is_complete else self.checked.as_partial()


def judge_page(
    sitting: Sitting, page: Page, after: str, given: dict[str, Any], *, is_back: bool = False
) -> Step:
    """Check the answers given to a page, and find where to go on.

    Only problems of the page itself are given, until the survey is finished: then the first page
    that has any, wherever it lies. On the way back there are none: bad answers are left out.
    """
    keys = page.asked
    # A box stands empty where the page shows nothing of the tick from elsewhere: that is left.
    left = {key for key, value in given.items() if value is False and key in sitting.begun}
    given = {key: value for key, value in given.items() if key not in left}
    answers = {key: value for key, value in sitting.known.items() if key not in keys} | given
    begun, checked = _check(sitting, answers)
    problems = checked.problems
    step = Step(
        page=page,
        after=after,
        given=given,
        answers=answers,
        begun=begun,
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
    own = None if sitting.own is None else frozenset(step.answers)
    return msgspec.structs.replace(sitting, answers={**hidden, **visible}, own=own, is_anew=False)


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
    sender: Sender | None = None,
) -> Receipt:
    """Store the page's answers as the next sequence, safely twice at once, as `submit_response`
    does. `resume` is the secret of whoever answers; an invitation goes before the `origin`."""
    asked = ask(room, sitting.loaded, invitation, sitting.response_id)
    submission = _submission_of(
        sitting,
        step,
        origin,
        survey=address,
        token=invitation.code if invitation else None,
        resume=resume,
        complete=is_complete,
        locale=locale,
        started_at=None if invitation else opened_at(sitting.response_id, room.clock()),
    )
    return await submit_response(
        room,
        submission,
        Way(
            channel=origin.channel,
            is_vouched=True,
            proof=origin.proof,
            standing=standing,
            sender=sender,
        ),
        draft=Draft(asked, sitting.stored, step.checked_as(is_complete=is_complete)),
    )


def _submission_of(sitting: Sitting, step: Step, origin: Origin, **said: Any) -> Submission:
    return Submission(
        id=sitting.response_id,
        version=sitting.loaded.number,
        answers=step.given,
        cleared=tuple(sorted(sitting.answers.keys() - step.answers.keys() - step.begun.keys())),
        sequence=sitting.sequence + 1,
        touchpoint=origin.touchpoint,
        context=origin.context,
        **said,
    )


def _check(sitting: Sitting, answers: dict[str, Any]) -> tuple[dict[str, Any], Checked]:
    """The answers from elsewhere that stay, and what these come to.

    A page asks what it would ask without those, so that nothing of them can be told from it.
    Nothing that was asked is hidden because of them, and nothing must be answered that was not.
    """
    compiled, context = sitting.loaded.compiled, sitting.context
    checked = check_answers(compiled, answers, context, is_complete=True)
    begun = {key: given for key, given in sitting.begun.items() if key not in answers}
    if not begun or checked.is_wrong:
        return begun, checked
    shown = answers.keys() - set(checked.hidden)
    merged = check_answers(compiled, {**begun, **answers}, context, is_complete=False)
    rows = [row._replace(is_hidden=row.is_hidden and row.question not in shown)
            for row in merged.rows]  # fmt: skip
    return begun, checked._replace(rows=rows)


def _keep_good(sitting: Sitting, step: Step, problems: tuple[Problem, ...]) -> Step:
    bad = step.given.keys() & {problem.question for problem in problems}
    step = msgspec.structs.replace(step, next_after=step.page.previous)
    if not bad:
        return step
    given = {key: value for key, value in step.given.items() if key not in bad}
    answers = {key: value for key, value in step.answers.items() if key not in bad}
    begun, checked = _check(sitting, answers)
    return msgspec.structs.replace(step, given=given, answers=answers, begun=begun, checked=checked)


def _go_to_problems(sitting: Sitting, step: Step) -> Step:
    """The first page that has a problem; the sent page when the way leads to none of them."""
    loaded = sitting.loaded
    decisive = loaded.compiled.decisive
    for page in plan_pages(loaded.survey, step.answers, sitting.context, decisive):
        own = tuple(each for each in step.checked.problems if each.question in page.asked)
        if own:
            return msgspec.structs.replace(step, page=page, after=page.after, problems=own)
    return step
