"""What commands print, and the status they exit with."""

from __future__ import annotations

import sys

from harken._shown_text import visible

DONE, FAILED, MISUSED = 0, 1, 2


def say(text: str, end: str = "\n") -> None:
    """Print to the terminal, or whatever reads the command's output.

    Texts of others are among it: what would command the terminal is shown as its escape.
    """
    print(visible(text), end=end)


def remark(what: object) -> None:
    """Print a line for people, beside the output."""
    print(visible(f"harken: {what}"), file=sys.stderr)


def complain(what: object, status: int) -> int:
    """Print what went wrong; returns the status."""
    remark(what)
    return status
