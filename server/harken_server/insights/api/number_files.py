"""Scores and trends as CSV: the numbers of the JSON for the same query, a row each."""

from collections.abc import Iterable, Iterator

import msgspec
from litestar import Response

from harken_server.http.long_reads.heavy import HeavyReads
from harken_server.insights.api.csv_style import CsvDialect, CsvLocale, csv_reply, style_for
from harken_server.insights.api.scores import ScoresQuery, ScoresReply, reckon_scores
from harken_server.insights.api.trends import TrendsQuery, TrendsReply, reckon_trends
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.scores import Score
from harken_server.kernel.sheet_files import csv_file
from harken_server.workspaces.keyed import Call, get

SCORE_HEADS = (
    "group", "question", "metric", "score", "low", "high", "level", "n", "unit", "direction",
    "method", "evidence", "mean", "mean_low", "mean_high", "share", "share_low", "share_high",
)  # fmt: skip
DIFFERENCE_HEADS = (
    "beside", "difference", "difference_low", "difference_high", "p", "p_corrected",
    "could_be_chance",
)  # fmt: skip
TREND_HEADS = (
    "question", "metric", "unit", "period", "first_day", "last_day", "score", "low", "high", "n",
)  # fmt: skip
WEIGHTED_HEADS = ("effective_n", "raw_score")
"""Last, with `weight` alone."""


class ScoresCsvQuery(
    ScoresQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What scores are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


class TrendsCsvQuery(
    TrendsQuery, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """What trends are asked, and how the file is written."""

    dialect: CsvDialect = "raw"
    locale: CsvLocale = None


@get(
    "/surveys/{key:str}/scores.csv",
    "export_scores",
    "Scores, groups and differences as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def scores_csv(call: Call, key: str, query: ScoresCsvQuery) -> Response[bytes]:
    """One row a score: of all first, then of each group of `by`, beside whom it is compared with.

    With `compare` those of what is compared with come last.
    """
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        reply = await reckon_scores(call, key, query)
    rows, heads = _rows_of_scores(reply), (*SCORE_HEADS, *DIFFERENCE_HEADS)
    if query.weight is not None:
        heads = (*heads, *WEIGHTED_HEADS)
    return csv_reply(csv_file(heads, rows, style), f"{key}_scores.csv")


@get(
    "/surveys/{key:str}/trends.csv",
    "export_trends",
    "Scores over time as CSV",
    errors=(404, 429),
    reply_type="text/csv",
)
async def trends_csv(call: Call, key: str, query: TrendsCsvQuery) -> Response[bytes]:
    """One row a question and period, oldest first; empty where nobody answered."""
    style = style_for(query.dialect, query.locale)
    async with call.runtime.of(HeavyReads).turn("reckoning", call.workspace_id):
        reply = await reckon_trends(call, key, query)
    heads = TREND_HEADS if query.weight is None else (*TREND_HEADS, *WEIGHTED_HEADS)
    return csv_reply(csv_file(heads, _rows_of_trends(reply), style), f"{key}_trends.csv")


def _rows_of_scores(reply: ScoresReply) -> Iterator[tuple[object, ...]]:
    compared = reply.compared or None
    yield from _rows("", reply.scores, compared.with_ if compared else "", [
        *(compared.differences if compared else ()),
    ])  # fmt: skip
    for group in reply.groups or ():
        yield from _rows(group.group or "(none)", group.scores, "all others", group.beside_rest)
    if compared:
        yield from _rows(compared.with_, compared.scores, "", ())


def _rows(
    group: str, scores: Iterable[Score], beside: str, differences: Iterable[ScoreDifference]
) -> Iterator[tuple[object, ...]]:
    by_question = {each.question: each for each in differences}
    for score in scores:
        of_score = (group, *(getattr(score, head) for head in SCORE_HEADS[1:]))
        told = score.weighted
        last = () if told is msgspec.UNSET else (told.effective_n, told.raw_score)
        found = by_question.get(score.question)
        if found is None:
            yield (*of_score, *[None] * len(DIFFERENCE_HEADS), *last)
        else:
            yield (
                *of_score, beside, found.by, found.low, found.high, found.p, found.p_corrected,
                found.could_be_chance, *last,
            )  # fmt: skip


def _rows_of_trends(reply: TrendsReply) -> Iterator[tuple[object, ...]]:
    for trend in reply.trends:
        for point in trend.points:
            is_raw = point.effective_n is msgspec.UNSET
            yield (
                trend.question, trend.metric, trend.unit, point.period, point.first_day,
                point.last_day, point.score, point.low, point.high, point.n,
                *(() if is_raw else (point.effective_n, point.raw_score)),
            )  # fmt: skip
