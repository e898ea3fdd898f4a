"""A touchpoint happened, or many did: decide, explain, and invite."""

import re
from datetime import datetime
from itertools import islice
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.asking.batches import MAX_TRIGGERS, Outcome, trigger_each
from harken_server.asking.decision import TriggerResult
from harken_server.asking.explaining import find_decision
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.triggers import TriggerQueue
from harken_server.asking.triggers import trigger as decide_trigger
from harken_server.deliveries.channels import Channels
from harken_server.http.bodies import decode_json
from harken_server.http.declared import Reads, fast_route
from harken_server.http.encodings import Headers
from harken_server.http.problems import BadRequestError, ProblemDocument, problem_of, status_of
from harken_server.http.replies import Replied
from harken_server.http.resources import Resource
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import invitation_qr_text, invitation_qr_url, invitation_url
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import HarkenError, InvalidInputError, Problem
from harken_server.workspaces.keyed import Call, get, post

IDEMPOTENCY_KEY = "Idempotency-Key"
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""Room for 500 triggers of 8 KiB each."""
_BATCH_FIELD = b'"triggers"'
DECISION = Resource("decision", "decision_unknown")
DecisionId: TypeAlias = Annotated[UUID, DECISION]


class InvitationItem(msgspec.Struct, kw_only=True):
    """A personal link and its QR."""

    id: UUID
    code: str
    """13 characters, Crockford base32; may be typed in any case and with hyphens."""
    url: str
    """To be read and pressed."""
    qr_text: str
    """The same link as a QR should hold it: in capitals behind its scheme, which keeps it small."""
    expires_at: datetime | None
    qr_svg_url: str
    qr_png_url: str


class DecisionReply(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Whether the respondent is asked, and why."""

    id: UUID
    asked: bool
    reason: str
    """asked, or the first of the other codes of `DecisionReason` that holds."""
    explanation: str
    """One sentence with the figures that were decided on."""
    detail: str = ""
    """What exactly: `survey.dismissed` for a clock, the name of a quota, the rule that failed."""
    touchpoint: str
    channel: str
    decided_at: datetime
    respondent: str | None = None
    survey: str | None = None
    invitation: InvitationItem | None = None
    delivery: UUID | msgspec.UnsetType | None = msgspec.UNSET
    """Where Harken sends, as on `email`: what was queued."""


class TriggerBatch(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Many triggers at once; each may carry an `idempotency_key` of its own."""

    triggers: Annotated[list[TriggerRequest], msgspec.Meta(min_length=1, max_length=MAX_TRIGGERS)]


class BatchItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What became of one trigger of a batch: a decision or a problem."""

    status: int
    """What a single trigger would have been answered with, such as 201, 200, 409 or 422."""
    decision: DecisionReply | None = None
    problem: ProblemDocument | None = None


class TriggerBatchReply(msgspec.Struct, kw_only=True):
    """One result for each trigger, in the order in which they were sent."""

    results: list[BatchItem]


MOST_PARTS = 120 * MAX_TRIGGERS
"""Commas outside of texts: no trigger has as many as 120 fields, traits and words of context."""
_TEXT_OR_COMMA = re.compile(rb'"(?:[^"\\]|\\.)*+"|(,)')


class _RawBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    triggers: list[msgspec.Raw]


def read_triggers(raw: bytes, _: Headers) -> TriggerRequest | list[TriggerRequest | HarkenError]:
    """One trigger, or those of a batch, each by itself so that a bad one stops no other.

    Raises BadRequestError for a body that is no JSON, InvalidInputError `too_many` and `too_few`.
    """
    is_list = raw.lstrip()[:1] == b"["
    if not is_list and (
        _BATCH_FIELD not in raw or "triggers" not in decode_json(raw, dict[str, msgspec.Raw])
    ):
        return decode_json(raw, TriggerRequest)
    path = "$" if is_list else "$.triggers"
    if _has_more_parts(raw):
        message = f"A batch holds 1 to {MAX_TRIGGERS} triggers; this has over {MOST_PARTS} parts."
        raise InvalidInputError(message, (Problem(path, "too_many", message, limit=MAX_TRIGGERS),))
    items = decode_json(raw, list[msgspec.Raw]) if is_list else decode_json(raw, _RawBatch).triggers
    if 1 <= len(items) <= MAX_TRIGGERS:
        return [_decode(item) for item in items]
    message = f"A batch holds 1 to {MAX_TRIGGERS} triggers, not {len(items)}."
    code = "too_many" if items else "too_few"
    raise InvalidInputError(message, (Problem(path, code, message, limit=MAX_TRIGGERS),))


def _has_more_parts(raw: bytes) -> bool:
    """Whether it is more than a batch can be, before each of its items takes 64 bytes."""
    if raw.count(b",") <= MOST_PARTS:
        return False
    commas = (found for found in _TEXT_OR_COMMA.finditer(raw) if found[1])
    return next(islice(commas, MOST_PARTS, None), None) is not None


@post(
    "/triggers",
    "trigger",
    "A touchpoint happened: may this respondent be asked? Up to 500 at once",
    scope="write",
    status=201,
    also=(200,),
    errors=(409,),
    limit=MAX_BATCH_BYTES,
    reads=Reads(("application/json",), read_triggers),
    bodies=(TriggerRequest, TriggerBatch, list[TriggerRequest]),
    headers=((IDEMPOTENCY_KEY, "Repeating the request with the same key gives the same answer."),),
    everyday="an application asks all day, and each decision is kept with its reason",
)
async def trigger(
    call: Call, body: TriggerRequest | list[TriggerRequest | HarkenError]
) -> Replied[DecisionReply | TriggerBatchReply]:
    """201 with a new decision; 200 when the idempotency key was used before, and for a batch."""
    runtime = call.runtime
    key = call.header(IDEMPOTENCY_KEY)

    async def fire(request: TriggerRequest) -> TriggerResult:
        return await decide_trigger(
            runtime.db,
            request,
            workspace_id=call.workspace_id,
            now=runtime.clock(),
            random=runtime.random,
            channels=runtime.of(Channels),
            idempotency_key=key,
            queue=runtime.of(TriggerQueue),
        )

    if isinstance(body, TriggerRequest):
        result = await fire(body)
        return Replied(decision_reply(runtime, result), 200 if result.is_repeat else 201)
    if key is not None:
        raise BadRequestError(
            "A batch has no idempotency key of its own: give each trigger an `idempotency_key`.",
            code="bad_parameter",
        )
    outcomes = await trigger_each(body, fire)
    return Replied(TriggerBatchReply(results=[_item(runtime, each) for each in outcomes]), 200)


TRIGGER = fast_route(trigger, "/v1/triggers", "POST")
"""The same operation before the framework, which costs more than it: for speed.

The framework still has the route: for other methods and other spellings of the address.
"""


def decision_reply(runtime: Runtime, result: TriggerResult) -> DecisionReply:
    """A decision with the addresses that go with it."""
    decision = result.decision
    is_sent = decision.is_asked and runtime.of(Channels).sends(decision.channel) is not None
    return DecisionReply(
        id=decision.id,
        asked=decision.is_asked,
        reason=decision.reason,
        explanation=result.explanation,
        detail=result.verdict.detail,
        touchpoint=decision.touchpoint,
        channel=decision.channel,
        decided_at=decision.created_at,
        respondent=decision.respondent,
        survey=result.survey_key,
        invitation=_invitation(runtime, result.invitation) if result.invitation else None,
        delivery=result.delivery_id if is_sent else msgspec.UNSET,
    )


@get("/decisions/{id:str}", "get_decision", "Read a decision again", errors=(404,))
async def read(
    call: Call,
    id: DecisionId,  # noqa: A002  # The path's own word.
) -> DecisionReply:
    """The decision as it was told when it was made, with the same figures."""
    found = await find_decision(call.db, call.workspace_id, id)
    return decision_reply(call.runtime, DECISION.found(found, id))


def _decode(item: msgspec.Raw) -> TriggerRequest | HarkenError:
    try:
        return decode_json(bytes(item), TriggerRequest)
    except HarkenError as error:
        error.__cause__ = error.__context__ = None  # and what they keep: 1 kB an item
        return error.with_traceback(None)


def _item(runtime: Runtime, outcome: Outcome) -> BatchItem:
    if isinstance(outcome, HarkenError):
        return BatchItem(status=status_of(outcome), problem=problem_of(outcome))
    return BatchItem(
        status=200 if outcome.is_repeat else 201, decision=decision_reply(runtime, outcome)
    )


def _invitation(runtime: Runtime, invitation: Invitation) -> InvitationItem:
    http = runtime.settings.of(HttpSettings)
    return InvitationItem(
        id=invitation.id,
        code=invitation.code,
        url=invitation_url(http.short_url, invitation.code),
        qr_text=invitation_qr_text(http.short_url, invitation.code),
        expires_at=invitation.expires_at,
        qr_svg_url=invitation_qr_url(http.public_url, invitation.code, "svg"),
        qr_png_url=invitation_qr_url(http.public_url, invitation.code, "png"),
    )
