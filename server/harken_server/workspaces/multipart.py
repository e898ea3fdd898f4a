"""Forms with files: `multipart/form-data` (RFC 7578), read strictly and within its limit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from harken_server.http.problems import BadRequestError

MEDIA_TYPE = "multipart/form-data"
MAX_PARTS = 200
_BOUNDARY = re.compile(r'boundary=(?:"([^"\r\n]{1,70})"|([!-:<-~]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="([^"\r\n]{0,200})"')
_FILE = re.compile(r"[; ]filename\s?=")


class Part(NamedTuple):
    """One field of a form."""

    name: str
    content: bytes
    is_file: bool


def parts_of(body: bytes, content_type: str) -> Iterator[Part]:
    """The fields in their order. Raises BadRequestError (`bad_form`)."""
    mark = b"--" + boundary_of(content_type)
    pieces = (b"\r\n" + body).split(b"\r\n" + mark, MAX_PARTS + 2)
    if len(pieces) > MAX_PARTS + 2:
        raise _bad(f"has more than {MAX_PARTS} fields")
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise _bad("has no end")
    for piece in pieces[1:-1]:
        yield _part(piece)


def boundary_of(content_type: str) -> bytes:
    """What parts the fields. Raises BadRequestError (`bad_form`)."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _bad("names no boundary")
    return (found[1] or found[2]).encode("latin-1")


def _part(piece: bytes) -> Part:
    head, end, content = piece.partition(b"\r\n\r\n")
    try:
        said = next(
            line
            for line in head.decode("utf-8").split("\r\n")
            if line.lower().startswith("content-disposition:")
        )
    except (UnicodeDecodeError, StopIteration):
        raise _bad("has a field without a name") from None
    name = _NAME.search(said)
    if not end or name is None:
        raise _bad("has a field without a name")
    return Part(name[1], content, _FILE.search(said) is not None)


def _bad(what: str) -> BadRequestError:
    return BadRequestError(f"The form {what}.", code="bad_form")
