"""QR symbols drawn here: every one is read back by another program."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import zxingcpp
from drawn_symbols import drawn
from PIL import Image

import harken
from harken.printing import dense_url, make_symbol
from harken.printing.bare_symbol import qr_png, qr_svg

URL = "HTTPS://FEEDBACK.EXAMPLE/I/7Q2M9XKD4TRWA"
READ = "https://FEEDBACK.EXAMPLE/I/7Q2M9XKD4TRWA"
INVITATION = harken.Invitation(id="i", code="7Q2M9XKD4TRWA", url=URL)


def read_png(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return found.text


@pytest.mark.parametrize("scale", [2, 3, 8])
def test_a_png_reads_back_as_the_link(scale: int) -> None:
    png = INVITATION.qr_png(scale=scale)

    assert read_png(png) == READ


def test_an_svg_reads_back_as_the_link() -> None:
    (found,) = zxingcpp.read_barcodes(drawn(INVITATION.qr_svg()))

    assert found.text == READ


def test_an_invitation_of_a_24_character_host_stays_at_version_3() -> None:
    symbol = make_symbol("https://abcdefghijklmnopqrst.com/i/7q2m9xkd4trwa")

    assert symbol.version <= 3


def test_the_quiet_zone_is_four_modules_wide() -> None:
    rows = make_symbol(URL).rows()

    edges = rows[:4] + rows[-4:] + [row[:4] + row[-4:] for row in rows]
    assert not any(any(edge) for edge in edges)


@pytest.mark.parametrize(
    ("url", "drawn_url"),
    [
        ("https://a.example/i/7q2m", "HTTPS://A.EXAMPLE/I/7Q2M"),
        ("https://a.example/i/7q2m?x=y", "https://a.example/i/7q2m?x=y"),
        ("https://a.example/s/post_purchase", "https://a.example/s/post_purchase"),
        ("https://a.example/sub/i/7q2m", "https://a.example/sub/i/7q2m"),
    ],
)
def test_only_a_link_that_stays_the_same_is_put_in_capitals(url: str, drawn_url: str) -> None:
    assert dense_url(url) == drawn_url


def test_a_file_is_written_as_its_suffix_says(tmp_path: Path) -> None:
    svg = INVITATION.save_qr(tmp_path / "receipt.svg")
    png = INVITATION.save_qr(str(tmp_path / "receipt.PNG"))

    assert svg.read_text(encoding="utf-8") == INVITATION.qr_svg()
    assert read_png(png.read_bytes()) == READ
    with pytest.raises(ValueError, match=r"\.svg or \.png"):
        INVITATION.save_qr(tmp_path / "receipt.gif")


def test_a_symbol_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        INVITATION.qr_png(scale=0)


@pytest.mark.parametrize("missing", ["qrcode", "png"])
def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(harken.MissingExtraError, match=r"pip install './sdk/python\[qr\]'"):
        INVITATION.qr_png()


def test_the_same_link_is_always_the_same_file() -> None:
    assert qr_svg(URL) == qr_svg(URL)
    assert qr_png(URL) == qr_png(URL)
