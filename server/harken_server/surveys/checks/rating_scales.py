"""Scales of metric questions: a score is only comparable when its scale is the standard one."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.questions.types import Ces, Csat, Nps, Rating, as_rating, scale_of

MAX_SMILEYS = 7
RATING_POINTS = (2, 11)


def check_scales(draft: Draft) -> Iterator[Problem]:
    """Metric questions on another scale than their own, and ratings that cannot be drawn."""
    for path, _, question in draft.questions():
        rated = as_rating(question)
        if rated is None or question.key in draft.damaged:
            continue
        match rated:
            case Nps():
                yield from _check_fixed(path, rated, (0, 10), "An NPS question")
            case Csat():
                yield from _check_fixed(path, rated, (1, 5), "A CSAT question")
            case Ces():
                high = 7 if rated.variant == "2.0" else 5
                thing = f"A CES question of variant {rated.variant}"
                yield from _check_fixed(path, rated, (1, high), thing)
            case Rating():
                yield from _check_rating(path, rated)


def _check_fixed(
    path: str, question: Nps | Csat | Ces, scale: tuple[int, int], thing: str
) -> Iterator[Problem]:
    for field, given, wanted in zip(("low", "high"), scale_of(question), scale, strict=True):
        if given != wanted:
            message = f"{thing} runs from {scale[0]} to {scale[1]}; `{field}` is {given}."
            yield _wrong_scale(f"{path}.{field}", message, question.key, wanted)


def _check_rating(path: str, question: Rating) -> Iterator[Problem]:
    low, high = question.low, question.high
    points = high - low + 1
    fewest, most = RATING_POINTS
    if low >= high:
        message = f"`high` must be above `low`; they are {high} and {low}."
        yield _wrong_scale(f"{path}.high", message, question.key, low + 1)
    elif points > most:
        message = f"A rating has {fewest} to {most} points; from {low} to {high} it has {points}."
        yield _wrong_scale(f"{path}.high", message, question.key, most)
    elif question.style == "thumbs" and points != fewest:
        message = f"Thumbs have 2 points, such as `low: 0` and `high: 1`; this has {points}."
        yield _wrong_scale(f"{path}.high", message, question.key, fewest)
    elif question.style == "smiley" and points > MAX_SMILEYS:
        message = f"There are {MAX_SMILEYS} different smileys at most; this has {points} points."
        yield _wrong_scale(f"{path}.high", message, question.key, MAX_SMILEYS)
    elif question.style == "star" and low != 1:
        message = "Stars are counted from 1; nobody can give 0 stars by choosing one."
        yield _wrong_scale(f"{path}.low", message, question.key, 1)


def _wrong_scale(path: str, message: str, key: str, limit: int) -> Problem:
    return Problem(path, "wrong_scale", message, question=key, limit=limit)
