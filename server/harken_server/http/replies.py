"""Encoding replies: JSON from structs, with the headers every API answer carries."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlencode

import msgspec
from litestar import Response

from harken_server.http.fast import Answer, RawHeaders
from harken_server.http.header_values import header_bytes, link_to
from harken_server.http.problems import PROBLEM_MEDIA_TYPE, encode_problem, headers_of, status_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError

T = TypeVar("T")

NO_STORE: RawHeaders = ((b"cache-control", b"no-store"),)
JSON_HEADERS: RawHeaders = ((b"content-type", b"application/json"), *NO_STORE)
_encoder = msgspec.json.Encoder()


class Replied(msgspec.Struct, Generic[T], frozen=True):
    """A reply with a status other than the operation's usual one, or with headers of its own."""

    value: T
    status: int | None = None
    headers: dict[str, str] | None = None


def item_of(kind: type[T], record: object, **others: Any) -> T:
    """A reply with the fields that a record has under the same names; `others` are the rest.

    A time becomes text where the reply says so.
    """
    values: dict[str, Any] = {}
    for name, is_text in _fields(kind):
        value = others[name] if name in others else getattr(record, name)
        values[name] = value.isoformat() if is_text and isinstance(value, datetime) else value
    return kind(**values)


@cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Names of a reply's fields, and which of them are text."""
    fields = msgspec.structs.fields(kind)
    return tuple((field.name, field.type in {str, str | None}) for field in fields)


def link_to_next(runtime: Runtime, path: str, **query: Any) -> dict[str, str]:
    """The header that leads on to the next page of a list; what is None is not asked for."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    url = f"{runtime.settings.of(HttpSettings).public_url}{path}?{asked}"
    return {"link": link_to(url, "next")}


def answer_of(value: Any, status: int) -> Answer:
    """What a declared operation gave, as a whole answer that no cache keeps."""
    if value is None:
        return Answer(204, NO_STORE, b"")
    if not isinstance(value, Replied):
        return Answer(status, JSON_HEADERS, _encoder.encode(value))
    replied = cast("Replied[Any]", value)
    said = (replied.headers or {}).items()
    more = ((name.encode(), header_bytes(text)) for name, text in said)
    body = _encoder.encode(replied.value)
    return Answer(replied.status or status, (*JSON_HEADERS, *more), body)


def respond(value: Any, status: int) -> Response[Any]:
    """The same for the framework; what is an answer of it already stays as it is."""
    if isinstance(value, Response):
        return cast("Response[Any]", value)
    answer = answer_of(value, status)
    headers = {name.decode(): text.decode("latin-1") for name, text in answer.headers}
    return Response(answer.body or None, status_code=answer.status, headers=headers)


def problem_reply(error: HarkenError) -> Response[bytes]:
    """A failure as a problem document."""
    return Response(
        encode_problem(error),
        status_code=status_of(error),
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers_of(error),
    )
