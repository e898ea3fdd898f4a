"""Scores of groups and of other times or parts, read from the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from harken_server.database.database import Database
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime
from harken_server.insights.read.taking_in import narrow_to
from harken_server.insights.rules.comparing.breakdowns import (
    Counts,
    GroupScores,
    ScoreDifference,
    add_ratings,
    break_down,
    compare_scores,
    find_reversals,
    score_counts,
)
from harken_server.insights.rules.estimates import Certainty
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.store.counts import read_counts
from harken_server.insights.store.groups_sql import COLUMNS, read_groups
from harken_server.insights.store.scan_sql import Scanned, count_groups
from harken_server.journeys.store import list_journeys
from harken_server.responses.filters import counted_dimensions
from harken_server.responses.response import CountFilter
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.questions.types import Question
from harken_server.workspaces.rules.dimensions import WAVE
from harken_server.workspaces.workspace import Workspace

STAGE = "stage"
"""Groups touchpoints by the stage of the journey that they belong to."""
LOCALE = "locale"
"""Is in no count, and read from the responses."""


class Compared(msgspec.Struct, kw_only=True, frozen=True):
    """The scores of another time or part of the same survey."""

    with_: str = msgspec.field(name="with")
    """What: `2026-10-01..2026-10-31`, or a name and its value."""
    scores: list[Score]
    differences: list[ScoreDifference]
    """The scores asked for less these."""
    reversed: list[ScoreDifference]
    """Differences whose opposite each group of the breakdown shows: the mix of groups changed."""


class Breakdown(msgspec.Struct, kw_only=True, frozen=True):
    """What a filter's answers show by group, and beside something else."""

    groups: list[GroupScores] | None
    compared: Compared | None


class OfSurvey(msgspec.Struct, frozen=True):
    """Which counts are read, and how they are scored."""

    runtime: Runtime
    workspace: Workspace
    record: SurveyRecord
    questions: Sequence[Question]
    certainty: Certainty

    @property
    def db(self) -> Database:
        """The open database."""
        return self.runtime.db

    @property
    def survey_id(self) -> UUID:
        """Of the survey."""
        return self.record.id


async def read_breakdown(
    of: OfSurvey,
    selection: CountFilter,
    scores: Sequence[Score],
    *,
    by: str | None,
    compare: str | None,
) -> Breakdown:
    """The groups, if `by` names some, and the comparison, if `compare` says with what.

    `scores` are those of the selection, which are not read again. BadRequestError for what cannot
    be grouped or compared, with what can.
    """
    if by is None and compare is None:
        return Breakdown(groups=None, compared=None)
    rated = scored_questions(of.questions)
    named = {score.question: score for score in scores}
    whole = [named[question.key] for question in rated]
    other = None if compare is None else await find_other(of, selection, compare)
    before = None if other is None else await _counts(of, other[1])
    groups = None
    if by is not None:
        before_by = None if other is None else await read_group_counts(of, other[1], by)
        groups = await _broken_down(of, selection, whole, by, before_by)
    compared = None
    if other is not None and before is not None:
        beside = score_counts(rated, before, of.certainty)
        changes = compare_scores(whole, beside)
        compared = Compared(
            with_=other[0],
            scores=beside,
            differences=changes,
            reversed=find_reversals(changes, groups or []),
        )
    return Breakdown(groups=groups, compared=compared)


async def _broken_down(
    of: OfSurvey,
    selection: CountFilter,
    whole: Sequence[Score],
    by: str,
    before: Mapping[str, Counts] | None,
) -> list[GroupScores]:
    groups = await read_group_counts(of, selection, by)
    every: Counts = {score.question: score.counts for score in whole}
    if by == WAVE and selection.is_latest:  # the latest of each wave are more than the latest
        sums: dict[str, dict[str, int]] = {}
        for counts in groups.values():
            add_ratings(sums, counts)
        every = sums
    rated = scored_questions(of.questions)
    found = break_down(rated, groups, every, before=before, certainty=of.certainty)
    return sorted(found, key=lambda each: parse_wave(each.group)) if by == WAVE else found


async def _counts(of: OfSurvey, selection: CountFilter) -> Counts:
    keys = [question.key for question in scored_questions(of.questions)]
    rows = await read_counts(
        of.db, of.workspace.id, of.survey_id, selection,
        questions=keys, per_day=False, rated=True,
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.question, {})[row.value] = row.n
    return found


async def read_group_counts(of: OfSurvey, selection: CountFilter, by: str) -> Mapping[str, Counts]:
    """The counts of each group. BadRequestError for what cannot be grouped by, with what can."""
    check_by(of.workspace, by)
    keys = [question.key for question in scored_questions(of.questions)]
    if by == LOCALE:
        where = Scanned(of.db, of.workspace.id, of.survey_id, selection)
        return {
            group[0]: counts for group, counts in (await count_groups(where, keys, [by])).items()
        }
    if selection.standing != "counted":
        raise BadRequestError(
            "by takes in counted responses only; leave standing out.", code="bad_parameter"
        )
    if selection.member is not None and by not in {*COLUMNS, STAGE}:
        raise BadRequestError(
            f"by={by} and where={selection.member[0]} are both dimensions, which are counted one "
            "at a time.",
            code="bad_parameter",
        )
    column = "touchpoint" if by == STAGE else by
    everybody = msgspec.structs.replace(selection, is_latest=selection.is_latest and by != WAVE)
    found = await read_groups(
        of.db, of.workspace.id, of.survey_id, everybody, questions=keys, by=column, rated=True
    )
    if by == WAVE and selection.is_latest:  # of each wave, not of all of them
        waves = {wave: msgspec.structs.replace(selection, member=(WAVE, wave)) for wave in found}
        return {wave: await _counts(of, within) for wave, within in waves.items()}
    return await _by_stage(of, found) if by == STAGE else found


def check_by(workspace: Workspace, by: str) -> None:
    """BadRequestError for what nothing is grouped by, with what is."""
    known = [*COLUMNS, STAGE, LOCALE, *counted_dimensions(workspace)]
    if by not in known:
        raise BadRequestError(
            f"by is {by!r}; it must be one of {', '.join(known)}.", code="bad_parameter"
        )


async def _by_stage(of: OfSurvey, found: Mapping[str, Counts]) -> Mapping[str, Counts]:
    stages = await read_stages(of)
    sums: dict[str, dict[str, dict[str, int]]] = {stage: {} for stage in stages.values()}
    for touchpoint, counts in found.items():
        if touchpoint in stages:
            add_ratings(sums[stages[touchpoint]], counts)
    return sums


async def read_stages(of: OfSurvey) -> dict[str, str]:
    """The stage of each touchpoint that is on a journey, named `journey.stage`."""
    return {
        touchpoint.key: f"{stored.journey.key}.{stage.key}"
        for stored in await list_journeys(of.db, of.workspace.id)
        for stage in stored.journey.stages
        for touchpoint in stage.touchpoints
    }


async def find_other(of: OfSurvey, selection: CountFilter, compare: str) -> tuple[str, CountFilter]:
    """What is compared with, a segment too: its name, and its filter. Raises BadRequestError."""
    name, _, key = compare.partition(":")
    if name != "segment":
        return read_other(selection, compare, of.workspace)
    return compare, await narrow_to(of.runtime, of.workspace, of.record, selection, key)


def read_other(
    selection: CountFilter, compare: str, workspace: Workspace
) -> tuple[str, CountFilter]:
    """What is compared with: its name, and the filter of its responses. Raises BadRequestError."""
    if compare == "previous":
        return _previous(selection)
    if compare == "previous_wave":
        return _previous_wave(selection)
    name, colon, value = compare.partition(":")
    if ".." in compare and not colon:
        return compare, _between(selection, *compare.split("..", 1))
    if colon and value and name in {"touchpoint", "channel"}:
        return compare, msgspec.structs.replace(selection, **{name: value})
    if name == "version" and value.isdecimal() and len(value) < 9:
        return compare, msgspec.structs.replace(selection, version=int(value))
    if colon and value and name in counted_dimensions(workspace):
        return compare, msgspec.structs.replace(selection, member=(name, value))
    names = ", ".join((*COLUMNS, *counted_dimensions(workspace)))
    raise BadRequestError(
        f"compare is {compare!r}; it must be previous, previous_wave, a period such as "
        f"2026-01-01..2026-01-31, or one of {names} with its value, such as version:2, or "
        "segment:KEY.",
        code="bad_parameter",
    )


def _previous(selection: CountFilter) -> tuple[str, CountFilter]:
    """As many days, up to the day before the first."""
    if selection.from_day is None or selection.to_day is None:
        raise BadRequestError(
            "compare=previous needs a period: say from and to.", code="bad_parameter"
        )
    last = selection.from_day - 1
    if last < 1:
        raise BadRequestError("Nothing is before the first day of all.", code="bad_parameter")
    first = max(1, last - (selection.to_day - selection.from_day))
    named = f"{date.fromordinal(first)}..{date.fromordinal(last)}"
    return named, msgspec.structs.replace(selection, from_day=first, to_day=last)


def parse_wave(member: str) -> tuple[str, int]:
    """The programme and the number of a wave; 0 for what names none."""
    key, _, number = member.rpartition(":")
    is_number = number.isascii() and number.isdecimal() and len(number) < 9
    return (key, int(number)) if key and is_number else (member, 0)


def _previous_wave(selection: CountFilter) -> tuple[str, CountFilter]:
    wave = selection.member[1] if selection.member and selection.member[0] == WAVE else ""
    key, number = parse_wave(wave)
    if number < 2:
        raise BadRequestError(
            "compare=previous_wave needs a wave that has one before it: say where=wave:KEY:NUMBER, "
            "such as where=wave:yearly:2.",
            code="bad_parameter",
        )
    before = f"{key}:{number - 1}"
    return f"{WAVE}:{before}", msgspec.structs.replace(selection, member=(WAVE, before))


def _between(selection: CountFilter, first: str, last: str) -> CountFilter:
    try:
        days = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    except ValueError as error:
        raise BadRequestError(
            f"compare has a day that is none: {error}.", code="bad_parameter"
        ) from None
    if days[1] < days[0]:
        raise BadRequestError(
            f"compare's period ends ({last}) before it begins ({first}).", code="bad_parameter"
        )
    return msgspec.structs.replace(selection, from_day=days[0], to_day=days[1])
