"""How far asking and answering came, and how carefully people answered."""

from __future__ import annotations

import msgspec

from harken._types.numbers.score import Score


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A share in percent, with its interval; `n` of `of`."""

    n: int
    of: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """Of a survey's personal links and messages."""

    invited: int = 0
    opened: int = 0
    """As far as it is known."""
    answered: int = 0
    queued: int = 0
    """Messages that were to go out."""
    handed_over: int = 0
    failed: int = 0
    """Of these, came back."""


class QuestionRates(msgspec.Struct, frozen=True, kw_only=True):
    """How far a question came."""

    question: str
    answered: int
    skipped: int | None = None
    """None where logic may have hidden it."""
    left_after: int = 0
    """Partial responses whose last answer it is."""


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """What was noticed about how people answered; nothing is left out because of it."""

    signs: dict[str, int] = {}
    """Complete responses with each of `straight_line`, `speeding`, `duplicate` and `flagged`."""
    with_signs: int = 0
    scores: tuple[Score, ...] = ()
    scores_without: tuple[Score, ...] = ()
    """Of those alone that have no sign."""


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """How far asking and answering came."""

    reached: Reached
    delivery: Rate
    response: Rate
    """Of personal links, those that were answered."""
    started: int
    completion: Rate
    open_link: int = 0
    """Responses that came by no personal link."""
    open_link_note: str | None = None
    """Why these have no response rate."""
    seconds: float | None = None
    """From beginning to end: the median."""
    questions: tuple[QuestionRates, ...] = ()
    quality: Quality
