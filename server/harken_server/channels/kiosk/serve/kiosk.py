"""`/v1/public/kiosk/…`: a kiosk types its code, learns what to ask, and hands over what it kept.

Only the kiosk page itself calls these, so no other origin may read the answers. A device proves
itself by its token; whom it names as respondent is never believed, because it names nobody.
"""

import base64
import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post

from harken_server.channels.kiosk.collect import KioskItem, is_passing, take_items
from harken_server.channels.kiosk.config import kiosk_config
from harken_server.channels.kiosk.register import survey_of
from harken_server.channels.kiosk.rules import Device, DeviceReport, parse_pairing_code
from harken_server.channels.kiosk.store import find_device, note_device, pair_device
from harken_server.http.bodies import decode_json, is_json, too_large
from harken_server.http.limits import admit
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import (
    BadRequestError,
    ProblemDocument,
    decode_failure,
    problem_of,
)
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.storage_log import note_trouble
from harken_server.kernel.errors import AccessError, HarkenError, NotFoundError
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import Receipt
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.access import WorkspaceCatalog

TOKEN_PREFIX = "hd_"  # noqa: S105  (how a token begins)
TOKEN_BYTES = 20
"""160 bits of randomness, 32 characters of base32."""
MAX_TOKEN_CHARS = 100
MAX_ITEMS = 100
MAX_BATCH_BYTES = 256 * 1024
MAX_PAIR_BYTES = 1024

_REALM = (("Authorization", "`Bearer hd_…`, the device's token"),)


class PairBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What somebody typed at the kiosk."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class PairReply(msgspec.Struct, kw_only=True):
    """The token, shown this once."""

    token: str
    name: str
    now: datetime
    """The server's time, for the device to know how far off its own clock is."""


class BatchBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What waits on the device, oldest first; nothing at all is a sign of life."""

    items: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MAX_ITEMS)]
    """Each one read by itself, so that a bad one stops no other."""
    report: DeviceReport = DeviceReport()


class ItemResult(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What became of one item."""

    outcome: Literal["stored", "refused", "later"]
    """`later`: keep it and send it again. `refused`: it will never be taken as it is."""
    receipt: Receipt | None = None
    problem: ProblemDocument | None = None


class KioskBatchReply(msgspec.Struct, kw_only=True):
    """One result an item, in the order of the items."""

    results: list[ItemResult]
    now: datetime


_pairs = msgspec.json.Decoder(PairBody)
_batches = msgspec.json.Decoder(BatchBody)
_items = msgspec.json.Decoder(KioskItem)


@post(
    "/v1/public/kiosk/pair",
    status_code=200,
    opt=describe(
        Operation(
            "pair_kiosk",
            "Register a kiosk by its code",
            is_keyed=False,
            body=PairBody,
            reply=PairReply,
            errors=(400, 404, 413, 415, 422, 429),
        )
    ),
)
async def pair(request: Request[Any, Any, Any]) -> Response[bytes]:
    """A code works once. The token is in the answer, and only its digest is kept."""
    runtime = runtime_of(request)
    admit(runtime, request.scope)
    body = decode_json(await _raw_body(request, MAX_PAIR_BYTES), _pairs)
    code = parse_pairing_code(body.code)
    token = TOKEN_PREFIX + base64.b32encode(runtime.random(TOKEN_BYTES)).decode().lower()
    now = runtime.clock()
    device = None if code is None else await pair_device(runtime.db, code, token, now)
    if device is None:
        raise NotFoundError(
            "No device waits for this code. A code has eight digits and works once, within an "
            "hour.",
            code="pairing_code_unknown",
        )
    return json_reply(PairReply(token=token, name=device.name, now=now))


@get(
    "/v1/public/kiosk/config",
    opt=describe(
        Operation(
            "get_kiosk_config",
            "What a kiosk asks, and how",
            is_keyed=False,
            errors=(401, 429),
            headers=_REALM,
        )
    ),
)
async def config(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Settings, words, and the survey in each of its languages; 304 when nothing changed."""
    runtime = runtime_of(request)
    admit(runtime, request.scope)
    device = await _device_of(runtime, request)
    body = msgspec.json.encode(await _config(runtime, device))
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"cache-control": "private, no-cache", "etag": etag, "vary": "Authorization"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@post(
    "/v1/public/kiosk/responses",
    status_code=200,
    opt=describe(
        Operation(
            "send_kiosk_responses",
            "Hand over what a kiosk kept",
            is_keyed=False,
            body=BatchBody,
            reply=KioskBatchReply,
            errors=(400, 401, 413, 415, 422, 429, 503),
            headers=_REALM,
        )
    ),
)
async def take(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Each item has its own result, and the same batch again gets the same receipts."""
    runtime = runtime_of(request)
    admit(runtime, request.scope)
    device = await _device_of(runtime, request)
    body = _decode_batch(await _raw_body(request, MAX_BATCH_BYTES))
    results = await _take(runtime, device, body.items)
    now = runtime.clock()
    await note_device(runtime.db, device, body.report, now)
    return json_reply(KioskBatchReply(results=results, now=now))


async def _take(runtime: Runtime, device: Device, items: list[msgspec.Raw]) -> list[ItemResult]:
    workspace = await runtime.of(WorkspaceCatalog).get(device.workspace_id)
    read = [_read_item(item) for item in items]
    good = [item for item in read if isinstance(item, KioskItem)]
    outcomes = iter(await take_items(collection_of(runtime), device, workspace, good))
    return [_result(next(outcomes) if isinstance(item, KioskItem) else item) for item in read]


def _read_item(raw: msgspec.Raw) -> KioskItem | HarkenError:
    try:
        return decode_json(bytes(raw), _items)
    except HarkenError as error:
        return error


def _result(outcome: Receipt | HarkenError) -> ItemResult:
    if isinstance(outcome, Receipt):
        return ItemResult(outcome="stored", receipt=outcome)
    if is_passing(outcome):
        note_trouble(outcome)
    return ItemResult(
        outcome="later" if is_passing(outcome) else "refused", problem=problem_of(outcome)
    )


async def _config(runtime: Runtime, device: Device) -> dict[str, Any]:
    """Without a survey when there is none to ask: nothing is said of why to who stands there."""
    key = await survey_of(runtime.db, device.workspace_id, device.touchpoint, device.survey)
    if key is not None:
        workspace = await runtime.of(WorkspaceCatalog).get(device.workspace_id)
        try:
            loaded = await runtime.of(Catalog).find(key, workspace)
        except NotFoundError:
            return kiosk_config(device, None, 0)
        if loaded.record.status == "live":
            return kiosk_config(device, loaded.survey, loaded.number)
    return kiosk_config(device, None, 0)


async def _device_of(runtime: Runtime, request: Request[Any, Any, Any]) -> Device:
    """The device of the token. Raises AccessError: `device_unknown`, `device_revoked`."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    is_one = token.startswith(TOKEN_PREFIX) and len(token) <= MAX_TOKEN_CHARS and token.isascii()
    device = None
    if kind.lower() == "bearer" and is_one:
        device = await find_device(runtime.db, token)
    if device is None:
        raise AccessError("No device has this token.", code="device_unknown")
    if device.revoked_at is not None:
        raise AccessError("This device was revoked.", code="device_revoked")
    return device


def _decode_batch(raw: bytes) -> BatchBody:
    """Only the frame is read: what is wrong inside of an item is for that item to say."""
    try:
        return _batches.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise decode_failure(error) from error


async def _raw_body(request: Request[Any, Any, Any], limit: int) -> bytes:
    if not is_json(request.headers.get("content-type", "").encode("latin-1")):
        raise BadRequestError(
            "Send JSON as application/json.", code="unsupported_media_type", status=415
        )
    raw = await request.body()
    if len(raw) > limit:
        raise too_large(limit)
    return raw


ROUTES = (pair, config, take)
