"""Addresses as mail writes them: senders with a name, and domains in ASCII."""

from __future__ import annotations

import re

import msgspec

from harken_server.kernel.formats import MAX_EMAIL_CHARS, is_domain, is_email

MAX_NAME_CHARS = 120
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>\s*\Z")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Sender(msgspec.Struct, frozen=True):
    """An address, and the name shown with it; empty for none."""

    address: str
    name: str = ""


def wire_address(address: str) -> str:
    """Write the domain in ASCII (IDNA); the part before it stays. ValueError when it cannot be.

    >>> wire_address("ada@bücher.example")
    'ada@xn--bcher-kva.example'
    """
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise ValueError(f"the domain of {address!r} cannot be written in ASCII") from error


def parse_sender(text: str) -> Sender:
    """Read `address` or `name <address>`; ValueError says what is wrong.

    >>> parse_sender("The Shop <hello@shop.example>")
    Sender(address='hello@shop.example', name='The Shop')
    """
    found = _SENDER.match(text)
    address = (found["address"] if found else text).strip()
    name = found["name"].strip().strip('"') if found else ""
    if not is_email(address):
        raise ValueError(f"must be an address such as hello@shop.example, not {text!r}")
    if _UNSEEN.search(name):
        raise ValueError("the name before the address must not hold a line break")
    return Sender(address, name)


def read_name(text: str) -> str:
    """Read the name of whoever asks; ValueError for one that no line can hold."""
    name = text.strip()
    if len(name) > MAX_NAME_CHARS or _UNSEEN.search(name):
        raise ValueError(f"must be one line of at most {MAX_NAME_CHARS} characters")
    return name


def parse_domain(text: str) -> str:
    """Read a domain name, in lower case; ValueError for anything else."""
    if not text.isascii() or len(text) > MAX_EMAIL_CHARS or not is_domain(text):
        raise ValueError(f"must be a domain such as returns.shop.example, not {text!r}")
    return text.lower()
