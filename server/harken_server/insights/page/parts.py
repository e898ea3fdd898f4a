"""What the page and its files read alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.selection import EVERYTHING, LOW
from harken_server.insights.read.comments import CommentPage, read_comments, which_comments
from harken_server.insights.read.group_times import GroupTimes, OfQuestion, read_groups_over_time
from harken_server.insights.read.scores import Overview, read_instrument, read_overview
from harken_server.insights.rules.comparing.targets import with_target
from harken_server.insights.rules.groups import Tone
from harken_server.insights.rules.scores import Score, scored_questions
from harken_server.insights.store.annotations import Annotation, list_annotations
from harken_server.responses.response import STORE, CountFilter
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.questions.types import Question
from harken_server.surveys.store.targets import get_targets


async def overview_of(opened: OpenResults) -> Overview:
    """Everything that the counts say."""
    loaded, catalog = opened.loaded, opened.runtime.of(Catalog)

    async def version_of(number: int) -> Sequence[Question]:
        found = await catalog.load(loaded.workspace, loaded.record, number)
        return found.survey.questions

    questions = loaded.survey.questions
    return await read_overview(*opened.place, questions, opened.filter, version_of=version_of)


async def instrument_of(opened: OpenResults) -> Score | None:
    """The number of the instrument that the survey is."""
    score = await read_instrument(*opened.place, opened.loaded.survey, opened.filter)
    return score and with_target(score, await get_targets(*opened.place))


async def happened_in(opened: OpenResults) -> tuple[Annotation, ...]:
    """What is annotated in the days, for everybody but whoever sees a part of the survey alone."""
    if opened.reach != EVERYTHING:
        return ()
    chosen, key = opened.filter, opened.loaded.record.key
    days, workspace_id = (chosen.from_day, chosen.to_day), opened.loaded.workspace.id
    return tuple(await list_annotations(
        opened.runtime.db, workspace_id, days=days, survey=key, touchpoint=chosen.touchpoint
    ))  # fmt: skip


async def comments_of(opened: OpenResults, before: str | None, limit: int) -> CommentPage:
    """What people wrote, as it is looked for; nothing for whoever sees scores alone."""
    tones: tuple[Tone, ...] = ("bad",) if opened.selection.tone == LOW else ()
    words = opened.selection.words
    return await comments_within(
        opened, opened.filter, tones, words=words, before=before, limit=limit
    )


async def comments_within(
    opened: OpenResults,
    chosen: CountFilter,
    tones: Collection[Tone],
    *,
    words: str = "",
    before: str | None = None,
    limit: int,
) -> CommentPage:
    """The same of another filter; nothing of a part of a survey with a minimum group: people are
    known by their words."""
    survey = opened.loaded.survey
    of_days = CountFilter(from_day=chosen.from_day, to_day=chosen.to_day)
    if not opened.reads_comments or (chosen != of_days and minimum_of(survey)):
        return CommentPage((), None)
    questions = survey.questions
    return await read_comments(
        *opened.place,
        questions,
        chosen,
        before=before,
        limit=limit,
        wanted=which_comments(questions, words=words, tones=tones),
    )


def about_of(opened: OpenResults, overview: Overview) -> int | None:
    """Which of the scores is broken down: the one asked for, else the first with answers."""
    keys = [score.question for score in overview.scores]
    if opened.selection.about in keys:
        return keys.index(opened.selection.about)
    with_answers = [place for place, score in enumerate(overview.scores) if score.n]
    return next(iter(with_answers or range(len(keys))), None)


def key_about(opened: OpenResults, overview: Overview) -> str:
    """The same by its key; empty where nothing has a score."""
    at = about_of(opened, overview)
    return "" if at is None else overview.scores[at].question


async def groups_of(
    opened: OpenResults, overview: Overview, before: CountFilter | None, by: str
) -> GroupTimes | None:
    """The groups of one score; None where nothing has a score."""
    at = about_of(opened, overview)
    if at is None:
        return None
    question = scored_questions(opened.loaded.survey.questions)[at]
    of = OfQuestion(*opened.place, question, overview.scores[at], overview.trends[at])
    return await read_groups_over_time(of, opened.filter, before, by=by, period=overview.period)


def breakdowns_of(opened: OpenResults, several: Sequence[str]) -> tuple[str, ...]:
    """What can be broken down by: dimensions first, then of `several` what the filter leaves open.

    Dimensions are counted one at a time, and who is on a front line sees none but their stores.
    """
    chosen = opened.filter
    if chosen.member is not None:
        dimensions: list[str] = []
    elif chosen.stores:
        dimensions = [STORE] if len(chosen.stores) > 1 else []
    else:
        dimensions = [each.name for each in opened.loaded.workspace.dimensions]
    return (*dimensions, *(name for name in several if not getattr(chosen, name)))


async def groups_offered(
    opened: OpenResults, overview: Overview, before: CountFilter | None, offered: Sequence[str]
) -> GroupTimes | None:
    """By what the address names, else by the first of these that anybody is in a group of."""
    asked = opened.selection.by
    first: GroupTimes | None = None
    for by in [asked] if asked in offered else [*offered, ""][: len(offered) or 1]:
        found = await groups_of(opened, overview, before, by)
        if found is None or any(each.group for each in found.groups):
            return found
        first = first or found
    return first
