"""`POST /v1/public/presses`: button devices, which send one rating a press.

Plain HTTP for small machines: one object or, after a time without a network, a list of them. Each
press has an id of its own, made by the device, and is stored once however often it is sent.
"""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from harken_server.http.declared import Arrival, Caller
from harken_server.http.problems import (
    BadRequestError,
    ProblemDocument,
    log_storage_failure,
    problem_of,
)
from harken_server.http.public import post
from harken_server.http.runtime import Runtime, admit
from harken_server.kernel.errors import HarkenError
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import Name, Receipt, Submission, utc_milliseconds
from harken_server.responses.submit import submit_response
from harken_server.workspaces.access import (
    WorkspaceCatalog,
    find_bearer,
    key_of_page,
    reaches,
    require_public,
)
from harken_server.workspaces.workspace import ApiKey

MAX_PRESSES = 100
MAX_PRESSES_BYTES = 64 * 1024
BUTTON_CHANNEL = "button"
IDEMPOTENCY_KEY = "Idempotency-Key"


class Press(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One press of one button."""

    survey: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    answers: Annotated[dict[str, Any], msgspec.Meta(min_length=1, max_length=20)]
    """Usually one rating, such as `{"satisfaction": 4}`."""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    """The device's own id of the press, such as `button-7/1042`; for a single press the header
    Idempotency-Key may say it instead."""
    touchpoint: Name | None = None
    pressed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """By the device's clock; kept as a claim."""
    waited_ms: float | None = None
    """For how many milliseconds the press waited on the device before it was sent. Needs no clock
    that is right, and says on which day it counts."""
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=50)] = {}

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        if self.pressed_at is not None:
            utc_milliseconds(self.pressed_at)


class PressResult(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What became of one press: a receipt, or why not."""

    receipt: Receipt | None = None
    problem: ProblemDocument | None = None


class PressesReply(msgspec.Struct, kw_only=True):
    """One result for each press, in their order."""

    results: list[PressResult]


class Buttons(NamedTuple):
    """A button device and the key it sends."""

    arrival: Arrival
    key: ApiKey


async def _buttons(arrival: Arrival) -> Buttons:
    authorization = arrival.header("authorization")
    if authorization is None:
        return Buttons(arrival, await key_of_page(arrival))
    admit(arrival.runtime, arrival.scope)
    key = await find_bearer(arrival.runtime, authorization)
    return Buttons(arrival, require_public(key, arrival.header("origin")))


BUTTONS = Caller(
    _buttons,
    (401, 403, 429),
    headers=(
        ("Authorization", "`Bearer hk_…`, a key with scope public; or `?key=hk_…`"),
        (IDEMPOTENCY_KEY, "The id of a single press that names none itself."),
    ),
    is_cross_site=True,
)


@post(
    "/v1/public/presses",
    "take_presses",
    "Presses of a button device",
    caller=BUTTONS,
    limit=MAX_PRESSES_BYTES,
    bodies=(Press,),
)
async def presses(
    buttons: Buttons,
    body: Press | Annotated[list[Press], msgspec.Meta(min_length=1, max_length=MAX_PRESSES)],
) -> PressesReply:
    """A press that is refused leaves the others stored; send it again only once it is put right."""
    runtime = buttons.arrival.runtime
    if isinstance(body, Press):
        body = [_named(body, buttons.arrival.header(IDEMPOTENCY_KEY))]
    results = [
        await _take_one(runtime, buttons.key, press, place) for place, press in enumerate(body)
    ]
    return PressesReply(results=results)


def _named(press: Press, header: str | None) -> Press:
    if press.id is not None or header is None:
        return press
    if not 1 <= len(header) <= 128:
        raise BadRequestError(
            f"{IDEMPOTENCY_KEY} must have 1 to 128 characters, not {len(header)}.",
            code="bad_parameter",
        )
    return msgspec.structs.replace(press, id=header)


async def _take_one(runtime: Runtime, key: ApiKey, press: Press, place: int) -> PressResult:
    try:
        if press.id is None:
            raise BadRequestError(
                f"$[{place}].id is missing: name each press, so that it is stored once.",
                code="press_unnamed",
                status=422,
            )
        workspace = await runtime.of(WorkspaceCatalog).get(key.workspace_id)
        receipt = await submit_response(
            collection_of(runtime),
            Submission(
                id=_response_id(key.workspace_id, press),
                survey=press.survey,
                answers=press.answers,
                touchpoint=press.touchpoint,
                context=press.context,
                started_at=press.pressed_at,
                waited_ms=press.waited_ms,
            ),
            workspace=workspace,
            channel=BUTTON_CHANNEL,
            is_vouched=reaches(key, "write"),
            by="key" if reaches(key, "write") else "",
        )
    except HarkenError as error:
        log_storage_failure(error)
        return PressResult(problem=problem_of(error))
    return PressResult(receipt=receipt)


def _response_id(workspace_id: UUID, press: Press) -> UUID:
    return uuid5(workspace_id, f"press {press.survey} {press.id}")
