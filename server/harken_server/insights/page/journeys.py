"""A journey as it is shown: its picture, its table, and both as files."""

from __future__ import annotations

from collections.abc import Sequence

from harken_server.insights.page.drawn import Paper, made
from harken_server.insights.page.moments import NO_CHANGE
from harken_server.insights.page.pictures.journey import Stage, draw_journey, say_lost
from harken_server.insights.page.tables import Table
from harken_server.insights.read.journey_scores import JourneyScore, StageScore
from harken_server.insights.rules.comparing.journey_scores import Index, IndexChange
from harken_server.insights.rules.figures import (
    NOTHING,
    count_answers,
    show_interval,
    show_number,
    show_score,
    show_share,
)

_NO_SURVEY = "no survey here"


def stages_of(found: JourneyScore, level: float) -> list[Stage]:
    """As they are drawn."""
    return [_stage(each, level) for each in found.stages]


def journey_file(title: str, found: JourneyScore, paper: Paper, level: float) -> bytes:
    """The picture as a file."""
    stages = stages_of(found, level)
    return made(draw_journey(title, stages), title, say_journey(found, level), paper)


def say_journey(found: JourneyScore, level: float) -> str:
    """The whole in numbers, where most people leave, and where nobody is asked."""
    index = found.index
    if index.value is None:
        return " ".join(["No answers yet.", *say_leaks(found)])
    interval = show_interval(index.low, index.high, "index", level)
    moved = f"; {say_change(found.change)}" if found.change else ""
    whole = f"{show_score(index.value, 'index')} of 100, {interval}, {count_answers(index.n)}"
    return " ".join([f"Whole journey: {whole}{moved}.", *say_leaks(found)])


def say_findings(found: JourneyScore) -> list[str]:
    """What stands out, a sentence each: where it is worst, what moved, and where people leave."""
    scored = [each for each in found.stages if each.index.value is not None]
    told = [_say_worst(scored)] if len(scored) > 1 else []
    told += [
        f"{each.title} is {say_change(each.change)} on as many days before."
        for each in scored
        if each.change and not each.change.could_be_chance
    ]
    return [*told, *say_leaks(found)]


def _say_worst(scored: Sequence[StageScore]) -> str:
    """The lowest stage; that it is so is said only where its interval lies below all others."""
    first, second = sorted(scored, key=lambda each: each.index.value or 0)[:2]
    index = first.index
    what = f"{show_score(index.value, 'index')} of 100 ({_ends(index)})"
    if (index.high or 0) < (second.index.low or 0):
        return f"Lowest score: {first.title}, {what}."
    return (
        f"Lowest scores: {first.title}, {what}, and {second.title}, "
        f"{show_score(second.index.value, 'index')} ({_ends(second.index)}): too near to tell."
    )


def _ends(index: Index) -> str:
    return f"{show_score(index.low, 'index')} to {show_score(index.high, 'index')}"


def say_change(change: IndexChange | None) -> str:
    """How an index moved since as many days before; empty where that is not known."""
    if change is None:
        return ""
    size = show_number(abs(change.by), 1)
    if change.could_be_chance:
        return NO_CHANGE
    return f"{'up' if change.by > 0 else 'down'} {size}"


def say_leaks(found: JourneyScore) -> list[str]:
    """Where most people leave, and where nobody is asked: a sentence each."""
    passed = [each for each in found.stages[:-1] if each.people]
    told: list[str] = []
    if passed:
        worst = max(passed, key=lambda each: each.people - each.went_on)
        told.append(f"Most people leave after {worst.title}: {say_lost(_stage(worst, 0))}.")
    gaps = [each.title for each in found.stages if each.gap == _NO_SURVEY]
    return [*told, f"No survey asks at {', '.join(gaps)}."] if gaps else told


def tabulate_journey(found: JourneyScore) -> Table:
    """A row a touchpoint, with what is said of its stage."""
    rows = tuple(
        (
            stage.title,
            touchpoint.title or touchpoint.key,
            *_figures(touchpoint.index.value, touchpoint.index.low, touchpoint.index.high),
            f"{touchpoint.index.n:,}",
            touchpoint.gap or NOTHING,
            say_change(stage.change) or NOTHING,
            f"{stage.people:,}" if stage.people else NOTHING,
            show_share(_lost(stage)) if stage.people and stage is not found.stages[-1] else NOTHING,
        )
        for stage in found.stages
        for touchpoint in stage.touchpoints
    )
    heads = (
        "Stage", "Touchpoint", "Score", "Low", "High", "Answers", "Gap", "Change of the stage",
        "People at the stage", "Go no further",
    )  # fmt: skip
    return Table("Stages and touchpoints", heads, rows, 2)


def _figures(*values: float | None) -> tuple[str, ...]:
    return tuple(NOTHING if value is None else show_score(value, "index") for value in values)


def _stage(stage: StageScore, level: float) -> Stage:
    index = stage.index
    return Stage(
        stage.title,
        asks=stage.gap != _NO_SURVEY,
        score=index.value,
        low=index.low,
        high=index.high,
        n=index.n,
        change=say_change(stage.change),
        trend=tuple(stage.weeks),
        people=stage.people,
        went_on=stage.went_on,
        level=level,
    )


def _lost(stage: StageScore) -> float:
    return 100 * (stage.people - stage.went_on) / stage.people
