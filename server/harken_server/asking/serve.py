"""`POST /v1/triggers` off the ordinary handler path, for speed: the framework costs more than it.

The gateway takes it before the framework, which still has the route: for its description, for
other methods and other spellings of the address. Both give the same answers.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.types import Receive

from harken_server.asking.api.triggers import IDEMPOTENCY_KEY, MAX_BATCH_BYTES, answer_trigger
from harken_server.http.bodies import read_body, too_large
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.runtime import Runtime
from harken_server.kernel.errors import AccessError
from harken_server.workspaces.access import KEY_NEEDED, find_bearer, require_scope

_KEY_HEADER = IDEMPOTENCY_KEY.lower().encode()
_JSON_HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
_encoder = msgspec.json.Encoder()


async def take_trigger(runtime: Runtime, scope: Any, receive: Receive) -> Answer:
    """Take a trigger or a batch of them, and answer with what was decided."""
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
    status, value = await answer_trigger(
        runtime, key.workspace_id, raw, None if once is None else once.decode("latin-1")
    )
    return Answer(status, _JSON_HEADERS, _encoder.encode(value))


TRIGGER = FastRoute("/v1/triggers", take_trigger, method="POST")
