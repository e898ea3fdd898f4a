"""A Litestar application that does nothing but migrate its database first."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bench.baselines import empty_litestar
from harken_server.database.migrate import migrate


def make_app(folder: Path, _url: str) -> Any:
    """The ASGI application, behind Harken's own migrations."""
    asyncio.run(migrate(f"sqlite:///{folder / 'migrated.sqlite3'}"))
    return empty_litestar.make_app(folder, _url)
