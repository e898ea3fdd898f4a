"""Receipts: every symbol is parsed from the bytes and read; python-escpos has the same bytes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from msgspec.structs import replace
from paper_reading import FONT, print_escpos, print_zpl, read_code, read_png
from PIL import Image

from harken.printing import (
    ROLLS,
    Output,
    Slip,
    escpos_columns,
    escpos_native,
    escpos_raster,
    render,
    slip_png,
    zpl_native,
    zpl_raster,
)
from harken.printing.bitmap import symbol_bitmap
from harken.printing.escpos import _columns, _raster, native_symbol
from harken.printing.logo import draw_symbol
from harken.printing.symbol import make_symbol

PAPERS = ["58", "80"]


@pytest.fixture
def oracle() -> Any:
    """python-escpos, as a printer that keeps its bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from escpos.printer import Dummy

        return Dummy()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("form", ["escpos-raster", "escpos-columns", "zpl-raster", "png"])
def test_every_picture_reads_back_centred_on_its_paper(
    paper: str, form: str, receipt_slip: Slip
) -> None:
    printed = render(receipt_slip, Output(format=form, paper=paper))

    picture = picture_of(form, printed)
    assert read_code(picture) == receipt_slip.url.upper()
    assert picture.width == ROLLS[paper].dots
    left, right = symbol_box(picture)
    assert abs(left - (picture.width - right)) <= 1


@pytest.mark.parametrize(("paper", "dots"), [("58", 5), ("80", 6)])
def test_modules_are_whole_dots_five_on_58_and_six_on_80(
    paper: str, dots: int, receipt_slip: Slip
) -> None:
    picture = print_escpos(escpos_raster(receipt_slip, ROLLS[paper])).picture
    left, right = symbol_box(picture)

    assert right - left == 29 * dots
    row = picture.crop((left, 0, right, picture.height))
    for top in range(4 * dots, picture.height - 4 * dots, dots):
        line = [row.getpixel((x, top)) for x in range(row.width)]
        modules = [set(line[at : at + dots]) for at in range(0, len(line), dots)]
        assert all(len(each) == 1 for each in modules)


def test_the_native_code_says_model_size_correction_and_link(receipt_slip: Slip) -> None:
    receipt = print_escpos(escpos_native(receipt_slip, ROLLS["58"]))

    assert receipt.native == {
        165: b"2\x00",
        167: b"\x05",
        169: b"1",
        180: b"0" + make_symbol(receipt_slip.url).payload.encode(),
        181: b"0",
    }
    assert receipt.fed_dots == 2 * 4 * 5


@pytest.mark.parametrize("dots", [4, 5, 6, 8])
@pytest.mark.parametrize("host", ["x.co", "feedback.acme-stores.com"])
def test_native_bytes_are_those_of_python_escpos(oracle: Any, dots: int, host: str) -> None:
    made = draw_symbol(Slip(url=f"https://{host}/R/K7Q2W8XM4"))
    oracle.qr(made.symbol.payload, ec="LMQH".index(made.symbol.level), size=dots, native=True)

    assert native_symbol(made, dots, 576) == oracle.output


@pytest.mark.parametrize(
    ("form", "writer"), [("bitImageRaster", _raster), ("bitImageColumn", _columns)]
)
@pytest.mark.parametrize("paper", PAPERS)
def test_picture_bytes_are_those_of_python_escpos(
    oracle: Any, form: str, writer: Any, paper: str, receipt_slip: Slip
) -> None:
    bitmap = symbol_bitmap(draw_symbol(receipt_slip), 5, ROLLS[paper].dots)
    size = (bitmap.width, bitmap.height)
    picture = Image.frombytes("1", size, bytes(255 - byte for byte in b"".join(bitmap.rows)))
    oracle.image(picture, impl=form)

    assert writer(bitmap) == oracle.output


@pytest.mark.parametrize("band_rows", [1, 24, 100, 256])
def test_bands_join_to_the_same_picture(band_rows: int, place_slip: Slip) -> None:
    whole = escpos_raster(place_slip, ROLLS["80"], 8, band_rows=2303)
    banded = print_escpos(escpos_raster(place_slip, ROLLS["80"], 8, band_rows=band_rows))

    assert max(each.height for each in banded.pictures) <= band_rows
    assert banded.picture.tobytes() == print_escpos(whole).picture.tobytes()


@pytest.mark.parametrize("writer", [escpos_native, escpos_raster, escpos_columns])
def test_words_stand_beside_the_symbol_and_the_printer_is_left_as_it_was(
    writer: Any, receipt_slip: Slip
) -> None:
    receipt = print_escpos(writer(receipt_slip, ROLLS["58"]))

    assert receipt.text.splitlines() == [
        "Rate your visit - 20 s",
        "acme.com/s",
        "store K7Q2-4 no 001734",
    ]
    assert {name: value for name, value in receipt.state.items() if value} == {}
    assert not receipt.was_cut
    assert print_escpos(writer(receipt_slip, ROLLS["58"], cut=True)).was_cut


def test_lines_are_no_longer_than_the_paper(place_slip: Slip) -> None:
    slip = replace(place_slip, text="word " * 30, words="https://" + "x" * 100)

    receipt = print_escpos(escpos_native(slip, ROLLS["58"]))

    assert max(map(len, receipt.text.splitlines())) <= 32
    assert receipt.text.replace("\n", "").count("x") == 100


def test_western_words_are_printed_with_code_page_858(place_slip: Slip) -> None:
    slip = replace(place_slip, text="Bewerten \u2013 5 €\u00a0für Späße")

    receipt = print_escpos(escpos_native(slip, ROLLS["80"]))

    assert receipt.text.startswith("Bewerten - 5 € für Späße\n")
    assert receipt.state["t"] == 0


@pytest.mark.parametrize("form", ["escpos", "escpos-raster", "zpl"])
def test_other_scripts_need_a_font_and_become_dots(form: str, place_slip: Slip) -> None:
    slip = replace(place_slip, text="Оцените визит")

    with pytest.raises(ValueError, match=r"'\u041e' \(U\+041E\).* name a TrueType file as font"):
        render(slip, Output(format=form))

    printed = render(replace(slip, font=FONT), Output(format=form))
    if form == "zpl":
        assert printed.count(b"^GFA") == 2  # the words, and the white below them
    else:
        assert print_escpos(printed).pictures


def test_letters_that_would_be_set_wrongly_are_refused(place_slip: Slip) -> None:
    for text in ("قيّم زيارتك", "अपनी राय दें"):
        slip = replace(place_slip, text=text, font=FONT)
        with pytest.raises(ValueError, match="set in SVG only"):
            slip_png(slip, ROLLS["80"])


def test_letters_that_a_font_lacks_are_named(place_slip: Slip) -> None:
    with pytest.raises(ValueError, match=r"DejaVuSansMono.ttf lack '評' \(U\+8A55\)"):
        slip_png(replace(place_slip, text="評価", font=FONT), ROLLS["80"])
    with pytest.raises(ValueError, match=r"conftest.py is not a TrueType font"):
        slip_png(replace(place_slip, font=Path(__file__).with_name("conftest.py")), ROLLS["80"])


def test_what_a_printer_cannot_do_is_refused(place_slip: Slip, logo: bytes) -> None:
    refused: list[tuple[Any, Slip, dict[str, int], str]] = [
        (escpos_native, replace(place_slip, logo=logo), {}, "without a logo"),
        (zpl_native, replace(place_slip, logo=logo), {}, "without a logo"),
        (escpos_raster, replace(place_slip, ink="#003366"), {}, "black on white"),
        (zpl_raster, replace(place_slip, background="#ffeeee"), {}, "black on white"),
        (escpos_native, place_slip, {"dots": 17}, "wide|at most 16"),
        (zpl_native, place_slip, {"dots": 11}, "at most 10"),
        (escpos_raster, place_slip, {"dots": 3}, "from 4"),
        (escpos_raster, place_slip, {"dots": 12}, "the paper has 384"),
        (escpos_raster, place_slip, {"band_rows": 0}, "1 to 2303"),
    ]
    for writer, slip, options, named in refused:
        with pytest.raises(ValueError, match=named):
            writer(slip, ROLLS["58"], **options)


def test_a_label_names_the_link_correction_and_size(receipt_slip: Slip) -> None:
    label = print_zpl(zpl_native(receipt_slip, ROLLS["58"]).decode())

    ((x, y, size, level, link),) = label.bq
    assert (size, level, link) == (5, "M", receipt_slip.url.upper())
    assert x == (384 - 29 * 5) // 2
    assert y + 29 * 5 + 4 * 5 <= label.height
    assert label.texts == ["Rate your visit - 20 s", "acme.com/s", "store K7Q2-4 no 001734"]


def test_what_zpl_would_obey_is_escaped(place_slip: Slip) -> None:
    slip = replace(place_slip, url="https://a.example/~x^XZ_1", text="^XZ ~JA _5E")

    zpl = zpl_native(slip, ROLLS["80"]).decode()

    assert zpl.count("^XZ") == 1
    assert "~" not in zpl
    label = print_zpl(zpl)
    assert label.bq[0][4] == slip.url
    assert label.texts[0] == slip.text


def test_a_picture_of_a_label_with_a_logo_reads_back(place_slip: Slip, logo: bytes) -> None:
    slip = replace(place_slip, logo=logo)

    for form in ("zpl-raster", "escpos-raster", "escpos-columns"):
        assert read_code(picture_of(form, render(slip, Output(format=form)))) == slip.url.upper()


def picture_of(form: str, printed: bytes) -> Image.Image:
    if form == "png":
        return read_png(printed).convert("L")
    if form == "zpl-raster":
        return print_zpl(printed.decode()).picture
    return print_escpos(printed).picture


def symbol_box(picture: Image.Image) -> tuple[int, int]:
    """Left and right edge of the symbol's dark modules."""
    (found,) = zxingcpp.read_barcodes(picture)
    top, bottom = found.position.top_left.y, found.position.bottom_right.y
    strip = picture.crop((0, top, picture.width, bottom)).point(lambda dot: 255 - dot)
    left, _, right, _ = strip.getbbox()
    return left, right
