"""The problems an answer can have, worded alike everywhere. Answers themselves are never quoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import describe_kind

Wholeness: TypeAlias = Callable[[Any], Problem | None]
"""Says what a given answer lacks; one that is not of the right kind is judged elsewhere."""


def answer_problem(
    key: str,
    code: str,
    message: str,
    limit: int | float | str | None = None,
    *,
    below: str = "",
) -> Problem:
    """A problem with the answer to a question; `below` is the path inside the answer."""
    return Problem(f"$.answers.{key}{below}", code, message, question=key, limit=limit)


def wrong_type(key: str, expected: str, value: Any, *, below: str = "") -> Problem:
    """The value is of another kind than the question asks for."""
    given = describe_kind(value, "null")
    return answer_problem(
        key, "wrong_type", f"`{key}` must be {expected}, not {given}.", below=below
    )


def unstorable(key: str, *, below: str = "") -> Problem:
    """The text holds a character that cannot be kept."""
    message = f"`{key}` holds a character that cannot be stored (NUL or half of a surrogate pair)."
    return answer_problem(key, "invalid_text", message, below=below)


def unknown_question(key: str) -> Problem:
    """There is no such question in this version. The key is shown in ASCII and cut."""
    shown = ascii(key[:64])[1:-1]
    message = f"This survey version has no question `{shown}`."
    return Problem(f"$.answers.{shown}", "unknown_question", message, question=shown)
