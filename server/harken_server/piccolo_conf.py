"""Piccolo's configuration: its app and its engine. Only migrations and its command line read it.

The server binds its own engine before it migrates. Without one, as under Piccolo's command line
during development (`PICCOLO_CONF=harken_server.piccolo_conf`), `HARKEN_DATABASE_URL` says which.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from piccolo.conf.apps import AppConfig, AppRegistry
from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine

from harken_server.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="harken",
    migrations_folder_path=str(Path(__file__).parent / "database" / "migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
    commands=[],
)
APP_REGISTRY = AppRegistry(apps=["harken_server.piccolo_conf"])  # which has APP_CONFIG


def engine_for(url: str) -> Engine[Any]:
    """Piccolo's own engine for a database: for migrations, never for serving."""
    if url.startswith("sqlite:///"):
        return SQLiteEngine(path=unquote(url.removeprefix("sqlite:///")))
    # Its default extensions would need rights that an application's role seldom has.
    return PostgresEngine(config={"dsn": url}, extensions=())


def __getattr__(name: str) -> Engine[Any]:
    """Piccolo asks this module for `DB`; nothing is connected to before it does."""
    if name != "DB":
        raise AttributeError(name)
    engine = engine_for(
        os.environ.get("HARKEN_DATABASE_URL", "sqlite:///harken-data/harken.sqlite3")
    )
    globals()["DB"] = engine
    return engine
