"""QR images and terminal text are read back by a QR reader, and stay small."""

import io
import re
import struct
import zlib
from xml.etree import ElementTree

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from harken_server.invitations.codes import make_code
from harken_server.kernel.errors import InvalidInputError
from harken_server.qr.pictures import qr_png, qr_svg, qr_text

INVITATION = "HTTPS://FEEDBACK.ACME-STORES.COM/I/" + make_code(b"harken17")
FULL_VERSION_3 = "HTTPS://FEEDBACK.ACME-STORES.COM/R/" + "7KQ2" * 6 + "AB"
SMALL = {"HTTPS://": "https://", "HTTP://": "http://"}
PAYLOADS = [
    "1",
    INVITATION.replace("HTTPS", "https"),
    FULL_VERSION_3,
    "https://feedback.example/s/post_purchase?store=7&till=3",
    "Grüße aus Köln, 早上好",
    "x" * 512,
]
SVG = "{http://www.w3.org/2000/svg}"
BLOCKS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_svg_reads_back(payload: str) -> None:
    assert read(draw_svg(qr_svg(payload))) == payload


@pytest.mark.parametrize("scale", [2, 3, 7, 8, 9])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_png_reads_back(payload: str, scale: int) -> None:
    assert read(open_png(qr_png(payload, scale=scale))) == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_terminal_text_reads_back_from_a_dark_terminal(payload: str) -> None:
    assert read(draw_text(qr_text(payload), ink=255, paper=0)) == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_coloured_terminal_text_reads_back_whatever_the_terminals_colours(payload: str) -> None:
    lines = qr_text(payload, colours=True).splitlines()
    start, end = "\x1b[38;5;16;48;5;231m", "\x1b[0m"

    assert all(line.startswith(start) and line.endswith(end) for line in lines)
    plain = "\n".join(line.removeprefix(start).removesuffix(end) for line in lines)
    assert read(draw_text(plain, ink=0, paper=255)) == payload


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(SMALL)),
    st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=1, max_size=40),
)
def test_links_of_every_length_read_back(scheme: str, tail: str) -> None:
    payload = f"{scheme}X.CO/I/{tail}"

    texts = {read(open_png(qr_png(payload, scale=4))), read(draw_svg(qr_svg(payload)))}

    assert len(texts) == 1
    assert texts <= {payload, payload.replace(scheme, SMALL[scheme])}


@pytest.mark.parametrize("scale", range(1, 41))
def test_svg_and_png_show_the_same_modules_at_every_scale(scale: int) -> None:
    png = open_png(qr_png(INVITATION, scale=scale)).convert("L")
    svg = draw_svg(qr_svg(INVITATION), pixels=scale)

    assert png.size == svg.size
    assert png.tobytes() == svg.tobytes()


def test_four_modules_around_the_symbol_are_white() -> None:
    image = open_png(qr_png(INVITATION, scale=1)).convert("L")
    dark = image.point(lambda value: 255 - value).getbbox()

    assert dark == (4, 4, image.width - 4, image.height - 4)


def test_a_png_is_black_and_white_with_one_bit_a_pixel_and_sound_checksums() -> None:
    content = qr_png(INVITATION, scale=5)

    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">IIBBBBB", content[16:29]) == (185, 185, 1, 0, 0, 0, 0)
    at, names = 8, []
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        chunk = content[at + 4 : at + 8 + length]
        (checksum,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert zlib.crc32(chunk) == checksum
        names.append(chunk[:4])
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]


def test_an_svg_is_named_for_screen_readers_and_stays_crisp() -> None:
    root = ElementTree.fromstring(qr_svg(INVITATION))

    assert root.attrib["role"] == "img"
    assert root.attrib["shape-rendering"] == "crispEdges"
    assert root.attrib["width"] == root.attrib["height"] == str(37 * 8)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "QR code"


def test_an_svg_runs_and_loads_nothing() -> None:
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(qr_svg("A")).iter()}

    assert tags == {"svg", "title", "path"}


@pytest.mark.parametrize(
    "payload", [INVITATION, FULL_VERSION_3, "https://acme.example/i/" + "x" * 20]
)
def test_an_svg_of_version_3_or_4_stays_within_2_kb(payload: str) -> None:
    assert len(qr_svg(payload)) <= 2000


@pytest.mark.parametrize("payload", [INVITATION, FULL_VERSION_3])
def test_a_png_is_smaller_than_those_of_pillow_and_segno(payload: str) -> None:
    segno = pytest.importorskip("segno")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=8)
    code.add_data(payload)
    pillow, other = io.BytesIO(), io.BytesIO()
    code.make_image().save(pillow, "PNG")
    segno.make(payload, error="m", micro=False).save(other, kind="png", scale=8, border=4)

    own = len(qr_png(payload, scale=8))

    assert own < len(pillow.getvalue())
    assert own < len(other.getvalue())


@pytest.mark.parametrize("scale", [0, -1, 41, 10**9])
def test_a_scale_beyond_its_limits_is_refused_with_the_limit_named(scale: int) -> None:
    for write in (qr_svg, qr_png):
        with pytest.raises(InvalidInputError, match="must be 1 to 40") as caught:
            write("A", scale=scale)
        assert caught.value.problems[0].path == "$.scale"


def test_the_same_link_gives_the_same_bytes() -> None:
    assert qr_svg(INVITATION) == qr_svg(INVITATION)
    assert qr_png(INVITATION) == qr_png(INVITATION)


def read(image: Image.Image) -> str | None:
    """Text that a QR reader finds; one that does not guess at inverted colours."""
    found = zxingcpp.read_barcode(
        image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False
    )
    return found.text if found else None


def open_png(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def draw_svg(content: bytes, pixels: int = 8) -> Image.Image:
    """Draw an SVG made of a white rectangle and one path of horizontal strokes of width 1."""
    root = ElementTree.fromstring(content)
    side = int(root.attrib["viewBox"].split()[2])
    background, strokes = root.iter(f"{SVG}path")
    assert background.attrib == {"fill": "#fff", "d": f"M0 0h{side}v{side}H0z"}
    assert strokes.attrib.keys() == {"stroke", "transform", "d"}
    shift = re.fullmatch(r"translate\((\d+) (\d+)\.5\)", strokes.attrib["transform"])
    assert shift
    image = Image.new("L", (side * pixels, side * pixels), 255)
    brush = ImageDraw.Draw(image)
    for x, y, width in stroked_lines(strokes.attrib["d"]):
        left, top = (x + int(shift[1])) * pixels, (y + int(shift[2])) * pixels
        brush.rectangle((left, top, left + width * pixels - 1, top + pixels - 1), fill=0)
    return image


def stroked_lines(path: str) -> list[tuple[int, int, int]]:
    """Start and width of each horizontal line of an SVG path."""
    assert re.fullmatch(r"([Mm]\d+ \d+h\d+)+", path)
    lines, x, y = [], 0, 0
    for command, first, second, width in re.findall(r"([Mm])(\d+) (\d+)h(\d+)", path):
        move = (int(first), int(second))
        x, y = move if command == "M" else (x + move[0], y + move[1])
        lines.append((x, y, int(width)))
        x += int(width)
    return lines


def draw_text(text: str, *, ink: int, paper: int) -> Image.Image:
    """Draw half blocks as a terminal of these colours would, 4 pixels a module."""
    lines = text.splitlines()
    image = Image.new("L", (len(lines[0]), 2 * len(lines)), paper)
    for row, line in enumerate(lines):
        assert len(line) == len(lines[0])
        for column, character in enumerate(line):
            for half, is_inked in enumerate(BLOCKS[character]):
                image.putpixel((column, 2 * row + half), ink if is_inked else paper)
    return image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
