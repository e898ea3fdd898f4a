"""Pages in the house's look: a slice's own templates, which extend `page.html` or `shell.html`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harken_server.design.assets import asset
from harken_server.design.sparkline import sparkline_end, sparkline_path
from harken_server.design.templates import open_templates

if TYPE_CHECKING:
    from jinja2 import Environment

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'none'; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy of every page in this look: nothing of elsewhere, nothing inline."""
TEMPLATES = Path(__file__).parent / "templates"


def render(folder: Path, name: str, **parts: Any) -> str:
    """A page of the templates in this folder, which find the house's beside their own."""
    return _environment(folder).get_template(name).render(parts)


@cache
def _environment(folder: Path) -> Environment:
    environment = open_templates(folder, TEMPLATES)
    known: dict[str, Any] = environment.globals
    known |= {"asset": asset, "sparkline_end": sparkline_end, "sparkline_path": sparkline_path}
    return environment
