"""What the API says of channels: slips are refused, and a delivery says what it waits for."""

from __future__ import annotations

import pytest
from api_client import Api, problem_codes

PROGRAMME = {"survey": "post_purchase", "touchpoint": "relationship.pulse", "every": "quarter"}


async def test_a_trigger_on_a_slip_of_a_channel_is_refused_and_says_what_is_meant(
    live: Api,
) -> None:
    reply = await live.trigger(respondent="ada", channel="emial", email="ada@example.com")

    assert reply.status_code == 422
    (problem,) = reply.json()["problems"]
    assert (problem["path"], problem["code"]) == ("$.channel", "channel_unknown")
    assert problem["limit"] == "email"
    assert "There are: web, api, widget, email" in problem["message"]


async def test_a_programme_on_a_slip_of_a_channel_is_refused(live: Api) -> None:
    reply = await live.http.put("/v1/programmes/pulse", json={**PROGRAMME, "channel": "Widget"})

    assert reply.status_code == 422
    assert problem_codes(reply) == ["channel_unknown"]


@pytest.mark.parametrize("word", ["e-mail", "E-Mail", "e_mail", "mail"])
async def test_a_near_miss_is_refused_with_the_right_word(live: Api, word: str) -> None:
    reply = await live.trigger(respondent="ada", channel=word, email="ada@example.com")

    (problem,) = reply.json()["problems"]
    assert (reply.status_code, problem["path"], problem["limit"]) == (422, "$.channel", "email")
    assert "Did you mean `email`?" in problem["message"]


async def test_by_a_word_of_its_own_that_is_declared_the_application_hands_on_the_link(
    live: Api,
) -> None:
    before = await live.trigger(respondent="ada", channel="poster")
    put = await live.http.put("/v1/channels", json={"channels": ["poster", "fax"]})
    assert before.status_code == 422
    assert put.json()["channels"] == ["poster", "fax"]
    assert (await live.http.get("/v1/channels")).json() == put.json()

    reply = await live.trigger(respondent="ada", channel="poster", email="ada@example.com")

    assert reply.status_code == 201
    assert reply.json()["channel"] == "poster"
    assert reply.json()["invitation"]["url"]
    assert "delivery" not in reply.json()


async def test_a_delivery_of_a_channel_that_is_gone_says_what_it_waits_for(live: Api) -> None:
    sent = {"respondent": "ada", "channel": "email", "email": "ada@example.com"}
    asked = (await live.trigger(**sent)).json()
    await live.runtime.db.execute("UPDATE delivery SET channel = 'pigeon'")

    item = (await live.http.get(f"/v1/deliveries/{asked['delivery']}")).json()

    assert item["channel"] == "pigeon"
    assert item["note"] == "Waits for the channel pigeon, which this server does not have."
