"""Long files that are written while they are read, and end at once when nobody reads any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Response
from litestar.types import Receive, Scope, Send

from harken_server.http.encodings import Headers, coding_of
from harken_server.http.fast import RawHeaders
from harken_server.http.header_values import attachment, header_bytes
from harken_server.http.long_reads.compressing import packed_rows
from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.operations import WAS_HEAD
from harken_server.http.runtime import Runtime

_NO_STORE = (b"cache-control", b"private, no-store")
_VARIES = (b"vary", b"accept-encoding")


class Download(Response[bytes]):
    """An answer that the framework leaves to `_Writing`."""

    def __init__(self, writing: _Writing) -> None:
        super().__init__(b"")
        self._writing = writing

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """An ASGI application that sends it, which is all that the framework asks for."""
        return self._writing.send


async def download(
    runtime: Runtime,
    workspace_id: UUID,
    rows: AsyncGenerator[bytes],
    file_name: str,
    media_type: str,
    *,
    asked: Headers | None = None,
    further: RawHeaders = (),
    caching: RawHeaders = (_NO_STORE,),
) -> Download:
    """Wait for a turn, and make the first chunk before the answer begins: a failure is a problem.

    With the headers of who `asked` it is compressed where they take it so. Raises
    TooManyReadsError.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(runtime.of(HeavyReads).turn("download", workspace_id))
        await stack.enter_async_context(aclosing(rows))
        first = await anext(rows, b"")
        coding: RawHeaders = () if asked is None else (_VARIES,)
        if asked is not None and (taken := coding_of(asked)):
            coding = (*coding, (b"content-encoding", taken.encode()))
            rows, first = packed_rows(_again(first, rows), taken), b""
            await stack.enter_async_context(aclosing(rows))
        headers = (
            (b"content-type", _content_type(media_type)),
            (b"content-disposition", header_bytes(attachment(file_name))),
            *caching,
            *coding,
            *further,
        )
        return Download(_Writing(headers, first, rows, stack.pop_all()))


def kept_file(rows: AsyncGenerator[bytes], headers: RawHeaders, *, status: int = 200) -> Download:
    """A file that lies ready, or a part of it (206): no turn is taken for one."""
    held = AsyncExitStack()
    held.push_async_exit(aclosing(rows))
    return Download(_Writing((*headers, _NO_STORE), b"", rows, held, status))


def held_open(rows: AsyncGenerator[bytes], headers: RawHeaders, held: AsyncExitStack) -> Download:
    """An answer that goes on for as long as somebody reads it; `held` is given back at its end."""
    held.push_async_exit(aclosing(rows))
    return Download(_Writing(headers, b"", rows, held))


class NotModified(Response[bytes]):
    """Word that nothing has changed since."""


def not_modified(etag: str) -> NotModified:
    """The answer to whoever has the file already, in whichever coding."""
    headers = {"etag": etag, "cache-control": "private, no-store", "vary": "accept-encoding"}
    return NotModified(b"", status_code=304, headers=headers)


async def _again(first: bytes, rows: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for chunk in rows:
        yield chunk


class _Writing(NamedTuple):
    headers: RawHeaders
    first: bytes
    rows: AsyncGenerator[bytes]
    held: AsyncExitStack
    """The turn and what is read: given back however the answer ends."""
    status: int = 200

    async def send(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write it until it is whole or the client has gone."""
        async with self.held:
            writing = asyncio.ensure_future(self._write(send, is_head=WAS_HEAD in scope))
            leaving = asyncio.ensure_future(_wait_until_gone(receive))
            try:
                await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (writing, leaving):
                    task.cancel()
                ends = await asyncio.gather(writing, leaving, return_exceptions=True)
        if isinstance(ends[0], Exception):
            raise ends[0]

    async def _write(self, send: Send, *, is_head: bool) -> None:
        headers = list(self.headers)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if not is_head:
            await self._write_rows(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write_rows(self, send: Send) -> None:
        if self.first:
            await _send_more(send, self.first)
        async for chunk in self.rows:
            await _send_more(send, chunk)


def _content_type(media_type: str) -> bytes:
    is_text = media_type.startswith("text/")
    return (f"{media_type}; charset=utf-8" if is_text else media_type).encode()


async def _send_more(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
