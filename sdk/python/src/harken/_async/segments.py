"""What a client offers under `segments`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from harken._calls import segment_calls
from harken._types.segment import Segment, SegmentCondition

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncSegments:
    """Named filters and personas, for scores, trends, exports and who is asked."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(
        self,
        key: str,
        *,
        title: str,
        conditions: Iterable[SegmentCondition | Mapping[str, Any]],
        description: str = "",
        portrait: Iterable[str] = (),
    ) -> Segment:
        """Make or change a segment; with a `portrait` it is a persona. All conditions must hold.

        A condition is a mapping such as `{"of": "trait", "name": "plan", "value": "pro"}`, with an
        `op` where it is not `equals`. Raises ValidationError with every problem.
        """
        fields = {
            "title": title,
            "description": description,
            "portrait": list(portrait),
            "conditions": [msgspec.to_builtins(each) for each in conditions],
        }
        return await self._connection.run(segment_calls.put_segment(key, fields))

    async def get(self, key: str) -> Segment:
        """One segment."""
        return await self._connection.run(segment_calls.get_segment(key))

    async def list(self) -> tuple[Segment, ...]:
        """Every segment of the key's workspace."""
        return await self._connection.run(segment_calls.list_segments())

    async def delete(self, key: str) -> None:
        """Delete a segment. Raises ConflictError while a touchpoint asks it."""
        await self._connection.run(segment_calls.delete_segment(key))
