"""A small till: reads sales, prints receipts with a signed survey code, and needs no network.

One sale a line on standard input, `Flat white 3.80, Carrot cake 4.20`; each becomes a receipt of
ESC/POS bytes in a file, on standard output, or on a network printer:

    python till.py --till till.txt --numbers numbers.db --to tcp://192.0.2.7:9100 < sales.txt

`till.txt` holds the one line that Harken gave when the till was made (`hkr1.…`); keep it as
secret as a password. `numbers.db` remembers the last receipt's number. A number is written down
before its receipt is printed, so that no crash gives two receipts the same one.
"""

from __future__ import annotations

import argparse
import re
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from harken.printing import ROLLS, Roll, Slip, escpos_native, escpos_raster, spoken_url
from harken.receipts import Receipt, Till

SEQUENCES = 1 << 24
"""The token has three bytes for the number; after 16,777,215 comes 0."""
PRINTER_TIMEOUT_S = 10

_RESET, _CUT = b"\x1b@", b"\x1dV\x42\x00"
_BOLD, _PLAIN = b"\x1bE\x01", b"\x1bE\x00"
_WESTERN, _FIRST_PAGE = b"\x1bt\x13", b"\x1bt\x00"
_ITEM = re.compile(r"\s*(?P<name>.*?\S)\s+(?P<price>-?\d{1,7}(?:[.,]\d{2})?)\s*")


@dataclass(frozen=True)
class Item:
    """One line of a receipt."""

    name: str
    price: Decimal


@dataclass(frozen=True)
class Layout:
    """How a receipt looks."""

    shop: str
    text: str
    """The call to action above the code."""
    store: str
    """The store's code, for customers who type; "" leaves that line out."""
    roll: Roll
    is_native: bool
    """Whether the printer draws the code itself."""


def main(arguments: list[str] | None = None) -> int:
    """Print a receipt for each sale; 1 when a line was no sale or a receipt was not printed."""
    options = _parser().parse_args(arguments)
    try:
        till = Till.from_text(options.till.read_text("ascii"))
        put = _printer(options.to)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"till: {problem}\n")
        return 2
    layout = Layout(
        shop=options.shop,
        text=options.text,
        store=options.store,
        roll=ROLLS[options.paper],
        is_native=options.native,
    )
    with closing(_open_numbers(options.numbers)) as numbers:
        return _sell(till, numbers, layout, put)


def _sell(
    till: Till, numbers: sqlite3.Connection, layout: Layout, put: Callable[[bytes], None]
) -> int:
    status = 0
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            items = list(read_sale(line))
            now = datetime.now(timezone.utc)  # noqa: UP017  (Python 3.10 has no datetime.UTC)
            receipt = till.mint(sequence=next_number(numbers, till.number), at=now)
            put(receipt_bytes(items, receipt, layout))
        except (OSError, ValueError) as problem:
            sys.stderr.write(f"till: {line.strip()}: {problem}\n")
            status = 1
    return status


def read_sale(line: str) -> Iterator[Item]:
    """The items of a line such as `Tea 2.50, Scone 3`; ValueError for one without a price."""
    for part in re.split(r",(?!\d\d\b)|;", line):
        found = _ITEM.fullmatch(part)
        if not found:
            raise ValueError(f"{part.strip()!r} has no price, such as 2.50, at its end")
        yield Item(found["name"], Decimal(found["price"].replace(",", ".")))


def next_number(numbers: sqlite3.Connection, till: int) -> int:
    """The till's next receipt number, on the disk before it is given out."""
    with numbers:
        numbers.execute("BEGIN IMMEDIATE")
        numbers.execute(
            "INSERT INTO receipt_number (till, last) VALUES (?, 1)"
            " ON CONFLICT (till) DO UPDATE SET last = (last + 1) % ?",
            (till, SEQUENCES),
        )
        query = "SELECT last FROM receipt_number WHERE till = ?"
        return numbers.execute(query, (till,)).fetchone()[0]


def receipt_bytes(items: list[Item], receipt: Receipt, layout: Layout) -> bytes:
    """The whole receipt, from the printer's reset to the cut."""
    columns = layout.roll.columns
    number = f"{receipt.sequence:06d}"
    printed_at = receipt.printed_at.astimezone().strftime("%Y-%m-%d %H:%M")
    total = sum((item.price for item in items), Decimal())
    lines = [layout.shop, f"{printed_at}  receipt {number}", "-" * columns]
    lines += [_priced(item.name, item.price, columns) for item in items]
    lines += ["-" * columns]
    return b"".join(
        [
            _RESET,
            _WESTERN,
            _encoded(lines),
            _BOLD,
            _encoded([_priced("TOTAL", total, columns), ""]),
            _PLAIN,
            _FIRST_PAGE,
            _code_bytes(receipt, number, layout),
            _CUT,
        ]
    )


def _code_bytes(receipt: Receipt, number: str, layout: Layout) -> bytes:
    """The survey's code. A token is too long to type: the words lead to the form for typing."""
    note = f"store {layout.store}  receipt {number}" if layout.store else ""
    words = spoken_url(receipt.url.removesuffix(receipt.token)) if note else ""
    slip = Slip(url=receipt.url, text=layout.text, words=words, note=note)
    render = escpos_native if layout.is_native else escpos_raster
    return render(slip, layout.roll)


def _priced(name: str, price: Decimal, columns: int) -> str:
    amount = f"{price:.2f}"
    room = columns - len(amount) - 1
    return f"{name[:room]:{room}} {amount}"


def _encoded(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("cp858", "replace")


def _open_numbers(path: Path) -> sqlite3.Connection:
    numbers = sqlite3.connect(path, timeout=30, isolation_level=None)
    numbers.execute("PRAGMA synchronous = FULL")
    numbers.execute(
        "CREATE TABLE IF NOT EXISTS receipt_number (till INTEGER PRIMARY KEY, last INTEGER)"
    )
    return numbers


def _printer(target: str) -> Callable[[bytes], None]:
    """Where receipts go: `-`, `tcp://HOST:9100`, or a file to append to."""
    if target == "-":
        return _to_standard_output
    if not target.startswith("tcp://"):
        return Path(target).open("ab", buffering=0).write
    parts = urlsplit(target)
    if not parts.hostname:
        raise ValueError("a network printer is written tcp://HOST:9100")
    address = (parts.hostname, parts.port or 9100)

    def send(receipt: bytes) -> None:
        with socket.create_connection(address, PRINTER_TIMEOUT_S) as printer:
            printer.sendall(receipt)

    return send


def _to_standard_output(receipt: bytes) -> None:
    sys.stdout.buffer.write(receipt)
    sys.stdout.buffer.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Print a receipt for each sale that is typed.")
    add = parser.add_argument
    add("--till", type=Path, required=True, help="file with the till's line from Harken (hkr1.…)")
    add("--numbers", type=Path, required=True, help="file that remembers the last number")
    add("--to", default="-", help="file, tcp://HOST:9100, or - for standard output")
    add("--paper", choices=ROLLS, default="80", help="width of the paper in millimetres")
    add("--native", action="store_true", help="let the printer draw the code (GS ( k)")
    add("--shop", default="The Corner Shop", help="printed at the top")
    add("--text", default="Rate your visit - 20 s", help="printed above the code")
    add("--store", default="", help="the store's code, such as K7Q2-4, for customers who type")
    return parser


if __name__ == "__main__":
    sys.exit(main())
