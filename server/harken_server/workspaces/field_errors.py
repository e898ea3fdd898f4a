"""What is wrong with a form, field by field, so that it can be shown again as it was filled."""

from __future__ import annotations

from harken_server.kernel.errors import HarkenError
from harken_server.kernel.shown_text import hidden_character

Errors = dict[str, str]
"""A sentence for each field; under the empty name what is wrong with the whole."""


def errors_of(error: HarkenError, *fields: str) -> Errors:
    """What a story refused, at the fields of the form that it names."""
    found: Errors = {}
    for problem in getattr(error, "problems", ()):
        name = problem.path.removeprefix("$.").partition("[")[0].rpartition(".")[2]
        found.setdefault(name if name in fields else "", problem.message)
    return found or {"": error.message}


def check_line(errors: Errors, name: str, label: str, text: str, most: int) -> None:
    """Say so where a line is too short, too long, or holds what cannot be seen."""
    if not 1 <= len(text) <= most:
        errors[name] = f"{label} must have 1 to {most} characters, not {len(text)}."
        return
    if hidden := hidden_character(text):
        errors[name] = f"`{label}` must not hold {hidden}, which cannot be seen"
