"""Mails that no mail server sends: each is read or refused in words, never a fault (A1, A15)."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from mail_notices import ADDRESS, dsn, feedback_report

from harken_server.channels.email.rules.delivery_reports import MAX_RECIPIENTS, read_report

HEAD = b"Subject: x\nContent-Type: multipart/report; boundary=b\n"
FAILED = f"Final-Recipient: rfc822; {ADDRESS}\nAction: failed\nStatus: 5.1.1\n\n".encode()


def with_field(field: bytes) -> bytes:
    return field + b"\n" + dsn()


def nested(levels: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(levels)
    )


READABLE: Mapping[str, bytes] = {
    "a first line of a mailbox file": b"From x@y Sat Nov 21 11:59:00 2026\n" + dsn(),
    "lines that end as on the wire": dsn().replace(b"\n", b"\r\n"),
    "a date that is none": with_field(b"Date: x x x x x"),
    "a date before all time": with_field(b"Date: Mon, 01 Jan 0001 00:00:00 +2359"),
    "a date after all time": with_field(b"Date: Fri, 31 Dec 9999 23:59:59 -2359"),
    "a zone that is none": with_field(b"Date: Sat, 21 Nov 2026 11:59:00 +99999999999"),
    "an id of odd characters": with_field(b"Message-ID: <\x00\x1b\xff@\xe2\x80\xae>"),
    "an original with a NUL": dsn(original_id="<\x00@shop.example>"),
    "an address of encoded words": with_field(b"To: =?utf-8?q?=0D=0AX:_y?= <" + b"<" * 50),
    "ten thousand continuations": with_field(b"Content-Disposition: a; " + b"a*0*=x;" * 10_000),
    "forty thousand addresses": with_field(b"To: " + b"a@b," * 40_000),
    "one hundred thousand quotes": with_field(b'To: "' + b'"' * 100_000),
    "inside another message": (
        b"Subject: Fwd\nContent-Type: multipart/mixed; boundary=out\n\n--out\n"
        b"Content-Type: message/rfc822\n\n" + dsn() + b"\n--out--\n"),
    "without its end": dsn().partition(b"--b1--")[0],
}  # fmt: skip
IGNORED: Mapping[str, bytes] = {
    "a thousand multiparts": nested(1_000) + FAILED,
    "a thousand messages": b"Content-Type: message/rfc822\n\n" * 1_000 + FAILED,
    "an empty boundary": b'Content-Type: multipart/report; boundary=""\n\n--\n' + FAILED,
    "a boundary of 100 kB": b"Content-Type: multipart/report; boundary=" + b"b" * 100_000,
    "parameters without values": b"Content-Type: multipart/report;;;=;boundary;boundary=\n\n",
    "half a field": b"a:",
    "no text at all": b"Subject: x\n\n",
    "only delimiters": HEAD + b"\n" + b"--b\n" * 1_000,
    "a recipient that is none": HEAD + b"\n--b\nContent-Type: message/delivery-status\n\n"
    b"Action: failed\nFinal-Recipient: rfc822; <" + b"<" * 1_000 + b">\n",
}


async def test_a_bounce_is_heeded_however_odd_the_rest_of_the_mail_is(office):
    for name, raw in READABLE.items():
        reply = await office.tell("dsn", raw)

        assert reply.status_code == 200, (name, reply.text)
        assert reply.json()["accepted"] + reply.json()["repeated"] == 1, name
    assert await office.reason() == "bounced"


async def test_what_holds_no_bounce_is_ignored_however_odd_it_is(office):
    for name, raw in IGNORED.items():
        reply = await office.tell("dsn", raw)

        assert reply.status_code == 200, (name, reply.text)
        assert reply.json() == {"accepted": 0, "repeated": 0, "ignored": 1}, name
    assert await office.reason() is None


async def test_a_body_that_is_no_mail_is_refused_in_words(office):
    for raw in (b"", b"\n\n\n", b"no field\n", b"\x00" * 100):
        reply = await office.tell("dsn", raw)

        assert reply.status_code == 422, raw
        assert "headers first" in reply.json()["problems"][0]["message"]


def test_recipients_beyond_the_limit_are_not_looked_at():
    groups = b"".join(FAILED.replace(b"ada@", b"a%d@" % number) for number in range(5_000))
    raw = HEAD + b"\n--b\nContent-Type: message/delivery-status\n\n" + groups

    found = read_report(raw).returns

    assert [each.address for each in found] == [
        f"a{number}@example.com" for number in range(MAX_RECIPIENTS)
    ]


PIECES = st.sampled_from(
    (
        b"\n", b"\r\n", b":", b";", b" ", b"--b1", b"--b1--", b"boundary=b1", b'"', b"<", b">",
        b"@", b"\x00", b"\xff", b"Content-Type: ", b"multipart/report; ", b"message/rfc822",
        b"message/delivery-status", b"message/feedback-report", b"text/rfc822-headers",
        b"Action: failed", FAILED, b"Date: ", b"Message-ID: ", b"To: ", dsn(), feedback_report(),
    )
)  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_mail_is_a_fault(raw):
    reading = read_report(raw)

    assert len(reading.returns) + reading.ignored + len(reading.problems) > 0
    assert all(each.detail.isprintable() for each in reading.returns)
    assert all(each.message_id.isprintable() for each in reading.returns)
