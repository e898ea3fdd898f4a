"""`/.well-known/security.txt`: whom to tell of a weakness (RFC 9116)."""

from __future__ import annotations

from datetime import datetime, timedelta

from harken_server.http.declared import Arrival
from harken_server.http.packed import Reply
from harken_server.http.pages import page
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import NotFoundError
from harken_server.reference.settings import SecuritySettings

PATH = "/.well-known/security.txt"
PLAIN = "text/plain; charset=utf-8"
KEPT = "public, max-age=86400"
GOOD_FOR = timedelta(days=180)
"""RFC 9116 section 2.5.5 wants less than a year; the file is made anew each day."""


@page(PATH)
async def security_txt(arrival: Arrival) -> Reply:
    """As RFC 9116 has it; 404 as long as no contact is set."""
    settings = arrival.runtime.settings
    contact = settings.of(SecuritySettings).security_contact
    if not contact:
        raise NotFoundError("No contact is set.", code="not_found")
    text = security_text(contact, settings.of(HttpSettings).public_url, arrival.runtime.clock())
    return Reply(200, {"content-type": PLAIN, "cache-control": KEPT}, text.encode())


def security_text(contact: str, public_url: str, now: datetime) -> str:
    """The file, the same all day."""
    expires = now.replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
    lines = [f"Contact: {contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    if public_url.startswith("https:"):
        lines.append(f"Canonical: {public_url}{PATH}")
    return "\n".join((*lines, ""))
