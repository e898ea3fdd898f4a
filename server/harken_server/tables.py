"""All tables and views of Harken."""

from __future__ import annotations

from types import ModuleType

from piccolo.table import Table

import harken_server.asking.tables
import harken_server.channels.email.tables
import harken_server.channels.kiosk.tables
import harken_server.channels.messages.tables
import harken_server.channels.receipts.tables
import harken_server.database.tables
import harken_server.deliveries.tables
import harken_server.events.tables
import harken_server.exports.tables
import harken_server.importers.tables
import harken_server.insights.tables
import harken_server.invitations.tables
import harken_server.journeys.tables
import harken_server.programmes.tables
import harken_server.respondents.tables
import harken_server.responses.tables
import harken_server.segments.tables
import harken_server.sheets.tables
import harken_server.surveys.tables
import harken_server.workspaces.tables
from harken_server.responses.views_sql import VIEWS as VIEWS

_OWNERS: tuple[ModuleType, ...] = (
    harken_server.workspaces.tables,
    harken_server.surveys.tables,
    harken_server.invitations.tables,
    harken_server.responses.tables,
    harken_server.segments.tables,
    harken_server.respondents.tables,
    harken_server.events.tables,
    harken_server.deliveries.tables,
    harken_server.asking.tables,
    harken_server.journeys.tables,
    harken_server.programmes.tables,
    harken_server.insights.tables,
    harken_server.channels.email.tables,
    harken_server.channels.kiosk.tables,
    harken_server.channels.messages.tables,
    harken_server.channels.receipts.tables,
    harken_server.exports.tables,
    harken_server.importers.tables,
    harken_server.sheets.tables,
    harken_server.database.tables,
)
"""In the order in which their tables are made and copied."""

TABLES: tuple[type[Table], ...] = tuple(
    each
    for owner in _OWNERS
    for each in vars(owner).values()
    if isinstance(each, type) and issubclass(each, Table) and each.__module__ == owner.__name__
)
"""Every table class of these, as they stand there."""
