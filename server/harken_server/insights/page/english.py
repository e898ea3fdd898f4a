"""The fixed English words of the results page: names of metrics, groups and kinds of question."""

from __future__ import annotations

from harken_server.insights.rules.scores import Metric, Score
from harken_server.surveys.questions.behaviour import style_of
from harken_server.surveys.questions.types import RatingQuestion, scale_of

SMALL_N = 30
"""Below this many answers the page says that it is early days."""
ATTRIBUTION = (
    "Net Promoter®, NPS®, Net Promoter Score® and Net Promoter System® are registered trademarks "
    "of Bain & Company, Inc., NICE Systems, Inc. and Fred Reichheld."
)

_METRICS: dict[Metric, str] = {
    "nps": "Net Promoter Score®",
    "csat": "Customer satisfaction",
    "ces": "Customer effort, CES 2.0",
    "ces_v1": "Customer effort, CES v1",
    "rating": "Rating",
}
_GROUPS = {
    "promoters": "Promoters",
    "passives": "Passives",
    "detractors": "Detractors",
    "satisfied": "Satisfied",
    "neutral": "Neutral",
    "dissatisfied": "Dissatisfied",
    "easy": "Easy",
    "difficult": "Difficult",
    "low_effort": "Low effort",
    "high_effort": "High effort",
    "top": "High ratings",
    "middle": "In between",
    "bottom": "Low ratings",
    "up": "Thumbs up",
    "down": "Thumbs down",
}


def name_metric(score: Score) -> str:
    """The metric's name as shown above its number."""
    return _METRICS[score.metric]


def name_group(group: str) -> str:
    """A group of ratings as shown in legends."""
    return _GROUPS[group]


def span_of(ratings: range) -> str:
    """Ratings of a group, with an en dash: `9-10`, or `4` for one alone."""
    return f"{ratings[0]}\N{EN DASH}{ratings[-1]}" if len(ratings) > 1 else str(ratings[0])


def explain_score(score: Score) -> str:
    """What the number is, in one line, with its direction where that could be mistaken."""
    low, high = next(iter(score.counts)), list(score.counts)[-1]
    match score.metric:
        case "nps":
            return "Share of promoters minus share of detractors, from \N{MINUS SIGN}100 to 100."
        case "csat":
            return f"Share of ratings in the two best places of {low} to {high}."
        case "ces":
            return "Mean agreement, 1 to 7, that it was easy. Higher is better."
        case "ces_v1":
            return "Mean effort, 1 to 5. Lower is better."
        case "rating" if score.unit == "percent":
            return "Share of thumbs up."
        case _:
            return f"Mean rating, {low} to {high}. Higher is better."


def rating_label(question: RatingQuestion, rating: int) -> str:
    """A rating as shown on a badge: its number, or a thumb's direction."""
    if style_of(question) == "thumbs":
        return "Up" if rating == scale_of(question)[1] else "Down"
    return str(rating)


def explain_method(score: Score) -> str:
    """How the interval was computed, for the line under the number."""
    names = {
        "adjusted_wald": "adjusted Wald",
        "wilson": "Wilson",
        "adjusted_normal": "adjusted normal",
    }
    return names[score.method]
