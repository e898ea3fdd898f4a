"""What is printed for places: a ZIP, labels and posters, whatever the names are."""

from __future__ import annotations

import io
import zipfile

import pytest
from api_client import Api
from paper_reading import draw_pdf, pdf_texts, read_code, read_codes
from place_steps import PLACES, make_codes, urls_of
from signed_in import SignedIn, sign_in
from svg_symbols import draw_symbols

HOSTILE = [
    "<script>alert(1)</script>\"'",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "مقهى البحر",
    "בית קפה",
    "☕️ Café 🥐",
    "x" * 120,
    "CON",
    "Łódź",
]


@pytest.fixture
async def editor(api: Api) -> SignedIn:
    await api.push()
    return await sign_in(api, "editor")


async def test_hostile_names_are_inert_everywhere(api: Api, editor: SignedIn) -> None:
    page = await make_codes(editor, "\n".join(HOSTILE))
    file = await editor.get(f"{PLACES}/codes.zip")
    sheet = await editor.get(f"{PLACES}/labels", sheet="l7163")

    assert "<script>alert" not in page.text + sheet.text
    names = zipfile.ZipFile(io.BytesIO(file.content)).namelist()
    assert len(names) == len({name.casefold() for name in names}) == 2 * len(HOSTILE)
    assert not [name for name in names if "/" in name or "\\" in name or name.startswith(".")]
    assert max(map(len, names)) <= 120
    assert 'direction="rtl">مقهى البحر</text>' in sheet.text
    assert "☕️ Café 🥐" in sheet.text
    read = {read_code(each) for each in draw_symbols(sheet.text)}
    assert read == urls_of(page)


async def test_names_that_the_pdf_lacks_are_printed_by_the_browser(editor: SignedIn) -> None:
    await make_codes(editor, "Łódź\nBergen")

    pdf = await editor.get(f"{PLACES}/labels.pdf", sheet="5160")
    page = await editor.http.get(pdf.headers["location"])

    assert pdf.status_code == 303
    assert "Our own PDF has no letters for Ł, ź" in page.text
    assert ">Łódź</text>" in page.text
    assert 'class="paper letter"' in page.text


@pytest.mark.parametrize(("sheet", "pages"), [("l7160", 2), ("l7163", 2), ("5160", 1)])
async def test_labels_have_names_and_codes(editor: SignedIn, sheet: str, pages: int) -> None:
    names = [f"Gård {n}" for n in range(1, 24)]
    page = await make_codes(editor, "\n".join(names))

    pdf = await editor.get(f"{PLACES}/labels.pdf", sheet=sheet)

    drawn = draw_pdf(pdf.content, dpi=200)
    assert len(drawn) == pages
    assert {code for each in drawn for code in read_codes(each)} == urls_of(page)
    words = " ".join(pdf_texts(pdf.content)).split()
    assert words.count("Gård") == 23
    assert words.index("2") < words.index("10")
    assert pdf.headers["content-disposition"] == 'attachment; filename="post_purchase-labels.pdf"'


async def test_a_long_name_is_cut_within_its_label(editor: SignedIn) -> None:
    await make_codes(editor, "W" * 120)

    pdf = await editor.get(f"{PLACES}/labels.pdf", sheet="5160")

    assert "…" in pdf_texts(pdf.content)[0]


async def test_each_place_has_its_poster(editor: SignedIn) -> None:
    page = await make_codes(editor, "Oslo 1; Till 1\nBergen")

    pdf = await editor.get(f"{PLACES}/posters.pdf", paper="a5")
    printed = await editor.get(f"{PLACES}/posters", paper="a6")

    assert {read_code(each) for each in draw_pdf(pdf.content)} == urls_of(page)
    assert "Scan to tell us what you think" in printed.text
    assert 'width="105.0mm"' in printed.text


async def test_with_nothing_to_print_the_list_comes_first(editor: SignedIn) -> None:
    for file in ("codes.zip", "labels.pdf", "labels", "posters"):
        reply = await editor.get(f"{PLACES}/{file}")
        assert reply.status_code == 303
        assert reply.headers["location"].endswith(PLACES)
    assert (await editor.get(f"{PLACES}/other")).status_code == 404
