"""The numbers on top of the page, and the filter as chips that can be taken away."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.insights.page import words
from harken_server.insights.page.change import is_sure
from harken_server.insights.page.explained import first_to_fix, label_of
from harken_server.insights.page.group_changes import reversal
from harken_server.insights.page.moments import NO_CHANGE, say_beside, say_change, say_move
from harken_server.insights.page.panels.further import place_of
from harken_server.insights.page.panels.rates import (
    say_left,
    say_silent,
    share_left,
    share_of,
)
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.comparing.standouts import LEAST
from harken_server.insights.rules.figures import (
    count_answers,
    show_number,
    show_score,
    show_share,
    show_signed,
)
from harken_server.insights.rules.scores import Score, is_weighted
from harken_server.insights.rules.trends import TrendPoint
from harken_server.insights.store.groups_sql import COLUMNS

MOST = 6
"""Figures on top; all are below."""
WORTH_TELLING = 5
"""Percent of those who began: where fewer leave, the top of the page does not say so."""


class Figure(NamedTuple):
    """One score as a figure."""

    label: str
    value: str
    interval: str
    n: str
    change: str
    href: str
    move: str = ""
    """The change in two or three words."""
    about: str = ""
    """What the number is, with the range that it can have."""
    of: str = ""
    """The best that it can be, of a mean."""
    weeks: tuple[float | None, ...] = ()
    """Its score over time, oldest first."""


class Note(NamedTuple):
    """One line."""

    name: str
    value: str
    about: str
    href: str


class Chip(NamedTuple):
    """What the answers are narrowed to, and the page without it."""

    text: str
    href: str


def figures_of(view: ResultsView) -> list[Figure]:
    """The first scores that anybody answered."""
    texts = {question.key: say(view, question.text) for question in view.survey.questions}
    whole = [] if view.instrument is None else [_figure(view, view.instrument, "", "#instrument-h")]
    several = len(view.scores) > 1
    return [
        *whole,
        *(
            _figure(
                view,
                score,
                texts[score.question] if several else "",
                place_of(view, score.question),
            )
            for score in view.scores
            if score.n
        ),
    ][:MOST]


def finish_of(view: ResultsView) -> Figure | None:
    """Who came to the end, and where others stopped; None where nobody is counted."""
    finished = view.finished
    if finished is None or finished.started < LEAST:
        return None
    share = share_of(finished.completed, finished.started)
    return Figure(
        "Completed",
        show_share(share.share),
        f"{show_share(share.low)} to {show_share(share.high)}",
        f"{finished.started:,} who began",
        say_left(view) if share_left(view) >= WORTH_TELLING else "",
        "#rates-h",
    )


def notes_of(view: ResultsView) -> list[Note]:
    """What to mend first, and who did not answer: the lines under the figures."""
    return [*_fix_first(view), *_silent(view)]


def _fix_first(view: ResultsView) -> list[Note]:
    found = view.fix.drivers if view.fix else None
    first = first_to_fix(found) if found else None
    if first is None:
        return []
    own = [score for score in view.scores if score.question == first.item and score.n]
    shown = f"; {words.say_rated(own[0])}" if own else ""
    about = f"{show_share(first.share)} of what goes with the score{shown}"
    href = f"{view.link(drivers='1')}#drivers-h"
    return [Note("Fix first", label_of(view.survey, first.item), about, href)]


def _silent(view: ResultsView) -> list[Note]:
    n, _, about = say_silent(view.asked).partition(" ")
    href = f"{view.link(who='1')}#rates-h"
    return (
        [Note("Did not answer", n, about.replace("asked did not answer", "asked"), href)]
        if n
        else []
    )


def chips_of(view: ResultsView) -> list[Chip]:
    """Whether or not the form could have asked for it."""
    chosen = view.selection
    told = {
        "store": f"store {chosen.store}",
        "where": chosen.where.replace(":", " ", 1),
        "touchpoint": f"touchpoint {chosen.touchpoint}",
        "segment": f"segment {dict(view.segments).get(chosen.segment)}",
        "channel": f"channel {chosen.channel}",
    }
    return [
        Chip(f"only {text}", view.link(**{name: ""}))
        for name, text in told.items()
        if getattr(chosen, name)
    ]


def members_of(view: ResultsView) -> list[tuple[str, str]]:
    """The members of the dimension that somebody asked to break down by, for a choice; else none:
    strangers can make up members, and nobody is offered these unasked."""
    is_asked = view.groups is not None and view.selection.by == view.groups.by
    if view.groups is None or not is_asked or view.groups.by in {"", *COLUMNS}:
        return []
    if view.options.stores:
        return []
    names = sorted(group.group for group in view.groups.groups if group.group)
    if not names:
        return []
    return [("", "All"), *((f"{view.groups.by}:{name}", name) for name in names)]


def _figure(view: ResultsView, score: Score, text: str, href: str) -> Figure:
    low, high = show_score(score.low, score.unit), show_score(score.high, score.unit)
    return Figure(
        text or words.name_metric(score),
        show_signed(score.score, score.unit),
        f"{'anything from ' * (score.n == 1)}{low} to {high}" if score.n else "",
        _answers(score),
        _change(view, score),
        href,
        _move(view, score),
        _about(score, is_named=not text),
        f"of {show_number(score.range_high)}" if score.unit == "mean" else "",
        tuple(point.score.score for point in _trend_of(view, score)),
    )


def _about(score: Score, *, is_named: bool) -> str:
    """`Customer effort, 1 to 7`; of percent no range, which the sign says."""
    ends = f"{show_number(score.range_low)} to {show_number(score.range_high)}"
    name = "" if is_named else words.name_metric(score)
    if score.unit == "percent":
        return name
    return f"{name}, {ends}" if name else f"from {ends}"


def _change(view: ResultsView, score: Score) -> str:
    """In a sentence; where a mix has turned the total round, that comes with it."""
    change = view.changes.get(score.question)
    if change is None:
        return ""
    told = say_change(change, score.unit, say_beside(view.selection, view.days_beside))
    turned = reversal(view) if score.question == view.about else None
    return (
        f"{told}, though every {turned.group} {turned.did}: the mix has changed" if turned else told
    )


def _answers(score: Score) -> str:
    """How many, and as how many they tell where they are weighted."""
    is_told = is_weighted([score]) and score.n
    return count_answers(score.n) + (f", like {score.worth:,.0f}" if is_told else "")


def _move(view: ResultsView, score: Score) -> str:
    change = view.changes.get(score.question)
    if change is None:
        return ""
    return (say_move(change.by, score.unit) if is_sure(change) else "") or NO_CHANGE


def _trend_of(view: ResultsView, score: Score) -> tuple[TrendPoint, ...]:
    for each, trend in zip(view.scores, view.trends, strict=True):
        if each.question == score.question:
            return trend
    return ()
