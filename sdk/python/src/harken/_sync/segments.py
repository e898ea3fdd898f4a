# Generated from _async/segments.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers under `segments`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from harken._calls import segment_calls
from harken._types.segment import Segment, SegmentCondition

if TYPE_CHECKING:
    from harken._sync.connection import Connection


class Segments:
    """Named filters and personas, for scores, trends, exports and who is asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
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
        return self._connection.run(segment_calls.put_segment(key, fields))

    def get(self, key: str) -> Segment:
        """One segment."""
        return self._connection.run(segment_calls.get_segment(key))

    def list(self) -> tuple[Segment, ...]:
        """Every segment of the key's workspace."""
        return self._connection.run(segment_calls.list_segments())

    def delete(self, key: str) -> None:
        """Delete a segment. Raises ConflictError while a touchpoint asks it."""
        self._connection.run(segment_calls.delete_segment(key))
