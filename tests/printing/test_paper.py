"""Posters and labels: whatever the words, they stand on the paper, and every symbol reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paper_reading import draw_pdf, pdf_texts, read_codes
from svg_symbols import draw_symbols

from harken_server.kernel.errors import InvalidInputError
from harken_server.printing.browser import print_page
from harken_server.printing.letters import fit, is_right_to_left, missing_letters, width_of
from harken_server.printing.pdf import pages_pdf
from harken_server.printing.sheets import GRIDS, PAPERS, Page, Sign, labels, posters

URL = "https://feedback.example.com/r/ABCDEFGHJ"
TEXTS = st.text(max_size=120)


@given(TEXTS, st.floats(10, 200), st.integers(1, 4))
def test_words_fit_their_width_and_lines(text: str, width: float, lines: int) -> None:
    block = fit(text, width=width, largest=9, smallest=2, lines=lines, bold=True)

    assert len(block.lines) <= lines
    assert 2 <= block.size <= 9
    for line in block.lines:
        assert width_of(line, bold=True) * block.size <= width + 1e-6


def test_words_that_fit_are_kept_whole_and_others_are_cut() -> None:
    short = fit("Oslo City, Till 7", width=30, largest=4, smallest=2, lines=3)
    long = fit("Oslo " * 40, width=30, largest=4, smallest=2, lines=3)

    assert " ".join(short.lines) == "Oslo City, Till 7"
    assert long.lines[-1].endswith("…")


@pytest.mark.parametrize("paper", PAPERS)
@given(title=TEXTS, note=TEXTS)
def test_everything_of_a_poster_is_on_its_paper(paper: str, title: str, note: str) -> None:
    (page,) = posters([Sign(title, note, URL)], paper)

    assert (page.width, page.height) == PAPERS[paper]
    check_inside(page)


@pytest.mark.parametrize("name", GRIDS)
@given(title=TEXTS, note=TEXTS)
def test_everything_of_a_label_is_on_its_label(name: str, title: str, note: str) -> None:
    grid = GRIDS[name]
    (page,) = labels([Sign(title, note, URL)], grid)

    check_inside(page)
    for words in page.words:
        half = width_of(words.text, bold=words.is_bold) * words.size / 2
        assert grid.corner[0] <= words.x - half
        assert words.x + half <= grid.corner[0] + grid.size[0]
        assert grid.corner[1] <= words.y <= grid.corner[1] + grid.size[1]


def check_inside(page: Page) -> None:
    for mark in page.marks:
        assert mark.side >= 20
        assert 0 <= mark.x <= page.width - mark.side
        assert 0 <= mark.y <= page.height - mark.side
        for words in page.words:
            is_below = words.y - words.size >= mark.y + mark.side
            half = width_of(words.text, bold=words.is_bold) * words.size / 2
            assert words.y <= mark.y or is_below or words.x - half >= mark.x + mark.side - 1e-6


@pytest.mark.parametrize("name", GRIDS)
def test_a_full_sheet_reads_in_both_forms(name: str) -> None:
    urls = [f"https://feedback.example.com/r/ABCDEFG{n:02}" for n in range(GRIDS[name].places)]
    pages = labels([Sign(f"Store {n}", "K7Q2-2", url) for n, url in enumerate(urls)], GRIDS[name])

    pdf = pages_pdf(pages, "Labels")
    printed = print_page(pages, "Labels", "a4", "/").body.decode()

    (drawn,) = draw_pdf(pdf, dpi=250)
    assert read_codes(drawn) == sorted(urls)
    assert sorted(code for each in draw_symbols(printed) for code in read_codes(each)) == urls
    assert "Store 3" in pdf_texts(pdf)[0]


@given(st.text(st.characters(codec="cp1252", exclude_categories=["C"]), min_size=1, max_size=60))
@pytest.mark.seconds
def test_a_pdf_says_what_it_was_given(text: str) -> None:
    pdf = pages_pdf(posters([Sign(text, r"(a) \ %", URL)], "a4"), text)

    (said,) = pdf_texts(pdf)
    assert r"(a) \ %" in said


def test_letters_that_a_pdf_lacks_are_named() -> None:
    assert missing_letters("Łódź é") == ["Ł", "ź"]
    with pytest.raises(InvalidInputError, match="no letters for ☕"):
        pages_pdf(posters([Sign("☕", "", URL)], "a4"), "")


def test_direction_is_that_of_the_first_letter() -> None:
    assert is_right_to_left("12 مقهى Oslo")
    assert not is_right_to_left("Oslo مقهى")
    assert not is_right_to_left("12")
