"""Small routes that web pages on other sites call: who calls, how much, and answers they may read.

The manners are those of `POST /v1/public/responses`: any origin may read the answer (what it may
ask is decided by the key), JSON may come as text/plain so that no preflight is needed, no cookie is
ever looked at, and every refusal is a problem document that the page can read too.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import HttpMethod, Request, Response
from litestar.types import Method

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
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.http.storage_log import note_trouble
from harken_server.kernel.errors import AccessError, HarkenError
from harken_server.responses.serve import (
    PREFLIGHT_HEADERS,
    is_json,
    key_in_query,
    too_large,
)
from harken_server.responses.submission import MAX_SUBMISSION_BYTES
from harken_server.workspaces.access import find_public_key
from harken_server.workspaces.workspace import ApiKey

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]

METHODS: list[HttpMethod | Method] = ["POST", "OPTIONS"]
"""What such a route takes."""
ANY_ORIGIN = {"access-control-allow-origin": "*", "cache-control": "no-store"}

log = logging.getLogger("harken.http")


async def answer_cross_site(
    request: AnyRequest, work: Callable[[AnyRequest], Awaitable[Response[Any]]]
) -> Response[Any]:
    """Do the work, or answer a preflight; whatever comes of it can be read from any origin."""
    if request.method == "OPTIONS":
        return _preflight()
    try:
        reply = await work(request)
    except HarkenError as error:
        note_trouble(error)
        reply = _problem(error)
    except Exception as error:
        log.exception("unexpected %s", type(error).__name__)
        reply = _problem(internal_error())
    reply.headers.update(ANY_ORIGIN)
    return reply


async def key_of_page(request: AnyRequest) -> ApiKey:
    """The key in the address, which must be for this site.

    Raises AccessError, ForbiddenError (see `find_public_key`) and RateLimitedError.
    """
    runtime = runtime_of(request)
    _count(runtime, request)
    secret = key_in_query(request.scope["query_string"])
    if secret is None:
        raise AccessError("Name an API key in the address: ?key=hk_…", code="key_missing")
    return await find_public_key(runtime, secret, request.headers.get("origin"))


async def read_json(request: AnyRequest, decoder: msgspec.json.Decoder[T]) -> T:
    """The body, decoded strictly. Raises BadRequestError."""
    if not is_json(request.headers.get("content-type", "").encode("latin-1")):
        raise BadRequestError(
            "Send JSON as application/json or text/plain.",
            code="unsupported_media_type",
            status=415,
        )
    raw = await request.body()
    if len(raw) > MAX_SUBMISSION_BYTES:
        raise too_large(MAX_SUBMISSION_BYTES)
    return decode_json(raw, decoder)


def _count(runtime: Runtime, request: AnyRequest) -> None:
    settings = runtime.settings
    address = client_address(request.scope, settings.trusted_proxies)
    if settings.rate_limit and not runtime.limit.admits(address):
        raise RateLimitedError("Too many requests from this address; wait a little.")


def _problem(error: HarkenError) -> Response[Any]:
    return Response(
        encode_problem(error),
        status_code=status_of(error),
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers_of(error),
    )


def _preflight() -> Response[None]:
    headers = {
        name.decode(): value.decode()
        for name, value in PREFLIGHT_HEADERS
        if name != b"content-length"
    }
    return Response(None, status_code=204, headers=headers)
