"""PDF: each page is drawn by another program, measured, and every symbol on it is read."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from msgspec.structs import replace
from paper_reading import FONT, draw_pdf, pdf_texts, read_codes, with_small_scheme
from PIL import ImageChops

from harken.printing import GRIDS, ROLLS, Output, Slip, labels_pdf, poster_pdf, receipt_pdf, render

MM = 72 / 25.4


def size_mm(pdf: bytes) -> tuple[float, float]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return width / MM, height / MM


@pytest.mark.parametrize("paper", ["58", "80"])
def test_a_receipt_is_as_wide_as_its_paper_with_modules_of_whole_dots(
    paper: str, receipt_slip: Slip
) -> None:
    pdf = receipt_pdf(receipt_slip, ROLLS[paper])

    assert size_mm(pdf)[0] == pytest.approx(ROLLS[paper].width_mm)
    (page,) = draw_pdf(pdf, dpi=203.2)
    assert read_codes(page) == [receipt_slip.url.upper()]
    for words in ("Rate your visit - 20 s", "acme.com/s", "store K7Q2-4 no 001734"):
        assert words in pdf_texts(pdf)[0]


def test_a_table_tent_is_read_from_both_sides(place_slip: Slip) -> None:
    pdf = render(place_slip, Output(format="pdf", paper="a6"))

    assert size_mm(pdf) == pytest.approx((148, 210))
    (page,) = draw_pdf(pdf)
    half = page.height // 2
    for side in (page.crop((0, 0, page.width, half)), page.crop((0, half, *page.size))):
        assert read_codes(side) == [with_small_scheme(place_slip.url)]
    difference = ImageChops.difference(page.rotate(180), page).convert("L")
    assert sum(difference.histogram()[64:]) < page.width * page.height / 500
    assert pdf_texts(pdf)[0].split().count("coffee?") == 2


@pytest.mark.parametrize(
    ("options", "edge"), [({}, 0), ({"bleed": True}, 3), ({"crop_marks": True}, 8)]
)
def test_a_poster_is_a4_within_its_bleed_and_marks(
    options: dict[str, bool], edge: int, place_slip: Slip
) -> None:
    slip = replace(place_slip, ink="#12355b", background="#f6f1e7")
    pdf = poster_pdf(slip, **options)

    assert size_mm(pdf) == pytest.approx((210 + 2 * edge, 297 + 2 * edge))
    trim = pypdfium2.PdfDocument(pdf)[0].get_trimbox()
    assert [each / MM for each in trim] == pytest.approx([edge, edge, 210 + edge, 297 + edge])
    (page,) = draw_pdf(pdf, dpi=100)
    assert read_codes(page) == [with_small_scheme(slip.url)]
    # Colour reaches beyond the cut, and marks stay outside the bleed.
    at = round((edge - 2) / 25.4 * 100) if edge else 1
    assert page.getpixel((at, at)) == (0x12, 0x35, 0x5B)
    if edge == 8:
        mark = page.crop((0, round(7 / 25.4 * 100), round(4 / 25.4 * 100), round(9 / 25.4 * 100)))
        assert mark.convert("L").getextrema()[0] < 200


@pytest.mark.parametrize("name", GRIDS)
def test_a_sheet_of_labels_lies_within_its_page(name: str) -> None:
    grid = GRIDS[name]
    last = grid.place(grid.count - 1)

    assert grid.corner[0] * 2 == pytest.approx(
        grid.page[0] - (last.x + last.width - grid.corner[0])
    )
    assert grid.corner[1] * 2 == pytest.approx(
        grid.page[1] - (last.y + last.height - grid.corner[1])
    )
    assert grid.pitch[0] >= grid.label[0]
    assert grid.pitch[1] >= grid.label[1]


@pytest.mark.parametrize(("name", "count"), [("l7160", 21), ("l7163", 14), ("5160", 30)])
def test_every_label_of_a_sheet_reads_back(name: str, count: int, place_slip: Slip) -> None:
    pdf = render(place_slip, Output(format="pdf", paper=f"labels-{name}"))

    (page,) = draw_pdf(pdf, dpi=200)
    assert read_codes(page) == [with_small_scheme(place_slip.url)] * count


def test_labels_begin_where_a_sheet_was_left_and_go_on_to_the_next() -> None:
    slips = [Slip(url=f"https://fb.acme.com/s/{number}") for number in range(15)]

    first, second = draw_pdf(labels_pdf(slips, GRIDS["l7163"], start=12), dpi=200)

    assert read_codes(first) == [slip.url for slip in slips[:3]]
    assert read_codes(second) == sorted(slip.url for slip in slips[3:])
    assert first.convert("L").crop((0, 0, first.width, first.height // 2)).getextrema()[0] == 255


def test_other_scripts_need_a_font(place_slip: Slip) -> None:
    slip = replace(place_slip, text="Оцените визит")

    with pytest.raises(ValueError, match=r"lack '\u041e' \(U\+041E\).* as font"):
        poster_pdf(slip)
    assert "Оцените" in pdf_texts(poster_pdf(replace(slip, font=FONT)))[0]


def test_letters_are_embedded(place_slip: Slip) -> None:
    pdf = poster_pdf(place_slip)

    assert re.search(rb"/FontFile2 \d+ 0 R", pdf)


LINK = "https://m.example/"


@pytest.mark.parametrize(
    ("output", "url", "named"),
    [
        (
            Output(format="pdf", paper="labels-5160"),
            f"https://m.example/{'x' * 182}",
            "at least 0.5 mm",
        ),
        (Output(format="pdf", paper="58"), f"https://m.example/{'x' * 682}", "use a shorter link"),
        (Output(format="pdf", dots=3), LINK, "from 4 to 100"),
        (
            Output(format="pdf", paper="labels-l7160", first_label=22),
            "https://m.example",
            "no label 22|1 to 21",
        ),
    ],
)
def test_what_does_not_fit_is_refused(output: Output, url: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        render(Slip(url=url, words="x.example"), output)


def test_words_that_do_not_fit_a_label_are_refused(place_slip: Slip) -> None:
    with pytest.raises(ValueError, match=r"words are \d+ mm high"):
        labels_pdf([replace(place_slip, text="long words " * 18, note="w " * 99)], GRIDS["5160"])


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"format": "png", "paper": "a4"}, "a4 is for pdf"),
        ({"format": "pdf", "paper": "a4", "dots": 5}, "as large as fit"),
        ({"format": "pdf", "bleed": True}, "are for a4"),
        ({"format": "pdf", "copies": 3}, "label sheets"),
        ({"format": "png", "cut": True}, "only escpos"),
    ],
)
def test_outputs_that_contradict_themselves_are_refused(parts: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Output(**parts)
