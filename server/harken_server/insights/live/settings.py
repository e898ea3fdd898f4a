"""How many may follow results at once."""

from __future__ import annotations

from typing import Annotated

import msgspec

from harken_server.kernel.settings import setting


class LiveSettings(msgspec.Struct, kw_only=True, frozen=True):
    """What one process keeps open for numbers as they change."""

    live_connections: Annotated[
        int,
        setting(
            "Pages and programs that one process tells of new responses at once, 0 to 10000; 0 is "
            "none. Whoever comes on top gets 503, and a page stays as it was loaded.",
            low=0,
            high=10_000,
        ),
    ] = 500
