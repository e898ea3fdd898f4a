"""Litestar's exception handlers: every failure leaves as a problem document."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from harken_server.http.operations import route_of
from harken_server.http.problems import internal_error, plain_http_error
from harken_server.http.replies import problem_reply
from harken_server.http.storage_log import log_storage_failure
from harken_server.kernel.errors import HarkenError

log = logging.getLogger("harken.http")


def answer_harken_error(_: Request[Any, Any, Any], error: HarkenError) -> Response[bytes]:
    """A named failure."""
    log_storage_failure(error)
    return problem_reply(error)


def answer_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """A failure that Litestar names: no such route, wrong method, body too large."""
    if error.status_code >= 500:
        log.error("request failed", exc_info=error)
        return problem_reply(internal_error())
    reply = problem_reply(plain_http_error(error.status_code, error.detail))
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
    return problem_reply(internal_error())
