"""The console of a real server: a workspace with one of everything, and an empty one."""

from __future__ import annotations

from typing import NamedTuple

from live_server import LiveServer
from named_things import PLAIN, Named
from playwright.async_api import BrowserContext
from signed_in import SignedIn

from harken_server.http.runtime import Runtime


class House(NamedTuple):
    """A workspace of it, and its owner's session."""

    url: str
    slug: str
    cookie: str
    secret: str
    ids: dict[str, str]

    async def enter(self, context: BrowserContext) -> None:
        """Sign its owner in."""
        await context.add_cookies([{"name": self.cookie, "value": self.secret, "url": self.url}])


def house_of(live: LiveServer, *, is_empty: bool = False, text: str = PLAIN) -> House:
    """A workspace with one of everything, each named so, or with nothing, and its owner."""

    async def make(runtime: Runtime) -> tuple[Named, SignedIn]:
        named = Named(runtime, text)
        return named, await named.make(is_empty=is_empty)

    named, owner = live.run_inside(make)
    ((cookie, secret),) = owner.http.cookies.items()
    return House(live.url, named.slug, cookie, secret, named.ids)
