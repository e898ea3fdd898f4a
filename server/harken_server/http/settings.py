"""What can be set about the edge: where to listen, how links begin, how much to let in."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from harken_server.kernel.settings import setting

URL_CHARACTERS = re.compile(r"[A-Za-z0-9:/.\[\]_~%-]+")
"""What an address of ours may consist of: it goes into pages, headers and QR codes as it is."""


def read_base_url(value: str) -> str:
    """An address that links begin with, without a slash at its end; ValueError for others."""
    parts = urlsplit(value)
    is_plain = URL_CHARACTERS.fullmatch(value) and "@" not in parts.netloc
    is_base = parts.scheme in {"http", "https"} and not parts.query and not parts.fragment
    if not (is_plain and is_base and parts.hostname):
        raise ValueError(
            f"must be an http or https address such as https://feedback.example, not {value!r}"
        )
    _ = parts.port
    return value.rstrip("/")


class HttpSettings(msgspec.Struct, kw_only=True, frozen=True):
    """Where the server listens, what its links begin with, and how much it lets in."""

    host: Annotated[str, setting("Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1"
    port: Annotated[int, setting("Port to listen on, 1 to 65535.", low=1, high=65_535)] = 8300
    public_url: Annotated[
        str,
        setting(
            "Address under which people reach the server; all links are built from it, never from "
            "the Host header. Default: http://HOST:PORT.",
            read=read_base_url,
        ),
    ] = ""
    short_url: Annotated[
        str,
        setting(
            "Shorter address for invitation links and QR codes. Default: the public URL.",
            read=read_base_url,
        ),
    ] = ""
    rate_limit: Annotated[
        int,
        setting(
            "Submissions, page posts and items of batches a minute from one client address (IPv6: "
            "one /64), by one device and with one code; 0 is no limit. Of addresses the machine's "
            "own is not limited.",
            low=0,
            high=1_000_000,
        ),
    ] = 1200
    key_rate_limit: Annotated[
        int,
        setting(
            "Calls and items of batches a minute with one API key; 0 is no limit. Clients on the "
            "machine itself are not limited.",
            low=0,
            high=10_000_000,
        ),
    ] = 120_000
    trusted_proxies: Annotated[
        int,
        setting(
            "How many reverse proxies stand in front; that many last entries of X-Forwarded-For "
            "are believed. 0 believes none.",
            low=0,
            high=10,
        ),
    ] = 0

    def __post_init__(self) -> None:
        public_url = self.public_url or f"http://{_shown_host(self.host)}:{self.port}"
        msgspec.structs.force_setattr(self, "public_url", public_url)
        msgspec.structs.force_setattr(self, "short_url", self.short_url or public_url)


def _shown_host(host: str) -> str:
    """The host as a browser on this machine would write it."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  (compared only)
    return f"[{shown}]" if ":" in shown else shown
