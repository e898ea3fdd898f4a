"""Saved segments: named filters, usable wherever a filter is, and for who is asked."""

import msgspec

from harken_server.segments import store
from harken_server.segments.keeping import SEGMENT, SegmentBody, drop_segment, keep_segment
from harken_server.segments.store import Segment
from harken_server.workspaces.keyed import Call, delete, get, put


class SegmentList(msgspec.Struct, kw_only=True):
    """The workspace's segments, by key."""

    segments: list[Segment]


@get("/segments", "list_segments", "List segments", scope="definitions")
async def list_all(call: Call) -> SegmentList:
    """All segments and personas, by key."""
    return SegmentList(segments=await store.list_segments(call.db, call.workspace_id))


@get("/segments/{key:str}", "get_segment", "Read a segment", scope="definitions", errors=(404,))
async def read(call: Call, key: str) -> Segment:
    """One segment."""
    return SEGMENT.found(await store.get_segment(call.db, call.workspace_id, key), key)


@put("/segments/{key:str}", "put_segment", "Make or change a segment", scope="write", errors=(409,))
async def write(call: Call, key: str, body: SegmentBody) -> Segment:
    """Filters that name it take it in as it is now, the past too."""
    return await keep_segment(call, key, body)


@delete(
    "/segments/{key:str}", "delete_segment", "Delete a segment", scope="write", errors=(404, 409)
)
async def remove(call: Call, key: str) -> None:
    """Refused while a touchpoint asks it."""
    await drop_segment(call, key)
