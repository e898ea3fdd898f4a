"""Many stores: a zip with a manifest, and no bad row that is lost or printed."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from paper_reading import draw_pdf, draw_svg, read_code, read_codes, read_png

from harken.cli import main
from harken.printing import BadRow, BadRowsError, Output, Slip, read_places, write_stores
from harken.printing.storelist import check_place_code
from harken_server.invitations.codes import ALPHABET, check_character

TEMPLATE = Slip(url="https://example.com", text="Rate your visit - 20 s")
BASE = "https://fb.acme.com/R/"
SVG_AND_PNG = [Output(format="svg"), Output(format="png", paper="80")]


def code(number: int) -> str:
    data = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return data + check_character(data)


def places(count: int) -> str:
    rows = [f"Store {number},counter.paid,{code(number)},No {number}" for number in range(count)]
    return "\n".join(["store,touchpoint,code,label", *rows])


def members(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_code_of_the_zip_reads_back_as_the_manifest_says(tmp_path: Path) -> None:
    target = tmp_path / "codes.zip"

    assert write_stores(read_places(places(40), TEMPLATE, BASE), target, SVG_AND_PNG) == []

    files = members(target)
    lines = table(files.pop("manifest.csv"))
    assert len(lines) == 40
    for number, line in enumerate(lines):
        svg, png = line["files"].split()
        assert svg == f"Store-{number}_counter.paid_{code(number)}.svg"
        assert line["url"] == f"https://FB.ACME.COM/R/{code(number)}"
        assert read_code(read_png(files[png])) == line["url"]
        assert read_code(draw_svg(files[svg].decode())) == line["url"]
        digests = [hashlib.sha256(files.pop(name)).hexdigest() for name in (svg, png)]
        assert line["sha256"].split() == digests
    assert files == {}


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    outputs = [*SVG_AND_PNG, Output(format="pdf")]

    for target in (one, two):
        write_stores(read_places(places(3), TEMPLATE, BASE), target, outputs)

    assert one.read_bytes() == two.read_bytes()


def test_labels_are_one_file_of_all_places(tmp_path: Path) -> None:
    target = tmp_path / "codes.zip"
    outputs = [Output(format="pdf", paper="labels-l7163")]

    write_stores(read_places(places(20), TEMPLATE, BASE), target, outputs)

    files = members(target)
    pages = draw_pdf(files["labels.pdf"], dpi=200)
    found = sorted(each for page in pages for each in read_codes(page))
    assert found == [line["url"] for line in table(files["manifest.csv"])]
    assert [len(read_codes(page)) for page in pages] == [14, 6]


BAD_ROWS = {
    ",till,{good},": "store is empty",
    "A,,{good},": "touchpoint is empty",
    "A,till,,": "url and code are empty",
    "A,till,K7Q2W8XM5,": "check character",
    "A,till,K7Q2,": "9 characters",
    "A,till,{good},https://x.example": "not both",
    "A,till,,javascript:alert(1)": "whole address",
    "A,till,,https://x.example/ü": "percent-encode",
    "A,till,{good},,surplus": "behind the last column",
    "A,till,,https://x.example/{long}": "use a shorter link",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_bad_row_refuses_the_list_and_is_named_by_its_line(row: str, tmp_path: Path) -> None:
    good = code(7)
    text = f"store,touchpoint,code,url\nFirst,till,{good},\n" + row.format(
        good=good, long="x" * 900
    )
    target = tmp_path / "codes.zip"

    with pytest.raises(BadRowsError, match=BAD_ROWS[row]) as refused:
        write_stores(read_places(text, TEMPLATE, BASE), target, [Output(format="png", paper="58")])

    assert [each.line for each in refused.value.rows] == [3]
    assert list(tmp_path.iterdir()) == []


def test_bad_rows_may_be_put_into_a_list_of_their_own(tmp_path: Path) -> None:
    text = f"store,touchpoint,code,region\nA,till,{code(1)},north\nB,till,nonsense,=south\n"
    target = tmp_path / "codes.zip"

    (bad,) = write_stores(read_places(text, TEMPLATE, BASE), target, SVG_AND_PNG, skip_bad=True)

    files = members(target)
    (line,) = table(files["errors.csv"])
    assert bad.line == 3
    assert line == {
        "line": "3",
        "reason": "'nonsense' is no place code: those have 9 characters",
        "store": "B",
        "touchpoint": "till",
        "code": "nonsense",
        "region": "'=south",
    }
    assert [each["region"] for each in table(files["manifest.csv"])] == ["north"]


def test_a_list_of_bad_rows_only_writes_nothing(tmp_path: Path) -> None:
    rows = read_places("store,touchpoint,code\nA,till,x\n", TEMPLATE, BASE)

    with pytest.raises(BadRowsError):
        write_stores(rows, tmp_path / "codes.zip", SVG_AND_PNG, skip_bad=True)
    assert list(tmp_path.iterdir()) == []


def test_a_refused_list_leaves_an_earlier_zip_alone(tmp_path: Path) -> None:
    target = tmp_path / "codes.zip"
    target.write_bytes(b"earlier")

    with pytest.raises(BadRowsError):
        write_stores([BadRow(2, "no")], target, SVG_AND_PNG)
    assert target.read_bytes() == b"earlier"


@pytest.mark.parametrize(
    ("store", "begins"),
    [
        ("../../etc/passwd", "etc-passwd_"),
        ("C:\\temp\\x", "C-temp-x_"),
        ("Café Zürich", "Café-Zürich_"),
        ("a_b", "a-b_"),
        ("...", "line2_"),
        ("=cmd|' /C calc'!A0", "cmd-C-calc-A0_"),
        ("\u202egpj.exe", "gpj.exe_"),
        ("x" * 200, "x" * 60 + "_"),
    ],
)
def test_file_names_hold_no_path_and_no_trick(store: str, begins: str, tmp_path: Path) -> None:
    text = f'store;touchpoint;code\n"{store}";till/1;{code(1)}\n'
    target = tmp_path / "codes.zip"

    write_stores(read_places(text, TEMPLATE, BASE), target, [Output(format="svg")])

    (name,) = [name for name in members(target) if name != "manifest.csv"]
    assert name == f"{begins}till-1_{code(1)}.svg"


def test_no_cell_of_the_manifest_is_calculated(tmp_path: Path) -> None:
    text = f"store\ttouchpoint\tcode\tlabel\t=head\n@SUM(1)\t+till\t{code(1)}\t-1\t=2+3\n"
    target = tmp_path / "codes.zip"

    write_stores(read_places(text, TEMPLATE, BASE), target, [Output(format="svg")])

    rows = list(csv.reader(io.StringIO(members(target)["manifest.csv"].decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert rows[1][0] == "'@SUM(1)"


def test_two_places_with_one_name_get_two_files(tmp_path: Path) -> None:
    text = "store,touchpoint,url\nA b,till,https://x.example/1/z\na-B,till,https://x.example/2/z\n"
    target = tmp_path / "codes.zip"

    write_stores(read_places(text, TEMPLATE), target, [Output(format="svg")])

    assert [name for name in members(target) if name.endswith("svg")] == [
        "A-b_till_z.svg",
        "a-B_till_z_2.svg",
    ]


def test_the_same_code_twice_is_a_bad_row() -> None:
    text = f"store,touchpoint,code\nA,till,{code(1)}\n\nA,till,{code(1).lower()}\n"

    _, bad = read_places(text, TEMPLATE, BASE)

    assert bad == BadRow(4, "the same code as in line 2", bad.row)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no column 'store'"),
        ("store,code\nA,x", "no column 'touchpoint'"),
        ("store,touchpoint\nA,x", "'url' or 'code'"),
        ("store,store,touchpoint,url\n", "'store' twice"),
        ("store,touchpoint,url\n", "no rows"),
        ('store,touchpoint,url\n"A,x,https://x.example', "line 2 is not CSV"),
    ],
)
def test_what_is_no_list_of_stores_is_refused(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_places(text, TEMPLATE, BASE)


def test_codes_need_the_address_they_are_put_behind() -> None:
    (bad,) = read_places(f"store,touchpoint,code\nA,till,{code(1)}\n", TEMPLATE)

    assert "--base" in bad.reason


def test_mistyped_place_codes_are_found() -> None:
    for number in range(0, 32**4, 4099):
        good = code(number)
        assert check_place_code(f" {good[:4]}-{good[4:8]}-{good[8]} ".lower()) == good
        wrong = good[:3] + ALPHABET[(ALPHABET.index(good[3]) + 1) % 32] + good[4:]
        with pytest.raises(ValueError, match="mistyped"):
            check_place_code(wrong)


def test_the_command_writes_the_zip_and_tells_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "stores.csv", tmp_path / "codes.zip"
    source.write_text(places(120), encoding="utf-8-sig")

    status = main(["qr", "--stores", str(source), "--base", BASE, "-o", str(target)])

    printed = capsys.readouterr()
    assert (status, printed.out) == (0, f"{target}: 120 codes\n")
    assert printed.err.splitlines() == [
        f"harken: {done} of 120 places drawn" for done in (50, 100, 120)
    ]
    assert len(members(target)) == 241


def test_the_command_refuses_and_lists_bad_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "stores.csv", tmp_path / "codes.zip"
    source.write_text(f"store,touchpoint,code\nA,till,{code(1)}\nB,,x\nC,till,y\n")
    command = ["qr", "--stores", str(source), "--base", BASE, "-o", str(target)]

    assert main(command) == 2
    said = capsys.readouterr().err
    assert "line 3: touchpoint is empty" in said
    assert "line 4: 'y' is no place code" in said
    assert not target.exists()

    assert main([*command, "--skip-bad", "--format", "svg", "--format", "pdf"]) == 1
    said = capsys.readouterr()
    assert said.out == f"{target}: 1 codes, 2 bad rows in errors.csv\n"
    assert "line 4" in said.err
    assert len(members(target)) == 4
