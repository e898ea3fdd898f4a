"""A touchpoint, as it is kept."""

from __future__ import annotations

import msgspec

from harken_server.surveys.asking import TouchpointAsking


class Touchpoint(msgspec.Struct, kw_only=True, frozen=True):
    """A moment in the customer's journey, and how often it may ask."""

    key: str
    survey: str | None
    """Key of the survey it asks; None means that nothing is assigned."""
    sample_rate: float = 1.0
    """Share of respondents asked, 0 to 1; decided per respondent and survey, always alike."""
    cooldown_days: int = 30
    """Days after being asked in which the same respondent is not asked again; 0 is no limit."""
    link_ttl_days: int = 30
    """Days for which an invitation can be answered."""
    title: str = ""
    journey: str | None = None
    """Key of the journey it belongs to."""
    stage: str | None = None
    """Key of the stage of that journey."""
    place: int = 0
    """Order within the stage, from 0."""
    weight: float = 1.0
    """How much it matters to the journey's score, beside the other touchpoints."""
    owner: str = ""
    """Who answers for it: a name or an address."""
    question: str = ""
    """What the business wants to learn here."""
    asking: TouchpointAsking = TouchpointAsking()
    """Who is asked here, and how often."""
