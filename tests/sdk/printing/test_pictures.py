"""PNG and SVG: whole dots, exact size, words, colours and logos; every one is read back."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from msgspec.structs import replace
from paper_reading import draw_svg, read_code, read_png, with_small_scheme

import harken
from harken.printing import ROLLS, Output, Slip, render, slip_png, slip_svg
from harken.printing.logo import LARGEST_SHARE, draw_symbol, paint_symbol


@pytest.mark.parametrize("dots", [4, 5, 6, 8, 12])
def test_a_bare_png_has_exactly_the_dots_asked_for(dots: int, receipt_slip: Slip) -> None:
    bare = replace(receipt_slip, text="", words="", note="")

    picture = read_png(slip_png(bare, dots=dots))

    assert picture.size == (37 * dots, 37 * dots)
    assert picture.mode == "1"
    assert picture.info["dpi"] == pytest.approx((203.2, 203.2))
    assert read_code(picture) == bare.url.upper()


def test_a_png_in_colours_keeps_them_and_reads_back(place_slip: Slip) -> None:
    slip = replace(place_slip, ink="#12355b", background="#f6f1e7")

    picture = read_png(slip_png(slip, ROLLS["80"]))

    assert {each for _, each in picture.convert("RGB").getcolors()} == {
        (0x12, 0x35, 0x5B),
        (0xF6, 0xF1, 0xE7),
    }
    assert read_code(picture) == with_small_scheme(slip.url)


@pytest.mark.parametrize("text", ["", "Rate your visit - 20 s", "قيّم زيارتك", "ご来店の評価を"])
def test_an_svg_reads_back_and_says_its_words_in_any_script(text: str, place_slip: Slip) -> None:
    svg = slip_svg(replace(place_slip, text=text))

    assert read_code(draw_svg(svg)) == with_small_scheme(place_slip.url)
    shown = [each.text for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert " ".join(shown) == f"{text} fb.acme.com/r/K7Q2W8XM4".strip()


def test_an_svg_escapes_what_it_shows(place_slip: Slip) -> None:
    svg = slip_svg(replace(place_slip, text='<script>"&', note="</svg>"))

    words = [each.text for each in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == '<script>"&'
    assert words[-1] == "</svg>"


@pytest.mark.parametrize(("paper", "wide"), [("58", 33 * 5 / 8), ("80", 33 * 6 / 8)])
def test_an_svg_for_paper_has_its_printed_size(paper: str, wide: float, place_slip: Slip) -> None:
    svg = slip_svg(place_slip, ROLLS[paper])

    assert float(re.search(r'width="(\S+)mm"', svg)[1]) == pytest.approx(wide, abs=0.001)


@pytest.mark.parametrize(
    "url", ["https://fb.acme.com/R/K7Q2W8XM4", "https://x.example/" + "p" * 90]
)
def test_a_logo_is_as_large_as_the_symbol_can_still_be_read(url: str, logo: bytes) -> None:
    slip = Slip(url=url, logo=logo)

    made = draw_symbol(slip)

    assert made.symbol.level == "H"
    assert made.logo.width**2 <= LARGEST_SHARE * made.symbol.size**2
    assert read_code(paint_symbol(made, 5)) == made.symbol.payload
    assert read_code(read_png(slip_png(slip, ROLLS["80"]))) == made.symbol.payload


def test_a_logo_that_makes_the_symbol_unreadable_is_refused(
    logo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harken.printing.logo._is_readable", lambda *_: False)

    with pytest.raises(ValueError, match="cannot be read with this logo"):
        draw_symbol(Slip(url="https://fb.acme.com/R/00000000S", logo=logo))


def test_what_is_no_picture_is_refused_as_a_logo() -> None:
    with pytest.raises(ValueError, match="not a PNG or JPEG"):
        draw_symbol(Slip(url="https://a.example", logo=b"GIF89a nonsense"))


@pytest.mark.parametrize(
    ("missing", "extra", "form", "slip"),
    [
        ("qrcode", "qr", "svg", Slip(url="https://m.example/1")),
        ("png", "qr", "png", Slip(url="https://m.example/2", words="")),
        ("PIL.ImageFont", "print", "png", Slip(url="https://m.example/3")),
        ("reportlab.pdfgen.canvas", "print", "pdf", Slip(url="https://m.example/4")),
        ("zxingcpp", "logo", "svg", Slip(url="https://m.example/5", logo=b"x")),
        ("PIL.Image", "logo", "svg", Slip(url="https://m.example/6", logo=b"x")),
    ],
)
def test_the_extra_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str, extra: str, form: str, slip: Slip
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(harken.MissingExtraError, match=rf"pip install './sdk/python\[{extra}\]'"):
        render(slip, Output(format=form))


def test_the_same_slip_is_always_the_same_bytes(place_slip: Slip, tmp_path: Path) -> None:
    for form in ("svg", "png", "pdf", "escpos", "escpos-raster", "escpos-columns", "zpl"):
        output = Output(format=form)
        assert render(place_slip, output) == render(place_slip, output), form
