"""Where in the feed a change stands: a lane, and a number within it.

Each change of a response has a position, `lane * 2^40 + n`: within a lane a later change has a
greater one, and whoever sees it sees all before it. A reader keeps one position a lane.

Each writer has a row of its own in `feed`, so that none waits for another: a commit locks the
lane's row until it is durable. Across lanes there is no order. Lane 0 is SQLite's only one, and on
PostgreSQL that of changes by a process whose writer has none yet.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

MOST_LANES = 256
_BITS = 40
MAX_CURSOR = 3_100
"""Characters of a cursor with every lane in it."""

Positions = dict[int, int]
"""The last position seen, by lane; what is not there has not been read yet."""


def lane_of(position: int) -> int:
    """The lane of a position.

    >>> lane_of(5), lane_of(first_position(3) + 5)
    (0, 3)
    """
    return position >> _BITS


def first_position(lane: int) -> int:
    """The position of a lane in which nothing happened yet."""
    return lane << _BITS


def encode_cursor(positions: Mapping[int, int]) -> str:
    """Positions as a token for URLs; nobody but this server reads it.

    >>> encode_cursor({})
    'kA'
    """
    said = msgspec.msgpack.encode(sorted(positions.values()))
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def decode_cursor(cursor: str) -> Positions | None:
    """The positions; None when this server never gave such a cursor.

    >>> decode_cursor(encode_cursor({0: 7, 3: first_position(3) + 2}))
    {0: 7, 3: 3298534883330}
    """
    try:
        said = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        positions = msgspec.msgpack.decode(said, type=list[int])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
    by_lane = {lane_of(position): position for position in positions}
    is_ours = len(by_lane) == len(positions) and all(0 <= lane < MOST_LANES for lane in by_lane)
    return by_lane if is_ours and encode_cursor(by_lane) == cursor else None
