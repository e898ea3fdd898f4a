"""Bytes of a definition file in JSON, YAML or TOML to one plain tree, and problems in its order."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from itertools import islice
from operator import itemgetter
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

import msgspec
import yaml

from harken_server.kernel.documents.allowance import TreeError, weigh_json
from harken_server.kernel.documents.paths import child_path, parent_path
from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.kernel.formats import MAX_NUMBER
from harken_server.kernel.shown_text import hidden_character
from harken_server.surveys.files.toml_weight import weigh_toml
from harken_server.surveys.files.yaml_tree import find_yaml_lines, read_yaml_tree
from harken_server.surveys.survey import MAX_DEFINITION_BYTES

T = TypeVar("T")
Syntax: TypeAlias = Literal["json", "yaml", "toml"]
MAX_TREE_DEPTH = 32
"""Deepest nesting of lists and maps; the deepest allowed condition needs 23."""

MAX_PROBLEMS = 100
"""A report stops here, and so does the search: it must not cost more than the file is worth."""


class Tree(NamedTuple):
    """A definition as plain maps, lists and scalars."""

    root: Any
    text: str = ""
    """What it was read from, to find the lines of problems in; only YAML tells them."""


def read_definition(
    raw: bytes, syntax: Syntax, thing: str, judge: Callable[[Any, list[Problem]], T | None]
) -> T:
    """What a file's bytes define; `thing` is a survey or a journey.

    `judge` makes it of the tree and adds what is wrong with it to the problems. Raises
    InvalidDefinitionError with every problem at once; those of YAML files name the line and come in
    its order.
    """
    tree = read_tree(raw, syntax)
    if isinstance(tree, Problem):
        raise refusal(thing, [tree])
    root, text = tree
    del tree  # so that no two trees are there at a time
    problems = first_problems(unfit_values(root))
    if len(problems) > MAX_PROBLEMS or any(each.code == "too_deep" for each in problems):
        raise refusal(thing, problems)
    found = judge(root, problems)
    if problems or found is None:
        del root
        raise refusal(thing, _in_file_order(problems, text))
    return found


def read_tree(raw: bytes, syntax: Syntax) -> Tree | Problem:
    """The tree in the bytes, or the one reason why there is none."""
    if len(raw) > MAX_DEFINITION_BYTES:
        message = f"A definition may have {MAX_DEFINITION_BYTES} bytes at most; it has {len(raw)}."
        return Problem("$", "definition_too_large", message, limit=MAX_DEFINITION_BYTES)
    try:
        return _parse(raw.decode("utf-8-sig"), syntax)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem("$", "not_utf8", f"The definition is not UTF-8 (line {line}).")
    except RecursionError:
        return _too_deep("$")
    except TreeError as error:
        return Problem("$", error.code, str(error))
    except (ValueError, yaml.YAMLError) as error:
        return Problem("$", f"malformed_{syntax}", _reason(syntax, error))


def unfit_values(root: Any) -> Iterator[Problem]:
    """Every value that no definition may hold, wherever it is.

    These are characters in texts that nobody sees, numbers that a double does not hold exactly, and
    nesting beyond the limit.
    """
    levels: list[tuple[str, Iterator[tuple[str | int, Any]]]] = [("", iter((("$", root),)))]
    while levels:
        parent, items = levels[-1]
        for key, value in items:
            if isinstance(key, str) and (problem := _unfit_text(key, parent, key)) is not None:
                yield problem
            if isinstance(value, (dict, list)):
                path = _path(parent, key)
                if len(levels) > MAX_TREE_DEPTH:
                    yield _too_deep(path)
                    continue
                levels.append((path, _items(cast("dict[str, Any] | list[Any]", value))))
                break
            if (problem := _unfit_scalar(value, parent, key)) is not None:
                yield problem
        else:
            levels.pop()


def first_problems(problems: Iterable[Problem]) -> list[Problem]:
    """As many problems as a report tells, and one more when there are more."""
    return list(islice(problems, MAX_PROBLEMS + 1))


def refusal(thing: str, problems: list[Problem]) -> InvalidDefinitionError:
    """The error that carries all problems of a definition; `thing` is a survey or a journey."""
    count = len(problems)
    words = "1 problem" if count == 1 else f"{count} problems"
    if count > MAX_PROBLEMS:
        words = f"more than {MAX_PROBLEMS} problems"
    shown = tuple(problems[:MAX_PROBLEMS])
    return InvalidDefinitionError(f"The {thing} definition has {words}.", shown)


def _parse(text: str, syntax: Syntax) -> Tree:
    if syntax == "json":
        weigh_json(text)
        root = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        return Tree(root)
    if syntax == "toml":
        weigh_toml(text)
        return Tree(_without_times(tomllib.loads(text)))
    return Tree(read_yaml_tree(text, MAX_TREE_DEPTH), text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise TreeError("duplicate_map_key", f"{key[:64]!a} appears twice in a map.")
            seen.add(key)
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _without_times(value: Any) -> Any:
    """TOML's days and times become, in their place, the texts that JSON and YAML have."""
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        for key, item in named.items():
            named[key] = _without_times(item)
    elif isinstance(value, list):
        items = cast("list[Any]", value)
        for place, item in enumerate(items):
            items[place] = _without_times(item)
    elif isinstance(value, (date, time)):
        return value.isoformat()
    return cast("Any", value)


def _items(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str | int, Any]]:
    yield from value.items() if isinstance(value, dict) else enumerate(value)


def _path(parent: str, key: str | int) -> str:
    return child_path(parent, key) if parent else str(key)


def _unfit_scalar(value: Any, parent: str, key: str | int) -> Problem | None:
    if isinstance(value, str):
        return _unfit_text(value, parent, key)
    if isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:
        message = f"A number may be {MAX_NUMBER} at most, up or down."
        return Problem(_path(parent, key), "out_of_range", message, limit=MAX_NUMBER)
    return None


def _unfit_text(text: str, parent: str, key: str | int) -> Problem | None:
    hidden = None if text.isprintable() else hidden_character(text, is_line=False)
    if hidden is None:
        return None
    message = (
        f"A text must not hold {hidden}: control characters (except line feed and tab), halves "
        "of surrogate pairs, marks that turn the direction of what follows and characters "
        "without width are not shown."
    )
    return Problem(_path(parent, key), "invalid_text", message, limit=hidden)


def _too_deep(path: str) -> Problem:
    message = f"Lists and maps may be nested {MAX_TREE_DEPTH} deep at most."
    return Problem(path, "too_deep", message, limit=MAX_TREE_DEPTH)


def _reason(syntax: Syntax, error: Exception) -> str:
    """What the parser says, on one line and in ASCII, with the line where it knows it."""
    if isinstance(error, json.JSONDecodeError):
        said = f"{error.msg} (line {error.lineno}, column {error.colno})"
    elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        said = f"{error.problem} (line {error.problem_mark.line + 1})"
    elif "digits" in str(error):
        said = "a number has too many digits"
    else:
        said = str(error)
    plain = " ".join(said.split()).encode("ascii", "backslashreplace").decode()
    return f"This is not well-formed {syntax.upper()}: {plain[:200]}"


def _in_file_order(problems: list[Problem], text: str) -> list[Problem]:
    """The problems with their lines named, from the top of the file; unchanged without lines."""
    lines = find_yaml_lines(text, MAX_TREE_DEPTH, (problem.path for problem in problems))
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
