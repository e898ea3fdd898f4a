"""`POST /v1/public/responses`: the submit route, off the ordinary handler path for speed.

A plain ASGI function that the gateway calls before the framework. Body limit, CORS, rate limit and
error shape are its own, and tested like those of the other routes.
"""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar.types import Receive, Send

from harken_server.collection.submit import submit_response
from harken_server.core.errors import HarkenError
from harken_server.core.records import Workspace
from harken_server.core.submission import MAX_SUBMISSION_BYTES, Submission
from harken_server.http.access import find_bearer, require_scope
from harken_server.http.bodies import decode_json
from harken_server.http.clients import client_address
from harken_server.http.problems import (
    PROBLEM_MEDIA_TYPE,
    BadRequestError,
    RateLimitedError,
    encode_problem,
    headers_of,
    internal_error,
    status_of,
)
from harken_server.http.runtime import Runtime
from harken_server.http.trouble import note_trouble

CORS_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
)
PREFLIGHT_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    *CORS_HEADERS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"content-type, authorization"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)
log = logging.getLogger("harken.http")

ALLOW = ((b"allow", b"POST, OPTIONS"),)
_RECEIPT_HEADERS = (*CORS_HEADERS, (b"content-type", b"application/json"))
_JSON_TYPES = frozenset({b"application/json", b"text/plain", b""})
_decoder = msgspec.json.Decoder(Submission)
_encoder = msgspec.json.Encoder()


async def take_submission(runtime: Runtime, scope: Any, receive: Receive, send: Send) -> None:
    """Take one submission (JSON, also as text/plain) and answer with its receipt."""
    if scope["method"] == "OPTIONS":
        await _send(send, 204, PREFLIGHT_HEADERS, b"")
        return
    try:
        body = await _accept(runtime, scope, receive)
    except HarkenError as error:
        note_trouble(error)
        await _send_problem(send, error)
    except Exception as error:
        log.exception("unexpected %s", type(error).__name__)
        await _send_problem(send, internal_error())
    else:
        await _send(send, 201, (*_RECEIPT_HEADERS, (b"content-length", b"%d" % len(body))), body)


async def _accept(runtime: Runtime, scope: Any, receive: Receive) -> bytes:
    if scope["method"] != "POST":
        raise BadRequestError("Send submissions with POST.", code="method_not_allowed", status=405)
    content_type, authorization = _read_headers(scope)
    if content_type.partition(b";")[0].strip().lower() not in _JSON_TYPES:
        raise BadRequestError(
            "Send JSON as application/json or text/plain.",
            code="unsupported_media_type",
            status=415,
        )
    settings = runtime.settings
    if settings.rate_limit and not runtime.limit.admits(
        client_address(scope, settings.trusted_proxies)
    ):
        raise RateLimitedError("Too many submissions from this address; wait a little.")
    raw = await read_body(receive, MAX_SUBMISSION_BYTES)
    workspace: Workspace | None = None
    if authorization is not None:
        key = await find_bearer(runtime, authorization)
        require_scope(key, "public")
        workspace = await runtime.catalog.workspace(key.workspace_id)
    submission = decode_json(raw, _decoder)
    receipt = await submit_response(runtime.collection, submission, workspace=workspace)
    return _encoder.encode(receipt)


def _read_headers(scope: Any) -> tuple[bytes, str | None]:
    content_type = b""
    authorization: str | None = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value
        elif name == b"authorization":
            authorization = value.decode("latin-1")
        elif name == b"content-length" and (
            not value.isdigit() or int(value[:12]) > MAX_SUBMISSION_BYTES
        ):
            raise too_large(MAX_SUBMISSION_BYTES)
    return content_type, authorization


def too_large(limit: int) -> BadRequestError:
    """The error for a body over its limit."""
    return BadRequestError(
        f"The body is larger than the limit of {limit} bytes.", code="body_too_large", status=413
    )


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body; raises `body_too_large` as soon as it passes the limit."""
    message: Any = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        if message["type"] == "http.disconnect":
            raise BadRequestError("The client went away.", code="client_closed")
        if len(body) > limit:
            raise too_large(limit)
        return body
    chunks = [body]
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequestError("The client went away.", code="client_closed")
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def _send_problem(send: Send, error: HarkenError) -> None:
    body = encode_problem(error)
    extra = tuple((name.encode(), value.encode()) for name, value in headers_of(error).items())
    headers = (
        *CORS_HEADERS,
        *extra,
        *(ALLOW if status_of(error) == 405 else ()),
        (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
    )
    await _send(send, status_of(error), headers, body)


async def _send(
    send: Send, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
