"""A survey answered one message at a time, by the token of an invitation.

What is stored decides what is asked next, so that a conversation may go on anywhere: begun by text
message, it can be finished on the page, and the other way round.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec

from harken_server.channels.messages.rules import Medium, Reading, is_askable, read_reply
from harken_server.channels.messages.store import (
    forget_messages,
    list_replies,
    note_message,
    question_of_message,
)
from harken_server.channels.page.wording import choose_locale
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import ConflictError, StorageError
from harken_server.kernel.formats import is_blank
from harken_server.responses.asked import Asked, Collection, find_asked
from harken_server.responses.closing import comer_of, refusal_when_closed
from harken_server.responses.known import Way
from harken_server.responses.sittings import Sitting, open_sitting
from harken_server.responses.small_groups import day_of
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response
from harken_server.surveys.answers.validation import check_answers
from harken_server.surveys.logic.paging import walk
from harken_server.surveys.questions.types import Question

MAX_TRIES = 5
"""How often a reply is stored again because something else was stored meanwhile."""


class ReplyBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a person sent; without `reply`, the question that is due is asked."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """The invitation's code."""
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "chat"
    """Where the conversation takes place: sms, phone, chat or one that the workspace declared; kept
    with the response when the trigger named no channel."""
    medium: Medium = "text"
    """`digits` for a keypad: 0 to 9, * and # only."""
    reply: Annotated[str, msgspec.Meta(max_length=12_000)] | None = None
    message: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    """The carrier's own id of the message: sent again, it changes nothing."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """The question replied to, as a button knows it; else the one that is due."""
    locale: Annotated[str, msgspec.Meta(max_length=12)] | None = None


class ConversationState(msgspec.Struct, kw_only=True, frozen=True):
    """Where the conversation stands after a message."""

    invitation: Invitation
    sitting: Sitting
    question: Question | None
    """What to ask now; None when there is nothing left that can be asked here."""
    own: frozenset[str]
    """Questions answered in this conversation: whatever came from elsewhere is not repeated."""
    left_out: frozenset[str]
    """Questions that a message left out."""
    is_again: bool = False
    """The message was not understood: put the question again."""

    @property
    def is_complete(self) -> bool:
        """Whether the response is complete. If not, and nothing is asked, a browser is needed."""
        return self.sitting.is_complete


async def take_message(room: Collection, body: ReplyBody, new_id: UUID) -> ConversationState:
    """Take a message and say what to ask next. `new_id` names a message that has no id of its own.

    Raises NotFoundError (`invitation_unknown`, `survey_draft`), GoneError (`survey_closed`,
    `invitation_expired`, `already_answered`, `response_erased`) and StorageError.
    """
    for _ in range(MAX_TRIES):
        state = await _open(room, body)
        if state.is_complete:
            await _forget(room, state)
        if body.reply is None or state.is_complete:
            return state
        try:
            return await _take(room, body, state, new_id)
        except ConflictError:
            continue
    raise StorageError("The response is being changed by other requests; try again.")


def locale_of(state: ConversationState, wanted: str | None) -> str:
    """The locale in which the conversation is held."""
    return choose_locale(state.sitting.loaded.survey, wanted, state.invitation.locale or "")


async def _open(room: Collection, body: ReplyBody) -> ConversationState:
    probe = Submission(id=UUID(int=0), token=body.token, answers={})
    asked = await find_asked(room, probe, None)
    invitation = asked.invitation
    assert invitation is not None  # noqa: S101  # it was found by its token
    sitting = await open_sitting(room, asked.loaded, invitation.answer_id, dict(invitation.context))
    if sitting.sequence == 0:
        await _refuse(room, asked)
    replies = await list_replies(room.db, invitation.workspace_id, invitation.id)
    left_out = frozenset(each.question for each in replies if each.is_skip)
    return ConversationState(
        invitation=invitation,
        sitting=sitting,
        question=None if sitting.is_complete else _due(sitting, left_out, body.medium),
        own=frozenset(each.question for each in replies if not each.is_skip),
        left_out=left_out,
    )


async def _refuse(room: Collection, asked: Asked) -> None:
    """Raise why nobody may begin; whoever has begun may go on."""
    if asked.refusal is not None and asked.refusal.code != "already_answered":
        raise asked.refusal
    comer = comer_of(asked.invitation, {}, room.clock())
    closed = await refusal_when_closed(room.db, asked.loaded, comer)
    if closed is not None:
        raise closed


async def _take(
    room: Collection, body: ReplyBody, state: ConversationState, new_id: UUID
) -> ConversationState:
    invitation, now = state.invitation, room.clock()
    message_id = uuid5(invitation.id, str(new_id))  # which tells no time
    if body.message is not None:
        message_id = uuid5(invitation.id, f"{body.channel} {body.message}")
        owner = (invitation.workspace_id, invitation.id)
        taken = await question_of_message(room.db, *owner, message_id)
        if taken is not None and (state.question is None or taken != state.question.key):
            return state
    question = _meant(state, body)
    if question is None or body.reply is None:
        return state
    locale = locale_of(state, body.locale)
    reading = read_reply(question, body.reply, body.medium, locale)
    if reading.is_unclear or not _is_good(state.sitting, question, reading):
        return msgspec.structs.replace(state, question=question, is_again=True)
    await note_message(
        room.db,
        invitation.workspace_id,
        message_id,
        invitation_id=invitation.id,
        question=question.key,
        is_skip=reading.is_skip,
        now=day_of(now) if state.sitting.loaded.survey.anonymous else now,
    )
    await _store(room, body, state, question, reading)
    after = await _open(room, body)
    if after.is_complete:
        await _forget(room, after)
    return after


async def _forget(room: Collection, state: ConversationState) -> None:
    """Of an anonymous answer that is complete nobody keeps who left out which question."""
    if state.sitting.loaded.survey.anonymous:
        await forget_messages(room.db, state.invitation.workspace_id, state.invitation.id)


def _meant(state: ConversationState, body: ReplyBody) -> Question | None:
    """The question replied to: a named one may be answered anew while the survey is open."""
    if body.question is None:
        return state.question
    survey = state.sitting.loaded.survey
    found = (each for each in survey.questions if each.key == body.question)
    question = next(found, None)
    return question if question and is_askable(question, body.medium) else state.question


def _is_good(sitting: Sitting, question: Question, reading: Reading) -> bool:
    if reading.is_skip:
        return True
    given = {question.key: reading.value}
    compiled = sitting.loaded.compiled
    alone = check_answers(compiled, given, sitting.context, is_complete=False)
    whole = check_answers(compiled, given, sitting.context, is_complete=True).problems
    return not alone.problems and not any(each.question == question.key for each in whole)


async def _store(
    room: Collection,
    body: ReplyBody,
    state: ConversationState,
    question: Question,
    reading: Reading,
) -> None:
    sitting, invitation = state.sitting, state.invitation
    given: dict[str, Any] = {} if reading.is_skip else {question.key: reading.value}
    answers = {**sitting.answers, **given}
    left_out = state.left_out | ({question.key} if reading.is_skip else set[str]())
    after = msgspec.structs.replace(sitting, answers=answers)
    is_last = _due(after, left_out, body.medium) is None
    is_complete = is_last and bool(answers) and _is_whole(after)
    if not given and not is_complete:
        return
    submission = Submission(
        id=sitting.response_id,
        token=invitation.code,
        version=sitting.loaded.number,
        answers=given,
        complete=is_complete,
        sequence=sitting.sequence + 1,
        channel=body.channel,
    )
    await submit_response(room, submission, Way(channel=body.channel))


def _is_whole(sitting: Sitting) -> bool:
    checked = check_answers(
        sitting.loaded.compiled, sitting.answers, sitting.context, is_complete=True
    )
    return not checked.problems


def _due(sitting: Sitting, left_out: frozenset[str], medium: Medium) -> Question | None:
    """The first question on the way that was neither answered nor left out."""
    survey = sitting.loaded.survey
    by_key = {question.key: question for question in survey.questions}
    for key in walk(survey, sitting.answers, sitting.context).visible:
        question = by_key[key]
        is_done = key in left_out or not is_blank(sitting.answers.get(key))
        if is_askable(question, medium) and not is_done:
            return question
    return None
