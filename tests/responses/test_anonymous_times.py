"""Nothing that is kept of an answer to an anonymous survey tells at which second it was given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch
from uuid import UUID

import httpx
import pytest
from api_client import NOW
from api_fixtures import MAIL
from dimension_steps import work
from dumped_rows import Rows, dump
from tiers import POSTGRES_NIGHTLY
from twins import Twin, twins
from ways_in import Open, opened

Way: TypeAlias = Callable[[Open, str], Awaitable[httpx.Response]]
TELLS_NOTHING = {"id", "digest"}
"""Of an answer: they follow from what the client made, by a key that does not stand there."""
SURVEY = "post_purchase"
OWN = UUID(int=7)


async def by_api(there: Open, _: str) -> httpx.Response:
    return await there.api.submit({"recommend": 9}, id=str(OWN), token=there.links[0])


async def in_two_parts(there: Open, _: str) -> httpx.Response:
    own: dict[str, Any] = {"id": str(OWN), "token": there.links[0], "resume": "a secret"}
    await there.api.submit({}, **own, complete=False)
    there.api.clock.move(seconds=9)
    return await there.api.submit({"recommend": 9}, **own, sequence=2)


async def by_page(there: Open, _: str) -> httpx.Response:
    return await there.shop.answer(f"/s/{SURVEY}")


async def by_link(there: Open, _: str) -> httpx.Response:
    return await there.shop.answer(f"/i/{there.links[0]}")


async def by_mail(there: Open, _: str) -> httpx.Response:
    return await there.shop.answer(f"/e/{there.links[1]}")


async def by_reply(there: Open, _: str) -> httpx.Response:
    body = {"token": there.links[2], "channel": "sms", "reply": "9"}
    return await there.api.http.post("/v1/public/replies", json=body)


async def by_receipt(there: Open, receipt: str) -> httpx.Response:
    return await there.shop.answer(f"/r/{receipt}")


async def by_button(there: Open, _: str) -> httpx.Response:
    press = {"id": "1", "survey": SURVEY, "answers": {"recommend": 9}}
    headers = {"authorization": f"Bearer {there.public}"}
    return await there.api.http.post("/v1/public/presses", json=[press], headers=headers)


async def by_kiosk(there: Open, _: str) -> httpx.Response:
    body = {"items": [{"sequence": 9, "survey": SURVEY, "answers": {"recommend": 9}}]}
    path = "/v1/public/kiosk/responses"
    return await there.api.http.post(path, json=body, headers=there.device)


async def kept(api: Twin, way: Way, *, seconds: float, then_s: float = 0) -> Rows:
    """What stands in the database after somebody answered by this way so late, and four others
    later; with `then_s` it is erased so much later still."""
    with patch("os.urandom", api.dice):
        there = await opened(api, {}, anonymous=True)
        receipt = there.shop.token(7)
        api.clock.now = NOW
        api.clock.move(hours=1, seconds=seconds)
        sent = await way(there, receipt)
        assert sent.is_success, sent.text
        api.dice.again(1)
        api.clock.now = NOW
        api.clock.move(hours=2)
        for number in range(4):
            other = await api.submit({"recommend": number}, id=str(UUID(int=100 + number)))
            assert other.is_success, other.text
        if then_s:
            api.clock.move(seconds=then_s)
            gone = await api.http.delete(f"/v1/surveys/{SURVEY}/responses/{OWN}")
            assert gone.is_success, gone.text
            api.clock.move(seconds=then_s)
            await work(api)
    return await dump(api.runtime.db)


def apart(one: Rows, other: Rows) -> dict[str, set[str]]:
    """Which columns differ, by table."""
    found: dict[str, set[str]] = {}
    for table, rows in one.items():
        assert len(rows) == len(other[table]), table
        for mine, theirs in zip(rows, other[table], strict=True):
            columns = {name for name in mine if mine[name] != theirs[name]}
            if columns:
                found[table] = found.get(table, set()) | columns
    return found


@POSTGRES_NIGHTLY
@pytest.mark.parametrize(
    "way",
    [by_api, in_two_parts, by_page, by_link, by_mail, by_reply, by_receipt, by_button, by_kiosk],
)
async def test_nobody_can_tell_when_it_was_answered(
    new_database_url: Callable[[], str], tmp_path: Path, way: Way
) -> None:
    async with twins(new_database_url, tmp_path, MAIL) as both:
        early, late = [
            await kept(api, way, seconds=s) for api, s in zip(both, (5, 777), strict=True)
        ]
    assert len(early["response"]) == 5
    assert {each["block"] is not None for each in early["response"]} == {True}
    found = apart(early, late)
    assert found.pop("response", set()) <= TELLS_NOTHING
    assert found.pop("device", set()) <= {"last_seen_at"}  # it comes without an answer, too
    assert found == {}


@POSTGRES_NIGHTLY
async def test_nobody_can_tell_from_an_erasure_when_what_was_erased(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    async with twins(new_database_url, tmp_path, MAIL) as both:
        early, late = [
            await kept(api, by_api, seconds=5, then_s=s)
            for api, s in zip(both, (5, 777), strict=True)
        ]
    assert apart(early, late) == {"audit_entry": {"id", "created_at"}}  # who erased, by what id
