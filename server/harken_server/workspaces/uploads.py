"""Forms whose last field is a file: read as it comes, so that no file is ever held whole."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from typing import Any, NamedTuple

from harken_server.http.bodies import MORE_TIME
from harken_server.http.declared import Arrival
from harken_server.http.problems import BadRequestError
from harken_server.workspaces.multipart import MEDIA_TYPE, boundary_of
from harken_server.workspaces.people.sent_forms import Form, read_form

MAX_HEAD_BYTES = 64 * 1024
"""Of the fields before the file."""
MORE_AT = 256 * 1024
"""After so many bytes it is given more time."""
_FILE_NAME = re.compile(r'[; ]filename\s?="([^"\r\n]{0,300})"')


class Incoming(NamedTuple):
    """What such a form sent: its fields, and the file while it comes."""

    form: Form
    """All fields before the file."""
    name: str
    """What the file is called; empty: none was chosen."""
    pieces: AsyncGenerator[bytes]
    """Its content. Raises BadRequestError (`bad_form`, `client_closed`) where it breaks off."""


async def read_incoming(arrival: Arrival) -> Incoming:
    """The form up to its file. Raises BadRequestError (`bad_form`, `body_too_large`)."""
    content_type = arrival.header("content-type") or ""
    if not content_type.lower().startswith(MEDIA_TYPE):
        return Incoming(read_form(await arrival.body(MAX_HEAD_BYTES), content_type), "", _nothing())
    mark = b"\r\n--" + boundary_of(content_type)
    body, chunks = b"\r\n", _chunks(arrival)
    async for chunk in chunks:
        body += chunk
        found = _file_in(body, mark)
        if found is not None:
            start, name = found
            fields = body[2 : body.rindex(mark, 0, start)] + mark + b"--"
            pieces = _until(mark, body[start:], chunks)
            return Incoming(read_form(fields, content_type), name, pieces)
        if len(body) > MAX_HEAD_BYTES:
            raise BadRequestError("The form has too much before its file.", code="bad_form")
    return Incoming(read_form(body[2:], content_type), "", _nothing())


def _file_in(body: bytes, mark: bytes) -> tuple[int, str] | None:
    """Where the content of the file begins, and what it is called; None: not yet."""
    start = 0
    while (at := body.find(mark, start)) >= 0:
        end = body.find(b"\r\n\r\n", at + len(mark))
        if end < 0:
            return None
        name = _FILE_NAME.search(body[at + len(mark) : end].decode("utf-8", "replace"))
        if name is not None:
            return end + 4, name[1]
        start = at + len(mark)
    return None


async def _until(mark: bytes, body: bytes, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """Everything before the mark; what may be its beginning is held back."""
    while True:
        end = body.find(mark)
        if end >= 0:
            if end:
                yield body[:end]
            async for _ in chunks:  # what stands behind the file is no concern
                pass
            return
        safe = max(len(body) - len(mark) + 1, 0)
        if safe:
            yield body[:safe]
        chunk = await anext(chunks, None)
        if chunk is None:
            raise BadRequestError("The form has no end.", code="bad_form")
        body = body[safe:] + chunk


async def _chunks(arrival: Arrival) -> AsyncGenerator[bytes]:
    more_time: Callable[[], None] = arrival.scope.get(MORE_TIME, lambda: None)
    since, is_more = 0, True
    while is_more:
        message: Any = await arrival.receive()
        if message["type"] == "http.disconnect":
            raise BadRequestError("The client went away.", code="client_closed")
        chunk: bytes = message.get("body", b"")
        is_more, since = message.get("more_body", False), since + len(chunk)
        if since >= MORE_AT:
            since = 0
            more_time()
        if chunk:
            yield chunk


async def _nothing() -> AsyncGenerator[bytes]:
    for none in ():
        yield none
