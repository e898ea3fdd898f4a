"""What a page that was sent comes to beside what is stored of its sitting, and saving it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import Problem
from harken_server.responses.asked import Collection, ask
from harken_server.responses.known import Way
from harken_server.responses.programs.sender import Sender
from harken_server.responses.response import Standing
from harken_server.responses.sittings.sitting import (
    ON_THE_WEB,
    Origin,
    Sitting,
    open_sitting,
    opened_at,
)
from harken_server.responses.submission import Receipt, Submission
from harken_server.responses.submit import Draft, submit_response
from harken_server.surveys.answers.typed_rows import answers_from_rows
from harken_server.surveys.answers.validation import Checked, check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import Page, leads_on, plan_pages
from harken_server.surveys.questions.types import Question


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


def is_stored(sitting: Sitting, questions: Sequence[Question], given: dict[str, Any]) -> bool:
    """Whether these answers to a page are what is stored, once both are in stored form."""
    loaded = sitting.loaded
    checked = check_answers(loaded.compiled, given, sitting.context, is_complete=False)
    if checked.problems:
        return False
    asked = {q.key: q for q in questions if q.behaviour.takes_answer}
    visible, hidden = answers_from_rows(asked, checked.rows)
    kept = {key: value for key, value in sitting.known.items() if key in asked}
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


class Sittings(msgspec.Struct, frozen=True):
    """How the responses behind one kind of address are read and saved."""

    open: Callable[[Collection, LoadedSurvey, UUID, dict[str, Any]], Awaitable[Sitting]] = (
        open_sitting
    )
    save: Callable[..., Awaitable[object]] = save_step
    """Takes what `save_step` takes."""


ORDINARY_SITTINGS = Sittings()


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
    pages = plan_pages(loaded.survey, step.answers, sitting.context, loaded.compiled.decisive)
    for page in pages:
        keys = page.asked
        own = tuple(each for each in step.checked.problems if each.question in keys)
        if own:
            return msgspec.structs.replace(step, page=page, after=page.after, problems=own)
    return step
