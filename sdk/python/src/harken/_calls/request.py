"""Makes calls: what the modules with the API's requests have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.definition_files import DefinitionFormat
from harken._calls.reading import read_nothing

T = TypeVar("T")
QueryValue: TypeAlias = str | int | date | None

JSON = ("Content-Type", "application/json")


def get(path: str, read: Callable[[Reply], T], /, **query: QueryValue) -> Call[T]:
    """A GET, which may always be repeated."""
    return Call(method="GET", path=path, query=encode_query(query), read=read, may_repeat=True)


def send(
    method: str, path: str, read: Callable[[Reply], T], body: object, /, *, may_repeat: bool = True
) -> Call[T]:
    """A request that carries JSON. May it be repeated? Not when each one makes another thing."""
    return Call(
        method=method,
        path=path,
        headers=(JSON,),
        body=msgspec.json.encode(body),
        read=read,
        may_repeat=may_repeat,
    )


def delete(path: str) -> Call[None]:
    """A DELETE that may be repeated: what is gone stays gone."""
    return Call(method="DELETE", path=path, read=read_nothing, may_repeat=True)


def push(
    path: str,
    read: Callable[[Reply], T],
    definition: bytes,
    format: DefinitionFormat,
    *,
    dry_run: bool,
) -> Call[T]:
    """A file's text as it is; pushing the same again changes nothing, so it may repeat."""
    return Call(
        method="POST",
        path=path,
        query=dry_run_query(dry_run),
        headers=(("Content-Type", f"application/{format}"),),
        body=definition,
        read=read,
        may_repeat=True,
    )


def dry_run_query(dry_run: bool) -> tuple[tuple[str, str], ...]:
    """What asks the server only to say what it would do."""
    return (("dry_run", "true"),) if dry_run else ()


def encode_query(query: Mapping[str, QueryValue]) -> tuple[tuple[str, str], ...]:
    """As name and text; `from_` is sent as `from`, and what is None is left out."""
    return tuple(
        (name.rstrip("_"), _text(value)) for name, value in query.items() if value is not None
    )


def without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def segment(name: object) -> str:
    """One part of an address. ValueError for what would change the address's meaning."""
    text = str(name)
    if not text or text in {".", ".."}:
        raise ValueError(f"a key or id must not be {text!r}")
    return quote(text, safe="")


def _text(value: str | int | date) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
