"""Requests about saved segments as `Call`s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harken._calls.conversation import Call
from harken._calls.reading import read_as, read_list
from harken._calls.request import delete, get, segment, send
from harken._types.segment import Segment


def list_segments() -> Call[tuple[Segment, ...]]:
    """GET /v1/segments."""
    return get("/v1/segments", read_list("segments", Segment))


def get_segment(key: str) -> Call[Segment]:
    """GET /v1/segments/{key}."""
    return get(_path(key), read_as(Segment))


def put_segment(key: str, fields: Mapping[str, Any]) -> Call[Segment]:
    """PUT /v1/segments/{key}; a repeat changes nothing."""
    return send("PUT", _path(key), read_as(Segment), fields)


def delete_segment(key: str) -> Call[None]:
    """DELETE /v1/segments/{key}."""
    return delete(_path(key))


def _path(key: str) -> str:
    return f"/v1/segments/{segment(key)}"
