"""How much a page of very many questions weighs."""

from __future__ import annotations

from random import Random

import brotli
import msgspec

from harken_server.insights.page.results_page import render_results
from harken_server.insights.page.view import ResultsView
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import histogram, scored_questions
from harken_server.insights.rules.trends import days_of, fold_trend
from harken_server.responses.response import CountFilter
from harken_server.surveys.survey import Survey

MANY, MOST = 200, 60_000


def test_two_hundred_questions_weigh_less_than_60_kb(view: ResultsView) -> None:
    dice = Random(3)
    day = view.last_day.toordinal()
    definition = msgspec.to_builtins(view.survey)
    definition["questions"] = [
        {"type": "csat", "key": f"q{n}", "text": f"How was number {n}, all in all?"}
        for n in range(MANY)
    ]
    survey = msgspec.convert(definition, Survey)
    rows = [
        CountRow(f"q{n}", "", str(rating), dice.randint(0, 9), day - back)
        for n in range(MANY)
        for rating in range(1, 6)
        for back in range(0, 90, 7)
    ]
    rated = scored_questions(survey.questions)
    selection = CountFilter(from_day=day - 89, to_day=day)
    own = {one.key: [row for row in rows if row.question == one.key] for one in rated}
    many = msgspec.structs.replace(
        view,
        survey=survey,
        distributions=(),
        scores=tuple(score_question(one, histogram(own[one.key], one.key)) for one in rated),
        trends=tuple(
            tuple(fold_trend(one, days_of(own[one.key]), "week", selection)) for one in rated
        ),
    )

    body = render_results(many).body

    assert body.count(b"How was number") >= MANY
    assert len(brotli.compress(body, quality=5)) < MOST
