"""Why a query is not answered."""

from __future__ import annotations


class QueryError(Exception):
    """A query that cannot be read, or that asks for more than is offered."""

    def __init__(self, message: str, *, is_unsupported: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_unsupported = is_unsupported
        """It is good OData, and not offered here."""
