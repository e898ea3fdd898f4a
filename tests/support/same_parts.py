"""Laws of what divides a number: groups, periods, comparisons, touchpoints of a journey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from same_numbers import Asked, Number, ask, exported, number_of, numbers_in, without
from same_surfaces import ROUNDED, Pages, by_api, lines_of
from same_world import JOURNEY, SURVEYS, TOUCHPOINTS, ZONES, World

Groups = Mapping[tuple[str, str], Number]
"""By group and question; without those in which nobody answered."""
WHOLE = ("touchpoint", "channel", "version", "locale")
"""Every response has one of these, if only none."""
SCORES = "/v1/surveys/{key}/scores"


def groups_in(rows: Sequence[Mapping[str, Any]], name: str = "group") -> Groups:
    """Of rows that name their group; files say `(none)` of those that have none, and those for
    spreadsheets begin with a `'` what could be taken for a day or a sum.
    """
    found = {
        (str(row[name]).replace("(none)", "").removeprefix("'"), str(row["question"])): number_of(
            row
        )
        for row in rows
    }
    return {place: number for place, number in found.items() if number.n}


def agree(one: Groups, other: Groups, within: float = 1e-9) -> None:
    assert one.keys() == other.keys(), one.keys() ^ other.keys()
    for place, number in one.items():
        assert number.is_near(other[place], within), (place, number, other[place])


async def breakdown_agrees(asked: Asked, by: str, pages: Pages) -> None:
    """Groups are the whole, are the same everywhere, and each is what its filter shows."""
    reply = await ask(asked, SCORES, by=by)
    if reply is None:
        return
    body = reply.json()
    groups = groups_in([
        {**score, "group": each["group"]} for each in body["groups"] for score in each["scores"]
    ])  # fmt: skip
    if by in WHOLE:
        adds_up(groups, {score["question"]: number_of(score) for score in body["scores"]})
    await _groups_everywhere(asked, by, groups, pages)
    is_latest = body["filter"].get("repeated") == "latest"
    if not is_latest and by not in asked.filter and by != "locale":
        await _each_is_its_filter(asked, by, groups)


def adds_up(groups: Groups, whole: Mapping[str, Number]) -> None:
    """As many answers, and the same mean of all of them."""
    for question, number in whole.items():
        parts = [found for (_, about), found in groups.items() if about == question]
        assert sum(part.n for part in parts) == number.n, question
        if number.score is not None:
            mean = sum(part.n * (part.score or 0) for part in parts) / number.n
            assert abs(mean - number.score) < 1e-9, question


async def _each_is_its_filter(asked: Asked, by: str, groups: Groups) -> None:
    is_member = by not in WHOLE
    if is_member and "where" in asked.filter:
        return
    names = sorted({group for group, _ in groups if group})
    for name in names[:2]:
        chosen = {"where": f"{by}:{name}"} if is_member else {by: name}
        alone = await by_api(asked.also(**chosen))
        assert alone is not None
        for question, number in alone.items():
            if number.n and (by != "version" or (name, question) in groups):
                assert number.is_near(groups[name, question]), (by, name, question)


async def _groups_everywhere(asked: Asked, by: str, groups: Groups, pages: Pages) -> None:
    for path, more in (
        ("/v1/surveys/{key}/scores.csv", {}), ("/sheets/{survey}/scores.csv", {}),
    ):  # fmt: skip
        file = await ask(asked, path, by=by, **more)
        if file is not None:
            lines = [line for line in lines_of(file.text) if line["group"] or "beside" not in line]
            agree(groups_in(lines), groups)
    question = next(iter(groups), ("", "recommend"))[1]
    own = {place: number for place, number in groups.items() if place[1] == question}
    await _leaderboard(asked, by, question, own)
    await _heat_map(asked, by, question, own)
    if "level" not in asked.filter:
        await _odata_and_page(asked, by, question, groups, pages)


async def _leaderboard(asked: Asked, by: str, question: str, own: Groups) -> None:
    reply = await ask(asked, "/v1/surveys/{key}/leaderboard", by=by, question=question)
    if reply is not None:
        body = reply.json()
        rows = [{**each, "question": question} for each in body["ranked"] + body["not_enough"]]
        agree(groups_in(rows), own)


async def _heat_map(asked: Asked, by: str, question: str, own: Groups) -> None:
    columns = "locale" if by != "locale" else "channel"
    more = {"rows": by, "columns": columns, "question": question}
    reply = await ask(asked, "/v1/surveys/{key}/heat-map", **more)
    if reply is None or by == "wave":  # of the latest each wave has its own
        return
    (drawn,) = reply.json()["maps"]
    rows = groups_in([{**each, "question": question} for each in drawn["rows"]])
    named = {place: number for place, number in rows.items() if place[0] or by in WHOLE}
    agree(named, own)
    assert sum(each["n"] for each in drawn["cells"]) == sum(each.n for each in rows.values())
    file = await ask(asked, "/v1/surveys/{key}/heat-map.csv", **more)
    assert file is not None
    lines = [line for line in lines_of(file.text) if line["column"] == "(all)" != line["row"]]
    agree(groups_in([{**each, "group": each["row"].replace("(none)", "")} for each in lines]), rows)


async def _odata_and_page(
    asked: Asked, by: str, question: str, groups: Groups, pages: Pages
) -> None:
    wanted = {"resource": "Scores", "$filter": f"by eq '{by}'"}
    reply = await ask(asked, "/odata/{survey}/{resource}", **wanted)
    if reply is not None and reply.json()["value"]:
        agree(groups_in(reply.json()["value"]), groups)
    if by == "locale" or by in asked.filter or (by == "store" and "where" in asked.filter):
        return
    for read in (pages.by_link, pages.by_console):
        file = await read(asked.also(by=by, about=question), "/breakdown.csv")
        if file is not None and file.lstrip("\ufeff").startswith(by):
            own = {place: number for place, number in groups.items() if place[1] == question}
            agree(groups_in(lines_of(file), by), own, ROUNDED)


async def comparison_agrees(asked: Asked) -> None:
    """What is compared with is what its filter shows."""
    dice = asked.world.dice
    name, value = dice.choice((("channel", "web"), ("touchpoint", TOUCHPOINTS[0])))
    reply = await ask(asked, SCORES, compare=f"{name}:{value}")
    if reply is None:
        return
    found = numbers_in(reply.json()["compared"]["scores"])
    alone = await by_api(asked.also(**{name: value}))
    assert alone is not None
    for question, number in found.items():
        assert number.is_near(alone[question]), question


async def trends_agree(asked: Asked) -> None:
    """Points add up to the number of all answers; they are the same everywhere."""
    every = asked if "repeated" in asked.filter else asked.also(repeated="all")
    if "clustered" in every.filter.values() or (whole := await by_api(every)) is None:
        return
    period = asked.world.dice.choice(("day", "week", "month"))
    reply = await ask(asked, "/v1/surveys/{key}/trends", period=period)
    assert reply is not None
    points = [
        {**point, "question": each["question"]}
        for each in reply.json()["trends"] for point in each["points"]
    ]  # fmt: skip
    groups = groups_in(points, "period")
    adds_up(groups, whole)
    for path, more in (
        ("/v1/surveys/{key}/trends.csv", {"period": period}),
        ("/sheets/{survey}/scores.csv", {"by": period}),
    ):
        file = await ask(asked, path, **more)
        if file is not None:
            agree(groups_in(lines_of(file.text), "period"), groups)
    table = {"resource": "Trends", "$filter": f"length eq '{period}'"}
    told = await ask(asked, "/odata/{survey}/{resource}", **table)
    if told is not None and "level" not in asked.filter:
        agree(groups_in(told.json()["value"], "period"), groups)
    answered = [point for point in points if point["n"]]
    if answered and every.filter["repeated"] == "all":
        point = asked.world.dice.choice(answered)
        alone = await by_api(every.also(from_=point["first_day"], to=point["last_day"]))
        assert alone is not None
        assert number_of(point).is_near(alone[point["question"]]), point


async def zones_agree(asked: Asked) -> None:
    """By another clock a day has what the export says was answered on it, and so have its hours."""
    if not {"from", "to"} <= asked.filter.keys() or "repeated" in asked.filter:
        return
    zone = asked.world.dice.choice(ZONES)
    path, every = "/v1/surveys/{key}/trends", asked.also(repeated="all")
    days = await ask(every, path, period="day", tz=zone)
    whenever = await exported(every._replace(filter=without(every.filter, "from", "to")))
    if days is None or whenever is None:
        return
    expected: Counter[str] = Counter(
        str(datetime.fromisoformat(row["answered_at"]).astimezone(ZoneInfo(zone)).date())
        for row in whenever if row["answers"].get("recommend") is not None
    )  # fmt: skip
    found = {p["period"]: p["n"] for p in days.json()["trends"][0]["points"] if p["n"]}
    first, last = asked.filter["from"], asked.filter["to"]
    assert found == {day: n for day, n in expected.items() if first <= day <= last}
    hours = await ask(every, path, period="hour", tz=zone)
    assert hours is not None
    by_day: Counter[str] = Counter()
    for point in hours.json()["trends"][0]["points"]:
        by_day[point["period"][:10]] += point["n"]
    assert {day: n for day, n in by_day.items() if n} == found


async def journey_agrees(asked: Asked) -> None:
    """A touchpoint has the first number of its survey there."""
    chosen = asked.at_95()
    if chosen.filter.keys() - {"from", "to", "channel", "where"}:
        return
    at = f"/v1/journeys/{JOURNEY['key']}/scores"
    reply = await asked.world.api.http.get(at, params=chosen.filter)
    if reply.status_code == 400:
        return
    for stage in reply.json()["scores"]["stages"]:
        (touchpoint,) = stage["touchpoints"]
        alone = await by_api(chosen._replace(key=touchpoint["survey"]).also(
            touchpoint=touchpoint["key"]
        ))  # fmt: skip
        assert alone is not None
        assert number_of(touchpoint["score"]).is_near(alone["recommend"]), touchpoint


async def before_and_after_agree(world: World) -> None:
    """Both spans have what a filter of their days shows."""
    day = (world.first_day + timedelta(days=6)).isoformat()
    noted = await world.api.http.post("/v1/annotations", json={"title": "New till", "day": day})
    assert noted.is_success, noted.text
    for key in SURVEYS:
        days = str(world.dice.randint(1, 6))
        reply = await ask(Asked(world, key, {}), "/v1/surveys/{key}/before-after", days=days)
        assert reply is not None
        for side in ("before", "after"):
            span = reply.json()[side]
            chosen = {"from": span["first_day"], "to": span["last_day"]}
            alone = await by_api(Asked(world, key, chosen))
            assert alone is not None
            for question, number in numbers_in(span["scores"]).items():
                assert number.is_near(alone[question]), (key, side, question)
