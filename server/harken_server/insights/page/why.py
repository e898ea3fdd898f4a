"""Why something may have changed: what happened, what moved with it, and what people said."""

from __future__ import annotations

import msgspec

from harken_server.insights.page import parts
from harken_server.insights.page.opened import OpenResults
from harken_server.insights.page.standing_out import told_standouts
from harken_server.insights.page.view import ResultsView
from harken_server.insights.read.place import Place
from harken_server.insights.read.what_moved import read_reasons, read_steps
from harken_server.insights.rules.comparing.standouts import Standout
from harken_server.insights.rules.comparing.steps import Event, Step
from harken_server.insights.rules.groups import Tone
from harken_server.insights.rules.scores import scored_questions
from harken_server.insights.rules.trends import Period, period_end
from harken_server.responses.response import STORE, CountFilter
from harken_server.surveys.protection import minimum_of

QUOTED = 3
"""Comments beside what stood out."""
MOST_EVENTS = 3
"""The latest, of which it is told what became of the score."""


async def with_reasons(opened: OpenResults, view: ResultsView) -> ResultsView:
    """The view with what may be why its score changed."""
    view = msgspec.structs.replace(view, steps=await _steps(opened, view))
    standouts = told_standouts(view)
    if view.groups is None or not standouts:
        return view
    first = standouts[0]
    there = standout_filter(opened.filter, first, view.groups.by, view.period)
    fell = first.difference.by < 0
    is_worse = fell == (first.score.direction == "higher_is_better")
    tones: tuple[Tone, ...] = ("bad",) if is_worse else ("good",)
    said = await parts.comments_within(opened, there, tones, limit=QUOTED)
    place = Place(*opened.place, view.survey.questions, opened.filter)
    is_small = minimum_of(view.survey) > 0  # of a part of these nothing more is told
    reasons = (
        [] if is_small else await read_reasons(place, there, but=view.about, is_worse=is_worse)
    )
    return msgspec.structs.replace(view, quoted=said.comments, reasons=tuple(reasons))


async def _steps(opened: OpenResults, view: ResultsView) -> tuple[Step, ...]:
    questions = {each.key: each for each in scored_questions(view.survey.questions)}
    touchpoint = opened.filter.touchpoint
    events = [
        Event(each.title, each.day, each.at is not None)
        for each in view.happened
        if each.touchpoint in {None, touchpoint}
    ][-MOST_EVENTS:]
    if view.about not in questions or not events:
        return ()
    place = Place(*opened.place, view.survey.questions, opened.filter)
    today = view.generated_at.date().toordinal()
    return tuple(await read_steps(place, questions[view.about], events, today))


def standout_filter(
    chosen: CountFilter, standout: Standout, by: str, period: Period
) -> CountFilter:
    """The answers of its group in its period."""
    first = max(standout.start, chosen.from_day or 0)
    last = min(period_end(standout.start, period), chosen.to_day or 10**7)
    within = msgspec.structs.replace(chosen, from_day=first, to_day=last)
    group = standout.group
    if group is None:
        return within
    match by:
        case "touchpoint" | "channel":
            return msgspec.structs.replace(within, **{by: group})
        case "version":
            return msgspec.structs.replace(within, version=int(group))
        case _ if by == STORE and chosen.stores:
            return msgspec.structs.replace(within, stores=(group,))
        case _:
            return msgspec.structs.replace(within, member=(by, group))
