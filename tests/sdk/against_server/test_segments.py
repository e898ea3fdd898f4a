"""Segments and targets as the client keeps them, and scores that take them in."""

from __future__ import annotations

import pytest
from whole_application import PURCHASE, App

import harken

PRO = {"of": "trait", "name": "plan", "value": "pro"}
GLAD = harken.SegmentCondition(of="band", name="recommend", value="promoters")


async def test_a_persona_is_kept_used_and_deleted(app: App) -> None:
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        made = await client.segments.put(
            "glad", title="Glad", conditions=[GLAD], portrait=["tells friends"]
        )
        for rating in (10, 9, 3):
            await client.responses.submit("post_purchase", {"recommend": rating})
        scores = await client.scores("post_purchase", segment="glad", repeated="latest")
        lines = [line async for line in client.exports.jsonl("post_purchase", segment="glad")]
        with pytest.raises(harken.ValidationError, match="needs a name"):
            await client.segments.put("bad", title="Bad", conditions=[{"of": "trait"}])
        await client.segments.put("pro", title="Pro", conditions=[PRO])
        listed = await client.segments.list()
        await client.segments.delete("pro")
        with pytest.raises(harken.NotFoundError):
            await client.segments.get("pro")

    assert (made.portrait, made.conditions) == (("tells friends",), (GLAD,))
    assert (scores["recommend"].n, scores.filter["segment"]) == (2, "glad")
    assert b"".join(lines).count(b"\n") == 2
    assert [each.key for each in listed] == ["glad", "pro"]


async def test_a_target_is_told_with_the_score(app: App) -> None:
    async with await app.client("manage") as client:
        await client.surveys.push(PURCHASE)
        kept = await client.surveys.set_targets(
            "post_purchase", [{"question": "recommend", "value": -90}]
        )
        for _ in range(12):
            await client.responses.submit("post_purchase", {"recommend": 9})
        score = (await client.scores("post_purchase"))["recommend"]

    assert kept == (harken.SurveyTarget(question="recommend", value=-90, direction="at_least"),)
    assert score.target is not None
    assert score.target.state == "reached"
    assert str(score).endswith("; target at least -90 reached")
