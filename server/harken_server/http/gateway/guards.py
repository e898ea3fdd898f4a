"""Headers on every answer, fast routes included: what a browser may do with it.

A route says what it knows better; what it leaves out is said here, as strictly as can be. So a new
route is kept by nobody, framed by nobody and loaded by no other site until it says otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache

from harken_server.http.fast import RawHeaders
from harken_server.http.header_values import mended, unfit_headers

log = logging.getLogger("harken.http")

HSTS = (b"strict-transport-security", b"max-age=31536000")
"""A year (OWASP ASVS 5.0, 3.4.1); not for other names below this one, which we know nothing of."""
ALWAYS: RawHeaders = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)
NO_PAGE = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content policy of what is no page: shown as one, it loads and does nothing."""
PICTURE = b"default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of an SVG, whose style stands in it."""


class Guards:
    """Completes the headers of answers."""

    def __init__(self, public_url: str) -> None:
        is_secure = public_url.startswith("https:")
        self._always = (*ALWAYS, HSTS) if is_secure else ALWAYS

    def complete(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """These headers, whose names are in small letters (ASGI), and those that are missing."""
        completed = list(headers)
        said = dict(completed)
        kind, policy = said.get(b"content-type", b""), said.get(b"content-security-policy")
        completed += _missing(self._always, tuple(said), kind, policy)
        return _mended(completed) if unfit_headers(completed) else completed


@lru_cache(maxsize=500)
def _missing(
    always: RawHeaders, names: tuple[bytes, ...], kind: bytes, policy: bytes | None
) -> list[tuple[bytes, bytes]]:
    """What such an answer leaves out. Remembered: most answers have the headers of others."""
    said = {name.lower() for name in names}
    missing = [pair for pair in always if pair[0] not in said]
    if policy is None:
        policy = PICTURE if kind.startswith(b"image/svg") else NO_PAGE
        missing.append((b"content-security-policy", policy))
    if b"cross-origin-resource-policy" not in said:
        is_open = b"access-control-allow-origin" in said or kind.startswith(b"image/")
        reach = b"cross-origin" if is_open or _may_be_framed(policy) else b"same-origin"
        missing.append((b"cross-origin-resource-policy", reach))
    return missing


def _mended(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The last guard: a header that no server would send is no dropped connection.

    Headers of data are made by `http/header_values.py`; this is for what got past it.
    """
    names = ", ".join(sorted({name.decode("latin-1") for name in unfit_headers(headers)}))
    log.error("control characters in headers: %s", names)
    return [(name, mended(value)) for name, value in headers]


def _may_be_framed(policy: bytes) -> bool:
    return b"frame-ancestors" in policy and b"frame-ancestors 'none'" not in policy
