"""`/design` of `demo`: every component of the house in its states, for who builds pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harken_server.design.assets import icon_names
from harken_server.design.pages import POLICY, render
from harken_server.http.declared import Arrival
from harken_server.http.pages import PRIVATE, Document, page
from harken_server.kernel.errors import NotFoundError

FOLDER = Path(__file__).parent / "templates"
COLOURS = (
    ("Grounds and ink", ("paper", "card", "sunken", "ink", "quiet", "line", "edge")),
    ("Accent", ("accent", "accent-strong", "on-accent", "accent-ground", "danger")),
    ("Data", ("good", "middle", "bad", "good-ground", "middle-ground", "bad-ground", "series")),
    ("What is said", ("error", "error-ground", "warning", "warning-ground", "note", "note-ground")),
)
PERIODS = (("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("all", "All"))


@page("/design", headers=PRIVATE)
async def guide(arrival: Arrival) -> Document:
    """The living style guide; only of the demo."""
    period = arrival.said().get("period", "")
    shown = period if period in dict(PERIODS) else "30"
    return _shown(
        arrival, "guide.html", colours=COLOURS, icons=icon_names(), periods=PERIODS, period=shown
    )


@page("/design/console", headers=PRIVATE)
async def guide_console(arrival: Arrival) -> Document:
    """The console's frame around sample cards."""
    return _shown(arrival, "guide_console.html", title="Home", shell=_SHELL)


def _shown(arrival: Arrival, name: str, **parts: Any) -> Document:
    if not arrival.runtime.is_demo:
        raise NotFoundError("The style guide is a page of the demo.")
    return Document(render(FOLDER, name, **parts).encode(), POLICY, locale="en")


def _section(label: str, icon: str, *, is_current: bool = False) -> dict[str, Any]:
    return {"label": label, "href": "/design/console", "icon": icon, "is_current": is_current}


_SHELL: dict[str, Any] = {
    "workspace": "Harbour Coffee",
    "workspaces": [
        ("Harbour Coffee", "/design/console", True),
        ("Harbour Roastery", "/design/console", False),
    ],
    "person": {"name": "Ines Weber", "email": "ines@harbour.example", "href": "/design/console"},
    "sections": [
        _section("Home", "home", is_current=True),
        _section("Surveys", "surveys"),
        _section("Results", "results"),
        _section("Share", "share"),
        _section("People", "people"),
        _section("Keys", "keys"),
        _section("Settings", "settings"),
        _section("Audit log", "audit"),
    ],
    "csrf": "",
    "sign_out": "/design/console",
    "said": "",
    "crumbs": (),
}
