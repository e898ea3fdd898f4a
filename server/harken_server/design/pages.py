"""stub"""

from pathlib import Path
from typing import Any
from harken_server.design.templates import open_templates

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"


def render(folder: Path, name: str, **parts: Any) -> str:
    return (
        open_templates(folder, Path(__file__).parent / "templates").get_template(name).render(parts)
    )
