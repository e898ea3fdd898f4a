"""Who must not be asked, as it is kept."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Suppression(msgspec.Struct, frozen=True):
    """A respondent who must not be asked."""

    respondent: str
    reason: str
    created_at: datetime
