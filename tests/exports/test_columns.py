"""Columns never move, never vanish and never clash."""

from __future__ import annotations

from typing import Any

import msgspec
from export_lines import FIRST, LABELS, VERSIONS

from harken_server.exports.rules import METADATA_COLUMNS, columns_of, export_file_name, header_of
from harken_server.responses.response import CountFilter
from harken_server.surveys.survey import Survey

NAMES = [
    "recommend", "reason", "reason__other", "liked__price", "liked__speed", "liked__food",
    "liked__nothing", "liked__other", "parts__price", "parts__speed", "parts__food",
    "order__price", "order__speed", "order__food", "spent", "contact", "why",
]  # fmt: skip


def survey(*questions: dict[str, Any]) -> Survey:
    return msgspec.convert({**FIRST, "questions": questions}, Survey)


def names(*versions: Survey) -> list[str]:
    return [column.name for column in columns_of(versions)]


def test_the_fixed_columns_come_first() -> None:
    assert METADATA_COLUMNS == (
        "response_id", "survey", "survey_version", "state", "submitted_at", "answered_at",
        "started_at", "completed_at", "duration_s", "channel", "touchpoint", "locale",
        "respondent", "is_sample", "context", "hidden_answers", "respondent_verified",
        "respondent_proof", "claimed_context", "probability", "origin_proof", "standing", "flags",
    )  # fmt: skip


def test_each_type_of_question_has_its_columns() -> None:
    assert names(VERSIONS[0][1]) == NAMES


def test_a_new_version_only_adds_columns_at_the_end() -> None:
    assert names(VERSIONS[0][1], VERSIONS[1][1]) == [*NAMES, "q_channel"]


def test_a_new_choice_comes_last_too() -> None:
    liked = {"type": "multiple_choice", "key": "liked", "text": "?", "choices": LABELS[:2]}
    score = {"type": "nps", "key": "recommend", "text": "?"}
    wider = {**liked, "choices": LABELS}

    assert names(survey(liked, score), survey(score, wider)) == [
        "liked__price", "liked__speed", "recommend", "liked__food",
    ]  # fmt: skip


def test_no_two_columns_have_the_same_name() -> None:
    clashing = survey(
        {"type": "multiple_choice", "key": "a", "text": "?", "choices": LABELS},
        {"type": "nps", "key": "a__price", "text": "?"},
        {"type": "nps", "key": "q_a__price", "text": "?"},
        {"type": "nps", "key": "state", "text": "?"},
    )

    header = header_of(columns_of([clashing]))

    assert len(set(header)) == len(header)
    assert header[-3:] == ("q_a__price", "q_q_a__price", "q_state")


def test_the_file_name_says_survey_and_period() -> None:
    day = 739_556

    assert export_file_name("visit", CountFilter(), "csv") == "visit_all.csv"
    assert export_file_name("visit", CountFilter(from_day=day, to_day=day + 1), "jsonl") == (
        "visit_2025-11-01_2025-11-02.jsonl"
    )
