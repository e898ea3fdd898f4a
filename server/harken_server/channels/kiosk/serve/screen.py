"""`/kiosk`: the page that a tablet in a shop shows, and the files that it keeps for bad times."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.types import ASGIApp

from harken_server.channels.kiosk.app_files import PAGE, POLICY, kiosk_files
from harken_server.http.encodings import headers_of
from harken_server.http.packed import IMMUTABLE, Packed, application, conditional
from harken_server.kernel.errors import NotFoundError

_GUARDED = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}


@get("/kiosk")
async def page(request: Request[Any, Any, Any]) -> ASGIApp:
    """The same for every kiosk: who it is stands in the tablet's own memory."""
    return _reply(request, kiosk_files().page, "text/html; charset=utf-8", "no-cache")


@get("/kiosk/{file:str}")
async def file(request: Request[Any, Any, Any], file: FromPath[str]) -> ASGIApp:
    """Script, style sheet, worker, manifest and icons."""
    found = kiosk_files().files.get(file)
    if found is None:
        raise NotFoundError(f"There is no kiosk file {file!r} here.", code="not_found")
    caching = IMMUTABLE if found.is_fixed else "no-cache"
    return _reply(request, found.packed, found.media_type, caching)


def _reply(
    request: Request[Any, Any, Any], packed: Packed, media_type: str, caching: str
) -> ASGIApp:
    reply = conditional(packed, headers_of(request.scope), media_type, caching)
    reply.headers.pop("access-control-allow-origin", None)
    for name, value in _GUARDED.items():
        reply = reply.with_header(name, value)
    # The worker stands one step below the page that it is for.
    return application(reply.with_header("service-worker-allowed", PAGE))
