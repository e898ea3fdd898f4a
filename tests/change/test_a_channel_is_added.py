"""The walk of docs/explanation/where-things-are.md works, and whatever it forgets is named."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from copied_tree import Step, Tree, steps_of
from source_files import ROOT

PAGE = (ROOT / "docs" / "explanation" / "where-things-are.md").read_text("utf-8")
STEPS = steps_of(PAGE)
FOLDER = "server/harken_server/channels/letters"
CHANNEL = next(step for step in STEPS if step.path == f"{FOLDER}/channel.py")
CHECKED = ("server/harken_server/routes.py", FOLDER)
IS_ERROR = re.compile(r" error: (?!Import .* is not accessed)")
"""An import that nothing uses is not counted: who forgets the rest forgets the import."""
NARROW = ("tests/deliveries", "tests/docs/test_reference.py")


@pytest.mark.processes
@pytest.mark.nightly
def test_the_walk_leads_from_a_trigger_to_a_letter(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "tree")

    for step in STEPS:
        tree.take(step)

    row = re.search(r"^\| `letter` \|.*$", _read(tree, "docs/reference/channels.md"), re.MULTILINE)
    assert row
    assert "Ask by letter" in row[0]


def test_of_the_server_a_channel_is_one_folder_and_its_registration() -> None:
    touched = {step.path for step in STEPS if step.path.startswith("server/")}

    assert {path for path in touched if not path.startswith(FOLDER)} == {
        "server/harken_server/routes.py"
    }


def _read(tree: Tree, path: str) -> str:
    return (tree.root / path).read_text("utf-8")


def _without(step: Step, node: ast.stmt | ast.expr | ast.keyword) -> Step:
    """A step without the lines of a part of its code."""
    lines = step.text.splitlines(keepends=True)
    first, last = node.lineno, node.end_lineno
    decorators = getattr(node, "decorator_list", [])
    first = min([first, *(each.lineno for each in decorators)])
    del lines[first - 1 : last]
    return step._replace(text="".join(lines))


def _places() -> Iterator[tuple[str, list[Step]]]:
    """What may be forgotten, and the steps without it."""
    for number, step in enumerate(STEPS):
        others = STEPS[:number], STEPS[number + 1 :]
        if step.kind == "console":
            if "generate" in step.text:
                yield "the generated table", [*others[0], *others[1]]
        elif step.kind == "diff":
            yield f"all of {step.path}", [*others[0], *others[1]]
            added = re.findall(r"(?:^\+.*\n)+", step.text, re.MULTILINE)
            for piece in added:
                name = piece.splitlines()[0].lstrip("+").strip()
                less = step._replace(text=step.text.replace(piece, ""))
                yield f"{step.path}: {name}", [*others[0], less, *others[1]]
        else:
            yield step.path, [*others[0], *others[1]]
    at = STEPS.index(CHANNEL)
    for name, node in _parts(ast.parse(CHANNEL.text)):
        yield f"channel.py: {name}", [*STEPS[:at], _without(CHANNEL, node), *STEPS[at + 1 :]]


def _parts(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every function, and every field that the channel is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Channel", "Sends"}:
            for keyword in node.keywords:
                yield f"{keyword.arg}=", keyword


PLACES = dict(_places())


def _speaks(tree: Tree) -> str:
    """Who names what was forgotten: the type checker or a narrow test; empty when nobody does."""
    files = [path for path in CHECKED if (tree.root / path).exists()]
    checked = tree.run("-m", "basedpyright", "--pythonpath", sys.executable, *files)
    named = [line for line in checked.stdout.splitlines() if IS_ERROR.search(line)]
    if named:
        return f"checker: {named[0].strip()}"
    tested = tree.run("-m", "pytest", *NARROW)
    return f"test: {_line_with(tested.stdout, 'FAILED')}" if tested.returncode else ""


def _line_with(output: str, word: str) -> str:
    return next((line.strip() for line in output.splitlines() if word in line), output[-300:])


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
def test_whatever_a_channel_forgets_is_named(
    place: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    tree = Tree(tmp_path / "tree")
    for step in PLACES[place]:
        if step.kind != "console" or "generate" in step.text:
            _take_or_stop(tree, step)

    said = _speaks(tree)

    record_property("said", said)
    assert said, f"nothing names that {place!r} is left out"


def _take_or_stop(tree: Tree, step: Step) -> None:
    """A command that stops for what is left out has not spoken yet: the checks must."""
    if step.kind == "console":
        tree.run(*step.text.removeprefix("python ").split())
    else:
        tree.take(step)
