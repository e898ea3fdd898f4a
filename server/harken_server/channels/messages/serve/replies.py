"""`POST /v1/public/replies`: a survey answered one message at a time, on any channel.

A text message service, a telephone menu or a chat bot sends what the person said and gets what to
say next. The token is all that it needs to know.
"""

from uuid import UUID

import msgspec

from harken_server.channels.messages.conversation import (
    ConversationState,
    ReplyBody,
    locale_of,
    take_message,
)
from harken_server.channels.messages.prompts import Conversation, Prompt, render_end, render_prompt
from harken_server.channels.messages.rules import is_stop
from harken_server.channels.messages.words import MESSAGE_WORDS
from harken_server.http.declared import Arrival
from harken_server.http.public import VISITOR, post
from harken_server.http.runtime import Runtime, admit_subject
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import code_subject, invitation_url
from harken_server.invitations.redeem import redeem_code
from harken_server.respondents.store.suppressions import suppress
from harken_server.responses.asked import collection_of, invalid
from harken_server.responses.known import NEUTRAL_CHANNEL
from harken_server.responses.submission import MAX_SUBMISSION_BYTES
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.store.workspaces import declared_channels

SMS_CHANNEL = "sms"


class NextPrompt(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What to say next."""

    say: str
    """The whole text to send or speak."""
    done: bool
    """Whether the conversation is over here: thank and hang up."""
    complete: bool
    """Whether the response is complete. Done but not complete: the rest needs a browser."""
    locale: str
    prompt: Prompt | None = None
    understood: bool = True
    """Whether the reply could be read; if not, the question is put again."""
    link: str | None = None
    """Where the rest can be answered, when it cannot be here."""


@post(
    "/v1/public/replies",
    "take_reply",
    "Answer a survey one message at a time",
    caller=VISITOR,
    limit=MAX_SUBMISSION_BYTES,
    errors=(404, 410),
)
async def reply(arrival: Arrival, body: ReplyBody) -> NextPrompt:
    """Stores the answer, if the reply is one, and says what comes next."""
    subject = code_subject(body.token)
    admit_subject(arrival.runtime, "answers with this code", subject)
    subject = code_subject(body.token)
    admit_subject(arrival.runtime, "answers with this code", subject)
    return await converse(arrival.runtime, body)


async def converse(runtime: Runtime, body: ReplyBody) -> NextPrompt:
    """One message in, the next one out. Raises what `take_message` raises, and
    InvalidSubmissionError for a channel that is none of the workspace.

    A channel that proves something is not taken at its word: the invitation says it, or nobody.
    In a text message STOP, in any of our languages, is never an answer: nothing more is asked.
    """
    await _require_channel(runtime, body)
    if not runtime.of(ChannelNames).is_claimable(body.channel, has_invitation=True):
        body = msgspec.structs.replace(body, channel=NEUTRAL_CHANNEL)
    if body.channel == SMS_CHANNEL and body.reply is not None and is_stop(body.reply):
        return await _stop(runtime, body)
    state = await take_message(collection_of(runtime), body, runtime.new_id())
    return _next(runtime, state, body)


async def _require_channel(runtime: Runtime, body: ReplyBody) -> None:
    names = runtime.of(ChannelNames)
    if body.channel in names.built_in:
        return
    invitation = await redeem_code(runtime.db, body.token)
    declared = await declared_channels(runtime.db, invitation.workspace_id)
    if problems := tuple(names.check(body.channel, declared)):
        raise invalid(problems)


async def _stop(runtime: Runtime, body: ReplyBody) -> NextPrompt:
    invitation = await redeem_code(runtime.db, body.token)
    locale = body.locale or invitation.locale or "en"
    if invitation.respondent is not None:
        await stop_asking(runtime, invitation.workspace_id, invitation.respondent)
    return NextPrompt(
        say=MESSAGE_WORDS.of(locale).stopped, done=True, complete=False, locale=locale
    )


async def stop_asking(runtime: Runtime, workspace_id: UUID, respondent: str) -> None:
    """Ask somebody no more, on any channel."""
    await suppress(
        runtime.db,
        workspace_id,
        respondent,
        reason="unsubscribed",
        now=runtime.clock(),
        new_id=runtime.new_id(),
    )


def _next(runtime: Runtime, state: ConversationState, body: ReplyBody) -> NextPrompt:
    sitting, invitation = state.sitting, state.invitation
    survey = sitting.loaded.survey
    locale = locale_of(state, body.locale)
    talk = Conversation(
        survey=survey,
        locale=locale,
        answers=sitting.answers,
        own={key: given for key, given in sitting.answers.items() if key in state.own},
        context=sitting.context,
        medium=body.medium,
    )
    if state.question is not None:
        prompt = render_prompt(talk, state.question, is_again=state.is_again)
        return NextPrompt(
            say=prompt.text,
            done=False,
            complete=False,
            locale=locale,
            prompt=prompt,
            understood=not state.is_again,
        )
    link = None
    if not state.is_complete:
        link = invitation_url(runtime.settings.of(HttpSettings).short_url, invitation.code)
    return NextPrompt(
        say=render_end(talk, link), done=True, complete=link is None, locale=locale, link=link
    )
