"""What the results page has beside its scores: targets, limits, notes, segments."""

from __future__ import annotations

import pytest
from api_client import Api
from signed_in import sign_in

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PAGE = "/results/post_purchase"


@pytest.fixture
async def answered(live: Api) -> Api:
    for rating in (10, 9, 0, 8):
        reply = await live.submit({"recommend": rating})
        assert reply.status_code == 201, reply.text
    return live


async def test_a_target_says_whether_it_is_proven(answered: Api) -> None:
    body = {"targets": [{"question": "recommend", "value": 40}]}
    assert (await answered.http.put("/v1/surveys/post_purchase/targets", json=body)).is_success

    page = await (await sign_in(answered, "viewer")).get(PAGE)

    assert "Target 40: not proven" in page.text


async def test_a_trend_tells_what_happened_and_whether_it_is_unusual(answered: Api) -> None:
    reply = await answered.http.post("/v1/annotations", json={"title": "New <checkout>"})
    assert reply.is_success, reply.text
    answered.clock.move(days=7)
    await answered.submit({"recommend": 8})

    page = await (await sign_in(answered, "viewer")).get(PAGE)
    chart = await answered.http.get("/v1/surveys/post_purchase/chart.svg?kind=trend")

    assert "New &lt;checkout&gt; (" in page.text
    assert "Too few answers to judge by: 5" in page.text
    assert "Note 1" in chart.text


async def test_a_segment_narrows_the_page_and_can_be_taken_away(answered: Api) -> None:
    segment = {
        "title": "Glad",
        "conditions": [{"of": "answer", "name": "recommend", "op": "at_least", "value": 9}],
    }
    reply = await answered.http.put("/v1/segments/glad", json=segment)
    assert reply.is_success, reply.text
    visitor = await sign_in(answered, "viewer")

    page = await visitor.get(PAGE, segment="glad")
    unknown = await visitor.get(PAGE, segment="unknown")

    assert "<strong>2</strong> answers" in page.text
    assert "only segment Glad" in page.text
    assert "<strong>4</strong> answers" in unknown.text
    assert "There is no such segment" in unknown.text


async def test_drivers_are_refused_in_words_and_two_breakdowns_are_shown(answered: Api) -> None:
    visitor = await sign_in(answered, "viewer")

    page = await visitor.get(PAGE, drivers="1", rows="channel", columns="version")
    heat = await visitor.get(f"{PAGE}/heat_map.csv", rows="channel", columns="version")
    drawn = await visitor.get(f"{PAGE}/heat_map.svg", rows="channel", columns="version")

    assert "What to fix first" in page.text
    assert heat.text.splitlines()[1].endswith(",4,not_enough")
    assert "Highest" in drawn.text
