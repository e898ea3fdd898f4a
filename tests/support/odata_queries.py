"""Queries of OData, read as they come, for tests of what reading them takes."""

from __future__ import annotations

import contextlib

from harken_server.odata.rules.filters import parse_filter
from harken_server.odata.rules.model import EntitySet, Property
from harken_server.odata.rules.options import read_wanted
from harken_server.odata.rules.refusals import QueryError
from harken_server.sheets.access import secret_of as secret_of

TABLE = EntitySet("Rows", (Property("q", "Edm.String"),))


def read_filter(text: str) -> object:
    """Its condition, or nothing."""
    with contextlib.suppress(QueryError):
        return parse_filter(text, TABLE.types())


def read_options(text: str) -> object:
    """The same text as each of the other options."""
    with contextlib.suppress(QueryError):
        return read_wanted(TABLE, ["", *[text] * 6])
