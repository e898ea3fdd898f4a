"""A question type that is forgotten speaks up: no room lists types, and none has a rest of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from source_files import ROOT, SERVER, SOURCES, name_of

from harken_server.surveys.questions import types
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import Question, QuestionBase

HOME = SERVER / "surveys" / "questions"
KINDS = {
    name: member
    for name, member in vars(types).items()
    if isinstance(member, type) and issubclass(member, QuestionBase)
}
"""Question types, and what several of them have in common."""
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
    found = [
        f"{name_of(path)}:{case.pattern.lineno}"
        for path, tree, names in rooms()
        for node in ast.walk(tree)
        if isinstance(node, ast.Match) and any(_kinds(each.pattern, names) for each in node.cases)
        for case in node.cases
        if _takes_all(case.pattern)
    ]

    assert found == [], "name each type instead, so that the type check asks for a new one"


def test_nothing_asks_whether_something_is_of_a_question_type() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree, names in rooms()
        for node in ast.walk(tree)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"isinstance", "issubclass"}
            and _kinds(node.args[1], names)
        )
        or (isinstance(node, ast.Compare) and any(_kinds(it, names) for it in node.comparators))
    ]

    assert found == [], "ask `surveys.questions.behaviour`, or match over all types"


def test_no_room_keeps_a_list_of_question_types() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree, names in rooms()
        if HOME not in path.parents
        for node in _values(tree)
        if _lists_kinds(node, names) or _lists_tags(node)
    ]

    assert found == [], "say it of each type in `surveys.questions`"


def test_counts_of_question_types_in_the_documents_are_right() -> None:
    numbers = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    total = len(TAGS)
    counts = {"CHANGELOG.md": total, "widget/README.md": total - 3}

    for name, expected in counts.items():
        text = (ROOT / name).read_text("utf-8").lower()
        said = re.findall(r"\b(\w+teen)(?: question types| other kinds of\s+question)", text)
        assert said == [numbers[expected - 13]], name


def rooms() -> Iterator[tuple[Path, ast.Module, frozenset[str]]]:
    """Every module that knows question types, and the names it has them under."""
    for path in SOURCES:
        text = path.read_text("utf-8")
        if "surveys.questions" not in text and path != HOME / "types.py":
            continue
        tree = ast.parse(text)
        yield path, tree, frozenset(KINDS) if path == HOME / "types.py" else _imported(tree)


def _imported(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == types.__name__:
            found |= {alias.asname or alias.name for alias in node.names if alias.name in KINDS}
            found |= {alias.name for alias in node.names if alias.name.endswith("Question")}
        elif isinstance(node, ast.ImportFrom) and any(each.name == "types" for each in node.names):
            found |= set(KINDS)
    return frozenset(found)


def _kinds(node: ast.AST, names: frozenset[str]) -> list[str]:
    """Question types named anywhere in an expression or pattern."""
    return [
        name
        for each in ast.walk(node)
        if (name := getattr(each, "id", None) or getattr(each, "attr", "")) in names
    ]


def _takes_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


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
