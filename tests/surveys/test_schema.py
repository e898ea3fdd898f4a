"""The published JSON Schema is the one the types give, and editors can rely on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from every_type import TYPES

from harken_server.surveys.files.parsing import Tree, read_tree
from harken_server.surveys.files.schema import SCHEMA_ID, survey_schema

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "reference" / "survey.schema.json"
TEMPLATES = sorted((ROOT / "survey_templates").glob("*.survey.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(survey_schema())


def survey(**question: Any) -> dict[str, Any]:
    made = {"type": "nps", "key": "q", "text": "?", **question}
    return {"key": "s", "title": "S", "questions": [made]}


def test_the_committed_schema_is_the_generated_one() -> None:
    expected = json.dumps(survey_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == expected


def test_the_schema_says_what_it_is() -> None:
    schema = survey_schema()
    assert schema["$id"] == SCHEMA_ID
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["key", "title", "questions"]


def test_every_field_is_described_and_no_other_is_allowed() -> None:
    schema = survey_schema()
    parts = {"Survey": schema, **schema["$defs"]}
    for name, part in parts.items():
        if name in ("LocalText", "Condition"):
            continue
        assert part["additionalProperties"] is False, name
        assert part["description"], name
        for field, shape in part["properties"].items():
            is_tag = len(shape.get("enum", ())) == 1
            assert is_tag or shape["description"], f"{name}.{field}"


def test_question_types_and_operators_are_told_apart_by_their_tags() -> None:
    schema = survey_schema()
    types = schema["properties"]["questions"]["items"]["discriminator"]["mapping"]
    assert set(types) == set(TYPES)
    assert schema["$defs"]["Nps"]["properties"]["type"] == {"enum": ["nps"]}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_fits_the_schema(
    validator: jsonschema_rs.Draft202012Validator, path: Path
) -> None:
    tree = read_tree(path.read_bytes(), "yaml")
    assert isinstance(tree, Tree)
    validator.validate(tree.root)


@pytest.mark.parametrize(
    "broken",
    [
        survey(type="npss"),
        survey(key="Bad Key"),
        survey(text=5),
        survey(colour="red"),
        survey(show_if={"op": "like", "answer": "a"}),
        survey(jumps=[{"when": None}]),
        {"key": "s", "title": "S", "questions": []},
        {"key": "s", "questions": [{"type": "nps", "key": "q", "text": "?"}]},
        {**survey(), "extra": 1},
        {**survey(), "widget": {"mode": "popup"}},
        {**survey(), "widget": {"opens": [{"on": "hover"}]}},
        {**survey(), "widget": {"opens": [{"on": "time"}]}},
        {**survey(), "presentation": {"theme": {"logo": "https://example.com/logo.png"}}},
    ],
)
def test_a_broken_file_does_not_fit_the_schema(
    validator: jsonschema_rs.Draft202012Validator, broken: dict[str, Any]
) -> None:
    assert validator.is_valid(survey())
    assert not validator.is_valid(broken)
