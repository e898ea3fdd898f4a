"""Encoding replies: JSON from structs, with the headers every API answer carries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Response
from litestar.response import Stream

_encoder = msgspec.json.Encoder()


def json_reply(
    value: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """A struct as a JSON answer that no cache keeps."""
    return Response(
        _encoder.encode(value),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store", **(headers or {})},
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
