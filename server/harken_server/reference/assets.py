"""What the house's pages load, kept by browsers for ever: each address holds a digest."""

from __future__ import annotations

from functools import cache

from harken_server.design.assets import find_asset, read_asset
from harken_server.http.declared import Arrival
from harken_server.http.encodings import BROTLI
from harken_server.http.packed import IMMUTABLE, Packed, Reply, conditional, packed_with, unpacked
from harken_server.http.pages import page
from harken_server.http.resources import Resource

ASSET = Resource("asset", "not_found")
ICON = "touch-icon.png"
"""What stands for the server where a browser asks without having read a page."""
FOR_A_DAY = "public, max-age=86400"


@page("/assets/{digest:str}/{name:str}")
async def show_asset(arrival: Arrival, digest: str, name: str) -> Reply:
    """A style sheet, script, icon or mark; nothing for an address of another version."""
    found = ASSET.found(find_asset(digest, name), f"{digest}/{name}")
    return conditional(_packed(name), arrival.headers, found.media_type, IMMUTABLE)


@page("/favicon.ico")
async def show_icon(arrival: Arrival) -> Reply:
    """The mark, for whoever asks at the address that browsers try."""
    return conditional(_packed(ICON), arrival.headers, read_asset(ICON).media_type, FOR_A_DAY)


@cache
def _packed(name: str) -> Packed:
    media_type, body = read_asset(name)
    if media_type == "image/png":
        return unpacked(body)
    return packed_with(body, BROTLI.compress(body, quality=11))
