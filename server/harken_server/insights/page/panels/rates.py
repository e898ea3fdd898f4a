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
    share: ChoiceShare
    left: int
    """Who left after it."""


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
            ("Step", "Answers", "Of those who began", "95% low", "95% high", "Left after it"),
            tuple(
                (each.label, f"{each.share.n:,}", *_ends(each.share), _left(view, each))
                for each in steps
            ),
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
    started, left = view.finished.started, view.left_after or {}
    counted = {score.question: score.n for score in view.scores}
    counted |= {part.question: part.asked for part in view.distributions}
    steps = [
        Step(
            say(view, question.text),
            share_of(min(counted[question.key], started), started),
            left.get(question.key, 0),
        )
        for question in view.survey.questions
        if question.key in counted
    ]
    return [*steps, Step("Came to the end", share_of(view.finished.completed, started), 0)]


def rates_csv(view: ResultsView) -> bytes:
    """The same as a file."""
    heads = ("step", "n", "of", "share", "low", "high", "left_after")
    return sheet(
        heads,
        (
            (each.label, each.share.n, each.share.of, each.share.share, each.share.low,
             each.share.high, each.left if view.left_after is not None else None)
            for each in rate_steps(view)
        ),
    )  # fmt: skip


def say_left(view: ResultsView) -> str:
    """Where most people left, in a sentence; empty where that is not known."""
    if view.finished is None or not view.left_after:
        return ""
    key = max(view.left_after, key=view.left_after.__getitem__)
    n, questions = view.left_after[key], view.survey.questions
    share = show_share(100 * n / view.finished.started)
    keys = [each.key for each in questions if each.behaviour.takes_answer]
    texts = {each.key: say(view, each.text) for each in questions}
    following = keys[keys.index(key) + 1 :]
    has_logic = any(each.jumps or each.show_if is not None for each in questions)
    if following and not has_logic:
        return f"Most gave up at “{texts[following[0]]}”: {n:,}, {share} of all who began."
    return f"Most gave up after “{texts[key]}”: {n:,}, {share} of all who began."


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
    note = f"{step.left:,} left after it" if step.left else ""
    is_most = bool(view.left_after) and step.left == max(view.left_after.values())
    svg = draw_share(share, step.label)
    return RateRow(step.label, show_share(share.share), f"{share.n:,}", note, is_most, svg)


def _group(name: str, asked: int, answered: int) -> RateRow:
    share, label = share_of(answered, asked), name or NOTHING
    n = f"{answered:,} of {asked:,}"
    return RateRow(label, show_share(share.share), n, "", False, draw_share(share, label))


def _ends(share: ChoiceShare) -> tuple[str, ...]:
    return tuple(map(show_share, (share.share, share.low, share.high)))


def _left(view: ResultsView, step: Step) -> str:
    return NOTHING if view.left_after is None else f"{step.left:,}"


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


def _least(asked: AskedByName) -> str:
    """Who answered least, where that is no chance."""
    known = [each for each in asked.groups if each.group and each.asked]
    if len(known) < 2:
        return ""
    low = min(known, key=lambda each: each.answered / each.asked)
    rest = [each for each in known if each is not low]
    others = share_of(sum(each.answered for each in rest), sum(each.asked for each in rest))
    own = share_of(low.answered, low.asked)
    if own.high is None or others.low is None or own.high >= others.low:
        return "No group answered surely less than the others."
    return (
        f"{low.group} answered least: {show_share(own.share)}, all others "
        f"{show_share(others.share)}. The score speaks less for them than for others."
    )


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
