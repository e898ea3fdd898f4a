"""Home: how each survey is doing, and what needs somebody's attention."""

from __future__ import annotations

from pathlib import Path

from harken_server.console.home import read_home
from harken_server.http.pages import Shown
from harken_server.workspaces.people.visit import Section, Sections
from harken_server.workspaces.signed_in import Visit, page

FOLDER = Path(__file__).parent / "templates"
SECTIONS = Sections(
    (
        Section("Home", "", "home", "see", is_scoped=True),
        Section("Surveys", "/surveys", "surveys", "see"),
        Section("Results", "/results", "results", "see", is_scoped=True),
        Section("Segments", "/segments", "segments", "see"),
        Section("Customers", "/customers", "customers", "read"),
        Section("Import", "/imports", "import", "edit"),
        Section("Share", "/share", "share", "edit"),
        Section("People", "/people", "people", "manage"),
        Section("Keys", "/keys", "keys", "manage"),
        Section("Settings", "/settings", "settings", "manage"),
        Section("Audit log", "/audit", "audit", "manage"),
    )
)
"""The navigation, in its order."""


@page("", right="see", is_scoped=True)
async def home(visit: Visit) -> Shown:
    """What a person of the house sees first."""
    return visit.render(FOLDER, "home.html", title="Home", home=await read_home(visit))
