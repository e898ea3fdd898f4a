"""Who does not answer is reminded once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from api_client import NOW
from mail_sink import Sink
from mail_steps import SURVEY, PostOffice, publish

from harken_server.deliveries.reminders import queue_reminders
from harken_server.kernel.work_outcomes import Done
from harken_server.respondents.store.suppressions import suppress
from harken_server.routes import CHANNELS


async def _mailed(office: PostOffice, sink: Sink) -> None:
    await office.invite()
    (item,) = await office.claim()
    async with office.mailroom(sink) as mailroom:
        assert await mailroom.send(item) == Done()


async def _remind(office: PostOffice) -> int:
    return await queue_reminders(office.db, CHANNELS, now=office.clock(), new_id=office.new_id)


async def test_one_reminder_goes_out_after_three_days_and_no_second(
    office: PostOffice, sink: Sink
) -> None:
    await _mailed(office, sink)
    office.clock.move(days=3, seconds=-1)
    assert await _remind(office) == 0
    office.clock.move(seconds=1)

    assert sum(await asyncio.gather(_remind(office), _remind(office))) == 1
    assert await _remind(office) == 0

    items = [item for item in await office.claim() if item.attempts == 1]
    async with office.mailroom(sink) as mailroom:
        assert [await mailroom.send(item) for item in items][-1] == Done()
    assert len(sink.kept) == 2
    first, second = sink.messages
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Subject"] != second["Subject"]
    states = [(delivery.kind, delivery.state) for delivery in await office.deliveries()]
    assert states == [("invitation", "sent"), ("reminder", "sent")]
    office.clock.move(days=3)
    assert await _remind(office) == 0


@pytest.mark.parametrize("change", ["answered", "dismissed", "suppressed", "bounced", "unknown"])
async def test_nobody_is_reminded_without_need(office: PostOffice, sink: Sink, change: str) -> None:
    await _mailed(office, sink)
    match change:
        case "answered":
            await office.db.execute("UPDATE invitation SET response_id = $1", uuid4())
        case "dismissed":
            await office.db.execute("UPDATE invitation SET dismissed_at = $1", NOW)
        case "suppressed":
            await suppress(office.db, office.home, "ada", reason="manual", now=NOW, new_id=uuid4())
        case _:
            await office.db.execute("UPDATE delivery SET state = $1", change)
    office.clock.move(days=3)

    assert await _remind(office) == 0


async def test_an_expired_invitation_is_not_brought_up_again(
    office: PostOffice, sink: Sink
) -> None:
    await _mailed(office, sink)
    await office.db.execute("UPDATE invitation SET expires_at = $1", NOW + timedelta(days=2))
    office.clock.move(days=3)
    assert await _remind(office) == 0
    assert len(await office.deliveries()) == 1


async def test_a_reminder_long_overdue_is_left_out(office: PostOffice, sink: Sink) -> None:
    await _mailed(office, sink)
    office.clock.move(days=5, seconds=1)
    assert await _remind(office) == 0


async def test_a_survey_may_have_no_reminder_or_a_later_one(office: PostOffice, sink: Sink) -> None:
    for days in (0, 7):
        survey = {**SURVEY, "key": f"after_{days}", "asking": {"reminder_days": days}}
        office.survey_id = await publish(office.db, office.home, NOW, survey=survey)
        await office.invite(f"d{days}@example.com", f"r{days}")
    async with office.mailroom(sink) as mailroom:
        for item in await office.claim():
            assert await mailroom.send(item) == Done()
    office.clock.move(days=3)
    assert await _remind(office) == 0
    office.clock.move(days=4)
    assert await _remind(office) == 1
