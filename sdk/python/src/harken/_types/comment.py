"""What people wrote."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

import msgspec


class CommentOptions(TypedDict, total=False):
    """What `client.comments` may be asked beside the survey; all may be left out."""

    q: str | None
    """Words that must all be in the text, in any case."""
    band: str | None
    """Only of whoever rated so: `detractors`, or another group of the first metric question."""
    question: str | None
    from_: date | str | None
    """First day, included."""
    to: date | str | None
    """Last day, included."""
    touchpoint: str | None
    channel: str | None
    version: int | None
    where: str | None
    """A member of a declared dimension, such as `store:Oslo`."""
    standing: str | None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One text that somebody wrote."""

    response_id: str | None = None
    question: str
    text: str
    answered_at: datetime
    rating: int | None = None
    """What the same person answered to the survey's first metric question."""
    touchpoint: str = ""
    channel: str = ""
    is_sample: bool = False
    source: str = ""
    """What kind of source it was taken in from, such as `review`; empty: somebody was asked."""
    link: str = ""
    """Where it stands there."""


class CommentPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some comments, latest changed first."""

    comments: tuple[Comment, ...] = ()
    older: str | None = None
    """Cursor of the next page; None at the end."""
