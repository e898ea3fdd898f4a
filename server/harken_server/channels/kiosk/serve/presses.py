"""`POST /v1/public/presses`: button devices, which send one rating a press.

Plain HTTP for small machines: one object or, after a time without a network, a list of them. Each
press has an id of its own, made by the device, and is stored once however often it is sent.
"""

from typing import Annotated, NamedTuple

import msgspec

from harken_server.channels.kiosk.pressing import Press, store_press
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
from harken_server.responses.submission import Receipt
from harken_server.workspaces.access import (
    find_bearer,
    key_of_page,
    require_public,
)
from harken_server.workspaces.workspace import ApiKey

MAX_PRESSES = 100
MAX_PRESSES_BYTES = 64 * 1024
IDEMPOTENCY_KEY = "Idempotency-Key"


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
        receipt = await store_press(runtime, key, press, press.id)
    except HarkenError as error:
        log_storage_failure(error)
        return PressResult(problem=problem_of(error))
    return PressResult(receipt=receipt)
