"""The commands `harken drivers` and `harken annotate`, against a played server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harken.cli import main

pytestmark = pytest.mark.usefixtures("played_for_the_command")


def test_drivers_are_lines_with_what_they_are_not(
    server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["drivers", "post_purchase", "--outcome", "recommend", "--items", "service,rare"])

    said = capsys.readouterr().out
    assert status == 0
    assert "with recommend go (R² 0.25, n 180):" in said
    assert "service: 100 % of what goes with it (90 to 100), performance 60 of 100" in said
    assert "rare is left out: 3 answers." in said
    assert said.rstrip().endswith("Not what causes it.")
    assert dict(server.requests[-1].url.params) == {"outcome": "recommend", "items": "service,rare"}


def test_too_few_answers_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drivers", "post_purchase", "--missing", "listwise"]) == 0
    assert capsys.readouterr().out == "no drivers of recommend: 12 are too few.\n"


def test_a_deploy_is_noted(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(
        ["annotate", "Checkout 3.2", "--at", "2026-06-01T10:00:00+02:00", "--id", "4" * 32]
    )

    sent = json.loads(server.requests[-1].content)
    assert status == 0
    assert sent == {
        "id": "4" * 32, "title": "Checkout 3.2", "kind": "deploy",
        "at": "2026-06-01T10:00:00+02:00",
    }  # fmt: skip
    assert capsys.readouterr().out.endswith("  2026-06-01  deploy  Checkout 3.2\n")


def test_a_moment_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["annotate", "Sale", "--at", "yesterday"]) == 2
    assert "yesterday" in capsys.readouterr().err
