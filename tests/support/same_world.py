"""A small random world: several surveys answered over a change of the clocks, in every way."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api_client import Api, let_in, let_keys_in
from dimension_steps import declare, fill, survey_id_of

from harken_server.responses.store.changing import set_standing

BEGINS = datetime(2026, 10, 22, 6, 0, tzinfo=UTC)
"""The clocks of Oslo go back on 25 October."""
HOURS = 11 * 24
ZONES = ("Europe/Oslo", "America/New_York", "Asia/Kathmandu", "UTC")
TOUCHPOINTS = ("store.exit", "app.end")
CHANNELS = ("web", "chat")
STORES, PLANS = ("Oslo", "Bergen", "a;b"), ("pro", "free")
PEOPLE = ("kim", "lee", "sam")
LOCALES = ("en", "de")
VISIT, PULSE, TEAM = SURVEYS = ("visit", "pulse", "team")
"""Answered by anybody, asked by a programme again and again, and shown in small groups never."""
SEGMENTS = {
    "of_web": [{"of": "channel", "op": "equals", "value": "web"}],
    "happy": [{"of": "band", "name": "recommend", "op": "equals", "value": "promoters"}],
    "german": [{"of": "locale", "op": "equals", "value": "de"}],
}
JOURNEY = {
    "key": "shop", "title": "The shop",
    "stages": [
        {"key": "buy", "title": "Buy", "touchpoints": [{"key": "store.exit", "survey": VISIT}]},
        {"key": "use", "title": "Use", "touchpoints": [{"key": "app.end", "survey": PULSE}]},
    ],
}  # fmt: skip
RATINGS = {
    "recommend": (0, 10),
    "service": (1, 5),
    "ease": (1, 7),
    "effort": (1, 5),
    "stars": (1, 5),
}
LATE = "stars"
"""Asked from the second version on, of those alone who would recommend."""


def survey_of(key: str) -> dict[str, Any]:
    """As it is first."""
    return {
        "key": key,
        "title": key.title(),
        "locales": list(LOCALES),
        "questions": [
            {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
            {"type": "csat", "key": "service", "text": "How was it?"},
            {"type": "ces", "key": "ease", "text": "How easy was it?"},
            {"type": "ces", "key": "effort", "text": "How hard was it?", "variant": "1"},
        ],
    }


def later(survey: dict[str, Any]) -> dict[str, Any]:
    """With one question more."""
    asked_if = {"op": "at_least", "answer": "recommend", "value": 7}
    stars = {"type": "rating", "key": LATE, "text": "How many stars?", "show_if": asked_if}
    return {**survey, "questions": [*survey["questions"], stars]}


@dataclass(frozen=True, kw_only=True)
class Given:
    """A response as it was sent."""

    id: UUID
    at: datetime
    touchpoint: str
    channel: str
    version: int
    locale: str
    members: dict[str, str]
    respondent: str | None
    is_proved: bool
    standing: str = "counted"


@dataclass
class World:
    """All that was sent."""

    api: Api
    dice: random.Random
    zone: ZoneInfo
    given: dict[str, list[Given]] = field(default_factory=dict[str, list[Given]])
    versions: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def first_day(self) -> date:
        """In the workspace's zone."""
        return BEGINS.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        """The same."""
        return self.api.clock.now.astimezone(self.zone).date()


async def make_world(api: Api, seed: int, *, answers: int) -> World:
    """So many answers to each survey, of some people again and again."""
    dice = random.Random(seed)
    let_in(api.runtime, 1_000_000)
    let_keys_in(api.runtime, 1_000_000)
    world = World(api, dice, ZoneInfo(dice.choice(ZONES)))
    api.clock.now = BEGINS
    await _set_up(world)
    at = sorted(dice.uniform(0, HOURS * 60) for _ in range(answers))
    public = await api.key("public")
    for number, minutes in enumerate(at):
        api.clock.move(minutes=minutes - (at[number - 1] if number else 0))
        for key in SURVEYS:
            if number == answers // 2 and key != TEAM:
                world.versions[key] = 2
                assert (await api.push(later(survey_of(key)))).is_success
            await _answer(world, key, public)
    api.clock.move(hours=30)
    await fill(api)
    return world


async def _set_up(world: World) -> None:
    api = world.api
    zone = await api.http.put("/v1/timezone", json={"timezone": world.zone.key})
    assert zone.is_success, zone.text
    await declare(api, {"name": "store"}, {"name": "plan"})
    for key in SURVEYS:
        own = {"anonymous": True, "minimum_group": 5} if key == TEAM else {}
        assert (await api.push(survey_of(key) | own)).is_success
        world.given[key], world.versions[key] = [], 1
    for key, conditions in SEGMENTS.items():
        body = {"title": key, "conditions": conditions}
        assert (await api.http.put(f"/v1/segments/{key}", json=body)).is_success
    programme = {
        "survey": PULSE, "touchpoint": "relation", "every": "month", "channel": "api",
        "starts_on": "2026-10-01", "timezone": "UTC",
    }  # fmt: skip
    assert (await api.http.put("/v1/programmes/monthly", json=programme)).is_success
    assert (await api.http.post("/v1/journeys", json=JOURNEY)).is_success


async def _answer(world: World, key: str, public: str) -> None:
    api, dice = world.api, world.dice
    answers = {
        name: dice.randint(*scale)
        for name, scale in RATINGS.items()
        if dice.random() < 0.8 and (name != LATE or world.versions[key] > 1)
    } or {"recommend": 10}
    is_proved = dice.random() < 0.8
    members = {"store": dice.choice((*STORES, "")), "plan": dice.choice((*PLANS, ""))}
    given = Given(
        id=UUID(int=dice.getrandbits(128), version=4), at=api.clock.now,
        touchpoint=dice.choice((*TOUCHPOINTS, "")), channel=dice.choice(CHANNELS),
        version=world.versions[key], locale=dice.choice(LOCALES),
        members={name: member for name, member in members.items() if member},
        respondent=None if key == TEAM else dice.choice((*PEOPLE, None)), is_proved=is_proved,
    )  # fmt: skip
    body = {
        "id": str(given.id), "survey": key, "answers": answers, "channel": given.channel,
        "touchpoint": given.touchpoint or None, "locale": given.locale,
        "respondent": given.respondent, "context": given.members,
    }  # fmt: skip
    body = {name: value for name, value in body.items() if value is not None}
    headers = {} if is_proved else {"authorization": f"Bearer {public}"}
    sent = await api.http.post("/v1/public/responses", json=body, headers=headers)
    assert sent.is_success, sent.text
    world.given[key].append(await _set_aside(world, key, given))


async def _set_aside(world: World, key: str, given: Given) -> Given:
    """Some of them."""
    if key == TEAM or world.dice.random() < 0.85:
        return given
    standing = world.dice.choice(("excluded", "quarantined"))
    place = world.api.runtime.db, world.api.runtime.home, await survey_id_of(world.api, key)
    assert await set_standing(*place, given.id, standing)
    return Given(**{**given.__dict__, "standing": standing})
