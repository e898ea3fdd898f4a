"""What no page would show is refused at the push: every text of a definition, every trick."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile_definitions import free_text_fields, with_one_text
from hostile_texts import DIRECTION, LINK_TRICKS

from harken_server.journeys.rules.journeys import decode_journey
from harken_server.kernel.errors import InvalidDefinitionError
from harken_server.surveys.definition import decode_survey

HIDDEN = [*DIRECTION, *"\u200b\u2060\ufeff\x00\x07\x1b\r\x7f\x9b"]
FIELDS = free_text_fields()


def refusals(definition: dict[str, Any], of: Any = decode_survey) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinitionError) as refused:
        of(json.dumps(definition).encode(), "json")
    return [(problem.path, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize("path", FIELDS)
def test_no_text_of_a_survey_holds_what_nobody_sees(path: str) -> None:
    assert (path, "invalid_text") in refusals(with_one_text(path, "Shop\u202epohS"))


@pytest.mark.parametrize("sign", HIDDEN)
def test_each_character_that_nobody_sees_is_refused(sign: str) -> None:
    assert ("$.title", "invalid_text") in refusals(with_one_text("$.title", f"Shop{sign}pohS"))


def test_the_texts_are_found_in_the_types() -> None:
    assert set(FIELDS) >= {
        "$.title", "$.presentation.brand", "$.endings[0].link_label", "$.email.subject",
        "$.questions[0].text", "$.questions[0].choices[0].label", "$.context.name",
    }  # fmt: skip


@pytest.mark.parametrize("sign", HIDDEN)
def test_no_text_of_a_journey_holds_what_nobody_sees(sign: str) -> None:
    touchpoint = {"key": "a.b", "title": "x", "owner": "x", "question": "x"}
    stage = {"key": "one", "title": "x", "description": "x", "touchpoints": [touchpoint]}
    journey = {"key": "way", "title": "x", "description": "x", "stages": [stage]}
    hostile = json.dumps(journey).replace('"x"', json.dumps(f"x{sign}y"))
    found = refusals(json.loads(hostile), decode_journey)

    at = "$.stages[0].touchpoints[0]"
    assert {path for path, code in found if code == "invalid_text"} == {
        "$.title", "$.description", "$.stages[0].title", "$.stages[0].description",
        f"{at}.title", f"{at}.owner", f"{at}.question",
    }  # fmt: skip


@pytest.mark.parametrize("link", LINK_TRICKS)
def test_a_link_that_no_page_shows_is_refused_with_its_reason(link: str) -> None:
    definition = with_one_text("$.title", "x")
    definition["endings"] = [{"key": "thanks", "title": "x", "link": link}]

    codes = {code for path, code in refusals(definition) if path == "$.endings[0].link"}
    assert codes & {"bad_link", "bad_format", "invalid_text"}
