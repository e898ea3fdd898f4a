"""`/v1/public/kiosk/…`: a kiosk types its code, learns what to ask, and hands over what it kept.

Only the kiosk page itself calls these, so no other origin may read the answers. A device proves
itself by its token; whom it names as respondent is never believed, because it names nobody.
"""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from litestar import Response

from harken_server.channels.kiosk.collect import Kiosk, KioskItem, is_passing, take_items
from harken_server.channels.kiosk.register import kiosk_config, survey_of
from harken_server.channels.kiosk.rules import Device, DeviceReport, parse_pairing_code
from harken_server.channels.kiosk.store import find_device, note_device, pair_device, void_codes
from harken_server.http.bodies import decode_json, require_json
from harken_server.http.declared import JSON_TYPES, Arrival, Caller, Reads, only_json
from harken_server.http.encodings import Headers, has_already
from harken_server.http.limits import Budget
from harken_server.http.packed import etag_of
from harken_server.http.problems import (
    ProblemDocument,
    decode_failure,
    log_storage_failure,
    problem_of,
)
from harken_server.http.public import VISITOR, get, post
from harken_server.http.runtime import Runtime, admit, admit_subject, require_left
from harken_server.kernel.errors import AccessError, HarkenError, NotFoundError
from harken_server.responses.asked import collection_of
from harken_server.responses.closing import why_closed_to_all
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


WRONG_CODES = Budget("wrong pairing codes", a_minute=120, at_once=240)
"""From all addresses together: of 10^8 codes, 7,440 can be tried while one is good."""
GUESSED_DIGITS = 4
MISSES = Budget("misses", a_minute=5 / 60, at_once=5)
"""Wrong codes with the same first digits, after which codes that begin so are void."""


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
    sent_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """By the device's clock, as the times of the items are."""


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


def read_batch(raw: bytes, headers: Headers) -> BatchBody:
    """Only the frame is read: what is wrong inside of an item is for that item to say."""
    require_json(headers)
    try:
        return msgspec.json.decode(raw, type=BatchBody)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise decode_failure(error) from error


class Calling(NamedTuple):
    """A call of a device that has proved itself."""

    arrival: Arrival
    kiosk: Kiosk


async def _calling(arrival: Arrival) -> Calling:
    """Raises AccessError: `device_unknown`, `device_revoked`."""
    admit(arrival.runtime, arrival.scope)
    kind, _, token = (arrival.header("authorization") or "").partition(" ")
    token = token.strip()
    is_one = token.startswith(TOKEN_PREFIX) and len(token) <= MAX_TOKEN_CHARS and token.isascii()
    device = None
    if kind.lower() == "bearer" and is_one:
        device = await find_device(arrival.runtime.db, token)
    if device is None:
        raise AccessError("No device has this token.", code="device_unknown")
    if device.revoked_at is not None:
        raise AccessError("This device was revoked.", code="device_revoked")
    return Calling(arrival, Kiosk(device, token))


def _charge(arrival: Arrival, calling: Calling, items: int) -> None:
    admit(arrival.runtime, arrival.scope, "answers", items)
    admit_subject(arrival.runtime, "answers of this device", calling.kiosk.device.id, items)


KIOSK = Caller(
    _calling,
    (401, 429),
    (("Authorization", "`Bearer hd_…`, the device's token"),),
    charge=_charge,
)


@post(
    "/v1/public/kiosk/pair",
    "pair_kiosk",
    "Register a kiosk by its code",
    caller=VISITOR,
    limit=MAX_PAIR_BYTES,
    reads=only_json(PairBody),
    errors=(404,),
)
async def pair(arrival: Arrival, body: PairBody) -> PairReply:
    """The token is in the answer, and only its digest is kept.

    A code works within its hour, and the last tablet that typed it has the device. After a few
    wrong ones that begin like it, it works no more.
    """
    runtime = arrival.runtime
    code = parse_pairing_code(body.code)
    require_left(runtime, WRONG_CODES, "anybody")
    token = TOKEN_PREFIX + base64.b32encode(runtime.random(TOKEN_BYTES)).decode().lower()
    now = runtime.clock()
    device = None if code is None else await pair_device(runtime.db, code, token, now)
    if device is None:
        if code is not None:
            await _count_miss(runtime, code)
        raise NotFoundError(
            "No device waits for this code. A code has eight digits, works within an hour, and "
            "ends after a few wrong ones: make a new one.",
            code="pairing_code_unknown",
        )
    return PairReply(token=token, name=device.name, now=now)


async def _count_miss(runtime: Runtime, code: str) -> None:
    """Count a wrong code, whoever typed it, and end the codes that are being guessed."""
    runtime.limits.spend(WRONG_CODES, "anybody")
    beginning = code[:GUESSED_DIGITS]
    runtime.limits.spend(MISSES, beginning)
    if runtime.limits.wait_s(MISSES, beginning):
        await void_codes(runtime.db, beginning)


@get(
    "/v1/public/kiosk/config",
    "get_kiosk_config",
    "What a kiosk asks, and how",
    caller=KIOSK,
    reply_type="application/json",
)
async def config(calling: Calling) -> Response[bytes]:
    """Settings, words, and the survey in each of its languages; 304 when nothing changed."""
    body = msgspec.json.encode(await _config(calling.arrival.runtime, calling.kiosk.device))
    etag = etag_of(body)
    headers = {"cache-control": "private, no-store", "etag": etag, "vary": "Authorization"}
    if has_already(calling.arrival.headers, etag):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@post(
    "/v1/public/kiosk/responses",
    "send_kiosk_responses",
    "Hand over what a kiosk kept",
    caller=KIOSK,
    limit=MAX_BATCH_BYTES,
    reads=Reads(JSON_TYPES, read_batch, (415,)),
)
async def take(calling: Calling, body: BatchBody) -> KioskBatchReply:
    """Each item has its own result, and the same batch again gets the same receipts."""
    runtime = calling.arrival.runtime
    results = await _take(runtime, calling.kiosk, body)
    now = runtime.clock()
    await note_device(runtime.db, calling.kiosk.device, body.report, now)
    return KioskBatchReply(results=results, now=now)


async def _take(runtime: Runtime, kiosk: Kiosk, body: BatchBody) -> list[ItemResult]:
    workspace = await runtime.of(WorkspaceCatalog).get(kiosk.device.workspace_id)
    read = [_read_item(item) for item in body.items]
    good = [item for item in read if isinstance(item, KioskItem)]
    room = collection_of(runtime)
    outcomes = iter(await take_items(room, kiosk, workspace, good, body.sent_at))
    return [_result(next(outcomes) if isinstance(item, KioskItem) else item) for item in read]


def _read_item(raw: msgspec.Raw) -> KioskItem | HarkenError:
    try:
        return decode_json(bytes(raw), KioskItem)
    except HarkenError as error:
        return error


def _result(outcome: Receipt | HarkenError) -> ItemResult:
    if isinstance(outcome, Receipt):
        return ItemResult(outcome="stored", receipt=outcome)
    if is_passing(outcome):
        log_storage_failure(outcome)
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
        asking, record = loaded.survey.asking, loaded.record
        now = runtime.clock()
        closed = await why_closed_to_all(runtime.db, workspace.id, record.id, asking, now)
        if record.status == "live" and closed is None:
            return kiosk_config(device, loaded.survey, loaded.number)
    return kiosk_config(device, None, 0)
