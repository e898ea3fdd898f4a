"""Small routes that web pages on other sites call: who calls, how much, and answers they may read.

The manners are those of `POST /v1/public/responses`: any origin may read the answer (what it may
ask is decided by the key), JSON may come as text/plain so that no preflight is needed, no cookie is
ever looked at, and every refusal is a problem document that the page can read too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response

from harken_server.http.failures import answer_harken_error, answer_unexpected
from harken_server.kernel.errors import HarkenError

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
