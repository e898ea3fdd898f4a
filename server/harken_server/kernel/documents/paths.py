"""Paths that say where in a definition something is: `$.questions[2].choices[0].value`."""

from __future__ import annotations

import json
import re

_PLAIN_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,63}")


def child_path(parent: str, key: str | int) -> str:
    """The path of a list item or of a map's value; odd keys are quoted in ASCII and cut.

    >>> child_path(child_path("$.questions", 2), "text")
    '$.questions[2].text'
    """
    if isinstance(key, int):
        return f"{parent}[{key}]"
    if _PLAIN_NAME.fullmatch(key):
        return f"{parent}.{key}"
    return f"{parent}[{json.dumps(key[:40])}]"


def parent_path(path: str) -> str:
    """The path of the list or map that holds the value; empty for the root.

    >>> parent_path("$.questions[2]")
    '$.questions'
    """
    cut = max(path.rfind("."), path.rfind("["))
    return path[:cut] if cut > 0 else ""
