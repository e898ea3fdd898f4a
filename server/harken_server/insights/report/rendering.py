"""The report as a document that needs nothing else: its style stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from harken_server.design.assets import read_asset
from harken_server.design.pages import render
from harken_server.design.times import say_exactly
from harken_server.http.pages import Document, source_of
from harken_server.insights.report.reading import Block

TEMPLATES = Path(__file__).parent / "templates"


def render_report(name: str, blocks: Sequence[Block], now: datetime, zone: str) -> Document:
    """On one sheet of A4 or Letter for up to four surveys; `now` is in that zone."""
    style = _style()
    body = render(
        TEMPLATES, "report.html", house=name, blocks=blocks, style=style,
        generated=say_exactly(now), zone=zone, is_close=len(blocks) > 2,
    )  # fmt: skip
    policy = (
        f"default-src 'none'; style-src {source_of(style)}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return Document(body.encode(), policy)


@cache
def _style() -> str:
    return read_asset("report.css").body.decode()
