"""What is public is in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import harken
from harken_server.configuration import OWNERS
from harken_server.exports.rules import METADATA_COLUMNS
from harken_server.kernel.settings import options_of
from harken_server.surveys.questions.types import Question

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
TEMPLATES = sorted((ROOT / "survey_templates").glob("*.survey.yaml"))
MEASURES = sorted(
    path.stem
    for path in (ROOT / "bench").glob("*.py")
    if "\ndef run(quick" in path.read_text("utf-8")
)


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize(
    "option", [option.name for owner in OWNERS for option in options_of(owner)]
)
def test_every_setting_is_documented(option: str) -> None:
    assert option in page("settings.md")


@pytest.mark.parametrize("kind", [member.__struct_config__.tag for member in Question.__args__])
def test_every_question_type_is_documented(kind: str) -> None:
    assert f"`{kind}`" in page("survey-files.md")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name.partition(".")[0])
def test_every_template_is_documented(path: Path) -> None:
    key = path.name.partition(".")[0]

    assert re.search(rf"^\| `{key}` \|", page("templates.md"), re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in harken.__all__ if not name.startswith("__")])
def test_every_public_name_of_the_sdk_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", page("python-sdk.md"))


@pytest.mark.parametrize("column", METADATA_COLUMNS)
def test_every_fixed_column_of_an_export_is_documented(column: str) -> None:
    assert f"`{column}`" in page("exports.md")


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_documented(measure: str) -> None:
    assert f"`{measure}`" in page("performance.md")


def test_every_decision_is_numbered_and_has_its_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        text = path.read_text("utf-8")
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in text, f"{path.name} lacks {part}"


def test_no_document_names_a_place_on_somebodys_machine() -> None:
    private = re.compile(r"/(?:root|home|work|tmp/\w+)/")
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.py")]

    assert [path.name for path in pages if private.search(path.read_text("utf-8"))] == []
