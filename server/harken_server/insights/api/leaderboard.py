"""Groups of a survey in order, as far as their scores prove one."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.http.problems import BadRequestError
from harken_server.insights.api.finding import check_level, loaded_for, questions_of
from harken_server.insights.read.breakdowns import OfSurvey, read_group_counts
from harken_server.insights.read.taking_in import taken_in
from harken_server.insights.read.weighted import read_groups, score_groups
from harken_server.insights.read.weights import WeightQuery, check_weighted, find_weights
from harken_server.insights.rules.comparing.breakdowns import score_counts
from harken_server.insights.rules.comparing.ranks import (
    RANK_FORMULA,
    RANK_SOURCE,
    Rank,
    are_tied,
    rank_groups,
    split_by_evidence,
)
from harken_server.insights.rules.estimates import choose_certainty
from harken_server.insights.rules.intervals import USUAL_LEVEL
from harken_server.insights.rules.scores import Metric, Score, Unit, scored_questions
from harken_server.insights.rules.weighting.reports import Weighting
from harken_server.responses.filters import FilterQuery
from harken_server.responses.response import CountFilter
from harken_server.surveys.api.surveys import find_record
from harken_server.workspaces.keyed import Call, get

MOST_RANKED = 500
"""Groups; they are compared two by two."""


class LeaderboardQuery(
    WeightQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """The filter, which groups, and perhaps one question."""

    by: Annotated[str, msgspec.Meta(max_length=32)] = "touchpoint"
    """touchpoint, stage, channel, locale, version, wave or a declared dimension."""
    question: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Left out: the first one that has a score."""
    level: float = USUAL_LEVEL
    """Of intervals and ranks: 0.8, 0.9, 0.95 or 0.99."""


class GroupNumber(msgspec.Struct, kw_only=True, frozen=True):
    """A group with its score and interval."""

    group: str
    score: float | None
    low: float | None
    high: float | None
    n: int
    answers_wanted: int | None
    """About how many answers would be enough to rank it; null where they are."""
    effective_n: float | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: as many unweighted answers would tell as much."""
    raw_score: float | msgspec.UnsetType | None = msgspec.UNSET
    """With `weight`: of the same answers, each counted once."""


class RankedGroup(GroupNumber, kw_only=True, frozen=True):
    """A group with its rank."""

    rank: str
    """`3`, or `2-5` where chance alone may have put it anywhere between."""
    rank_first: int
    rank_last: int


class LeaderboardReply(msgspec.Struct, kw_only=True):
    """Groups in order, best first, and those that cannot be ranked yet."""

    survey: str
    filter: FilterQuery
    by: str
    question: str
    metric: Metric
    unit: Unit
    level: float
    ranked: list[RankedGroup]
    """Groups whose ranks overlap are not proved to differ: show them as tied."""
    are_all_tied: bool
    """Nobody is proved to be better than anybody."""
    not_enough: list[GroupNumber]
    """Groups whose interval is too wide to rank them, and answers of no group; most answers first.
    """
    formula: str
    source: str
    weighting: Weighting | msgspec.UnsetType = msgspec.UNSET
    """With `weight`: how the responses of all groups together were weighted."""


@get(
    "/surveys/{key:str}/leaderboard",
    "get_leaderboard",
    "Groups by score, ranked no finer than the answers prove",
    errors=(404, 429),
)
async def leaderboard(call: Call, key: str, query: LeaderboardQuery) -> LeaderboardReply:
    """With a chance of `level` every group's true rank lies in its range, all at once."""
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        return await reckon_leaderboard(call, key, query)


async def reckon_leaderboard(call: Call, key: str, query: LeaderboardQuery) -> LeaderboardReply:
    """The same for whoever has a turn."""
    certainty = choose_certainty(check_level(query.level), None)
    record = await find_record(call, key)
    taken = await taken_in(call.runtime, call.workspace, record, query)
    check_weighted(query, taken.repeated, None)
    survey = (await loaded_for(call, record, query.version)).survey
    rated = scored_questions(questions_of(survey, query.question))[:1]
    if not rated:
        raise BadRequestError(f"Survey {key} has no scored question.", code="bad_parameter")
    of = OfSurvey(call.runtime, call.workspace, record, rated, certainty)
    scores, weighting = await _scores(of, taken.selection, query)
    ranked, others = split_by_evidence(scores)
    if len(ranked) > MOST_RANKED:
        raise BadRequestError(
            f"by={query.by} has {len(ranked)} groups, and a leaderboard at most {MOST_RANKED}; "
            "narrow it down.",
            code="too_much_to_read",
        )
    ranks = await asyncio.to_thread(rank_groups, ranked, query.level)  # of 500 half a second
    (nobody,) = score_counts(rated, {}, certainty)
    reply = _shown(key, query, taken.told, nobody, ranks=ranks, others=others)
    return msgspec.structs.replace(reply, weighting=weighting)


async def _scores(
    of: OfSurvey, chosen: CountFilter, query: LeaderboardQuery
) -> tuple[dict[str, Score], Weighting | msgspec.UnsetType]:
    """Of each group."""
    if query.weight is not None:
        weights = await find_weights(of, chosen, query)
        tallies = score_groups(of, await read_groups(of, chosen, weights, query.by))
        return {group: scores[0] for group, scores in tallies.items()}, weights.report
    rated = scored_questions(of.questions)
    counts = await read_group_counts(of, chosen, query.by)
    scored = {group: score_counts(rated, own, of.certainty)[0] for group, own in counts.items()}
    return scored, msgspec.UNSET


def _shown(
    key: str,
    query: LeaderboardQuery,
    told: FilterQuery,
    nobody: Score,
    *,
    ranks: Sequence[Rank],
    others: Sequence[tuple[str, Score]],
) -> LeaderboardReply:
    return LeaderboardReply(
        survey=key,
        filter=told,
        by=query.by,
        question=nobody.question,
        metric=nobody.metric,
        unit=nobody.unit,
        level=query.level,
        ranked=[
            RankedGroup(
                **_number(each.group, each.score),
                rank=each.says,
                rank_first=each.first,
                rank_last=each.last,
            )
            for each in ranks
        ],
        are_all_tied=are_tied(ranks),
        not_enough=[GroupNumber(**_number(group, score)) for group, score in others],
        formula=RANK_FORMULA,
        source=RANK_SOURCE,
    )


def _number(group: str, score: Score) -> dict[str, Any]:
    names = ("score", "low", "high", "n", "answers_wanted")
    number = {"group": group, **{name: getattr(score, name) for name in names}}
    if score.weighted is not msgspec.UNSET:
        number["effective_n"] = score.weighted.effective_n
        number["raw_score"] = score.weighted.raw_score
    return number
