"""Which scores a request is about, and over which questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harken_server.http.problems import BadRequestError
from harken_server.insights.read.scores import read_instrument, read_scores
from harken_server.insights.rules.distributions import distribute
from harken_server.insights.rules.estimates import Certainty
from harken_server.insights.rules.intervals import LEVELS
from harken_server.insights.rules.metrics import choice_share
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.store.counts import read_counts
from harken_server.responses.response import CountFilter
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.workspaces.access import Acting


class WantedScores(NamedTuple):
    """What of a request says which scores are meant, and how sure to be."""

    call: Acting
    record: SurveyRecord
    selection: CountFilter
    question: str | None
    choice: str | None
    certainty: Certainty


async def find_scores(wanted: WantedScores) -> tuple[list[Score], Sequence[Question]]:
    """The scores, and the questions that they are of.

    Those of the version asked for, else of the current one; a question that only older versions
    asked is found by its key too. BadRequestError where there is no such question or choice.
    """
    survey = await _asked_survey(wanted)
    if wanted.choice is not None:
        return [await _share_of(wanted, _chosen_question(survey, wanted), wanted.choice)], []
    place = (wanted.call.db, wanted.call.workspace_id, wanted.record.id)
    sure = wanted.certainty
    instrument = await read_instrument(*place, survey, wanted.selection, certainty=sure)
    scores = [] if instrument is None else [instrument]
    scores += await read_scores(*place, survey.questions, wanted.selection, certainty=sure)
    if wanted.question is None:
        return scores, survey.questions
    scores = [score for score in scores if score.question == wanted.question]
    if not scores:
        raise BadRequestError(
            f"Survey {wanted.record.key} has no scored question {wanted.question!r}.",
            code="bad_parameter",
        )
    return scores, [each for each in survey.questions if each.key == wanted.question]


def check_level(level: float) -> float:
    """The level itself; BadRequestError for one that is not offered."""
    if level not in LEVELS:
        offered = ", ".join(map(str, LEVELS))
        raise BadRequestError(
            f"level is {level}; it must be one of {offered}.", code="bad_parameter"
        )
    return level


async def loaded_for(call: Acting, record: SurveyRecord, version: int | None) -> LoadedSurvey:
    """The version asked for where there is one, else the current one."""
    is_known = version is not None and version <= record.version
    return await call.runtime.of(Catalog).load(
        call.workspace, record, version if is_known else None
    )


def questions_of(survey: Survey, question: str | None) -> list[Question]:
    """All questions, or the one asked for. BadRequestError where that has no score."""
    if question is None:
        return [*survey.questions]
    found = [each for each in survey.questions if each.key == question]
    if not scored_questions(found):
        raise BadRequestError(
            f"Survey {survey.key} has no scored question {question!r}.", code="bad_parameter"
        )
    return found


async def _asked_survey(wanted: WantedScores) -> Survey:
    """The version that the filter names, or the newest that asked the question."""
    call, record, version = wanted.call, wanted.record, wanted.selection.version
    catalog = call.runtime.of(Catalog)
    if version is not None and version <= record.version:
        return (await catalog.load(call.workspace, record, version)).survey
    current = (await catalog.load(call.workspace, record)).survey
    if wanted.question is None or wanted.question == current.instrument or _asks(current, wanted):
        return current
    for number in range(record.version - 1, 0, -1):
        older = (await catalog.load(call.workspace, record, number)).survey
        if _asks(older, wanted):
            return older
    return current


def _asks(survey: Survey, wanted: WantedScores) -> bool:
    return wanted.question in {item.key for item in survey.questions}


def _chosen_question(survey: Survey, wanted: WantedScores) -> Question:
    chosen = {each.key: each for each in survey.questions if each.behaviour.is_chosen}
    if wanted.question is None or wanted.question not in chosen:
        raise BadRequestError(
            f"choice needs the question that it is of; {wanted.record.key} has these: "
            f"{', '.join(chosen) or 'none'}.",
            code="bad_parameter",
        )
    return chosen[wanted.question]


async def _share_of(wanted: WantedScores, question: Question, choice: str) -> Score:
    """Of a matrix, `choice` is `row.value`."""
    call, record = wanted.call, wanted.record
    rows = await read_counts(
        call.db, call.workspace_id, record.id, wanted.selection,
        questions=[question.key], per_day=False, per_version=True,
    )  # fmt: skip
    catalog = call.runtime.of(Catalog)
    versions = {
        number: (await catalog.load(call.workspace, record, number)).survey.questions
        for number in {row.version for row in rows}
    }
    shares = {
        f"{found.row}.{each.value}" if found.row else each.value: each
        for found in distribute(question, rows, versions)
        for each in found.choices
    }
    if choice not in shares:
        raise BadRequestError(
            f"{question.key} has no choice {choice!r}; it has {', '.join(shares)}.",
            code="bad_parameter",
        )
    return choice_share(question.key, choice, shares[choice].n, shares[choice].of, wanted.certainty)
