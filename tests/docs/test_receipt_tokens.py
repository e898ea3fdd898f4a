"""The code that the reference gives for tills signs as Harken does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from node import run_node

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "receipt-tokens.md").read_text("utf-8")
VECTORS = json.loads((ROOT / "tests" / "vectors" / "receipts.json").read_text("utf-8"))
GOOD = VECTORS["good"]


def code_in(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_example_of_the_page_is_the_first_vector() -> None:
    assert GOOD[0]["configuration"] in PAGE
    assert f"| token | `{GOOD[0]['token']}` |" in PAGE
    assert f"| strong token | `{GOOD[1]['token']}` |" in PAGE


@pytest.mark.processes
def test_the_python_code_prints_the_first_vector() -> None:
    done = subprocess.run(
        [sys.executable, "-c", code_in("python")], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == GOOD[0]["url"]


@pytest.mark.processes
def test_the_javascript_code_prints_the_first_vector(tmp_path: Path) -> None:
    module = json.dumps((ROOT / "sdk/javascript/receipts/index.js").as_uri())
    program = tmp_path / "mint.mjs"
    program.write_text(code_in("javascript").replace('"@harken/receipts"', module), "utf-8")

    assert run_node(program, folder=tmp_path).strip() == GOOD[0]["url"]


@pytest.mark.processes
@pytest.mark.skipif(shutil.which("javac") is None, reason="there is no JDK here")
def test_the_java_code_makes_the_vectors(tmp_path: Path) -> None:
    calls = "\n".join(
        f'till = new HarkenTill("{v["configuration"]}"); token = till.mint({v["sequence"]}, '
        f'java.time.OffsetDateTime.parse("{v["at"]}").toInstant(), {json.dumps(v["strong"])});'
        "System.out.println(token + ' ' + till.url(token));".replace("' '", '" "')
        for v in GOOD
    )
    main = (
        "public final class Main { public static void main(String[] given) {"
        f"HarkenTill till; String token;\n{calls}\n}}}}"
    )
    (tmp_path / "HarkenTill.java").write_text(code_in("java"), "utf-8")
    (tmp_path / "Main.java").write_text(main, "utf-8")

    subprocess.run(["javac", "-Xlint:all", "-Werror", "HarkenTill.java", "Main.java"],
                   cwd=tmp_path, check=True)  # fmt: skip
    done = subprocess.run(
        ["java", "-cp", ".", "Main"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == [f"{v['token']} {v['url']}" for v in GOOD]


@pytest.mark.parametrize("language", ["java", "csharp", "php"])
def test_every_port_has_the_same_constants(language: str) -> None:
    code = code_in(language)

    assert r"harken receipt 1\n" in code
    assert "0123456789ABCDEFGHJKMNPQRSTVWXYZ" in code
    assert "0xFFFFFF" in code
    assert re.search(r"strong \? (19 : 16|9 : 6)", code)
    assert re.search(r"strong \? 2 : 1\) << 4", code)
    assert "2025" in code


@pytest.mark.processes
def test_the_how_to_names_every_flag_and_its_python_code_runs() -> None:
    page = (ROOT / "docs" / "how-to" / "receipts.md").read_text("utf-8")
    sources = [
        ROOT / "server" / "harken_server" / name
        for name in (
            "channels/receipts/rules/tokens.py",
            "channels/receipts/rules/repeats.py",
            "channels/receipts/open.py",
        )
    ]
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    flags = {
        flag
        for path in sources
        for flag in re.findall(
            r'"(receipt_(?:forged|revoked|old|future|typed|unsigned)|same_device|velocity|many_receipts)"',
            path.read_text("utf-8"),
        )
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert flags == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert len(flags) == 9
    assert done.stdout.startswith("HTTPS://FB.ACME.COM/R/2")
