"""What strangers write reaches a mail as text: read as the bytes that the mail server got."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from typing import Any, cast
from uuid import UUID

import pytest
from hostile_definitions import question_kinds, survey_with
from hostile_texts import TRICKS
from mail_sink import Sink, open_sink

from harken_server.channels.email.rules.addresses import Sender, SmtpServer, wire_address
from harken_server.channels.email.rules.written_mail import (
    address_header,
    text_header,
    token_header,
    write_text_mail,
)
from harken_server.channels.email.sending.mail import Letterhead, compose
from harken_server.channels.email.sending.smtp import SmtpPost
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.sender import RefusedError
from harken_server.invitations.invitation import Invitation
from harken_server.kernel.formats import is_email
from harken_server.kernel.shown_text import hidden_character

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEADERS = [
    "From", "Reply-To", "Subject", "Message-ID", "To", "Date", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip
SIGNS = [f"a{sign}b" for sign in '\u2474\u2488\u33c2\u2460\uff20\uff1c\u2025\u00b2 ()<>,;:[]"\\']
"""Signs that stand for several, or that mean something in an address."""
MERGED = "{{context.name}}"


def letter_of(trick: str, *, kind: str = "nps", address: str = "ada@example.com") -> Any:
    """A mail with the trick in all that anybody may write: survey, context, brand and senders."""
    one = UUID(int=1)
    delivery = Delivery(
        id=one, workspace_id=one, survey_id=one, invitation_id=one, channel="email",
        respondent=trick, wave=trick, kind="reminder", address=address, state="queued", attempts=0,
        created_at=NOW, due_at=NOW,
    )  # fmt: skip
    invitation = Invitation(
        id=one, workspace_id=one, survey_id=one, code="ABCDEFGHJKMNP", touchpoint=trick,
        channel="email", created_at=NOW, respondent=trick, locale=trick, context={"name": trick},
    )  # fmt: skip
    head = Letterhead(
        Sender("hello@shop.example", trick), Sender("care@shop.example", trick),
        "https://feedback.example.com", trick,
    )  # fmt: skip
    survey = survey_with(f"{MERGED} {trick}"[:2_000], kind)
    stop = "https://feedback.example.com/u/token"
    return compose(delivery, invitation, survey, head, unsubscribe_url=stop, now=NOW)


def check(content: bytes) -> None:
    head, _, body = content.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert [line.split(b":")[0].decode() for line in lines if line[:1] != b" "] == HEADERS
    assert all(re.fullmatch(rb"[\x20-\x7e]{1,998}", line) for line in lines)
    assert not re.search(rb"[^\x20-\x7e\t\r\n]|\r(?!\n)|(?<!\r)\n", body)
    for policy in (compat32, default):
        read = message_from_bytes(content, policy=cast(Any, policy))
        assert read.keys() == HEADERS
        assert [part.get_content_type() for part in read.walk()] == [
            "multipart/alternative", "text/plain", "text/html",
        ]  # fmt: skip
        assert not read.defects
    message = message_from_bytes(content, policy=default)
    assert [each.addr_spec for each in message["From"].addresses] == ["hello@shop.example"]
    assert [each.addr_spec for each in message["Reply-To"].addresses] == ["care@shop.example"]
    html = cast(Any, message.get_body(("html",))).get_content()
    assert not re.search(r'<(h1>|script|img)|href="[^"]*evil', html)
    for name in ("From", "Subject", "Reply-To"):
        assert hidden_character(str(message[name])) is None


def read_as_written(content: bytes, name: str) -> str:
    """A header as RFC 2047 has it read."""
    raw = message_from_bytes(content, policy=compat32)[name].replace("\r\n", "")
    return str(make_header(decode_header(raw)))


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if "=?" in trick])
def test_what_looks_like_an_encoded_word_is_read_as_it_was_written(trick: str) -> None:
    content = letter_of(trick).content

    assert trick.splitlines()[0][:40] in read_as_written(content, "Subject")


@pytest.mark.parametrize("kind", question_kinds())
def test_no_text_of_any_question_makes_a_header(kind: str) -> None:
    check(letter_of("=?utf-8?q?=0D=0AX-Evil:_1?=\r\nX-Evil: 2\u202e", kind=kind).content)


async def test_a_text_of_somebody_else_makes_no_header_and_is_no_lost_mail(sink: Sink) -> None:
    post = SmtpPost(SmtpServer("127.0.0.1", sink.port, "off"), helo="feedback.example.com")
    for trick in TRICKS:
        letter = letter_of(trick)
        async with post.envelope("hello@shop.example", letter.recipient) as envelope:
            await envelope.hand_over(letter.content)
    await post.close()

    assert len(sink.kept) == len(TRICKS)
    assert set(sink.recipients) == {"ada@example.com"}
    for _, _, content in sink.kept:
        check(content)


@pytest.mark.parametrize("form", ["{}@example.com", "ada@{}.example", "ada@example.{}", "{}"])
def test_an_address_is_one_or_is_refused(form: str) -> None:
    addresses = [form.format(trick) for trick in (*TRICKS, *SIGNS)]

    for address in filter(is_email, addresses):
        sent = letter_of("x", address=address)
        head = sent.content.partition(b"\r\n\r\n")[0]
        assert f"\r\nTo: {wire_address(address)}\r\n".encode() in head
        assert sent.recipient == wire_address(address)
        assert re.fullmatch(r"[a-z0-9.-]+", sent.recipient.rpartition("@")[2].lower())
    for address in addresses:
        if not is_email(address):
            with pytest.raises(ValueError, match="address"):
                letter_of("x", address=address)


@pytest.mark.parametrize(
    "address", ["ada+tag@b\u00fccher.example", "o'hara@x.example", "a=b%c!d#e@x.example"]
)
async def test_odd_addresses_are_announced_as_they_are(sink: Sink, address: str) -> None:
    post = SmtpPost(SmtpServer("127.0.0.1", sink.port, "off"), helo="feedback.example.com")
    letter = letter_of("x", address=address)
    async with post.envelope("hello@shop.example", letter.recipient) as envelope:
        await envelope.hand_over(letter.content)
    await post.close()

    assert sink.recipients == [wire_address(address)]


async def test_an_address_beyond_ascii_goes_to_no_server_that_does_not_take_it(sink: Sink) -> None:
    post = SmtpPost(SmtpServer("127.0.0.1", sink.port, "off"), helo="feedback.example.com")

    with pytest.raises(RefusedError, match="ASCII"):
        async with post.envelope("hello@shop.example", "ad\u00e9@example.com"):
            pass
    await post.close()

    assert sink.seen == []


async def test_an_address_beyond_ascii_is_announced_where_it_is_taken() -> None:
    async with open_sink(enable_SMTPUTF8=True) as sink:
        post = SmtpPost(SmtpServer("127.0.0.1", sink.port, "off"), helo="feedback.example.com")
        letter = letter_of("=?utf-8?q?=0D=0AX-Evil:_1?=", address="ad\u00e9@example.com")
        async with post.envelope("hello@shop.example", letter.recipient) as envelope:
            await envelope.hand_over(letter.content)
        await post.close()

    assert sink.recipients == ["ad\u00e9@example.com"]
    assert "\r\nTo: ad\u00e9@example.com\r\n".encode() in sink.kept[0][2]


def test_a_header_of_ours_takes_no_text_of_others() -> None:
    for trick in TRICKS:
        if not re.fullmatch(r"[!-~]+(?: [!-~]+)*", trick):
            with pytest.raises(ValueError, match="no header may hold"):
                token_header("Message-ID", trick)


def test_long_names_and_texts_are_folded_between_characters() -> None:
    name = "B\u00fccher & S\u00f6hne \U0001f600 " * 40
    headers = [
        address_header("From", "a@shop.example", name), text_header("Subject", name),
        text_header("X-Long", "word " * 100), text_header("X-Word", "w" * 900),
    ]  # fmt: skip
    content = write_text_mail(headers, "text")

    head = content.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    message = message_from_bytes(content, policy=default)
    shown = " ".join(name.split())
    assert message["Subject"] == shown == read_as_written(content, "Subject")
    assert read_as_written(content, "From") == f"{shown} <a@shop.example>"
    assert message["X-Long"] == " ".join(["word"] * 100)
    assert message["X-Word"] == "w" * 900
