"""Filters drawn at random, the responses that they take in, and the numbers that these make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import isclose
from typing import Any, NamedTuple

import httpx
from same_world import (
    CHANNELS,
    LATE,
    PLANS,
    PULSE,
    RATINGS,
    SEGMENTS,
    STORES,
    TEAM,
    TOUCHPOINTS,
    Given,
    World,
)

from harken import scores as local
from harken._types.numbers.score import Score
from harken_server.http.operations import OPERATION

Filter = dict[str, str]


class Number(NamedTuple):
    """What stands on a surface of one question."""

    n: int
    score: float | None
    low: float | None
    high: float | None

    def is_near(self, other: Number, within: float = 1e-9) -> bool:
        """The same, but for how far a surface rounds."""
        return self.n == other.n and all(
            (one is None) == (two is None)
            and (one is None or two is None or isclose(one, two, rel_tol=1e-9, abs_tol=within))
            for one, two in zip(self[1:], other[1:], strict=True)
        )


Numbers = Mapping[str, Number]
"""By the question's key."""


class Asked(NamedTuple):
    """A survey of the world under a filter."""

    world: World
    key: str
    filter: Filter

    def also(self, **more: str) -> Asked:
        """The same with more of it; what is empty is left out."""
        found = {**self.filter, **{name.rstrip("_"): value for name, value in more.items()}}
        return self._replace(filter={name: value for name, value in found.items() if value})

    def at_95(self) -> Asked:
        """The same at the level of whatever knows no other."""
        return self._replace(filter=without(self.filter, "level"))

    @property
    def level(self) -> float:
        """Of the intervals."""
        return float(self.filter.get("level", "0.95"))


def draw_filter(world: World, key: str) -> Filter:
    """Often of two or three things at once; of what shows nobody alone without any person."""
    dice = world.dice
    first = world.first_day + timedelta(days=dice.randint(-1, 12))
    last = min(first + timedelta(days=dice.randint(0, 9)), world.today)
    members = [f"store:{dice.choice(STORES)}", f"plan:{dice.choice(PLANS)}"]
    where = ";".join(dice.sample(members, dice.choice((1, 1, 2))))
    drawn = {
        "from": str(first), "to": str(last), "touchpoint": dice.choice(TOUCHPOINTS),
        "channel": dice.choice(CHANNELS), "version": dice.choice("12"), "where": where,
        "segment": dice.choice([*SEGMENTS]),
        "repeated": dice.choice(("all", "latest", "clustered")),
        "standing": dice.choice(("excluded", "quarantined")), "level": dice.choice(("0.8", "0.99")),
    }  # fmt: skip
    rare = {"standing": 0.08, "version": 0.12, "segment": 0.2, "level": 0.25, "where": 0.25}
    chosen = {name: value for name, value in drawn.items() if dice.random() < rare.get(name, 0.3)}
    if key == TEAM:
        chosen = {name: value for name, value in chosen.items() if name in {"level", "channel"}}
    return chosen


def taken(asked: Asked) -> list[Given] | None:
    """Which responses that takes in; None where only the server knows: segments, and who waits."""
    world, key, chosen = asked.world, asked.key, asked.filter
    if "segment" in chosen or key == TEAM:
        return None
    found = [each for each in world.given[key] if _holds(world, each, chosen)]
    usual = "latest" if key == PULSE else "all"
    if chosen.get("repeated", usual) != "latest":
        return found
    latest = {(each.respondent or each.id, each.is_proved): each for each in found}
    return [*latest.values()]


def _holds(world: World, given: Given, chosen: Filter) -> bool:
    day = given.at.astimezone(world.zone).date().isoformat()
    members = [f"{name}:{member}" for name, member in given.members.items()]
    where = chosen.get("where", "").replace(";plan:", "\n\nplan:").replace(";store:", "\n\nstore:")
    return (
        chosen.get("from", day) <= day <= chosen.get("to", day)
        and given.touchpoint == chosen.get("touchpoint", given.touchpoint)
        and given.channel == chosen.get("channel", given.channel)
        and str(given.version) == chosen.get("version", str(given.version))
        and given.standing == chosen.get("standing", "counted")
        and all(each in members for each in where.split("\n\n") if each)
    )


def numbers_of(rows: Iterable[Mapping[str, Any]], asked: Asked) -> dict[str, Score]:
    """The numbers of rows with a cell for each question, without the server."""
    told = [*rows]
    level: Any = asked.level
    asks = [name for name in RATINGS if name != LATE or _asks_late(asked)]
    cells = {name: [_whole(row.get(name)) for row in told] for name in asks}
    how = {
        "recommend": lambda given: local.nps(given, level=level),
        "service": lambda given: local.csat(given, level=level),
        "ease": lambda given: local.ces(given, level=level),
        "effort": lambda given: local.ces(given, level=level, variant="1"),
        LATE: lambda given: local.rating(given, level=level),
    }
    return {name: how[name](given) for name, given in cells.items()}


def _asks_late(asked: Asked) -> bool:
    return asked.world.versions[asked.key] > 1 and asked.filter.get("version") != "1"


def _whole(cell: Any) -> int | None:
    return None if cell is None or cell == "" or cell != cell else int(cell)  # NaN is no cell


def number_of(found: Any) -> Number:
    """Of a score: a record, a row of JSON, or a line of a file."""
    if isinstance(found, Mapping):
        said = [found[name] for name in ("score", "low", "high")]
        return Number(int(found["n"]), *(None if v in {None, ""} else float(v) for v in said))
    return Number(found.n, found.score, found.low, found.high)


def numbers_in(rows: Sequence[Mapping[str, Any]]) -> Numbers:
    """Of rows that name their question."""
    return {str(row["question"]): number_of(row) for row in rows}


def known_names(world: World, path: str) -> frozenset[str]:
    """The parameters that a route declares."""
    app: Any = world.api.http._transport.app.app  # the Litestar app inside the gateway
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path_format == path and OPERATION in handler.opt:
                query = handler.opt[OPERATION].query
                return frozenset(query.__struct_encode_fields__)
    raise LookupError(path)


async def ask(asked: Asked, path: str, **more: str) -> httpx.Response | None:
    """What a route says; None where it cannot be asked so, or says that it cannot tell.

    One that knows no level has its usual one.
    """
    names = known_names(asked.world, path)
    if asked.filter.keys() - names - {"level"}:
        return None
    at = path.format(key=asked.key, survey=asked.key, resource=more.pop("resource", ""))
    chosen = {name: value for name, value in asked.filter.items() if name in names}
    reply = await asked.world.api.http.get(at, params={**chosen, **more})
    if reply.status_code in {400, 403}:
        assert reply.json()["code"] in {"bad_parameter", "small_groups"}, reply.text
        return None
    assert reply.status_code == 200, (path, asked.filter, reply.text)
    return reply


async def exported(asked: Asked) -> list[dict[str, Any]] | None:
    """The lines of the export, each with its answers; None where it may not be had so."""
    reply = await ask(asked, JSONL)
    return None if reply is None else [json.loads(line) for line in reply.text.splitlines()]


JSONL = "/v1/surveys/{key}/export.jsonl"


def without(chosen: Filter, *names: str) -> Filter:
    """The filter with less of it."""
    return {name: value for name, value in chosen.items() if name not in names}
