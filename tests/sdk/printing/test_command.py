"""`harken qr`: formats by suffix, options that reach the paper, refusals that name the limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper_reading import (
    draw_pdf,
    draw_svg,
    print_escpos,
    print_zpl,
    read_code,
    read_codes,
    read_png,
    with_small_scheme,
)

from harken.cli import main

URL = "https://fb.acme.com/r/k7q2w8xm4"
DENSE = with_small_scheme(URL)


def test_a_bare_symbol_is_written_as_before(tmp_path: Path) -> None:
    svg, png = tmp_path / "a.svg", tmp_path / "a.PNG"

    assert [main(["qr", URL, "-o", str(path)]) for path in (svg, png)] == [0, 0]

    picture = read_png(png.read_bytes())
    assert picture.size == (33 * 8, 33 * 8)
    assert read_code(picture) == DENSE
    assert 'width="264" height="264"' in svg.read_text()
    assert read_code(draw_svg(svg.read_text())) == DENSE


def test_a_receipt_is_written_for_its_paper(tmp_path: Path) -> None:
    path = tmp_path / "a.escpos"
    words = ["--text", "Rate us", "--words", "acme.com/s", "--note", "store K7Q2-4"]

    assert main(["qr", URL, "-o", str(path), "--paper", "80", "--cut", *words]) == 0
    native = print_escpos(path.read_bytes())
    main(["qr", URL, "-o", str(path), "--format", "escpos-raster", "--dots", "7", *words])
    raster = print_escpos(path.read_bytes())

    assert native.native[180] == b"0" + b"https" + URL.upper()[5:].encode()
    assert native.native[167] == b"\x06"
    assert native.was_cut
    assert raster.text == native.text == "Rate us\nacme.com/s\nstore K7Q2-4\n"
    assert read_code(raster.picture) == DENSE
    assert raster.picture.size == (384, 33 * 7)


@pytest.mark.parametrize("paper", ["58", "80", "a6", "a4", "labels-l7160", "labels-5160"])
def test_every_paper_is_written_as_pdf(paper: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"

    assert main(["qr", URL, "-o", str(path), "--paper", paper, "--text", "Rate us"]) == 0

    (page,) = draw_pdf(path.read_bytes(), dpi=200)
    count = {"a6": 2, "labels-l7160": 21, "labels-5160": 30}.get(paper, 1)
    assert read_codes(page) == [DENSE] * count


def test_a_label_is_written_as_zpl(tmp_path: Path) -> None:
    path = tmp_path / "a.zpl"

    assert main(["qr", URL, "-o", str(path)]) == 0

    assert print_zpl(path.read_text()).bq[0][4] == "https" + URL.upper()[5:]


def test_a_logo_is_put_in(tmp_path: Path, logo: bytes) -> None:
    path, picture = tmp_path / "a.png", tmp_path / "logo.png"
    picture.write_bytes(logo)

    assert main(["qr", URL, "-o", str(path), "--logo", str(picture)]) == 0

    assert read_code(read_png(path.read_bytes())) == URL.upper(), "small letters cost a version"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "a.svg"], "either a URL or --stores"),
        ([URL, "--stores", "x.csv", "-o", "a.zip"], "either a URL or --stores"),
        ([URL, "-o", "a.gif"], "not as 'a.gif'"),
        ([URL, "-o", "a.png", "--dots", "3"], "from 4 to 100 dots, not 3"),
        ([URL, "-o", "a.escpos", "--dots", "12"], "the paper has 384"),
        ([URL, "-o", "a.svg", "--ink", "#fff", "--background", "#000"], "dark on light"),
        ([URL, "-o", "a.png", "--paper", "a4"], "a4 is for pdf, not png"),
        ([URL, "-o", "a.pdf", "--paper", "a4", "--dots", "5"], "as large as fit"),
        ([URL, "-o", "a.svg", "--skip-bad"], "belong to --stores"),
        (["--stores", "x.csv", "-o", "a.svg"], "written as .zip"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_limit(
    options: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["qr", *options]) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
