"""`POST /v1/public/presses`: button devices, which send one rating a press.

Plain HTTP for small machines: one object or, after a time without a network, a list of them. Each
press has an id of its own, made by the device, and is stored once however often it is sent.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from litestar import Request, Response, route

from harken_server.http.bodies import decode_json, too_large
from harken_server.http.cross_site import METHODS, answer_cross_site
from harken_server.http.limits import admit
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError, ProblemDocument, problem_of
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.storage_log import note_trouble
from harken_server.kernel.errors import AccessError, HarkenError
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import Name, Receipt, Submission, utc_milliseconds
from harken_server.responses.submit import submit_response
from harken_server.workspaces.access import WorkspaceCatalog, find_public_key, key_of_page
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


_presses = msgspec.json.Decoder(
    Press | Annotated[list[Press], msgspec.Meta(min_length=1, max_length=MAX_PRESSES)]
)


@route(
    "/v1/public/presses",
    http_method=METHODS,
    status_code=200,
    opt=describe(
        Operation(
            "take_presses",
            "Presses of a button device",
            is_keyed=False,
            body=Press,
            reply=PressesReply,
            errors=(400, 401, 403, 413, 422, 429, 503),
            headers=(
                ("Authorization", "`Bearer hk_…`, a key with scope public; or `?key=hk_…`"),
                (IDEMPOTENCY_KEY, "The id of a single press that names none itself."),
            ),
        )
    ),
)
async def presses(request: Request[Any, Any, Any]) -> Response[Any]:
    """A press that is refused leaves the others stored; send it again only once it is put right."""
    return await answer_cross_site(request, _take)


async def _take(request: Request[Any, Any, Any]) -> Response[Any]:
    runtime = runtime_of(request)
    key = await _key(runtime, request)
    raw = await request.body()
    if len(raw) > MAX_PRESSES_BYTES:
        raise too_large(MAX_PRESSES_BYTES)
    sent = decode_json(raw, _presses)
    if isinstance(sent, Press):
        sent = [_named(sent, request.headers.get(IDEMPOTENCY_KEY))]
    results = [await _take_one(runtime, key, press, place) for place, press in enumerate(sent)]
    return json_reply(PressesReply(results=results))


async def _key(runtime: Runtime, request: Request[Any, Any, Any]) -> ApiKey:
    authorization = request.headers.get("authorization")
    if authorization is None:
        return await key_of_page(request)
    admit(runtime, request.scope)
    kind, _, secret = authorization.partition(" ")
    if kind.lower() != "bearer":
        raise AccessError("The API key must look like: Bearer hk_…", code="key_malformed")
    return await find_public_key(runtime, secret.strip(), request.headers.get("origin"))


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
            ),
            workspace=workspace,
            channel=BUTTON_CHANNEL,
        )
    except HarkenError as error:
        note_trouble(error)
        return PressResult(problem=problem_of(error))
    return PressResult(receipt=receipt)


def _response_id(workspace_id: UUID, press: Press) -> UUID:
    return uuid5(workspace_id, f"press {press.survey} {press.id}")


ROUTES = (presses,)
