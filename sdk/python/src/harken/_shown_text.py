"""What may be shown to people: texts without hidden characters, and links that hide nothing.

The server's rule (`harken_server/kernel/shown_text.py`), which shares no code with the SDK; a test
compares them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u200b\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Controls, half characters, marks that turn the direction of what follows, and what has no width.
Joiners stay, which letters and emoji need, and the two marks that only belong to the letter before
(U+200E, U+200F)."""
_SLASHES = re.compile("[\\\\\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2571\u2572\ufe68\uff0f\uff3c]")
"""What browsers read as a slash, and what people do."""


def visible(text: str) -> str:
    r"""The text with such characters written as their escapes, for terminals and logs.

    >>> visible("a\x1b[2J")
    'a\\x1b[2J'
    """
    return _HIDDEN.sub(lambda found: repr(found[0])[1:-1], text)


def link_fault(link: str, schemes: tuple[str, ...] = ("https", "http")) -> str | None:
    """Why nobody should be led there; None for a plain link to a named host.

    >>> link_fault("https://shop.example/thanks?from=survey#top")
    >>> link_fault("https://shop.example@evil.example/")
    'has a user name before its host'
    """
    if any(sign.isspace() or not sign.isprintable() for sign in link):
        return "holds a space or a character that cannot be seen"
    if found := _SLASHES.search(link):
        return f"holds {found[0]!r}, which is or looks like a slash"
    scheme, colon, rest = link.partition(":")
    if not colon or scheme.lower() not in schemes or not rest.startswith("//"):
        return f"must begin with {' or '.join(f'{each}://' for each in schemes)}"
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "has a host or a port that cannot be read"
    if "@" in parts.netloc:
        return "has a user name before its host"
    return None if host and _is_host(host) else "has no plain host"


def _is_host(host: str) -> bool:
    """Letters, digits and hyphens, or an address in brackets; nothing that stands for another."""
    if ":" in host:
        return "%" not in host
    if unicodedata.normalize("NFKC", host) != host:
        return False
    labels = host.removesuffix(".").split(".")
    return all(
        label and all(sign.isalnum() or sign in "-_" or _is_mark(sign) for sign in label)
        for label in labels
    )


def _is_mark(sign: str) -> bool:
    """Whether it belongs to the letter before it, as vowel signs do."""
    return unicodedata.category(sign) in {"Mn", "Mc"}
