"""A results view with every kind of panel, made from fixed counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import msgspec
import pytest

from harken_server.insights.page.view import ResultsView, Selection
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import distribute, distributed_questions
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import histogram, scored_questions
from harken_server.insights.rules.trends import days_of, fold_trend
from harken_server.insights.store.comments import Comment
from harken_server.insights.store.counts import FilterValues
from harken_server.responses.response import CountFilter
from harken_server.surveys.survey import Survey

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)

DEFINITION = {
    "key": "post_purchase",
    "title": "After your order",
    "questions": [
        {
            "type": "nps",
            "key": "recommend",
            "text": "How likely is it that you would recommend Fjord Coffee to a friend?",
        },
        {"type": "csat", "key": "delivery", "text": "How satisfied were you with the delivery?"},
        {
            "type": "single_choice",
            "key": "reason",
            "text": "What mattered most?",
            "choices": [
                {"value": "taste", "label": "How it tastes"},
                {"value": "price", "label": "Price"},
                {"value": "speed", "label": "Speed of delivery"},
                {"value": "people", "label": "The people"},
            ],
            "other": "Something else",
        },
        {
            "type": "matrix",
            "key": "parts",
            "text": "How did we do?",
            "rows": [
                {"value": "website", "label": "Website"},
                {"value": "checkout", "label": "Checkout"},
                {"value": "packaging", "label": "Packaging"},
            ],
            "columns": [
                {"value": "poor", "label": "Poor"},
                {"value": "fair", "label": "Fair"},
                {"value": "good", "label": "Good"},
                {"value": "great", "label": "Great"},
            ],
        },
        {
            "type": "multiple_choice",
            "key": "heard",
            "text": "Where have you heard of us?",
            "choices": [
                {"value": "friend", "label": "A friend"},
                {"value": "shop", "label": "Walked past the shop"},
                {"value": "web", "label": "On the web"},
            ],
        },
        {
            "type": "ranking",
            "key": "wish",
            "text": "What should we do next?",
            "choices": [
                {"value": "oat", "label": "Oat milk"},
                {"value": "late", "label": "Open later"},
                {"value": "app", "label": "An app"},
            ],
        },
        {"type": "long_text", "key": "why", "text": "What is the main reason for your score?"},
    ],
    "presentation": {"brand": "Fjord Coffee"},
}

TEXTS = (
    (9, "The beans arrived the day after I ordered, still smelling of the roastery."),
    (3, "Box was crushed and nobody answered my mail for a week.\nI want to like you, really."),
    (8, "Good coffee. The checkout asked for my phone number twice, which put me off a little."),
    (10, "قهوة ممتازة وخدمة سريعة"),
    (None, "Where is the decaf?"),
    (7, "<script>alert('x')</script> & \"quotes\""),
)


def make_survey() -> Survey:
    return msgspec.convert(DEFINITION, Survey)


def make_counts(seed: int = 7, days: int = 90) -> list[CountRow]:
    """About five responses a day with a slow rise, no answers at all for two weeks."""
    random = Random(seed)
    rows: list[CountRow] = []
    for back in range(days):
        day = TODAY.toordinal() - back
        if 40 <= back < 55:
            continue
        for _ in range(random.randint(1, 8)):
            lift = 12 * (days - back) / days
            weights = [2, 1, 1, 1, 1, 2, 2, 4, 6, 5 + lift, 6 + lift]
            rating = random.choices(range(11), weights)[0]
            rows.append(CountRow("recommend", "", str(rating), 1, day))
            satisfied = random.choices(range(1, 6), [1, 1, 2, 6, 9])[0]
            rows.append(CountRow("delivery", "", str(satisfied), 1, day))
            values = ["taste", "price", "speed", "people", "other"]
            rows.append(CountRow("reason", "", random.choices(values, [9, 4, 3, 2, 1])[0], 1, day))
            for row in ("website", "checkout", "packaging"):
                column = random.choices(["poor", "fair", "good", "great"], [1, 2, 5, 4])[0]
                rows.append(CountRow("parts", row, column, 1, day))
            rows.append(CountRow("parts", "", "", 1, day))
            heard = random.sample(["friend", "shop", "web"], random.randint(1, 3))
            rows.append(CountRow("heard", "", "", 1, day))
            rows += [CountRow("heard", choice, choice, 1, day) for choice in heard]
            rows.append(CountRow("wish", "", "", 1, day))
            wishes = random.sample(["oat", "late", "app"], 3)
            rows += [CountRow("wish", wish, str(at), 1, day) for at, wish in enumerate(wishes, 1)]
    return rows


def make_view(rows: list[CountRow], **changes: object) -> ResultsView:
    survey = make_survey()
    selection = CountFilter(from_day=TODAY.toordinal() - 89, to_day=TODAY.toordinal())
    metrics = scored_questions(survey.questions)
    view = ResultsView(
        survey=survey,
        locale="en",
        status="live",
        version=3,
        generated_at=NOW,
        path="/results/post_purchase",
        token="tok-en",
        selection=Selection(),
        options=FilterValues(
            touchpoints=("order.delivered", "shop.visited"),
            channels=("email", "receipt"),
            versions=(3, 2),
        ),
        first_day=TODAY - timedelta(days=89),
        last_day=TODAY,
        has_samples=True,
        period="week",
        scores=tuple(score_question(item, histogram(rows, item.key)) for item in metrics),
        trends=tuple(tuple(fold_trend(item, days_of(rows), "week", selection)) for item in metrics),
        distributions=tuple(
            part
            for item in distributed_questions(survey.questions)
            for part in distribute(item, rows)
        ),
        comments=tuple(
            Comment(
                question="why",
                text=text,
                answered_at=NOW - timedelta(hours=7 * index * index, minutes=12),
                rating=rating,
                touchpoint="order.delivered" if index % 2 else "shop.visited",
                channel="receipt",
                is_sample=index == 2,
            )
            for index, (rating, text) in enumerate(TEXTS)
        ),
        older="00ff",
    )
    return msgspec.structs.replace(view, **changes)


@pytest.fixture
def counts() -> list[CountRow]:
    return make_counts()


@pytest.fixture
def view(counts: list[CountRow]) -> ResultsView:
    return make_view(counts)


@pytest.fixture
def empty_view() -> ResultsView:
    return make_view([], comments=(), older=None, has_samples=False)
