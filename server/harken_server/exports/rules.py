"""The columns of an export: which there are, in an order that a new version only extends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from harken_server.responses.response import CountFilter
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

METADATA_COLUMNS: tuple[str, ...] = (
    "response_id",
    "survey",
    "survey_version",
    "state",
    "submitted_at",
    "answered_at",
    "started_at",
    "completed_at",
    "duration_s",
    "channel",
    "touchpoint",
    "locale",
    "respondent",
    "is_sample",
    "context",
    "hidden_answers",
    "respondent_verified",
    "respondent_proof",
    "claimed_context",
    "probability",
    "origin_proof",
    "standing",
    "flags",
)
"""The fixed first columns. Everything that may grow stands behind them, so no column ever moves."""


class Column(NamedTuple):
    """A question's column; a question with several parts has several."""

    name: str
    question: str
    part: str
    """What of the answer stands in it (`exports.forms`); empty for a question without parts."""


def columns_of(versions: Sequence[Survey]) -> tuple[Column, ...]:
    """The question columns of a survey over all its versions, oldest version first.

    A column stands where it first appeared and stays when its question or choice is retired. What
    a later version adds comes after everything that was there, so a sheet's columns never move.
    """
    columns: dict[tuple[str, str], Column] = {}
    taken: set[str] = {*METADATA_COLUMNS}
    for survey in versions:
        for question in survey.questions:
            for part in question.sheet_columns():
                if (question.key, part) not in columns:
                    name = _free_name(f"{question.key}__{part}" if part else question.key, taken)
                    taken.add(name)
                    columns[question.key, part] = Column(name, question.key, part)
    return tuple(columns.values())


def header_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """All column names: the fixed ones, then the questions'."""
    return METADATA_COLUMNS + tuple(column.name for column in columns)


def latest_questions(versions: Sequence[Survey]) -> dict[str, Question]:
    """Every question that ever was, as its latest version has it, in order of first appearance."""
    return {question.key: question for survey in versions for question in survey.questions}


def export_file_name(survey: str, selection: CountFilter, extension: str) -> str:
    """`<survey>_<from>_<to>.<extension>`; `all` where the period is open on both ends.

    >>> export_file_name("post_purchase", CountFilter(from_day=739556), "csv")
    'post_purchase_2025-11-01_.csv'
    """
    if selection.from_day is None and selection.to_day is None:
        return f"{survey}_all.{extension}"
    return f"{survey}_{_day(selection.from_day)}_{_day(selection.to_day)}.{extension}"


def _free_name(name: str, taken: set[str]) -> str:
    """The name itself, or with `q_` before it when a fixed or an earlier column has it."""
    while name in taken:
        name = f"q_{name}"
    return name


def _day(ordinal: int | None) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal is not None else ""
