"""Annotations by the API, in trends, and before beside after, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

URL = "/v1/annotations"
SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "touchpoints": ["store.exit", "app.end"],
    "questions": [{"type": "nps", "key": "recommend", "text": "?"}],
}


async def note(api: Api, **fields: Any) -> dict[str, Any]:
    reply = await api.http.post(URL, json={"title": "Release 3", **fields})
    assert reply.status_code == 201, reply.text
    return reply.json()


async def answer(api: Api, *ratings: int, touchpoint: str = "store.exit") -> None:
    for rating in ratings:
        sent = await api.submit({"recommend": rating}, survey="visit", touchpoint=touchpoint)
        assert sent.is_success, sent.text


async def test_it_is_noted_read_changed_and_forgotten(live: Api) -> None:
    made = await note(live, kind="deploy", link="https://example.com/3", survey="visit")
    path = f"{URL}/{made['id']}"

    assert made["day"] == str(live.clock().date())
    assert (await live.http.get(path)).json() == made
    changed = (await live.http.put(path, json={"title": "Release 4", "kind": "deploy"})).json()
    assert (changed["title"], changed["at"], "link" in changed) == ("Release 4", made["at"], False)
    assert (await live.http.get(URL)).json() == {"annotations": [changed]}
    assert (await live.http.delete(path)).is_success
    for method in ("GET", "DELETE", "PUT"):
        gone = await live.http.request(method, path, json={"title": "x"})
        assert (gone.status_code, gone.json()["code"]) == (404, "annotation_unknown")


async def test_the_same_twice_is_one_and_another_under_its_id_is_refused(live: Api) -> None:
    body = {"id": str(uuid4()), "title": "Sale", "kind": "campaign"}

    replies = [await live.http.post(URL, json=body)]
    live.clock.move(minutes=5)
    replies.append(await live.http.post(URL, json=body))
    other = await live.http.post(URL, json={**body, "title": "Another sale"})

    assert [each.status_code for each in replies] == [201, 200]
    assert replies[0].json() == replies[1].json()
    assert (other.status_code, other.json()["code"]) == (409, "annotation_exists")


async def test_a_list_is_of_days_and_of_what_it_is_about(live: Api) -> None:
    for day, about in (("2026-11-03", {"survey": "visit"}), ("2026-11-01", {}),
                       ("2026-11-02", {"survey": "other", "touchpoint": "app.end"})):  # fmt: skip
        await note(live, title=day, day=day, **about)

    async def listed(**query: str) -> list[str]:
        reply = await live.http.get(URL, params=query)
        return [each["title"][-1] for each in reply.json()["annotations"]]

    assert await listed() == ["1", "2", "3"]
    assert await listed(**{"from": "2026-11-02", "to": "2026-11-02"}) == ["2"]
    assert await listed(survey="visit") == ["1", "3"]
    assert await listed(touchpoint="store.exit") == ["1", "3"]


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "\u200b"},
        {"title": "x" * 201},
        {"title": "x", "kind": "party"},
        {"title": "x", "link": "http://example.com"},
        {"title": "x", "link": "javascript:alert(1)"},
        {"title": "x", "at": "2026-11-21T10:00:00"},
        {"title": "x", "at": "2026-11-21T10:00:00Z", "day": "2026-11-21"},
        {"title": "x", "colour": "red"},
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, body: dict[str, Any]) -> None:
    reply = await api.http.post(URL, json=body)

    assert reply.status_code in {400, 422}, reply.text


async def test_a_trend_has_what_happened_in_its_days(live: Api) -> None:
    await live.push(SURVEY)
    today = live.clock().date()
    await answer(live, 9, 10)
    live.clock.move(days=3)
    await answer(live, 2)
    await note(live, title="Long ago", day="2026-01-01")
    await note(live, title="Here", day=str(today + timedelta(days=1)))
    await note(live, title="App", touchpoint="app.end", day=str(today))

    every = (await live.http.get("/v1/surveys/visit/trends")).json()["annotations"]
    store = await live.http.get("/v1/surveys/visit/trends", params={"touchpoint": "store.exit"})

    assert [each["title"] for each in every] == ["App", "Here"]
    assert [each["title"] for each in store.json()["annotations"]] == ["Here"]


async def test_before_and_after_are_equal_spans_with_their_difference(live: Api) -> None:
    await live.push(SURVEY)
    await answer(live, *[10] * 12, 3)
    live.clock.move(days=1)
    await answer(live, 0)
    made = await note(live, kind="deploy")
    live.clock.move(days=1)
    await answer(live, *[2] * 12, 10)
    live.clock.move(days=1)

    async def asked(**query: Any) -> dict[str, Any]:
        reply = await live.http.get("/v1/surveys/visit/before-after", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    found = await asked(annotation=made["id"])

    day = live.clock().date()
    assert found["days"] == 2
    assert (found["before"]["first_day"], found["before"]["last_day"]) == (
        str(day - timedelta(days=4)), str(day - timedelta(days=3)),
    )  # fmt: skip
    assert (found["after"]["first_day"], found["after"]["last_day"]) == (
        str(day - timedelta(days=1)), str(day),
    )  # fmt: skip
    assert [found[side]["scores"][0]["n"] for side in ("before", "after")] == [13, 13]
    (difference,) = found["differences"]
    assert difference["by"] == pytest.approx(-100 * 22 / 13)
    assert difference["low"] < difference["by"] < difference["high"] < 0
    assert not difference["could_be_chance"]
    assert (await asked())["annotation"] == found["annotation"]
    assert (await asked(annotation=made["id"], touchpoint="app.end"))["differences"] == []
    whole_day = await note(live, day=str(day))
    assert (await asked(annotation=whole_day["id"]))["days"] == 1


async def test_nothing_is_after_what_happens_today(live: Api) -> None:
    await live.push(SURVEY)
    made = await note(live)

    early = await live.http.get("/v1/surveys/visit/before-after", params={"annotation": made["id"]})
    unknown = await live.http.get(
        "/v1/surveys/visit/before-after", params={"annotation": str(uuid4())}
    )

    assert early.status_code == 400
    assert "Nothing is after" in early.text
    assert unknown.status_code == 404
