"""Secrets of sessions and of links that are used once: drawn here, told once, kept as digests."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from harken_server.http.runtime import Runtime

SECRET_BYTES = 24
MOST_CHARS = 64


def draw_secret(runtime: Runtime) -> str:
    """A new one: 192 bits, 32 characters that stand in an address as they are."""
    return urlsafe_b64encode(runtime.random(SECRET_BYTES)).decode()


def digest_of(secret: str) -> str:
    """What is stored of it.

    Such a secret cannot be guessed, so one plain hash is enough.
    """
    return hashlib.sha256(secret[: MOST_CHARS + 1].encode("utf-8", "surrogatepass")).hexdigest()
