"""A Litestar application that does nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Litestar, get


@get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive."""
    return {"status": "ok"}


def make_app(_folder: Path, _url: str) -> Any:
    """The ASGI application."""
    return Litestar([healthz], openapi_config=None)
