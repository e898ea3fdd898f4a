"""No function of the records shows or changes anything of another workspace.

OURS has one record of each kind; THEIRS call every function with the ids, names and codes of OURS.
What is called is written down by theme in `tests/support/isolation_*.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest
from isolation import (
    OURS,
    REFUSED,
    SECRET,
    THEIRS,
    Calls,
    Theme,
    add_workspaces,
    outcome_of,
    rows_of,
)
from isolation_list import THEMES

from harken_server.database.database import Database


def _each(kind: str) -> list[Any]:
    calls_of: Callable[[Theme], Calls] = attrgetter(kind)
    return [
        pytest.param(theme, call, id=call) for theme in THEMES.values() for call in calls_of(theme)
    ]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
async def test_reads_find_what_is_ours_and_show_it_to_nobody_else(
    database: Database, theme: Theme
) -> None:
    await add_workspaces(database)
    before = {name: await read(database, THEIRS) for name, read in theme.reads.items()}
    await theme.build(database)
    rows = await rows_of(database, OURS)

    seen_by_them = {name: await read(database, THEIRS) for name, read in theme.reads.items()}
    seen_by_us = {name: await read(database, OURS) for name, read in theme.reads.items()}

    assert seen_by_them == before
    assert [name for name in theme.reads if seen_by_us[name] == before[name]] == []
    assert await rows_of(database, OURS) == rows


@pytest.mark.parametrize(("theme", "name"), _each("changes"))
async def test_a_change_reaches_its_own_workspace_and_no_other(
    database: Database, theme: Theme, name: str
) -> None:
    await add_workspaces(database)
    await theme.build(database)
    rows, their_rows = await rows_of(database, OURS), await rows_of(database, THEIRS)

    outcome = await outcome_of(theme.changes[name](database, THEIRS))

    assert outcome == REFUSED or not outcome
    assert await rows_of(database, OURS) == rows
    assert await rows_of(database, THEIRS) == their_rows
    assert await outcome_of(theme.changes[name](database, OURS)) != REFUSED
    assert await rows_of(database, OURS) != rows


@pytest.mark.parametrize(("theme", "name"), _each("additions"))
async def test_an_addition_stays_in_its_own_workspace(
    database: Database, theme: Theme, name: str
) -> None:
    await add_workspaces(database)
    await theme.build(database)
    rows, their_rows = await rows_of(database, OURS), await rows_of(database, THEIRS)

    outcome = await theme.additions[name](database, THEIRS)

    theirs_now = await rows_of(database, THEIRS)
    assert theirs_now != their_rows
    assert await rows_of(database, OURS) == rows
    assert SECRET not in f"{outcome} {theirs_now}"
    await outcome_of(theme.additions[name](database, OURS))
    assert await rows_of(database, THEIRS) == theirs_now


@pytest.mark.parametrize(("theme", "name"), _each("additions"))
async def test_an_addition_works_where_nothing_has_its_name(
    database: Database, theme: Theme, name: str
) -> None:
    await add_workspaces(database)
    rows = await rows_of(database, OURS)

    await theme.additions[name](database, OURS)

    assert await rows_of(database, OURS) != rows


@pytest.mark.parametrize(("theme", "name"), _each("taken"))
async def test_an_id_or_code_that_is_ours_cannot_be_taken_over(
    database: Database, theme: Theme, name: str
) -> None:
    await add_workspaces(database)
    await theme.build(database)
    rows, their_rows = await rows_of(database, OURS), await rows_of(database, THEIRS)

    outcome = await outcome_of(theme.taken[name](database, THEIRS))

    assert outcome == REFUSED or not outcome
    assert await rows_of(database, OURS) == rows
    assert await rows_of(database, THEIRS) == their_rows
