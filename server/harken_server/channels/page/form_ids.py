"""The id in a page's form: it names a response, and proves that this server gave it out.

A form holds `<response id>.<secret>`. The secret is the first 128 bits of an HMAC-SHA256 over the
id, under a key derived for this alone, so that nothing is kept for a page that nobody sends. It is
the `resume` of the response (`responses.asked`): knowing an id lets nobody go on with it.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from uuid import UUID

import msgspec

FORM_ID_CHARS = 59
"""36 of the id, a point, 22 of the secret."""
_LABEL = b"harken page form 1"
_MAC_BYTES = 16


class FormId(msgspec.Struct, frozen=True):
    """Whose form a page is."""

    response_id: UUID
    secret: str

    def __str__(self) -> str:
        return f"{self.response_id}.{self.secret}"


def make_form_id(keys: Sequence[bytes], response_id: UUID) -> FormId:
    """The id of a new page's form, signed with the first key."""
    return FormId(response_id, _secret(keys[0], response_id))


def read_form_id(keys: Sequence[bytes], text: str) -> FormId | None:
    """What a form names; None for what no key of this server signed. Any text may be passed."""
    name, _, secret = text.partition(".")
    if len(text) != FORM_ID_CHARS or not text.isascii():
        return None
    try:
        response_id = UUID(name)
    except ValueError:
        return None
    is_ours = any(hmac.compare_digest(_secret(key, response_id), secret) for key in keys)
    return FormId(response_id, secret) if is_ours else None


def _secret(key: bytes, response_id: UUID) -> str:
    derived = hmac.digest(key, _LABEL, "sha256")
    mac = hmac.digest(derived, response_id.bytes, "sha256")[:_MAC_BYTES]
    return urlsafe_b64encode(mac).rstrip(b"=").decode()
