"""Every way to read something of a survey, as the application has it, asked in every way."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from api_client import Api
from console_routes import console_routes
from signed_in import SignedIn

from harken_server.http.operations import OPERATION

ASKED: dict[str, tuple[str, ...]] = {
    "where": ("store:Oslo", "store:Bergen"),
    "standing": ("waiting", "excluded", "quarantined"),
    "by": ("store", "touchpoint", "channel", "version", "stage"),
    "compare": ("previous", "store:Bergen", "2026-11-01..2026-11-20", "channel:email"),
    "from": ("2026-11-21",),
    "to": ("2026-11-20",),
    "days": ("7", "all"),
    "store": ("Bergen",),
    "touchpoint": ("desk",),
    "channel": ("email",),
    "period": ("day",),
    "question": ("recommend",),
    "rows": ("store", "weekday"),
    "columns": ("channel", "hour"),
    "tz": ("Asia/Kathmandu",),
    "kind": ("breakdown", "trend", "distribution"),
    "repeated": ("latest", "clustered"),
    "q": ("Bergen",),
    "latest": ("2",),
    "weight": ("asked",),
}
"""Values of the parameters that narrow or divide; a route takes what it knows of them."""
ALONE = {"rows", "columns", "tz", "kind", "repeated", "q", "latest", "weight"}
"""Of these, what is not tried together with others."""


class Reads:
    """Reads all of one survey, and gives the replies by what was asked, without its key."""

    def __init__(self, api: Api, console: SignedIn, key: str, *, asked: str) -> None:
        self._api, self._console, self._key = api, console, key
        self._asked = asked
        """`plainly`, or by the tier."""

    async def all(self) -> dict[str, str]:
        replies: dict[str, str] = {}
        for path, query in keyed_reads(self._api):
            ways = ways_to_ask(query, is_whole=self._asked == "nightly")
            for params in ways[:1] if self._asked == "plainly" else ways:
                reply = await self._api.http.get(path.format(key=self._key), params=params)
                assert reply.status_code != 429, reply.text
                replies[f"{path} {params}"] = self._plain(reply.text)
        for path in console_reads():
            for params in [{}, {"store": "Bergen", "days": "all"}][: 1 + ("results" in path)]:
                reply = await self._console.get(path.format(key=self._key), **params)
                replies[f"console{path} {params}"] = self._plain(reply.text)
        for name in ("results-link", "export-link"):
            made = await self._api.http.post(f"/v1/surveys/{self._key}/{name}", json={})
            reply = await self._api.http.get(made.json()["url"])
            assert reply.status_code == 200, reply.text
            replies[name] = self._plain(reply.text)
        return replies

    def _plain(self, text: str) -> str:
        """Without ids and secrets, in an order of its lines that says nothing."""
        text = _MADE.sub("", text.replace(self._key, "KEY"))
        lines = re.sub(r"(?<=[\[,])(?={)|(?<=})(?=\])", "\n", text).splitlines()
        return "\n".join(sorted(line.rstrip(",") for line in lines))


_MADE = re.compile(
    r'src="data:image/svg[^"]*"|name="csrf" value="[^"]*"|token(=|" value=")[^"&]*|'
    r'[0-9a-f]{8}-[0-9a-f-]{27}|"(cursor|older)":"[^"]*"'
)


def keyed_reads(api: Api) -> list[tuple[str, frozenset[str]]]:
    """Address and parameters of every keyed GET about a survey."""
    app: Any = api.http._transport.app.app  # the Litestar app inside the gateway
    return [
        (route.path_format, _names(handler.opt[OPERATION].query))
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if OPERATION in getattr(handler, "opt", {})
        and handler.opt[OPERATION].is_keyed
        and "GET" in handler.http_methods
        and re.fullmatch(r"[^{]*/surveys/\{key\}[^{]*", route.path_format)
    ]


def console_reads() -> list[str]:
    """Every page of the console that is about a survey, and the files of its results."""
    found = [route.path.replace("{survey:str}", "{key}") for route in console_routes("GET")]
    files = [f"/results/{{key}}/{each}.csv" for each in ("scores", "comments", "ratings", "trend")]
    return [path for path in found if re.fullmatch(r"[^{]*\{key\}[^{]*", path)] + files


def ways_to_ask(known: frozenset[str], *, is_whole: bool) -> list[dict[str, str]]:
    """Nothing, each value of each parameter, and with the whole the first ones with a group or a
    member."""
    single = [{name: value} for name in ASKED if name in known for value in ASKED[name]]
    firsts = [(name, values[0]) for name, values in ASKED.items() if name in known]
    pairs = [
        dict([one, two])
        for one in firsts
        for two in firsts
        if one[0] in {"by", "where"} and one != two and two[0] not in ALONE
    ]
    return [{}, *single, *(pairs if is_whole else ())]


def plain(text: str) -> str:
    """The reply without what differs each time, in an order of its lines that says nothing."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", text)
    return "\n".join(sorted(text.splitlines()))


def _names(query: Any) -> frozenset[str]:
    if query is None:
        return frozenset()
    return frozenset(field.encode_name for field in msgspec.structs.fields(query))
