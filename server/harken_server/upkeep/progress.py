"""How far a long command is, on a terminal; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from typing import TextIO

BETWEEN_S = 0.2


class Progress:
    """One line that is written over: what is done of all. Use it as a context manager."""

    def __init__(self, doing: str, total: int, out: TextIO = sys.stderr) -> None:
        self._doing = doing
        self._total = total
        self._done = 0
        self._out = out if out.isatty() else None
        self._shown_at = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._out is not None:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def add(self, count: int, where: str) -> None:
        """So many more are done; the last ones in `where`."""
        self._done += count
        now = time.monotonic()
        if self._out is None or now - self._shown_at < BETWEEN_S:
            return
        self._shown_at = now
        share = self._done * 100 // max(1, self._total)
        self._out.write(
            f"\r\x1b[K{self._doing}: {self._done:,} of {self._total:,} ({share} %), {where}"
        )
        self._out.flush()
