"""How far people came: who was asked and answered, who reached the end, and where others left."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from harken_server.insights.page.pictures.charts import draw_share
from harken_server.insights.page.tables import Table, sheet
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.read.reaching import AskedByName
from harken_server.insights.rules.distributions import ChoiceShare
from harken_server.insights.rules.figures import NOTHING, show_share
from harken_server.insights.rules.intervals import share_interval
from harken_server.insights.store.reached_sql import Invited

_TWO = 2
MOST_DRAWN = 12
"""Steps with a bar; the table has all."""


class RateRow(msgspec.Struct, frozen=True):
    """One share."""

    label: str
    share: str
    n: str
    note: str
    """How many left here; empty where that is not known, or nobody did."""
    is_most: bool
    """Whether nowhere more left."""
    svg: Markup


class RatesPanel(msgspec.Struct, frozen=True):
    """Of all who began, and of all who were asked by name."""

    started: str
    says: str
    """Where most people left."""
    rows: tuple[RateRow, ...]
    table: Table
    csv: str
    file: str
    who: str
    """The page that tells who of those asked answered; empty where it is told."""
    asked: str
    """Who of those asked answered, in a sentence; empty unless somebody asked that."""
    groups: tuple[RateRow, ...]
    groups_table: Table | None


class Step(msgspec.Struct, frozen=True):
    """One step of answering."""

    label: str
    share: ChoiceShare | None
    """Of those who began; None of a text, which is in no count."""
    left: int
    """Who stopped at it; where logic leads on, so that nobody knows at what, after it."""


def rates_panel(view: ResultsView) -> RatesPanel | None:
    """None where nobody is counted: too many, or none at all."""
    if view.finished is None or not view.finished.started:
        return None
    started, steps = view.finished.started, rate_steps(view)
    rows = tuple(_row(view, each) for each in steps[:MOST_DRAWN])
    asked = view.asked
    return RatesPanel(
        f"{started:,}",
        say_left(view),
        rows,
        Table(
            "How far people came",
            ("Step", "Answers", "Of those who began", "95% low", "95% high", left_head(view)),
            tuple((each.label, *_shares(each.share), _left(view, each)) for each in steps),
        ),
        view.link("/rates.csv"),
        view.link("/rates.svg"),
        "" if asked else f"{view.link(who='1')}#rates-h",
        _say_asked(asked) if asked else "",
        tuple(_group(each.group, each.asked, each.answered) for each in asked.groups)
        if asked
        else (),
        _groups_table(asked) if asked else None,
    )


def rate_steps(view: ResultsView) -> list[Step]:
    """Each question that is counted, in the survey's order, and the end; of those who began."""
    if view.finished is None or not view.finished.started:
        return []
    started, left = view.finished.started, left_where(view)
    counted = {score.question: score.n for score in view.scores}
    counted |= {part.question: part.asked for part in view.distributions}
    steps = [
        Step(
            say(view, question.text),
            share_of(min(counted[question.key], started), started)
            if question.key in counted
            else None,
            left.get(question.key, 0),
        )
        for question in view.survey.questions
        if question.key in counted or left.get(question.key)
    ]
    return [*steps, Step("Completed", share_of(view.finished.completed, started), left.get("", 0))]


def left_where(view: ResultsView) -> dict[str, int]:
    """How many stopped at each question: the one after the last that they answered, or the end
    (empty). Where logic leads on, at which is not known: then after which they did."""
    left = view.left_after or {}
    if _has_logic(view):
        return {**left}
    keys = [each.key for each in view.survey.questions if each.behaviour.takes_answer]
    following = dict(zip(keys, [*keys[1:], ""], strict=True))
    return {following[key]: n for key, n in left.items() if key in following}


def left_head(view: ResultsView) -> str:
    """What its column is called."""
    return "Stopped after it" if _has_logic(view) else "Stopped here"


def rates_csv(view: ResultsView) -> bytes:
    """The same as a file."""
    where = "stopped_after" if _has_logic(view) else "stopped_here"
    heads = ("step", "n", "of", "share", "low", "high", where)
    return sheet(
        heads,
        (
            (each.label, *_numbers(each.share), each.left if view.left_after is not None else None)
            for each in rate_steps(view)
        ),
    )  # fmt: skip


def _numbers(share: ChoiceShare | None) -> tuple[float | None, ...]:
    return (None,) * 5 if share is None else (
        share.n, share.of, share.share, share.low, share.high
    )  # fmt: skip


def say_left(view: ResultsView) -> str:
    """Where most people stopped, in a sentence; empty where that is not known."""
    if view.finished is None or not view.left_after:
        return ""
    left = left_where(view)
    key = max(left, key=left.__getitem__)
    share = show_share(100 * left[key] / view.finished.started)
    texts = {each.key: say(view, each.text) for each in view.survey.questions}
    where = f"{'after' if _has_logic(view) else 'at'} “{texts[key]}”" if key else "before the end"
    return f"Most who stopped did so {where}: {left[key]:,}, {share} of all who began."


def _has_logic(view: ResultsView) -> bool:
    return any(each.jumps or each.show_if is not None for each in view.survey.questions)


def share_left(view: ResultsView) -> float:
    """How many percent left where most did."""
    if view.finished is None or not view.left_after:
        return 0
    return 100 * max(view.left_after.values()) / view.finished.started


def share_of(n: int, of: int) -> ChoiceShare:
    """A share with its interval."""
    low, high = (100 * end for end in share_interval(n, of))
    return ChoiceShare(value="", n=n, of=of, share=100 * n / of, low=low, high=high)


def _row(view: ResultsView, step: Step) -> RateRow:
    share = step.share
    most = max(left_where(view).values(), default=0)
    note = f"{step.left:,} {left_head(view).lower()}" if step.left else ""
    if share is None:
        return RateRow(step.label, "", "", note, step.left == most, Markup())
    svg = draw_share(share, step.label)
    return RateRow(
        step.label, show_share(share.share), f"{share.n:,}", note, 0 < step.left == most, svg
    )


def _group(name: str, asked: int, answered: int) -> RateRow:
    share, label = share_of(answered, asked), name or NOTHING
    n = f"{answered:,} of {asked:,}"
    return RateRow(label, show_share(share.share), n, "", False, draw_share(share, label))


def _shares(share: ChoiceShare | None) -> tuple[str, ...]:
    return (NOTHING,) * 4 if share is None else (f"{share.n:,}", *_ends(share))


def _ends(share: ChoiceShare) -> tuple[str, ...]:
    return tuple(map(show_share, (share.share, share.low, share.high)))


def _left(view: ResultsView, step: Step) -> str:
    return NOTHING if view.left_after is None else f"{step.left:,}"


def say_silent(asked: AskedByName | None) -> str:
    """How many of those asked did not answer, and whom that is most of; empty for none."""
    if asked is None or not asked.reached.invited:
        return ""
    reached, low = asked.reached, _lowest(asked)
    silent = reached.invited - reached.answered
    least = ""
    if low is not None:
        share = show_share(100 * low.answered / low.asked)
        least = f"; of {asked.by} {low.group} {share} answered"
    return f"{silent:,} of {reached.invited:,} asked did not answer{least}"


def _say_asked(asked: AskedByName) -> str:
    reached = asked.reached
    if not reached.invited:
        return "Nobody was asked by a personal link in these days, so there is no response rate."
    share = show_share(100 * reached.answered / reached.invited)
    whole = (
        f"{reached.answered:,} of {reached.invited:,} asked by a personal link answered ({share})"
    )
    least = _least(asked)
    return f"{whole}. {least}" if least else f"{whole}."


def _known(asked: AskedByName) -> list[Invited]:
    return [each for each in asked.groups if each.group and each.asked]


def _least(asked: AskedByName) -> str:
    """Who answered least, where that is no chance."""
    low = _lowest(asked)
    if low is None:
        several = len(_known(asked)) > 1
        return "No group answered surely less than the others." if several else ""
    others = _others(asked, low)
    return (
        f"{low.group} answered least: {show_share(100 * low.answered / low.asked)}, all others "
        f"{show_share(others.share)}. The score speaks less for them than for others."
    )


def _lowest(asked: AskedByName) -> Invited | None:
    known = _known(asked)
    if len(known) < _TWO:
        return None
    low = min(known, key=lambda each: each.answered / each.asked)
    own, others = share_of(low.answered, low.asked), _others(asked, low)
    is_sure = own.high is not None and others.low is not None and own.high < others.low
    return low if is_sure else None


def _others(asked: AskedByName, low: Invited) -> ChoiceShare:
    rest = [each for each in _known(asked) if each is not low]
    return share_of(sum(each.answered for each in rest), sum(each.asked for each in rest))


def _groups_table(asked: AskedByName) -> Table:
    rows: Sequence[tuple[str, ...]] = [
        (each.group or NOTHING, f"{each.asked:,}", f"{each.answered:,}",
         *_ends(share_of(each.answered, each.asked)))
        for each in asked.groups
    ]  # fmt: skip
    heads = (
        asked.by.capitalize(),
        "Asked",
        "Answered",
        "Of those asked",
        "95% low",
        "95% high",
    )
    return Table("Who answered", heads, tuple(rows))
