"""The table of settings: how each is read, what it is by default and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from harken_server.kernel.mail_addresses import parse_domain, parse_sender
from harken_server.kernel.mail_times import parse_window
from harken_server.kernel.smtp_servers import parse_smtp_url


class Option(NamedTuple):
    """One setting of the table."""

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    is_secret: bool = False


def _text(value: str) -> str:
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    return parse


def _url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    is_plain = URL_CHARACTERS.fullmatch(value) and "@" not in parts.netloc
    is_base = parts.scheme in {"http", "https"} and not parts.query and not parts.fragment
    if not (is_plain and is_base and parts.hostname):
        raise ValueError(
            f"must be an http or https address such as https://feedback.example, not {value!r}"
        )
    _ = parts.port
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if value and urlsplit(value).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _secret(value: str) -> str:
    if value and any(len(part.strip()) < MIN_SECRET_CHARS for part in value.split(",")):
        raise ValueError(f"each key must have at least {MIN_SECRET_CHARS} characters")
    return value


def _checked(parse: Callable[[str], object]) -> Callable[[str], str]:
    """Keep the text as written, once it has been found to mean something."""

    def keep(value: str) -> str:
        if value:
            parse(value)
        return value

    return keep


MIN_SECRET_CHARS = 32
URL_CHARACTERS = re.compile(r"[A-Za-z0-9:/.\[\]_~%-]+")
"""What an address of ours may consist of: it goes into pages, headers and QR codes as it is."""

OPTIONS: tuple[Option, ...] = (
    Option(
        "database_url",
        _database_url,
        "",
        "Where data is kept: sqlite:///path or postgresql://user:password@host/name. "
        "Default: a SQLite file in the data directory.",
        is_secret=True,
    ),
    Option(
        "data_dir",
        Path,
        "./harken-data",
        "Folder for the SQLite file and the generated secret key.",
    ),
    Option("host", _text, "127.0.0.1", "Address to listen on; 0.0.0.0 for all."),
    Option("port", _whole(1, 65_535), "8300", "Port to listen on, 1 to 65535."),
    Option(
        "public_url",
        _url,
        "",
        "Address under which people reach the server; all links are built from it, never from "
        "the Host header. Default: http://HOST:PORT.",
    ),
    Option(
        "short_url",
        _url,
        "",
        "Shorter address for invitation links and QR codes. Default: the public URL.",
    ),
    Option(
        "secret_key",
        _secret,
        "",
        f"Signs links; {MIN_SECRET_CHARS} characters or more. Several, separated by commas: the "
        "first signs, all verify. Default: made at first start and kept in the data directory.",
        is_secret=True,
    ),
    Option(
        "synchronous",
        _one_of("full", "normal"),
        "full",
        "SQLite durability: full survives power loss; normal may lose the last seconds then.",
    ),
    Option(
        "queue_limit",
        _whole(16, 100_000),
        "1000",
        "Submissions waiting to be stored before more are refused with 503, 16 to 100000.",
    ),
    Option(
        "rate_limit",
        _whole(0, 1_000_000),
        "1200",
        "Submissions and page posts a minute from one client address (IPv6: one /64); 0 is no "
        "limit. Clients on the machine itself are not limited.",
    ),
    Option(
        "trusted_proxies",
        _whole(0, 10),
        "0",
        "How many reverse proxies stand in front; that many last entries of X-Forwarded-For "
        "are believed. 0 believes none.",
    ),
    Option("log_format", _one_of("pretty", "json"), "pretty", "Shape of log lines."),
    Option(
        "log_level",
        _one_of("debug", "info", "warning", "error"),
        "info",
        "Least severe log lines written.",
    ),
    Option(
        "worker",
        _one_of("in_process", "off"),
        "in_process",
        "Who does the work that waits, such as sending mail: the server itself, or (off) only "
        "`harken-server worker` processes beside it, which need PostgreSQL.",
    ),
    Option(
        "smtp_url",
        _checked(parse_smtp_url),
        "",
        "Mail server: smtp://user:password@host:587 (TLS by STARTTLS when offered; "
        "?starttls=required or ?starttls=off) or smtps://user:password@host:465. "
        "Default: none; mail waits until there is one.",
        is_secret=True,
    ),
    Option(
        "mail_from",
        _checked(parse_sender),
        "",
        "Sender of all mail, such as feedback@shop.example or The Shop <feedback@shop.example>. "
        "Without a name the survey's brand or the workspace's name is shown.",
    ),
    Option(
        "mail_reply_to",
        _checked(parse_sender),
        "",
        "Where replies of people go. Default: to the sender.",
    ),
    Option(
        "mail_bounce_domain",
        _checked(parse_domain),
        "",
        "Domain whose mail Harken gets to see, for signed return addresses: bounces then find "
        "their delivery. Default: mail returns to the sender.",
    ),
    Option(
        "mail_daily_cap",
        _whole(0, 10_000_000),
        "0",
        "Most mails a workspace sends in one UTC day; the rest waits for the next. 0 is no cap.",
    ),
    Option(
        "mail_window",
        _checked(parse_window),
        "08:00-20:00",
        "Hours in which mail is sent, in the respondent's time zone (UTC when unknown). The end "
        "may lie past midnight; 00:00-24:00 is always.",
    ),
    Option(
        "mailgun_signing_key",
        _text,
        "",
        "HTTP webhook signing key of Mailgun: its notices of bounces are then only taken when "
        "they are signed. Default: the signed address of the hook is enough.",
        is_secret=True,
    ),
)
