"""What is printed for places: one ZIP of pictures, sheets of labels, posters."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from harken_server.channels.receipts.rules.place_lines import JOINED
from harken_server.channels.receipts.rules.places import PlaceCode, display_place_code
from harken_server.http.header_values import safe_file_name
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import receipt_url
from harken_server.printing.sheets import Sign
from harken_server.qr.pictures import qr_png, qr_svg

PRINT_SCALE = 20
"""Pixels a module: about 700 in all, which is sharp on 6 cm."""
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
_NO_BREAK = "\u00a0"
_SHORT = 14
"""Characters that are kept on one line of a label."""
_STORED_AT = (1980, 1, 1, 0, 0, 0)
"""One time for all, so that the same codes give the same bytes."""


def url_of(runtime: Runtime, place: PlaceCode) -> str:
    """What the code of a place opens."""
    return receipt_url(runtime.settings.of(HttpSettings).short_url, place.code)


def name_of(place: PlaceCode) -> str:
    """What a place is called: as it is labelled, else by its store or code."""
    store = place.store.name if place.store else ""
    return place.label or store or display_place_code(place.code)


def in_order(places: Iterable[PlaceCode]) -> list[PlaceCode]:
    """By name as people count: `Oslo 2` before `Oslo 10`."""
    return sorted(places, key=lambda one: (_counted(name_of(one)), one.code))


def _counted(name: str) -> list[tuple[int, int, str]]:
    """The name in runs of digits, by their number, and of other signs."""
    runs = _RUNS.findall(name.casefold())
    return [(0, int(run), "") if run.isdecimal() else (1, 0, run) for run in runs]


def signs_of(runtime: Runtime, places: Sequence[PlaceCode], note: str = "") -> list[Sign]:
    """What labels and posters show: the name, and a line of words or else the code."""
    return [
        Sign(_together(name_of(one)), note or display_place_code(one.code), url_of(runtime, one))
        for one in places
    ]


def _together(name: str) -> str:
    """The name with its till's words on one line, where they are short."""
    store, comma, till = name.rpartition(JOINED)
    is_kept = comma and len(till) <= _SHORT
    return f"{store}{comma}{till.replace(' ', _NO_BREAK)}" if is_kept else name


def zip_of(runtime: Runtime, places: Sequence[PlaceCode]) -> bytes:
    """A PNG and an SVG for each place, named as it is."""
    out = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w") as archive:
        for place in places:
            url, name = url_of(runtime, place), _free_name(place, taken)
            _put(archive, f"{name}.png", qr_png(url, scale=PRINT_SCALE))
            _put(archive, f"{name}.svg", qr_svg(url))
    return out.getvalue()


def _free_name(place: PlaceCode, taken: set[str]) -> str:
    """A file name that no other place has, on disks that tell no case apart either."""
    name = safe_file_name(f"{name_of(place)}.png").removesuffix(".png")
    if name.casefold() in taken:
        name = f"{name} {display_place_code(place.code)}"
    taken.add(name.casefold())
    return name


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STORED_AT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
