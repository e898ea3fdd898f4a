"""Exports, scores and results pages over HTTP when as many run as may (A13)."""

from __future__ import annotations

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from api_client import Api

from harken_server.http.long_reads import heavy
from harken_server.http.long_reads.heavy import HeavyReads, HeavySettings

DOWNLOADS = ("/export.csv", "/export.jsonl", "export-link")
RECKONINGS = (
    "/scores",
    "/scores?standing=unverified",
    "results-link",
    "scores.csv",
    "comments.csv",
)


async def _address(api: Api, name: str) -> str:
    """The address of a heavy read by a short name."""
    survey = "/v1/surveys/post_purchase"
    if name.startswith("/"):
        return survey + name
    link = "export-link" if name == "export-link" else "results-link"
    parts = urlsplit((await api.http.post(f"{survey}/{link}")).json()["url"])
    below = "" if name.endswith("-link") else f"/{name}"
    return f"{parts.path}{below}?{parts.query}"


@pytest.mark.parametrize("name", [*DOWNLOADS, *RECKONINGS])
async def test_a_full_queue_gives_429_while_all_else_is_answered(
    live: Api, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heavy, "WAIT_S", 0.01)
    reads, kind = live.runtime.of(HeavyReads), "download" if name in DOWNLOADS else "reckoning"
    most = live.runtime.settings.of(HeavySettings).heavy_reads
    address = await _address(live, name)

    async with AsyncExitStack() as stack:
        for _ in range((most + 1) // 2):
            await stack.enter_async_context(reads.turn(kind, live.runtime.home))
        refused = await live.http.get(address)
        ready = await live.http.get("/readyz")
        stored = await live.submit({"recommend": 9})
    after = await live.http.get(address)

    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_reads"
    assert int(refused.headers["retry-after"]) > 0
    assert (ready.status_code, stored.status_code, after.status_code) == (200, 201, 200)


async def test_a_download_that_ends_or_fails_gives_its_turn_back(live: Api) -> None:
    address = await _address(live, "/export.csv")

    for _ in range(5):
        assert (await live.http.get(address)).status_code == 200
        assert (await live.http.head(address)).content == b""
        assert (await live.http.get(f"{address}?dialect=odd")).status_code == 400
