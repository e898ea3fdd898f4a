"""Every way in and every limit: what has closed by itself is closed to who has not begun."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from api_client import NOW, Api
from ways_in import (
    Enter,
    by_api,
    by_button,
    by_kiosk,
    by_kiosk_item,
    by_mail,
    by_page,
    by_personal_link,
    by_receipt,
    by_text_message,
    by_trigger,
    by_widget,
    opened,
)

CLOSES = NOW + timedelta(days=1)
IN_STORE = {"of": "context", "name": "store", "value": "oslo-3"}
LIMITS: dict[str, dict[str, Any]] = {
    "closes_at": {"closes_at": CLOSES.isoformat()},
    "closes_after": {"closes_after": 1},
    "quota": {"quotas": [{"name": "all", "limit": 1}]},
}
WAYS: list[Enter] = [
    by_api, by_page, by_personal_link, by_mail, by_text_message, by_receipt, by_widget, by_kiosk,
    by_kiosk_item, by_button, by_trigger,
]  # fmt: skip


@pytest.mark.parametrize("enter", WAYS)
async def test_every_way_in_is_open_while_there_is_room(api: Api, enter: Enter) -> None:
    later = (CLOSES + timedelta(days=1)).isoformat()
    quotas = [{"name": "all", "limit": 5}]
    there = await opened(api, {"closes_at": later, "closes_after": 5, "quotas": quotas})

    await there.close("closes_at")

    assert await enter(there)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("enter", WAYS)
async def test_every_way_in_closes_by_itself(api: Api, enter: Enter, limit: str) -> None:
    there = await opened(api, LIMITS[limit])

    await there.close(limit)

    assert not await enter(there)


@pytest.mark.parametrize("limit", LIMITS)
async def test_whoever_has_begun_may_finish_and_a_repeat_has_its_receipt(
    api: Api, limit: str
) -> None:
    there = await opened(api, LIMITS[limit])
    begun = {"id": str(uuid4()), "resume": "of this browser"}
    first = await api.submit({}, **begun, complete=False)
    assert first.status_code == 201, first.text
    await there.close(limit)

    again = await api.submit({}, **begun, complete=False)
    last = await api.submit({"recommend": 9}, **begun, sequence=2)

    assert again.json() == first.json()
    assert (last.status_code, last.json()["complete"]) == (201, True)


async def test_what_was_answered_on_a_device_before_the_time_is_taken_after_it(api: Api) -> None:
    there = await opened(api, LIMITS["closes_at"])
    api.clock.move(days=1, minutes=10)

    answered_before = await api.submit({"recommend": 9}, waited_ms=20 * 60_000)
    opened_before = await api.submit(
        {"recommend": 9}, started_at=(CLOSES - timedelta(minutes=5)).isoformat()
    )
    long_ago = await api.submit(
        {"recommend": 9}, started_at=(CLOSES - timedelta(hours=2)).isoformat()
    )

    assert not await by_api(there)
    replies = (answered_before, opened_before, long_ago)
    assert [reply.status_code for reply in replies] == [201, 201, 410]


async def test_a_full_quota_closes_to_those_who_belong_to_it_and_to_no_others(api: Api) -> None:
    asking = {"quotas": [{"name": "oslo", "limit": 1, "where": [IN_STORE]}]}
    there = await opened(api, asking)
    oslo = {"context": {"store": "oslo-3"}}
    assert (await api.submit({"recommend": 9}, **oslo)).status_code == 201

    another = await api.submit({"recommend": 9}, **oslo)
    elsewhere = await api.submit({"recommend": 9}, context={"store": "bergen-1"})

    assert (another.status_code, another.json()["code"]) == (410, "survey_closed")
    assert "quota oslo has the 1 answer that it wants" in another.json()["detail"]
    assert elsewhere.status_code == 201
    assert await by_page(there)


@pytest.mark.parametrize("is_proved", [True, False])
async def test_a_claimed_name_fills_no_quota_of_that_person(api: Api, is_proved: bool) -> None:
    where = [{"of": "trait", "name": "plan", "value": "pro"}]
    await opened(api, {"quotas": [{"name": "pro", "limit": 1, "where": where}]})
    for name in ("ada", "kim"):
        await api.trigger(respondent=name, traits={"plan": "pro"})
    held = api.http.headers.pop("authorization")
    if is_proved:
        api.http.headers["authorization"] = held
    assert (await api.submit({"recommend": 9}, respondent="ada")).status_code == 201
    api.http.headers["authorization"] = held

    told = (await api.trigger(respondent="kim", touchpoint="order.delivered")).json()
    other = await api.submit({"recommend": 9}, respondent="kim")

    assert (told["reason"] == "quota_full") is is_proved
    assert other.status_code == (410 if is_proved else 201)
