"""The smaller form of a table leaves out no value, and `nightly` has all of it."""

from __future__ import annotations

import importlib.util
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tiers import chosen, leave_out, nightly, pairwise

ROOT = Path(__file__).parents[2]
AXES: list[dict[str, list[Any]]] = [
    {"width": [320, 1280], "scheme": ["light", "dark"]},
    {"size": ["small", "large", "phone"], "scheme": ["light", "dark"]},
    {"width": [320, 360, 768], "scheme": ["light", "dark"], "locale": ["en", "de", "ar"]},
    {"a": [1, 2], "b": [1, 2, 3], "c": [1, 2], "d": [1, 2, 3, 4]},
]


def values_of(case: Any) -> tuple[Any, ...]:
    return case.values if hasattr(case, "marks") else case


@pytest.mark.parametrize("axes", AXES, ids=lambda axes: "-".join(axes))
def test_nightly_has_every_case_once(axes: dict[str, list[Any]]) -> None:
    names, cases = pairwise(**axes)

    assert names == tuple(axes)
    assert sorted(map(values_of, cases)) == sorted(product(*axes.values()))


@pytest.mark.parametrize("axes", AXES, ids=lambda axes: "-".join(axes))
def test_before_it_every_value_meets_every_other(axes: dict[str, list[Any]]) -> None:
    _, cases = pairwise(**axes)
    chosen = [case for case in cases if not hasattr(case, "marks")]
    width = min(2, len(axes) - 1)
    places = [[(number, value) for value in axis] for number, axis in enumerate(axes.values())]

    wanted = {
        frozenset(met) for some in combinations(places, width) for met in product(*some)
    }  # fmt: skip
    met = {frozenset(one) for case in chosen for one in combinations(enumerate(case), width)}

    assert met == wanted
    assert len(chosen) < len(cases)


def test_what_only_nightly_meets_is_in_no_case_before_it() -> None:
    _, cases = pairwise(size=["small", nightly("large")], scheme=["light", "dark"])

    often = [case for case in cases if not hasattr(case, "marks")]
    assert sorted(often) == [("small", "dark"), ("small", "light")]
    assert len(cases) == 4


def test_a_chosen_case_is_one_of_the_table() -> None:
    assert chosen([1, 2, 3], 2)[1] == 2
    with pytest.raises(ValueError, match="no such case"):
        chosen([1, 2, 3], 4)


def kept_of(*items: Any) -> list[str]:
    """What runs in `test`."""
    config: Any = SimpleNamespace(
        getoption=lambda _: "test",
        stash={},
        hook=SimpleNamespace(pytest_deselected=lambda items: 0),
    )
    left = [*items]
    leave_out(config, left)
    return [item.nodeid for item in left]


def item(nodeid: str, *fixtures: str, **case: str) -> Any:
    """A collected test, as far as tiers look at it."""
    return SimpleNamespace(
        nodeid=nodeid, fixturenames=fixtures, callspec=SimpleNamespace(params=case),
        iter_markers=list,
    )  # fmt: skip


def test_of_a_table_postgres_meets_the_first_case_and_sqlite_all() -> None:
    on = {engine: {"engine_name": engine} for engine in ("sqlite", "postgres")}
    table = [
        item(f"a.py::test_a[{engine}-{word}]", "api", **on[engine], word=word)
        for engine in on
        for word in ("x", "y")
    ]
    alone = item("a.py::test_b[postgres]", "api", **on["postgres"])

    assert kept_of(*table, alone) == [
        "a.py::test_a[sqlite-x]", "a.py::test_a[sqlite-y]", "a.py::test_a[postgres-x]",
        "a.py::test_b[postgres]",
    ]  # fmt: skip


def test_what_asks_for_the_database_itself_has_every_case_on_postgres() -> None:
    table = [
        item(f"a.py::test_a[postgres-{word}]", "database", engine_name="postgres", word=word)
        for word in ("x", "y")
    ]

    assert len(kept_of(*table)) == 2


def test_of_a_table_with_few_the_first_that_may_run_are_enough() -> None:
    few, rare = pytest.mark.few(2).mark, pytest.mark.nightly.mark
    table = [item(f"a.py::test_a[{number}]") for number in range(4)]
    for number, each in enumerate(table):
        each.iter_markers = lambda number=number: [few, rare] if number == 1 else [few]

    assert kept_of(*table) == ["a.py::test_a[0]", "a.py::test_a[2]"]


@pytest.mark.parametrize(
    ("given", "is_shared"),
    [
        ([], True),
        (["-q", "--tier", "quick"], True),
        (["tests/surveys"], True),
        (["-q", "bootstrap.py::nothing"], False),
        (["bootstrap.py", "tests"], True),
    ],
)
def test_all_but_a_few_files_are_shared_by_several_processes(
    given: list[str], is_shared: bool
) -> None:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)

    options = bootstrap.pytest_options(given)

    assert ("-n" in options) == is_shared
    assert options[len(options) - len(given) :] == given
