"""What people wrote, one text at a time, as the numbers room shows it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Comment(msgspec.Struct, kw_only=True, frozen=True):
    """One visible text answer, with the rating that its author gave."""

    question: str
    text: str
    answered_at: datetime
    rating: int | None = None
    """Rating of the survey's first metric question by the same respondent."""
    touchpoint: str = ""
    channel: str = ""
    is_sample: bool = False
