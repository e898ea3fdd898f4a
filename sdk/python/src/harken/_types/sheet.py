"""Tokens with which a spreadsheet reads a survey, as the API tells of them."""

from __future__ import annotations

from datetime import datetime

import msgspec


class SheetToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was handed out; the token itself is told once, when it is made."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    """When it was last used, to the minute."""
    revoked_at: datetime | None = None


class NewSheetToken(msgspec.Struct, frozen=True, kw_only=True):
    """A new token, and what it opens. Whoever has it reads every answer of the survey."""

    id: str
    name: str
    token: str
    """The password of HTTP Basic, with any user name."""
    responses_url: str
    """Responses as CSV, with the token in it: for `IMPORTDATA`."""
    scores_url: str
    """Scores as CSV, with the token in it."""
    odata_url: str
    """The OData service, without the token."""
    created_at: datetime
    expires_at: datetime
