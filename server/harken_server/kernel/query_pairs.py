"""The pairs of a query or a form (`application/x-www-form-urlencoded`).

`urllib.parse.parse_qsl` takes 190 bytes of memory for each `%` that no digits follow; this takes
time and memory for what there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def pairs_of(raw: bytes, errors: str = "replace") -> Iterator[tuple[str, str]]:
    """Names and values in their order, empty ones too; UnicodeDecodeError if errors are `strict`.

    >>> list(pairs_of(b"name=Ann+%C3%98&b&&c=%zz"))
    [('name', 'Ann Ø'), ('b', ''), ('c', '%zz')]
    """
    for pair in raw.split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            yield _text(name, errors), _text(value, errors)


def _text(written: bytes, errors: str) -> str:
    plain = written.replace(b"+", b" ")
    if b"%" in plain:
        plain = _ESCAPE.sub(_byte, plain)
    return plain.decode("utf-8", errors)


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))
