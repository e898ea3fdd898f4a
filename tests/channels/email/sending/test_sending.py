"""One delivery and one mail server: what is sent, what is tried again, and what never is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from mail_sink import Behave, Sink, cut, hang, reply
from mail_steps import KEYS, PostOffice

from harken_server.channels.email.rules.addresses import read_return_address
from harken_server.invitations.links import read_unsubscribe
from harken_server.kernel.work_outcomes import Done, Later
from harken_server.respondents.store.suppressions import is_suppressed


async def test_a_mail_is_handed_over_once_and_written_down(office: PostOffice, sink: Sink) -> None:
    invitation = await office.invite(context={"store": "Berlin"})

    delivery = await office.sent(sink)

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
    await office.sent(sink)

    (line,) = [
        line for line in sink.kept[0][2].splitlines() if line.startswith(b"List-Unsubscribe:")
    ]
    assert line.endswith(b">")
    assert b"=?" not in line


async def test_sender_reply_to_and_return_address_are_as_configured(
    office: PostOffice, sink: Sink
) -> None:
    await office.invite()

    delivery = await office.sent(
        sink,
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
    await office.sent(sink)
    assert b"\n..\r\n" not in sink.kept[0][2]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
async def test_a_passing_refusal_is_tried_again_after_a_pause(
    office: PostOffice, sink: Sink, stage: str
) -> None:
    sink.on[stage] = reply("451 4.3.0 try later", times=1)
    await office.invite()

    outcome = await office.send(sink)

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

    delivery = await office.sent(sink)

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

    assert (await office.sent(sink)).state == "failed"

    assert await is_suppressed(office.db, office.home, "ada") == is_unknown
    address = "ADA@example.com"
    assert await is_suppressed(office.db, office.home, "bo", address=address) == is_unknown


async def test_attempts_end_after_a_day(office: PostOffice, sink: Sink) -> None:
    sink.on["RCPT"] = reply("450 4.2.1 busy")
    await office.invite()
    began = office.clock()
    pauses: list[timedelta] = []
    while True:
        outcome = await office.send(sink, HARKEN_MAIL_WINDOW="00:00-24:00")
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

    outcome = await office.send("smtp://127.0.0.1:1?starttls=off")

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

    assert isinstance(await office.send(sink), Later)

    delivery = await office.only()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "DATA" not in sink.seen


@pytest.mark.parametrize("misbehave", [cut, hang])
async def test_trouble_after_the_message_leaves_the_outcome_unknown_and_sends_no_more(
    office: PostOffice, sink: Sink, misbehave: Behave
) -> None:
    sink.on["DATA"] = misbehave
    await office.invite()

    delivery = await office.sent(sink)

    assert (delivery.state, delivery.attempts) == ("unknown", 1)
    assert delivery.handed_over_at is not None
    assert "not sent again" in (delivery.last_error or "")
    assert sink.seen.count("DATA") == 1
