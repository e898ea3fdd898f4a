"""The kiosk's page and files: read once, named by what they hold, and listed for its worker."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from harken_server.design.templates import open_templates
from harken_server.http.packed import Packed, pack, unpacked

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
_FOLDER = Path(__file__).parent
_FILES = _FOLDER / "files"
_SCRIPT = "text/javascript; charset=utf-8"
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
    manifest = KioskFile(pack(_manifest()), "application/manifest+json")
    shell = {**named, "manifest.webmanifest": manifest, **icons}
    script_name, style_name = named
    template = open_templates(_FOLDER / "templates").get_template("kiosk.html")
    page = pack(template.render(script=script_name, style=style_name).encode())
    worker = pack(_worker([page, *(file.packed for file in shell.values())], list(shell)))
    return KioskFiles(page, {**shell, "worker.js": KioskFile(worker, _SCRIPT)})


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


def _manifest() -> bytes:
    sizes = (("icon-192.png", "192x192"), ("icon-512.png", "512x512"))
    icons = [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"}]
    icons += [{"src": name, "sizes": size, "type": "image/png"} for name, size in sizes]
    return msgspec.json.encode(
        {
            "id": PAGE,
            "name": "Harken kiosk",
            "short_name": "Kiosk",
            "start_url": PAGE,
            "scope": PAGE,
            "display": "fullscreen",
            "display_override": ["fullscreen", "standalone"],
            "background_color": "#ffffff",
            "theme_color": "#0b6e5f",
            "icons": [{**icon, "purpose": "any maskable"} for icon in icons],
        }
    )
