"""What weights of answers cost, and how they were made."""

from __future__ import annotations

import msgspec


class Weighted(msgspec.Struct, frozen=True, kw_only=True):
    """What the weights of answers cost, and the number without them."""

    effective_n: float
    """As many unweighted answers would tell as much (Kish); intervals and tests go by it."""
    design_effect: float | None = None
    """`n` by `effective_n`; None when nobody answered."""
    raw_score: float | None = None
    """Of the same answers, each counted once, with its interval."""
    raw_low: float | None = None
    raw_high: float | None = None


class MarginShare(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a margin, in parts of 1."""

    dimension: str
    member: str
    declared: float
    answered: float
    """Its share of the responses, each counted once."""
    weighted: float
    """Its share of the weighted ones."""


class Weighting(msgspec.Struct, frozen=True, kw_only=True):
    """How responses were weighted."""

    method: str
    """`asked` or `raked`."""
    n: int
    """Responses that have a weight."""
    effective_n: float
    """As many unweighted ones would tell as much."""
    design_effect: float
    lowest_weight: float
    """Beside the mean weight, which is 1."""
    highest_weight: float
    trim: float | None = None
    """No weight is higher."""
    trimmed: int = 0
    """Responses whose weight `trim` holds back."""
    unknown: int = 0
    """Responses left out: of nobody knows what probability, or of no declared member."""
    rounds: int = 0
    margins: tuple[MarginShare, ...] = ()
    formula: str = ""
    source: str = ""

    def __str__(self) -> str:
        left = f"; {self.unknown} left out" if self.unknown else ""
        return f"weighted ({self.method}): {self.n} answers count like {self.effective_n:.0f}{left}"
