"""Words of strangers on paper, in lists and in archives: printed as words, or refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile_texts import LINK_TRICKS, TRICKS

from harken.cli.terminal import remark, say
from harken.printing import (
    FORMATS,
    ROLLS,
    Output,
    Place,
    Slip,
    read_places,
    render,
    slip_svg,
    write_stores,
    zpl_native,
)
from harken_server.kernel.sheet_cells import guard_formula
from harken_server.kernel.shown_text import hidden_character

LINK = "https://fb.acme.com/R/K7Q2W8XM4"


def slips() -> list[Slip]:
    """What the tricks may be printed as, wherever words are taken."""
    made: list[Slip] = []
    for trick in TRICKS:
        if hidden_character(trick) or len(trick) > 200:
            for name in ("text", "words", "note"):
                with pytest.raises(ValueError, match=name):
                    Slip(url=LINK, **{name: trick})
        else:
            made.append(Slip(url=LINK, text=trick, words=trick, note=trick))
    return made


def test_a_drawing_of_any_words_is_well_formed() -> None:
    for slip in slips():
        root = ElementTree.fromstring(slip_svg(slip))
        assert {each.tag.rpartition("}")[2] for each in root.iter()} == {"svg", "path", "g", "text"}


def test_no_words_command_a_printer() -> None:
    for slip in (slip for slip in slips() if slip.text.isascii()):
        printed = zpl_native(slip, ROLLS["58"])
        text = printed if isinstance(printed, str) else printed.decode("utf-8")
        assert text.count("^XA") == text.count("^XZ") == 1
        assert "~JA" not in text


@pytest.mark.parametrize("link", LINK_TRICKS)
def test_no_format_leads_to_a_link_that_hides_itself(link: str) -> None:
    for known in FORMATS:
        with pytest.raises(ValueError, match=r"link|ASCII"):
            render(Slip(url=link), Output(format=known))


def test_names_of_stores_are_names_of_files_and_cells(tmp_path: Path) -> None:
    names = [trick for trick in TRICKS if not re.search(r"[\x00\r\n]", trick) and len(trick) < 200]
    listed = io.StringIO()
    writer = csv.writer(listed)
    writer.writerow(["store", "touchpoint", "url", "own"])
    writer.writerows([name, name, f"{LINK}?{place}", name] for place, name in enumerate(names))
    rows = read_places(listed.getvalue(), Slip(url=LINK))
    assert all(isinstance(row, Place) for row in rows if row.line)

    write_stores(rows, tmp_path / "codes.zip", [Output(format="svg")], skip_bad=True)

    with zipfile.ZipFile(tmp_path / "codes.zip") as archive:
        members = archive.namelist()
        manifest = archive.read("manifest.csv").decode("utf-8-sig")
    assert len(set(members)) == len(members)
    assert all(re.fullmatch(r"[\w.-]+(/[\w.-]+)*", member) for member in members)
    assert not any(part.startswith(".") for member in members for part in member.split("/"))
    cells = list(csv.reader(io.StringIO(manifest, newline=""), strict=True))
    assert {len(line) for line in cells} == {len(cells[0])}
    assert all(guard_formula(cell) == cell or cell[0] == "'" for line in cells for cell in line)


def test_what_commands_print_commands_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for trick in TRICKS:
        say(trick)
        remark(trick)
    printed = capsys.readouterr()

    assert hidden_character(printed.out, is_line=False) is None
    assert hidden_character(printed.err, is_line=False) is None
