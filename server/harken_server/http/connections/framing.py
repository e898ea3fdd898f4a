"""Where one request ends and for whom it is: heads that two programs could read in two ways.

A proxy and a server that disagree about it take part of one request for another one. What RFC 9112
lets nobody send, and what only old programs could send, is refused rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
"""Names and addresses as browsers send them: of what RFC 3986 allows besides, nothing is a host."""
_DECIDES = frozenset({b"host", b"transfer-encoding", b"content-length"})


def fault_of(version: str, headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    """What is wrong with a request's head, in a sentence; None when it can be read in one way.

    >>> fault_of("1.1", [(b"host", b"feedback.example")])
    >>> fault_of("1.1", [(b"host", b"a"), (b"host", b"a")])
    'The header Host stands twice.'
    """
    said: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _DECIDES:
            if name in said:
                return f"The header {name.decode().title()} stands twice."
            said[name] = value
    if version not in {"1.0", "1.1"}:
        return f"HTTP/{version} is not spoken here; HTTP/1.1 is."
    return _fault_of_host(version, said.get(b"host")) or _fault_of_coding(version, said)


def _fault_of_host(version: str, host: bytes | None) -> str | None:
    """RFC 9112 section 3.2."""
    if host is None:
        return "The header Host is missing." if version == "1.1" else None
    return None if _HOST.fullmatch(host) else "The header Host names no host."


def _fault_of_coding(version: str, said: dict[bytes, bytes]) -> str | None:
    """RFC 9112 section 6.1: of all codings only `chunked` says where a body ends."""
    coding = said.get(b"transfer-encoding")
    if coding is None:
        return None
    if version == "1.0":
        return "HTTP/1.0 knows no Transfer-Encoding."
    if b"content-length" in said:
        return "Send Transfer-Encoding or Content-Length, not both."
    if coding.strip().lower() != b"chunked":
        return "The only Transfer-Encoding that is taken is: chunked."
    return None
