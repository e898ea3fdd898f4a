"""Fills a workspace with sample surveys and a few hundred sample responses of the last weeks.

Everything goes the ordinary way in, with the clock set back, and carries `is_sample`. In one of the
weeks parcels were held up by a strike and an oven was broken, as its scores and comments tell.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from harken_server.http.runtime import Runtime
from harken_server.kernel.clock import Clock
from harken_server.kernel.ids import uuid7
from harken_server.responses.asked import collection_of
from harken_server.responses.known import Way
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response
from harken_server.sample.answers import Talk, Visit, answer_meal, answer_order, answer_ticket
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.gallery import TEMPLATES
from harken_server.surveys.publish import push_survey
from harken_server.surveys.store import surveys
from harken_server.surveys.survey import Survey
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.store.dimensions import declare_dimensions
from harken_server.workspaces.store.workspaces import rename_workspace
from harken_server.workspaces.workspace import Dimension, Workspace

SPAN_DAYS = 77
BAD_WEEK = 4
"""How many weeks ago it was: the days from Monday to Sunday."""
SPOILT_SHARE, SPOILT = 0.75, 0.35
"""How many felt it, and by how much it made their experience worse."""
PARTIAL_SHARE = 0.06
TOGETHER = 64
"""How many responses are submitted at once."""
STORE = Dimension("store", "context", "store")
_AGENTS = ("Ingrid", "Amir", "Jonas", "Lea")
UNKNOWN = frozenset({"receipt", "kiosk"})
"""Channels on which nobody says who answers."""
BRAND = "Fjell & Fjord"
STORES = {
    "Oslo, Storgata 3": ("nb", "nb", "en"),
    "Oslo, Grünerløkka": ("nb", "en"),
    "Bergen, Bryggen": ("nb", "en", "en"),
    "Berlin, Mitte": ("de", "de", "de", "en"),
}
"""Languages of each store's customers, the usual ones more often."""
CUSTOMERS = 170
_NAMES = (
    "Ada", "Amir", "Anneke", "Bjørn", "Clara", "Deniz", "Emil", "Fatima", "Greta", "Henrik",
    "Ines", "Jonas", "Kari", "Leila", "Mats", "Nora", "Omar", "Paul", "Ruth", "Sofie",
)  # fmt: skip


class Sample(NamedTuple):
    """What is made of one survey."""

    size: int
    channels: tuple[str, ...]
    answer: Callable[[Visit, random.Random, Talk], dict[str, Any]]
    spoilt_stores: tuple[str, ...]
    """Where the bad week was bad."""


SAMPLES = {
    "post_purchase": Sample(260, ("email", "email", "web", "widget"), answer_order, (*STORES,)),
    "restaurant_receipt": Sample(
        170, ("receipt", "receipt", "receipt", "kiosk"), answer_meal, ("Oslo, Storgata 3",)
    ),
    "support_ticket": Sample(90, ("email", "email", "web", "sms"), answer_ticket, (*STORES,)),
}
DEMO_SURVEYS = tuple(SAMPLES)


async def fill_workspace(runtime: Runtime) -> int:
    """Push the sample surveys, and fill those that are new. Gives how many responses were added."""
    added = 0
    workspace = await _named_workspace(runtime)
    for key, sample in SAMPLES.items():
        if await surveys.get_survey(runtime.db, runtime.home, key) is not None:
            continue
        if not workspace.dimensions:
            await declare_dimensions(
                runtime.db, runtime.home, [STORE], task=runtime.new_id(), now=runtime.clock()
            )
        survey = sample_survey(key)
        await push_survey(runtime.db, workspace, survey, now=runtime.clock(), new_id=runtime.new_id)
        runtime.of(Catalog).forget()
        added += await _fill_survey(runtime, survey, sample)
    return added


async def _named_workspace(runtime: Runtime) -> Workspace:
    """The workspace, under the brand of the sample where nobody gave it a name."""
    catalog = runtime.of(WorkspaceCatalog)
    workspace = await catalog.get(runtime.home)
    if not workspace.name:
        await rename_workspace(runtime.db, runtime.home, BRAND)
        catalog.forget()
        workspace = await catalog.get(runtime.home)
    return workspace


def sample_survey(key: str) -> Survey:
    """The template, under the brand of the sample."""
    survey = decode_survey((TEMPLATES / f"{key}.survey.yaml").read_bytes(), "yaml")
    presentation = msgspec.structs.replace(survey.presentation, brand=BRAND)
    return msgspec.structs.replace(survey, presentation=presentation)


class _Moment(NamedTuple):
    """When, by whom and how one response was given."""

    at: datetime
    customer: Customer
    channel: str
    is_complete: bool


def make_submissions(
    survey: Survey, sample: Sample, now: datetime
) -> Iterator[tuple[datetime, Submission]]:
    """The latest first, so that they are the ones with the most to say."""
    dice = random.Random(f"harken demo {survey.key}")  # noqa: S311  (sample data, not secrets)
    talk = Talk(dice)
    people = make_customers()
    weights = [one.visits for one in people]
    for at in sorted((_random_time(dice, now) for _ in range(sample.size)), reverse=True):
        (customer,) = dice.choices(people, weights)
        channel = dice.choice(sample.channels)
        is_complete = channel == "kiosk" or dice.random() > PARTIAL_SHARE
        one = _Moment(at, customer, channel, is_complete)
        visit = _make_visit(one, survey, sample, dice, now)
        answers = sample.answer(visit, dice, talk)
        if visit.is_brief:
            answers = dict(list(answers.items())[:1])
        yield at, _make_submission(one, survey, visit.locale, answers, dice)


def is_bad_week(at: datetime, now: datetime) -> bool:
    """Whether it was in the week in which parcels and an oven failed."""
    monday = now.date() - timedelta(days=now.weekday(), weeks=BAD_WEEK)
    return monday <= at.date() < monday + timedelta(days=7)


class Customer(NamedTuple):
    """A person as the shop knows them."""

    id: str
    name: str
    store: str
    locale: str
    temper: float
    """How much better or worse than others everything seems to them."""
    visits: int
    """How often they come, beside others: some once, some again and again."""


def make_customers() -> list[Customer]:
    """The same ones each time."""
    dice = random.Random("harken demo customers")  # noqa: S311  (sample data, not secrets)
    return [_make_customer(number, dice) for number in range(1, CUSTOMERS + 1)]


async def _fill_survey(runtime: Runtime, survey: Survey, sample: Sample) -> int:
    waiting = [
        _submit(runtime, at, submission)
        for at, submission in reversed([*make_submissions(survey, sample, runtime.clock())])
    ]
    for start in range(0, len(waiting), TOGETHER):
        await asyncio.gather(*waiting[start : start + TOGETHER])
    return len(waiting)


async def _submit(runtime: Runtime, at: datetime, submission: Submission) -> None:
    room = msgspec.structs.replace(collection_of(runtime), clock=_stopped_clock(at))
    await submit_response(room, submission, Way(channel="web", is_sample=True, is_trusted=True))


def _make_visit(
    one: _Moment, survey: Survey, sample: Sample, dice: random.Random, now: datetime
) -> Visit:
    customer = one.customer
    is_there = is_bad_week(one.at, now) and customer.store in sample.spoilt_stores
    is_spoilt = is_there and dice.random() < SPOILT_SHARE
    age = (now - one.at) / timedelta(days=SPAN_DAYS)
    offered = {survey.locale, *survey.locales}
    is_brief = one.channel == "kiosk" or not one.is_complete
    return Visit(
        felt=dice.gauss(0.89 - 0.1 * age, 0.16) + customer.temper - SPOILT * is_spoilt,
        locale=customer.locale if customer.locale in offered else _other_locale(dice, offered),
        is_spoilt=is_spoilt,
        is_brief=is_brief,
    )


def _make_submission(
    one: _Moment, survey: Survey, locale: str, answers: dict[str, Any], dice: random.Random
) -> Submission:
    customer, is_known = one.customer, one.channel not in UNKNOWN
    known = {"store": customer.store, "agent": dice.choice(_AGENTS), "company": BRAND}
    if is_known:
        known["name"] = customer.name
    return Submission(
        id=uuid7(one.at, dice.randbytes(10)),
        survey=survey.key,
        answers=answers,
        complete=one.is_complete,
        locale=locale,
        channel=one.channel,
        touchpoint="store.exit" if one.channel == "kiosk" else survey.touchpoints[0],
        respondent=customer.id if is_known else None,
        context={name: value for name, value in known.items() if name in survey.context},
        started_at=one.at - timedelta(seconds=dice.randint(6, 95)),
    )


def _other_locale(dice: random.Random, offered: set[str]) -> str:
    """Of a guest whose own language the survey does not speak."""
    return dice.choice(("en", "en", "ar")) if "ar" in offered else "en"


def _stopped_clock(at: datetime) -> Clock:
    return lambda: at


def _random_time(dice: random.Random, now: datetime) -> datetime:
    """Some moment of the span, mostly by day and rather lately than long ago."""
    days = SPAN_DAYS * (1 - dice.random() ** 0.8)
    at = now - timedelta(days=days)
    at = at.replace(
        hour=min(22, max(7, round(dice.gauss(14, 3.5)))),
        minute=dice.randrange(60),
        second=dice.randrange(60),
        microsecond=dice.randrange(1000) * 1000,
    )
    return min(at, now - timedelta(minutes=dice.randint(2, 90)))


def _make_customer(number: int, dice: random.Random) -> Customer:
    store = dice.choice(list(STORES))
    return Customer(
        id=f"customer-{number:04}",
        name=dice.choice(_NAMES),
        store=store,
        locale=dice.choice(STORES[store]),
        temper=dice.gauss(0, 0.1),
        visits=dice.choice((1, 1, 1, 2, 5)),
    )
