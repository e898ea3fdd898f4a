"""Pages as PDF 1.4: symbols as rectangles, words in Helvetica, which every reader has."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.printing.letters import CODEC, missing_letters, width_of
from harken_server.printing.sheets import Mark, Page, Words
from harken_server.qr.pictures import QUIET_ZONE, dark_runs, make_symbol

MEDIA_TYPE = "application/pdf"
_POINTS = 72 / 25.4
"""A millimetre in the unit of PDF."""
_SHOWN_MISSING = 8


def pages_pdf(pages: Sequence[Page], title: str) -> bytes:
    """The pages as one file.

    InvalidInputError (`letters_missing`) names letters that Helvetica lacks: print those from the
    browser.
    """
    _check_letters(pages)
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",  # the list of pages, whose numbers are known at the end
        _font("Helvetica"),
        _font("Helvetica-Bold"),
        b"<< /Title <FEFF%s> >>" % title.encode("utf-16-be", "replace").hex().encode(),
    ]
    kids: list[bytes] = []
    for page in pages:
        stream = zlib.compress("\n".join(_content(page)).encode("latin-1"))
        number = len(objects) + 1
        objects += (_page(page, number + 1), _stream(stream))
        kids.append(b"%d 0 R" % number)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def letters_lacking(pages: Sequence[Page]) -> list[str]:
    """The characters of the pages that a PDF of ours cannot show, each once."""
    return missing_letters("".join(words.text for page in pages for words in page.words))


def _check_letters(pages: Sequence[Page]) -> None:
    missing = letters_lacking(pages)
    if missing:
        shown = ", ".join(missing[:_SHOWN_MISSING])
        message = f"The PDF has no letters for {shown}; let the browser print them."
        raise InvalidInputError(message, (Problem("$.text", "letters_missing", message),))


def _content(page: Page) -> Iterator[str]:
    """In millimetres from the upper left corner."""
    yield f"{_POINTS:.6f} 0 0 {-_POINTS:.6f} 0 {page.height * _POINTS:.4f} cm 0 g"
    for mark in page.marks:
        yield from _symbol(mark)
    for words in page.words:
        yield _text(words)


def _symbol(mark: Mark) -> Iterator[str]:
    symbol = make_symbol(mark.payload)
    module = mark.side / (symbol.size + 2 * QUIET_ZONE)
    edge = QUIET_ZONE * module
    yield f"q {module:.5f} 0 0 {module:.5f} {mark.x + edge:.4f} {mark.y + edge:.4f} cm"
    yield from (f"{start} {row} {length} 1 re" for row, start, length in dark_runs(symbol))
    yield "f Q"


def _text(words: Words) -> str:
    x = words.x - width_of(words.text, bold=words.is_bold) * words.size / 2
    font = "F2" if words.is_bold else "F1"
    shown = words.text.encode(CODEC).hex()
    return f"BT /{font} {words.size:.3f} Tf 1 0 0 -1 {x:.4f} {words.y:.4f} Tm <{shown}> Tj ET"


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
    ).encode()


def _page(page: Page, content: int) -> bytes:
    box = f"{page.width * _POINTS:.3f} {page.height * _POINTS:.3f}"
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {box}] /Contents {content} 0 R "
        "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
    ).encode()


def _stream(content: bytes) -> bytes:
    head = b"<< /Length %d /Filter /FlateDecode >>" % len(content)
    return head + b"\nstream\n" + content + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects with the table of where each begins (ISO 32000-1:2008 section 7.5)."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    starts: list[int] = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
