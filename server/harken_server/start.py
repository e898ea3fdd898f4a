"""What the commands do: start, fill, migrate, and tell people where to look."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import msgspec

from harken_server.app import create_app, open_runtime, prepare_data_dir
from harken_server.database.locations import SqliteLocation, parse_location
from harken_server.database.opening import serving
from harken_server.database.settings import DatabaseSettings
from harken_server.deliveries.channels import Channels
from harken_server.http.long_reads.heavy import HeavySettings
from harken_server.http.operations import Scope
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.insights.live.watching import LiveWatches
from harken_server.kernel.errors import HarkenError
from harken_server.kernel.settings import Settings
from harken_server.server import open_socket, run_server
from harken_server.worker import open_worker, working
from harken_server.workspaces.api import make_key
from harken_server.workspaces.entries import begin_program
from harken_server.workspaces.people.new_people import make_setup_link
from harken_server.workspaces.people.serve.guest import end_guest, make_guest_link
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.store import keys

FIRST_KEY_NAME = "first key"
FIRST_KEY_FILE = "first-api-key"
SETUP_LINK_FILE = "console-set-up-link"
_SETUP_HINT = "  Nobody owns it yet: make the first account there, once, within 24 hours"


async def serve_workspace(settings: Settings) -> None:
    """Serve until told to stop. A workspace without keys gets its first one, printed once."""
    async with _opened(settings) as (runtime, listener):
        base = settings.of(HttpSettings).public_url
        await end_guest(begin_program(runtime, "end_guest", "sessions")[0])
        lines = [f"Harken listens on {base}", "", *await _told_console(runtime)]
        if await keys.count_keys(runtime.db, runtime.home) == 0:
            secret = await _make_key(runtime, FIRST_KEY_NAME, ("manage",))
            lines += [
                _told_key(settings, secret),
                f"  API reference         {base}/docs",
                f"  Widget playground     {base}/widget/playground",
            ]
        _print([*lines, ""])
        async with working(runtime):
            await _serve(runtime, listener)


async def serve_demo(settings: Settings) -> None:
    """Serve sample surveys with sample responses; prints keys, the same after a restart."""
    from harken_server.sample.fill import fill_workspace
    from harken_server.sample.places import open_places
    from harken_server.sample.welcome import open_key, welcome_lines

    async with _opened(settings) as (runtime, listener):
        _print(["Filling the sample workspace …"])
        filling, _ = begin_program(runtime, "fill_sample", "sample")
        await fill_workspace(filling)
        secret = await open_key(filling, "manage")
        site_key = await open_key(filling, "public")
        places = await open_places(filling)
        lines = await welcome_lines(
            runtime, places, secret=secret, site_key=site_key, colours=sys.stdout.isatty()
        )
        _print([f"Console  {await make_guest_link(filling)}", *lines])
        async with working(runtime):
            await _serve(msgspec.structs.replace(runtime, is_demo=True), listener)


async def _serve(runtime: Runtime, listener: socket.socket) -> None:
    slowest = runtime.settings.of(HeavySettings).slowest_reader
    end_live = runtime.of(LiveWatches).end
    await run_server(create_app(runtime), listener, slowest_reader=slowest, on_end=end_live)


async def run_worker(settings: Settings) -> None:
    """Do the work that waits until told to stop, beside servers on the same PostgreSQL."""
    url = settings.of(DatabaseSettings).database_url
    if isinstance(parse_location(url), SqliteLocation):
        raise HarkenError(
            "A worker of its own needs PostgreSQL. With SQLite the server does that work itself "
            "(HARKEN_WORKER=in_process).",
            code="worker_needs_postgresql",
        )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with serving(url), open_runtime(settings) as runtime, open_worker(runtime) as worker:
        senders = runtime.of(Channels).senders()
        states = [f"  {one.name}: {way.waits_for(settings) or 'is sent'}" for one, way in senders]
        _print(["Harken worker at work", *states])
        await worker.run(stopping)


async def create_api_key(
    settings: Settings, name: str, scopes: list[Scope], origins: Sequence[str] = ()
) -> str:
    """Make a key in the first workspace."""
    async with open_runtime(settings) as runtime:
        return await _make_key(runtime, name, tuple(dict.fromkeys(scopes)), origins)


async def _make_key(
    runtime: Runtime, name: str, scopes: tuple[Scope, ...], origins: Sequence[str] = ()
) -> str:
    """A key of the first workspace, whose audit log says that a command made it."""
    doing, entry = begin_program(runtime, "create_key", "", name=name, scopes=list(scopes))
    key, secret = await make_key(doing, runtime.home, name, scopes, origins)
    await entry.complete(str(key.id))
    return secret


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[tuple[Runtime, socket.socket]]:
    """The address, for this process alone, and the database, held as `serving` says."""
    with open_socket(settings) as listener:
        prepare_data_dir(settings)
        async with (
            serving(settings.of(DatabaseSettings).database_url),
            open_runtime(settings) as runtime,
        ):
            yield runtime, listener


async def _told_console(runtime: Runtime) -> list[str]:
    """The lines that tell the way into the console: while nobody owns it, a link to set it up."""
    base = runtime.settings.of(HttpSettings).public_url
    link = await make_setup_link(begin_program(runtime, "make_setup_link", "house")[0])
    if link is None:
        return [f"Console  {base}/console"]
    if _is_told_openly(runtime.settings):
        return [f"Console  {link}", _SETUP_HINT]
    path = _keep(runtime.settings, SETUP_LINK_FILE, link)
    return [f"Console  {base}/console", _SETUP_HINT, f"  The link to do so is in {path}"]


def _told_key(settings: Settings, secret: str) -> str:
    """The line that tells of the first key: where a log would keep it, it lies in a file."""
    if _is_told_openly(settings):
        return f"  API key (shown once)  {secret}"
    path = _keep(settings, FIRST_KEY_FILE, secret)
    return f"  API key               in {path}; remove the file when you have it"


def _is_told_openly(settings: Settings) -> bool:
    where = settings.of(RightsSettings).first_key
    return where == "print" or (where == "auto" and not is_journal(sys.stdout))


def _keep(settings: Settings, name: str, secret: str) -> Path:
    """Write a secret into a file of the data directory, for its owner alone."""
    path = settings.of(DatabaseSettings).data_dir / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
    return path


def is_journal(output: TextIO) -> bool:
    """Whether systemd keeps what is written: its variable names the device and the inode."""
    try:
        status = os.fstat(output.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _print(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
