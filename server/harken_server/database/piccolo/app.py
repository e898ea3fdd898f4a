"""Harken's tables and migrations as one Piccolo app."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from harken_server.database.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="harken",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
    commands=[],
)
