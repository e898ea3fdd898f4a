"""Every finding has a promise, every promise its tests, and the page for operators says so."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from functools import cache
from itertools import chain
from typing import Any

import pytest
from source_files import ROOT

FOLDER = ROOT / "tests" / "attacks"
PROMISES = tomllib.loads((FOLDER / "register.toml").read_text("utf-8"))["promise"]
FINDINGS = tomllib.loads((FOLDER / "findings.toml").read_text("utf-8"))
KNOWN = FINDINGS["found"] | FINDINGS["in_vain"]
PROVED = set(chain.from_iterable(promise["findings"] for promise in PROMISES))


@cache
def names_in(path: str) -> set[str]:
    """The tests that pytest collects of a file."""
    read = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in read.body if isinstance(node, kinds)}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise["says"][:60])
def test_the_tests_of_a_promise_exist(promise: dict[str, Any]) -> None:
    assert promise["tests"]
    for path, _, name in (named.partition("::") for named in promise["tests"]):
        assert name.startswith("test_")
        assert name in names_in(path), f"{path} has no {name}"


def test_every_finding_is_proved_or_said_to_be_open() -> None:
    assert len(KNOWN) >= 28 + 20
    assert PROVED - KNOWN.keys() == set()
    assert KNOWN.keys() - PROVED == FINDINGS["open"].keys()


def test_the_findings_are_all_of_the_review() -> None:
    expected = {f"A{number}" for number in range(1, 16)} | {f"A16.{n}" for n in range(1, 14)}

    assert FINDINGS["found"].keys() == expected


def test_the_page_for_operators_has_every_promise_with_its_tests() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    page = (ROOT / "docs" / "explanation" / "security.md").read_text("utf-8")

    assert page == made["../explanation/security.md"], "run: just docs"
    rows = re.findall(r"^\| .* \| .*`tests/.*$", page, re.MULTILINE)
    assert len(rows) == len(PROMISES)
    assert all(promise["says"] in page for promise in PROMISES)


def test_no_promise_is_made_twice() -> None:
    said = [promise["says"] for promise in PROMISES]

    assert len(set(said)) == len(said)
