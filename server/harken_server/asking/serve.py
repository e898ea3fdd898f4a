"""`POST /v1/triggers` off the ordinary handler path, for speed: the framework costs more than it.

The gateway calls this before the framework, which still has the route: for its description, for
other methods and other spellings of the address. Both give the same answers.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar.types import Receive, Send

from harken_server.asking.api.triggers import IDEMPOTENCY_KEY, MAX_BATCH_BYTES, answer_trigger
from harken_server.http.problems import (
    PROBLEM_MEDIA_TYPE,
    encode_problem,
    headers_of,
    internal_error,
    status_of,
)
from harken_server.http.runtime import Runtime
from harken_server.http.storage_log import note_trouble
from harken_server.kernel.errors import AccessError, HarkenError
from harken_server.responses.serve import read_body, too_large
from harken_server.workspaces.access import KEY_NEEDED, find_bearer, require_scope

TRIGGER_PATH = "/v1/triggers"
log = logging.getLogger("harken.http")

_KEY_HEADER = IDEMPOTENCY_KEY.lower().encode()
_JSON_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
_encoder = msgspec.json.Encoder()


async def take_trigger(runtime: Runtime, scope: Any, receive: Receive, send: Send) -> None:
    """Take a trigger or a batch of them, and answer with what was decided."""
    scope["path_template"] = TRIGGER_PATH
    try:
        status, value = await _accept(runtime, scope, receive)
    except HarkenError as error:
        note_trouble(error)
        await _send_problem(send, error)
    except Exception as error:
        extra = {"method": "POST", "route": TRIGGER_PATH}
        log.exception("unexpected %s", type(error).__name__, extra=extra)
        await _send_problem(send, internal_error())
    else:
        await _send(send, status, _JSON_HEADERS, _encoder.encode(value))


async def _accept(runtime: Runtime, scope: Any, receive: Receive) -> tuple[int, Any]:
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, value)
    authorization = headers.get(b"authorization")
    if authorization is None:
        raise AccessError(KEY_NEEDED, code="key_missing")
    key = await find_bearer(runtime, authorization.decode("latin-1"))
    require_scope(key, "write")
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length[:12]) > MAX_BATCH_BYTES:
        raise too_large(MAX_BATCH_BYTES)
    raw = await read_body(receive, MAX_BATCH_BYTES)
    once = headers.get(_KEY_HEADER)
    return await answer_trigger(
        runtime, key.workspace_id, raw, None if once is None else once.decode("latin-1")
    )


async def _send_problem(send: Send, error: HarkenError) -> None:
    extra = tuple((name.encode(), value.encode()) for name, value in headers_of(error).items())
    headers = ((b"content-type", PROBLEM_MEDIA_TYPE.encode()), *extra)
    await _send(send, status_of(error), headers, encode_problem(error))


async def _send(
    send: Send, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes
) -> None:
    start: Any = {
        "type": "http.response.start",
        "status": status,
        "headers": [*headers, (b"content-length", b"%d" % len(body))],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})
