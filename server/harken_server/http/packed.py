"""Bodies ready to send, and answers made of them: for every site, compressed, not sent twice."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from harken_server.http.encodings import (
    Coding,
    Headers,
    coding_of,
    encoded,
    gzipped,
    has_already,
    takes_coding,
)
from harken_server.http.fast import Answer, RawHeaders
from harken_server.http.header_values import header_bytes

EVERYWHERE = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}
"""Any page may load it, a strict one (COEP) included, and only as what it is."""
WORTH_IT = 1_000
"""Bytes from which on a body is made smaller: below, one packet holds it anyway."""
LONG = 200_000
VARIES = "accept-encoding"
IMMUTABLE = "public, max-age=31536000, immutable"


class Packed(msgspec.Struct, frozen=True):
    """A body ready to send, plain and compressed."""

    body: bytes
    gzipped: bytes
    etag: str
    brotli: bytes | None = None


@lru_cache(maxsize=64)
def pack(body: bytes) -> Packed:
    """A body made for some requests, kept with its compressed form."""
    return packed_with(body, None)


def unpacked(body: bytes) -> Packed:
    """A body that is not worth keeping: it is sent plain."""
    return Packed(body, b"", etag_of(body))


def packed_with(body: bytes, brotli: bytes | None) -> Packed:
    """A body beside its compressed forms; `brotli` was made by the build, or there is none."""
    return Packed(body, gzipped(body), etag_of(body), brotli)


class Reply(msgspec.Struct, frozen=True):
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    own: RawHeaders = ()
    """Headers that no other answer has: their bytes are not remembered."""

    def with_header(self, name: str, value: str) -> Reply:
        """The same with one more header."""
        return Reply(self.status, {**self.headers, name: value}, self.body, self.own)

    def for_origin(self, origin: bytes | None) -> Reply:
        """The same, readable for pages of this origin alone; None leaves it open to all."""
        if origin is None:
            return self
        return self.with_header("access-control-allow-origin", origin.decode("latin-1"))


NOTHING = Reply(204, {"cache-control": "no-store"}, b"")


def conditional(
    packed: Packed,
    headers: Headers,
    media_type: str,
    caching: str,
    vary: tuple[str, ...] = (),
) -> Reply:
    """200 with the body as the client likes it best, or 304 when it has it already."""
    common = {
        **EVERYWHERE,
        "cache-control": caching,
        "etag": packed.etag,
        "vary": ", ".join(("Accept-Encoding", *vary)),
    }
    if has_already(headers, packed.etag):
        return Reply(304, common, b"")
    common["content-type"] = media_type
    if packed.brotli and takes_coding(headers, b"br"):
        return Reply(200, {**common, "content-encoding": "br"}, packed.brotli)
    if packed.gzipped and takes_coding(headers, b"gzip"):
        return Reply(200, {**common, "content-encoding": "gzip"}, packed.gzipped)
    return Reply(200, common, packed.body)


def answer_of(reply: Reply) -> Answer:
    """The answer as a fast route gives it."""
    return Answer(reply.status, _raw_headers(reply), reply.body)


def application(reply: Reply) -> ASGIApp:
    """The answer as an ASGI application."""
    headers = [*_raw_headers(reply)]
    if reply.status not in {204, 304}:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    start: Any = {"type": "http.response.start", "status": reply.status, "headers": headers}

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start)
        await send({"type": "http.response.body", "body": reply.body, "more_body": False})

    return answer


def _raw_headers(reply: Reply) -> RawHeaders:
    return (*(_raw(name, value) for name, value in reply.headers.items()), *reply.own)


@lru_cache(maxsize=1_000)
def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    """Remembered: most answers have the headers of the one before, and a page has ten of them."""
    return name.encode(), header_bytes(value)


def etag_of(body: bytes) -> str:
    """A weak one: the same for every coding."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'


def compressed(reply: Reply, headers: Headers) -> Reply:
    """The answer as small as the client takes it, where it is a text that is worth it.

    One that varies by what they take was made so before.
    """
    said = reply.headers
    is_text = said.get("content-type", "").startswith("text/")
    if not is_text or len(reply.body) < WORTH_IT or VARIES in said.get("vary", "").lower():
        return reply
    varied = reply.with_header("vary", ", ".join(filter(None, (said.get("vary"), VARIES))))
    if not (coding := coding_of(headers)):
        return varied
    smaller = varied.with_header("content-encoding", coding)
    make = _kept if len(reply.body) > LONG else encoded
    return Reply(smaller.status, smaller.headers, make(reply.body, coding), reply.own)


@lru_cache(maxsize=8)
def _kept(body: bytes, coding: Coding) -> bytes:
    """Of a long one, such as the reference of the API, which is the same for everybody."""
    return encoded(body, coding)
