"""Who is asking: the client's address behind known proxies."""

from __future__ import annotations

from typing import Any


def client_address(scope: Any, trusted_proxies: int) -> str:
    """The address of the client: the peer, or the entry that the outermost trusted proxy added.

    With no trusted proxy, X-Forwarded-For is not looked at, so it cannot be forged.
    """
    peer = scope.get("client")
    address = plain_address(peer[0] if peer else "")
    if trusted_proxies == 0:
        return address
    forwarded = [
        part.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for part in value.decode("latin-1").split(",")
    ]
    if not forwarded:
        return address
    return plain_address(forwarded[-min(trusted_proxies, len(forwarded))])


def plain_address(text: str) -> str:
    """An address without port, brackets and zone, and IPv4 as IPv4, however it was written.

    >>> [plain_address(text) for text in ("192.0.2.1:5555", '"[2001:db8::1]:80"', "fe80::1%eth0")]
    ['192.0.2.1', '2001:db8::1', 'fe80::1']
    >>> plain_address("::ffff:192.0.2.1")
    '192.0.2.1'
    """
    if ":" not in text:
        return text
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        return text.partition(":")[0]
    text = text.partition("%")[0]
    return text.rpartition(":")[2] if text.lower().startswith("::ffff:") and "." in text else text
