"""Files and functions stay small enough to be read at a sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from source_files import GENERATED, SDK, SOURCES, name_of

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_fits_its_budget(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()

    assert len(lines) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_fit_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))

    too_long = {
        node.name: length
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    }

    assert too_long == {}


def test_the_generated_files_are_where_the_exception_says() -> None:
    for name in GENERATED:
        first = (SDK / name).read_text("utf-8").splitlines()[0]
        assert "generated" in first.lower()
