"""Makes calls: what the modules with the API's requests have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote

import msgspec

from harken._calls.conversation import Call, Reply
from harken._calls.definition_files import DefinitionFormat
from harken._calls.reading import read_nothing
from harken._values import Id, all_entries, name_of, plain_value

T = TypeVar("T")
QueryValue: TypeAlias = str | float | date | None

JSON = ("Content-Type", "application/json")
_encoder = msgspec.json.Encoder(enc_hook=plain_value, decimal_format="number")
_PLAIN_NAME = re.compile("[A-Za-z0-9_~@:][A-Za-z0-9_~@:.+-]*")


def get(path: str, read: Callable[[Reply], T], /, **query: QueryValue) -> Call[T]:
    """A GET, which may always be repeated."""
    return bare("GET", path, read, query=query)


def delete(path: str) -> Call[None]:
    """A DELETE that may be repeated: what is gone stays gone."""
    return bare("DELETE", path, read_nothing)


def bare(
    method: str,
    path: str,
    read: Callable[[Reply], T],
    /,
    *,
    query: Mapping[str, QueryValue] | None = None,
    may_repeat: bool = True,
) -> Call[T]:
    """A request without a body. May it be repeated? Not when a repeat would find it done."""
    pairs = encode_query(query or {})
    return Call(method=method, path=path, query=pairs, read=read, may_repeat=may_repeat)


def send(
    method: str,
    path: str,
    read: Callable[[Reply], T],
    body: object,
    /,
    *,
    query: Mapping[str, QueryValue] | None = None,
    may_repeat: bool = True,
) -> Call[T]:
    """A request that carries JSON. May it be repeated? Not when each one makes another thing."""
    return Call(
        method=method,
        path=path,
        query=encode_query(query or {}),
        headers=(JSON,),
        body=encode_json(body),
        read=read,
        may_repeat=may_repeat,
    )


def encode_json(body: object) -> bytes:
    """As JSON, with what Python applications hold in the forms of `_values`."""
    return _encoder.encode(body)


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
        query=encode_query(dry_run_query(dry_run)),
        headers=(("Content-Type", f"application/{format}"),),
        body=definition,
        read=read,
        may_repeat=True,
    )


def dry_run_query(dry_run: bool) -> dict[str, str]:
    """What asks the server only to say what it would do."""
    return {"dry_run": "true"} if dry_run else {}


def encode_query(query: Mapping[str, QueryValue]) -> tuple[tuple[str, str], ...]:
    """As name and text; `from_` is sent as `from`, and what is None is left out."""
    return tuple(
        (name.rstrip("_"), _text(value)) for name, value in query.items() if value is not None
    )


def without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def segment(name: Id) -> str:
    """A key or an id as one part of an address; ValueError for what cannot be one."""
    text = name_of("a key or id", name)
    if text in {".", ".."}:
        raise ValueError(f"a key or id must not be {text!r}")
    return quote(text, safe="")


def person(respondent: Id) -> tuple[str, dict[str, str]]:
    """A respondent in an address: a part of the path, and what goes into the query.

    Programs between here and the server change paths that hold `%2F`, `..` and the like; so names
    with more than plain characters stand in the query, and `-` in the path says so.
    """
    name = name_of("respondent", respondent)
    if _PLAIN_NAME.fullmatch(name):
        return name, {}
    return "-", {"respondent": name}


def person_body(told: Id | Mapping[str, Any]) -> dict[str, Any]:
    """One of a list of people: only a name, or what is told of them. ValueError names the field."""
    body: dict[str, Any] = dict(told) if isinstance(told, Mapping) else {"respondent": told}
    body["respondent"] = name_of("respondent", body.get("respondent"))
    for field in ("traits", "context"):
        if body.get(field) is not None:
            body[field] = all_entries(field, body[field])
    return body


def _text(value: str | float | date) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
