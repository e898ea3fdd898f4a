"""Pieces of a path: a slash that is written `%2F` belongs to a name and does not end a piece.

Servers hand over the path decoded, in which both slashes look alike, and the framework routes by
that one. So the slash inside of a name becomes a NUL on its way to the operation; an address never
holds one (`gateway.py` refuses it).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

_KEYED = "/v1/"
"""Only operations read a piece by `text_of_piece`; pages name nothing that may hold a slash."""
_SLASH = "\x00"


def path_to_route(scope: Any) -> str:
    """The decoded path, in which only what divides pieces is a slash."""
    path, raw = scope["path"], scope.get("raw_path") or b""
    if b"%2" not in raw or not path.startswith(_KEYED) or b"%2f" not in raw.lower():
        return path
    pieces = (unquote(piece) for piece in raw.decode("ascii").split("/"))
    return "/".join(piece.replace("/", _SLASH) for piece in pieces)


def text_of_piece(scope: Any, name: str) -> str:
    """A piece of the path as its sender wrote it."""
    return scope["path_params"][name].replace(_SLASH, "/")
