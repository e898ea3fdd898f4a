"""Every surface that shows the whole number of a filter, and how it is read there."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Mapping
from contextlib import redirect_stdout
from html import unescape
from typing import Any, TypeAlias
from unittest.mock import patch

import httpx
from same_numbers import Asked, Number, Numbers, ask, number_of, numbers_in, without
from signed_in import SignedIn

import harken
from harken.cli import main
from harken_server.insights.page.pictures.charts import describe_interval
from harken_server.insights.rules.figures import show_score

ROUNDED = 5.1e-5
"""Files of the results page have four decimals."""
Read: TypeAlias = Callable[[Asked], Awaitable[Numbers | None]]


def lines_of(text: str) -> list[dict[str, str]]:
    """Of a CSV file with a heading."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


async def by_api(asked: Asked) -> Numbers | None:
    reply = await ask(asked, "/v1/surveys/{key}/scores")
    return None if reply is None else numbers_in(reply.json()["scores"])


async def by_csv(asked: Asked) -> Numbers | None:
    reply = await ask(asked, "/v1/surveys/{key}/scores.csv")
    return None if reply is None else numbers_in(lines_of(reply.text))


async def by_sheet(asked: Asked) -> Numbers | None:
    reply = await ask(asked, "/sheets/{survey}/scores.csv")
    return None if reply is None else numbers_in(lines_of(reply.text))


async def by_odata(asked: Asked) -> Numbers | None:
    wanted = {"resource": "Scores", "$filter": "by eq 'all'"}
    reply = await ask(asked, "/odata/{survey}/{resource}", **wanted)
    return None if reply is None else numbers_in(reply.json()["value"])


async def by_rates(asked: Asked) -> Numbers | None:
    """Beside which stands the number without careless answers."""
    reply = await ask(asked, "/v1/surveys/{key}/rates")
    return None if reply is None else numbers_in(reply.json()["rates"]["quality"]["scores"])


async def by_sdk(asked: Asked) -> Numbers | None:
    api = asked.world.api
    secret = str(api.http.headers["authorization"]).removeprefix("Bearer ")
    wanted: dict[str, Any] = {
        {"from": "from_"}.get(name, name): value for name, value in asked.filter.items()
    }
    for name, kind in (("version", int), ("level", float)):
        if name in wanted:
            wanted[name] = kind(wanted[name])
    transport: Any = api.http._transport
    client = harken.AsyncClient("http://test", secret, transport=transport)
    found = await client.scores(asked.key, **wanted)
    return {score.question: number_of(score) for score in found}


async def command(asked: Asked) -> str | None:
    """What `harken score` prints."""
    if "standing" in asked.filter:
        return None
    api, loop, printed = asked.world.api, asyncio.get_running_loop(), io.StringIO()
    secret = str(api.http.headers["authorization"]).removeprefix("Bearer ")
    options = [
        f"--{ {'version': 'survey-version'}.get(name, name) }={value}"
        for name, value in asked.filter.items()
    ]

    def answer(_: object, request: httpx.Request) -> httpx.Response:
        """By the application, in its own thread."""
        sent = api.http.get(str(request.url), headers={"authorization": f"Bearer {secret}"})
        reply = asyncio.run_coroutine_threadsafe(sent, loop).result(30)
        return httpx.Response(reply.status_code, content=reply.content, request=request)

    def run() -> int:
        with redirect_stdout(printed):
            return main(["score", asked.key, *options])

    settings = {"HARKEN_URL": "http://test", "HARKEN_API_KEY": secret}
    with (
        patch.dict("os.environ", settings),
        patch.object(httpx.HTTPTransport, "handle_request", answer),
    ):
        assert await asyncio.to_thread(run) == 0, printed.getvalue()
    return printed.getvalue()


EXACT: Mapping[str, tuple[Read, ...]] = {
    "/v1/surveys/{key}/scores": (by_api, by_sdk),
    "/v1/surveys/{key}/scores.csv": (by_csv,),
    "/sheets/{survey}/scores.csv": (by_sheet,),
    "/odata/{survey}/{resource}": (by_odata,),
    "/v1/surveys/{key}/rates": (by_rates,),
}
"""Those that tell it to the last digit, by the route that they read."""


async def picture(asked: Asked, question: str) -> str | None:
    """The text of the picture of a score, whose interval is always of 95 %."""
    reply = await ask(asked, "/v1/surveys/{key}/chart.svg", kind="score", question=question)
    return None if reply is None else unescape(reply.text)


_PAGE = {"from", "to", "touchpoint", "channel", "version", "where", "by", "about"}


def page_query(asked: Asked, *, is_signed_in: bool) -> dict[str, str] | None:
    """How the form of the results page says it; None where it cannot."""
    chosen = without(asked.filter, "level")
    known = _PAGE | ({"segment"} if is_signed_in else set())
    several = ";plan:" in chosen.get("where", "") or ";store:" in chosen.get("where", "")
    if chosen.keys() - known or several:
        return None
    return {"days": "custom" if chosen.keys() & {"from", "to"} else "all", **chosen}


class Pages:
    """The results page behind its link, and the console's."""

    def __init__(self, world_api: Any, console: SignedIn) -> None:
        self._api, self._console = world_api, console
        self._links: dict[str, str] = {}

    async def by_link(self, asked: Asked, below: str = "") -> str | None:
        """The page, or a file below it."""
        query = page_query(asked, is_signed_in=False)
        if query is None:
            return None
        if asked.key not in self._links:
            made = await self._api.http.post(f"/v1/surveys/{asked.key}/results-link", json={})
            self._links[asked.key] = made.json()["url"]
        path, _, token = self._links[asked.key].partition("?token=")
        return await self._text(path + below, {"token": token, **query})

    async def by_console(self, asked: Asked, below: str = "") -> str | None:
        query = page_query(asked, is_signed_in=True)
        if query is None:
            return None
        reply = await self._console.get(f"/results/{asked.key}{below}", **query)
        assert reply.status_code == 200, reply.text
        return unescape(reply.text)

    async def console(self, path: str) -> str:
        """Another page of the console."""
        return unescape((await self._console.get(path)).text)

    async def _text(self, at: str, query: dict[str, str]) -> str:
        reply = await self._api.http.get(at, params=query)
        assert reply.status_code == 200, reply.text
        return unescape(reply.text)


def said(score: Any) -> str:
    """As pages and pictures say it."""
    if score.score is None:
        return "No answers yet."
    return f"{show_score(score.score, score.unit)}. {describe_interval(score)}"


def plain(scores: Mapping[str, Any]) -> dict[str, Number]:
    """Without what a surface need not say."""
    return {name: number_of(score) for name, score in scores.items()}
