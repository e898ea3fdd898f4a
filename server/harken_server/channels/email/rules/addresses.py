"""Addresses that mail needs: senders with a name, signed return addresses, and the mail server's.

The part of a return address before the `@` is `b+` and lower-case base32 of the delivery's id (16
bytes) and a MAC of 10 bytes: 44 characters, of the 64 that RFC 5321 (4.5.3.1.1) allows. A bounce
finds its delivery by it, and nobody can forge one. Mail servers may change its case, so it must not
matter. It does not expire: some bounces come late, and all are harmless.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import msgspec

from harken_server.kernel.formats import MAX_EMAIL_CHARS, is_domain, is_email
from harken_server.kernel.shown_text import hidden_character

MAX_NAME_CHARS = 120
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>\s*\Z")


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
    if hidden := hidden_character(name):
        raise ValueError(
            f"the name before the address must not hold {hidden}, which cannot be seen"
        )
    return Sender(address, name)


def read_name(text: str) -> str:
    """Read the name of whoever asks; ValueError for one that no line can hold."""
    name = text.strip()
    if len(name) > MAX_NAME_CHARS:
        raise ValueError(f"must be one line of at most {MAX_NAME_CHARS} characters")
    if hidden := hidden_character(name):
        raise ValueError(f"must be one line without {hidden}, which cannot be seen")
    return name


def parse_domain(text: str) -> str:
    """Read a domain name, in lower case; ValueError for anything else."""
    if not text.isascii() or len(text) > MAX_EMAIL_CHARS or not is_domain(text):
        raise ValueError(f"must be a domain such as returns.shop.example, not {text!r}")
    return text.lower()


PREFIX = "b+"

_MAC_BYTES = 10
_ID_BYTES = 16
_LABEL = b"harken return address 1"


def make_return_address(keys: Sequence[bytes], delivery_id: UUID, domain: str) -> str:
    """Give the envelope sender of one delivery, signed with the first key."""
    raw = delivery_id.bytes + _mac(keys[0], delivery_id)
    return f"{PREFIX}{b32encode(raw).rstrip(b'=').decode().lower()}@{domain}"


def read_return_address(keys: Sequence[bytes], address: str) -> UUID | None:
    """The delivery that an address names; None for one that is not ours. Any text may be passed."""
    local = address.strip().strip("<>").partition("@")[0].lower()
    if not local.startswith(PREFIX) or not local.isascii():
        return None
    text = local.removeprefix(PREFIX).upper()
    try:
        raw = b32decode(text + "=" * (-len(text) % 8))
    except (Base32Error, ValueError):
        return None
    if len(raw) != _ID_BYTES + _MAC_BYTES:
        return None
    delivery_id = UUID(bytes=raw[:_ID_BYTES])
    is_ours = any(hmac.compare_digest(_mac(key, delivery_id), raw[_ID_BYTES:]) for key in keys)
    return delivery_id if is_ours else None


def _mac(key: bytes, delivery_id: UUID) -> bytes:
    derived = hmac.digest(key, _LABEL, "sha256")
    return hmac.digest(derived, delivery_id.bytes, "sha256")[:_MAC_BYTES]


Security: TypeAlias = Literal["tls", "required", "if_offered", "off"]
"""tls: from the first byte. The others: whether STARTTLS must, may or shall not be used."""

_DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EXAMPLE = "smtp://user:password@mail.example:587"


class SmtpServer(msgspec.Struct, frozen=True):
    """Where to hand mail over, and as whom."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    ca_file: str = ""
    """Certificates to trust instead of the system's; empty: the system's."""

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, where a password needs no encryption on its way."""
        return self.host in _LOOPBACK

    @property
    def label(self) -> str:
        """Host and port, for people; never the password."""
        return f"{self.host}:{self.port}"


def parse_smtp_url(text: str) -> SmtpServer:
    """Read the URL; ValueError says what is wrong, without repeating the password.

    >>> parse_smtp_url("smtps://mail.example").port
    465
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"must be an address such as {_EXAMPLE}") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError(f"must be an address such as {_EXAMPLE}, or begin with smtps://")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("has a user without a password, or the other way round")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    return SmtpServer(
        host=parts.hostname,
        port=port or _DEFAULT_PORTS[parts.scheme],
        security=_security(parts.scheme, options.pop("starttls", None)),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=_last(options),
    )


def _security(scheme: str, asked: str | None) -> Security:
    if scheme == "smtps":
        if asked is not None:
            raise ValueError("smtps:// is encrypted from the start and takes no starttls option")
        return "tls"
    for known in get_args(Security)[1:]:
        if (asked or "if_offered") == known:
            return known
    raise ValueError("the starttls option must be required, if_offered or off")


def _last(options: dict[str, str]) -> str:
    ca_file = options.pop("ca_file", "")
    if options:
        raise ValueError(f"has an unknown option {next(iter(options))!r}; starttls and ca_file are")
    return ca_file
