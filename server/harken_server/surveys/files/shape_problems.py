"""The ways in which one value can miss its type, each as a problem that names the limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import describe_kind
from harken_server.kernel.shown_text import link_fault
from harken_server.surveys.asking import Moment
from harken_server.surveys.questions.base import KEY_PATTERN, VALUE_PATTERN
from harken_server.surveys.survey import (
    COLOUR_PATTERN,
    LINK_PATTERN,
    LOGO_PATTERN,
    SURVEY_KEY_PATTERN,
    TOUCHPOINT_PATTERN,
)
from harken_server.surveys.targeting import EVENT_PATTERN
from harken_server.surveys.texts import LOCALE_PATTERN

_Bounded: TypeAlias = inspect.VarTupleType | inspect.DictType | inspect.StrType

_PATTERNS_IN_WORDS = {
    KEY_PATTERN: "lower-case letters, digits and _, first a letter, 32 characters at most",
    VALUE_PATTERN: "lower-case letters, digits and _, first a letter or digit, 30 at most",
    SURVEY_KEY_PATTERN: "lower-case letters, digits and _, first a letter, 64 characters at most",
    TOUCHPOINT_PATTERN: "lower-case words with dots between them, such as order.delivered",
    LINK_PATTERN: "an address that begins with https:// and holds no space",
    COLOUR_PATTERN: "a colour such as #0b6e5f",
    LOGO_PATTERN: "a PNG, JPEG or WebP picture written as data:image/png;base64, and its base64",
    EVENT_PATTERN: "letters, digits and _ . : -, first a letter, 64 characters at most",
    LOCALE_PATTERN: "a locale such as en, de-AT or zh-Hant",
}


def missing(path: str, name: str) -> Problem:
    """A required field is not there."""
    return Problem(path, "missing", f"`{name}` is missing.")


def unknown_field(path: str, name: str, known: Sequence[str]) -> Problem:
    """A field that does not exist here, with the nearest name that does."""
    return Problem(
        path, "unknown_field", f"There is no field {_shown(name)} here.{_hint(name, known)}"
    )


def unknown_tag(path: str, field: str, tag: Any, known: Sequence[str]) -> Problem:
    """A question type, condition operator or opening that does not exist."""
    listed = ", ".join(known)
    hint = _hint(tag, known) if isinstance(tag, str) else ""
    message = f"`{field}` must be one of {listed}.{hint}"
    return Problem(path, f"unknown_{field}", message, limit=listed)


def wrong_type(path: str, expected: str, value: Any) -> Problem:
    """The value is of another kind."""
    given = describe_kind(value, "empty")
    message = f"This must be {expected}, not {given}."
    if expected.startswith("a text") and isinstance(value, (bool, int, float)):
        message += " Put it in quotes."
    return Problem(path, "wrong_type", message)


def length_problem(length: int, kind: _Bounded, path: str, unit: str) -> Problem | None:
    """Too short or too long for its type."""
    if kind.min_length is not None and length < kind.min_length:
        message = f"There must be at least {kind.min_length} {unit}, not {length}."
        code = "too_short" if unit == "characters" else "too_few"
        return Problem(path, code, message, limit=kind.min_length)
    if kind.max_length is not None and length > kind.max_length:
        message = f"There may be {kind.max_length} {unit} at most, not {length}."
        code = "too_long" if unit == "characters" else "too_many"
        return Problem(path, code, message, limit=kind.max_length)
    return None


def scalar_problem(value: Any, kind: inspect.Type, path: str) -> Problem | None:
    """What is wrong with a text, number, truth value, word of a list, or null."""
    match kind:
        case inspect.StrType():
            return _text_problem(value, kind, path)
        case inspect.IntType():
            if type(value) is not int:
                return wrong_type(path, "a whole number", value)
            return _bounds_problem(value, kind, path)
        case inspect.FloatType():
            if type(value) is not int and type(value) is not float:
                return wrong_type(path, "a number", value)
            return _bounds_problem(value, kind, path)
        case inspect.BoolType():
            return None if type(value) is bool else wrong_type(path, "true or false", value)
        case inspect.NoneType():
            return None if value is None else wrong_type(path, "empty", value)
        case inspect.LiteralType():
            return _word_problem(value, kind, path)
        case inspect.DateTimeType():
            return _time_problem(value, path)
        case _:
            raise TypeError(f"no survey field has the type {kind!r}")


def _time_problem(value: Any, path: str) -> Problem | None:
    if type(value) is not str:
        return wrong_type(path, "a time", value)
    try:
        msgspec.convert(value, Moment)
    except msgspec.ValidationError:
        message = f"{_shown(value)} must be a time with its zone, such as 2026-03-01T09:00:00Z."
        return Problem(path, "bad_format", message)
    return None


def _text_problem(value: Any, kind: inspect.StrType, path: str) -> Problem | None:
    if type(value) is not str:
        return wrong_type(path, "a text", value)
    if kind.pattern is not None and not re.fullmatch(kind.pattern, value):
        words = _PATTERNS_IN_WORDS.get(kind.pattern, f"of the form {kind.pattern}")
        message = f"{_shown(value)} must be {words}."
        return Problem(path, "bad_format", message, limit=kind.pattern)
    if kind.pattern == LINK_PATTERN and (fault := link_fault(value)):
        return Problem(path, "bad_link", f"{_shown(value)} {fault}: pages show no such link.")
    return length_problem(len(value), kind, path, "characters")


def _bounds_problem(
    value: float, kind: inspect.IntType | inspect.FloatType, path: str
) -> Problem | None:
    low, high = kind.ge, kind.le
    if low is not None and value < low:
        return Problem(path, "out_of_range", f"This must be {low} at least.", limit=low)
    if high is not None and value > high:
        return Problem(path, "out_of_range", f"This must be {high} at most.", limit=high)
    return None


def _word_problem(value: Any, kind: inspect.LiteralType, path: str) -> Problem | None:
    words = [str(word) for word in kind.values]
    if value in kind.values:
        return None
    listed = ", ".join(words)
    quotes = " Put it in quotes." if isinstance(value, (int, float)) else _hint(value, words)
    return Problem(path, "not_one_of", f"This must be one of {listed}.{quotes}", limit=listed)


def _hint(given: Any, known: Sequence[str]) -> str:
    import difflib  # only people who mistyped need it

    near = difflib.get_close_matches(given, known, n=1) if isinstance(given, str) else []
    return f" Did you mean `{near[0]}`?" if near else ""


def _shown(text: str) -> str:
    """A text from the file in ASCII and cut, so that a message can always be shown."""
    cut = text if len(text) <= 40 else text[:39] + "\u2026"
    return (
        f"`{cut.encode('ascii', 'backslashreplace').decode()}`" if cut.isprintable() else ascii(cut)
    )
