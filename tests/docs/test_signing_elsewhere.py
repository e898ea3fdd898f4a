"""The signing code that the explanation page gives for other languages signs as Harken does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from node import run_node

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "links-and-tokens.md").read_text("utf-8")
VECTORS = json.loads((ROOT / "tests" / "vectors" / "identity.json").read_text("utf-8"))


def code_in(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


@pytest.mark.processes
def test_the_node_code_signs_the_vectors(tmp_path: Path) -> None:
    program = tmp_path / "sign.cjs"
    vectors = json.dumps(VECTORS["good"])
    program.write_text(
        f"{code_in('javascript')}\nfor (const v of {vectors})"
        " console.log(signIdentity(v.respondent, v.api_key, v.expires));\n",
        encoding="utf-8",
    )

    printed = run_node(program, folder=tmp_path)

    assert printed.splitlines() == [vector["signature"] for vector in VECTORS["good"]]


@pytest.mark.parametrize("language", ["javascript", "php", "ruby", "csharp"])
def test_every_language_signs_the_same_message(language: str) -> None:
    code = code_in(language)

    shape = re.sub(r"[$#]?\{(\w+)\}|\$(\w+)", r"<\1\2>", code)
    assert r"harken identity 1\n<expires>\n<id>" in shape
    assert re.search(r"sha256.*sha256", code.lower(), re.DOTALL)
    assert re.search(r"(=|\[)\W*padding|base64url|rtrim\(strtr|TrimEnd|padding: false", code)
