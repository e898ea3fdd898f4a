"""Tell Piccolo's table classes which engine to run on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from piccolo.engine.base import Engine
from piccolo.table import Table


def bind_tables(tables: Iterable[type[Table]], engine: Engine[Any]) -> None:
    """Run queries of these tables on `engine` from now on, in this process."""
    for table in tables:
        table._meta.db = engine  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001  # the only way
