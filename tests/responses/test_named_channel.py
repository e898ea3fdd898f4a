"""The channel of an answer: built in or declared, and a near miss is told the right word."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import Api, problem_codes

from harken_server.deliveries.channels import Channels

NEAR = [("e-mail", "email"), ("E_Mail", "email"), ("SMS", "sms"), ("receipts", "receipt"),
        ("kiosks", "kiosk")]  # fmt: skip


async def reply(live: Api, token: str, channel: str, **fields: Any) -> Any:
    body = {"token": token, "channel": channel, **fields}
    return await live.http.post("/v1/public/replies", json=body)


async def token_of(live: Api) -> str:
    return (await live.trigger(respondent=uuid4().hex)).json()["invitation"]["code"]


@pytest.mark.parametrize(("written", "meant"), NEAR)
async def test_a_near_miss_is_refused_with_the_right_word(
    live: Api, written: str, meant: str
) -> None:
    for refused in (
        await live.submit({"recommend": 9}, channel=written),
        await live.submit({"recommend": 9}, channel=written, token=await token_of(live)),
        await reply(live, await token_of(live), written, reply="9"),
    ):
        assert refused.status_code == 422, refused.text
        assert problem_codes(refused) == ["channel_unknown"]
        (problem,) = refused.json()["problems"]
        assert (problem["path"], problem["limit"]) == ("$.channel", meant)
        assert f"Did you mean `{meant}`?" in problem["message"]
    assert (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"] == []


async def test_every_built_in_channel_and_every_declared_one_is_taken(live: Api) -> None:
    assert (await live.submit({"recommend": 9}, channel="app")).status_code == 422
    await live.http.put("/v1/channels", json={"channels": ["app"]})
    names = (*live.runtime.of(Channels).names.built_in, "app")

    taken = [(await live.submit({"recommend": 9}, channel=name)).status_code for name in names]
    replied = [
        (await reply(live, await token_of(live), name, reply="9")).status_code for name in names
    ]

    assert {*taken} == {201}
    assert {*replied} == {200}


async def test_a_repeat_is_acknowledged_though_its_channel_was_taken_away_since(live: Api) -> None:
    await live.http.put("/v1/channels", json={"channels": ["app"]})
    sent = {"id": str(uuid4()), "channel": "app"}
    first = await live.submit({"recommend": 9}, **sent)
    await live.http.put("/v1/channels", json={"channels": []})

    again = await live.submit({"recommend": 9}, **sent)
    new = await live.submit({"recommend": 9}, channel="app")

    assert (again.status_code, again.content) == (201, first.content)
    assert new.status_code == 422


async def test_a_survey_that_is_not_there_comes_before_its_channel(live: Api) -> None:
    refused = await live.submit({"recommend": 9}, survey="nothing", channel="e-mail")

    assert (refused.status_code, refused.json()["code"]) == (404, "survey_unknown")
