"""Files and functions stay small enough to be read at a sitting."""

from __future__ import annotations

import ast

from source_files import ROOT, SDK, SERVER, SOURCES, is_generated, name_of

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40


def test_every_file_fits_its_budget() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_every_file_of_tests_fits_it_too() -> None:
    files = [path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts]
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files}

    assert len(lengths) > 300
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_functions_fit_on_a_screen() -> None:
    too_long = {
        f"{name_of(path)}: {node.name}": length
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }

    assert too_long == {}


def test_only_what_has_a_twin_to_be_made_from_is_taken_for_generated() -> None:
    every = [path for folder in (SDK, SERVER) for path in folder.rglob("*.py")]
    generated = {path for path in every if is_generated(path)}

    assert generated
    assert {path.parent for path in generated} == {SDK / "_sync"}
    assert [path.name for path in generated if not (SDK / "_async" / path.name).exists()] == []
