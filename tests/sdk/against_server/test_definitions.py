"""Surveys, journeys and programmes as the client pushes them: both sides agree what is sound."""

from __future__ import annotations

import pytest
from whole_application import PURCHASE, App

import harken


async def test_a_survey_is_pushed_listed_and_read_back(app: App) -> None:
    async with await app.client("write") as client:
        dry = await client.surveys.push(PURCHASE, dry_run=True)
        first = await client.surveys.push(PURCHASE)
        same = await client.surveys.push(PURCHASE)
        changed = await client.surveys.push(PURCHASE | {"title": "Your order with us"})
        (line,) = await client.surveys.list()
        old = await client.surveys.get("post_purchase", version=1)

    assert [each.change for each in (dry, first, same, changed)] == [
        "first",
        "first",
        "none",
        "cosmetic",
    ]
    assert [each.version for each in (first, same, changed)] == [1, 1, 2]
    assert (changed.changes[0].kind, changed.changes[0].path) == ("cosmetic", "$.title")
    assert (line.key, line.title, line.version) == ("post_purchase", "Your order with us", 2)
    assert line.url == first.url == "https://feedback.example.com/s/post_purchase"
    assert old.definition["title"] == "Your order"
    assert old.published_at


@pytest.mark.parametrize(
    "text",
    [
        'key: toy\ntitle: Toy\nquestions:\n  - {type: nps, key: a, text: "?"}\n',
        'key = "toy"\ntitle = "Toy"\n[[questions]]\ntype = "nps"\nkey = "a"\ntext = "?"\n',
        '{"key": "toy", "title": "Toy", "questions": [{"type": "nps", "key": "a", "text": "?"}]}',
    ],
    ids=["yaml", "toml", "json"],
)
async def test_a_definition_is_taken_as_text_in_every_format(app: App, text: str) -> None:
    async with await app.client("write") as client:
        pushed = await client.surveys.push(text)

    assert (pushed.key, pushed.version) == ("toy", 1)


@pytest.mark.parametrize("text", ["key: [", "key: toy\ntitle: Toy\nquestions: []", '{"key": 7}'])
async def test_an_unsound_definition_lists_its_problems(app: App, text: str) -> None:
    async with await app.client("write") as client:
        with pytest.raises(harken.InvalidDefinitionError) as caught:
            await client.surveys.push(text)

    assert caught.value.problems
    assert caught.value.request_id


async def test_a_journey_goes_there_and_back_exactly(live: harken.AsyncClient) -> None:
    definition = {
        "key": "shop",
        "title": "Shop",
        "stages": [
            {
                "key": "use",
                "title": "Use",
                "touchpoints": [{"key": "order.delivered", "weight": 2.0, "survey": "returns"}],
            }
        ],
    }

    planned = await live.journeys.push(definition, dry_run=True)
    pushed = await live.journeys.push(definition)
    again = await live.journeys.push((await live.journeys.get("shop")).definition)

    assert (planned.change, pushed.change, again.change) == ("first", "first", "none")
    assert planned.changes == pushed.changes
    assert [warning.code for warning in pushed.warnings] == ["survey_unknown"]
    assert [line.touchpoints for line in await live.journeys.list()] == [1]
    assert (await live.journeys.get("shop")).touchpoints[0]["weight"] == 2.0
    await live.journeys.remove("shop")
    assert await live.journeys.list() == ()


async def test_built_in_journeys_are_loaded_by_key(live: harken.AsyncClient) -> None:
    keys = [template.key for template in await live.journeys.templates()]

    loaded = [(await live.journeys.load(key)).change for key in keys]

    assert keys == ["customer_lifecycle", "purchase_path"]
    assert loaded == ["first", "first"]


async def test_a_programme_is_filled_and_followed(live: harken.AsyncClient) -> None:
    made = await live.programmes.put(
        "nps_list", survey="post_purchase", touchpoint="relationship.asked", every="quarter"
    )
    names = [f"c-{number}" for number in range(1001)]

    added = await live.programmes.add_members("nps_list", names)
    again = await live.programmes.add_members("nps_list", [{"respondent": "c-1", "locale": "de"}])
    removed = await live.programmes.remove_members("nps_list", names[1:])

    assert (made.state, made.programme.channel) == ("running", "email")
    assert (added.added, again.known, removed.removed) == (1001, 1, 1000)
    assert [member.respondent for member in await live.programmes.members("nps_list")] == ["c-0"]
    assert [each.key for each in await live.programmes.list()] == ["nps_list"]
    assert (await live.programmes.get("nps_list")).progress.members == 1
    with pytest.raises(harken.ValidationError) as caught:
        await live.programmes.put("x", survey="none", touchpoint="a.b", every="year")
    assert caught.value.problems[0].code == "survey_unknown"
