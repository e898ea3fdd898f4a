"""What the widget offers is in its reference page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from node import WIDGET
from widget_types import declared, fields_of

NPM = (WIDGET / "src" / "npm.ts").read_text("utf-8")
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "widget.md").read_text("utf-8")


@pytest.mark.parametrize("option", fields_of("Options"))
def test_each_option_is_documented_with_its_attribute(option: str) -> None:
    attribute = "data-context-" if option == "context" else f"data-{option}"

    assert re.search(rf"^\| `{option}` \| `{attribute}", PAGE, re.MULTILINE)


@pytest.mark.parametrize("option", ["force", "answers"])
def test_each_option_of_show_is_documented(option: str) -> None:
    assert f"`{option}`" in PAGE


@pytest.mark.parametrize("call", re.findall(r"^export function (\w+)", NPM, re.MULTILINE))
def test_each_call_is_documented(call: str) -> None:
    assert re.search(rf"^\| `{call}\(", PAGE, re.MULTILINE)


@pytest.mark.parametrize("event", re.findall(r'"(\w+)"', declared("EventName")))
def test_each_event_is_documented(event: str) -> None:
    assert re.search(rf"^\| `{event}` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", fields_of("EventDetail"))
def test_what_events_bring_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE
