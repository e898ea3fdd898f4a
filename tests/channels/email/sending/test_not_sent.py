"""Mails that are not sent: who must not be asked, and addresses that smuggle something."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from mail_sink import Sink
from mail_steps import PostOffice

from harken_server.kernel.work_outcomes import Done, Lost
from harken_server.respondents.store.suppressions import suppress, suppress_address
from harken_server.surveys.store.surveys import set_status


async def test_what_a_dead_worker_was_sending_is_unknown_and_not_sent(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()
    await office.db.execute("UPDATE delivery SET state = 'sending', attempts = 1")

    delivery = await office.sent(sink)

    assert delivery.state == "unknown"
    assert "worker was lost" in (delivery.last_error or "")
    assert sink.seen == []


async def test_a_worker_that_lost_its_lease_sends_nothing(office: PostOffice, sink: Sink) -> None:
    await office.invite()
    (slow,) = await office.claim()
    office.clock.move(seconds=21)
    (quick,) = await office.claim()
    async with office.mailroom(sink) as mailroom:
        assert await mailroom.send(slow) == Lost()
        assert sink.kept == []
        assert await mailroom.send(quick) == Done()
        assert await mailroom.send(slow) == Done()
    assert len(sink.kept) == 1


async def test_who_was_taken_for_dead_and_was_not_writes_down_the_truth(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()
    (slow,) = await office.claim()

    async def take_over(_: object) -> None:
        office.clock.move(seconds=21)
        (item,) = await office.claim()
        async with office.mailroom(sink) as other:
            assert await other.send(item) == Done()
        assert (await office.only()).state == "unknown"

    sink.on["DATA"] = take_over
    async with office.mailroom(sink) as mailroom:
        assert await mailroom.send(slow) == Done()

    assert (await office.only()).state == "sent"
    assert len(sink.kept) == 1


async def test_who_must_not_be_asked_by_the_time_of_sending_is_not(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()
    await suppress(
        office.db, office.home, "ada", reason="manual", now=office.clock(), new_id=uuid4()
    )

    delivery = await office.sent(sink)

    assert (delivery.state, delivery.handed_over_at) == ("suppressed", None)
    assert sink.seen == []


async def test_an_address_that_must_not_be_written_to_is_not(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite("Ada@example.com")
    await suppress_address(
        office.db, office.home, "ada@example.com", reason="bounced", now=office.clock()
    )

    assert (await office.sent(sink)).state == "suppressed"
    assert sink.seen == []


async def test_suppression_while_the_mail_server_is_talked_to_still_counts(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()

    async def suppress_now(_: object) -> None:
        await suppress(
            office.db, office.home, "ada", reason="manual", now=office.clock(), new_id=uuid4()
        )

    sink.on["RCPT"] = suppress_now

    assert (await office.sent(sink)).state == "suppressed"
    assert sink.kept == []


async def test_there_must_still_be_something_to_ask(office: PostOffice, sink: Sink) -> None:
    await office.invite(expires_at=office.clock() + timedelta(hours=1))
    office.clock.move(hours=1)

    delivery = await office.sent(sink)

    assert (delivery.state, delivery.last_error) == ("cancelled", "The invitation has expired.")
    assert sink.seen == []


@pytest.mark.parametrize("column", ["response_id", "dismissed_at"])
async def test_an_answered_or_dismissed_invitation_is_not_mailed(
    office: PostOffice, sink: Sink, column: str
) -> None:
    await office.invite()
    value = uuid4() if column == "response_id" else office.clock()
    await office.db.execute(f"UPDATE invitation SET {column} = $1", value)

    assert (await office.sent(sink)).state == "cancelled"
    assert sink.seen == []


async def test_a_closed_survey_is_not_mailed(office: PostOffice, sink: Sink) -> None:
    await office.invite()
    await set_status(office.db, office.home, "nps", "closed", office.clock())

    delivery = await office.sent(sink)

    assert (delivery.state, delivery.last_error) == ("cancelled", "The survey is closed.")


async def test_a_second_mail_for_the_same_wave_is_not_even_queued(
    office: PostOffice, sink: Sink
) -> None:
    first = await office.invite(wave="relationship 1")
    second = await office.invite(wave="relationship 1")
    third = await office.invite(wave="relationship 2")

    assert {delivery.invitation_id for delivery in await office.deliveries()} == {
        first.id,
        third.id,
    }
    assert await office.queue(second, "ada@example.com") is None
    assert len(await office.claim()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com\nDATA",
        "ada@example.com>\r\nRCPT TO:<eve@example.com",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        '"a b"@example.com',
        "ada@exam ple.com",
        "ada@-example.com",
        "ada",
        "ada\x00@example.com".replace("\x00", "\x01"),
    ],
)
async def test_addresses_that_smuggle_something_are_refused_before_any_connection(
    office: PostOffice, sink: Sink, address: str
) -> None:
    await office.invite(address)

    delivery = await office.sent(sink)

    assert delivery.state == "failed"
    assert "Cannot be written" in (delivery.last_error or "")
    assert sink.seen == []


async def test_line_breaks_in_what_is_shown_never_make_a_header(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite(context={"store": "x\r\nBcc: eve@example.com"})
    await office.sent(sink)
    (message,) = sink.messages
    assert message["Bcc"] is None
    assert sink.recipients == ["ada@example.com"]


async def test_an_address_beyond_ascii_goes_where_the_server_can_take_it(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite("ada@bücher.example")
    assert (await office.sent(sink)).state == "sent"
    assert sink.recipients == ["ada@xn--bcher-kva.example"]
