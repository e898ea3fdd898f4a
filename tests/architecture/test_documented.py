"""What is public is in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

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


def not_in(text: str, expected: Iterable[str]) -> list[str]:
    """Which of these the text does not hold; there must be some to look for."""
    looked_for = list(expected)
    assert looked_for
    return [each for each in looked_for if each not in text]


def test_every_setting_is_documented() -> None:
    settings = [option.name for owner in OWNERS for option in options_of(owner)]

    assert not_in(page("settings.md"), settings) == []


def test_every_question_type_is_documented() -> None:
    kinds = [f"`{member.__struct_config__.tag}`" for member in Question.__args__]

    assert not_in(page("survey-files.md"), kinds) == []
    assert not_in(page("exports.md"), kinds) == []
    assert not_in(page("../how-to/spreadsheets.md"), kinds) == []


def test_every_template_is_documented() -> None:
    rows = [f"\n| `{path.name.partition('.')[0]}` |" for path in TEMPLATES]

    assert not_in(page("templates.md"), rows) == []


def test_every_public_name_of_the_sdk_is_documented() -> None:
    words = set(re.findall(r"\w+", page("python-sdk.md")))

    assert [n for n in harken.__all__ if not n.startswith("__") and n not in words] == []


def test_every_fixed_column_of_an_export_is_documented() -> None:
    assert not_in(page("exports.md"), [f"`{column}`" for column in METADATA_COLUMNS]) == []


def test_every_measure_is_documented() -> None:
    assert not_in(page("performance.md"), [f"`{measure}`" for measure in MEASURES]) == []


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
