"""Where somebody goes on to after signing in: a page of the console, never another site."""

from __future__ import annotations

import re
from urllib.parse import unquote

HOME = "/console"
_OURS = re.compile(r"/(?:console|join)(?:[/?][A-Za-z0-9/_.~%?=&+:@,-]*)?\Z")
_TURNED = re.compile(r"//|\\|(?:^|/)\.\.?(?:/|$|\?)|[\x00-\x20\x7f]")
"""What browsers read as another host, or as a way out of the folder."""
MOST_CHARS = 500


def next_page(given: str) -> str:
    """The path if it is one of ours, however often it is decoded; else the console.

    >>> next_page("/console/shop/surveys?page=2"), next_page("//evil.example/console")
    ('/console/shop/surveys?page=2', '/console')
    >>> next_page("/console/%2e%2e/%5cevil.example"), next_page("/console/%252f%252fevil.example")
    ('/console', '/console')
    """
    if len(given) > MOST_CHARS or _OURS.match(given) is None:
        return HOME
    decoded = given
    for _ in range(4):
        if _TURNED.search(decoded):
            return HOME
        decoded = unquote(decoded)
    return HOME if _TURNED.search(decoded) else given
