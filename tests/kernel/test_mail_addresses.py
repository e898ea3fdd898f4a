"""Which addresses mail is sent to, and how a sender and a mail server are written in settings."""

from __future__ import annotations

import pytest
from address_table import ADDRESSES, OTHERS
from hypothesis import given
from hypothesis import strategies as st

from harken_server.asking.requests import check_person
from harken_server.channels.email.rules.addresses import (
    Sender,
    SmtpServer,
    parse_domain,
    parse_sender,
    parse_smtp_url,
    wire_address,
)
from harken_server.kernel.formats import is_email

CONTROLS = [chr(code) for code in (*range(33), 127, 0x85, 0xA0, 0x2028, 0x2029)]


def _is_sender(address: str) -> bool:
    try:
        return parse_sender(address).address == address
    except ValueError:
        return False


def _is_of_a_person(address: str) -> bool:
    return not [*check_person(email=address, phone=None, timezone=None, traits={})]


RULES = {"format": is_email, "sender": _is_sender, "person": _is_of_a_person}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("place", RULES)
def test_an_address_is_one_wherever_it_is_taken(place: str, address: str) -> None:
    assert RULES[place](address)


@pytest.mark.parametrize("address", OTHERS)
@pytest.mark.parametrize("place", RULES)
def test_what_is_none_is_refused_wherever_it_is_taken(place: str, address: str) -> None:
    assert not RULES[place](address)


@given(st.sampled_from(CONTROLS), st.integers(0, 15))
def test_no_control_character_or_space_fits_anywhere(control: str, place: int) -> None:
    address = "ada@example.com"
    assert not is_email(address[:place] + control + address[place:])


@given(st.text(max_size=40))
def test_what_is_accepted_is_one_line(text: str) -> None:
    if is_email(text):
        assert text.splitlines() == [text]
        assert text.count("@") == 1


def test_a_domain_that_idna_cannot_write_is_a_value_error() -> None:
    assert wire_address("ada@Straße.example") == "ada@strasse.example"
    with pytest.raises(ValueError, match="cannot be written"):
        wire_address("ada@" + "ä" * 60 + ".example")


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("hello@shop.example", Sender("hello@shop.example")),
        (" hello@shop.example ", Sender("hello@shop.example")),
        ('"The Shop, Ltd" <hello@shop.example>', Sender("hello@shop.example", "The Shop, Ltd")),
    ],
)
def test_senders_are_read_with_their_name(text: str, sender: Sender) -> None:
    assert parse_sender(text) == sender


@pytest.mark.parametrize("text", ["x", "a@b.de c@d.de", "A\nB <a@b.de>", "A <a@b.c> <c@d.e>", "<>"])
def test_bad_senders_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_sender(text)


def test_domains_are_kept_in_lower_case() -> None:
    assert parse_domain("Returns.Shop.example") == "returns.shop.example"
    with pytest.raises(ValueError, match="must be a domain"):
        parse_domain("a b")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587, "if_offered")),
        ("smtp://u%40x:p%2Fw@mail.example:25?starttls=required",
         SmtpServer("mail.example", 25, "required", "u@x", "p/w")),
        ("smtps://u:p@mail.example", SmtpServer("mail.example", 465, "tls", "u", "p")),
        ("smtp://[::1]:1025?starttls=off", SmtpServer("::1", 1025, "off")),
        ("smtps://m.example?ca_file=/etc/ca.pem",
         SmtpServer("m.example", 465, "tls", ca_file="/etc/ca.pem")),
    ],
)  # fmt: skip
def test_mail_servers_are_read_from_one_url(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mail", "http://mail", "smtp://", "smtp://m:x", "smtp://m:99999", "smtp://u@m", "smtp://m/x",
     "smtp://u:s3cret@m?starttls=maybe", "smtp://u:s3cret@m?x=1"],
)  # fmt: skip
def test_bad_urls_are_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_smtp_url(url)
    assert "s3cret" not in str(caught.value)
