"""Mail addresses: which ones mail is sent to and from (RFC 5321, RFC 6531), without comments."""

from __future__ import annotations

import re

import msgspec

MAX_ADDRESS = 254
"""RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of them angle brackets."""
MAX_LOCAL_PART = 64
"""Octets; RFC 5321 section 4.5.3.1.1."""

_LOCAL = re.compile(r"[^\s\x00-\x20\x7f-\x9f()<>@,;:\\\"\[\]]+\Z")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?\Z")
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>\s*\Z")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Sender(msgspec.Struct, frozen=True):
    """An address, and the name shown with it; empty for none."""

    address: str
    name: str = ""


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent to it: one plain address, no name, no quotes, no line break.

    >>> is_mail_address("ada@shop.example"), is_mail_address("ada@shop.example\\nBcc: x@y.example")
    (True, False)
    """
    local, separator, domain = text.rpartition("@")
    if not separator or len(text.encode("utf-8", "replace")) > MAX_ADDRESS:
        return False
    if len(local.encode("utf-8", "replace")) > MAX_LOCAL_PART or not _LOCAL.match(local):
        return False
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return False
    return _is_domain(domain) and not _has_surrogate(text)


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
    if not is_mail_address(address):
        raise ValueError(f"must be an address such as hello@shop.example, not {text!r}")
    if _UNSEEN.search(name):
        raise ValueError("the name before the address must not hold a line break")
    return Sender(address, name)


def parse_domain(text: str) -> str:
    """Read a domain name, in lower case; ValueError for anything else."""
    if not _is_domain(text) or not text.isascii():
        raise ValueError(f"must be a domain such as returns.shop.example, not {text!r}")
    return text.lower()


def _is_domain(text: str) -> bool:
    labels = text.split(".")
    return len(text) <= MAX_ADDRESS and all(_LABEL.match(label) for label in labels)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)
