"""A simulation of everything that opens the links of a message: mail filters, and people.

Each visitor is an async generator that yields for how many seconds it waits; `play` runs many of
them on one timeline, moves the clock, and has the worker judge what is due in between.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import NamedTuple, TypeAlias

import httpx
from mail_visitors import Inbox

RATINGS = range(11)
SCRIPT_TIME_S = 6.0
Visitor: TypeAlias = AsyncIterator[float]
Scanner: TypeAlias = Callable[[Inbox, str, Random], Visitor]


async def play(inbox: Inbox, visitors: Iterable[tuple[datetime, Visitor]]) -> None:
    """Let everybody visit at their time, and judge what is due until nothing is left."""
    order = count()
    timeline = [(at, next(order), visitor) for at, visitor in visitors]
    heapq.heapify(timeline)
    while timeline:
        at, _, visitor = heapq.heappop(timeline)
        inbox.clock.now = max(inbox.clock.now, at)
        await inbox.settle_due()
        wait_s = await anext(visitor, None)
        if wait_s is not None:
            heapq.heappush(timeline, (at + timedelta(seconds=wait_s), next(order), visitor))
    await inbox.settle(seconds=60)


async def heads(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Asks for the headers of all links."""
    for rating in RATINGS:
        await inbox.open(code, rating, method="HEAD")
        yield random.uniform(0, 0.3)


async def gets(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Fetches all links, one after the other."""
    for rating in RATINGS:
        await inbox.open(code, rating)
        yield random.uniform(0, 2)


async def gets_at_once(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Fetches all links in any order, at the same time."""
    ratings = random.sample(RATINGS, 11)
    await asyncio.gather(*(inbox.open(code, rating) for rating in ratings))
    yield 0


async def runs_scripts(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Opens each link in a browser for six seconds; the page's script reports that."""
    for rating in random.sample(RATINGS, 11):
        await inbox.open(code, rating)
        yield 5
        await inbox.api.http.post(f"/e/{code}/seen?a={rating}")
        yield SCRIPT_TIME_S - 5


async def sends_forms(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Sends the form of every link."""
    for rating in random.sample(RATINGS, 11):
        page = await inbox.open(code, rating)
        yield random.uniform(0, 1.5)
        await inbox.send(code, page)
        yield random.uniform(0, 1.5)


async def sends_forms_at_once(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Opens every link at the same time, and sends all forms some time later."""
    pages = await asyncio.gather(*(inbox.open(code, rating) for rating in RATINGS))
    yield random.uniform(2, 40)
    await asyncio.gather(*(inbox.send(code, page) for page in pages))


async def runs_scripts_and_sends_forms(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Opens each link in a browser for six seconds, sends its form, and the forms that follow."""
    for rating in random.sample(RATINGS, 11):
        page = await inbox.open(code, rating)
        yield 5
        await inbox.api.http.post(f"/e/{code}/seen?a={rating}")
        yield SCRIPT_TIME_S - 5
        reply = await inbox.send(code, page)
        if reply.status_code == httpx.codes.SEE_OTHER:
            await inbox.api.http.get(f"/e/{code}{reply.headers['location']}")


async def sends_one_form(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Follows one link and sends its form at once."""
    page = await inbox.open(code, random.choice(RATINGS))
    yield random.uniform(0, 0.9)
    await inbox.send(code, page)


async def fetches_ahead(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Fetches a link ahead as a browser does, then opens it and sends its form."""
    rating = random.choice(RATINGS)
    header = random.choice(["sec-purpose", "purpose", "x-purpose", "x-moz"])
    said = "preview" if header == "x-purpose" else "prefetch"
    await inbox.open(code, rating, headers={header: said})
    yield random.uniform(0, 3)
    page = await inbox.open(code, rating)
    yield random.uniform(1.5, 6)
    await inbox.send(code, page)


async def follows_the_trap(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Follows a link that people do not see, and sends the form of one that they do."""
    await inbox.api.http.get(f"/e/{code}/x", follow_redirects=random.random() < 0.5)
    yield random.uniform(0, 8)
    page = await inbox.open(code, random.choice(RATINGS))
    yield random.uniform(1.5, 9)
    await inbox.send(code, page)


async def looks_before_it_sends(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Asks for the headers of one link, opens it, waits, and sends its form."""
    rating = random.choice(RATINGS)
    await inbox.open(code, rating, method="HEAD")
    yield random.uniform(0, 5)
    page = await inbox.open(code, rating)
    yield random.uniform(1.5, 30)
    await inbox.send(code, page)


async def sends_blindly(inbox: Inbox, code: str, random: Random) -> Visitor:
    """Sends a form without ever opening its page."""
    await inbox.confirm(code, random.choice(RATINGS))
    yield 0


SCANNERS: tuple[Scanner, ...] = (
    heads,
    gets,
    gets_at_once,
    runs_scripts,
    sends_forms,
    sends_forms_at_once,
    runs_scripts_and_sends_forms,
    sends_one_form,
    fetches_ahead,
    follows_the_trap,
    looks_before_it_sends,
    sends_blindly,
)


class Person(NamedTuple):
    """A reader of a message, and the rating that they mean in the end."""

    code: str
    arrives_at: datetime
    first: int
    last: int
    thinks_s: float
    changes: str
    """How they change their mind: not at all, by another link, or on the page."""


def make_person(code: str, delivered_at: datetime, random: Random) -> Person:
    """Somebody who opens the message within the day, thinks for 1.5 to 60 s and confirms."""
    first, last = random.choice(RATINGS), random.choice(RATINGS)
    changes = random.choices(["never", "link", "page", "later"], [80, 8, 8, 4])[0]
    return Person(
        code=code,
        arrives_at=delivered_at + timedelta(minutes=random.uniform(3, 24 * 60)),
        first=first,
        last=first if changes == "never" else last,
        thinks_s=min(60.0, max(1.5, random.lognormvariate(1.7, 1.0))),
        changes=changes,
    )


async def reads(inbox: Inbox, person: Person) -> Visitor:
    """Opens a link, thinks, confirms; perhaps presses another number 15 s or an hour later."""
    page = await inbox.open(person.code, person.first)
    yield person.thinks_s
    if person.changes == "page":
        await inbox.send(person.code, page, a_recommend=str(person.last))
        return
    await inbox.send(person.code, page)
    if person.changes == "never":
        return
    yield 15 if person.changes == "link" else 3600
    page = await inbox.open(person.code, person.last)
    yield person.thinks_s
    await inbox.send(person.code, page)
