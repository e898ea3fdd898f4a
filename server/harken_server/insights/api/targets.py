"""Targets of a survey's scores, read and set."""

from typing import Annotated

import msgspec

from harken_server.insights.read.scores import read_instrument
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.responses.response import CountFilter
from harken_server.surveys.api.surveys import find_record
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyRecord, SurveyTarget, TargetDirection
from harken_server.surveys.store.targets import get_targets, put_targets
from harken_server.workspaces.keyed import Call, get, put

MOST_TARGETS = 100
NOBODY = CountFilter(from_day=1, to_day=1)


class TargetBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What one score is to reach."""

    question: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    """Key of a scored question, or the name of the survey's instrument, such as `sus`."""
    value: float
    """In the unit of the score."""
    direction: TargetDirection | None = None
    """Left out: at_least, and at_most where lower is better."""


class TargetsBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All targets of the survey: what is left out is taken away."""

    targets: Annotated[tuple[TargetBody, ...], msgspec.Meta(max_length=MOST_TARGETS)]


class TargetList(msgspec.Struct, kw_only=True):
    """All targets of the survey."""

    targets: list[SurveyTarget]


@get(
    "/surveys/{key:str}/targets",
    "get_targets",
    "Read what the scores of a survey are to reach",
    scope="definitions",
    errors=(404,),
)
async def read(call: Call, key: str) -> TargetList:
    """In the order in which they were set."""
    record = await find_record(call, key)
    return TargetList(targets=[*await get_targets(call.db, call.workspace_id, record.id)])


@put(
    "/surveys/{key:str}/targets",
    "put_targets",
    "Set what the scores of a survey are to reach",
    scope="write",
    errors=(404,),
)
async def write(call: Call, key: str, body: TargetsBody) -> TargetList:
    """Replaces all of them. Scores say whether each is reached, not reached, or not proven."""
    record = await find_record(call, key)
    known = {score.question: score for score in await _scores_of(call, record)}
    problems = [
        problem
        for place, target in enumerate(body.targets)
        for problem in _problems_of(target, body.targets[:place], known, f"$.targets[{place}]")
    ]
    if problems:
        raise InvalidInputError("The targets are not acceptable.", tuple(problems))
    targets = tuple(_kept(target, known[target.question]) for target in body.targets)
    await put_targets(call.db, call.workspace_id, record.id, targets)
    call.note(targets=[target.question for target in targets])
    return TargetList(targets=[*targets])


async def _scores_of(call: Call, record: SurveyRecord) -> list[Score]:
    """Of nobody: what scores the survey has, and how far they reach."""
    survey = (await call.runtime.of(Catalog).load(call.workspace, record)).survey
    instrument = await read_instrument(call.db, call.workspace_id, record.id, survey, NOBODY)
    scores = [score_question(question, {}) for question in scored_questions(survey.questions)]
    return scores if instrument is None else [instrument, *scores]


def _problems_of(
    target: TargetBody, before: tuple[TargetBody, ...], known: dict[str, Score], path: str
) -> list[Problem]:
    score = known.get(target.question)
    if score is None:
        message = f"There is no score {target.question!r}; there are: {', '.join(known) or 'none'}."
        return [Problem(f"{path}.question", "question_unknown", message)]
    if any(each.question == target.question for each in before):
        message = f"{target.question} has a target already."
        return [Problem(f"{path}.question", "duplicate_key", message)]
    if score.range_low <= target.value <= score.range_high:
        return []
    message = (
        f"The target of {target.question} must lie from {score.range_low:g} to "
        f"{score.range_high:g}, not at {target.value:g}."
    )
    limit = score.range_low if target.value < score.range_low else score.range_high
    return [Problem(f"{path}.value", "out_of_range", message, limit=limit)]


def _kept(target: TargetBody, score: Score) -> SurveyTarget:
    usual = "at_most" if score.direction == "lower_is_better" else "at_least"
    return SurveyTarget(
        question=target.question, value=target.value, direction=target.direction or usual
    )
