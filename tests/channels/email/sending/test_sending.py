"""One delivery and one mail server: what is sent, what is tried again, and what never is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from mail_sink import Behave, Sink, cut, hang, reply
from mail_steps import KEYS, PostOffice

from harken_server.channels.email.rules.return_address import read_return_address
from harken_server.deliveries.rules import Delivery
from harken_server.invitations.links import read_unsubscribe
from harken_server.kernel.work_outcomes import Done, Later, Lost, Outcome
from harken_server.respondents.store.suppressions import is_suppressed, suppress, suppress_address
from harken_server.surveys.store.surveys import set_status


async def _send(office: PostOffice, sink: Sink | str, **settings: str) -> Outcome:
    (item,) = await office.claim()
    async with office.mailroom(sink, **settings) as mailroom:
        return await mailroom.send(item)


async def _sent(office: PostOffice, sink: Sink | str, **settings: str) -> Delivery:
    assert await _send(office, sink, **settings) == Done()
    return await office.only()


async def test_a_mail_is_handed_over_once_and_written_down(office: PostOffice, sink: Sink) -> None:
    invitation = await office.invite(context={"store": "Berlin"})

    delivery = await _sent(office, sink)

    assert (delivery.state, delivery.attempts, delivery.last_error) == ("sent", 1, None)
    assert delivery.handed_over_at == delivery.finished_at == office.clock()
    (message,) = sink.messages
    assert sink.recipients == ["ada@example.com"]
    assert sink.kept[0][0] == "hello@shop.example"
    assert message["From"] == "Bücher & Söhne <hello@shop.example>"
    assert message["To"] == "ada@example.com"
    assert message["Message-ID"] == delivery.message_id == f"<{delivery.id.hex}@shop.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"]
    assert address.startswith("<https://feedback.example.com/u/")
    token = address.strip("<>").rpartition("/")[2]
    assert read_unsubscribe(KEYS, token, office.clock()) == (office.home, invitation.id)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert f"https://feedback.example.com/e/{invitation.code}?a=9" in text.get_content()
    assert f"/e/{invitation.code}?a=10" in html.get_content()
    assert message["Content-Language"] == "en"
    assert all(len(line) <= 998 for line in sink.kept[0][2].splitlines())


async def test_the_list_unsubscribe_header_stays_one_unbroken_address(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()
    await _sent(office, sink)

    (line,) = [
        line for line in sink.kept[0][2].splitlines() if line.startswith(b"List-Unsubscribe:")
    ]
    assert line.endswith(b">")
    assert b"=?" not in line


async def test_sender_reply_to_and_return_address_are_as_configured(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()

    delivery = await _sent(
        office, sink,
        HARKEN_MAIL_FROM="The Shop <hello@shop.example>",
        HARKEN_MAIL_REPLY_TO="Ada <care@shop.example>",
        HARKEN_MAIL_BOUNCE_DOMAIN="Returns.shop.example",
    )  # fmt: skip

    (message,) = sink.messages
    assert message["From"] == "The Shop <hello@shop.example>"
    assert message["Reply-To"] == "Ada <care@shop.example>"
    returns_to = sink.kept[0][0]
    assert returns_to.endswith("@returns.shop.example")
    assert read_return_address(KEYS, returns_to.upper()) == delivery.id


async def test_lines_that_begin_with_a_dot_arrive_as_written(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite(context={"store": "x"})
    await _sent(office, sink)
    assert b"\n..\r\n" not in sink.kept[0][2]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_passing_refusal_is_tried_again_after_a_pause(
    office: PostOffice, sink: Sink, stage: str
) -> None:
    sink.on[stage] = reply("451 4.3.0 try later", times=1)
    await office.invite()

    outcome = await _send(office, sink)

    assert isinstance(outcome, Later)
    assert outcome.due_at == office.clock() + timedelta(minutes=1)
    delivery = await office.only()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert delivery.handed_over_at is None
    assert "451 4.3.0 try later" in (delivery.last_error or "")
    assert sink.kept == []


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_lasting_refusal_ends_it(office: PostOffice, sink: Sink, stage: str) -> None:
    sink.on[stage] = reply("554 5.7.1 not wanted")
    await office.invite()

    delivery = await _sent(office, sink)

    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert delivery.handed_over_at is None
    assert "554 5.7.1 not wanted" in (delivery.last_error or "")
    assert not await is_suppressed(office.db, office.home, "ada", address="ada@example.com")


@pytest.mark.parametrize(
    ("line", "is_unknown"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", True),
        ("553 5.1.3 bad address", True),
        ("550 5.7.1 refused by policy", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
async def test_a_mailbox_that_does_not_exist_is_not_written_to_again(
    office: PostOffice, sink: Sink, line: str, is_unknown: bool
) -> None:
    sink.on["RCPT"] = reply(line)
    await office.invite()

    assert (await _sent(office, sink)).state == "failed"

    assert await is_suppressed(office.db, office.home, "ada") == is_unknown
    address = "ADA@example.com"
    assert await is_suppressed(office.db, office.home, "bo", address=address) == is_unknown


async def test_attempts_end_after_a_day(office: PostOffice, sink: Sink) -> None:
    sink.on["RCPT"] = reply("450 4.2.1 busy")
    await office.invite()
    began = office.clock()
    pauses: list[timedelta] = []
    while True:
        outcome = await _send(office, sink, HARKEN_MAIL_WINDOW="00:00-24:00")
        (item_id,) = [row[0] for row in await office.db.fetch("SELECT id FROM outbox")]
        if isinstance(outcome, Done):
            break
        assert isinstance(outcome, Later)
        pauses.append(outcome.due_at - office.clock())
        office.clock.now = outcome.due_at
        await office.db.execute("UPDATE outbox SET leased_until = NULL WHERE id = $1", item_id)

    delivery = await office.only()
    minutes = [pause.total_seconds() / 60 for pause in pauses]
    assert minutes == [1, 5, 15, 60, 120, 240, 480, 480]
    assert (delivery.state, delivery.attempts) == ("failed", 9)
    assert "Given up after 9 attempts" in (delivery.last_error or "")
    assert office.clock() - began < timedelta(days=1)


async def test_without_a_listening_server_it_waits(office: PostOffice) -> None:
    await office.invite()

    outcome = await _send(office, "smtp://127.0.0.1:1?starttls=off")

    assert isinstance(outcome, Later)
    assert "connecting to 127.0.0.1:1" in outcome.note
    assert (await office.only()).state == "queued"


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
@pytest.mark.parametrize("misbehave", [cut, hang])
async def test_trouble_before_the_message_means_another_attempt(
    office: PostOffice, sink: Sink, stage: str, misbehave: Behave
) -> None:
    sink.on[stage] = misbehave
    await office.invite()

    assert isinstance(await _send(office, sink), Later)

    delivery = await office.only()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "DATA" not in sink.seen


@pytest.mark.parametrize("misbehave", [cut, hang])
async def test_trouble_after_the_message_leaves_the_outcome_unknown_and_sends_no_more(
    office: PostOffice, sink: Sink, misbehave: Behave
) -> None:
    sink.on["DATA"] = misbehave
    await office.invite()

    delivery = await _sent(office, sink)

    assert (delivery.state, delivery.attempts) == ("unknown", 1)
    assert delivery.handed_over_at is not None
    assert "not sent again" in (delivery.last_error or "")
    assert sink.seen.count("DATA") == 1


async def test_what_a_dead_worker_was_sending_is_unknown_and_not_sent(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()
    await office.db.execute("UPDATE delivery SET state = 'sending', attempts = 1")

    delivery = await _sent(office, sink)

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

    delivery = await _sent(office, sink)

    assert (delivery.state, delivery.handed_over_at) == ("suppressed", None)
    assert sink.seen == []


async def test_an_address_that_must_not_be_written_to_is_not(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite("Ada@example.com")
    await suppress_address(
        office.db, office.home, "ada@example.com", reason="bounced", now=office.clock()
    )

    assert (await _sent(office, sink)).state == "suppressed"
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

    assert (await _sent(office, sink)).state == "suppressed"
    assert sink.kept == []


async def test_there_must_still_be_something_to_ask(office: PostOffice, sink: Sink) -> None:
    await office.invite(expires_at=office.clock() + timedelta(hours=1))
    office.clock.move(hours=1)

    delivery = await _sent(office, sink)

    assert (delivery.state, delivery.last_error) == ("cancelled", "The invitation has expired.")
    assert sink.seen == []


@pytest.mark.parametrize("column", ["response_id", "dismissed_at"])
async def test_an_answered_or_dismissed_invitation_is_not_mailed(
    office: PostOffice, sink: Sink, column: str
) -> None:
    await office.invite()
    value = uuid4() if column == "response_id" else office.clock()
    await office.db.execute(f"UPDATE invitation SET {column} = $1", value)

    assert (await _sent(office, sink)).state == "cancelled"
    assert sink.seen == []


async def test_a_closed_survey_is_not_mailed(office: PostOffice, sink: Sink) -> None:
    await office.invite()
    await set_status(office.db, office.home, "nps", "closed", office.clock())

    delivery = await _sent(office, sink)

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

    delivery = await _sent(office, sink)

    assert delivery.state == "failed"
    assert "Cannot be written" in (delivery.last_error or "")
    assert sink.seen == []


async def test_line_breaks_in_what_is_shown_never_make_a_header(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite(context={"store": "x\r\nBcc: eve@example.com"})
    await _sent(office, sink)
    (message,) = sink.messages
    assert message["Bcc"] is None
    assert sink.recipients == ["ada@example.com"]


async def test_an_address_beyond_ascii_goes_where_the_server_can_take_it(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite("ada@bücher.example")
    assert (await _sent(office, sink)).state == "sent"
    assert sink.recipients == ["ada@xn--bcher-kva.example"]
