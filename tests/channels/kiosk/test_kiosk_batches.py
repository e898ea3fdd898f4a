"""What a kiosk kept is stored once, on its day, and one bad item stops no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from api_client import Api
from kiosk_devices import Kiosk, devices, item, stored

from harken_server.channels.kiosk.rules import response_id


async def test_a_batch_is_stored_once_however_often_it_comes(kiosk: Kiosk) -> None:
    items = [item(number, 1 + number % 5, clock_offset_s=-3.5) for number in range(1, 101)]

    first = await kiosk.send(*items)
    kiosk.api.clock.move(minutes=3)
    again = await kiosk.send(*items)

    assert first.json()["results"] == again.json()["results"]
    assert {result["outcome"] for result in first.json()["results"]} == {"stored"}
    found = await stored(kiosk.api)
    assert len(found) == 100
    [one] = [each for each in found if each["id"] == str(response_id(kiosk.token, 7))]
    assert one["channel"] == "kiosk"
    assert one["touchpoint"] == "store.exit"
    assert one["context"] == {"device": "Door", "clock_offset_s": -3.5}
    assert one["respondent"] is None


WRONG_CLOCKS = [timedelta(0), timedelta(hours=5), timedelta(days=-3000), timedelta(days=9)]


async def days(api: Api) -> list[str]:
    return [one["answered_at"][:10] for one in await stored(api)]


@pytest.mark.parametrize("wrong", WRONG_CLOCKS, ids=str)
async def test_what_was_kept_offline_counts_on_its_day_whatever_the_clock_says(
    kiosk: Kiosk, wrong: timedelta
) -> None:
    clock = kiosk.api.clock
    answered = clock.now + timedelta(days=4)
    clock.move(days=7)
    given = (answered + wrong).isoformat()

    await kiosk.send(item(1, answered_at=given), sent_at=(clock.now + wrong).isoformat())
    await kiosk.send(item(1, answered_at=given), sent_at=(clock.now + wrong).isoformat())

    assert await days(kiosk.api) == [f"{answered:%Y-%m-%d}"]


async def test_an_app_from_before_is_corrected_by_the_offset_that_it_knew(kiosk: Kiosk) -> None:
    clock = kiosk.api.clock
    began = clock.now + timedelta(days=4)
    clock.move(days=7)

    await kiosk.send(
        item(1, started_at=(began - timedelta(hours=30)).isoformat(), clock_offset_s=108_000),
        item(2, started_at=began.isoformat()),
        item(3, started_at=(clock.now + timedelta(days=2)).isoformat(), clock_offset_s=0),
    )

    today = f"{clock.now:%Y-%m-%d}"
    assert await days(kiosk.api) == [f"{began:%Y-%m-%d}", today, today]


async def test_a_press_that_waited_counts_on_its_day(shop: Api) -> None:
    shop.clock.move(days=7)
    press = {"survey": "visit", "answers": {"happy": 4}}
    headers = {"authorization": f"Bearer {await shop.key('public')}"}

    reply = await shop.http.post(
        "/v1/public/presses",
        json=[{"id": "1", "waited_ms": 2 * 86_400_000, **press}, {"id": "2", **press}],
        headers=headers,
    )

    assert [set(one) for one in reply.json()["results"]] == [{"receipt"}, {"receipt"}]
    ago = [shop.clock.now - timedelta(days=number) for number in (2, 0)]
    assert await days(shop) == [f"{day:%Y-%m-%d}" for day in ago]


async def test_the_same_batch_sent_at_once_by_two_tabs_is_stored_once(kiosk: Kiosk) -> None:
    items = [item(number) for number in range(1, 21)]

    replies = await asyncio.gather(*(kiosk.send(*items) for _ in range(4)))

    assert all(reply.json()["results"] == replies[0].json()["results"] for reply in replies)
    assert len(await stored(kiosk.api)) == 20


async def test_one_bad_item_stops_no_other(kiosk: Kiosk) -> None:
    reply = await kiosk.send(
        item(1),
        item(2, happy=9),
        item(3, survey="nowhere"),
        {"sequence": "4"},
        "not even an object",
        item(5, answers={"happy": "\x00"}),
        item(6),
    )

    results = reply.json()["results"]
    assert [result["outcome"] for result in results] == [
        "stored", "refused", "refused", "refused", "refused", "refused", "stored",
    ]  # fmt: skip
    assert [result["problem"]["code"] for result in results[1:6]] == [
        "invalid_submission", "survey_unknown", "wrong_shape", "wrong_shape", "nul_character",
    ]  # fmt: skip
    assert len(await stored(kiosk.api)) == 2


async def test_a_number_used_twice_is_told_and_changes_nothing(kiosk: Kiosk) -> None:
    assert await kiosk.outcomes(item(1, 5)) == ["stored"]

    reply = await kiosk.send(item(1, 2))

    [result] = reply.json()["results"]
    assert result["problem"]["code"] == "response_conflict"
    [one] = await stored(kiosk.api)
    assert one["answers"] == {"happy": 5}


async def test_trouble_of_the_server_means_later(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harken_server.kernel.errors import StorageError

    async def fail(*_: Any) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(kiosk.api.runtime.db, "store", fail)
        assert await kiosk.outcomes(item(1)) == ["later"]

    assert await kiosk.outcomes(item(1)) == ["stored"]


async def test_limits_of_a_batch_are_named(kiosk: Kiosk) -> None:
    many = await kiosk.send(*(item(number) for number in range(1, 102)))
    assert many.status_code == 422
    assert "100" in many.text

    large = await kiosk.send(item(1, answers={"happy": 5, "why": "x" * 263_000}))
    assert large.status_code == 413
    assert await stored(kiosk.api) == []


@pytest.mark.parametrize("sequence", [0, -1, 2**31, 1.5, True, None])
async def test_a_sequence_is_a_whole_number_from_one(kiosk: Kiosk, sequence: Any) -> None:
    assert await kiosk.outcomes({**item(1), "sequence": sequence}) == ["refused"]


async def test_a_sign_of_life_is_remembered_with_what_the_device_says(kiosk: Kiosk) -> None:
    kiosk.api.clock.move(minutes=7)
    report = {"waiting": 3, "dead": 1, "discarded": 12, "clock_offset_s": -40.2}

    reply = await kiosk.send(report=report)

    assert reply.json()["results"] == []
    [listed] = await devices(kiosk.api)
    assert listed["report"] == report
    assert listed["last_seen_at"] == kiosk.api.clock().isoformat().replace("+00:00", "Z")
