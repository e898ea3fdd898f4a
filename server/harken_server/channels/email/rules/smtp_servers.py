"""The address of a mail server as one URL, as `HARKEN_SMTP_URL` has it."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

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
