"""Scores by two groupings at once: cells add up to rows, columns and the scores of the filter."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from api_client import Api
from dimension_steps import declare

KNOWN = ("touchpoint", "stage", "channel", "locale", "version", "wave", "weekday", "hour", "store")
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "locales": ["en", "nb"],
    "touchpoints": ["store.exit", "app.end"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
        {"type": "csat", "key": "service", "text": "How was it?"},
    ],
}
JOURNEY = {
    "key": "shop", "title": "Shop", "stages": [
        {"key": "buy", "title": "Buy", "touchpoints": [{"key": "store.exit"}]},
    ],
}  # fmt: skip


@pytest.fixture
async def visited(live: Api) -> Api:
    """Answers of several stores, channels, languages and moments, without any pattern."""
    await declare(live, {"name": "store"})
    await live.http.put("/v1/timezone", json={"timezone": "America/St_Johns"})
    await live.http.post("/v1/journeys", json=JOURNEY)
    assert (await live.push(SURVEY)).is_success
    drawn = random.Random(3)
    live.clock.now = datetime(2026, 10, 30, 1, tzinfo=UTC)
    for _ in range(60):
        live.clock.move(hours=drawn.choice((1, 5, 9)))
        sent = await live.submit(
            {"recommend": drawn.randrange(11), "service": drawn.randrange(1, 6)},
            survey="visit",
            context=drawn.choice(({"store": "Oslo"}, {"store": "Berlin"}, {})),
            touchpoint=drawn.choice(("store.exit", "app.end")),
            channel=drawn.choice(("web", "kiosk")),
            locale=drawn.choice(("en", "nb")),
        )
        assert sent.is_success, sent.text
    return live


async def read(api: Api, what: str, **query: str) -> dict[str, Any]:
    reply = await api.http.get(f"/v1/surveys/visit/{what}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def numbers(score: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(score[name] for name in ("score", "low", "high", "n", "evidence"))


PAIRS = [
    ("store", "touchpoint"), ("stage", "channel"), ("locale", "weekday"), ("wave", "hour"),
    *(
        pytest.param(*pair, marks=pytest.mark.nightly)
        for pair in combinations((*KNOWN[::-1], "version"), 2)
        if pair[0] != pair[1]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "columns"), PAIRS)
async def test_rows_columns_and_the_whole_are_the_scores_of_the_same_filter(
    visited: Api, rows: str, columns: str
) -> None:
    for span in ({"from": "2026-10-01"}, {"from": "2026-11-02", "channel": "web"}):
        maps = (await read(visited, "heat-map", rows=rows, columns=columns, **span))["maps"]
        scores = await read(visited, "scores", **span)
        assert [numbers(each["whole"]) for each in maps] == [numbers(s) for s in scores["scores"]]
        for each in maps:
            assert_adds_up(each)
        for side, by in (("rows", rows), ("columns", columns)):
            if by in {"weekday", "hour"}:
                continue
            groups = (await read(visited, "scores", by=by, **span))["groups"]
            for place, each in enumerate(maps):
                told = {group["group"]: numbers(group["scores"][place]) for group in groups}
                named = {group["group"]: numbers(group) for group in each[side] if group["group"]}
                assert named == {name: found for name, found in told.items() if name}


def assert_adds_up(drawn: dict[str, Any]) -> None:
    by_row, by_column = Counter[str](), Counter[str]()
    for cell in drawn["cells"]:
        by_row[cell["row"]] += cell["n"]
        by_column[cell["column"]] += cell["n"]
    assert by_row == {group["group"]: group["n"] for group in drawn["rows"]}
    assert by_column == {group["group"]: group["n"] for group in drawn["columns"]}
    assert by_row.total() == by_column.total() == drawn["whole"]["n"] > 0


async def test_weekdays_and_hours_are_those_of_the_wall(live: Api) -> None:
    await live.http.put("/v1/timezone", json={"timezone": "Asia/Kathmandu"})
    live.clock.now = datetime(2026, 11, 22, 18, 20, tzinfo=UTC)  # Monday, 00:05 in Kathmandu
    await live.submit({"recommend": 9})
    url, query = "/v1/surveys/post_purchase/heat-map", {"rows": "weekday", "columns": "hour"}
    span = {"from": "2026-11-22", "to": "2026-11-23"}

    own = (await live.http.get(url, params=query | span)).json()
    other = (await live.http.get(url, params=query | span | {"tz": "Pacific/Apia"})).json()

    assert [(each["row"], each["column"]) for each in own["maps"][0]["cells"]] == [("1", "0")]
    assert [(each["row"], each["column"]) for each in other["maps"][0]["cells"]] == [("1", "7")]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"rows": "colour", "columns": "store"}, "rows is 'colour'; it must be one of touchpoint"),
        ({"rows": "version", "columns": "version"}, "they must differ"),
        ({"rows": "hour", "columns": "version"}, "say from"),
        ({"rows": "channel", "columns": "version", "question": "why"}, "no scored question 'why'"),
        ({"rows": "channel", "columns": "version", "tz": "Mars"}, "no time zone 'Mars'"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(live: Api, query: dict[str, str], says: str) -> None:
    reply = await live.http.get("/v1/surveys/post_purchase/heat-map", params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    assert says in reply.json()["detail"]


async def test_too_many_cells_are_refused_with_the_limit(
    live: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(4):
        live.clock.move(hours=hours)
        await live.submit({"recommend": 9})
    monkeypatch.setattr("harken_server.insights.read.heat_map.MOST_CELLS", 3)

    query = {"rows": "hour", "columns": "channel", "from": "2026-11-01"}
    reply = await live.http.get("/v1/surveys/post_purchase/heat-map", params=query)

    assert (reply.status_code, reply.json()["code"]) == (400, "too_much_to_read")
    assert "4 cells" in reply.json()["detail"]
