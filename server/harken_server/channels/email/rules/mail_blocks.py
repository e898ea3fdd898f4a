"""The few fields of a mail that matter here, found in one pass over its lines.

Whoever can mail the bounce address chooses these bytes. Python's own mail parser takes quadratic
time for parameters, addresses and nesting, so it is not asked: work and memory here grow with the
length of the text alone, whatever stands in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

Fields: TypeAlias = dict[str, str]
"""Values by names in small letters; the first of a name counts."""

TOP = "top"
MESSAGE = "message/rfc822"
REPORT = "message/delivery-status"
COMPLAINT = "message/feedback-report"
HEADERS_ALONE = "text/rfc822-headers"
MAX_NESTED = 8
"""Multiparts inside one another; what lies deeper is not looked at."""
MAX_BOUNDARY_BYTES = 200
"""RFC 2046 section 5.1.1 allows 70."""
MAX_VALUE_BYTES = 2_000
"""What is kept of one field."""

_PART = "part"
_HEADED = frozenset({TOP, _PART, MESSAGE})
_OF_FIELDS = frozenset({REPORT, COMPLAINT, MESSAGE, HEADERS_ALONE})
_GROUPED = frozenset({REPORT, COMPLAINT})
_KEPT = frozenset(
    b"action content-type date delivered-to diagnostic-code envelope-to feedback-type "
    b"final-recipient message-id original-mail-from original-rcpt-to status to user-agent "
    b"x-original-to".split()
)
_LONGEST_NAME = max(map(len, _KEPT))
_BOUNDARY = re.compile(r';[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)


class Block(NamedTuple):
    """Fields that stand together, as far as they are kept."""

    place: str
    """TOP for those of the message itself, else the content type of what they are part of."""
    fields: Fields


def blocks_of(raw: bytes) -> Iterator[Block]:
    """Headers of the message and of what it carries, and each group of fields of a report."""
    reader = _Reader()
    for line in io.BytesIO(raw):
        yield from reader.take(line)
    yield from reader.close()


class _Reader:
    """Where in a message its lines have led to; it lives for one message."""

    def __init__(self) -> None:
        self._place = TOP
        self._reads = True
        self._fields: dict[bytes, bytearray] = {}
        self._open: bytearray | None = None
        """The field that a line with a blank in front goes on."""
        self._seen = False
        """Whether the block has any field, kept or not."""
        self._boundaries: list[bytes] = []

    def take(self, line: bytes) -> Iterator[Block]:
        """Take the next line; a block that it ends is given."""
        if line.startswith(b"--") and self._boundaries and self._is_delimiter(line):
            return
        if not self._reads:
            return
        if line in {b"\n", b"\r\n"}:
            yield from self._end_block()
        elif line[0] in b" \t":
            self._go_on(line)
        else:
            self._begin_field(line)

    def close(self) -> Iterator[Block]:
        """The block that the end of the text ends."""
        if self._reads and self._seen and self._place != _PART:
            yield self._block()

    def _is_delimiter(self, line: bytes) -> bool:
        """Whether a line parts two parts; the one that follows is then begun."""
        said = line[: MAX_BOUNDARY_BYTES + 8].rstrip()[2:]
        for depth in range(len(self._boundaries), 0, -1):
            boundary = self._boundaries[depth - 1]
            if said in {boundary, boundary + b"--"}:
                is_last = said != boundary
                del self._boundaries[depth - is_last :]
                self._begin(_PART, reads=not is_last)
                return True
        return False

    def _begin(self, place: str, *, reads: bool) -> None:
        self._place, self._reads = place, reads
        self._fields, self._open, self._seen = {}, None, False

    def _begin_field(self, line: bytes) -> None:
        name, colon, value = line[: _LONGEST_NAME + MAX_VALUE_BYTES].partition(b":")
        self._open = None
        if not colon:
            return
        self._seen = True
        name = name.strip().lower() if len(name) <= 2 * _LONGEST_NAME else b""
        if name in _KEPT and name not in self._fields:
            self._open = self._fields[name] = bytearray(value[:MAX_VALUE_BYTES])

    def _go_on(self, line: bytes) -> None:
        if self._open is not None:
            self._open += line[: max(0, MAX_VALUE_BYTES - len(self._open))]

    def _block(self) -> Block:
        fields = {name.decode("ascii"): _plain(value) for name, value in self._fields.items()}
        return Block(self._place, fields)

    def _end_block(self) -> Iterator[Block]:
        if not self._seen and self._place != _PART:
            return  # blank lines before the fields
        block = self._block()
        if self._place != _PART:
            yield block
        if self._place in _HEADED:
            self._enter(block.fields.get("content-type", ""))
        else:
            self._begin(self._place, reads=self._place in _GROUPED)

    def _enter(self, content_type: str) -> None:
        """What follows the headers: parts, fields, or text that does not matter."""
        kind = content_type.partition(";")[0].strip().lower()
        if kind.startswith("multipart/") and len(self._boundaries) < MAX_NESTED:
            found = _BOUNDARY.search(content_type)
            boundary = (found[1] or found[2]).encode() if found else b""
            if 0 < len(boundary) <= MAX_BOUNDARY_BYTES:
                self._boundaries.append(boundary.rstrip())
        self._begin(kind, reads=kind in _OF_FIELDS)


def _plain(value: bytearray) -> str:
    """One line of text that any database keeps, whatever the bytes were."""
    said = value.decode("utf-8", "replace")
    return " ".join("".join(each if each.isprintable() else " " for each in said).split())
