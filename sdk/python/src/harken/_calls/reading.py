"""How answers become values, and names become parts of an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

import msgspec

from harken._calls.conversation import Reply
from harken._calls.failures import error_from, unexpected

T = TypeVar("T")


def read_as(kind: type[T]) -> Callable[[Reply], T]:
    """A reader of successful answers of this type; it raises what any other answer means."""

    def read(reply: Reply) -> T:
        if not _succeeded(reply):
            raise error_from(reply)
        try:
            return msgspec.json.decode(reply.content, type=kind)
        except msgspec.MsgspecError as error:
            raise unexpected(reply, str(error)) from error

    return read


def read_nothing(reply: Reply) -> None:
    """Raise what an answer means that is no success."""
    if not _succeeded(reply):
        raise error_from(reply)


def read_bytes(reply: Reply) -> bytes:
    """The answer as it came; it raises what an answer means that is no success."""
    if not _succeeded(reply):
        raise error_from(reply)
    return reply.content


def segment(name: str) -> str:
    """One part of an address. ValueError for what would change the address's meaning."""
    if not name or name in {".", ".."}:
        raise ValueError(f"a key or id must not be {name!r}")
    return quote(name, safe="")


def _succeeded(reply: Reply) -> bool:
    return reply.status is not None and 200 <= reply.status < 300
