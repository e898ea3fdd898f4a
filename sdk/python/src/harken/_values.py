"""What Python applications hold, as what the API takes: names, texts, numbers, flags.

The forms are those of the table in `docs/reference/python-sdk.md`. Nothing is guessed from the text
of an object that is neither a text nor one of the kinds named there.
"""

from __future__ import annotations

import math
import os
import pathlib
import re
from collections import UserString
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, TypeAlias, cast
from uuid import UUID

Plain: TypeAlias = str | int | float | bool | None
Id: TypeAlias = str | int | UUID
"""What names a person or a thing; whole numbers are taken as their digits."""

MAX_NAME_CHARS = 64
MAX_TEXT_CHARS = 500
MAX_ENTRIES = 50
LARGEST_WHOLE = 2**63 - 1
"""Limits of context and traits on the server."""
MAX_RESPONDENT_CHARS = 200

_SURROGATES = re.compile("[\ud800-\udfff]")
_PLAIN_TYPES = frozenset({int, float, bool, type(None)})


class UnusableError(TypeError, ValueError):
    """A value that cannot be sent; the message names the field and the type, never the value."""


def plain_value(value: Any) -> Plain:
    """The value as text, number, flag or None. UnusableError says why there is none."""
    if type(value) is str:
        return value
    kind = type(value).__name__
    try:
        found = value if type(value) in _PLAIN_TYPES else _converted(value)
    except UnusableError:
        raise
    except Exception as error:
        raise UnusableError(f"a {kind} that cannot be read ({type(error).__name__})") from error
    if isinstance(found, float) and not math.isfinite(found):
        raise UnusableError(f"a {kind} that is no finite number")
    return found


def entries(field: str, values: Any) -> tuple[dict[str, Plain], list[str]]:
    """Context or traits as they are sent, and of each entry left out a line that says why."""
    if not isinstance(values, Mapping):
        try:
            values = dict(values)
        except Exception:  # noqa: BLE001 - whatever it is, it is no mapping
            return {}, [f"{field} is a {type(values).__name__} and no mapping"]
    taken: dict[str, Plain] = {}
    left_out: list[str] = []
    for key, value in cast("Mapping[Any, Any]", values).items():
        where = f"an entry of {field}"
        try:
            name = _entry_name(key)
            where = f"{field}.{name}"
            found = _storable(plain_value(value), MAX_TEXT_CHARS)
        except UnusableError as error:
            left_out.append(f"{where} is {error}")
            continue
        if len(taken) < MAX_ENTRIES or name in taken:
            taken[name] = found
        else:
            left_out.append(f"{where} is a {type(value).__name__} behind {MAX_ENTRIES} others")
    return taken, left_out


def all_entries(field: str, values: Any) -> dict[str, Plain]:
    """The same where nothing may be left out: UnusableError with every reason."""
    taken, left_out = entries(field, values)
    if left_out:
        raise UnusableError("; ".join(left_out))
    return taken


def text_of(field: str, value: Any) -> str:
    """A text, however it is held; a whole number is its digits."""
    try:
        found = plain_value(value)
    except UnusableError as error:
        raise UnusableError(f"{field} must be text, not {error}") from None
    if isinstance(found, (bool, float, type(None))):
        raise UnusableError(f"{field} must be text, not a {type(value).__name__}")
    return found if isinstance(found, str) else str(found)


def name_of(field: str, value: Any, longest: int = MAX_RESPONDENT_CHARS) -> str:
    """An id or a lasting name: whole numbers are their digits, blanks at the ends no part of it."""
    text = text_of(field, value).strip()
    if not 1 <= len(text) <= longest:
        raise UnusableError(f"{field} must have 1 to {longest} characters, not {len(text)}")
    try:
        return str(_storable(text, longest))
    except UnusableError as error:
        raise UnusableError(f"{field} must not be {error}") from None


def flag_of(field: str, value: Any) -> bool:
    """Yes or no; nothing else is taken for one of them."""
    try:
        found = plain_value(value)
    except UnusableError as error:
        raise UnusableError(f"{field} must be True or False, not {error}") from None
    if not isinstance(found, bool):
        raise UnusableError(f"{field} must be True or False, not a {type(value).__name__}")
    return found


def _converted(value: Any) -> Plain:
    if isinstance(value, Enum):
        return plain_value(value.value)
    if value != value:  # NaN of every kind, NaT: what is not even itself
        raise UnusableError(f"a {type(value).__name__} that is no value")
    if isinstance(value, datetime):
        text = value.isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, pathlib.PurePath):
        return value.as_posix()
    if isinstance(value, os.PathLike):
        return os.fsdecode(os.fspath(cast("os.PathLike[str]", value)))
    if _is_text(value):
        return str.__str__(str(value))  # `str` alone may give a subclass, such as safe HTML
    return _of_array(value) if hasattr(value, "dtype") else _number(value)


def _is_text(value: Any) -> bool:
    """Also of texts that are only made when they are read, such as translations."""
    return isinstance(value, str | UserString) or all(
        hasattr(value, method) for method in ("casefold", "encode", "splitlines")
    )


def _number(value: Any) -> Plain:
    """Numbers of every library: `__index__` makes them whole, `__float__` real."""
    kind = cast("type[Any]", type(value))
    if hasattr(kind, "__index__"):
        return int(value.__index__())
    if not hasattr(kind, "__float__"):
        raise UnusableError(f"a {kind.__name__}")
    number = float(value)
    if isinstance(value, float) or not math.isfinite(number) or not hasattr(kind, "__int__"):
        return number
    whole = int(value)
    return whole if whole == value and abs(whole) <= LARGEST_WHOLE else number


def _of_array(value: Any) -> Plain:
    """One value of an array library (numpy and its kin), by the kind that its `dtype` tells."""
    kind = getattr(value.dtype, "kind", "")
    if getattr(value, "shape", ()) != () or kind not in {"b", "i", "u", "f", "U", "M"}:
        raise UnusableError(f"a {type(value).__name__} of {value.dtype}")
    match kind:
        case "b":
            return bool(value)
        case "i" | "u":
            return int(value)
        case "f":
            return float(value)
        case _:
            return str.__str__(str(value))


def _entry_name(key: Any) -> str:
    name = plain_value(key)
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise UnusableError(f"named by a {type(key).__name__}")
    if name == "":
        raise UnusableError("without a name")
    return str(_storable(str(name), MAX_NAME_CHARS))


def _storable(value: Plain, longest: int) -> Plain:
    if isinstance(value, str):
        if len(value) > longest:
            raise UnusableError(f"text of more than {longest} characters")
        if "\x00" in value or (not value.isascii() and _SURROGATES.search(value)):
            raise UnusableError("text that holds NUL or half of a surrogate pair")
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise UnusableError("a whole number of more than 64 bits")
    return value
