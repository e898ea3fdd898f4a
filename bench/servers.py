"""The servers under load: `python -m bench.servers KIND PORT FOLDER [URL]`.

`harken` is the product itself, `stubbed` the same with storage replaced; the rest are baselines.
SIGUSR1 makes a server write what it counted to FOLDER/counters.json.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop

from bench.server_process import peak_rss_mb, pin
from bench.survey import KEY, SURVEY

KINDS = (
    "harken", "stubbed", "ungrouped", "bare", "commit_each", "commit_each_postgres",
    "empty_litestar", "migrated_litestar", "empty_post",
)  # fmt: skip
OWN_KINDS = frozenset({"harken", "stubbed", "ungrouped"})
POOL_SIZE = 10


async def serve_harken(
    port: int, folder: Path, url: str, options: dict[str, str], *, kind: str
) -> None:
    """The product's own composition and server, with the measured survey published."""
    from harken_server.app import create_app, open_runtime
    from harken_server.configuration import load_settings
    from harken_server.server import open_socket, run_server
    from harken_server.surveys.publish import push_survey
    from harken_server.workspaces.store.workspaces import get_workspace

    size = int(options.pop("fill", "0"))
    people = int(options.pop("people", "0"))
    settings = load_settings({
        "HARKEN_PORT": str(port), "HARKEN_DATA_DIR": str(folder), "HARKEN_DATABASE_URL": url,
        "HARKEN_LOG_LEVEL": "error", "HARKEN_RATE_LIMIT": "0",
        "HARKEN_PROGRAM_STRICTNESS": "0",  # the load says the same again and again
        **options,
    })  # fmt: skip
    listener = open_socket(settings)
    async with open_runtime(settings) as runtime:
        home = await get_workspace(runtime.db, runtime.home)
        assert home is not None
        await push_survey(runtime.db, home, SURVEY, now=runtime.clock(), new_id=runtime.new_id)
        if size:
            await _fill(runtime, folder, size)
        if people:
            await _invite(runtime, folder, people)
        if kind == "stubbed":
            runtime.db.store = StubbedStore().store  # pyright: ignore[reportAttributeAccessIssue]
        elif kind == "ungrouped":
            await _ungroup(runtime.db, url)
        _offer_counters(folder, lambda: counters_of(runtime.db.statistics))
        await run_server(create_app(runtime), listener)


async def _fill(runtime: Any, folder: Path, size: int) -> None:
    """Many responses, and a key to export them with."""
    from bench.filling import fill
    from harken_server.surveys.store.surveys import get_survey
    from harken_server.workspaces.api import make_key

    record = await get_survey(runtime.db, runtime.home, KEY)
    assert record is not None
    await fill(runtime.db, size, record.number)
    _, secret = await make_key(runtime, runtime.home, "bench", ("manage",))
    (folder / "api.key").write_text(secret)


async def _invite(runtime: Any, folder: Path, people: int) -> None:
    """Many respondents who were asked some time ago, and a key to trigger with."""
    from bench.filling_people import fill_people
    from harken_server.surveys.store.surveys import get_survey
    from harken_server.workspaces.api import make_key

    record = await get_survey(runtime.db, runtime.home, KEY)
    assert record is not None
    await fill_people(runtime.db, people, runtime.home, record.id, runtime.clock())
    _, secret = await make_key(runtime, runtime.home, "bench", ("manage",))
    (folder / "api.key").write_text(secret)


class StubbedStore:
    """Says stored without storing: what is left is the cost of everything else."""

    async def store(self, _kind: Any, new: Any) -> Any:
        """Acknowledge at once."""
        from harken_server.responses.response import StoreOutcome

        return StoreOutcome("stored", new.version, new.sequence, new.is_complete, new.received_at)


async def _ungroup(db: Any, url: str) -> None:
    """Each response in a transaction of its own: all else is the product's."""
    if db.dialect == "sqlite":
        sqlite_writer = importlib.import_module("harken_server.database.sqlite.writer")
        sqlite_writer.GROUP_LIMIT = 1
    else:
        import asyncpg

        pool = await asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE)
        db.store = PoolStore(pool, db.statistics).store


class PoolStore:
    """Stores each response with a connection of the pool, and commits it."""

    def __init__(self, pool: Any, statistics: Any) -> None:
        self._pool = pool
        self._statistics = statistics

    async def store(self, kind: Any, item: Any) -> Any:
        """One transaction of the product's own statements."""
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN")
            return (await kind.on_postgres(connection, 0, [item], self._statistics))[0]


def counters_of(statistics: Any) -> dict[str, Any]:
    """Commits, stored responses and SQL statements of the response path."""
    return {name: getattr(statistics, name) for name in statistics.__slots__}


def serve_baseline(kind: str, port: int, folder: Path, url: str) -> None:
    """An ASGI application of `bench.baselines` under plain uvicorn."""
    import uvicorn

    app = importlib.import_module(f"bench.baselines.{kind}").make_app(folder, url)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="error")


def _offer_counters(folder: Path, read: Callable[[], dict[str, Any]]) -> None:
    def write() -> None:
        partial = folder / f"counters.{os.getpid()}"
        partial.write_text(json.dumps({**read(), "peak_rss_mb": peak_rss_mb()}))
        partial.replace(folder / "counters.json")

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, write)


def main(arguments: list[str]) -> None:
    kind, port, folder, url, *rest = arguments
    options = dict(option.split("=", 1) for option in rest)
    pin("server")
    if kind in OWN_KINDS:
        work = serve_harken(int(port), Path(folder), url, options, kind=kind)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    else:
        serve_baseline(kind, int(port), Path(folder), url)


if __name__ == "__main__":
    main(sys.argv[1:])
