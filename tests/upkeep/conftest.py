"""Two databases of either kind: one that is there, and an empty one for what is copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from every_table import filled

from harken_server.configuration import load_settings
from harken_server.kernel.clock import system_clock
from harken_server.kernel.settings import Settings
from harken_server.upkeep.backup import back_up

EITHER = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A place for a SQLite file."""
    return f"sqlite:///{tmp_path / 'copy.sqlite3'}"


@pytest.fixture(params=EITHER)
def empty_url(request: pytest.FixtureRequest) -> str:
    """An empty database on each engine, whichever `database_url` is on."""
    return request.getfixturevalue(f"empty_{request.param}_url")


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], Settings]:
    """The settings of a server on a database; all have one data directory."""

    def load(url: str) -> Settings:
        return load_settings(
            {"HARKEN_DATABASE_URL": url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
        )

    return load


@pytest.fixture
async def backup(database_url: str, settings: Callable[[str], Settings], tmp_path: Path) -> Path:
    """A backup of a database with rows in every table."""
    path = tmp_path / "backup.zip"
    await back_up(settings(await filled(database_url)), path, system_clock())
    return path
