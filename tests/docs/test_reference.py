"""The reference pages say what the code does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "server" / "harken_server"
CODE = re.compile(
    r"""\bcode\s*=\s*"([a-z_]+)"|Problem\(\s*[^,()]+(?:\([^()]*\))?,\s*"([a-z_]+)\""""
)
NOT_FOR_USERS = {"error"}


@pytest.mark.parametrize(
    "page", ["channels.md", "settings.md", "cli.md", "http-api.md", "survey.schema.json"]
)
def test_a_generated_page_is_up_to_date(page: str) -> None:
    made = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()

    assert (ROOT / "docs" / "reference" / page).read_text("utf-8") == made[page], "run: just docs"


def test_every_error_code_is_explained() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    explained = set(re.findall(r"`([a-z_]+)`", page))

    used = {
        first or second
        for path in SOURCE.rglob("*.py")
        for first, second in CODE.findall(path.read_text("utf-8"))
    }

    assert len(used) > 50
    assert used - explained - NOT_FOR_USERS == set()


def test_links_between_documents_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if not target.startswith(("https:", "http:", "mailto:", "tel:"))
        and not (page.parent / target).exists()
    ]
    assert broken == []
