"""Heat maps, leaderboards, drivers and journeys as CSV hold the numbers of the JSON."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

import pytest
from api_client import Api
from dimension_steps import declare
from signed_in import sign_in

SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["store.exit"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?"},
        {"type": "csat", "key": "service", "text": "How was it?"},
    ],
}
JOURNEY = {
    "key": "shop", "title": "Shop", "stages": [
        {"key": "buy", "title": "Buy", "touchpoints": [{"key": "store.exit"}, {"key": "till"}]},
    ],
}  # fmt: skip
BASE = "/v1/surveys/visit"
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
async def visited(api: Api) -> Api:
    await declare(api, {"name": "store"})
    await api.http.post("/v1/journeys", json=JOURNEY)
    assert (await api.push(SURVEY)).is_success
    drawn = random.Random(3)
    for _ in range(55):
        service = drawn.randrange(1, 6)
        sent = await api.submit(
            {"recommend": 2 * service, "service": drawn.choice((service, 3))},
            survey="visit",
            context=drawn.choice(({"store": "Oslo"}, {"store": "=Berlin"}, {})),
            touchpoint="store.exit",
            channel=drawn.choice(("web", "kiosk")),
        )
        assert sent.is_success, sent.text
    return api


async def read(api: Api, url: str, **query: str) -> dict[str, Any]:
    reply = await api.http.get(url, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def lines(api: Api, url: str, **query: str) -> list[dict[str, str]]:
    reply = await api.http.get(url, params=query)
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


def numbers(row: dict[str, Any], *names: str) -> tuple[float | None, ...]:
    return tuple(None if row[name] in {"", None} else float(row[name]) for name in names)


async def test_a_heat_map_has_its_cells_its_edges_and_the_whole(visited: Api) -> None:
    query = {"rows": "store", "columns": "channel"}
    found = await read(visited, f"{BASE}/heat-map", **query)
    told = await lines(visited, f"{BASE}/heat-map.csv", **query)

    names = ("score", "low", "high", "n")
    expected = [
        (each["question"], row or "(none)", column or "(none)", *numbers(cell, *names))
        for each in found["maps"]
        for row, column, cell in (
            ("(all)", "(all)", each["whole"]),
            *((cell["group"], "(all)", cell) for cell in each["rows"]),
            *(("(all)", cell["group"], cell) for cell in each["columns"]),
            *((cell["row"], cell["column"], cell) for cell in each["cells"]),
        )
    ]
    assert len(expected) > 2 * (1 + 3 + 2)
    assert [
        (row["question"], row["row"], row["column"], *numbers(row, *names)) for row in told
    ] == expected
    sheet = await visited.http.get(
        f"{BASE}/heat-map.csv", params={**query, "dialect": "spreadsheet", "locale": "de"}
    )
    assert '"\'=Berlin";' in sheet.text


async def test_a_leaderboard_has_its_ranks_and_those_that_have_none(visited: Api) -> None:
    found = await read(visited, f"{BASE}/leaderboard", by="store")
    told = await lines(visited, f"{BASE}/leaderboard.csv", by="store")

    every = [*found["ranked"], *found["not_enough"]]
    assert len(every) == 2
    assert [(row["group"], row["rank"], int(row["n"])) for row in told] == [
        (each["group"] or "(none)", each.get("rank", ""), each["n"]) for each in every
    ]


async def test_drivers_are_a_row_an_item(visited: Api) -> None:
    found = (await read(visited, f"{BASE}/drivers"))["found"]["drivers"]
    told = await lines(visited, f"{BASE}/drivers.csv")

    assert [row["item"] for row in told] == ["service"]
    assert list(told[0]) == list(found[0])
    assert float(told[0]["importance"]) == found[0]["importance"]


async def test_a_journey_has_its_stages_and_touchpoints_in_the_console_too(visited: Api) -> None:
    found = (await read(visited, "/v1/journeys/shop/scores"))["scores"]
    told = await lines(visited, "/v1/journeys/shop/scores.csv")
    visitor = await sign_in(visited, "viewer")
    page = await visitor.get("/journeys/shop")
    file = await visitor.get("/journeys/shop/journey.csv")

    names = ("value", "low", "high", "n")
    (stage,) = found["stages"]
    assert [(row["stage"], row["touchpoint"]) for row in told] == [
        ("", ""), ("buy", ""), ("buy", "store.exit"), ("buy", "till"),
    ]  # fmt: skip
    for row, each in zip(told, (found, stage, *stage["touchpoints"]), strict=True):
        assert numbers(row, "index", "low", "high", "n") == numbers(each["index"], *names)
    assert told[3]["gap"] == "no survey here"
    assert 'href="/console/default/journeys/shop/journey.csv?days=90"' in page.text
    assert list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff"), newline=""))) == told


async def test_what_is_no_locale_is_refused(api: Api) -> None:
    await api.push(SURVEY)
    for name in ("heat-map", "leaderboard", "drivers"):
        reply = await api.http.get(f"{BASE}/{name}.csv", params={"locale": "xx"})
        assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
