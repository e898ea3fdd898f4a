"""Every proof and every effect: what anybody can claim moves nothing of the person claimed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_client import SURVEY, Api

from harken import sign_identity

Send = Callable[[Api, dict[str, Any]], Awaitable[httpx.Response]]
POOR = {"recommend": 0}


async def from_page(api: Api, answers: dict[str, Any], **fields: Any) -> httpx.Response:
    """As a browser does: no Authorization header at all."""
    held = api.http.headers.pop("authorization")
    try:
        return await api.submit(answers, **fields)
    finally:
        api.http.headers["authorization"] = held


async def by_claim(api: Api, answers: dict[str, Any]) -> httpx.Response:
    return await from_page(api, answers, respondent="ada")


async def by_bad_signature(api: Api, answers: dict[str, Any]) -> httpx.Response:
    return await from_page(api, answers, respondent="ada", signature="hk1.nonsense")


async def by_signature(api: Api, answers: dict[str, Any]) -> httpx.Response:
    until = api.clock() + timedelta(days=1)
    signature = sign_identity(await api.key("write"), "ada", until)
    return await from_page(api, answers, respondent="ada", signature=signature)


async def by_key(api: Api, answers: dict[str, Any]) -> httpx.Response:
    return await api.submit(answers, respondent="ada")


async def by_personal_link(api: Api, answers: dict[str, Any]) -> httpx.Response:
    link = (await api.trigger(respondent="ada", touchpoint="other.thing")).json()["invitation"]
    return await from_page(api, answers, survey=None, token=link["code"])


WAYS = [
    pytest.param(by_claim, False, id="claimed"),
    pytest.param(by_bad_signature, False, id="bad signature"),
    pytest.param(by_signature, True, id="signature"),
    pytest.param(by_key, True, id="key"),
    pytest.param(by_personal_link, True, id="personal link"),
]


async def ready(api: Api, asking: dict[str, Any], **escalation: Any) -> None:
    """The survey at two touchpoints, with rules only where the test needs them."""
    survey = {**SURVEY, "asking": asking, "touchpoints": ["order.delivered", "other.thing"]}
    assert (await api.push(survey)).status_code in {200, 201}
    for name in survey["touchpoints"]:
        body = {"survey": "post_purchase", "cooldown_days": 0}
        assert (await api.http.put(f"/v1/touchpoints/{name}", json=body)).status_code < 300
    put = await api.http.put("/v1/asking", json={"escalation": escalation or None})
    assert put.status_code == 200, put.text


@pytest.mark.parametrize(("send", "is_proved"), WAYS)
async def test_only_a_proved_answer_starts_a_cooldown(
    api: Api, send: Send, is_proved: bool
) -> None:
    await ready(api, {"cooldown": {"answered_days": 30}})

    assert (await send(api, {"recommend": 9})).status_code == 201

    told = (await api.trigger(respondent="ada")).json()
    assert told["reason"] == ("cooldown" if is_proved else "asked")


@pytest.mark.parametrize(("send", "is_proved"), WAYS)
async def test_only_a_proved_poor_answer_has_a_person_called(
    api: Api, send: Send, is_proved: bool
) -> None:
    await ready(api, {}, poor_answers=1)

    assert (await send(api, POOR)).status_code == 201

    told = (await api.trigger(respondent="ada")).json()
    assert told["reason"] == ("escalated" if is_proved else "asked")
