"""Every command that changes something stored leaves an entry in the audit log that names it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served, run

from harken_server.cli import _parser
from harken_server.database.opening import open_database
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import AuditEntry
from harken_server.workspaces.store.workspaces import list_workspaces

ARGUMENTS = {
    "restore": ("copy.harken",),
    "move": ("--to", "sqlite:///moved.sqlite3"),
    "people add": ("ada@shop.example",),
    "people reset": ("ada@shop.example",),
}
BEFORE: dict[str, list[tuple[str, ...]]] = {
    "migrate": [],
    "restore": [("keys", "create"), ("backup", "copy.harken")],
    "people reset": [("people", "add", "ada@shop.example")],
}
"""What must have been done already; as a rule nothing but a first start."""
ENTRIES = {
    "serve": {"create_key", "make_setup_link", "migrate"},
    "demo": {"fill_sample", "migrate"},
    "migrate": {"migrate"},
    "restore": {"restore"},
    "move": {"move"},
    "keys create": {"create_key"},
    "people add": {"add_person"},
    "people reset": {"make_reset_link"},
}
"""How the log calls what each does."""
FILES = {"move": "moved.sqlite3", "restore": "restored.sqlite3"}
"""The database that is filled, where it is another one."""


def commands(parser: argparse.ArgumentParser, words: str = "") -> Iterator[tuple[str, Any]]:
    """Every command, and why it leaves no entry."""
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    for each in below:
        for name, inner in each.choices.items():
            yield from commands(inner, f"{words} {name}".strip())
    if not below:
        yield words, parser.get_default("no_entry")


def entries_in(file: Path) -> list[AuditEntry]:
    async def read() -> list[AuditEntry]:
        db = await open_database(f"sqlite:///{file}")
        try:
            found = [await audit.list_entries(db, one.id) for one in await list_workspaces(db)]
        finally:
            await db.close()
        return [entry for some in found for entry in some]

    return asyncio.run(read())


def test_each_command_says_why_it_leaves_no_entry_or_leaves_one() -> None:
    silent = {name for name, reason in commands(_parser()) if reason}

    assert {name for name, _ in commands(_parser())} == silent | ENTRIES.keys()
    assert silent.isdisjoint(ENTRIES)
    assert all(reason is None or isinstance(reason, str) for _, reason in commands(_parser()))


@pytest.mark.processes
@pytest.mark.parametrize("command", [name for name in ENTRIES if name not in {"serve", "demo"}])
@pytest.mark.few(2)
def test_what_a_command_changed_is_in_the_log_under_its_name(command: str, tmp_path: Path) -> None:
    def do(*words: str, **environ: str) -> None:
        done = run(*words, cwd=tmp_path, HARKEN_DATA_DIR=str(tmp_path), **environ)
        assert done.returncode == 0, done.stderr

    for words in BEFORE.get(command, [("people", "list")]):
        do(*words)
    file = tmp_path / FILES.get(command, "harken.sqlite3")
    is_filled = command == "restore"
    more = {"HARKEN_DATABASE_URL": f"sqlite:///{file}"} if is_filled else {}
    do(*command.split(), *ARGUMENTS.get(command, ()), **more)
    if command == "migrate":  # its log begins with the first workspace
        do("people", "list")

    found = entries_in(file)

    assert ENTRIES[command] <= {entry.action for entry in found}
    assert {entry.program for entry in found} == {"cli"}


@pytest.mark.processes
@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.few(1)
def test_what_a_start_changed_is_in_the_log(command: str, tmp_path: Path) -> None:
    for _ in range(2):
        server = Served(command, tmp_path, HARKEN_DATA_DIR=str(tmp_path))
        assert server.stop() == 0

    found = entries_in(tmp_path / "harken.sqlite3")

    assert {entry.action for entry in found if entry.program == "cli"} == ENTRIES[command]
    assert len([entry for entry in found if entry.action == "migrate"]) == 1
