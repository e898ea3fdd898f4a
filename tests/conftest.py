"""Fixtures for every test: a real PostgreSQL, and a migrated database on both engines."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from in_memory import keep_temporary_files_in_memory
from postgres import Copies, PostgresServer
from survey_records import add_survey
from tiers import (
    LEFT_TO_OTHERS,
    add_option,
    forbid_processes,
    leave_out,
    processes_for,
    use_tier,
)

from harken_server.database.database import Database
from harken_server.database.migrate import migrate
from harken_server.database.opening import open_database
from harken_server.kernel.clock import system_clock
from harken_server.responses.response import NewResponse
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.workspaces.store.workspaces import ensure_default_workspace
from harken_server.workspaces.workspace import Workspace

pytest_plugins = ["api_fixtures", "browser_fixtures", "trigger_sink"]

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
MIGRATED = "harken_migrated"
LEFT_OUT_KEY = "left_out"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    keep_temporary_files_in_memory()
    use_tier(config.getoption("tier"))


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    cores = yield
    return processes_for(cores, config.getoption("tier"))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """The examples in docstrings that are run stand in the packages, not in here."""
    found = yield
    return [each for each in found if isinstance(each, pytest.Module)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items)


def pytest_collection_finish(session: pytest.Session) -> None:
    is_running_tests = session.config.getoption("dist", "no") == "no"  # or handing them out
    if session.config.getoption("tier") == "quick" and is_running_tests:
        forbid_processes()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if told := getattr(session.config, "workeroutput", None):
        told[LEFT_OUT_KEY] = session.config.stash.get(LEFT_TO_OTHERS, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash[LEFT_TO_OTHERS] = getattr(node, "workeroutput", {}).get(LEFT_OUT_KEY, 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_TO_OTHERS, 0):
        tier = config.getoption("tier")
        terminalreporter.line(f"--tier {tier} left out {left_out} tests that `nightly` runs")


@pytest.fixture(scope="session")
def tier(request: pytest.FixtureRequest) -> str:
    """How much of the tests runs: `quick`, `test` or `nightly`."""
    return request.config.getoption("tier")


@pytest.fixture(scope="session")
def postgres_factory() -> Iterator[Callable[..., PostgresServer]]:
    """Start a PostgreSQL server for the caller alone; all are stopped at the end."""
    servers: list[PostgresServer] = []

    def make(*, fsync: bool = False) -> PostgresServer:
        server = PostgresServer(fsync=fsync)
        server.start()
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.remove()


@pytest.fixture(scope="session")
def postgres_server(postgres_factory: Callable[..., PostgresServer]) -> Callable[[str], str]:
    """The server of this run, as a function from a database's name to its URL.

    HARKEN_TEST_POSTGRES_URL names another server, whose user may create databases.
    """
    if external := os.environ.get("HARKEN_TEST_POSTGRES_URL"):
        start, _, _ = external.rpartition("/")
        return lambda name="postgres": external if name == "postgres" else f"{start}/{name}"
    return postgres_factory().url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Callable[[str], str]) -> Iterator[str]:
    """Name of a migrated database to copy."""
    name = f"{MIGRATED}_{uuid4().hex[:8]}"
    asyncio.run(_on_server(postgres_server("postgres"), f"CREATE DATABASE {name}"))
    asyncio.run(_migrate(postgres_server(name)))
    yield name
    asyncio.run(_on_server(postgres_server("postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def empty_postgres_url(postgres_server: Callable[[str], str]) -> AsyncIterator[str]:
    """A PostgreSQL database with nothing in it."""
    name = f"harken_{uuid4().hex}"
    await _on_server(postgres_server("postgres"), f"CREATE DATABASE {name}")
    yield postgres_server(name)
    await _on_server(postgres_server("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_copies(
    postgres_server: Callable[[str], str], postgres_template: str
) -> Iterator[Copies]:
    copies = Copies(postgres_server("postgres"), postgres_template)
    yield copies
    copies.close()


@pytest.fixture
def postgres_url(postgres_server: Callable[[str], str], postgres_copies: Copies) -> Iterator[str]:
    """A migrated PostgreSQL database."""
    name = postgres_copies.take()
    yield postgres_server(name)
    postgres_copies.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("migrated") / "harken.sqlite3"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file."""
    path = tmp_path / "harken.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that needs a database runs once on each engine."""
    return request.param


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """A migrated database on the engine of this run of the test."""
    return request.getfixturevalue(f"{engine_name}_url")


@pytest.fixture
def new_database_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Gives a migrated database of its own each time, on the engine of this run of the test."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield lambda: f"sqlite:///{shutil.copyfile(template, tmp_path / f'{uuid4().hex}.sqlite3')}"
        return
    copies: Copies = request.getfixturevalue("postgres_copies")
    url_of: Callable[[str], str] = request.getfixturevalue("postgres_server")
    names: list[str] = []

    def new() -> str:
        names.append(copies.take())
        return url_of(names[-1])

    yield new
    for name in names:
        copies.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database."""
    db = await open_database(database_url)
    yield db
    await db.close()


@pytest.fixture
async def workspace(database: Database) -> Workspace:
    """The workspace that a fresh server makes."""
    return await ensure_default_workspace(database, system_clock(), uuid4())


@pytest.fixture
async def make_response(database: Database, workspace: Workspace) -> Callable[..., NewResponse]:
    """Make a complete first submission of the test's survey; keywords replace its parts."""
    survey = await add_survey(database, workspace.id)

    def make(**changes: Any) -> NewResponse:
        values: dict[str, Any] = {
            "id": uuid4(),
            "survey": survey,
            "version": 1,
            "sequence": 1,
            "is_complete": True,
            "digest": b"0" * 16,
            "received_at": system_clock(),
            "answers": [
                AnswerRow("recommend", rating=9),
                AnswerRow("reason", choice="price"),
                AnswerRow("why", text="It was quick."),
            ],
        }
        return NewResponse(**{**values, **changes})

    return make


async def _on_server(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    await migrate(url)
