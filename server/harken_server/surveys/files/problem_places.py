"""Where in its text each problem of a definition is: line, column and word, and what to try."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import yaml

from harken_server.kernel.documents.allowance import TreeError
from harken_server.kernel.documents.paths import parent_path
from harken_server.kernel.errors import Problem
from harken_server.surveys.files.parsing import MAX_TREE_DEPTH, Syntax
from harken_server.surveys.files.yaml_tree import Mark, find_yaml_marks

_SAID_LINE = re.compile(r" \((?:at )?line ([0-9]+)(?:, column ([0-9]+))?\)")
_HINT = re.compile(r" (Did you mean `[^`]+`\?|Put it in quotes\.)$")
_WORD = re.compile(r"[^\s,:\[\]{}]+:?")
_MOST_OF_A_WORD = 40


class PlacedProblem(NamedTuple):
    """A problem as somebody who edits the text looks for it."""

    path: str
    code: str
    message: str
    hint: str
    """What to try; empty where nothing is near."""
    line: int
    """From 1; 0: not known."""
    column: int
    """From 1; 0: not known."""
    word: str
    """What stands there; empty where that is not known."""


def place_problems(text: str, syntax: Syntax, problems: Iterable[Problem]) -> list[PlacedProblem]:
    """The problems with their places, from the top of the text; those without one come first.

    JSON is read as the YAML that it nearly always is; of TOML only what its parser says is known.
    """
    found = list(problems)
    marks = _marks_of(text, syntax, found)
    lines = text.split("\n")
    placed = [_placed(problem, marks, lines) for problem in found]
    return sorted(placed, key=lambda each: (each.line, each.column))


def _marks_of(text: str, syntax: Syntax, problems: Iterable[Problem]) -> Mapping[str, Mark]:
    if syntax == "toml":
        return {}
    try:
        return find_yaml_marks(text, MAX_TREE_DEPTH, (problem.path for problem in problems))
    except (yaml.YAMLError, TreeError):
        return {}


def _placed(problem: Problem, marks: Mapping[str, Mark], lines: list[str]) -> PlacedProblem:
    message, hint = _SAID_LINE.sub("", problem.message), ""
    said = _SAID_LINE.search(problem.message)
    if found := _HINT.search(message):
        message, hint = message[: found.start()], found[1]
    line, column = _mark(problem.path, marks)
    if said is not None and (problem.path == "$" or not line):
        line, column = int(said[1]), int(said[2] or 0)
    elif problem.code == "unknown_field":
        line, column = _key_before(problem.path, line, column, lines)
    return PlacedProblem(
        problem.path, problem.code, message, hint, line, column, _word(line, column, lines)
    )


def _mark(path: str, marks: Mapping[str, Mark]) -> Mark:
    """Of the value, or of the nearest that holds it."""
    while path and path not in marks:
        path = parent_path(path)
    return marks.get(path or "$", Mark(0, 0))


def _key_before(path: str, line: int, column: int, lines: list[str]) -> Mark:
    """The name of a field, which stands before its value: on the line, or on one above."""
    name = path.rpartition(".")[2]
    for place in range(min(line, len(lines)), 0, -1):
        at = lines[place - 1].find(name)
        if at >= 0:
            return Mark(place, at + 1)
    return Mark(line, column)


def _word(line: int, column: int, lines: list[str]) -> str:
    if not 1 <= line <= len(lines) or column < 1:
        return ""
    rest = lines[line - 1][column - 1 :]
    quoted = re.match(r"\"[^\"]*\"|'[^']*'", rest) or _WORD.match(rest)
    return quoted[0][:_MOST_OF_A_WORD].rstrip(":") if quoted else ""
