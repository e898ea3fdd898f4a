"""Reading bodies and queries strictly: the type is the type, and every limit is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from litestar.types import Receive

from harken_server.http.encodings import Headers
from harken_server.http.problems import BadRequestError, decode_failure
from harken_server.kernel.documents.allowance import TreeError, may_weigh, weigh_json

T = TypeVar("T")
Chosen = TypeVar("Chosen", bound=msgspec.Struct)

_JSON_TYPES = frozenset({b"application/json", b"text/plain", b""})
MORE_TIME = "harken.more_time"
"""In a request's scope: what a page calls that reads a long file, so that it has as long again."""
NUL = "\x00"
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2}){1,64}")
"""A run of them at a time: thousands of pieces would take forty times what was sent."""
_NUL_ESCAPED = b"\\u0000"
_BACKSLASH_ESCAPED = b"\\\\"


def decode_json(raw: bytes, kind: type[T]) -> T:
    """Decode strictly (`"5"` is not 5).

    Raises BadRequestError: `malformed_json` (400), `wrong_shape` (422), `nul_character` (400),
    `too_dense` (422).
    """
    if may_weigh(raw):
        check_weight(raw)
    try:
        value: T = _decoder_of(kind).decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise decode_failure(_worse(raw) or error) from error
    if _NUL_ESCAPED in raw and _NUL_ESCAPED in raw.replace(_BACKSLASH_ESCAPED, b""):
        raise BadRequestError(
            "The body holds a NUL character (U+0000), which cannot be stored.",
            code="nul_character",
        )
    return value


def check_weight(raw: bytes) -> None:
    """Raise BadRequestError for JSON of next to nothing but brackets: it would fill the memory."""
    try:
        weigh_json(raw.decode("utf-8", "replace"))
    except TreeError as error:
        if error.code == "too_dense":  # depth is for the parser to refuse
            raise BadRequestError(str(error), code=error.code, status=422) from error


@cache
def _decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    """Made when the first body of its kind is read, not at the start."""
    return msgspec.json.Decoder(kind)


def _worse(raw: bytes) -> UnicodeDecodeError | None:
    """Bytes that are no text at all come before any complaint about their shape."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error
    return None


def pairs_of(raw: bytes, errors: str = "replace") -> Iterator[tuple[str, str]]:
    """Names and values in their order, empty ones too; UnicodeDecodeError if errors are `strict`.

    `urllib.parse.parse_qsl` takes 190 bytes of memory for each `%` that no digits follow.

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
        plain = _ESCAPES.sub(_unescaped, plain)
    return plain.decode("utf-8", errors)


def _unescaped(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode())


def decode_query(pairs: Iterable[tuple[str, Any]], kind: type[T]) -> T:
    """Decode query parameters into a struct; unknown or repeated ones are refused."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise BadRequestError(f"The parameter {name!r} stands twice.", code="bad_parameter")
        if NUL in value:
            raise BadRequestError(f"The parameter {name!r} holds NUL.", code="nul_character")
        values[name] = value
    try:
        decoded = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        failure = decode_failure(error)
        raise BadRequestError(
            failure.message, code="bad_parameter", problems=failure.problems
        ) from error
    _refuse_null(decoded, values)
    return decoded


def _refuse_null(decoded: object, values: Mapping[str, str]) -> None:
    """`?from=null` is no date: the library takes it for a parameter that is not given."""
    struct = cast("msgspec.Struct", decoded)
    for field, name in zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True):
        if name in values and getattr(decoded, field) is None:
            raise BadRequestError(
                f"The parameter {name!r} cannot be {values[name]!r}; leave it out.",
                code="bad_parameter",
            )


def with_choices(start: Chosen, said: Iterable[tuple[str, str]]) -> Chosen:
    """A struct with what an address says of it; what that says wrongly is as if not said."""
    for name, value in said:
        if name in start.__struct_fields__:
            given = {**msgspec.to_builtins(start), name: value}
            with suppress(msgspec.ValidationError):
                start = msgspec.convert(given, type(start))
    return start


def items_in(body: object) -> int:
    """How many things were sent: those of a list, or of the longest list in an object."""
    if isinstance(body, msgspec.Struct):
        values: list[object] = [getattr(body, name) for name in body.__struct_fields__]
        return max((_length_of(value) for value in values), default=1)
    return _length_of(body)


def _length_of(value: object) -> int:
    return len(cast("list[object]", value)) if isinstance(value, list) else 1


def require_json(headers: Headers) -> None:
    """Raise BadRequestError 415 unless it is JSON, or text/plain, which needs no preflight."""
    media_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if media_type not in _JSON_TYPES:
        raise BadRequestError(
            "Send JSON as application/json or text/plain.",
            code="unsupported_media_type",
            status=415,
        )


def too_large(limit: int) -> BadRequestError:
    """The error for a body over its limit."""
    return BadRequestError(
        f"The body is larger than the limit of {limit} bytes.", code="body_too_large", status=413
    )


async def read_body(receive: Receive, limit: int, headers: Headers | None = None) -> bytes:
    """The whole body; raises `body_too_large` as soon as it passes the limit.

    With `headers` already for a length that is said to, before anything of it is read.
    """
    length = headers.get(b"content-length", b"") if headers else b""
    if length.isdigit() and int(length[:12]) > limit:
        raise too_large(limit)
    message: Any = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        if message["type"] == "http.disconnect":
            raise BadRequestError("The client went away.", code="client_closed")
        if len(body) > limit:
            raise too_large(limit)
        return body
    chunks = [body]
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequestError("The client went away.", code="client_closed")
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)
