"""Piccolo's configuration: its app and its engine. Only migrations and its command line read it.

The server binds its own engine before it migrates. Without one, as under Piccolo's command line
during development (`PICCOLO_CONF=harken_server.piccolo_conf`), `HARKEN_DATABASE_URL` says which.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from piccolo.conf.apps import AppConfig, AppRegistry
from piccolo.engine.base import Engine

from harken_server.database.migration_engine import engine_for
from harken_server.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="harken",
    migrations_folder_path=str(Path(__file__).parent / "database" / "migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
    commands=[],
)
APP_REGISTRY = AppRegistry(apps=["harken_server.piccolo_conf"])  # which has APP_CONFIG


def __getattr__(name: str) -> Engine[Any]:
    """Piccolo asks this module for `DB`; nothing is connected to before it does."""
    if name != "DB":
        raise AttributeError(name)
    engine = engine_for(
        os.environ.get("HARKEN_DATABASE_URL", "sqlite:///harken-data/harken.sqlite3")
    )
    globals()["DB"] = engine
    return engine
