"""The add-on for Odoo, without Odoo: its files, and its scripts under Node with stand-ins."""

from __future__ import annotations

import ast
import base64
import json
import re
import runpy
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import qrcode
from node import run_node
from odoo_stand_ins import ADDON, Config, lay_out
from paper_reading import read_code
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from harken.printing import make_symbol
from harken.receipts import Till

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "receipts.json").read_text("utf-8"))
TEXT = VECTORS["good"][0]["configuration"]
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text("utf-8"))
TEMPLATE = "point_of_sale.OrderReceipt"
"""What Odoo 17 and 18 call the receipt."""


def node(folder: Path, program: str) -> Any:
    """Run a module beside the stand-ins; what it printed as JSON."""
    lay_out(folder)
    (folder / "program.mjs").write_text(program, "utf-8")
    return json.loads(run_node(folder / "program.mjs", folder=folder))


def picture(rows: list[list[bool]], dots: int = 6) -> Image.Image:
    side = len(rows) + 8
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if is_dark else 255)
    return image.resize((side * dots, side * dots), Image.Resampling.NEAREST)


def test_the_manifest_names_every_file() -> None:
    listed = {*MANIFEST["data"]}
    for files in MANIFEST["assets"].values():
        listed |= {name.removeprefix("harken_receipt/") for name in files}

    there = {
        path.relative_to(ADDON).as_posix()
        for path in ADDON.rglob("*")
        if path.suffix in {".js", ".xml"}
    }

    assert listed == there
    assert MANIFEST["version"].startswith("18.0.")
    assert MANIFEST["depends"] == ["point_of_sale"]


def test_the_port_is_the_one_that_is_shipped() -> None:
    shipped = ROOT / "sdk" / "javascript" / "receipts" / "index.js"

    assert (ADDON / "static/src/receipts.js").read_bytes() == shipped.read_bytes()


@pytest.mark.parametrize("path", sorted(ADDON.rglob("*.py")), ids=lambda path: path.name)
def test_its_python_parses(path: Path) -> None:
    ast.parse(path.read_text("utf-8"))


def test_the_receipts_template_is_extended_in_one_place() -> None:
    file = ADDON / "static/src/order_receipt.xml"

    (template,) = ET.parse(file).getroot()
    (xpath,) = template
    (image,) = xpath.iter("img")

    assert template.get("t-inherit") == TEMPLATE
    assert template.get("t-inherit-mode") == "extension"
    assert file.read_text("utf-8").count("t-inherit=") == 1
    assert xpath.get("expr") == "//div[hasclass('before-footer')]"
    assert xpath[0].get("t-if") == "harkenCode?.src"
    assert image.get("t-att-src") == "harkenCode.src"


def test_the_field_of_the_settings_page_exists() -> None:
    root = ET.parse(ADDON / "views/res_config_settings.xml").getroot()
    shown = {field.get("name") for field in root.iter("setting") for field in field.iter("field")}

    settings = (ADDON / "models/res_config_settings.py").read_text("utf-8")
    config = (ADDON / "models/pos_config.py").read_text("utf-8")

    assert shown == {"pos_harken_till"}
    assert 'pos_harken_till = fields.Char(related="pos_config_id.harken_till"' in settings
    assert "harken_till = fields.Char(" in config


ORDER = {
    "finalized": True,
    "pos_reference": "Order 00007-002-0005",
    "date_order": "2026-03-01 12:00:59",
    "config": {"harken_till": TEXT},
}
PRINT = """
import { starts } from "@odoo/owl";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import "@harken_receipt/order_receipt";

console.error = () => {};
const printed = [];
for (const values of %s) {
    const data = new PosOrder(values).export_for_printing("https://odoo", { company: 1 });
    const receipt = new OrderReceipt({ data });
    await starts.pop()();
    printed.push({ data, code: receipt.harkenCode, wasSetUp: receipt.wasSetUp });
}
console.log(JSON.stringify(printed));
"""


def printed(folder: Path, *orders: dict[str, Any]) -> list[dict[str, Any]]:
    return node(folder, PRINT % json.dumps([{**ORDER, **order} for order in orders]))


@pytest.mark.processes
def test_a_paid_order_prints_its_signed_code(tmp_path: Path) -> None:
    (first, again) = printed(tmp_path, {}, {})

    svg = base64.b64decode(first["code"]["src"].partition("base64,")[2]).decode("ascii")

    sequence = 3 * 0x400000 + 2 * 0x4000 + 5
    at = VECTORS["good"][0]["at"]
    expected = Till.from_text(TEXT).mint(sequence, datetime.fromisoformat(at)).url
    assert first["code"]["url"] == expected
    assert first["code"] == again["code"]
    assert first["wasSetUp"]
    assert first["data"]["name"] == ORDER["pos_reference"]
    assert first["data"]["headerData"] == {"company": 1}
    assert svg_link(svg) == as_read(expected)


def as_read(url: str) -> str:
    """A link in capitals, its scheme small where the symbol does not grow by it."""
    return make_symbol(url).payload


def svg_link(svg: str) -> str:
    """The link in the picture, read from its squares."""
    width = int(re.search(r'width="(\d+)"', svg)[1]) // 6
    rows = [[False] * (width - 8) for _ in range(width - 8)]
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg):
        rows[int(y)][int(x)] = True
    return read_code(picture(rows))


@pytest.mark.processes
def test_the_secret_stays_out_of_the_receipt(tmp_path: Path) -> None:
    (receipt,) = printed(tmp_path, {})

    assert TEXT.split(".")[3] not in json.dumps(receipt)


@pytest.mark.processes
@pytest.mark.parametrize(
    "order",
    [
        {"finalized": False},
        {"config": {"harken_till": False}},
        {"config": {"harken_till": "hkr1.nonsense"}},
        {"pos_reference": ""},
        {"pos_reference": "2501-000042"},
        {"date_order": ""},
        {"date_order": "2019-01-01 00:00:00"},
    ],
)
def test_an_order_that_cannot_be_signed_prints_as_ever(
    tmp_path: Path, order: dict[str, Any]
) -> None:
    (receipt,) = printed(tmp_path, order)

    assert receipt["code"] is None
    assert receipt["data"]["name"] == {**ORDER, **order}["pos_reference"]


@pytest.mark.processes
def test_the_browser_mints_the_vectors_and_draws_them(tmp_path: Path) -> None:
    program = """
import { Till } from "@harken_receipt/receipts";
import { qrRows } from "@harken_receipt/qr_picture";
const made = [];
for (const v of %s) {
    const parts = { sequence: v.sequence, at: new Date(v.at), strong: v.strong };
    const { token, url } = await Till.fromText(v.configuration).mint(parts);
    made.push({ token, url, rows: qrRows(url) });
}
console.log(JSON.stringify(made));
"""
    made = node(tmp_path, program % json.dumps(VECTORS["good"]))

    for vector, code in zip(VECTORS["good"], made, strict=True):
        assert (code["token"], code["url"]) == (vector["token"], vector["url"])
        link = as_read(vector["url"])
        assert read_code(picture(code["rows"])) == link
        scheme, sign, rest = link.partition("://")
        parts = [link] if link == vector["url"] else [scheme + sign, rest]
        assert code["rows"] in oracle(*parts)


def oracle(*parts: str) -> list[list[list[bool]]]:
    """The same code by another maker, under each mask."""
    codes = []
    for mask in range(8):
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
        for part in parts:
            code.add_data(part, optimize=0)
        codes.append(code.get_matrix())
    return codes


@pytest.mark.processes
def test_codes_of_every_size_are_another_makers(tmp_path: Path) -> None:
    texts = ["A", "https://a.example/r/x", *("H" * n for n in (20, 38, 61, 90, 122, 154))]
    texts += ["h" * n for n in (14, 26, 42, 62, 84, 106)]
    program = """
import { qrRows } from "@harken_receipt/qr_picture";
console.log(JSON.stringify(%s.map(qrRows)));
"""
    made = node(tmp_path, program % json.dumps(texts))

    for text, rows in zip(texts, made, strict=True):
        assert rows in oracle(text), text


@pytest.mark.processes
def test_receipts_of_one_minute_have_numbers_of_their_own(tmp_path: Path) -> None:
    names = [
        f"Order {session:05}-{login:03}-{order:04}"
        for session in (41, 42)
        for login in range(1, 30)
        for order in range(1, 200)
    ]
    program = """
import { receiptParts } from "@harken_receipt/receipt_code";
const numbers = %s.map((name) => receiptParts(name, "2026-03-01 12:00:00").sequence);
console.log(JSON.stringify([Math.max(...numbers), new Set(numbers).size]));
"""
    most, different = node(tmp_path, program % json.dumps(names))

    assert different == len(names)
    assert most <= 0xFFFFFF


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The add-on's own check of a point of sale, with a stand-in for Odoo's classes."""
    parts: dict[str, dict[str, Any]] = {
        "odoo": {
            "api": SimpleNamespace(constrains=lambda _: lambda method: method),
            "fields": SimpleNamespace(Char=lambda **_: None),
            "models": SimpleNamespace(Model=object),
        },
        "odoo.exceptions": {"ValidationError": ValueError},
    }
    for name, values in parts.items():
        module = ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
    return runpy.run_path(str(ADDON / "models/pos_config.py"))["PosConfig"]._check_harken_till


@pytest.mark.parametrize(
    ("till", "refusal"),
    [
        (None, None),
        (TEXT.replace("hkr1.17.", "hkr1.1."), None),
        (TEXT.replace("hkr1.17.0.", "hkr1.17.1."), "Another point of sale"),
        (f" {TEXT}", "Another point of sale"),
        ("https://fb.acme.com", "begins with hkr1"),
    ],
)
def test_two_points_of_sale_cannot_be_one_till(check: Any, till: str, refusal: str | None) -> None:
    every: list[Config] = []
    Config(every, TEXT)
    second = Config(every, till)

    if refusal is None:
        check(second)
    else:
        with pytest.raises(ValueError, match=refusal):
            check(second)
