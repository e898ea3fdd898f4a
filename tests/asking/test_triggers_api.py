"""Triggering a touchpoint, and answering by the invitation that comes of it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from api_client import Api


async def invitation(api: Api, **fields: Any) -> dict[str, Any]:
    reply = await api.trigger(respondent="c-42", channel="receipt", **fields)
    assert reply.status_code == 201, reply.text
    return reply.json()["invitation"]


async def test_a_trigger_asks_and_explains(live: Api) -> None:
    reply = await live.trigger(respondent="c-42", channel="receipt", context={"store": "oslo-3"})

    decision = reply.json()
    assert (decision["asked"], decision["reason"]) == (True, "asked")
    assert decision["explanation"]
    link = decision["invitation"]
    assert link["url"] == f"https://feedback.example.com/i/{link['code']}"
    assert link["qr_text"] == f"https://FEEDBACK.EXAMPLE.COM/I/{link['code']}"
    assert len(link["code"]) == 13


async def test_a_second_trigger_waits_for_the_cooldown_and_says_so(live: Api) -> None:
    await live.trigger(respondent="c-42")
    live.clock.move(days=3)

    reply = (await live.trigger(respondent="c-42")).json()

    assert (reply["asked"], reply["reason"]) == (False, "cooldown")
    assert "3 days" in reply["explanation"]
    assert "30 days" in reply["explanation"]
    live.clock.move(days=28)
    assert (await live.trigger(respondent="c-42")).json()["asked"] is True


async def test_each_refusal_has_its_reason(live: Api) -> None:
    await live.http.put("/v1/suppressions/c-9", json={"reason": "unsubscribed"})
    suppressed = (await live.trigger(respondent="c-9")).json()
    unknown = (await live.trigger(touchpoint="nothing.here")).json()
    await live.http.put(
        "/v1/touchpoints/order.delivered", json={"survey": "post_purchase", "sample_rate": 0}
    )
    sampled = (await live.trigger(respondent="c-1")).json()
    await live.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})
    closed = (await live.trigger(respondent="c-1")).json()

    reasons = [item["reason"] for item in (suppressed, unknown, sampled, closed)]
    assert reasons == ["suppressed", "no_survey", "sampled_out", "not_live"]
    assert all(item["explanation"] and not item["asked"] for item in (suppressed, unknown))


async def test_an_idempotency_key_gives_the_first_answer_again(live: Api) -> None:
    first = await live.trigger("order-1", respondent="c-1")

    again = await live.trigger("order-1", respondent="c-1")
    other = await live.trigger("order-1", respondent="c-2")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["invitation"] == first.json()["invitation"]
    assert other.status_code == 409
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_hundred_triggers_at_once_ask_one_respondent_once(live: Api) -> None:
    replies = await asyncio.gather(*(live.trigger(respondent="c-7") for _ in range(100)))

    assert sum(reply.json()["asked"] for reply in replies) == 1


async def test_an_answer_by_invitation_carries_its_context(live: Api) -> None:
    link = await invitation(live, context={"store": "oslo-3"})
    identity = str(uuid4())

    reply = await live.submit({"recommend": 9}, id=identity, survey=None, token=link["code"])

    assert reply.status_code == 201, reply.text
    stored = (await live.http.get(f"/v1/surveys/post_purchase/responses/{identity}")).json()
    assert stored["respondent"] == "c-42"
    assert stored["channel"] == "receipt"
    assert stored["touchpoint"] == "order.delivered"
    assert stored["context"] == {"store": "oslo-3"}


async def test_a_single_use_link_takes_one_answer_even_at_the_same_instant(live: Api) -> None:
    link = await invitation(live)

    replies = await asyncio.gather(
        *(
            live.submit({"recommend": rating}, survey=None, token=link["code"])
            for rating in range(10)
        )
    )

    assert sorted(reply.status_code for reply in replies) == [201] + [410] * 9
    assert {r.json()["code"] for r in replies if r.status_code == 410} == {"already_answered"}
    assert (await live.score())["n"] == 1


async def test_codes_may_be_typed_and_wrong_ones_are_told_apart(live: Api) -> None:
    link = await invitation(live)
    code = link["code"]
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    wrong = ("0" if code[0] != "0" else "1") + code[1:]

    accepted = await live.submit({"recommend": 9}, survey=None, token=typed)
    malformed = await live.submit({"recommend": 9}, survey=None, token=wrong)

    assert accepted.status_code == 201, accepted.text
    assert malformed.status_code == 404
    assert malformed.json()["code"] == "invitation_malformed"


async def test_an_expired_invitation_is_over_but_a_repeat_is_not(live: Api) -> None:
    link = await invitation(live)
    identity = str(uuid4())
    first = await live.submit({"recommend": 9}, id=identity, survey=None, token=link["code"])
    live.clock.move(days=31)
    other = await invitation(live)
    live.clock.move(days=31)

    again = await live.submit({"recommend": 9}, id=identity, survey=None, token=link["code"])
    late = await live.submit({"recommend": 9}, survey=None, token=other["code"])

    assert again.content == first.content
    assert late.status_code == 410
    assert late.json()["code"] == "invitation_expired"


async def test_a_token_of_another_survey_is_refused(live: Api) -> None:
    link = await invitation(live)

    reply = await live.submit({"recommend": 9}, survey="something_else", token=link["code"])

    assert reply.status_code == 422
    assert reply.json()["problems"][0]["path"] == "$.survey"


async def test_a_bad_trigger_names_every_field(live: Api) -> None:
    reply = await live.trigger(touchpoint="Order Delivered!", respondent="x" * 300)

    assert reply.status_code == 422
    assert reply.json()["detail"]


async def test_qr_images_are_served_for_a_good_code_only(live: Api) -> None:
    link = await invitation(live)

    svg = await live.http.get(f"/i/{link['code']}/qr.svg")
    png = await live.http.get(f"/i/{link['code'].lower()}/qr.png?scale=4")
    wrong = await live.http.get("/i/AAAAAAAAAAAAA/qr.svg")
    huge = await live.http.get(f"/i/{link['code']}/qr.png?scale=400")

    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert png.content.startswith(b"\x89PNG")
    assert wrong.status_code == 404
    assert huge.status_code == 422


async def test_a_response_keeps_the_probability_with_which_its_person_was_asked(live: Api) -> None:
    body = {"survey": "post_purchase", "sample_rate": 0.5}
    await live.http.put("/v1/touchpoints/order.delivered", json=body)
    told = [(await live.trigger(respondent=f"c-{n}")).json() for n in range(20)]
    link = next(each["invitation"] for each in told if each["asked"])

    invited = await live.submit({"recommend": 9}, survey=None, token=link["code"])
    by_itself = await live.submit({"recommend": 9})

    path = "/v1/surveys/post_purchase/responses"
    kept = [
        (await live.http.get(f"{path}/{reply.json()['id']}")).json()["probability"]
        for reply in (invited, by_itself)
    ]
    assert kept == [0.5, None]
