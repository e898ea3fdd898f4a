"""A survey and its published versions, and touchpoints, as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.surveys.asking import TouchpointAsking

VersionNumber: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
"""Counts a survey's published versions from 1; both databases keep 32 bits."""
SurveyStatus: TypeAlias = Literal["draft", "live", "closed"]
SourceFormat: TypeAlias = Literal["yaml", "toml"]
Change: TypeAlias = Literal["first", "cosmetic", "additive", "breaking"]


class SurveyRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A survey without its definition."""

    id: UUID
    number: int
    """Never changes, and no other survey of the database has it: its responses name it by this."""
    workspace_id: UUID
    key: str
    status: SurveyStatus
    version: int
    """Number of the current published version, from 1."""
    created_at: datetime
    updated_at: datetime


TargetDirection: TypeAlias = Literal["at_least", "at_most"]


class SurveyTarget(msgspec.Struct, kw_only=True, frozen=True):
    """What one score of a survey is to reach."""

    question: str
    """Key of a scored question, or the name of the survey's instrument."""
    value: float
    """In the unit of the score."""
    direction: TargetDirection


class SurveySource(msgspec.Struct, frozen=True):
    """The text that a definition was pushed as: with its comments, in its order."""

    text: str = msgspec.field(name="source")
    format: SourceFormat = msgspec.field(name="source_format")


class VersionRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One published, unchangeable definition."""

    survey_id: UUID
    number: int
    definition: bytes
    """The definition as canonical JSON (`surveys.definition.encode_survey`)."""
    digest: str
    change: Change
    published_at: datetime


class SurveyDraft(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody of the house works on and has not published."""

    id: UUID
    key: str
    text: str
    """The file as it was saved, sound or not."""
    format: Literal["yaml", "toml", "json"]
    revision: int
    """Goes up with each time it is saved, from 1."""
    version: int
    """The published version it began with; 0 for none."""
    account_id: UUID | None
    """Who saved it last."""
    updated_at: datetime


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
