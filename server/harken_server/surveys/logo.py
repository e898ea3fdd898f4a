"""The logo of a theme: a small picture written into the survey file as a `data:` address."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import NamedTuple

from harken_server.surveys.survey import Theme

MAX_LOGO_BYTES = 24 * 1024
"""So that a page with its logo still comes in few round trips, and a definition stays small."""
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class LogoFile(NamedTuple):
    """A logo as the server sends it, below `/widget/logo/`."""

    name: str
    """16 hexadecimal digits of its SHA-256, and an extension: other bytes, another name."""
    media_type: str
    content: bytes


def logo_file(theme: Theme) -> LogoFile | None:
    """The theme's logo; None when it has none, or one that is no picture of a known kind."""
    if theme.logo is None:
        return None
    media_type, content = read_data_address(theme.logo)
    if media_type not in _EXTENSIONS or picture_type(content) != media_type:
        return None
    digest = sha256(content).hexdigest()[:16]
    return LogoFile(f"{digest}.{_EXTENSIONS[media_type]}", media_type, content)


def read_data_address(address: str) -> tuple[str, bytes]:
    """Media type and bytes of a base64 `data:` address (RFC 2397); empty when it is none."""
    head, _, encoded = address.partition(";base64,")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return head.removeprefix("data:"), content


def picture_type(content: bytes) -> str | None:
    """The media type that the first bytes of a picture tell; None for any other kind of file."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
