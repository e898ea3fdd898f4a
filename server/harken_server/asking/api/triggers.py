"""A touchpoint happened, or many did: decide, explain, and invite."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post

from harken_server.asking.batches import MAX_TRIGGERS, Outcome, trigger_each
from harken_server.asking.decision import TriggerResult
from harken_server.asking.requests import TriggerRequest
from harken_server.asking.triggers import TriggerQueue
from harken_server.asking.triggers import trigger as decide_trigger
from harken_server.deliveries.channels import Channels
from harken_server.http.bodies import decode_json
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError, ProblemDocument, problem_of, status_of
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.invitations.codes import invitation_qr_url, invitation_url
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.errors import HarkenError, InvalidInputError, Problem
from harken_server.workspaces.access import workspace_of

IDEMPOTENCY_KEY = "Idempotency-Key"
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""Room for 500 triggers of 8 KiB each."""
_BATCH_FIELD = b'"triggers"'


class InvitationItem(msgspec.Struct, kw_only=True):
    """A personal link and its QR."""

    id: UUID
    code: str
    """13 characters, Crockford base32; may be typed in any case and with hyphens."""
    url: str
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
    """Where Harken sends, as on `email`: what was queued, or null when no address is known."""


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


class _RawBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    triggers: list[msgspec.Raw]


_triggers = msgspec.json.Decoder(TriggerRequest)
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_batches = msgspec.json.Decoder(_RawBatch)
_lists = msgspec.json.Decoder(list[msgspec.Raw])


@post(
    "/triggers",
    request_max_body_size=MAX_BATCH_BYTES,
    opt=describe(
        Operation(
            "trigger",
            "A touchpoint happened: may this respondent be asked? Up to 500 at once",
            scope="write",
            body=TriggerRequest,
            reply=DecisionReply,
            or_bodies=(TriggerBatch, list[TriggerRequest]),
            or_reply=TriggerBatchReply,
            status=201,
            also=(200,),
            errors=(400, 409, 413, 422),
            headers=(
                (IDEMPOTENCY_KEY, "Repeating the request with the same key gives the same answer."),
            ),
        )
    ),
)
async def trigger(request: Request[Any, Any, Any]) -> Response[bytes]:
    """201 with a new decision; 200 when the idempotency key was used before, and for a batch."""
    status, reply = await answer_trigger(
        runtime_of(request),
        workspace_of(request).id,
        await request.body(),
        request.headers.get(IDEMPOTENCY_KEY),
    )
    return json_reply(reply, status)


async def answer_trigger(
    runtime: Runtime, workspace_id: UUID, raw: bytes, key: str | None
) -> tuple[int, DecisionReply | TriggerBatchReply]:
    """Status and reply to the body of a trigger or a batch, with the header's idempotency key."""

    async def fire(body: TriggerRequest) -> TriggerResult:
        return await decide_trigger(
            runtime.db,
            body,
            workspace_id=workspace_id,
            now=runtime.clock(),
            random=runtime.random,
            channels=runtime.of(Channels),
            idempotency_key=key,
            queue=runtime.of(TriggerQueue),
        )

    items = _split(raw)
    if items is None:
        result = await fire(decode_json(raw, _triggers))
        return 200 if result.is_repeat else 201, decision_reply(runtime, result)
    if key is not None:
        raise BadRequestError(
            "A batch has no idempotency key of its own: give each trigger an `idempotency_key`.",
            code="bad_parameter",
        )
    outcomes = await trigger_each([_decode(item) for item in items], fire)
    return 200, TriggerBatchReply(results=[_item(runtime, outcome) for outcome in outcomes])


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


def _split(raw: bytes) -> list[msgspec.Raw] | None:
    """The triggers of a batch, each still to be decoded; None for a body that is a single one.

    Raises BadRequestError for a body that is no JSON, InvalidInputError `too_many` and `too_few`.
    """
    is_list = raw.lstrip()[:1] == b"["
    if not is_list and (_BATCH_FIELD not in raw or "triggers" not in decode_json(raw, _fields)):
        return None
    items = decode_json(raw, _lists) if is_list else decode_json(raw, _batches).triggers
    if 1 <= len(items) <= MAX_TRIGGERS:
        return items
    message = f"A batch holds 1 to {MAX_TRIGGERS} triggers, not {len(items)}."
    code = "too_many" if items else "too_few"
    path = "$" if is_list else "$.triggers"
    raise InvalidInputError(message, (Problem(path, code, message, limit=MAX_TRIGGERS),))


def _decode(item: msgspec.Raw) -> TriggerRequest | HarkenError:
    try:
        return decode_json(bytes(item), _triggers)
    except HarkenError as error:
        return error


def _item(runtime: Runtime, outcome: Outcome) -> BatchItem:
    if isinstance(outcome, HarkenError):
        return BatchItem(status=status_of(outcome), problem=problem_of(outcome))
    return BatchItem(
        status=200 if outcome.is_repeat else 201, decision=decision_reply(runtime, outcome)
    )


def _invitation(runtime: Runtime, invitation: Invitation) -> InvitationItem:
    settings = runtime.settings
    return InvitationItem(
        id=invitation.id,
        code=invitation.code,
        url=invitation_url(settings.short_url, invitation.code),
        expires_at=invitation.expires_at,
        qr_svg_url=invitation_qr_url(settings.public_url, invitation.code, "svg"),
        qr_png_url=invitation_qr_url(settings.public_url, invitation.code, "png"),
    )


ROUTES = (trigger,)
