"""Every address of both applications that can be read, asked in every way, of two servers at once:
which of them tell one from the other.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import httpx
import msgspec
from asked_reads import ASKED, NEEDED, WITH
from changing_calls import changing_calls
from signed_in import SignedIn
from twins import Twin

from harken_server.app import build_routes
from harken_server.http.operations import OPERATION

DRAWN = 7
"""In how many ways an address is asked before `nightly`."""
_PIECE = re.compile(r"\{(\w+)(?::\w+)?\}")
_EACH_TIME = {"x-request-id", "date"}
"""Headers that say nothing of what is replied."""
_SAV_TIME = re.compile(rb"\A(\$FL2.{88})\d\d \w{3} \d\d\d\d:\d\d:\d\d", re.DOTALL)
"""When the library wrote the file, by the clock of the machine: `01 Dec 2603:22:36`."""
_LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
_NAMED = re.compile(r'<(?:select|input)[^>]* name="([^"]+)"|[?;&]([a-z_]+)=')


class Route(NamedTuple):
    """A route that can be read."""

    path: str
    is_keyed: bool
    asks: frozenset[str]
    """Its parameters, as far as the route itself says them; a page has them in its forms."""


class Seen(NamedTuple):
    """What came of one request to both."""

    route: str
    asked: str
    status: int
    code: str
    differs: str
    """In what; empty: both replied the same."""


class Pair(NamedTuple):
    """Both servers, and somebody who is signed in at each."""

    servers: tuple[Twin, Twin]
    consoles: tuple[SignedIn, SignedIn]
    ids: tuple[Mapping[str, str], Mapping[str, str]]


def readable() -> list[Route]:
    """Every GET of every route: one that is added tomorrow is in here."""
    return [
        Route(_PIECE.sub(r"{\1}", route.path), *_taken(handler.opt.get(OPERATION)))
        for route in build_routes().routes
        for handler in getattr(route, "route_handlers", ())
        if "GET" in handler.http_methods
    ]


def _taken(operation: Any) -> tuple[bool, frozenset[str]]:
    if operation is None:
        return False, frozenset()
    fields = msgspec.structs.fields(operation.query) if operation.query else ()
    return operation.is_keyed, frozenset(field.encode_name for field in fields)


def filled(path: str, ids: Mapping[str, str]) -> list[str]:
    """The addresses of a route, a piece filled with each id of what the word before it names.

    KeyError names the route and the piece of which nothing is known.
    """
    words = path.split("/")
    return [
        "/".join(pieces)
        for pieces in itertools.product(
            *(_values(word, words[place - 1], ids, path) for place, word in enumerate(words))
        )
    ]


def _values(word: str, before: str, ids: Mapping[str, str], path: str) -> list[str]:
    found = _PIECE.search(word)
    if found is None:
        return [word]
    names = (f"{before}.{found[1]}", before, found[1])
    known = next((ids[name] for name in names if name in ids), None)
    if known is None:
        raise KeyError(f"what stands for {found[0]} in {path}? Say so in team_world")
    return [word.replace(found[0], value) for value in known.split("|")]


class Walk:
    """Reads everything of both."""

    def __init__(self, pair: Pair, *, asked: str, only: str = "") -> None:
        self._pair, self._only = pair, re.compile(only)
        self._asked = asked
        """`plainly`, or by the tier."""
        self._met: set[str] = set()
        self._found: list[tuple[str, str]] = []
        """What pages link to that lies below them, such as their pictures and files."""
        self.seen: list[Seen] = []

    async def all(self) -> list[Seen]:
        for route in readable():
            if self._only.search(route.path):
                for path in filled(route.path, self._pair.ids[0]):
                    await self._ask_all(route, path)
        while self._found:
            route, link = self._found.pop()
            if link.partition("?")[0] not in self._met:
                await self._ask(route, link, {}, is_keyed=False)
        return self.seen

    async def change_all(self) -> list[Seen]:
        """Do whatever changes something, as it is done with one of everything; then read again."""
        for call in changing_calls(self._pair.ids[0]):
            replies: list[httpx.Response] = []
            for server in self._pair.servers:
                server.dice.again(len(self.seen))
                sent = {} if call.body is None else {"json": call.body}
                replies.append(await server.http.request(call.method, call.path, **sent))
            self._note(call.name, call.path, *replies)
        return await self.all()

    async def _ask_all(self, route: Route, path: str) -> None:
        fixed = {**NEEDED.get(route.path, {}), **self._token_for(path)}
        first = await self._ask(route.path, path, fixed, is_keyed=route.is_keyed)
        if self._asked == "plainly":
            return
        known = route.asks or _asked_on(first)
        for params in ways_to_ask(known, path, is_whole=self._asked == "nightly"):
            asked = {name: each.format_map(self._pair.ids[0]) for name, each in params.items()}
            await self._ask(route.path, path, {**fixed, **asked}, is_keyed=route.is_keyed)

    def _token_for(self, path: str) -> dict[str, str]:
        token = self._pair.ids[0].get(f"{path.split('/')[1]}?token")
        return {"token": token} if token else {}

    async def _ask(
        self, route: str, path: str, params: Mapping[str, str], *, is_keyed: bool
    ) -> httpx.Response:
        one, other = [await self._get(n, path, params, is_keyed=is_keyed) for n in (0, 1)]
        self._met.add(path.partition("?")[0])
        self._note(route, str(params), one, other)
        if "html" in one.headers.get("content-type", ""):
            links = [each.replace("&amp;", "&") for each in _LINK.findall(one.text)]
            self._found += [(route, each) for each in links if each.startswith(f"{path}/")]
        return one

    def _note(self, route: str, asked: str, one: httpx.Response, other: httpx.Response) -> None:
        differs = _difference(one, other)
        self.seen.append(Seen(route, asked, one.status_code, _code_of(one), differs))

    async def _get(
        self, which: int, path: str, params: Mapping[str, str], *, is_keyed: bool
    ) -> httpx.Response:
        server = self._pair.servers[which]
        server.dice.again(len(self.seen))
        http = server.http if is_keyed else self._pair.consoles[which].http
        return await http.get(path, params=params or None)


def _code_of(reply: httpx.Response) -> str:
    is_problem = "problem+json" in reply.headers.get("content-type", "")
    return reply.json()["code"] if is_problem else ""


def _difference(one: httpx.Response, other: httpx.Response) -> str:
    if one.status_code != other.status_code:
        return f"{one.status_code} and {other.status_code}"
    heads = [{*_headers(each)} for each in (one, other)]
    bodies = [_SAV_TIME.sub(rb"\1", each.content, count=1) for each in (one, other)]
    if bodies[0] != bodies[1]:
        return _apart(*bodies)
    return str(heads[0] ^ heads[1]) if heads[0] != heads[1] else ""


def _headers(reply: httpx.Response) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in reply.headers.items() if name not in _EACH_TIME)


def _apart(one: bytes, other: bytes) -> str:
    """Where the two part."""
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return (
        f"{one[max(0, place - 30) : place + 50]!r} and {other[max(0, place - 30) : place + 50]!r}"
    )


def _asked_on(page: httpx.Response) -> frozenset[str]:
    """What a page of the console can be asked: the names in its forms and links."""
    if "html" not in page.headers.get("content-type", ""):
        return frozenset()
    return frozenset(itertools.chain.from_iterable(_NAMED.findall(page.text))) & ASKED.keys()


def ways_to_ask(known: frozenset[str], path: str, *, is_whole: bool) -> list[dict[str, str]]:
    """Each value of each parameter, and pairs; some of both, by the path, unless `is_whole`."""
    dice = random.Random(path)
    names = [name for name in ASKED if name in known]
    single = [{name: value, **WITH.get(name, {})} for name in names for value in ASKED[name]]
    pairs = [
        {one: ASKED[one][0], two: value}
        for one in names
        for two in names
        if one in {"by", "where"} and one != two
        for value in ASKED[two]
    ]
    is_slow = path.endswith(".sav")  # its writer starts a process each time
    if is_whole and not is_slow:
        return [*single, *pairs]
    drawn = [{name: dice.choice(ASKED[name]), **WITH.get(name, {})} for name in names]
    drawn += dice.sample(pairs, min(2, len(pairs)))
    most = DRAWN if is_whole or not is_slow else 1
    return dice.sample(drawn, min(most, len(drawn)))


def told(seen: Sequence[Seen]) -> set[str]:
    """Routes that tell one from the other, and how they were asked."""
    return {f"{each.route} {each.asked}: {each.differs}" for each in seen if each.differs}
