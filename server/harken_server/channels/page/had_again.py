"""The first page had again: what keeps Back and reload without script within one response.

Browsers drop a page from their history when a form is sent to its own address, so a first page's
form goes to another (`?go`), which stands for nothing: whoever opens it begins anew. And a page
carries its form's id as entity tag, which its own browser names when it asks for the page again.
The next person at the same device asks with the same tag, so that only a reload counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from harken_server.channels.page.destination import Destination
from harken_server.channels.page.forms import FORM_ID_CHARS, SENT, SENT_TO, FormId, read_form_id
from harken_server.http.encodings import Headers
from harken_server.kernel.errors import GoneError, StorageError
from harken_server.responses.asked import Collection
from harken_server.responses.sitting import Sitting, opened_at

HAD_FOR = timedelta(minutes=30)
"""How long after it was first shown a page that is had again stands for the same response."""
_TAG = re.compile(rf'(?:W/)?"([\w.-]{{{FORM_ID_CHARS}}})')
"""Servers in between may make a tag weak, or add to its end how they compressed the page."""


def other_address(query: bytes) -> str:
    """An address of the same link that is not the page's own.

    >>> other_address(b""), other_address(b"lang=de"), other_address(b"lang=de&go")
    ('?go', '?lang=de&go', '?lang=de')
    """
    text = query.decode("latin-1")
    rest = text.removesuffix(SENT)
    if rest != text and rest[-1:] in {"", "&"}:
        return f"?{rest[:-1]}"
    return f"?{text}&{SENT}" if text else SENT_TO


def tag_of(form_id: FormId) -> str:
    """The entity tag of a page with this form."""
    return f'"{form_id}"'


def form_had(headers: Headers, keys: Sequence[bytes], now: datetime) -> FormId | None:
    """The form of the page that is reloaded; None for a visit by the link, and after HAD_FOR."""
    if not _is_reload(headers):
        return None
    tag = _TAG.match(headers.get(b"if-none-match", b"").decode("latin-1"))
    had = read_form_id(keys, tag[1]) if tag else None
    since = opened_at(had.response_id, now) if had else None
    return had if since and now - since <= HAD_FOR else None


async def unfinished(room: Collection, destination: Destination, had: FormId) -> Sitting | None:
    """What the form that is had again goes on with; None when nothing may be added to it."""
    response_id = destination.own_id or had.response_id
    try:
        sitting = await destination.sittings.open(
            room, destination.loaded, response_id, destination.context
        )
    except (GoneError, StorageError):
        return None
    return None if sitting.is_complete else sitting


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
