"""All tables and views of Harken, and Piccolo's configuration: its app and its engine.

The server binds its own engine before it migrates. Without one, as under Piccolo's command line
during development (`PICCOLO_CONF=harken_server.tables`), `HARKEN_DATABASE_URL` says which.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from piccolo.conf.apps import AppConfig, AppRegistry
from piccolo.engine.base import Engine
from piccolo.table import Table

import harken_server.asking.tables
import harken_server.channels.email.tables
import harken_server.channels.kiosk.tables
import harken_server.channels.messages.tables
import harken_server.channels.receipts.tables
import harken_server.database.tables
import harken_server.deliveries.tables
import harken_server.invitations.tables
import harken_server.journeys.tables
import harken_server.programmes.tables
import harken_server.respondents.tables
import harken_server.responses.tables
import harken_server.surveys.tables
import harken_server.workspaces.tables
from harken_server.database.migration_engine import engine_for
from harken_server.responses.views_sql import VIEWS as VIEWS

TABLES: tuple[type[Table], ...] = (
    *harken_server.workspaces.tables.TABLES,
    *harken_server.surveys.tables.TABLES,
    *harken_server.invitations.tables.TABLES,
    *harken_server.responses.tables.TABLES,
    *harken_server.respondents.tables.TABLES,
    *harken_server.deliveries.tables.TABLES,
    *harken_server.asking.tables.TABLES,
    *harken_server.journeys.tables.TABLES,
    *harken_server.programmes.tables.TABLES,
    *harken_server.channels.email.tables.TABLES,
    *harken_server.channels.kiosk.tables.TABLES,
    *harken_server.channels.messages.tables.TABLES,
    *harken_server.channels.receipts.tables.TABLES,
    *harken_server.database.tables.TABLES,
)
APP_CONFIG = AppConfig(
    app_name="harken",
    migrations_folder_path=str(Path(__file__).parent / "database" / "migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
    commands=[],
)
APP_REGISTRY = AppRegistry(apps=["harken_server.tables"])  # which reads APP_CONFIG of this module


def __getattr__(name: str) -> Engine[Any]:
    """Piccolo asks this module for `DB`; nothing is connected to before it does."""
    if name != "DB":
        raise AttributeError(name)
    engine = engine_for(
        os.environ.get("HARKEN_DATABASE_URL", "sqlite:///harken-data/harken.sqlite3")
    )
    globals()["DB"] = engine
    return engine
