"""The hosted survey page: bytes and requests of its first view, pages per second, SQL per page."""

from __future__ import annotations

import asyncio
import gzip
import re
import tempfile
from pathlib import Path
from typing import Any

import httpx

from bench.load import LoadClient
from bench.report import paired_ratio, result, rounded
from bench.server_process import ServerProcess, bench_server
from bench.survey import KEY, SURVEY
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.surveys.publish import push_survey
from harken_server.workspaces.store.workspaces import get_workspace

CACHED = f"/s/{KEY}"
UNCACHED = f"/s/{KEY}?a_recommend=9"
"""As linked from an e-mail: the first answer is filled in, so the page is made anew each time."""
EMPTY = "/healthz"
ROUNDS, QUICK_ROUNDS = 7, 4
SECONDS, QUICK_SECONDS = 2.0, 0.8
OTHER_REQUESTS = re.compile(
    rb"""<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)\s*=\s*["']?(?!data:|["'])""", re.I
)


def run(quick: bool) -> dict[str, Any]:
    """`value` is pages per second from the cache, the baseline an empty Litestar handler."""
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    with tempfile.TemporaryDirectory(prefix="harken-bench-") as name:
        folder = Path(name)
        details = asyncio.run(_count(folder / "counting"))
        rates = _measure(folder, rounds, seconds)
    for kind, taken in rates.items():
        details[f"{kind}_per_s"] = rounded(sorted(taken)[len(taken) // 2])
    details["ratio_uncached_to_cached"] = rounded(paired_ratio(rates["uncached"], rates["cached"]))
    return result(
        "page", "pages/s", details["cached_per_s"], "an empty Litestar handler",
        details["empty_per_s"], details, ratio=paired_ratio(rates["cached"], rates["empty"]),
    )  # fmt: skip


def _measure(folder: Path, rounds: int, seconds: float) -> dict[str, list[float]]:
    client = LoadClient()
    rates: dict[str, list[float]] = {"cached": [], "uncached": [], "empty": []}
    with (
        bench_server("harken", folder / "harken") as harken,
        bench_server("empty_litestar", folder / "empty") as empty,
    ):
        harken.wait_until_ready()
        empty.wait_until_ready()
        for _ in range(rounds):
            rates["cached"].append(_rate(client, harken, CACHED, seconds))
            rates["uncached"].append(_rate(client, harken, UNCACHED, seconds))
            rates["empty"].append(_rate(client, empty, EMPTY, seconds))
    client.close()
    return rates


def _rate(client: LoadClient, server: ServerProcess, path: str, seconds: float) -> float:
    window = client.run(server.port, b"", seconds=seconds, path=path)
    if set(window.statuses) - {"200"}:
        raise RuntimeError(f"{path} answered {window.statuses}")
    return window.rate


async def _count(folder: Path) -> dict[str, Any]:
    """Bytes, requests and SQL statements: the same on every machine."""
    settings = load_settings({"HARKEN_DATA_DIR": str(folder), "HARKEN_LOG_LEVEL": "error"})
    async with open_runtime(settings) as runtime:
        home = await get_workspace(runtime.db, runtime.home)
        assert home is not None
        await push_survey(runtime.db, home, SURVEY, now=runtime.clock(), new_id=runtime.new_id)
        statements = _count_statements(runtime.db)
        transport = httpx.ASGITransport(create_app(runtime))
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
            raw = await http.get(CACHED, headers={"accept-encoding": "identity"})
            first = len(statements)
            packed = await http.get(CACHED, headers={"accept-encoding": "gzip"})
            cached = len(statements) - first
    packed_size = int(packed.headers["content-length"])
    return {
        "bytes": len(raw.content),
        "bytes_compressed": packed_size,
        "bytes_gzip_9": len(gzip.compress(raw.content, 9)),
        "is_under_14_kb": packed_size < 14_000,
        "requests_for_the_first_view": 1 + len(OTHER_REQUESTS.findall(raw.content)),
        "sql_statements_first": first,
        "sql_statements_cached": cached,
    }


def _count_statements(db: Any) -> list[str]:
    """Every statement asked of this database from now on."""
    asked: list[str] = []
    for name in ("fetch", "fetch_one", "execute"):
        original = getattr(db, name)

        def counted(sql: str, *params: Any, original: Any = original) -> Any:
            asked.append(sql)
            return original(sql, *params)

        setattr(db, name, counted)
    return asked
