"""Values of response headers that are made of data: the one place that writes them.

What comes from a request or from somebody's texts reaches a header through one of these functions
only; a test looks for others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote

from harken_server.kernel.shown_text import without_hidden

MAX_FILE_NAME = 120
"""Characters; file systems take 255 bytes."""
_NO_FILE_NAME = re.compile(r'[/\\:*?"<>|%;]|[^\S ]')
"""What ends a path, a quoted string or a parameter somewhere, or means something to a shell."""
_UNFIT = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_WRITABLE = "".join(map(chr, range(0x20, 0x7F)))


def attachment(file_name: str) -> str:
    """Content-Disposition of a file to be kept under this name (RFC 6266).

    A name that is not ASCII is said twice, for old programs and for those of RFC 8187.

    >>> attachment("scores.csv"), attachment('../x"; filename="evil.bat')
    ('attachment; filename="scores.csv"', 'attachment; filename="x__ filename=_evil.bat"')
    """
    name = safe_file_name(file_name)
    plain = "".join(sign if sign.isascii() else "_" for sign in name)
    value = f'attachment; filename="{plain}"'
    return value if name == plain else f"{value}; filename*=UTF-8''{quote(name, safe='')}"


def safe_file_name(text: str) -> str:
    """The text as one name without folders, never hidden and never empty."""
    name = _NO_FILE_NAME.sub("_", without_hidden(unicodedata.normalize("NFC", text)))
    stem, dot, kind = name.strip("._ ").rpartition(".")
    if dot and len(kind) < MAX_FILE_NAME // 2:
        return f"{stem[: MAX_FILE_NAME - len(kind) - 1]}.{kind}"
    return name.strip("._ ")[:MAX_FILE_NAME] or "file"


def link_to(url: str, relation: str) -> str:
    """A Link header (RFC 8288)."""
    return f'<{quote(url, safe=_URL_SIGNS)}>; rel="{relation}"'


def relative_location(*pieces: str, up: int = 0) -> str:
    """A Location below our own address: pieces of a path, each quoted, `up` folders higher."""
    return "../" * up + "/".join(quote(piece, safe="") for piece in pieces)


def own_location(path: str) -> str:
    """A Location that is a path of ours with its query, never another site's.

    >>> own_location("/console/shop"), own_location("//evil.example"), own_location("/\\\\evil")
    ('/console/shop', '/evil.example', '/%5Cevil')
    """
    return "/" + quote(path, safe=_URL_SIGNS).lstrip("/")


def header_bytes(value: str) -> bytes:
    """A value in Latin-1 (RFC 9110 section 5.5); what does not fit into it is percent-encoded."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return quote(value, safe=_WRITABLE, errors="replace").encode()


def unfit_headers(headers: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Names of the headers that no server would send: they hold a line break or another control."""
    if _UNFIT.search(b"".join([value for _, value in headers])) is None:
        return []
    return [name for name, value in headers if _UNFIT.search(value)]


def mended(value: bytes) -> bytes:
    """The value with such characters percent-encoded, so that the answer still leaves."""
    return _UNFIT.sub(lambda found: b"%%%02X" % ord(found[0]), value)


_URL_SIGNS = ":/?#[]@!$&'()*+,;=%-._~"
"""All that may stand in a URL (RFC 3986); quoting again changes nothing."""
