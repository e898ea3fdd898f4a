"""Drivers, reliability, limits and annotations through the client, against a server."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from whole_application import App

import harken

ROWS = [{"value": each, "label": each} for each in ("speed", "price")]
COLUMNS = [{"value": each, "label": each} for each in ("poor", "fair", "good")]
VISIT: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        {"type": "nps", "key": "recommend", "text": "?"},
        {"type": "csat", "key": "service", "text": "?"},
        {"type": "matrix", "key": "parts", "text": "?", "rows": ROWS, "columns": COLUMNS},
    ],
}


async def test_drivers_and_reliability_are_told_or_refused(live: harken.AsyncClient) -> None:
    await live.surveys.push(VISIT)
    refused = await live.drivers("visit", items=["service"])
    for number in range(54):
        parts = {"speed": COLUMNS[number % 3]["value"], "price": COLUMNS[number // 3 % 3]["value"]}
        answers = {"recommend": 4 + 3 * (number % 3), "service": 1 + number % 5, "parts": parts}
        await live.responses.submit("visit", answers)

    found = await live.drivers("visit", items=["service", "parts"], level=0.9)
    (scale,) = await live.reliability("visit")

    assert "50 are needed" in (refused.refused or "")
    assert "no drivers of recommend" in str(refused)
    assert (found.refused, found.level, len(found)) == (None, 0.9, 3)
    first = next(iter(found))
    assert first.item == "parts.speed"
    assert first.correlation == pytest.approx(1)
    assert "parts.speed: " in str(found)
    assert "not what causes it" in str(found)
    assert (scale.scale, scale.n) == ("parts", 54)
    assert scale.alpha is not None
    with pytest.raises(harken.BadRequestError, match="colour"):
        await live.drivers("visit", items=["colour"])


async def test_what_happened_is_noted_once_listed_changed_and_forgotten(
    app: App, live: harken.AsyncClient
) -> None:
    own = uuid4()
    made = await live.annotate("Checkout 3.2", kind="deploy", link="https://example.com", id=own)
    again = await live.annotate("Checkout 3.2", kind="deploy", link="https://example.com", id=own)
    await live.responses.submit("post_purchase", {"recommend": 9})

    trends = await live.trends("post_purchase", limits="true")
    changed = await live.annotations.change(made.id, "Checkout 3.3", kind="deploy")

    assert made.id == again.id == str(own)
    assert [each.title for each in trends.annotations] == ["Checkout 3.2"]
    control = trends["recommend"].control
    assert control is not None
    assert (control.chart, control.out, list(control)) == ("watch", 0, [])
    assert "Too few answers" in control.says
    assert await live.annotations.list(survey="post_purchase") == (changed,)
    assert await live.annotations.get(made.id) == changed
    await live.annotations.remove(made.id)
    with pytest.raises(harken.NotFoundError):
        await live.annotations.get(made.id)


async def test_before_and_after_read_as_words(app: App, live: harken.AsyncClient) -> None:
    made = await live.annotate("Sale", kind="campaign", day="2026-01-01")

    found = await live.before_after("post_purchase", made.id, days=7)

    assert (found.days, found.annotation.title) == (7, "Sale")
    assert str(found).startswith("7 days before and after Sale (2026-01-01):")
