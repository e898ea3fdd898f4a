"""Responses, scores and triggers through the client: both sides of the HTTP contract agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from whole_application import App

import harken


async def test_a_trigger_is_decided_and_repeats_get_the_same_decision(
    live: harken.AsyncClient,
) -> None:
    first = await live.trigger(
        "order.delivered", respondent="c-42", channel="receipt", idempotency_key="order-7"
    )
    again = await live.trigger(
        "order.delivered", respondent="c-42", channel="receipt", idempotency_key="order-7"
    )
    later = await live.trigger("order.delivered", respondent="c-42")
    other = await live.trigger("order.delivered", respondent="c-7", idempotency_key="order-7")
    unknown = await live.trigger("never.heard_of")

    assert first.asked, first
    assert first.invitation
    code = first.invitation.code
    assert first.invitation.url == f"https://feedback.example.com/i/{code}"
    assert first.invitation.qr_text == f"https://FEEDBACK.EXAMPLE.COM/I/{code}"
    assert again == first
    assert (later.asked, later.reason) == (False, "cooldown")
    assert later.explanation
    assert other.reason == "invalid"
    assert isinstance(other.error, harken.ConflictError)
    assert (unknown.asked, unknown.reason, unknown.error) == (False, "no_survey", None)


async def test_a_key_that_may_only_read_asks_nobody(app: App, live: harken.AsyncClient) -> None:
    async with await app.client("read") as client:
        decision = await client.trigger("order.delivered")
    async with app.client_with("hk_unknown") as stranger:
        refused = await stranger.trigger("order.delivered")

    assert (decision.asked, decision.reason) == (False, "unauthorized")
    assert isinstance(decision.error, harken.PermissionDeniedError)
    assert isinstance(refused.error, harken.AuthenticationError)


async def test_a_response_goes_in_once_and_comes_out_again(live: harken.AsyncClient) -> None:
    decision = await live.trigger("order.delivered", respondent="c-42", context={"store": "oslo-3"})
    assert decision.invitation

    receipt = await live.responses.submit(
        None, {"recommend": 9, "why": "said though hidden"}, token=decision.invitation.code
    )
    again = await live.responses.submit(
        None,
        {"recommend": 9, "why": "said though hidden"},
        token=decision.invitation.code,
        id=receipt.id,
    )
    response = await live.responses.get("post_purchase", receipt.id)

    assert again == receipt
    assert receipt.hidden == ("why",)
    assert (response.answers, response.hidden_answers) == (
        {"recommend": 9},
        {"why": "said though hidden"},
    )
    assert (response.respondent, response.touchpoint) == ("c-42", "order.delivered")
    assert response.context == {"store": "oslo-3"}


async def test_a_partial_response_is_gone_on_with(live: harken.AsyncClient) -> None:
    first = await live.responses.submit("post_purchase", {"recommend": 3}, complete=False)

    done = await live.responses.submit(
        "post_purchase", {"why": "cold"}, id=first.id, sequence=2, cleared=[]
    )

    response = await live.responses.get("post_purchase", first.id)
    assert (first.complete, done.complete) == (False, True)
    assert response.answers == {"recommend": 3, "why": "cold"}


async def test_a_wrong_answer_lists_its_problems(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.ValidationError) as caught:
        await live.responses.submit("post_purchase", {"recommend": 11, "satisfied": "5"})

    assert {each.question for each in caught.value.problems} == {"recommend", "satisfied"}


async def test_responses_are_paged_through_and_resumed(live: harken.AsyncClient) -> None:
    ids = [(await live.responses.submit("post_purchase", {"recommend": n})).id for n in range(7)]

    responses = live.responses("post_purchase", limit=3)
    first = [(await anext(responses)).id for _ in range(4)]
    rest = [each.id async for each in live.responses("post_purchase", after=responses.cursor)]

    assert first + rest == ids


async def test_a_cursor_brings_only_what_is_new(live: harken.AsyncClient) -> None:
    await live.responses.submit("post_purchase", {"recommend": 9})
    responses = live.responses("post_purchase", limit=1)
    assert len([each async for each in responses]) == 1

    new = await live.responses.submit("post_purchase", {"recommend": 8})

    later = live.responses("post_purchase", after=responses.cursor)
    assert [each.id async for each in later] == [new.id]


async def test_scores_and_exports_agree(live: harken.AsyncClient, tmp_path: Path) -> None:
    for rating in (10, 9, 9, 3):
        await live.responses.submit("post_purchase", {"recommend": rating}, channel="web")

    scores = await live.scores("post_purchase", channel="web")
    none = await live.scores("post_purchase", channel="receipt")
    await live.exports.csv("post_purchase", tmp_path / "a.csv", channel="web")
    lines = b"".join([piece async for piece in live.exports.jsonl("post_purchase")]).splitlines()

    assert (scores["recommend"].score, scores["recommend"].n) == (50.0, 4)
    assert str(scores["recommend"]).startswith("NPS 50 (95 % ")
    assert str(scores["satisfied"]) == "CSAT unknown (n = 0)"
    assert none["recommend"].score is None
    assert len((tmp_path / "a.csv").read_bytes().splitlines()) == 1 + 4
    assert len(lines) == 4


async def test_scores_stand_side_by_side_and_over_time(live: harken.AsyncClient) -> None:
    for channel, ratings in (("web", (10, 9, 9, 3)), ("phone", (2, 2, 9))):
        for rating in ratings:
            await live.responses.submit("post_purchase", {"recommend": rating}, channel=channel)

    found = await live.scores(
        "post_purchase", question="recommend", by="channel", compare="channel:phone", level=0.9
    )
    trend = (await live.trends("post_purchase", period="day", channel="web"))["recommend"]
    picture = await live.chart("post_purchase", kind="breakdown", by="channel", theme="dark")

    assert {each.group: each.scores[0].n for each in found.groups} == {"web": 4, "phone": 3}
    assert found.groups[0].beside_rest[0].by == pytest.approx(50 + 100 / 3)
    assert found.compared is not None
    assert (found.compared.with_, found.compared.scores[0].n) == ("channel:phone", 3)
    assert found.compared.differences[0].level == found["recommend"].level == 0.9
    assert "than everybody else" in str(found) or "than before" in str(found)
    assert [(point.n, point.score) for point in trend] == [(4, 50)]
    assert picture.startswith(b"<svg ")
    assert b"web: 50" in picture


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


async def test_numbers_by_hour_by_two_groupings_and_in_order(live: harken.AsyncClient) -> None:
    for channel, ratings in {"web": [10] * 20 + [8] * 20, "phone": [0] * 40, "chat": [3]}.items():
        for rating in ratings:
            await live.responses.submit("post_purchase", {"recommend": rating}, channel=channel)
    await live.journeys.push(
        {"key": "shop", "title": "Shop", "stages": [
            {"key": "find", "title": "Find", "touchpoints": [{"key": "page.read"}]},
            {"key": "have", "title": "Have", "touchpoints": [{"key": "order.delivered"}]},
        ]}
    )  # fmt: skip

    heat = await live.heat_map(
        "post_purchase", rows="channel", columns="weekday", from_=days_ago(2)
    )
    board = await live.leaderboard("post_purchase", by="channel")
    hours = await live.trends("post_purchase", period="hour", from_=days_ago(2), tz="Asia/Tokyo")
    journey = await live.journeys.scores("shop")

    assert {cell.row: cell.n for cell in heat.maps[0]} == {"web": 40, "phone": 40, "chat": 1}
    assert heat.maps[0].whole.n == 81
    assert [(each.group, each.rank) for each in board] == [("web", "1"), ("phone", "2")]
    assert [each.group for each in board.not_enough] == ["chat"]
    assert "?: not enough answers to be ranked." in str(board)
    assert (hours.tz, hours["recommend"].points[0].period[-6:]) == ("Asia/Tokyo", "+09:00")
    assert [stage.gap for stage in journey] == ["no survey here", "no answers"]
    assert "Find: no survey here" in str(journey)


async def test_an_erased_response_counts_no_more(live: harken.AsyncClient) -> None:
    receipt = await live.responses.submit("post_purchase", {"recommend": 9})

    await live.responses.erase("post_purchase", receipt.id)
    await live.responses.erase("post_purchase", receipt.id)

    assert (await live.scores("post_purchase"))["recommend"].n == 0


async def test_what_is_unknown_is_not_found(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.NotFoundError):
        await live.surveys.get("unknown")
    with pytest.raises(harken.NotFoundError):
        await live.responses.get("post_purchase", "00000000-0000-0000-0000-000000000000")
    with pytest.raises(harken.NotFoundError):
        await anext(live.exports.csv("unknown"))


async def test_every_sentence_of_a_refusal_comes_from_the_server(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.BadRequestError) as caught:
        await live.scores("post_purchase", from_="2026-06-02", to="2026-06-01")

    assert caught.value.code == "bad_parameter"
    assert "ends (2026-06-01) before it begins" in str(caught.value)


async def test_what_the_site_asked_for_waits_in_the_widget_of_whom_it_vouches_for(
    app: App, live: harken.AsyncClient
) -> None:
    decision = await live.trigger("order.delivered", respondent="c-42", channel="widget")
    assert decision.invitation
    public = await app.secret("public")

    waiting = await app.queue(public, "c-42", live.sign_identity("c-42"))
    refused = await app.queue(public, "c-42", live.sign_identity("c-43"))
    receipt = await live.responses.submit(
        None, {"recommend": 9}, token=waiting.json()["asked"][0]["token"]
    )
    empty = await app.queue(public, "c-42", live.sign_identity("c-42"))
    response = await live.responses.get("post_purchase", receipt.id)

    assert waiting.json()["asked"][0]["token"] == decision.invitation.code
    assert (refused.status_code, refused.json()["code"]) == (403, "identity_invalid")
    assert empty.json()["asked"] == []
    assert (response.channel, response.respondent) == ("widget", "c-42")
    assert response.respondent_verified


async def test_a_respondent_is_proved_by_a_key_that_may_write(
    app: App, live: harken.AsyncClient
) -> None:
    async with await app.client("public") as page:
        claimed = await page.responses.submit("post_purchase", {"recommend": 9}, respondent="c-42")
    proved = await live.responses.submit("post_purchase", {"recommend": 9}, respondent="c-42")

    responses = [
        await live.responses.get("post_purchase", receipt.id) for receipt in (proved, claimed)
    ]
    assert [each.respondent_verified for each in responses] == [True, False]


async def test_a_last_part_that_overtook_the_first_is_told_and_stored_when_it_is_sent_again(
    live: harken.AsyncClient,
) -> None:
    last: dict[str, Any] = {"id": str(uuid4()), "sequence": 2}

    with pytest.raises(harken.ValidationError) as caught:
        await live.responses.submit("post_purchase", {"why": "Late"}, **last)
    await live.responses.submit("post_purchase", {"recommend": 3}, id=last["id"], complete=False)
    receipt = await live.responses.submit("post_purchase", {"why": "Late"}, **last)

    assert [each.question for each in caught.value.problems] == ["recommend"]
    assert receipt.complete
    kept = await live.responses.get("post_purchase", last["id"])
    assert kept.answers == {"recommend": 3, "why": "Late"}


async def test_responses_become_tables(live: harken.AsyncClient) -> None:
    for rating in (9, 3, 10):
        await live.responses.submit("post_purchase", {"recommend": rating})

    table = await live.responses("post_purchase", limit=2).to_arrow()
    frame: Any = await live.responses("post_purchase").to_polars()

    assert table["recommend"].to_pylist() == frame["recommend"].to_list() == [9, 3, 10]


async def test_numbers_are_followed_as_they_change(live: harken.AsyncClient) -> None:
    await live.responses.submit("post_purchase", {"recommend": 9})
    found = [each async for each in live.live("post_purchase", events=1)]
    await live.responses.submit("post_purchase", {"recommend": 10})

    again = [each async for each in live.live("post_purchase", events=1, after=found[0].place)]
    await live.surveys.close("post_purchase")
    closed = [each async for each in live.live("post_purchase")]

    assert [(each.new, each.scores[0].n) for each in (*found, *again)] == [(0, 1), (1, 2)]
    assert str(again[0]) == "1 new; recommend NPS 100 (-24 to 100, n 2); satisfied CSAT -"
    assert closed == []


async def test_surveys_are_put_on_one_page(live: harken.AsyncClient) -> None:
    await live.responses.submit("post_purchase", {"recommend": 9})

    page = await live.report("post_purchase", from_=days_ago(2))

    assert b"1 answer" in page
