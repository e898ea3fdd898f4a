"""All tables and views of Harken."""

from __future__ import annotations

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
