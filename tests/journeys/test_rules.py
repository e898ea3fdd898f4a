"""Journey files become the same journey in three notations, or a list of everything wrong."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
import tomli_w
import yaml

from harken_server.journeys.rules.changes import compare_journeys, find_foreign
from harken_server.journeys.rules.journeys import (
    Journey,
    JourneyTouchpoint,
    Stage,
    current_journey,
    decode_journey,
    encode_journey,
    plan_touchpoints,
    read_journey,
)
from harken_server.kernel.errors import InvalidDefinitionError, Problem
from harken_server.surveys.asking import Clocks, TouchpointAsking
from harken_server.surveys.published import Touchpoint

PLAIN: dict[str, Any] = {
    "$schema": "https://harken.dev/schema/journey-1.json",
    "key": "shop",
    "title": "The shop",
    "stages": [
        {"key": "before", "title": "Before", "touchpoints": [{"key": "page.read"}]},
        {
            "key": "after",
            "title": "After",
            "touchpoints": [
                {
                    "key": "order.delivered",
                    "title": "Delivered",
                    "weight": 2.5,
                    "owner": "Kari",
                    "question": "On time?",
                    "survey": "post_purchase",
                    "sample_rate": 0.5,
                    "cooldown_days": 7,
                    "link_ttl_days": 3,
                    "asking": {
                        "responses_a_week": 50,
                        "only_when": [{"name": "plan", "op": "one_of", "value": ["pro", "team"]}],
                        "cooldown": {"asked_days": 14},
                    },
                }
            ],
        },
    ],
}


def journey(*stages: Stage, key: str = "shop", title: str = "The shop") -> Journey:
    return Journey(key=key, title=title, stages=stages)


def stage(key: str, *touchpoints: JourneyTouchpoint | str) -> Stage:
    made = tuple(JourneyTouchpoint(key=t) if isinstance(t, str) else t for t in touchpoints)
    return Stage(key=key, title=key.title(), touchpoints=made)


def refused(tree: Any, notation: Literal["json", "yaml"] = "json") -> list[Problem]:
    raw = json.dumps(tree) if notation == "json" else yaml.safe_dump(tree)
    with pytest.raises(InvalidDefinitionError) as caught:
        decode_journey(raw.encode(), notation)
    assert "journey definition" in caught.value.message
    return list(caught.value.problems)


def stored(made: Journey) -> dict[str, Touchpoint]:
    return {touchpoint.key: touchpoint for touchpoint in plan_touchpoints(made, {})}


def test_three_notations_give_the_same_journey() -> None:
    from_json = decode_journey(json.dumps(PLAIN).encode(), "json")
    from_yaml = decode_journey(yaml.safe_dump(PLAIN).encode(), "yaml")
    from_toml = decode_journey(tomli_w.dumps(PLAIN).encode(), "toml")

    assert from_json == from_yaml == from_toml
    assert from_json.stages[1].touchpoints[0].weight == 2.5


def test_a_journey_survives_being_stored_exactly() -> None:
    made = decode_journey(json.dumps(PLAIN).encode(), "json")

    again = read_journey(encode_journey(made))

    assert encode_journey(again) == encode_journey(made)
    assert b"$schema" not in encode_journey(made)
    assert again.stages == made.stages


@pytest.mark.parametrize(
    ("change", "path", "code", "limit"),
    [
        ({"key": "Shop!"}, "$.key", "bad_format", None),
        ({"key": "templates"}, "$.key", "reserved_key", None),
        ({"title": ""}, "$.title", "too_short", 1),
        ({"title": "x" * 121}, "$.title", "too_long", 120),
        ({"stages": []}, "$.stages", "too_few", 1),
        ({"colour": "red"}, "$.colour", "unknown_field", None),
    ],
)
def test_a_bad_heading_is_named_with_its_limit(
    change: dict[str, Any], path: str, code: str, limit: int | None
) -> None:
    problems = refused({**PLAIN, **change})

    assert (problems[0].path, problems[0].code) == (path, code)
    assert limit is None or problems[0].limit == limit


@pytest.mark.parametrize(
    ("touchpoint", "field", "code", "limit"),
    [
        ({"key": "Bad Key"}, "key", "bad_format", None),
        ({"key": "a.b", "weight": 0}, "weight", "out_of_range", 0.01),
        ({"key": "a.b", "weight": 1000.5}, "weight", "out_of_range", 1000),
        ({"key": "a.b", "weight": "2"}, "weight", "wrong_type", None),
        ({"key": "a.b", "owner": "x" * 201}, "owner", "too_long", 200),
        ({"key": "a.b", "question": "x" * 501}, "question", "too_long", 500),
        ({"key": "a.b", "sample_rate": 1.5}, "sample_rate", "out_of_range", 1),
        ({"key": "a.b", "cooldown_days": -1}, "cooldown_days", "out_of_range", 0),
        ({"key": "a.b", "link_ttl_days": 0}, "link_ttl_days", "out_of_range", 1),
        ({"key": "a.b", "survey": "No"}, "survey", "bad_format", None),
        ({"key": "a.b", "wieght": 2}, "wieght", "unknown_field", None),
        ({"key": "a.b", "asking": {"only_when": [{"name": "x", "op": "one_of", "value": 1}]}},
         "asking.only_when[0].value", "wrong_type", None),
        ({"key": "a.b", "asking": {"responses_a_week": 0}}, "asking.responses_a_week",
         "out_of_range", 1),
    ],
)  # fmt: skip
def test_a_bad_touchpoint_is_named_with_its_limit(
    touchpoint: dict[str, Any], field: str, code: str, limit: float | None
) -> None:
    tree = {**PLAIN, "stages": [{"key": "one", "title": "One", "touchpoints": [touchpoint]}]}

    (problem,) = refused(tree)

    assert (problem.path, problem.code) == (f"$.stages[0].touchpoints[0].{field}", code)
    assert limit is None or problem.limit == limit


def test_every_problem_is_told_at_once_with_its_line() -> None:
    tree = {**PLAIN, "stages": [{"key": "One", "title": 5}, {"title": "Two"}]}

    problems = refused(tree, "yaml")

    assert {problem.path for problem in problems} == {
        "$.stages[0].key", "$.stages[0].title", "$.stages[1].key",
    }  # fmt: skip
    assert all("(line " in problem.message for problem in problems)


def test_a_touchpoint_stands_on_one_stage_only() -> None:
    one = {"key": "one", "title": "One", "touchpoints": [{"key": "page.read"}]}

    (problem,) = refused({**PLAIN, "stages": [one, {**one, "key": "two"}]})

    assert (problem.path, problem.code) == ("$.stages[1].touchpoints[0].key", "duplicate_key")
    assert "$.stages[0].touchpoints[0]" in problem.message


def test_a_stage_key_is_used_once() -> None:
    one = {"key": "one", "title": "One"}

    (problem,) = refused({**PLAIN, "stages": [one, one]})

    assert (problem.path, problem.code) == ("$.stages[1].key", "duplicate_key")


def test_a_journey_has_five_hundred_touchpoints_at_most() -> None:
    stages = [
        {
            "key": f"s{number}",
            "title": "Stage",
            "touchpoints": [{"key": f"a{number}.b{place}"} for place in range(100)],
        }
        for number in range(6)
    ]

    (problem,) = refused({**PLAIN, "stages": stages})

    assert (problem.path, problem.code, problem.limit) == ("$.stages", "too_many", 500)
    assert decode_journey(json.dumps({**PLAIN, "stages": stages[:5]}).encode(), "json")


def test_what_a_file_leaves_out_stays_as_the_touchpoint_has_it() -> None:
    known = {
        "page.read": Touchpoint(
            key="page.read",
            survey="page_vote",
            sample_rate=0.1,
            title="Old",
            asking=TouchpointAsking(cooldown=Clocks(asked_days=9)),
        )
    }

    (planned,) = plan_touchpoints(journey(stage("before", "page.read")), known)

    assert (planned.survey, planned.sample_rate) == ("page_vote", 0.1)
    assert planned.asking.cooldown.asked_days == 9
    assert planned.title == ""
    assert (planned.journey, planned.stage, planned.place) == ("shop", "before", 0)


def test_the_current_definition_tells_what_was_set_by_other_means() -> None:
    said = JourneyTouchpoint(key="a.b", survey="nps")
    made = journey(stage("one", said))
    known = {"a.b": Touchpoint(key="a.b", survey="ces", weight=4, owner="Ola", sample_rate=0.3)}

    current = current_journey(made, known).stages[0].touchpoints[0]

    assert (current.survey, current.weight, current.owner) == ("ces", 4, "Ola")
    assert current.sample_rate is None


def test_nothing_changes_when_a_journey_is_pushed_again() -> None:
    made = decode_journey(json.dumps(PLAIN).encode(), "json")

    assert compare_journeys(made, made, stored(made)) == ()


def test_a_change_says_what_comes_goes_moves_and_differs() -> None:
    old = journey(stage("one", "a.a", "a.b", "a.c"), stage("two"))
    new = journey(
        stage("two", "a.b"), stage("one", "a.c", JourneyTouchpoint(key="a.d")), stage("three")
    )
    heavier = JourneyTouchpoint(key="a.c", weight=3)
    new = journey(new.stages[0], stage("one", heavier, "a.d"), new.stages[2], title="Renamed")

    lines = compare_journeys(old, new, stored(old))

    assert [(line.kind, line.path) for line in lines] == [
        ("changed", "$.title"),
        ("added", "$.stages.three"),
        ("moved", "$.stages"),
        ("moved", '$.touchpoints["a.b"]'),
        ("moved", '$.touchpoints["a.c"]'),
        ("changed", '$.touchpoints["a.c"].weight'),
        ("added", '$.touchpoints["a.d"]'),
        ("removed", '$.touchpoints["a.a"]'),
    ]
    assert "from 1 to 3" in lines[5].message


def test_saying_more_without_changing_anything_is_told() -> None:
    old = journey(stage("one", "a.a"))
    new = journey(stage("one", JourneyTouchpoint(key="a.a", cooldown_days=30)))

    (line,) = compare_journeys(old, new, stored(old))

    assert (line.kind, line.path) == ("changed", "$")


def test_a_touchpoint_of_another_journey_is_refused() -> None:
    elsewhere = stored(journey(stage("one", "a.a"), key="other"))

    (problem,) = find_foreign(journey(stage("one", "a.a")), elsewhere)

    assert (problem.code, problem.limit) == ("on_another_journey", "other")
    assert problem.path == "$.stages[0].touchpoints[0].key"
