"""What home shows: how each survey is doing, what was written last, and what needs attention."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from harken_server.console.glances import SPAN_DAYS, Glance, glance_at
from harken_server.console.notices import notices_for_all, silent_places
from harken_server.console.rules.attention import Notice, by_urgency, is_pressing
from harken_server.console.rules.silence import LOOKED_AT
from harken_server.console.uncounted import look_into, with_latest
from harken_server.insights.page.words import rating_label
from harken_server.insights.read.taking_in import asked_again, takes_latest
from harken_server.insights.rules.groups import rating_tone
from harken_server.insights.rules.headlines import headline_of
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.store.latest_sql import LatestComment, Wanted, latest_comments
from harken_server.insights.store.weeks_sql import (
    EVERYTHING,
    Part,
    WeekCount,
    read_places,
    read_weeks,
)
from harken_server.surveys.catalog import Catalog, LoadedSurvey
from harken_server.surveys.store.surveys import list_surveys
from harken_server.surveys.titles import title_of
from harken_server.workspaces.people.rules import Reach
from harken_server.workspaces.signed_in import Visit

COMMENTS = 5
FEW = 3
"""Unanswered surveys that have a card each; more are a list, and numbers are not lost in it."""


class Said(NamedTuple):
    """A comment as home shows it."""

    text: str
    survey: str
    """Its title."""
    key: str
    answered_at: datetime
    rating: str
    tone: str
    touchpoint: str
    is_sample: bool


class Home(NamedTuple):
    """Everything on the page."""

    live: tuple[Glance, ...]
    """Those with most answers first."""
    unanswered: tuple[Glance, ...]
    """Live ones without an answer, where they are more than `FEW`."""
    others: tuple[Glance, ...]
    """Drafts, and those that are closed."""
    comments: tuple[Said, ...]
    notices: tuple[Notice, ...]
    """What is to be acted on first."""
    is_pressing: bool
    """One of them asks somebody to act or to look."""
    is_empty: bool
    """There is no survey at all."""


async def read_home(visit: Visit) -> Home:
    """Numbers come from the counts, whatever the number of surveys in two statements; what no count
    tells is read of each survey that has it.
    """
    loaded = await _surveys(visit)
    part, today = part_of(visit.reach), visit.local_now().date().toordinal()
    headlines = {
        each.record.number: headline.question
        for each in loaded
        if (headline := headline_of(each.survey)) is not None
    }
    place = (visit.db, visit.workspace_id)
    live = {each.record.number: each.record.key for each in loaded if each.record.status == "live"}
    asked = {number: headlines[number] for number in live if number in headlines}
    weeks, places, comments = await asyncio.gather(
        read_weeks(*place, headlines, last_day=today, days=SPAN_DAYS, part=part),
        read_places(*place, asked, last_day=today, days=LOOKED_AT, part=part),
        _comments(visit, loaded, part),
    )
    by_survey: defaultdict[int, list[WeekCount]] = defaultdict(list)
    for week in weeks:
        by_survey[week.survey_number].append(week)
    shown = [each for each in loaded if _is_shown(each, by_survey, visit.reach)]
    glances = await _glances(visit, shown, by_survey, part)
    notices = silent_places(places, live, today)
    if visit.reach is None:
        notices = [*await notices_for_all(visit, shown), *notices]
    running = [glance for glance in glances if glance.status == "live"]
    unanswered = [glance for glance in running if not glance.answers]
    is_listed = len(unanswered) > FEW
    return Home(
        live=tuple(glance for glance in running if glance.answers or not is_listed),
        unanswered=tuple(unanswered) if is_listed else (),
        others=tuple(glance for glance in glances if glance.status != "live"),
        comments=comments,
        notices=by_urgency(notices),
        is_pressing=is_pressing(notices),
        is_empty=not shown,
    )


def part_of(reach: Reach | None) -> Part:
    """What somebody sees of the counts: with stores and touchpoints both, what is of both.

    Somebody on the front line who was given neither sees nothing.
    """
    if reach is None:
        return EVERYTHING
    if not reach.stores and not reach.touchpoints:
        return Part((), ())
    return Part(reach.stores or None, reach.touchpoints or None)


async def _surveys(visit: Visit) -> list[LoadedSurvey]:
    catalog = visit.runtime.of(Catalog)
    records = await list_surveys(visit.db, visit.workspace_id)
    return [await catalog.load(visit.workspace, record) for record in records]


def _is_shown(
    loaded: LoadedSurvey, by_survey: dict[int, list[WeekCount]], reach: Reach | None
) -> bool:
    """On the front line only what is asked, or was answered, where they are."""
    if reach is None or by_survey.get(loaded.record.number):
        return True
    is_asked_there = not {*reach.touchpoints}.isdisjoint(loaded.survey.touchpoints)
    return is_asked_there and loaded.record.status == "live"


async def _glances(
    visit: Visit,
    shown: Sequence[LoadedSurvey],
    by_survey: Mapping[int, Sequence[WeekCount]],
    part: Part,
) -> list[Glance]:
    """Those with most answers first."""
    again = await asked_again(visit.db, visit.workspace_id)
    found = [
        await _glance(visit, each, by_survey.get(each.record.number, ()), part, again)
        for each in shown
    ]
    return sorted(found, key=lambda glance: (-glance.answers, glance.title))


async def _glance(
    visit: Visit,
    loaded: LoadedSurvey,
    weeks: Sequence[WeekCount],
    part: Part,
    again: Collection[str],
) -> Glance:
    glance = glance_at(loaded, weeks, visit.now())
    if takes_latest(loaded.survey, again) and glance.value:
        return await with_latest(visit, loaded, glance)
    return await look_into(visit, loaded, glance, part)


async def _comments(visit: Visit, loaded: Sequence[LoadedSurvey], part: Part) -> tuple[Said, ...]:
    if not visit.may("read"):
        return ()
    by_number = {each.record.number: each for each in loaded}
    wanted = [_texts_of(each) for each in loaded]
    found = await latest_comments(visit.db, visit.workspace_id, wanted, limit=COMMENTS, part=part)
    return tuple(_said(by_number[each.survey_number], each) for each in found)


def _texts_of(loaded: LoadedSurvey) -> Wanted:
    questions = loaded.survey.questions
    rated = scored_questions(questions)
    texts = tuple(question.key for question in questions if question.behaviour.is_comment)
    return Wanted(loaded.record.number, texts, rated[0].key if rated else None)


def _said(loaded: LoadedSurvey, found: LatestComment) -> Said:
    comment = found.comment
    rated = scored_questions(loaded.survey.questions)
    rating, tone = "", "quiet"
    if rated and comment.rating is not None:
        rating = rating_label(rated[0], comment.rating)
        tone = rating_tone(rated[0], comment.rating)
    return Said(
        text=comment.text,
        survey=title_of(loaded.survey),
        key=loaded.record.key,
        answered_at=comment.answered_at,
        rating=rating,
        tone=tone,
        touchpoint=comment.touchpoint or comment.channel,
        is_sample=comment.is_sample,
    )
