"""A question type that is forgotten speaks up: no room lists types, and none has a rest of them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from source_files import ROOT, SERVER, SOURCES, name_of

from harken_server.surveys.questions import types
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import Question, QuestionBase

HOME = SERVER / "surveys" / "questions"
MAX_FILES = 15
"""Files of the server that may name one question type."""


def _kinds_of(base: type[QuestionBase]) -> Iterator[type[QuestionBase]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


KINDS = {kind.__name__: kind for kind in _kinds_of(QuestionBase)}
"""Question types, and what several of them have in common."""
NAMES = frozenset({*KINDS, *(name for name in vars(types) if name.endswith("Question"))})
"""Those, and the unions of them."""
TAGS = {str(kind.__struct_config__.tag) for kind in Question.__args__}
SCORED = {"nps", "csat", "ces", "ces_v1", "rating"}
"""Metrics, which are named like the types they are of."""


def test_every_question_type_is_in_the_union() -> None:
    whole = {kind for kind in KINDS.values() if not kind.__subclasses__()}

    assert whole == set(Question.__args__)


def test_every_field_of_a_question_type_says_what_a_change_to_it_means() -> None:
    for kind in Question.__args__:
        assert set(fields_of(kind)) == set(kind.__struct_fields__)


def test_no_match_over_question_types_has_a_rest() -> None:
    assert broken(rests) == [], "name each type instead, so that the type check asks for a new one"


def test_nothing_asks_whether_something_is_of_a_question_type() -> None:
    assert broken(questions_of_type) == [], "ask `surveys.questions`, or match over all types"


def test_no_room_keeps_a_list_of_question_types() -> None:
    assert broken(lists) == [], "say it of each type in `surveys.questions`"


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("rests", "match it:\n case Nps(): pass\n case _: pass"),
        ("rests", "match it:\n case q.OneChoice() | q.Matrix(): pass\n case rest: pass"),
        ("questions_of_type", "isinstance(it, (Nps, int))"),
        ("questions_of_type", "isinstance(it, q.RatingQuestion)"),
        ("questions_of_type", "type(it) is q.Nps"),
        ("lists", "LISTED = (Nps, Csat)"),
        ("lists", "LISTED = {q.Nps: 1}"),
        ("lists", "Listed: TypeAlias = Nps | Csat"),
        ("lists", "TAGS = frozenset({'nps', 'matrix'})"),
    ],
)
def test_each_rule_refuses_what_it_is_there_for(rule: str, source: str) -> None:
    assert globals()[rule](ast.parse(source), NAMES)


def test_no_question_type_is_named_in_many_files_of_the_server() -> None:
    named = {name: files_naming(kind) for name, kind in KINDS.items()}

    assert {name: files for name, files in named.items() if len(files) > MAX_FILES} == {}
    assert all(named.values())


def test_a_question_type_is_counted_by_its_class_and_by_its_tag() -> None:
    by_class, by_tag = "match it:\n case q.Matrix(): pass", "it = {'matrix': 1}"

    assert names(ast.parse(by_class), types.Matrix, NAMES)
    assert names(ast.parse(by_tag), types.Matrix, NAMES)
    assert not names(ast.parse(by_class), types.Ranking, NAMES)


def test_counts_of_question_types_in_the_documents_are_right() -> None:
    numbers = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    total = len(TAGS)
    counts = {"CHANGELOG.md": total, "widget/README.md": total - 3}

    for name, expected in counts.items():
        text = (ROOT / name).read_text("utf-8").lower()
        said = re.findall(r"\b(\w+teen)(?: question types| other kinds of\s+question)", text)
        assert said == [numbers[expected - 13]], name


def test_the_survey_that_browsers_are_tried_with_has_every_question_type() -> None:
    surveys = json.loads((ROOT / "tests" / "browser" / "surveys.json").read_bytes())
    shown = {question["type"] for question in surveys["every_type"]["questions"]}

    assert shown == TAGS


def files_naming(kind: type[QuestionBase]) -> list[str]:
    """Modules that know question types and name this one."""
    return [name_of(path) for path, tree, known in _modules() if names(tree, kind, known)]


def names(tree: ast.Module, kind: type[QuestionBase], known: frozenset[str]) -> bool:
    """Whether a module says the class, or the word for it in files."""
    tag = kind.__struct_config__.tag
    return any(
        (isinstance(node, ast.Constant) and tag is not None and node.value == tag)
        or (isinstance(node, ast.ClassDef) and node.name == kind.__name__)
        or (
            kind.__name__ in known
            and kind.__name__ in (getattr(node, "id", None), getattr(node, "attr", None))
        )
        for node in ast.walk(tree)
    )


def broken(rule: Callable[[ast.Module, frozenset[str]], list[int]]) -> list[str]:
    """Where a rule is broken in the server, over every module that knows question types."""
    found: list[str] = []
    for path, tree, known in _modules():
        lines = [] if HOME in path.parents and rule is lists else rule(tree, known)
        found += [f"{name_of(path)}:{line}" for line in lines]
    return found


@cache
def _modules() -> list[tuple[Path, ast.Module, frozenset[str]]]:
    """Every module of the server that knows question types, and what it can call them."""
    found: list[tuple[Path, ast.Module, frozenset[str]]] = []
    for path in SOURCES:
        text = path.read_text("utf-8")
        if HOME in path.parents or types.__package__ in text:
            tree = ast.parse(text)
            found.append((path, tree, NAMES if HOME in path.parents else _imported(tree)))
    return found


def rests(tree: ast.Module, names: frozenset[str]) -> list[int]:
    """Cases that take whatever is left, in a match over question types."""
    return [
        case.pattern.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Match) and any(_kinds(each.pattern, names) for each in node.cases)
        for case in node.cases
        if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
    ]


def questions_of_type(tree: ast.Module, names: frozenset[str]) -> list[int]:
    """Calls of `isinstance` with a question type, and comparisons with one."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"isinstance", "issubclass"}
            and _kinds(node.args[1], names)
        )
        or (isinstance(node, ast.Compare) and any(_kinds(it, names) for it in node.comparators))
    ]


def lists(tree: ast.Module, names: frozenset[str]) -> list[int]:
    """Collections and other names of several question types, or of their tags."""
    return [node.lineno for node in _values(tree) if _lists_kinds(node, names) or _lists_tags(node)]


def _imported(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            given = {alias.name: alias.asname or alias.name for alias in node.names}
            if node.module == types.__name__:
                found |= {known for name, known in given.items() if name in NAMES}
            elif node.module == types.__package__ and "types" in given:
                found |= NAMES
    return frozenset(found)


def _kinds(node: ast.AST, names: frozenset[str]) -> list[str]:
    """Question types named anywhere in an expression or pattern."""
    return [
        name
        for each in ast.walk(node)
        if (name := getattr(each, "id", None) or getattr(each, "attr", "")) in names
    ]


def _values(tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions that are computed, or give a type another name; not what is said of arguments."""
    said = {id(each.slice) for each in ast.walk(tree) if isinstance(each, ast.Subscript)}
    for node in ast.walk(tree):
        if id(node) in said:
            continue
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            yield node
        elif isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.BinOp):
            yield node.value


def _lists_kinds(node: ast.expr, names: frozenset[str]) -> bool:
    if isinstance(node, ast.BinOp):
        return len(_kinds(node, names)) > 1
    entries = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    return any(isinstance(it, ast.Name | ast.Attribute) and _kinds(it, names) for it in entries)


def _lists_tags(node: ast.expr) -> bool:
    entries = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    texts = {it.value for it in entries if isinstance(it, ast.Constant)}
    return len(texts & TAGS) > 1 and not texts <= SCORED
