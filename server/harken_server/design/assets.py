"""What pages load: style sheets, script, icons and marks, each at an address that says what it is.

The address holds a digest of the bytes, so that a copy may be kept for ever. `reference/assets.py`
serves them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
SHEETS = ("tokens", "base", "components", "shell", "tools", "paper")
"""Of every page, in the order in which they are joined: later ones may rely on earlier ones."""
RESULTS = ("charts", "results")
"""Of pages with numbers alone."""
DIGEST_LENGTH = 16


class Asset(NamedTuple):
    """One file."""

    media_type: str
    body: bytes

    @property
    def digest(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.body).hexdigest()[:DIGEST_LENGTH]


def _sheets(names: Sequence[str]) -> Callable[[], bytes]:
    return lambda: b"\n".join((FOLDER / "styles" / f"{name}.css").read_bytes() for name in names)


def _file(path: str) -> Callable[[], bytes]:
    return (FOLDER / path).read_bytes


_MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "harken.css": ("text/css; charset=utf-8", _sheets(SHEETS)),
    "results.css": ("text/css; charset=utf-8", _sheets(RESULTS)),
    "report.css": ("text/css; charset=utf-8", _sheets(("tokens", "report"))),
    "guide.css": ("text/css; charset=utf-8", _file("styles/guide.css")),
    "harken.js": ("text/javascript; charset=utf-8", _file("files/harken.js")),
    "icons.svg": ("image/svg+xml", _file("marks/icons.svg")),
    "favicon.svg": ("image/svg+xml", _file("marks/favicon.svg")),
    "touch-icon.png": ("image/png", _file("marks/touch-icon.png")),
    "og.png": ("image/png", _file("marks/og.png")),
}


def asset(name: str) -> str:
    """The address of a file, below this server's own.

    >>> asset("harken.css").startswith("/assets/")
    True
    """
    return _addresses()[name]


def find_asset(digest: str, name: str) -> Asset | None:
    """The file at an address; None where the digest is another's, so that nothing stale is kept."""
    if name not in _MADE or (found := read_asset(name)).digest != digest:
        return None
    return found


def icon_names() -> list[str]:
    """What icons there are, in the sprite's order."""
    return re.findall(r'symbol id="([a-z]+)"', read_asset("icons.svg").body.decode())


@cache
def read_asset(name: str) -> Asset:
    """A file by its name alone."""
    media_type, make = _MADE[name]
    return Asset(media_type, make())


@cache
def _addresses() -> dict[str, str]:
    return {name: f"/assets/{read_asset(name).digest}/{name}" for name in _MADE}
