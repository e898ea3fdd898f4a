"""`/v1/hooks/sms/…`: replies to text messages, in the shapes that carriers send them."""

import logging
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
from litestar import Response

from harken_server.channels.messages.conversation import ReplyBody
from harken_server.channels.messages.rules import is_stop
from harken_server.channels.messages.serve.replies import SMS_CHANNEL, converse, stop_asking
from harken_server.channels.messages.words import MESSAGE_WORDS, MessageWords
from harken_server.channels.page.forms import first_value, read_form
from harken_server.deliveries.channels import Channels
from harken_server.design.markup import xml_text
from harken_server.http.bodies import decode_json
from harken_server.http.declared import Arrival, Caller, Reads
from harken_server.http.limits import Budget
from harken_server.http.problems import BadRequestError
from harken_server.http.public import post
from harken_server.http.runtime import Runtime, admit, spend
from harken_server.invitations.links import SMS_HOOK_KIND, read_hook
from harken_server.kernel.errors import GoneError, NotFoundError
from harken_server.kernel.formats import normalise_phone
from harken_server.respondents.store.respondents import find_by_phone
from harken_server.responses.store.persons_sql import list_open_invitations
from harken_server.responses.submission import MAX_SUBMISSION_BYTES

MOST_OPEN = 50
MAX_TEXT_CHARS = 1_600
"""Ten joined messages, which is what carriers join."""

log = logging.getLogger("harken.messages")


class MessageHookQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What lets a carrier in."""

    token: Annotated[str, msgspec.Meta(min_length=1, max_length=600)]


FROM_ONE_NUMBER = Budget("messages of this number", a_minute=30, at_once=60)


class InboundText(msgspec.Struct, kw_only=True, frozen=True, rename={"sender": "from"}):
    """One received text message; what else the carrier says of it is not looked at."""

    sender: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    """The person's number, as `from`."""
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS)]
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """The carrier's id of the message: the same one again changes nothing."""


class Carrier(NamedTuple):
    """Who calls with a token of ours."""

    runtime: Runtime
    workspace_id: UUID


class OutboundText(msgspec.Struct, kw_only=True):
    """What to send back."""

    text: str
    done: bool


async def _carrier(arrival: Arrival) -> Carrier:
    runtime, shape = arrival.runtime, arrival.piece("shape")
    admit(runtime, arrival.scope)
    if shape not in {"generic", "twilio"}:
        raise NotFoundError(
            f"There is no message shape {shape!r}; there are: generic, twilio.",
            code="shape_unknown",
        )
    token = arrival.query(MessageHookQuery).token
    workspace_id = await read_hook(runtime, SMS_HOOK_KIND, token)
    if workspace_id is None:
        raise BadRequestError(
            "The hook's token is not good; make a new hook.", code="hook_token_invalid", status=403
        )
    return Carrier(runtime, workspace_id)


@post(
    "/v1/hooks/sms/{shape:str}",
    "take_text_message",
    "A text message was received",
    caller=Caller(_carrier, (403, 404, 429), query=MessageHookQuery),
    limit=MAX_SUBMISSION_BYTES,
    reads=Reads(("application/json", "application/x-www-form-urlencoded")),
    bodies=(InboundText,),
)
async def text_message(carrier: Carrier, shape: str, body: bytes) -> OutboundText | Response[bytes]:
    """`generic` takes and gives JSON; `twilio` takes its form and gives TwiML."""
    is_generic = shape == "generic"
    inbound = decode_json(body, InboundText) if is_generic else _read_form(body)
    out = await _take(carrier.runtime, carrier.workspace_id, inbound)
    return out if is_generic else _twiml(out)


def _read_form(raw: bytes) -> InboundText:
    form = read_form(raw)
    values = {
        "from": first_value(form, "From"),
        "text": first_value(form, "Body"),
        "id": first_value(form, "MessageSid"),
    }
    return decode_json(msgspec.json.encode(values), InboundText)


async def _take(runtime: Runtime, workspace_id: UUID, inbound: InboundText) -> OutboundText:
    number = normalise_phone(inbound.sender)
    if number is None:
        raise BadRequestError(
            f"`from` must be a phone number, not {inbound.sender!r}.", code="bad_parameter"
        )
    spend(runtime, FROM_ONE_NUMBER, f"{workspace_id} {number}")
    people = await find_by_phone(runtime.db, workspace_id, number)
    names = [person.respondent for person in people] or [number]
    locale = people[0].locale if people else None
    words = MESSAGE_WORDS.of(locale or "en")
    if is_stop(inbound.text):
        for name in dict.fromkeys([*names, number]):
            await stop_asking(runtime, workspace_id, name)
        return OutboundText(text=words.stopped, done=True)
    code = await _open_code(runtime, workspace_id, names)
    if code is None:
        return OutboundText(text=words.nothing_open, done=True)
    body = ReplyBody(
        token=code,
        channel=SMS_CHANNEL,
        reply=inbound.text,
        message=f"{number} {inbound.id}"[:200],
        locale=locale,
    )
    return await _reply(runtime, body, words)


async def _reply(runtime: Runtime, body: ReplyBody, words: MessageWords) -> OutboundText:
    """Carriers need a text whatever happens: what can no longer be answered is said in words."""
    try:
        state = await converse(runtime, body)
    except (GoneError, NotFoundError) as error:
        log.info("a text message could not be taken", extra={"code": error.code})
        return OutboundText(text=words.no_longer, done=True)
    return OutboundText(text=state.say, done=state.done)


async def _open_code(runtime: Runtime, workspace_id: UUID, names: list[str]) -> str | None:
    """The newest invitation to be answered by text that waits for any of these respondents."""
    channels = [channel.name for channel in runtime.of(Channels) if channel.takes_texts]
    found = [
        waiting.invitation
        for name in names[:20]
        for channel in channels
        for waiting in await list_open_invitations(
            runtime.db, workspace_id, name, channel, runtime.clock(), MOST_OPEN
        )
    ]
    newest = max(found, key=lambda each: (each.created_at, each.id), default=None)
    return newest.code if newest else None


def _twiml(out: OutboundText) -> Response[bytes]:
    body = f"<Response><Message>{xml_text(out.text)}</Message></Response>"
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode(),
        media_type="application/xml",
        headers={"cache-control": "no-store"},
    )
