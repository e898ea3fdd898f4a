"""What commands print, and the status they exit with."""

from __future__ import annotations

import sys

DONE, FAILED, MISUSED = 0, 1, 2


def say(text: str, end: str = "\n") -> None:
    """Print to the terminal, or whatever reads the command's output."""
    print(text, end=end)


def remark(what: object) -> None:
    """Print a line for people, beside the output."""
    print(f"harken: {what}", file=sys.stderr)


def complain(what: object, status: int) -> int:
    """Print what went wrong; returns the status."""
    remark(what)
    return status
