"""How much of the tests runs: `--tier quick`, `test` (the default) or `nightly`.

- `quick`: SQLite, no browser, no real process, nothing that takes seconds.
- `test`: every behaviour; large tables of cases in a smaller form.
- `nightly`: every case of those tables, more rounds, more examples.

A test says what it needs by the markers `browser`, `postgres`, `processes` and `seconds`; the first
two are also known by the fixtures that it asks for. A case that only `nightly` runs has the marker
`nightly`, which `pairwise` and `nightly` set, so that both forms come from one table; of a table
with the marker `few(count)` only the first ones run before `nightly`. What runs on
both engines runs a table of cases on SQLite, and before `nightly` the first of them on PostgreSQL,
unless it asks for `database` itself: what each case then sends there is the test's matter.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import settings

TIERS = ("quick", "test", "nightly")
LEFT_OUT = {
    "quick": {"browser", "postgres", "processes", "seconds", "nightly"},
    "test": {"nightly"},
    "nightly": set[str](),
}
KNOWN_BY_FIXTURE = {
    "chromium": "browser",
    "whole_chromium": "browser",
    "firefox": "browser",
    "postgres_factory": "postgres",
    "postgres_server": "postgres",
}
STARTS_A_PROCESS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
LEFT_TO_OTHERS = pytest.StashKey[int]()
EXAMPLES = {"quick": 20, "test": 50, "nightly": 300}
"""How many examples Hypothesis tries, unless a test says otherwise."""


def add_option(parser: pytest.Parser) -> None:
    """Teach pytest `--tier`."""
    parser.addoption("--tier", choices=TIERS, default="test", help="how much of the tests to run")


def use_tier(tier: str) -> None:
    """Hypothesis tries the same examples each time, but new ones in `nightly`; none is timed."""
    for name, count in EXAMPLES.items():
        is_fixed = name != "nightly"
        settings.register_profile(
            name, max_examples=count, deadline=None, derandomize=is_fixed, database=None,
            print_blob=True,
        )  # fmt: skip
    settings.load_profile(tier)


def processes_for(cores: int, tier: str) -> int:
    """How many processes share the tests.

    In all tiers but `quick` tests wait for half of their time, for browsers, servers and pages
    that are left alone for a while: on two cores a third process fills what two leave.
    """
    return cores if tier == "quick" else cores + cores // 2


def forbid_processes() -> None:
    """From now on whoever starts a process in this one fails; for `quick`, which starts none."""
    sys.addaudithook(_forbid_processes)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what the tier does not run; pytest's closing line says how many."""
    unwanted = LEFT_OUT[config.getoption("tier")]
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    met: set[str] = set()
    seen: Counter[str] = Counter()
    for item in items:
        needs = _needs(item)
        for few in (mark.args[0] for mark in item.iter_markers() if mark.name == "few"):
            table = item.nodeid.partition("[")[0]
            seen[table] += not needs & unwanted
            needs |= {"nightly"} if seen[table] > few else set()
        if not needs & unwanted and _is_of_table_on_postgres(item):
            table = item.nodeid.partition("[")[0]
            needs |= {"nightly"} if table in met else set()
            met.add(table)
        (left_out if unwanted & needs else kept).append(item)
    config.stash[LEFT_TO_OTHERS] = len(left_out)
    items[:] = kept
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def nightly(*values: Any, id: str | None = None) -> Any:  # noqa: A002  (as `pytest.param` has it)
    """A case that only `nightly` runs."""
    return pytest.param(*values, marks=pytest.mark.nightly, id=id)


def first_of(cases: Iterable[Any], count: int) -> list[Any]:
    """All cases, of which only the first few run before `nightly`."""
    return [case if number < count else nightly(case) for number, case in enumerate(cases)]


def chosen(cases: Iterable[Any], *often: Any) -> list[Any]:
    """All cases, of which only those named run before `nightly`. Raises ValueError for a typo."""
    known = list(cases)
    if missing := [case for case in often if case not in known]:
        raise ValueError(f"no such case: {missing}")
    return [case if case in often else nightly(case) for case in known]


POSTGRES_NIGHTLY = pytest.mark.parametrize(
    "engine_name",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.nightly])],
    indirect=True,
)
"""For long tests of what no database decides: once on SQLite, on both in `nightly`."""


def pairwise(**axes: Sequence[Any]) -> Any:
    """Arguments of `parametrize` for every combination of the axes' values.

    Before `nightly` a choice of them runs, in which every value of an axis meets every value of
    each other axis (of two axes: in which every value occurs), but for values that are `nightly`
    themselves. Greedy, after D. M. Cohen et al., "The AETG System", IEEE Transactions on Software
    Engineering 23(7), 1997.
    """
    width = min(2, len(axes) - 1)
    often = [[each for each in axis if not _is_rare(each)] for axis in axes.values()]
    left, before, seen = list(itertools.product(*often)), list[Any](), set[Any]()
    while left:
        case = max(left, key=lambda case: len(_meetings(case, width) - seen))
        if _meetings(case, width) <= seen:
            break
        left.remove(case)
        before.append(case)
        seen |= _meetings(case, width)
    values = [
        [each.values[0] if _is_rare(each) else each for each in axis] for axis in axes.values()
    ]
    rest = [nightly(*case) for case in itertools.product(*values) if case not in before]
    return tuple(axes), [*before, *rest]


def _is_rare(value: Any) -> bool:
    return hasattr(value, "marks")


def _meetings(case: Sequence[Any], width: int) -> set[Any]:
    return set(itertools.combinations(enumerate(map(repr, case)), width))


def _forbid_processes(event: str, _: tuple[Any, ...]) -> None:
    if event in STARTS_A_PROCESS:
        raise RuntimeError("a test that starts a process has the marker `processes`")


def _needs(item: pytest.Item) -> set[str]:
    markers = {marker.name for marker in item.iter_markers()}
    fixtures: Sequence[str] = getattr(item, "fixturenames", ())
    by_fixture = {KNOWN_BY_FIXTURE[name] for name in fixtures if name in KNOWN_BY_FIXTURE}
    return markers | by_fixture


def _is_of_table_on_postgres(item: pytest.Item) -> bool:
    """Whether it is one of several cases, which run on SQLite too, of what no statement decides."""
    case: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    is_of_statements = "database" in getattr(item, "fixturenames", ())
    return case.get("engine_name") == "postgres" and len(case) > 1 and not is_of_statements
