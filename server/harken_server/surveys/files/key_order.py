"""Problems of a definition file in the order of the file, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

import msgspec

from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.kernel.paths import parent_path

MAX_PROBLEMS = 1_000
"""A report stops here; its message tells the whole number."""


def refusal(thing: str, problems: list[Problem]) -> InvalidDefinitionError:
    """The error that carries all problems of a definition; `thing` is a survey or a journey."""
    count = len(problems)
    words = "1 problem" if count == 1 else f"{count} problems"
    shown = tuple(problems[:MAX_PROBLEMS])
    return InvalidDefinitionError(f"The {thing} definition has {words}.", shown)


def in_file_order(problems: list[Problem], lines: Mapping[str, int]) -> list[Problem]:
    """The problems with their lines named, from the top of the file; unchanged without lines."""
    if not lines:
        return problems
    placed = sorted(((_line(problem, lines), problem) for problem in problems), key=itemgetter(0))
    return [
        msgspec.structs.replace(problem, message=f"{problem.message} (line {line})")
        for line, problem in placed
    ]


def _line(problem: Problem, lines: Mapping[str, int]) -> int:
    path = problem.path
    while path not in lines:
        path = parent_path(path) or "$"
    return lines[path]
