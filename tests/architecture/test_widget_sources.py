"""The widget's sources import one another in one direction only, and are short."""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from source_files import ROOT, name_of

WIDGET = ROOT / "widget"
SOURCES = sorted(path for folder in ("src", "kiosk") for path in (WIDGET / folder).rglob("*.ts"))
MAX_FILE_LINES = 300
IMPORTED = re.compile(r"""(?:\bfrom\s|\bimport\s|\bimport\()\s*["'](\.[^"']+)["']""")
"""`import … from "…"`, `import type …`, `export … from`, `import "…"` and `import("…")`."""


def imports_of(text: str) -> list[str]:
    """The relative paths that a module names, those of types alone included."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return IMPORTED.findall(code)


def graph_of(paths: list[Path]) -> dict[str, set[str]]:
    """What each module imports, by the names that people know them by."""
    return {
        name_of(path): {
            name_of((path.parent / f"{said.removesuffix('.js')}.ts").resolve())
            for said in imports_of(path.read_text("utf-8"))
            if not said.endswith(".css")
        }
        for path in paths
    }


def cycle_in(graph: Mapping[str, set[str]]) -> str:
    """Modules that import one another in a circle, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " → ".join(reversed(error.args[1]))
    return ""


def test_no_two_modules_of_the_widget_import_one_another() -> None:
    assert cycle_in(graph_of(SOURCES)) == ""


def test_every_module_that_the_widget_imports_is_known_here() -> None:
    graph = graph_of(SOURCES)

    assert set().union(*graph.values()) <= set(graph)
    assert {"widget/src/packaged.ts", "widget/src/types.ts"} <= graph["widget/src/npm.ts"]


def test_every_module_of_the_widget_is_used() -> None:
    """What is built begins at six files, which `build.mjs` names; `*.d.ts` are for the compiler."""
    builds = (WIDGET / "build.mjs").read_text("utf-8")
    begun = {f"widget/{said}" for said in re.findall(r'"((?:src|kiosk)/\w+\.ts)"', builds)}
    graph = graph_of([path for path in SOURCES if not path.name.endswith(".d.ts")])

    assert set(graph) == begun | set().union(*graph.values())
    assert len(begun) == 6


def test_a_cycle_is_named_in_the_order_of_its_imports() -> None:
    graph = {"a.ts": {"b.ts"}, "b.ts": {"c.ts", "d.ts"}, "c.ts": {"a.ts"}, "d.ts": set[str]()}

    steps = cycle_in(graph).split(" → ")

    assert set(steps) == {"a.ts", "b.ts", "c.ts"}
    assert all(later in graph[sooner] for sooner, later in pairwise(steps))


@pytest.mark.parametrize(
    "line",
    [
        'import { make } from "./make";',
        'import type { Fields } from "./make";',
        'import { quiet, type Inner } from "./make";',
        'import {\n  make,\n  quiet,\n} from "./make";',
        'export * from "./make";',
        'export type * from "./make";',
        'import "./make";',
        'const made = () => import("./make");',
        "type Inner = import('./make').Inner;",
    ],
)
def test_each_way_of_importing_counts(line: str) -> None:
    assert imports_of(line) == ["./make"]


@pytest.mark.parametrize(
    "line", ['// import { make } from "./make";', '/** As `import "./make"` does. */']
)
def test_what_a_comment_says_is_no_import(line: str) -> None:
    assert imports_of(line) == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_source_of_the_widget_fits_its_budget(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES
