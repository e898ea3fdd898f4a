"""Files and functions stay small enough to be read at a sitting."""

from __future__ import annotations

import ast

from source_files import GENERATED, SDK, SOURCES, name_of

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40


def test_every_file_fits_its_budget() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}

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


def test_the_generated_files_are_where_the_exception_says() -> None:
    for name in GENERATED:
        first = (SDK / name).read_text("utf-8").splitlines()[0]
        assert "generated" in first.lower()
