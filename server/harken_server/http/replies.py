"""Encoding replies: JSON from structs, with the headers every API answer carries."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

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
