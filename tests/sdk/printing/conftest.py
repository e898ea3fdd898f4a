"""Links and slips that the printing tests share."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from harken.printing import Slip

TOKEN = "K7Q2W8XM4RTZ5NDB1C0VYS9HGF"  # 26 characters: a receipt's
SIGNED = f"https://feedback.acme-stores.com/r/{TOKEN}"


@pytest.fixture
def receipt_slip() -> Slip:
    return Slip(
        url=SIGNED, text="Rate your visit - 20 s", words="acme.com/s", note="store K7Q2-4 no 001734"
    )


@pytest.fixture
def place_slip() -> Slip:
    return Slip(url="https://fb.acme.com/R/K7Q2W8XM4", text="How was your coffee?")


@pytest.fixture
def logo() -> bytes:
    picture = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((10, 10, 290, 190), fill="#c0392b")
    pen.rectangle((100, 80, 200, 120), fill="white")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
