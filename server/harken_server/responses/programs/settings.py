"""What can be set about telling people from programs."""

from __future__ import annotations

from typing import Annotated

import msgspec

from harken_server.kernel.settings import setting


class ProgramSettings(msgspec.Struct, kw_only=True, frozen=True):
    """How readily a sender is taken for a program."""

    program_strictness: Annotated[
        int,
        setting(
            "How strictly senders are judged that may be programs, in percent: 200 asks for twice "
            "the time of a person and lets half as many equal forms count, 50 the other way round; "
            "0 quarantines nothing.",
            low=0,
            high=400,
        ),
    ] = 100
