"""The console's pages at a million responses and 20 surveys: server time, and bytes on the wire."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import statistics
import tempfile
import time
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import brotli
import msgspec

from bench.filling import DAYS, fill
from bench.postgres import postgres
from bench.report import paired_ratio, result, rounded
from bench.server_process import ServerProcess, bench_server, pin
from bench.survey import SURVEY
from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.http.runtime import Runtime
from harken_server.journeys.publish import journey_templates, push_journey
from harken_server.routes import PUBLIC
from harken_server.segments.store import Segment, put_segment
from harken_server.surveys.conditions import Condition
from harken_server.surveys.publish import push_survey
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.people.account import Account, Membership, Session
from harken_server.workspaces.people.cookies import SESSION, cookie_name
from harken_server.workspaces.people.secrets import digest_of
from harken_server.workspaces.people.store import accounts, sessions
from harken_server.workspaces.store.workspaces import get_workspace

LARGE, QUICK_LARGE = 1_000_000, 100_000
SURVEYS = 20
ROUNDS, QUICK_ROUNDS = 40, 15
BELOW = "/console/{workspace:str}"
PIECES = {
    "key": "bench1", "survey": "bench1", "number": "1", "template": "nps", "name": "nps",
    "print": "labels", "file": "scores.csv", "segment_key": "bench",
    "journey": "customer_lifecycle", "journey_file": "journey.csv",
    "id": "01900000-0000-7000-8000-000000000001",
}  # fmt: skip
"""What stands in the addresses of pages, by the name of the piece; the owner's id besides."""
PIECE = re.compile(r"\{(\w+):\w+\}")
EMPTY = "/healthz"
ASSETS = re.compile(rb'(?:href|src)="(/assets/[^"#]+)')


class Fetched(NamedTuple):
    """One answer."""

    status: int
    media_type: str
    seconds: float
    body: bytes
    """As it was meant."""
    sent: int
    """Bytes of it on the wire, as they are for a browser that takes brotli."""


def run(quick: bool) -> dict[str, Any]:
    """`value` is the milliseconds of home on SQLite, the baseline an empty Litestar handler's."""
    pin("client")
    size, rounds = (QUICK_LARGE, QUICK_ROUNDS) if quick else (LARGE, ROUNDS)
    details: dict[str, Any] = {"responses": size, "surveys": SURVEYS}
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        details["sqlite"] = _measure(Path(name) / "sqlite", "", size, rounds)
        if not quick:
            with postgres() as url:
                details["postgres"] = _measure(Path(name) / "postgres", url, size, rounds)
    home = details["sqlite"]["pages"]["home"]
    return result(
        "console", "ms for home, SQLite", home["ms"], "an empty Litestar handler",
        details["sqlite"]["empty_ms"], details, ratio=home["to_empty"],
    )  # fmt: skip


def _measure(folder: Path, url: str, size: int, rounds: int) -> dict[str, Any]:
    folder.mkdir()
    url = url or f"sqlite:///{folder / 'bench.sqlite3'}"
    cookie, pages = asyncio.run(_prepare(folder, url, size))
    with (
        bench_server("harken", folder / "harken", url=url) as harken,
        bench_server("empty_litestar", folder / "empty") as empty,
    ):
        harken.wait_until_ready(120)
        empty.wait_until_ready()
        with _visitor(harken, cookie) as console, _visitor(empty, "") as nothing:
            measured = _turns(console, nothing, pages, rounds)
            for name, page in measured["pages"].items():
                page["cpu_ms"] = rounded(_cpu_ms(harken, console, pages[name], rounds))
            return measured


def pages_of(account_id: str) -> dict[str, str]:
    """Every address of the console that is read, by its name: below the workspace's, filled in."""
    pieces = {**PIECES, "account_id": account_id}
    declared = [
        path.removeprefix(BELOW)
        for handler in PUBLIC
        for path in handler.paths
        if path.startswith(BELOW) and "GET" in handler.http_methods
    ]
    return {
        PIECE.sub(r"{\1}", path.removeprefix("/")) or "home": PIECE.sub(
            lambda piece: pieces[piece[1]], path
        )
        + ("?events=1" if path.endswith("/live") else "")  # else it goes on for ever
        for path in sorted(declared)
    }


def _cpu_ms(server: ServerProcess, console: Visitor, path: str, rounds: int) -> float:
    """Of the server's process for one page: the same beside whatever else the machine does."""
    before = server.cpu_s
    for _ in range(rounds):
        console.get(f"/console/default{path}")
    return (server.cpu_s - before) * 1000 / rounds


def _turns(
    console: Visitor, nothing: Visitor, pages: dict[str, str], rounds: int
) -> dict[str, Any]:
    """Of all that is a page; files that are downloaded, and what only leads on, are none."""
    firsts = {name: console.get(f"/console/default{path}") for name, path in pages.items()}
    refused = {name: first.status for name, first in firsts.items() if first.status >= 400}
    if refused:
        raise RuntimeError(f"pages that are not there: {refused}")
    shown = [
        name
        for name, first in firsts.items()
        if first.status == 200 and first.media_type.startswith("text/html")
    ]
    taken: dict[str, list[float]] = {name: [] for name in (*shown, "empty")}
    for _ in range(rounds):
        for name in shown:
            taken[name].append(console.get(f"/console/default{pages[name]}").seconds)
        taken["empty"].append(nothing.get(EMPTY).seconds)
    return {
        "empty_ms": rounded(statistics.median(taken["empty"]) * 1000),
        "pages": {
            name: {
                "ms": rounded(statistics.median(taken[name]) * 1000),
                "first_ms": rounded(firsts[name].seconds * 1000),
                "to_empty": rounded(paired_ratio(taken[name], taken["empty"])),
                **_weigh(console, firsts[name]),
            }
            for name in shown
        },
    }


def _weigh(console: Visitor, page: Fetched) -> dict[str, Any]:
    assets = {path.decode() for path in ASSETS.findall(page.body)}
    sizes = [console.get(path).sent for path in assets if not path.endswith(".png")]
    return {"bytes": page.sent, "bytes_with_assets": page.sent + sum(sizes)}


class Visitor:
    """A browser's connection, with its cookie."""

    def __init__(self, server: ServerProcess, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._headers = {"cookie": cookie, "accept-encoding": "br", "accept": "text/html,*/*"}

    def get(self, path: str) -> Fetched:
        """One answer, from the first byte asked to the last one read."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        reply = self._connection.getresponse()
        sent = reply.read()
        seconds = time.perf_counter() - began
        is_packed = reply.getheader("content-encoding") == "br"
        body = brotli.decompress(sent) if is_packed else sent
        media_type = reply.getheader("content-type") or ""
        return Fetched(reply.status, media_type, seconds, body, len(sent))

    def close(self) -> None:
        """Leave."""
        self._connection.close()


@contextlib.contextmanager
def _visitor(server: ServerProcess, cookie: str) -> Generator[Visitor]:
    with contextlib.closing(Visitor(server, cookie)) as visitor:
        yield visitor


async def _prepare(folder: Path, url: str, size: int) -> tuple[str, dict[str, str]]:
    """The database, filled up to today; the cookie of an owner who is signed in, and the pages."""
    settings = load_settings({
        "HARKEN_DATA_DIR": str(folder / "harken"), "HARKEN_DATABASE_URL": url,
        "HARKEN_LOG_LEVEL": "error",
    })  # fmt: skip
    async with open_runtime(settings) as runtime:
        home = await get_workspace(runtime.db, runtime.home)
        assert home is not None
        for number in range(1, SURVEYS + 1):
            survey = msgspec.structs.replace(SURVEY, key=f"bench{number}")
            await push_survey(runtime.db, home, survey, now=runtime.clock(), new_id=runtime.new_id)
        first = await get_survey(runtime.db, runtime.home, "bench1")
        assert first is not None
        today = runtime.clock().date().toordinal()
        await fill(runtime.db, size, first.number, surveys=SURVEYS, first_day=today - DAYS + 1)
        now = runtime.clock()
        segment = Segment(
            key="bench", title="Bench", conditions=(Condition(of="channel", value="web"),),
            created_at=now, updated_at=now,
        )  # fmt: skip
        async with runtime.db.transaction() as tx:
            await put_segment(tx, runtime.home, segment, runtime.new_id())
        journey = journey_templates()["customer_lifecycle"]
        await push_journey(runtime.db, home, journey, now=now, new_id=runtime.new_id)
        secret, account = await _sign_in(runtime)
        return f"{cookie_name(runtime, SESSION)}={secret}", pages_of(str(account.id))


async def _sign_in(runtime: Runtime) -> tuple[str, Account]:
    now, secret = runtime.clock(), runtime.random(24).hex()
    account = Account(id=runtime.new_id(), email="owner@example.com", name="Owner", created_at=now)
    member = Membership(
        workspace_id=runtime.home, account_id=account.id, role="owner", created_at=now
    )
    session = Session(
        digest=digest_of(secret), id=runtime.new_id(), account_id=account.id, browser="bench",
        network="127.0.0.1", created_at=now, last_seen_at=now, confirmed_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    await accounts.add_account(runtime.db, account)
    await accounts.put_membership(runtime.db, member)
    await sessions.add_session(runtime.db, session)
    return secret, account
