"""The reference of survey files shows only what works, and leaves no question type out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from harken_server.surveys.definition import decode_survey
from harken_server.surveys.questions.types import Question

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "survey-files.md"
TEXT = REFERENCE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
TYPES = [str(kind.__struct_config__.tag) for kind in get_args(Question)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0][:40])
def test_every_example_is_a_sound_survey(example: str) -> None:
    whole = example
    if example.startswith("- "):
        whole = "key: example\ntitle: Example\nquestions:\n" + example
    assert decode_survey(whole.encode(), "yaml").questions


@pytest.mark.parametrize("kind", TYPES)
def test_every_question_type_has_its_own_heading_and_example(kind: str) -> None:
    _, found, section = TEXT.partition(f"\n### `{kind}`\n")
    assert found
    assert f"type: {kind}" in section.partition("\n### ")[0]
