"""A segment takes in the same responses everywhere: scores, exports, and the rules in words."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from api_client import Api
from segment_steps import SURVEY, answer_all, ask, exported, keep, open_survey

from harken_server.insights.read.taking_in import without_bands
from harken_server.insights.rules.scores import scored_questions
from harken_server.surveys.asking import Rule
from harken_server.surveys.conditions import PLAIN, Condition
from harken_server.surveys.segments import rule_holds
from harken_server.surveys.survey import Survey

QUESTIONS = scored_questions(msgspec.convert(SURVEY, Survey).questions)
OPS = ("equals", "not_equals", "at_least", "at_most", "contains", "one_of", "exists")
VALUES: dict[str, list[Any]] = {
    "context.shop": ["Oslo", "Osl", "a \"b'", "7", 7, True, "€"],
    "context.size": [1, 1.0, 2.5, 3, True, "1", 10**18],
    "context.vip": [True, False, 1, 0, "true"],
    "trait.plan": ["pro", "free", 3],
    "answer.recommend": [9, 10, 3, "9"],
    "answer.reasons": ["price", "staff"],
    "answer.grid.till": ["good", "bad"],
    "answer.why": ["slow", "Slow and dear."],
    "band.recommend": ["promoters", "detractors", "top"],
    "band.service": ["satisfied", "dissatisfied"],
    "band.nothing": ["promoters"],
    "touchpoint": ["store.exit", "store"],
    "channel": ["web", "kiosk", 1],
    "version": [1, 2, "1", 1.5],
    "locale": ["en", "de"],
}


def draw(random: Random) -> Condition:
    named = random.choice(list(VALUES))
    of, _, name = named.partition(".")
    value = random.choice(VALUES[named])
    ops = ("equals", "not_equals", "one_of", "exists") if of == "band" else OPS
    op = random.choice(ops)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if op == "contains" and not isinstance(value, str):
        op = "equals"
    if op in {"at_least", "at_most"} and not is_number:
        op = "not_equals"
    if op == "exists":
        value = random.choice([None, True, False])
    elif op == "one_of":
        value = tuple(random.sample(VALUES[named], k=min(2, len(VALUES[named]))))
    return msgspec.convert({"of": of, "name": name, "op": op, "value": value}, Condition)


def holds(condition: Condition, item: dict[str, Any], traits: dict[str, Any]) -> bool:
    """By the rules as asking reads them, over one exported response."""
    if condition.of == "band":
        return all(holds(each, item, traits) for each in without_bands([condition], QUESTIONS))
    rule = Rule(name=condition.name or condition.of, op=condition.op, value=condition.value)
    if condition.of in PLAIN:
        values = [item[condition.of] or None]
    elif condition.of == "context":
        values = [item["context"].get(condition.name)]
    elif condition.of == "trait":
        values = [traits.get(item["respondent"] or "", {}).get(condition.name)]
    else:
        question, _, part = condition.name.partition(".")
        answer = item["answers"].get(question)
        answer = answer.get(part) if part and answer else answer
        values = answer if isinstance(answer, list) else [answer]
    rules = [rule_holds(rule, {rule.name: value}, {}) for value in values]
    return all(rules) if condition.op == "not_equals" else any(rules)


async def test_generated_segments_take_in_what_the_rules_say(live: Api) -> None:
    await open_survey(live)
    traits = await answer_all(live)
    every = await exported(live)
    random, sizes = Random(13), set[int]()

    for _ in range(60):
        conditions = tuple(draw(random) for _ in range(random.randint(1, 2)))
        await keep(live, "some", conditions)
        found = {item["id"] for item in await exported(live, segment="some")}
        meant = {
            item["id"] for item in every if all(holds(each, item, traits) for each in conditions)
        }
        assert found == meant, conditions
        scores = (await ask(live, segment="some"))["scores"]
        for score in scores:
            cells = [i for i in every if i["id"] in found and score["question"] in i["answers"]]
            assert score["n"] == len(cells), conditions
        sizes.add(len(found))

    assert len(sizes) > 5  # many of them take in something, and not all


@pytest.mark.parametrize("by", ["touchpoint", "channel", "store"])
async def test_groups_and_trends_of_a_segment_add_up_to_its_score(live: Api, by: str) -> None:
    await open_survey(live)
    await answer_all(live)
    await keep(live, "paying", (Condition(of="trait", name="plan", value="pro"),))

    found = await ask(live, segment="paying", by=by)

    whole = found["scores"][0]["n"]
    assert 0 < whole < (await ask(live))["scores"][0]["n"]
    listed = await exported(live, segment="paying")
    in_groups = [item for item in listed if by != "store" or "shop" in item["context"]]
    of_groups = sum("recommend" in item["answers"] for item in in_groups)
    assert sum(group["scores"][0]["n"] for group in found["groups"]) == of_groups
    trend = await live.http.get("/v1/surveys/visit/trends", params={"segment": "paying"})
    assert sum(point["n"] for point in trend.json()["trends"][0]["points"]) == whole
    people = found["people"]
    assert people["responses"] == len(listed)


async def test_a_segment_stands_beside_another_one(live: Api) -> None:
    await open_survey(live)
    await answer_all(live)
    await keep(live, "glad", (Condition(of="band", name="recommend", value="promoters"),))
    await keep(live, "sad", (Condition(of="band", name="recommend", value="detractors"),))

    found = await ask(live, segment="glad", compare="segment:sad", question="recommend")

    assert found["scores"][0]["score"] == 100
    assert found["compared"]["with"] == "segment:sad"
    assert found["compared"]["differences"][0]["by"] == 200
    for query in ({"segment": "no_such"}, {"compare": "segment:no_such"}):
        refused = await live.http.get("/v1/surveys/visit/scores", params=query)
        assert refused.status_code == 400
        assert refused.json()["code"] == "segment_unknown"


async def test_members_of_several_dimensions_are_asked_at_once(live: Api) -> None:
    await open_survey(live)
    await answer_all(live)
    every = await exported(live)

    for where in ("store:Oslo;size:1", "store:Oslo", "store:a;b"):
        found = await exported(live, where=where)
        wanted = {"store:Oslo": {"shop": "Oslo"}, "store:a;b": {"shop": "a;b"}}.get(
            where, {"shop": "Oslo", "size": 1}
        )
        meant = [item for item in every if wanted.items() <= item["context"].items()]
        assert len(found) == len(meant) > 0, where
        assert (await ask(live, where=where))["people"]["responses"] == len(meant)
