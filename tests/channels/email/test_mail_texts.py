"""Texts for e-mail are checked like any other text of a survey."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from harken_server.kernel.errors import InvalidDefinitionError
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.version_changes import compare_surveys

SURVEY: dict[str, Any] = {
    "key": "stay",
    "title": {"en": "Stay", "de": "Aufenthalt"},
    "locales": ["de"],
    "questions": [{"type": "nps", "key": "q", "text": {"en": "?", "de": "?"}}],
}


def decode(email: dict[str, Any]) -> Any:
    return decode_survey(msgspec.json.encode({**SURVEY, "email": email}), "json")


@pytest.mark.parametrize("field", ["subject", "preheader", "intro"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ({"en": "Hello"}, "missing_string"),
        ({"en": "{{answer.q}}", "de": "x"}, None),
        ({"en": "{{context.guest}}", "de": "x"}, None),
        ({"en": "{{7*7}}", "de": "x"}, "bad_placeholder"),
    ],
)
def test_a_text_for_mail_must_be_whole_and_know_its_placeholders(
    field: str, text: dict[str, str], code: str | None
) -> None:
    with pytest.raises(InvalidDefinitionError) as refused:
        decode({field: text})

    problems = refused.value.problems
    assert all(problem.path.startswith(f"$.email.{field}") for problem in problems)
    assert code is None or code in {problem.code for problem in problems}


def test_other_words_for_mail_are_a_change_that_keeps_all_answers() -> None:
    old, new = decode({"subject": {"en": "A", "de": "A"}}), decode({})

    change = compare_surveys(old, new)

    assert [(line.kind, line.path) for line in change.changes] == [("cosmetic", "$.email")]
