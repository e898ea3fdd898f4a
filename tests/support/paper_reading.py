"""Reads what was printed: small printers of our own for ESC/POS and ZPL, and a QR decoder."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

ESC, GS = 0x1B, 0x1D
FONT = Path(find_spec("barcode").submodule_search_locations[0], "fonts", "DejaVuSansMono.ttf")
"""Letters that Vera lacks, from a package that python-escpos brings."""


def read_codes(picture: Image.Image) -> list[str]:
    """Every QR in a picture, sorted."""
    return sorted(each.text for each in zxingcpp.read_barcodes(picture.convert("L")))


def read_code(picture: Image.Image) -> str:
    """The one QR in a picture."""
    (found,) = read_codes(picture)
    return found


def with_small_scheme(url: str) -> str:
    """What a reader gets of a link in the alphanumeric mode with room to spare."""
    scheme, sign, rest = url.partition("://")
    return scheme.lower() + sign + rest.upper()


def read_png(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@dataclass
class Receipt:
    """What a printer would have put on paper."""

    text: str = ""
    pictures: list[Image.Image] = field(default_factory=list)
    native: dict[int, bytes] = field(default_factory=dict)
    """Arguments of GS ( k by function number."""
    state: dict[str, int] = field(default_factory=dict)
    """What alignment, weight, size and code page were left at."""
    was_cut: bool = False
    fed_dots: int = 0

    @property
    def picture(self) -> Image.Image:
        """All bands below one another, as paper has them."""
        width = max(each.width for each in self.pictures)
        whole = Image.new("L", (width, sum(each.height for each in self.pictures)), 255)
        top = 0
        for each in self.pictures:
            whole.paste(each, (0, top))
            top += each.height
        return whole


def print_escpos(stream: bytes) -> Receipt:
    """Obey every command that Harken sends; anything else is an error."""
    receipt, at = Receipt(), 0
    codec = {0: "ascii", 19: "cp858"}
    while at < len(stream):
        head, command = stream[at], stream[at + 1 : at + 2]
        if head == ESC and command in (b"a", b"E", b"t"):
            receipt.state[command.decode()] = stream[at + 2]
            at += 3
        elif head == ESC and command == b"J":
            receipt.fed_dots += stream[at + 2]
            at += 3
        elif head == ESC and command == b"3":
            at += 3
        elif head == ESC and command in (b"@", b"2"):
            at += 2
        elif head == ESC and command == b"*":
            assert stream[at + 2] == 33
            width = int.from_bytes(stream[at + 3 : at + 5], "little")
            strip = stream[at + 5 : at + 5 + 3 * width]
            turned = Image.frombytes("1", (24, width), strip).transpose(Image.Transpose.TRANSPOSE)
            receipt.pictures.append(turned.convert("L").point(lambda dot: 255 - dot))
            at += 5 + 3 * width
            assert stream[at : at + 1] == b"\n"
            at += 1
        elif head == GS and command == b"!":
            receipt.state["!"] = stream[at + 2]
            at += 3
        elif head == GS and command == b"v":
            assert stream[at + 2 : at + 4] == b"0\x00"
            size = int.from_bytes(stream[at + 4 : at + 6], "little")
            height = int.from_bytes(stream[at + 6 : at + 8], "little")
            band = stream[at + 8 : at + 8 + size * height]
            picture = Image.frombytes("1", (size * 8, height), band)
            receipt.pictures.append(picture.convert("L").point(lambda dot: 255 - dot))
            at += 8 + size * height
        elif head == GS and stream[at + 1 : at + 3] == b"(k":
            length = int.from_bytes(stream[at + 3 : at + 5], "little")
            call = stream[at + 5 : at + 5 + length]
            assert call[:1] == b"1"
            receipt.native[call[1] + 100] = call[2:]
            at += 5 + length
        elif head == GS and command == b"V":
            receipt.was_cut = True
            at += 4
        else:
            assert head == 0x0A or head >= 0x20, f"unknown command {stream[at : at + 4]!r}"
            receipt.text += bytes([head]).decode(codec[receipt.state.get("t", 0)])
            at += 1
    return receipt


@dataclass
class Label:
    """What a label printer would have drawn."""

    width: int
    height: int
    texts: list[str] = field(default_factory=list)
    bq: list[tuple[int, int, int, str, str]] = field(default_factory=list)
    """Of each ^BQ: x, y, magnification, correction and link."""
    picture: Image.Image | None = None


def print_zpl(zpl: str) -> Label:
    """Obey every field of a label; what does not follow the grammar is an error."""
    lines = zpl.splitlines()
    assert (lines[0], lines[-1]) == ("^XA", "^XZ")
    sizes = {key: int(value) for key, value in re.findall(r"\^(PW|LL)(\d+)", zpl)}
    label = Label(sizes["PW"], sizes["LL"])
    label.picture = Image.new("L", (label.width, label.height), 255)
    for line in lines[1:-1]:
        if not line.startswith("^FO"):
            assert re.fullmatch(r"\^CI28|\^(PW|LL)\d+|\^LH0,0", line), line
            continue
        origin = re.match(r"\^FO(\d+),(\d+)", line)
        x, y = int(origin[1]), int(origin[2])
        rest = line[origin.end() :]
        assert y < label.height
        if found := re.fullmatch(r"\^GFA,(\d+),\1,(\d+),([0-9A-F]+)\^FS", rest):
            size = int(found[2])
            dots = bytes.fromhex(found[3])
            assert len(dots) == int(found[1])
            picture = Image.frombytes("1", (size * 8, len(dots) // size), dots)
            label.picture.paste(picture.convert("L").point(lambda dot: 255 - dot), (x, y))
        elif found := re.fullmatch(r"\^BQN,2,(\d+)\^FH_\^FD([LMQH])A,([^^~]+)\^FS", rest):
            label.bq.append((x, y, int(found[1]), found[2], _unescaped(found[3])))
        else:
            found = re.fullmatch(r"\^A0N,(\d+),\1\^FB(\d+),1,0,C\^FH_\^FD([^^~]+)\^FS", rest)
            assert found, line
            assert int(found[2]) == label.width
            label.texts.append(_unescaped(found[3]))
    return label


def draw_svg(svg: str, scale: int = 6) -> Image.Image:
    """The symbol's path of horizontal runs, painted at its place."""
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    found = re.search(r'translate\(0 (\S+)\)"><path stroke', svg)
    top = float(found[1]) if found else 0.0
    image = Image.new("L", (round(width * scale), round(height * scale)), 255)
    pen = ImageDraw.Draw(image)
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg):
        left, upper = int(x) * scale, round((top + int(y)) * scale)
        pen.rectangle((left, upper, left + int(run) * scale - 1, upper + scale - 1), fill=0)
    return image


def draw_pdf(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """Every page, as a printer would put it on paper."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=dpi / 72).to_pil() for page in document]
    document.close()
    return pages


def pdf_texts(pdf: bytes) -> list[str]:
    """The words of every page."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def _unescaped(text: str) -> str:
    return re.sub("_([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)
