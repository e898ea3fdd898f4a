"""Every function of the storage is tried from another workspace, or it is said why not."""

from __future__ import annotations

from isolation_list import (
    BENEATH_THE_RECORDS,
    FINDS_THE_WORKSPACE,
    FOR_ALL_WORKSPACES,
    LOCKS,
    called_functions,
    stored_functions,
)

NOT_CALLED = (LOCKS, FINDS_THE_WORKSPACE, FOR_ALL_WORKSPACES, BENEATH_THE_RECORDS)


def test_every_function_of_the_storage_is_covered_here() -> None:
    assert set(stored_functions()) == {*called_functions(), *set().union(*NOT_CALLED)}


def test_no_function_is_excused_that_is_called() -> None:
    assert set(called_functions()).isdisjoint(set().union(*NOT_CALLED))
