"""Codes of places as a person of the house makes them from a list."""

from __future__ import annotations

import re

import httpx
from signed_in import SignedIn

PLACES = "/share/post_purchase/places"


async def make_codes(editor: SignedIn, places: str) -> httpx.Response:
    """The page that comes after the codes of a list were made."""
    reply = await editor.post(f"{PLACES}/make", places=places)
    assert reply.status_code == 303, reply.text
    return await editor.http.get(reply.headers["location"])


def urls_of(page: httpx.Response) -> set[str]:
    return set(re.findall(r'href="(https://[^"]+/r/[^"]+)"', page.text))
