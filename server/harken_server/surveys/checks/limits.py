"""Limits that contradict each other, so that no answer could ever satisfy them."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft


def check_limits(draft: Draft) -> Iterator[Problem]:
    """Lower limits above upper ones, limits beyond the choices, days that do not exist."""
    for path, _, question in draft.questions():
        if question.required and not question.behaviour.takes_answer:
            message = "A statement takes no answer, so it cannot be required."
            yield Problem(f"{path}.required", "statement_required", message, question=question.key)
        if question.key not in draft.damaged:
            for each in question.broken_limits():
                path_of = f"{path}.{each.field}"
                yield Problem(path_of, each.code, each.message, question.key, each.limit)
