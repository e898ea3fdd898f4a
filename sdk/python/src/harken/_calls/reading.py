"""How answers become values, or the errors that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec

from harken._calls.conversation import Reply
from harken._calls.failures import error_from, unexpected

T = TypeVar("T")


def read_as(kind: type[T]) -> Callable[[Reply], T]:
    """A reader of successful answers of this type; it raises what any other answer means."""

    def read(reply: Reply) -> T:
        content = read_bytes(reply)
        try:
            return msgspec.json.decode(content, type=kind)
        except msgspec.MsgspecError as error:
            raise unexpected(reply, str(error)) from error

    return read


def read_list(name: str, kind: type[T]) -> Callable[[Reply], tuple[T, ...]]:
    """As `read_as`, for an answer that holds a list of these under a name."""
    read = read_as(_list_type(name, kind))
    return lambda reply: getattr(read(reply), name)


def read_nothing(reply: Reply) -> None:
    """Raise what an answer means that is no success."""
    read_bytes(reply)


def read_bytes(reply: Reply) -> bytes:
    """The answer as it came; it raises what an answer means that is no success."""
    if reply.status is None or not 200 <= reply.status < 300:
        raise error_from(reply)
    return reply.content


@cache
def _list_type(name: str, kind: type[Any]) -> type[msgspec.Struct]:
    """A record with one field, the list; what else the answer holds is passed over."""
    return msgspec.defstruct("List", [(name, tuple[kind, ...])], frozen=True)
