"""What the documents show runs, and what the command offers is in the reference."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from harken.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference/python-sdk.md"
PAGES = [REFERENCE, ROOT / "sdk/python/README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs_from_top_to_bottom(
    page: Path, server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    played = httpx.MockTransport(server)
    monkeypatch.setattr(
        httpx.HTTPTransport, "handle_request", lambda _, request: played.handle_request(request)
    )
    monkeypatch.setattr(
        httpx.AsyncHTTPTransport,
        "handle_async_request",
        lambda _, request: played.handle_async_request(request),
    )
    monkeypatch.setenv("HARKEN_URL", "https://feedback.example")
    monkeypatch.setenv("HARKEN_API_KEY", "hk_test_0123456789")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "post_purchase.survey.yaml").write_text("key: post_purchase")
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    names: dict[str, Any] = {}

    for block in blocks:
        # `with` of the first example closes its client; the later ones go on with another.
        exec(compile(block, str(page), "exec"), names)
        names["client"] = names["harken"].Client()

    assert len(blocks) >= 2
    assert (tmp_path / "responses.csv").read_bytes().startswith(b"response_id")


def test_every_command_and_option_is_in_the_reference() -> None:
    reference = REFERENCE.read_text()
    commands = next(
        action.choices for action in build_parser()._actions if isinstance(action.choices, dict)
    )

    assert [
        f"### harken {name}" for name in commands if f"### harken {name}\n" not in reference
    ] == []
    assert [
        option
        for command in commands.values()
        for action in command._actions
        for option in action.option_strings
        if option not in {"-h", "--help", "--output"} and option not in reference
    ] == []


def test_the_error_tree_is_the_same_in_code_and_reference() -> None:
    classes = re.compile(r"── (\w+)")
    drawn = classes.findall((ROOT / "sdk/python/src/harken/_errors.py").read_text())

    assert classes.findall(REFERENCE.read_text()) == drawn
