"""Litestar's exception handlers: every failure leaves as a problem document, or as a page.

Small routes that web pages on other sites call have manners of their own, those of
`POST /v1/public/responses`: any origin may read the answer (what it may ask is decided by the key),
JSON may come as text/plain so that no preflight is needed, no cookie is ever looked at, and every
refusal is a problem document that the page can read too.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from harken_server.http.failure_pages.rendered import HTML, failure_page, wants_page
from harken_server.http.operations import route_of
from harken_server.http.problems import (
    internal_error,
    log_storage_failure,
    plain_http_error,
    status_of,
)
from harken_server.http.replies import problem_reply
from harken_server.http.runtime import count_guess, runtime_of
from harken_server.kernel.errors import HarkenError

log = logging.getLogger("harken.http")


def answer_harken_error(request: Request[Any, Any, Any], error: HarkenError) -> Response[bytes]:
    """A named failure."""
    log_storage_failure(error)
    count_guess(runtime_of(request), request.scope, error)
    return _told(request, error)


def answer_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """A failure that Litestar names: no such route, wrong method, body too large."""
    if error.status_code >= 500:
        log.error("request failed", exc_info=error)
        return _told(request, internal_error())
    reply = _told(request, plain_http_error(error.status_code, error.detail))
    for name, value in (error.headers or {}).items():
        reply.headers[name] = value
    return reply


def answer_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of ours: logged in full here, told in one sentence there."""
    log.error(
        "unexpected %s",
        type(error).__name__,
        exc_info=error,
        extra={"method": request.method, "route": route_of(request.scope)},
    )
    return _told(request, internal_error())


def _told(request: Request[Any, Any, Any], error: HarkenError) -> Response[bytes]:
    """A page for somebody with a browser, a problem document for a program."""
    if not wants_page(request.scope):
        return problem_reply(error)
    headers, body = failure_page(error)
    return Response(body, status_code=status_of(error), headers=headers, media_type=HTML)


AnyRequest = Request[Any, Any, Any]

CORS_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
)
PREFLIGHT_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    *CORS_HEADERS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"content-type, authorization"),
    (b"access-control-max-age", b"86400"),
)
ANY_ORIGIN = {"access-control-allow-origin": "*", "cache-control": "no-store"}


async def answer_cross_site(
    request: AnyRequest, work: Callable[[AnyRequest], Awaitable[Response[Any]]]
) -> Response[Any]:
    """Do the work, or answer a preflight; whatever comes of it can be read from any origin."""
    if request.method == "OPTIONS":
        return _preflight()
    try:
        reply = await work(request)
    except HarkenError as error:
        reply = answer_harken_error(request, error)
    except Exception as error:  # noqa: BLE001  # it is logged there
        reply = answer_unexpected(request, error)
    reply.headers.update(ANY_ORIGIN)
    return reply


def _preflight() -> Response[None]:
    headers = {name.decode(): value.decode() for name, value in PREFLIGHT_HEADERS}
    return Response(None, status_code=204, headers=headers)
