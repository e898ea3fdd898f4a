"""What the results page says of scores; like the console, it speaks English only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from harken_server.insights.rules.estimates import Method
from harken_server.insights.rules.figures import show_number, show_signed
from harken_server.insights.rules.scores import Metric, Score
from harken_server.kernel.words import Catalogue
from harken_server.surveys.questions.types import RatingQuestion, scale_of, style_of

SMALL_N = 30
"""Below this many answers the page says that it is early days, and draws what is uncertain so."""


class ResultWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Names and sentences of metrics, groups of ratings and methods."""

    attribution: str
    thumb_up: str
    thumb_down: str
    metrics: dict[Metric, str]
    groups: dict[str, str]
    explanations: dict[Metric | Literal["thumbs"], str]
    """What each number is, in one line, with its direction where that could be mistaken."""
    methods: dict[Method, str]


RESULT_WORDS = Catalogue(Path(__file__).parent, ResultWords, ("en",))


def name_metric(score: Score) -> str:
    """The metric's name as shown above its number."""
    return RESULT_WORDS.of("en").metrics[score.metric]


def name_group(group: str) -> str:
    """A group of ratings as shown in legends."""
    return RESULT_WORDS.of("en").groups[group]


def span_of(ratings: range) -> str:
    """Ratings of a group, with an en dash: `9-10`, or `4` for one alone."""
    return f"{ratings[0]}\N{EN DASH}{ratings[-1]}" if len(ratings) > 1 else str(ratings[0])


def span_of_versions(versions: Sequence[int]) -> str:
    """Says which versions did not ask a question; empty for none.

    >>> span_of_versions([]), span_of_versions([1]), span_of_versions([1, 2, 5])
    ('', 'Not asked in version 1.', 'Not asked in versions 1, 2, 5.')
    """
    if not versions:
        return ""
    numbers = ", ".join(map(str, versions))
    return f"Not asked in version{'' if len(versions) == 1 else 's'} {numbers}."


def explain_score(score: Score) -> str:
    """What the number is, in one line, with its direction where that could be mistaken."""
    is_thumbs = score.metric == "rating" and score.unit == "percent"
    form = RESULT_WORDS.of("en").explanations["thumbs" if is_thumbs else score.metric]
    return form.format(low=next(iter(score.counts)), high=list(score.counts)[-1])


def rating_label(question: RatingQuestion, rating: int) -> str:
    """A rating as shown on a badge: its number, or a thumb's direction."""
    if style_of(question) == "thumbs":
        words = RESULT_WORDS.of("en")
        return words.thumb_up if rating == scale_of(question)[1] else words.thumb_down
    return str(rating)


def explain_method(score: Score) -> str:
    """How the interval was computed, for the line under the number."""
    return RESULT_WORDS.of("en").methods[score.method]


def say_rated(score: Score) -> str:
    """The score as the page shows it, with what it is: `54% satisfied`, `3.20 of 5`."""
    shown = show_signed(score.score, score.unit)
    match score.unit:
        case "percent":
            return f"{shown} {name_group(list(score.groups)[-1]).lower()}"
        case "mean":
            return f"{shown} of {show_number(score.range_high)}"
        case _:
            return f"{name_metric(score)} {shown}"
