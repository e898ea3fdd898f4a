"""`/kiosk`: the page that a tablet in a shop shows, and the files that it keeps for bad times.

All are read once, named by what they hold, and listed for the page's worker.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from harken_server.design.templates import open_templates
from harken_server.http.declared import Arrival
from harken_server.http.packed import IMMUTABLE, Packed, Reply, conditional, pack, unpacked
from harken_server.http.pages import page
from harken_server.http.resources import Resource

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Everything from this server, nothing inline, and no other page may put the kiosk into a frame."""
PAGE = "../kiosk"
"""The page's address as its files see it."""
SLOT = b'"@@HARKEN_SHELL@@"'
"""Stands in the worker, once, where the list of files goes."""
KIOSK_FILE = Resource("kiosk file", "not_found")
_GUARDED = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
}
_FOLDER = Path(__file__).parent.parent
_FILES = _FOLDER / "files"
_SCRIPT = "text/javascript; charset=utf-8"
_MANIFEST = "application/manifest+json"
_STYLE = "text/css; charset=utf-8"
_ICONS = {
    "icon.svg": "image/svg+xml",
    "icon-180.png": "image/png",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
}


class KioskFile(msgspec.Struct, frozen=True):
    """One file, ready to send."""

    packed: Packed
    media_type: str
    is_fixed: bool = False
    """Whether its name holds its digest, so that it never changes."""


class KioskFiles(msgspec.Struct, frozen=True):
    """The page, and all files by name."""

    page: Packed
    files: dict[str, KioskFile]


@cache
def kiosk_files() -> KioskFiles:
    """All of the kiosk, from the package's own folder."""
    script, style = (_FILES / "app.js").read_bytes(), (_FILES / "kiosk.css").read_bytes()
    named = {
        _named("app", script, "js"): KioskFile(pack(script), _SCRIPT, is_fixed=True),
        _named("kiosk", style, "css"): KioskFile(pack(style), _STYLE, is_fixed=True),
    }
    icons = {
        name: KioskFile(unpacked((_FILES / name).read_bytes()), media_type)
        for name, media_type in _ICONS.items()
    }
    manifest = msgspec.json.format((_FILES / "manifest.json").read_bytes(), indent=-1)
    shell = {**named, "manifest.webmanifest": KioskFile(pack(manifest), _MANIFEST), **icons}
    script_name, style_name = named
    template = open_templates(_FOLDER / "templates").get_template("kiosk.html")
    shown = pack(template.render(script=script_name, style=style_name).encode())
    worker = pack(_worker([shown, *(file.packed for file in shell.values())], list(shell)))
    return KioskFiles(shown, {**shell, "worker.js": KioskFile(worker, _SCRIPT)})


def _named(start: str, content: bytes, end: str) -> str:
    return f"{start}-{hashlib.sha256(content).hexdigest()[:10]}.{end}"


def _worker(held: list[Packed], names: list[str]) -> bytes:
    """The service worker, which is another one as soon as any file is."""
    version = hashlib.sha256("".join(one.etag for one in held).encode()).hexdigest()[:16]
    shell = msgspec.json.encode({"version": version, "files": [PAGE, *names]})
    source = (_FILES / "worker.js").read_bytes()
    if source.count(SLOT) != 1:
        raise ValueError("the kiosk's worker has no single place for the list of its files")
    return source.replace(SLOT, msgspec.json.encode(shell.decode()))


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
