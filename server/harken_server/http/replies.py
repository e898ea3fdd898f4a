"""Encoding replies: JSON from structs, with the headers every API answer carries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar, cast

import msgspec
from litestar import Response
from litestar.response import Stream

from harken_server.http.fast import Answer, RawHeaders
from harken_server.http.problems import (
    PROBLEM_MEDIA_TYPE,
    encode_problem,
    headers_of,
    status_of,
)
from harken_server.kernel.errors import HarkenError

T = TypeVar("T")

NO_STORE: RawHeaders = ((b"cache-control", b"no-store"),)
JSON_HEADERS: RawHeaders = ((b"content-type", b"application/json"), *NO_STORE)
_encoder = msgspec.json.Encoder()


class Replied(msgspec.Struct, Generic[T], frozen=True):
    """A reply with a status other than the operation's usual one, or with headers of its own."""

    value: T
    status: int | None = None
    headers: dict[str, str] | None = None


def answer_of(value: Any, status: int) -> Answer:
    """What a declared operation gave, as a whole answer that no cache keeps."""
    if value is None:
        return Answer(204, NO_STORE, b"")
    if not isinstance(value, Replied):
        return Answer(status, JSON_HEADERS, _encoder.encode(value))
    replied = cast("Replied[Any]", value)
    more = ((name.encode(), text.encode()) for name, text in (replied.headers or {}).items())
    body = _encoder.encode(replied.value)
    return Answer(replied.status or status, (*JSON_HEADERS, *more), body)


def respond(value: Any, status: int) -> Response[Any]:
    """The same for the framework; what is an answer of it already stays as it is."""
    if isinstance(value, Response):
        return cast("Response[Any]", value)
    answer = answer_of(value, status)
    headers = {name.decode(): text.decode() for name, text in answer.headers}
    return Response(answer.body or None, status_code=answer.status, headers=headers)


def problem_reply(error: HarkenError) -> Response[bytes]:
    """A failure as a problem document."""
    return Response(
        encode_problem(error),
        status_code=status_of(error),
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers_of(error),
    )


def empty_reply() -> Response[None]:
    """204."""
    return Response(None, status_code=204, headers={"cache-control": "no-store"})


async def download(rows: AsyncIterator[bytes], file_name: str, media_type: str) -> Stream:
    """The first chunk is made before the answer begins, so that a failure is still a problem."""
    first = await anext(rows, b"")

    async def chunks() -> AsyncIterator[bytes]:
        yield first
        async for chunk in rows:
            yield chunk

    return Stream(
        chunks(),
        media_type=media_type,
        headers={
            "content-disposition": f'attachment; filename="{file_name}"',
            "cache-control": "private, no-store",
        },
    )
