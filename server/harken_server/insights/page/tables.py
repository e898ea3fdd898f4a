"""The tables behind the pictures: one definition for the page's HTML and for its CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

import msgspec

from harken_server.insights.page.words import name_group, name_metric, span_of
from harken_server.insights.rules.comparing.breakdowns import GroupScores
from harken_server.insights.rules.comparing.heat_maps import HeatMap
from harken_server.insights.rules.distributions import Distribution
from harken_server.insights.rules.drivers.records import Driver, Drivers
from harken_server.insights.rules.figures import show_number, show_score, show_share
from harken_server.insights.rules.groups import rating_groups
from harken_server.insights.rules.scores import Score, is_weighted
from harken_server.insights.rules.trends import TrendPoint
from harken_server.insights.store.comments import Comment
from harken_server.kernel.numbers import write_number
from harken_server.kernel.sheet_cells import guard_formula
from harken_server.surveys.questions.types import RatingQuestion

CSV_DECIMALS = 4


class Table(msgspec.Struct, frozen=True):
    """A caption, column heads, and rows; their first cells name what the others count."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    named: int = 1


def tabulate_ratings(question: RatingQuestion, score: Score) -> Table:
    """People per rating, with the group that each rating belongs to."""
    groups = {
        rating: name_group(name)
        for name, span in rating_groups(question).items()
        for rating in span
    }
    rows = tuple(
        (rating, groups.get(int(rating), ""), f"{n:,}", show_share(_percent(n, score.n)))
        for rating, n in score.counts.items()
    )
    return Table("Answers by rating", ("Rating", "Group", "Answers", "Share"), rows)


def tabulate_score(question: RatingQuestion, score: Score) -> Table:
    """The score with its interval, its mean, and its groups."""
    rows: list[tuple[str, ...]] = [
        (name_metric(score), *_with_ends(score, score.score, score.low, score.high), f"{score.n:,}")
    ]
    if score.unit != "mean":
        ends = (show_number(end, 2) for end in (score.mean, score.mean_low, score.mean_high))
        rows.append(("Mean rating", *ends, f"{score.n:,}"))
    for name, span in rating_groups(question).items():
        n = score.groups[name]
        share = show_share(_percent(n, score.n))
        rows.append((f"{name_group(name)} ({span_of(span)})", share, "", "", f"{n:,}"))
    heads = ("Number", "Value", "95% low", "95% high", "Answers")
    return Table("Score and groups", heads, tuple(rows))


def tabulate_instrument(score: Score) -> Table:
    """The number with its interval, and how many answers are in each of its groups."""
    ends = _with_ends(score, score.score, score.low, score.high)
    rows: list[tuple[str, ...]] = [(name_metric(score), *ends, f"{score.n:,}")]
    for name, n in score.groups.items():
        rows.append((name_group(name), show_share(_percent(n, score.n)), "", "", f"{n:,}"))
    heads = ("Number", "Value", "95% low", "95% high", "Answers")
    return Table("Score", heads, tuple(rows))


def tabulate_trend(points: Sequence[TrendPoint]) -> Table:
    """One row a period; an em dash where nobody answered."""
    rows = tuple(
        (
            point.period,
            f"{point.first_day.day} {point.first_day:%b}",
            *_with_ends(point.score, point.score.score, point.score.low, point.score.high),
            f"{point.score.n:,}",
        )
        for point in points
    )
    heads = ("Period", "From", "Score", "95% low", "95% high", "Answers")
    return Table("Score over time", heads, rows)


def tabulate_distribution(found: Sequence[Distribution], label: Callable[[str], str]) -> Table:
    """Shares of the choices; for a matrix one line a row and column. `label` names a value."""
    is_matrix = bool(found and found[0].row)
    rows = tuple(
        (
            *((label(part.row),) if is_matrix else ()),
            label(choice.value),
            f"{choice.n:,}",
            f"{choice.of:,}",
            show_share(choice.share),
            show_share(choice.low),
            show_share(choice.high),
            *((show_number(choice.mean_place, 2),) if part.kind == "ranking" else ()),
        )
        for part in found
        for choice in part.choices
    )
    first = ("Put first",) if found and found[0].kind == "ranking" else ("Answers",)
    heads = (
        *(("Row",) if is_matrix else ()), "Choice", *first, "Of", "Share", "95% low", "95% high",
        *(("Mean place",) if found and found[0].kind == "ranking" else ()),
    )  # fmt: skip
    return Table("Answers by choice", heads, rows, 2 if is_matrix else 1)


def tabulate_breakdown(by: str, groups: Sequence[GroupScores]) -> Table:
    """One row a group: its score, and how far it is from everybody else."""
    rows = tuple(
        (
            group.group or "—",
            *_with_ends(score, score.score, score.low, score.high),
            f"{score.n:,}",
            " ".join(each.says for each in group.beside_rest),
            *(() if group.change is msgspec.UNSET else (" ".join(d.says for d in group.change),)),
        )
        for group in groups
        for score in group.scores
    )
    has_change = any(group.change is not msgspec.UNSET for group in groups)
    heads = ("Score", "95% low", "95% high", "Answers", "Beside the rest")
    change = ("Beside the time before",) if has_change else ()
    return Table(f"Score by {by}", (by.capitalize(), *heads, *change), rows)


def breakdown_csv(by: str, groups: Sequence[GroupScores]) -> bytes:
    """One row a group; `p` is corrected for all of them, `change` is since the time before."""
    heads = (by, "question", "metric", "score", "low", "high", "n", "beside_rest", "p",
             "change", "change_p")  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for group in groups:
        rest = group.beside_rest[0] if group.beside_rest else None
        change = None if group.change is msgspec.UNSET or not group.change else group.change[0]
        rows += [
            (group.group, s.question, s.metric, s.score, s.low, s.high, s.n,
             rest and rest.by, rest and rest.p_corrected,
             change and change.by, change and change.p_corrected)
            for s in group.scores
        ]  # fmt: skip
    return sheet(heads, rows)


def drivers_csv(found: Drivers) -> bytes:
    """One row an item, most important first."""
    heads = Driver.__struct_fields__
    return sheet(heads, ([getattr(each, head) for head in heads] for each in found.drivers))


def heat_csv(found: HeatMap) -> bytes:
    """One row a cell."""
    heads = ("row", "column", "score", "low", "high", "n", "evidence")
    return sheet(heads, ([getattr(each, head) for head in heads] for each in found.cells))


def score_csv(scores: Sequence[Score]) -> bytes:
    """All scores, unrounded to 4 decimals; empty cells where nobody answered. Weighted ones have
    what they are worth and the raw number beside them."""
    heads = (
        "question", "metric", "score", "low", "high", "n", "method", "unit", "direction", "mean",
        "mean_low", "mean_high", "share", "share_low", "share_high",
    )  # fmt: skip
    rows = ([getattr(score, head) for head in heads] for score in scores)
    if not is_weighted(scores):
        return sheet(heads, rows)
    beside = (_weighted(score) for score in scores)
    return sheet(
        (*heads, *_WEIGHTED), ([*row, *more] for row, more in zip(rows, beside, strict=True))
    )


def rating_csv(score: Score) -> bytes:
    """People per rating of one question."""
    return sheet(
        ("rating", "n", "share"),
        ((rating, n, _percent(n, score.n)) for rating, n in score.counts.items()),
    )


def trend_csv(points: Iterable[TrendPoint]) -> bytes:
    """One row a period; empty score where nobody answered."""
    heads = ("period", "first_day", "last_day", "score", "low", "high", "n")
    found = [*points]
    is_told = is_weighted(point.score for point in found)
    rows = (
        (p.period, p.first_day, p.last_day, p.score.score, p.score.low, p.score.high, p.score.n,
         *(_weighted(p.score) if is_told else ()))
        for p in found
    )  # fmt: skip
    return sheet((*heads, *_WEIGHTED) if is_told else heads, rows)


_WEIGHTED = ("effective_n", "raw_score")


def _weighted(score: Score) -> tuple[float | None, float | None]:
    told = score.weighted
    return (None, None) if told is msgspec.UNSET else (told.effective_n, told.raw_score)


def distribution_csv(found: Iterable[Distribution], label: Callable[[str], str]) -> bytes:
    """One row a choice, with the stored value, the shown label, and what its share is of."""
    heads = ("row", "choice", "label", "n", "share", "low", "high", "mean_place", "base", "base_n")
    return sheet(
        heads,
        (
            (part.row, c.value, label(c.value), c.n, c.share, c.low, c.high, c.mean_place,
             "answers", c.of)
            for part in found
            for c in part.choices
        ),
    )  # fmt: skip


def comment_csv(comments: Iterable[Comment]) -> bytes:
    """Texts as the page lists them, newest first."""
    return sheet(
        ("answered_at", "question", "rating", "touchpoint", "channel", "text"),
        (
            (f"{c.answered_at:%Y-%m-%dT%H:%M:%SZ}", c.question, c.rating, c.touchpoint,
             c.channel, c.text)
            for c in comments
        ),
    )  # fmt: skip


def _percent(n: int, total: int) -> float | None:
    return 100 * n / total if total else None


def _with_ends(score: Score, *values: float | None) -> tuple[str, ...]:
    return tuple(show_score(value, score.unit) for value in values)


def sheet(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark and CRLF, cells guarded against formulas: made for a sheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return write_number(value, CSV_DECIMALS, trimmed=True)
    return guard_formula(value) if isinstance(value, str) else str(value)
