"""The first page had again: what keeps Back and reload without script within one response.

Browsers drop a page from their history when a form is sent to its own address, so a first page's
form goes to another (`?go`), which stands for nothing: whoever opens it begins anew. And a page
carries its form's id as entity tag, which its own browser names when it asks for the page again.
The next person at the same device asks with the same tag, so that only a reload counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from harken_server.channels.page.forms import FORM_ID_CHARS, SENT, SENT_TO, FormId, read_form_id
from harken_server.http.encodings import Headers
from harken_server.kernel.clock import Clock
from harken_server.responses.sittings import opened_at

HAD_FOR = timedelta(minutes=30)
"""How long after it was first shown a page that is had again stands for the same response."""
_TAG = re.compile(rf'(?:W/)?"([\w.-]{{{FORM_ID_CHARS}}})')
"""Servers in between may make a tag weak, or add to its end how they compressed the page."""


def other_address(query: bytes) -> str:
    """An address of the same link that is not the page's own.

    >>> other_address(b""), other_address(b"lang=de"), other_address(b"lang=de&go")
    ('?go', '?lang=de&go', '?lang=de')
    """
    if not query:
        return SENT_TO
    text = query.decode("latin-1")
    rest = text.removesuffix(SENT)
    if rest != text and rest[-1:] in {"", "&"}:
        return f"?{rest[:-1]}"
    return f"?{text}&{SENT}"


def tag_of(form_id: str) -> bytes:
    """The entity tag of a page with this form."""
    return b'"%b"' % form_id.encode()


def form_had(headers: Headers, keys: Sequence[bytes], clock: Clock) -> FormId | None:
    """The form of the page that is reloaded; None for a visit by the link, and after HAD_FOR."""
    if b"if-none-match" not in headers or not _is_reload(headers):
        return None
    tag, now = _TAG.match(headers[b"if-none-match"].decode("latin-1")), clock()
    had = read_form_id(keys, tag[1]) if tag else None
    since = opened_at(had.response_id, now) if had else None
    return had if since and now - since <= HAD_FOR else None


def _is_reload(headers: Headers) -> bool:
    """Whether a page is asked for again from where it stands. In doubt it is not.

    Chromium and Safari say so. Firefox, where somebody typed or opened the address, says of every
    other visit that a person made it. Of a link from another site it says the same on a reload as
    when that site leads there by itself.
    """
    if headers.get(b"cache-control") == b"max-age=0":
        return True
    is_firefox = b"Firefox/" in headers.get(b"user-agent", b"")
    is_visit = b"sec-fetch-user" in headers or headers.get(b"sec-fetch-site") != b"none"
    return is_firefox and not is_visit
