"""Signed identities: a site's server vouches for who is looking at its page, without a request.

A signature is text: `1.<prefix>.<expires>.<mac>`. The prefix is the first 8 characters of the API
key that signed, expires are seconds since 1970 in decimal, and the MAC is base64url without padding
of HMAC-SHA256 (RFC 2104) with the SHA-256 of the API key (32 bytes) as its key, over the UTF-8 of::

    harken identity 1\\n<expires>\\n<respondent>

Blanks at the ends of the respondent are no part of it. The server keeps the SHA-256 of each key and
nothing else of it, so it can verify what it could not have given away, and there is no further
secret to hand around.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

PREFIX_LENGTH = 8
"""Characters of a key that may be known: `hk_` and five more, to recognise it by."""
MAX_SIGNATURE_CHARS = 200

_SHAPE = re.compile(r"1\.([!-\-/-~]{1,8})\.(0|[1-9][0-9]{0,11})\.([A-Za-z0-9_-]{43})")
"""Version, prefix (no dot in it), seconds without sign or leading zeros, 32 bytes as base64url."""


def signer_of(signature: str) -> str | None:
    """The prefix of the key that claims to have signed; None when this is no signature at all."""
    found = _SHAPE.fullmatch(signature)
    return found[1] if found else None


def is_identity_good(
    digests: Iterable[bytes], respondent: str, signature: str, now: datetime, longest: timedelta
) -> bool:
    """Whether one of these keys (the SHA-256 of each) signed this respondent until after `now`.

    It may last for `longest` from now on: whoever gets hold of a signature has it until it ends.
    Any text may be passed: nothing raises. Takes the same time wherever a MAC differs.
    """
    found = _SHAPE.fullmatch(signature)
    if found is None or not 0 < int(found[2]) - now.timestamp() <= longest.total_seconds():
        return False
    name, given = respondent.strip().encode("utf-8", "surrogatepass"), found[3].encode()
    return any(hmac.compare_digest(_mac(key, found[2], name).encode(), given) for key in digests)


def _mac(key: bytes, expires: str, respondent: bytes) -> str:
    message = b"harken identity 1\n%b\n%b" % (expires.encode(), respondent)
    return urlsafe_b64encode(hmac.digest(key, message, "sha256")).rstrip(b"=").decode()
