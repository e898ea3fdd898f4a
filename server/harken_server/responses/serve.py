"""`POST /v1/public/responses`: the submit route, off the ordinary handler path for speed."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from litestar.types import Receive

from harken_server.http.bodies import decode_json, is_json, read_body, too_large
from harken_server.http.cross_site import CORS_HEADERS, PREFLIGHT_HEADERS
from harken_server.http.fast import Answer, FastRoute
from harken_server.http.limits import admit
from harken_server.http.operations import SUBMIT_PATH
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.responses.asked import collection_of
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, Submission
from harken_server.responses.submit import submit_response
from harken_server.workspaces.access import (
    WorkspaceCatalog,
    find_bearer,
    find_public_key,
    key_in_query,
    reaches,
    require_origin,
    require_scope,
)
from harken_server.workspaces.workspace import ApiKey

_RECEIPT_HEADERS = (*CORS_HEADERS, (b"content-type", b"application/json"))
_decoder = msgspec.json.Decoder(Submission)
_encoder = msgspec.json.Encoder()


class _Headers(NamedTuple):
    content_type: bytes
    authorization: str | None
    origin: str | None


async def take_submission(runtime: Runtime, scope: Any, receive: Receive) -> Answer:
    """Take one submission (JSON, also as text/plain) and answer with its receipt."""
    if scope["method"] == "OPTIONS":
        return Answer(204, PREFLIGHT_HEADERS, b"")
    if scope["method"] != "POST":
        raise BadRequestError("Send submissions with POST.", code="method_not_allowed", status=405)
    sent = _read_headers(scope)
    if not is_json(sent.content_type):
        raise BadRequestError(
            "Send JSON as application/json or text/plain.",
            code="unsupported_media_type",
            status=415,
        )
    admit(runtime, scope, "submissions")
    raw = await read_body(receive, MAX_SUBMISSION_BYTES)
    key = await _find_key(runtime, scope["query_string"], sent)
    workspace = None if key is None else await runtime.of(WorkspaceCatalog).get(key.workspace_id)
    is_trusted = sent.authorization is not None and key is not None and reaches(key, "write")
    submission = decode_json(raw, _decoder)
    receipt = await submit_response(
        collection_of(runtime), submission, workspace=workspace, is_trusted=is_trusted
    )
    return Answer(201, _RECEIPT_HEADERS, _encoder.encode(receipt))


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


SUBMIT = FastRoute(
    SUBMIT_PATH,
    take_submission,
    on_problem=(*CORS_HEADERS, (b"access-control-expose-headers", b"retry-after")),
    is_bare=True,
)
