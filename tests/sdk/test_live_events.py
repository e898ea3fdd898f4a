"""Events of a stream, however the network cuts it up."""

from __future__ import annotations

import pytest

from harken._calls.live_calls import Ending, EventReader
from harken._types.numbers.live import LiveChange

STREAM = (
    b"retry: 5000\n\n: still here\n\n"
    b'id: kQE\nevent: change\ndata: {"survey":"a","new":2,"scores":[]}\n\n'
    b'event: end\ndata: {"reason":"closed"}\n\n'
)


@pytest.mark.parametrize("size", [1, 2, 7, 1_000])
def test_a_stream_is_read_in_pieces_of_any_size(size: int) -> None:
    reader = EventReader()
    pieces = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]

    found = [event for piece in pieces for event in reader.read(piece)]

    assert found == [LiveChange(survey="a", new=2, place="kQE"), Ending("closed")]
