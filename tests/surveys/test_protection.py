"""Which surveys are protected, and that the promise holds for all their versions."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from api_client import Api, problem_codes
from team_survey import ANONYMOUS, TEAM

from harken_server.surveys.protection import minimum_of
from harken_server.surveys.survey import Survey

ORDINARY: dict[str, Any] = {**TEAM, "questions": TEAM["questions"][1:]}


@pytest.mark.parametrize(
    ("survey", "minimum"),
    [
        (ORDINARY, 0),
        (TEAM, 5),
        ({**ORDINARY, "anonymous": True}, 5),
        ({**TEAM, "minimum_group": 0}, 0),
        ({**ORDINARY, "minimum_group": 3}, 3),
        ({**ANONYMOUS, "minimum_group": 12}, 12),
    ],
)
def test_employees_and_anonymous_people_are_protected_by_five_unless_it_says_otherwise(
    survey: dict[str, Any], minimum: int
) -> None:
    assert minimum_of(msgspec.convert(survey, Survey)) == minimum


@pytest.mark.parametrize(
    ("survey", "code", "says"),
    [
        ({**TEAM, "minimum_group": 2}, "group_too_small", "smallest minimum group is 3, not 2"),
        ({**TEAM, "minimum_group": 1}, "group_too_small", "0 turns it off"),
        ({**ANONYMOUS, "minimum_group": 0}, "group_too_small", "leave this out for 5"),
        ({**TEAM, "minimum_group": 1001}, "out_of_range", "1000"),
    ],
)
async def test_a_minimum_that_protects_nobody_is_refused_with_the_floor(
    api: Api, survey: dict[str, Any], code: str, says: str
) -> None:
    refused = await api.push(survey)
    assert refused.status_code == 422, refused.text
    (problem,) = refused.json()["problems"]
    assert (problem["path"], problem["code"]) == ("$.minimum_group", code)
    assert says in str(problem)


@pytest.mark.parametrize(
    ("first", "then", "path"),
    [
        (TEAM, {**TEAM, "minimum_group": 4}, "$.minimum_group"),
        (TEAM, {**TEAM, "minimum_group": 0}, "$.minimum_group"),
        (ORDINARY, {**ORDINARY, "minimum_group": 5}, "$.minimum_group"),
        (TEAM, ANONYMOUS, "$.anonymous"),
        (ANONYMOUS, TEAM, "$.anonymous"),
    ],
)
async def test_what_was_promised_to_those_who_answered_is_kept(
    api: Api, first: dict[str, Any], then: dict[str, Any], path: str
) -> None:
    assert (await api.push(first)).status_code == 201
    refused = await api.push(then)
    assert problem_codes(refused) == ["promise_changed"], refused.text
    assert refused.json()["problems"][0]["path"] == path


async def test_a_minimum_may_grow(api: Api) -> None:
    await api.push(TEAM)
    grown = await api.push({**TEAM, "minimum_group": 8})
    assert grown.is_success, grown.text
    assert [each["path"] for each in grown.json()["changes"]] == ["$.minimum_group"]
