"""The files below a results page: the tables as CSV and the pictures as SVG, of the same filter."""

from __future__ import annotations

from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, download
from harken_server.insights.page import drawn, explained, parts, tables
from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.panels.rates import rate_steps, rates_csv, say_left
from harken_server.insights.page.reading import read_view
from harken_server.insights.page.selection import days_before
from harken_server.insights.page.view import ResultsView, labels_of
from harken_server.insights.page.weighing import weigh
from harken_server.insights.read.comments import MAX_COMMENTS
from harken_server.insights.read.group_times import GroupTimes
from harken_server.insights.read.scores import Overview
from harken_server.insights.store.groups_sql import COLUMNS

CSV, SVG = "text/csv; charset=utf-8", "image/svg+xml"
_PAPER = drawn.Paper()


async def read_file(opened: OpenResults, file: str) -> Reply | None:
    """The file of that name; None when there is no such file or question."""
    is_picture = file.endswith(".svg")
    content = await (_picture(opened, file) if is_picture else _table(opened, file))
    if content is None:
        return None
    if is_picture:
        return Reply(200, {**PRIVATE, "content-type": SVG}, content)
    is_asked = opened.question in {each.key for each in opened.loaded.survey.questions}
    parts_ = (opened.loaded.record.key, opened.question if is_asked else "", file)
    return download("-".join(part for part in parts_ if part), CSV, content)


async def _table(opened: OpenResults, file: str) -> bytes | None:
    if file == "comments.csv":
        page = await parts.comments_of(opened, None, MAX_COMMENTS)
        return tables.comment_csv(page.comments) if opened.reads_comments else None
    if file == "rates.csv":
        return rates_csv(await read_view(opened))
    if file == "drivers.csv":
        found = await explained.drivers_of(opened)
        return tables.drivers_csv(found.drivers) if found and found.drivers else None
    overview = await parts.overview_of(opened)
    shown = (await weigh(opened, overview)).overview
    if file == "scores.csv":
        first = await parts.instrument_of(opened)
        return tables.score_csv([*([] if first is None else [first]), *shown.scores])
    if file == "heat_map.csv":
        heat = await explained.heat_of(opened, parts.key_about(opened, overview))
        return None if heat is None or isinstance(heat, str) else tables.heat_csv(heat)
    if file == "choices.csv":
        return _choices(opened, overview)
    if file == "breakdown.csv":
        groups = await _groups(opened, overview)
        return None if groups is None else tables.breakdown_csv(groups.by, groups.groups)
    for score, trend in zip(shown.scores, shown.trends, strict=True):
        if score.question == opened.question:
            made = {"ratings.csv": tables.rating_csv(score), "trend.csv": tables.trend_csv(trend)}
            return made.get(file)
    return None


async def _picture(opened: OpenResults, file: str) -> bytes | None:
    if file == "rates.svg":
        return _drawn_rates(await read_view(opened))
    overview, survey = await parts.overview_of(opened), opened.loaded.survey
    if file == "choices.svg":
        return _drawn_choices(opened, overview)
    if file in {"drivers.svg", "heat_map.svg"}:
        return await _explained(opened, overview, file)
    if file == "breakdown.svg":
        groups, at = await _groups(opened, overview), parts.about_of(opened, overview)
        if groups is None or at is None:
            return None
        score = overview.scores[at]
        return drawn.breakdown_file(survey, score, groups.groups, groups.by, _PAPER)
    first = await parts.instrument_of(opened) if file == "score.svg" else None
    if first is not None and opened.question in {"", first.question}:
        return drawn.score_file(survey, first, _PAPER)
    shown = (await weigh(opened, overview)).overview
    for score, trend in zip(shown.scores, shown.trends, strict=True):
        if score.question == opened.question:
            match file:
                case "score.svg":
                    return drawn.score_file(survey, score, _PAPER)
                case "ratings.svg":
                    return drawn.ratings_file(survey, score, _PAPER)
                case "trend.svg":
                    happened = await parts.happened_in(opened)
                    return drawn.trend_file(
                        survey, score, trend, overview.period, _PAPER, happened=happened
                    )
                case _:
                    return None
    return None


async def _explained(opened: OpenResults, overview: Overview, file: str) -> bytes | None:
    """The pictures that whoever asks for them may have."""
    survey, at = opened.loaded.survey, parts.about_of(opened, overview)
    if file == "drivers.svg":
        found = await explained.drivers_of(opened)
        return (
            drawn.drivers_file(survey, found.drivers, _PAPER) if found and found.drivers else None
        )
    heat = await explained.heat_of(opened, parts.key_about(opened, overview))
    if heat is None or isinstance(heat, str) or at is None:
        return None
    names = opened.selection.rows, opened.selection.columns
    return drawn.heat_file(survey, overview.scores[at], heat, names, _PAPER)


async def _groups(opened: OpenResults, overview: Overview) -> GroupTimes | None:
    """By what the address names, which the page has found to be on offer."""
    offered = parts.breakdowns_of(opened, COLUMNS)
    before = days_before(opened.selection, opened.filter)
    found = await parts.groups_offered(opened, overview, before, offered)
    return found if found and found.by else None


def _drawn_rates(view: ResultsView) -> bytes | None:
    steps = [(each.label, each.share) for each in rate_steps(view) if each.share is not None]
    return drawn.rates_file(view.survey, steps, say_left(view), _PAPER) if steps else None


def _choices(opened: OpenResults, overview: Overview) -> bytes | None:
    survey = opened.loaded.survey
    found = [part for part in overview.distributions if part.question == opened.question]
    asked = [question for question in survey.questions if question.key == opened.question]
    if not found or not asked:
        return None
    labels = labels_of(asked[0], survey, overview.versions, survey.locale)
    return tables.distribution_csv(found, lambda value: labels.get(value, value))


def _drawn_choices(opened: OpenResults, overview: Overview) -> bytes | None:
    survey = opened.loaded.survey
    found = [part for part in overview.distributions if part.question == opened.question]
    asked = [question for question in survey.questions if question.key == opened.question]
    if not found or not asked:
        return None
    return drawn.choices_file(survey, asked[0], found, overview.versions, _PAPER)
