"""What can be set about what the server says of itself."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from harken_server.http.settings import URL_CHARACTERS
from harken_server.kernel.settings import setting


def read_contact(value: str) -> str:
    """`mailto:` and an address, or an https page; ValueError for others."""
    parts = urlsplit(value)
    address = parts.path if parts.scheme == "mailto" else ""
    is_mail = address.count("@") == 1 and bool(URL_CHARACTERS.fullmatch(address.replace("@", "")))
    is_page = parts.scheme == "https" and parts.hostname and URL_CHARACTERS.fullmatch(value)
    if not (is_mail or is_page):
        raise ValueError(f"must be mailto:security@example.com or an https address, not {value!r}")
    return value


class SecuritySettings(msgspec.Struct, kw_only=True, frozen=True):
    """Whom to tell of a weakness."""

    security_contact: Annotated[
        str,
        setting(
            "Whom to tell of a weakness, as `mailto:security@example.com` or an https address. It "
            "stands in /.well-known/security.txt, which is not there without it.",
            read=read_contact,
        ),
    ] = ""
