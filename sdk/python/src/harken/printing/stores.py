"""Prints the codes of many stores into one zip, with a manifest; the same list, the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from harken._files import replacing
from harken.printing.logo import draw_symbol
from harken.printing.outputs import SUFFIXES, Output, render
from harken.printing.sheets import GRIDS, labels_pdf
from harken.printing.storelist import BadRow, Place

MANIFEST = "manifest.csv"
ERRORS = "errors.csv"
MAX_NAME_PART = 60
"""Characters of a store, touchpoint or code within a file name."""

_COLUMNS = ("store", "touchpoint", "code", "url", "label", "files", "sha256", "version", "level")
_FORMULA = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66",
    "\ufe62", "\ufe63", "\ufe6b", "\u207c", "\u207a", "\u207b", "\u208c", "\u208a", "\u208b",
    "\ufb29",
)  # fmt: skip
"""As the server has them (`kernel/sheet_cells.py`); a test compares them."""
_BEFORE_FORMULA = (
    " '\"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x1b\x1c\x1d\x1e\x1f\x7f\x85\xa0\xad"
    "\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b\u180c\u180d\u180e\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c"
    "\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3000\u3164\ufe0e"
    "\ufe0f\ufeff\uffa0"
)
_UNSAFE = re.compile(r"[^\w.]+|\.{2,}")


class BadRowsError(ValueError):
    """Rows that cannot be printed; nothing was written. `rows` lists each of them."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        shown = "\n".join(f"  line {row.line}: {row.reason}" for row in rows)
        super().__init__(f"{len(rows)} rows cannot be printed; nothing was written\n{shown}")
        self.rows = tuple(rows)


def write_stores(
    rows: Sequence[Place | BadRow],
    target: Path,
    outputs: Sequence[Output],
    *,
    skip_bad: bool = False,
    say: Callable[[int, int], None] | None = None,
) -> list[BadRow]:
    """Write the zip: a file for each place and output, and the manifest; returns the bad rows.

    Bad rows refuse the whole list (BadRowsError), as does a code that does not fit its paper; with
    `skip_bad` they are listed in `errors.csv` of the zip instead. A sheet of labels becomes one
    `labels.pdf` of all places. The target appears when it is complete. `say` is told after each
    place how many are done, and of how many.
    """
    _check_outputs(outputs)
    with replacing(target) as file, ZipFile(file, "w") as archive:
        bad = _fill(archive, rows, outputs, say)
        if (bad and not skip_bad) or len(bad) == len(rows):
            raise BadRowsError(bad)
    return bad


def file_name(place: Place, taken: set[str]) -> str:
    """`<store>_<touchpoint>_<code>`: letters, digits, dots and hyphens; no path, none twice."""
    parts = (place.store, place.touchpoint, place.code)
    stem = "_".join(_safe(part) or f"line{place.line}" for part in parts)
    name, count = stem, 1
    while name.casefold() in taken:
        count += 1
        name = f"{stem}_{count}"
    taken.add(name.casefold())
    return name


def _check_outputs(outputs: Sequence[Output]) -> None:
    kinds = [(SUFFIXES[each.format], each.grid_name is not None) for each in outputs]
    if not kinds or len(set(kinds)) < len(kinds):
        raise ValueError(
            "each format is named once: svg, png, pdf, an escpos, a zpl, one label sheet"
        )


def _fill(
    archive: ZipFile,
    rows: Sequence[Place | BadRow],
    outputs: Sequence[Output],
    say: Callable[[int, int], None] | None,
) -> list[BadRow]:
    lines: list[dict[str, str]] = []
    bad: list[BadRow] = []
    printed: list[Place] = []
    taken: set[str] = set()
    single = [each for each in outputs if each.grid_name is None]
    sheets = [each for each in outputs if each.grid_name is not None]
    for done, row in enumerate(rows, start=1):
        made = row if isinstance(row, BadRow) else _printed(row, outputs)
        if isinstance(made, BadRow):
            bad.append(made)
        elif isinstance(row, Place):
            printed.append(row)
            lines.append(
                _added(archive, row, file_name(row, taken), single, made, has_labels=bool(sheets))
            )
        if say:
            say(done, len(rows))
    for output in sheets if printed else ():
        grid = GRIDS[output.grid_name or ""]
        slips = [place.slip for place in printed for _ in range(output.copies or 1)]
        sheet = labels_pdf(slips, grid, start=output.first_label)
        _add(archive, "labels.pdf", sheet)
    _add(archive, MANIFEST, _table(_manifest_columns(printed), lines))
    if bad:
        found = [{"line": str(each.line), "reason": each.reason} | dict(each.row) for each in bad]
        columns = dict.fromkeys(name for each in found for name in each)
        _add(archive, ERRORS, _table([*columns], found))
    return bad


def _printed(place: Place, outputs: Sequence[Output]) -> list[bytes] | BadRow:
    """The place in every format of its own; labels are only tried, to know that they fit."""
    try:
        files: list[bytes] = []
        for output in outputs:
            if output.grid_name:
                labels_pdf([place.slip], GRIDS[output.grid_name])
            else:
                files.append(render(place.slip, output))
    except ValueError as error:
        return BadRow(place.line, str(error), place.row)
    return files


def _added(
    archive: ZipFile,
    place: Place,
    name: str,
    outputs: Sequence[Output],
    files: Sequence[bytes],
    *,
    has_labels: bool,
) -> dict[str, str]:
    """Put the files of a place into the zip; returns its line of the manifest."""
    names: list[str] = []
    for output, file in zip(outputs, files, strict=True):
        names.append(name + SUFFIXES[output.format])
        _add(archive, names[-1], file)
    symbol = draw_symbol(place.slip).symbol
    return {
        "store": place.store,
        "touchpoint": place.touchpoint,
        "code": place.code,
        "url": symbol.payload,
        "label": place.label,
        "files": " ".join([*names, "labels.pdf"] if has_labels else names),
        "sha256": " ".join(hashlib.sha256(file).hexdigest() for file in files),
        "version": str(symbol.version),
        "level": symbol.level,
    } | {name: cell for name, cell in place.extra.items() if name not in _COLUMNS}


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    """A member that carries neither today's date nor this machine's permissions."""
    member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    archive.writestr(member, content)


def _manifest_columns(places: Sequence[Place]) -> list[str]:
    extra = dict.fromkeys(name for place in places for name in place.extra)
    return [*_COLUMNS, *(name for name in extra if name not in _COLUMNS)]


def _table(columns: Sequence[str], lines: Sequence[dict[str, str]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([_guarded(column) for column in columns])
    for line in lines:
        writer.writerow([_guarded(line.get(column, "")) for column in columns])
    return ("\ufeff" + target.getvalue()).encode("utf-8")


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet shows as text and never calculates, by the server's rule."""
    return f"'{cell}" if cell.lstrip(_BEFORE_FORMULA).startswith(_FORMULA) else cell


def _safe(part: str) -> str:
    """Part of a file name; underscores are kept for between the parts."""
    composed = unicodedata.normalize("NFC", part).replace("_", "-")
    return "-".join(_words(composed))[:MAX_NAME_PART].strip("-.")


def _words(text: str) -> Iterator[str]:
    yield from (word for word in _UNSAFE.split(text) if word)
