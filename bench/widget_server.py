"""The product for the widget's measure: `python -m bench.widget_server PORT FOLDER`.

`prepare` publishes the surveys and makes a key beforehand, so that the server starts with nothing
in memory. SIGUSR1 makes it write how often it asked the database to FOLDER/counters.json.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from bench.server_process import ServerProcess, free_port, pin
from bench.widget_subjects import HIGH, LOW, QUESTION
from harken_server.configuration import load_settings
from harken_server.kernel.settings import Settings
from harken_server.surveys.survey import Survey

KEY_FILE = "public.key"
QUIET = {"HARKEN_LOG_LEVEL": "error", "HARKEN_RATE_LIMIT": "0"}


def survey(key: str, *, opens: bool) -> Survey:
    """One NPS question; opened at once, or by an event that never comes."""
    opening = {"on": "load"} if opens else {"on": "event", "name": "never"}
    definition: dict[str, Any] = {
        "key": key,
        "title": "How are we doing?",
        "questions": [{
            "type": "nps", "key": "recommend", "text": QUESTION, "required": True,
            "low_label": LOW, "high_label": HIGH,
        }],
        "widget": {"opens": [opening]},
    }  # fmt: skip
    return msgspec.convert(definition, Survey)


def prepare(folder: Path, *, surveys: int) -> str:
    """Publish surveys, of which the first opens at once; gives a public key."""
    folder.mkdir(parents=True)
    with asyncio.Runner() as runner:
        return runner.run(_prepare(_settings(folder, 0), surveys))


async def _prepare(settings: Settings, surveys: int) -> str:
    from harken_server.app import open_runtime
    from harken_server.surveys.publish import push_survey
    from harken_server.workspaces.api import make_key
    from harken_server.workspaces.store.workspaces import get_workspace

    async with open_runtime(settings) as runtime:
        home = await get_workspace(runtime.db, runtime.home)
        assert home is not None
        for number in range(surveys):
            made = survey(f"survey_{number}", opens=number == 0)
            await push_survey(runtime.db, home, made, now=runtime.clock(), new_id=runtime.new_id)
        _, secret = await make_key(runtime, runtime.home, "bench", ("public",))
        return secret


def widget_server(folder: Path) -> ServerProcess:
    """The server over a prepared folder."""
    port = free_port()
    command = [sys.executable, "-m", "bench.widget_server", str(port), str(folder)]
    return ServerProcess(command, port, counters=folder / "counters.json")


async def serve(port: int, folder: Path) -> None:
    """The product's own composition and server."""
    from harken_server.app import create_app, open_runtime
    from harken_server.server import open_socket, run_server

    settings = _settings(folder, port)
    listener = open_socket(settings)
    async with open_runtime(settings) as runtime:
        counts = {"reads": 0, "writes": 0}
        db: Any = runtime.db
        db.readers.fetch = _counted(db.readers.fetch, counts, "reads")
        db.writer.run = _counted(db.writer.run, counts, "writes")
        _offer(folder / "counters.json", counts)
        await run_server(create_app(runtime), listener)


def _settings(folder: Path, port: int) -> Settings:
    return load_settings(
        {"HARKEN_DATA_DIR": str(folder), "HARKEN_PORT": str(port or 8300), **QUIET}
    )


def _counted(run: Callable[..., Any], counts: dict[str, int], name: str) -> Callable[..., Any]:
    """Count the jobs given to the reading or writing threads."""

    def counted(*arguments: Any, **options: Any) -> Any:
        counts[name] += 1
        return run(*arguments, **options)

    return counted


def _offer(path: Path, counts: dict[str, int]) -> None:
    def write() -> None:
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(counts))
        partial.replace(path)

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, write)


def main(arguments: list[str]) -> None:
    port, folder = arguments
    pin("server")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(port), Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
