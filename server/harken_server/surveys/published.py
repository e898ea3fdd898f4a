"""A survey and its published versions, as they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

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
