"""What a file is: letters, separators, names of columns, and what is no table at all."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_steps import Importing
from read_page import read_page

from harken_server.importers import receiving
from harken_server.importers.rules.fields import by_names
from harken_server.importers.rules.layout import guess_layout, require_table, rows_in
from harken_server.importers.rules.understood import guess_choices, names_of
from harken_server.importers.rules.written import guess_order, read_number, read_time
from harken_server.kernel.errors import InvalidInputError

WORDS = "Größe,Wert\nüber,1\n"
BAD = {
    "xlsx": (b"PK\x03\x04\x14\x00" + bytes(40), "an Excel workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
    "pdf": (b"%PDF-1.7 ...", "a PDF"),
    "gz": (b"\x1f\x8b\x08\x00", "a compressed file"),
    "json": (b'\xef\xbb\xbf [{"a": 1}]', "JSON"),
    "html": (b"<!doctype html><table>", "a web page"),
    "empty": (b"\xef\xbb\xbf\r\n", "empty"),
    "binary": (b"abc\x00\x00def", "no text"),
}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", BAD)
async def test_what_is_no_csv_is_called_by_its_name(importing: Importing, what: str) -> None:
    content, said = BAD[what]
    with pytest.raises(InvalidInputError, match=said):
        require_table(content)

    reply = await importing.bring(content)

    assert reply.status_code == 422
    assert said in read_page(reply.text).text()
    assert importing.files() == []


@pytest.mark.parametrize(("raw", "encoding"), [
    (WORDS.encode(), "utf-8"),
    (b"\xef\xbb\xbf" + WORDS.encode(), "utf-8"),
    (WORDS.encode("utf-16"), "utf-16"),
    (WORDS.encode("cp1252"), "cp1252"),
])  # fmt: skip
def test_letters_are_read_as_they_were_written(raw: bytes, encoding: str) -> None:
    is_utf_8 = encoding == "utf-8"
    layout = guess_layout(raw, is_utf_8=is_utf_8)
    assert (layout.encoding, layout.separator, layout.has_names) == (encoding, ",", True)


@pytest.mark.parametrize(("text", "separator", "skips", "has_names"), [
    ("a,b\n1,2\n", ",", False, True),
    ("a;b\n1,5;2\n", ";", False, True),
    ("sep=;\r\na;b\r\n1;2\r\n", ";", True, True),
    ("sep=|\na|b\n", "|", True, True),
    ("a\tb\n1\t2,5\n", "\t", False, True),
    ("2026-01-01,5,Good\n2026-01-02,4,Well\n", ",", False, False),
    ("text\nOne, two\nThree\n", ",", False, True),
    ('a,b\n"1;2;3;4","x\ny"\n', ",", False, True),
])  # fmt: skip
def test_separators_and_names_are_found(
    text: str, separator: str, skips: bool, has_names: bool
) -> None:
    layout = guess_layout(text.encode(), is_utf_8=True)
    assert (layout.separator, layout.skips, layout.has_names) == (separator, skips, has_names)


def test_columns_are_known_by_what_people_call_them() -> None:
    names = ("Review ID", "Erstellt", "Sterne", "Kommentar", "URL", "E-mail", "Shop")
    assert by_names("review", names) == ["id", None, "rating", "text", "link", "respondent", None]
    assert by_names("events", ("Kunde", "Datum", "Betrag", "event", "type")) == [
        "respondent", "at", "value", "name", None,
    ]  # fmt: skip
    assert by_names("review", ("note", "rating")) == ["text", "rating"]


def test_columns_without_names_are_known_by_what_is_in_them() -> None:
    text = "2026-01-01,5,Good coffee and a warm place,x\n2026-01-02,4,The wait was a bit long,y\n"
    layout = guess_layout(text.encode(), is_utf_8=True)
    rows = rows_in(text, layout.separator, most=9)
    assert guess_choices("review", layout, rows, "UTC").columns == ("at", "rating", "text", "")
    assert names_of(layout, rows) == ["Column 1", "Column 2", "Column 3", "Column 4"]


@pytest.mark.parametrize(("cells", "order"), [
    (["2026-01-02"], "iso"), (["13/01/2026"], "day"), (["01/13/2026"], "month"),
    (["1.2.2026"], "day"), (["1/2/2026", "3/4/2026"], None), ([], "iso"),
])  # fmt: skip
def test_the_order_of_days_is_found_or_asked_for(cells: list[str], order: Any) -> None:
    assert guess_order(cells) == order


@pytest.mark.parametrize(
    "text", ["32.1.2026", "1.13.2026", "yesterday", "", "13:00 pm", "1.1.2026 13:00 PM"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_time(text, "day", UTC)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_numbers_are_the_same_by_either_sign(number: float) -> None:
    assert read_number(f"{number:,.2f}", ".") == number
    german = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_number(german, ",") == number


@given(st.binary(max_size=300))
def test_no_bytes_break_the_guess(raw: bytes) -> None:
    try:
        require_table(raw)
    except InvalidInputError:
        return
    layout = guess_layout(raw, is_utf_8=False)
    rows = rows_in(raw.decode("latin-1"), layout.separator, most=9)
    choices = guess_choices("review", layout, rows, "UTC")
    assert len(choices.columns) == len(names_of(layout, rows))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_row_that_is_cut_by_the_look_is_no_fault_of_the_file(importing: Importing) -> None:
    rows = "".join(f'"{"so " * 300}",5,2026-01-02\n' for _ in range(400))

    page = await importing.page(await importing.load("text,rating,at\n" + rows))

    assert "All of the first" in page


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("end", "said"), [
    ('2026-01-03,"never closed' + "x" * 1_100_000, "never closed"),
    ("2026-01-03," + "x" * 1_100_000, "it is no CSV"),
])  # fmt: skip
async def test_a_row_without_an_end_ends_the_file_and_keeps_what_was_before(
    importing: Importing, end: str, said: str
) -> None:
    path = await importing.take_in("at,text\n2026-01-02,Fine\n" + end, title="Play store")

    page = await importing.page(path)

    assert "Row 3 has no end" in page
    assert said in page
    assert "What follows it was not read" in page
    assert "Stored 1" in page


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_more_than_the_limit_is_refused_and_leaves_nothing(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MAX_FILE_BYTES", 1_000_000)

    reply = await importing.bring("at,text\n" + "2026-01-02,Fine\n" * 70_000)

    assert (reply.status_code, importing.files()) == (422, [])
    assert "larger than the limit of 1 MB" in read_page(reply.text).text()
