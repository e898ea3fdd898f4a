"""Which surveys show answers of several people together only, and from how many on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.survey import Survey

USUAL_MINIMUM = 5
"""Where a survey is protected and names no number."""
LEAST_MINIMUM = 3
"""Of two each would know the other's answer."""


def minimum_of(survey: Survey) -> int:
    """How many people's answers are shown together at least; 0: each is shown for itself."""
    if survey.minimum_group is not None:
        return survey.minimum_group
    return USUAL_MINIMUM if survey.anonymous or _asks_employees(survey) else 0


def check_small_groups(draft: Draft) -> Iterator[Problem]:
    """A minimum that protects nobody."""
    survey = draft.survey
    minimum = survey.minimum_group
    if minimum is None or "minimum_group" in draft.unread_fields:
        return
    if survey.anonymous and minimum == 0:
        message = (
            "An anonymous survey needs a minimum group; leave this out for 5, or name 3 or more."
        )
        yield Problem("$.minimum_group", "group_too_small", message, limit=LEAST_MINIMUM)
    if 0 < minimum < LEAST_MINIMUM:
        message = f"The smallest minimum group is {LEAST_MINIMUM}, not {minimum}; 0 turns it off."
        yield Problem("$.minimum_group", "group_too_small", message, limit=LEAST_MINIMUM)


def check_promise(older: Iterable[Survey], survey: Survey) -> list[Problem]:
    """What would break the promise under which earlier versions were answered.

    Answers are protected from the first one on or never: those that stood there alone would tell
    the others by subtraction.
    """
    problems: list[Problem] = []
    before = [*older]
    if any(each.anonymous is not survey.anonymous for each in before):
        state = "is not anonymous" if survey.anonymous else "is anonymous"
        message = f"The survey {state}, and stays so for all its versions; use a new key."
        problems.append(Problem("$.anonymous", "promise_changed", message))
    minima, now = [minimum_of(each) for each in before], minimum_of(survey)
    if minima and now < max(minima):
        message = f"Answers were promised a group of {max(minima)}; it can grow, but not shrink."
        problems.append(Problem("$.minimum_group", "promise_changed", message, limit=max(minima)))
    if now and not all(minima):
        message = (
            "Answers to an earlier version are shown one by one, so that later ones could be told "
            "by subtraction; use a new key, or `minimum_group: 0`."
        )
        problems.append(Problem("$.minimum_group", "promise_changed", message, limit=0))
    return problems


def _asks_employees(survey: Survey) -> bool:
    return any(question.asks_employees for question in survey.questions)
