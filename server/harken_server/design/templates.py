"""Page templates of a channel's folder. Our files only: texts of people are never templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def open_templates(*folders: Path) -> Environment:
    """The templates of these folders, looked for in their order, with autoescape.

    A missing value is a fault, not a blank.

    Jinja is imported with the first page, not with the server: it takes a tenth of the start.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render_template(folder: Path, name: str, **parts: Any) -> str:
    """A page of the templates in this folder."""
    return open_templates(folder).get_template(name).render(parts)
