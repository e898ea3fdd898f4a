"""Which ratings are poor, on every scale."""

from __future__ import annotations

from typing import Any

import pytest

from harken_server.surveys.questions.poor import is_poor, is_poor_response
from harken_server.surveys.questions.types import Ces, Csat, LongText, Nps, Rating, scale_of

BASE: dict[str, Any] = {"key": "q", "text": "?"}


@pytest.mark.parametrize(
    ("question", "poor"),
    [
        (Nps(**BASE), [0, 1, 2, 3, 4, 5, 6]),
        (Csat(**BASE), [1, 2]),
        (Rating(**BASE), [1, 2]),
        (Rating(**BASE, low=0, high=10), [0, 1, 2, 3]),
        (Rating(**BASE, low=1, high=10), [1, 2, 3, 4]),
        (Rating(**BASE, low=1, high=7), [1, 2]),
        (Rating(**BASE, low=1, high=4), [1]),
        (Rating(**BASE, low=1, high=3), [1]),
        (Rating(**BASE, low=0, high=1, style="thumbs"), [0]),
        (Ces(**BASE), [1, 2, 3]),
        (Ces(**BASE, variant="1"), [4, 5]),
    ],
)
def test_the_poor_part_of_each_scale(question: Any, poor: list[int]) -> None:
    low, high = scale_of(question)

    assert [rating for rating in range(low, high + 1) if is_poor(question, rating)] == poor


def test_the_first_question_that_was_rated_speaks_for_the_response() -> None:
    questions = (
        LongText(key="why", text="?"),
        Nps(key="recommend", text="?"),
        Csat(key="delivery", text="?"),
    )

    assert is_poor_response(questions, {"recommend": 6, "delivery": 5})
    assert not is_poor_response(questions, {"recommend": 7, "delivery": 1})
    assert is_poor_response(questions, {"delivery": 1})
    assert not is_poor_response(questions, {})
    assert not is_poor_response((), {"recommend": 0})
