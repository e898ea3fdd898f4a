"""`POST /v1/public/responses`: the submit route, off the ordinary handler path for speed.

A plain ASGI function that the gateway calls before the framework. Body limit, CORS, rate limit and
error shape are its own, and tested like those of the other routes.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from litestar.types import Receive, Send

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
from harken_server.http.storage_log import note_trouble
from harken_server.kernel.errors import HarkenError
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, Submission
from harken_server.responses.submit import submit_response
from harken_server.workspaces.access import (
    find_bearer,
    find_public_key,
    reaches,
    require_origin,
    require_scope,
)
from harken_server.workspaces.workspace import ApiKey

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


class _Headers(NamedTuple):
    content_type: bytes
    authorization: str | None
    origin: str | None


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
    sent = _read_headers(scope)
    if not is_json(sent.content_type):
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
    key = await _find_key(runtime, scope["query_string"], sent)
    workspace = None if key is None else await runtime.catalog.workspace(key.workspace_id)
    is_trusted = sent.authorization is not None and key is not None and reaches(key, "write")
    submission = decode_json(raw, _decoder)
    receipt = await submit_response(
        runtime.collection, submission, workspace=workspace, is_trusted=is_trusted
    )
    return _encoder.encode(receipt)


async def _find_key(runtime: Runtime, query: bytes, sent: _Headers) -> ApiKey | None:
    """The key of the header, else of the query; both name a workspace and keep to their sites.

    A key in an address is public, whatever it reaches, so only one in the header is trusted.
    """
    if sent.authorization is not None:
        key = await find_bearer(runtime, sent.authorization)
        require_scope(key, "public")
        require_origin(key, sent.origin)
        return key
    secret = key_in_query(query) if query else None
    return None if secret is None else await find_public_key(runtime, secret, sent.origin)


def key_in_query(query: bytes) -> str | None:
    """The parameter `key` of a raw query; other parameters are nobody's business here."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    values = [value for name, value in pairs if name == "key"]
    if len(values) > 1:
        raise BadRequestError("The parameter 'key' stands twice.", code="bad_parameter")
    return values[0] if values else None


def _read_headers(scope: Any) -> _Headers:
    content_type = b""
    authorization: str | None = None
    origin: str | None = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value
        elif name == b"authorization":
            authorization = value.decode("latin-1")
        elif name == b"origin":
            origin = value.decode("latin-1")
        elif name == b"content-length" and (
            not value.isdigit() or int(value[:12]) > MAX_SUBMISSION_BYTES
        ):
            raise too_large(MAX_SUBMISSION_BYTES)
    return _Headers(content_type, authorization, origin)


def is_json(content_type: bytes) -> bool:
    """Whether a body of this type is read as JSON; text/plain needs no preflight."""
    return content_type.partition(b";")[0].strip().lower() in _JSON_TYPES


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
        (b"access-control-expose-headers", b"retry-after"),
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
