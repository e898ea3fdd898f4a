"""The published JSON Schema of journey files fits what the server takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from harken_server.journeys.rules.journeys import decode_journey
from harken_server.journeys.rules.schema import SCHEMA_ID, journey_schema

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "reference" / "journey.schema.json"
TEMPLATES = sorted((ROOT / "journey_templates").glob("*.journey.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(journey_schema())


def test_the_committed_schema_is_the_generated_one() -> None:
    expected = json.dumps(journey_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == expected
    assert journey_schema()["$id"] == SCHEMA_ID


def test_every_field_is_described_and_no_other_is_allowed() -> None:
    schema = journey_schema()
    for name in ("Stage", "JourneyTouchpoint"):
        part = schema["$defs"][name]
        assert part["additionalProperties"] is False
        assert all(shape["description"] for shape in part["properties"].values()), name
    assert all(shape["description"] for shape in schema["properties"].values())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_built_in_journeys_are_sound_and_fit_the_schema(
    path: Path, validator: jsonschema_rs.Draft202012Validator
) -> None:
    tree = yaml.safe_load(path.read_text("utf-8"))

    assert validator.is_valid(tree)
    assert f"{decode_journey(path.read_bytes(), 'yaml').key}.journey.yaml" == path.name


def test_built_in_journeys_name_surveys_of_the_catalogue_at_their_own_touchpoints() -> None:
    for path in TEMPLATES:
        for stage in decode_journey(path.read_bytes(), "yaml").stages:
            for said in stage.touchpoints:
                if said.survey is not None:
                    file = ROOT / "survey_templates" / f"{said.survey}.survey.yaml"
                    assert said.key in yaml.safe_load(file.read_text("utf-8"))["touchpoints"]


@pytest.mark.parametrize(
    "change",
    [{"stages": []}, {"key": "No"}, {"colour": 1}, {"stages": [{"key": "a", "title": ""}]}],
)
def test_the_schema_refuses_what_the_server_refuses(
    change: dict[str, Any], validator: jsonschema_rs.Draft202012Validator
) -> None:
    good = {"key": "a", "title": "A", "stages": [{"key": "b", "title": "B"}]}

    assert validator.is_valid(good)
    assert not validator.is_valid({**good, **change})
