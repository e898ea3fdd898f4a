"""`/kiosk`: the page that a tablet in a shop shows, and the files that it keeps for bad times."""

from harken_server.channels.kiosk.app_files import PAGE, POLICY, kiosk_files
from harken_server.http.declared import Arrival
from harken_server.http.packed import IMMUTABLE, Packed, Reply, conditional
from harken_server.http.pages import page
from harken_server.http.resources import Resource

KIOSK_FILE = Resource("kiosk file", "not_found")

_GUARDED = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}


@page("/kiosk")
async def screen(arrival: Arrival) -> Reply:
    """The same for every kiosk: who it is stands in the tablet's own memory."""
    return _reply(arrival, kiosk_files().page, "text/html; charset=utf-8", "no-cache")


@page("/kiosk/{file:str}")
async def file(arrival: Arrival, file: str) -> Reply:
    """Script, style sheet, worker, manifest and icons."""
    found = KIOSK_FILE.found(kiosk_files().files.get(file), file)
    caching = IMMUTABLE if found.is_fixed else "no-cache"
    return _reply(arrival, found.packed, found.media_type, caching)


def _reply(arrival: Arrival, packed: Packed, media_type: str, caching: str) -> Reply:
    reply = conditional(packed, arrival.headers, media_type, caching)
    reply.headers.pop("access-control-allow-origin", None)
    for name, value in _GUARDED.items():
        reply = reply.with_header(name, value)
    # The worker stands one step below the page that it is for.
    return reply.with_header("service-worker-allowed", PAGE)
