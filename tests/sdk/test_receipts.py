"""Receipts minted at the till, in Python and in JavaScript: the vectors, the limits, the QR."""

from __future__ import annotations

import ast
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import qrcode
import segno
from node import run_node
from qrcode.constants import ERROR_CORRECT_M

from harken.receipts import Till, mint

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "receipts.json").read_text("utf-8"))
JAVASCRIPT = ROOT / "sdk" / "javascript" / "receipts"
CONFIGURATION = VECTORS["good"][0]["configuration"]
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def key_part() -> str:
    return CONFIGURATION.split(".")[3]


def at_of(vector: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(vector["at"].replace("Z", "+00:00"))


@pytest.mark.parametrize("vector", VECTORS["good"])
def test_a_till_mints_the_vectors(vector: dict[str, Any]) -> None:
    receipt = Till.from_text(vector["configuration"]).mint(
        sequence=vector["sequence"], at=at_of(vector), strong=vector["strong"]
    )

    assert (receipt.token, receipt.url) == (vector["token"], vector["url"])


@pytest.mark.parametrize("vector", VECTORS["good"])
def test_the_bare_function_mints_the_vectors(vector: dict[str, Any]) -> None:
    token = mint(
        bytes.fromhex(vector["key"]),
        till=vector["till"],
        key_number=vector["key_number"],
        sequence=vector["sequence"],
        at=at_of(vector),
        strong=vector["strong"],
    )

    assert token == vector["token"]


@pytest.mark.parametrize("refused", VECTORS["refused"])
def test_what_is_out_of_range_is_named(refused: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"^{refused['why']} must"):
        Till.from_text(CONFIGURATION).mint(sequence=refused["sequence"], at=at_of(refused))


@pytest.mark.parametrize("text", VECTORS["bad_configurations"])
def test_a_configuration_that_is_none_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"till|key") as refused:
        Till.from_text(text)

    assert key_part() not in str(refused.value)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at must be aware"):
        Till.from_text(CONFIGURATION).mint(1, datetime(2026, 3, 1))  # noqa: DTZ001


def test_a_till_does_not_show_its_key() -> None:
    till = Till.from_text(CONFIGURATION)

    assert "key=b" not in repr(till)
    assert till.url in repr(till)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://fb.acme.com", "HTTPS://FB.ACME.COM/R/"),
        ("https://fb.acme.com/", "HTTPS://FB.ACME.COM/R/"),
        ("https://fb.acme.com/F", "HTTPS://FB.ACME.COM/F/R/"),
        ("https://acme.com/feedback", "https://acme.com/feedback/r/"),
        ("http://127.0.0.1:8300", "HTTP://127.0.0.1:8300/R/"),
    ],
)
def test_links_are_in_capitals_wherever_that_may_be(url: str, base: str) -> None:
    till = Till.from_text(f"hkr1.17.0.{key_part()}.{url}")

    assert till.mint(1, AT).url.startswith(base)


@pytest.mark.parametrize("host", ["X.CO", "FB.ACME.COM", "FEEDBACK.ACME-STORES.COM"])
def test_hosts_up_to_24_characters_fit_version_3_with_middle_correction(host: str) -> None:
    url = Till.from_text(f"hkr1.17.0.{key_part()}.HTTPS://{host}").mint(1734, AT).url

    exact = segno.make_qr(url, error="m", boost_error=False)
    fitted = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    fitted.add_data(url)
    fitted.make(fit=True)

    assert (exact.version, exact.mode) == (3, "alphanumeric")
    assert fitted.version == 3
    assert len(url) <= 61


def test_one_character_more_needs_version_4() -> None:
    url = Till.from_text(f"hkr1.17.0.{key_part()}.HTTPS://{'A' * 22}.CO").mint(1, AT).url

    assert segno.make_qr(url, error="m", boost_error=False).version == 4


def test_the_module_imports_nothing_but_pythons_own_library() -> None:
    source = (ROOT / "sdk/python/src/harken/receipts.py").read_text("utf-8")

    names = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert names <= sys.stdlib_module_names


SCRIPT = """
import { readFileSync } from "node:fs";
import { Till, mint } from %s;
const vectors = JSON.parse(readFileSync(0, "utf8"));
const said = { good: [], bare: [], refused: [], bad: [] };
for (const v of vectors.good) {
  const parts = { sequence: v.sequence, at: new Date(v.at), strong: v.strong };
  said.good.push(await Till.fromText(v.configuration).mint(parts));
  const key = Uint8Array.from(Buffer.from(v.key, "hex"));
  said.bare.push(await mint(key, { ...parts, till: v.till, keyNumber: v.key_number }));
}
const till = Till.fromText(vectors.good[0].configuration);
for (const v of vectors.refused) {
  try { await till.mint({ sequence: v.sequence, at: new Date(v.at) }); said.refused.push("none"); }
  catch (error) { said.refused.push(`${error.name}: ${error.message}`); }
}
for (const text of vectors.bad_configurations) {
  try { Till.fromText(text); said.bad.push("none"); }
  catch (error) { said.bad.push(error.name); }
}
console.log(JSON.stringify(said));
"""


@pytest.mark.processes
def test_the_javascript_module_does_the_same(tmp_path: Path) -> None:
    program = tmp_path / "mint.mjs"
    program.write_text(SCRIPT % json.dumps((JAVASCRIPT / "index.js").as_uri()), "utf-8")

    said = json.loads(run_node(program, folder=tmp_path, stdin=json.dumps(VECTORS)))

    wanted = [{"token": vector["token"], "url": vector["url"]} for vector in VECTORS["good"]]
    assert said["good"] == wanted
    assert said["bare"] == [each["token"] for each in wanted]
    for text, vector in zip(said["refused"], VECTORS["refused"], strict=True):
        assert text.startswith(f"RangeError: {vector['why']} must")
    assert said["bad"] == ["RangeError"] * len(VECTORS["bad_configurations"])


def test_the_javascript_package_ships_what_it_names() -> None:
    package = json.loads((JAVASCRIPT / "package.json").read_text("utf-8"))

    assert all((JAVASCRIPT / name).is_file() for name in package["files"])
    assert "dependencies" not in package
    assert VECTORS["good"][0]["token"] in (JAVASCRIPT / "README.md").read_text("utf-8")
