"""Piccolo's configuration: the app, and the engine it runs on.

The server binds its own engine with `bind_engine`. Without one, as under Piccolo's command line
during development, the engine is made from `HARKEN_DATABASE_URL`.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote

from piccolo.conf.apps import AppRegistry
from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine

APP_REGISTRY = AppRegistry(apps=["harken_server.database.piccolo.app"])


def engine_for(url: str) -> Engine[Any]:
    """Piccolo's own engine for a database: for migrations, never for serving."""
    if url.startswith("sqlite:///"):
        return SQLiteEngine(path=unquote(url.removeprefix("sqlite:///")))
    # Its default extensions would need rights that an application's role seldom has.
    return PostgresEngine(config={"dsn": url}, extensions=())


def bind_engine(engine: Engine[Any]) -> None:
    """Make `engine` the one that migrations run on from now on."""
    globals()["DB"] = engine  # Piccolo looks for it in this module under this name.


def __getattr__(name: str) -> Engine[Any]:
    """Piccolo asks this module for `DB`; nothing is connected to before it does."""
    if name != "DB":
        raise AttributeError(name)
    engine = engine_for(
        os.environ.get("HARKEN_DATABASE_URL", "sqlite:///harken-data/harken.sqlite3")
    )
    bind_engine(engine)
    return engine
