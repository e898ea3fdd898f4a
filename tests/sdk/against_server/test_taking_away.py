"""Files and comments through the client: made in the background, waited for, taken up."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from whole_application import App

import harken
from harken_server.app import CHANNELS
from harken_server.worker import Worker, jobs_of


async def work(app: App) -> None:
    await Worker(app.runtime, jobs_of(CHANNELS), ()).run_once()


@pytest.fixture
async def answered(live: harken.AsyncClient) -> harken.AsyncClient:
    for rating, why in ((2, "Slow"), (9, ""), (4, "Cold and slow")):
        answers = {"recommend": rating, **({"why": why} if why else {})}
        await live.responses.submit("post_purchase", answers)
    return live


async def test_a_file_is_started_waited_for_and_downloaded(
    app: App, answered: harken.AsyncClient, tmp_path: Path
) -> None:
    started = await answered.exports.start("post_purchase", columns="recommend", latest=2)
    await work(app)

    job = await answered.exports.wait(started)
    written = await answered.exports.download(job, tmp_path / "kept.csv")

    assert (started.state, started.is_over, job.state, job.rows_done) == (
        "waiting",
        False,
        "done",
        2,
    )
    assert (tmp_path / "kept.csv").read_text() == "recommend\n9\n4\n"
    assert written == job.size
    assert [each.id for each in await answered.exports.list()] == [job.id]


async def test_a_file_that_is_not_there_says_why(
    app: App, answered: harken.AsyncClient, tmp_path: Path
) -> None:
    started = await answered.exports.start("post_purchase")
    with pytest.raises(harken.ConfigError, match="it is waiting"):
        await answered.exports.download(started, tmp_path / "no.csv")
    with pytest.raises(harken.RequestTimeoutError, match="0 rows"):
        await answered.exports.wait(started, timeout_s=0)

    await answered.exports.remove(started.id)

    job = await answered.exports.wait(started.id)
    with pytest.raises(harken.ConfigError, match="removed"):
        await answered.exports.download(job, tmp_path / "no.csv")


async def test_a_download_that_breaks_off_is_taken_up(
    app: App, answered: harken.AsyncClient
) -> None:
    job = await answered.exports.start("post_purchase")
    await work(app)
    job = await answered.exports.wait(job)
    whole = io.BytesIO()
    await answered.exports.download(job, whole)
    asked: list[str] = []

    class Breaking(httpx.AsyncByteStream):
        def __init__(self, content: bytes) -> None:
            self.content = content

        async def __aiter__(self):
            yield self.content[:400]
            if len(self.content) > 400:
                raise httpx.ReadError("gone")

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("range", ""))
        begin = int(asked[-1].strip("bytes=-") or 0)
        status = 206 if begin else 200
        return httpx.Response(status, stream=Breaking(whole.getvalue()[begin:]))

    got = io.BytesIO()
    async with harken.AsyncClient("http://x", "hk_x", transport=httpx.MockTransport(answer)) as one:
        written = await one.exports.download(job, got)

    assert (got.getvalue(), written) == (whole.getvalue(), job.size)
    assert asked == ["", *(f"bytes={begin}-" for begin in range(400, written, 400))]


async def test_comments_are_iterated_over_with_their_ratings(answered: harken.AsyncClient) -> None:
    slow = [(each.rating, each.text) async for each in answered.comments("post_purchase", q="slow")]
    happy = [each async for each in answered.comments("post_purchase", band="promoters")]

    assert slow == [(4, "Cold and slow"), (2, "Slow")]
    assert happy == []
