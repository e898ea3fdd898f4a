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


def proving(live: Api) -> list[str]:
    """Channels of the register that are not for anybody to say."""
    return [each.name for each in live.runtime.of(Channels) if each.said_by != "anybody"]


async def test_a_channel_that_proves_something_is_not_taken_from_a_stranger(live: Api) -> None:
    assert {*proving(live)} >= {"email", "receipt", "kiosk", "button", "sms"}
    public = await live.key("public")
    by_server = [each.name for each in live.runtime.of(Channels) if each.said_by == "server"]
    token = await token_of(live)
    for header in (None, f"Bearer {public}"):
        live.http.headers.pop("authorization", "")
        if header:
            live.http.headers["authorization"] = header
        refused = [await live.submit({"recommend": 0}, channel=name) for name in proving(live)]
        refused += [
            await live.submit({"recommend": 0}, channel=name, token=token) for name in by_server
        ]

        assert {reply.status_code for reply in refused} == {422}
        assert {code for reply in refused for code in problem_codes(reply)} == {"channel_unproved"}


async def test_an_invitation_and_a_key_say_by_which_channel_it_came(live: Api) -> None:
    mail = {"respondent": "ada", "channel": "email", "email": "ada@example.com"}
    asked = (await live.trigger(**mail)).json()["invitation"]["code"]
    spoken, open_ended = await token_of(live), await token_of(live)
    by_key = await live.submit({"recommend": 9}, channel="receipt")
    held = live.http.headers.pop("authorization")

    by_link = await live.submit({"recommend": 9}, channel="email", token=asked)
    by_text = await live.submit({"recommend": 9}, channel="sms", token=spoken)
    claimed = await reply(live, open_ended, "receipt", reply="9")

    assert {each.status_code for each in (by_key, by_link, by_text)} == {201}
    assert claimed.status_code == 200
    live.http.headers["authorization"] = held
    path = "/v1/surveys/post_purchase/responses"
    found = (await live.http.get(path)).json()["responses"]
    assert [(each["channel"], each["origin_proof"]) for each in found] == [
        ("receipt", "key"), ("email", "link"), ("sms", "link"), ("api", "link"),
    ]  # fmt: skip
