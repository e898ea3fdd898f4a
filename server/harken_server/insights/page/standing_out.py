"""When a group stood out, and whether that alone makes it differ from the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harken_server.insights.page.change import SURE
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.comparing.breakdowns import GroupScores, less, ratings_in
from harken_server.insights.rules.comparing.differences import score_difference
from harken_server.insights.rules.comparing.standouts import LEAST, Standout
from harken_server.insights.rules.comparing.steps import is_of_step
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import scored_questions
from harken_server.surveys.questions.types import RatingQuestion


def told_standouts(view: ResultsView) -> list[Standout]:
    """The surest first, but for what only a lasting step makes of everybody."""
    question = _question(view)
    if view.groups is None or question is None:
        return []
    times = view.groups.times
    return [
        each
        for each in view.groups.looked.standouts
        if each.p_corrected <= SURE
        and not is_of_step(question, times.get(each.group, {}), each, view.steps)
    ]


def only_by(view: ResultsView, group: GroupScores) -> Standout | None:
    """The surest period without which, and others that were told of it, it is like the rest."""
    question, groups = _question(view), view.groups
    own = [each for each in told_standouts(view) if each.group == group.group]
    if groups is None or question is None or not own or view.is_latest:
        return None
    periods, starts = groups.times.get(group.group, {}), {each.start for each in own}
    usual = _added(counts for start, counts in periods.items() if start not in starts)
    everybody = _added(groups.times.get(None, {}).values())
    rest = less(everybody, _added(periods.values()))
    found = score_difference(
        score_question(question, ratings_in(usual)),
        score_question(question, ratings_in(rest)),
        least=LEAST,
    )
    if found is None:
        return None
    is_apart = found.p * len(groups.groups) <= SURE and found.low * found.high > 0
    return None if is_apart else own[0]


def _question(view: ResultsView) -> RatingQuestion | None:
    for each in scored_questions(view.survey.questions):
        if each.key == view.about:
            return each
    return None


def _added(each: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in each:
        for value, n in counts.items():
            sums[value] = sums.get(value, 0) + n
    return sums
