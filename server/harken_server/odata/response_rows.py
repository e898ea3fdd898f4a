"""Rows of the tables that are made of responses: the response, its answers, its comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from harken_server.exports.cells import Pivot, Sheet
from harken_server.exports.forms import written
from harken_server.exports.rules import Column, columns_of, latest_questions
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.comments import comments_of
from harken_server.odata.rows_sql import OneResponse
from harken_server.odata.rules.model import Edm, EntitySet, edm_of, entity_sets
from harken_server.odata.rules.values import Value, value_of_cell
from harken_server.responses.store.row import decode_document
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

RowDict: TypeAlias = dict[str, Value]
RowMaker: TypeAlias = Callable[[OneResponse], list[RowDict]]


class SurveyTables(NamedTuple):
    """A survey as tables: over all its versions, so that no column ever goes."""

    survey: Survey
    """As it is now."""
    sets: dict[str, EntitySet]
    columns: tuple[Column, ...]
    questions: dict[str, Question]
    """All that ever were."""
    pivot_of: Callable[[int], Pivot[str]]

    def maker(self, table: str) -> RowMaker | None:
        """What makes the rows of a table of a response; None for a table that is not of these."""
        return {
            "Responses": self._response,
            "Answers": self._answers,
            "Comments": self._comments,
        }.get(table)

    def _response(self, one: OneResponse) -> list[RowDict]:
        stored = one.stored
        cells = self.pivot_of(stored.version)(decode_document(one.document))
        row: RowDict = {
            "response_id": stored.id,
            "survey_version": stored.version,
            "state": stored.state,
            "submitted_at": stored.submitted_at,
            "answered_at": stored.answered_at,
            "started_at": stored.started_at,
            "completed_at": stored.completed_at,
            "channel": stored.channel,
            "touchpoint": stored.touchpoint,
            "locale": stored.locale,
            "respondent": stored.respondent,
            "respondent_verified": bool(stored.proof),
            "is_sample": stored.is_sample,
            "context": stored.context,
            "probability": stored.probability,
            "origin_proof": stored.origin_proof,
            "standing": stored.standing,
            "flags": " ".join(stored.flags),
        }
        for column, cell in zip(self.columns, cells, strict=True):
            row[column.name] = value_of_cell(cell, self._type(column))
        return [row]

    def _answers(self, one: OneResponse) -> list[RowDict]:
        cells = self.pivot_of(one.stored.version)(decode_document(one.document))
        return [
            {
                **_way(one),
                "column": column.name,
                "question": column.question,
                "part": column.part,
                "value": cell,
                "value_number": _number(cell, self._type(column)),
            }
            for column, cell in zip(self.columns, cells, strict=True)
            if cell
        ]

    def _comments(self, one: OneResponse) -> list[RowDict]:
        """Those that the results page lists: visible texts, with the author's rating."""
        stored = one.stored
        rated = scored_questions(self.survey.questions)
        texts = [each.key for each in self.questions.values() if each.behaviour.is_comment]
        row = (None, None, stored.answered_at, "", "", stored.is_sample, one.document)
        found = comments_of(row, texts, rated[0].key if rated else None)
        way = _way(one)
        told = [each.name for each in self.sets["Comments"].properties if each.name not in way]
        return [{**way, **{name: getattr(comment, name) for name in told}} for comment in found]

    def _type(self, column: Column) -> Edm:
        return edm_of(column, self.questions[column.question])


def tables_of(versions: Sequence[tuple[int, Survey]]) -> SurveyTables:
    """The tables of a survey with these published versions, oldest first."""
    surveys = [definition for _, definition in versions]
    columns, questions = columns_of(surveys), latest_questions(surveys)
    asked = {number: {item.key: item for item in each.questions} for number, each in versions}
    return SurveyTables(
        survey=surveys[-1],
        sets=entity_sets(columns, questions),
        columns=columns,
        questions=questions,
        pivot_of=Sheet(columns, asked, questions).pivots(written(str)),
    )


def _way(one: OneResponse) -> RowDict:
    """What each table says of the response."""
    stored = one.stored
    return {
        "response_id": stored.id,
        "survey_version": stored.version,
        "submitted_at": stored.submitted_at,
        "answered_at": stored.answered_at,
        "channel": stored.channel,
        "touchpoint": stored.touchpoint,
    }


def _number(cell: str, edm: Edm) -> float | None:
    return float(cell) if edm in {"Edm.Int32", "Edm.Double", "Edm.Boolean"} else None
