"""A request's headers: which coding the client takes, and what it has already."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal, TypeAlias

from harken_server.http.problems import BadRequestError

Headers: TypeAlias = dict[bytes, bytes]
Coding: TypeAlias = Literal["br", "gzip", ""]

ONCE = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"origin",
        b"referer",
        b"sec-fetch-site",
        b"sec-fetch-user",
        b"transfer-encoding",
        b"user-agent",
    }
)
"""Headers that are no lists; all others that are read here may come in several lines."""

BROTLI: Any = import_module("brotli")
"""It comes without types."""
_BEST_FIRST: tuple[Coding, ...] = ("br", "gzip")
_QUICK = 4
"""Of brotli's qualities from 0 to 11: about as quick as gzip's usual one, and smaller."""


def headers_of(scope: Any) -> Headers:
    """A request's headers by their names in small letters.

    A list that came in several lines is one list (RFC 9110 section 5.3). Raises BadRequestError for
    what may stand once and stands twice: of two programs one would take the first, one the last.
    """
    pairs = scope["headers"]
    headers = dict(pairs)
    return headers if len(headers) == len(pairs) else _joined(pairs)


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    headers: Headers = {}
    for name, value in pairs:
        if name in headers and name in ONCE:
            shown = name.decode().title()
            raise BadRequestError(f"The header {shown} stands twice.", code="repeated_header")
        headers[name] = b", ".join((headers[name], value)) if name in headers else value
    return headers


def takes_coding(headers: Headers, coding: bytes) -> bool:
    """Whether a content coding is accepted; a weight of nought refuses it (RFC 9110 12.5.3)."""
    return _takes(headers.get(b"accept-encoding", b""), coding)


@lru_cache(maxsize=64)
def _takes(accepted: bytes, coding: bytes) -> bool:
    """Remembered: a few headers are those of all browsers."""
    for part in accepted.lower().split(b","):
        name, _, weight = part.partition(b";")
        if name.strip() in {coding, b"*"}:
            return weight.strip().removeprefix(b"q=").rstrip(b"0.") != b"" or not weight
    return False


def coding_of(headers: Headers) -> Coding:
    """The best coding that the client takes; empty when it takes the body as it is only."""
    for coding in _BEST_FIRST:
        if takes_coding(headers, coding.encode()):
            return coding
    return ""


def encoded(body: bytes, coding: Coding) -> bytes:
    """A whole body, made now: quickly rather than as small as can be."""
    match coding:
        case "br":
            return BROTLI.compress(body, quality=_QUICK)
        case "gzip":
            return gzipped(body)
        case "":
            return body


def has_already(headers: Headers, etag: str) -> bool:
    """Whether If-None-Match names this very thing, by weak comparison (RFC 9110 13.1.2)."""
    given = headers.get(b"if-none-match")
    if given is None:
        return False
    opaque = etag.removeprefix("W/").encode()
    names = (part.strip().removeprefix(b"W/") for part in given.split(b","))
    return any(name in {opaque, b"*"} for name in names)


def gzipped(body: bytes) -> bytes:
    """A whole body as one gzip member."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
