"""The console of a real server: a workspace with one of everything, and an empty one."""

from __future__ import annotations

from typing import NamedTuple

from api_client import Api
from live_server import LiveServer
from named_things import PLAIN, Named
from signed_in import SignedIn

from harken_server.http.runtime import Runtime


class House(NamedTuple):
    """A workspace of it, and its owner's session."""

    url: str
    slug: str
    cookie: str
    secret: str
    ids: dict[str, str]

    def cookies(self) -> list[dict[str, str]]:
        """For the browser."""
        return [{"name": self.cookie, "value": self.secret, "url": self.url}]


def house_of(live: LiveServer, *, is_empty: bool = False, text: str = PLAIN) -> House:
    """A workspace with one of everything, each named so, or with nothing, and its owner."""

    async def make(runtime: Runtime) -> tuple[Named, SignedIn]:
        named = Named(Api(runtime, None, runtime.clock), text)  # type: ignore[arg-type]
        return named, await named.make(is_empty=is_empty)

    named, owner = live.run_inside(make)
    ((cookie, secret),) = owner.http.cookies.items()
    return House(live.url, named.slug, cookie, secret, named.ids)
