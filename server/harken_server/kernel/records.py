"""What storage gives back and takes: plain records, free of SQL and of HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.asking import TouchpointAsking

VersionNumber: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
"""Counts a survey's published versions from 1; both databases keep 32 bits."""

Scope: TypeAlias = Literal["read", "write", "manage", "public"]
SurveyStatus: TypeAlias = Literal["draft", "live", "closed"]
Change: TypeAlias = Literal["first", "cosmetic", "additive", "breaking"]
ResponseState: TypeAlias = Literal["partial", "complete", "erased"]
Standing: TypeAlias = Literal["counted", "provisional", "quarantined", "unverified", "excluded"]
"""Whether a response counts. Only counted ones enter counts, scores and default exports.

provisional: it waits for a confirmation. quarantined: a program that opens links made it, as far as
can be told. unverified: what should prove it (a receipt) does not. excluded: a person set it aside.
"""


class Workspace(msgspec.Struct, kw_only=True, frozen=True):
    """The owner of surveys, keys and data; the isolation boundary."""

    id: UUID
    slug: str
    name: str
    created_at: datetime


class ApiKey(msgspec.Struct, kw_only=True, frozen=True):
    """One key of a workspace. The key itself is shown once; only its SHA-256 is stored."""

    id: UUID
    workspace_id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    revoked_at: datetime | None = None
    origins: tuple[str, ...] = ()
    """Where browsers may use it (`workspaces.rules.origins`); none means everywhere."""


class SurveyRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A survey without its definition."""

    id: UUID
    workspace_id: UUID
    key: str
    status: SurveyStatus
    version: int
    """Number of the current published version, from 1."""
    created_at: datetime
    updated_at: datetime


class VersionRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One published, unchangeable definition."""

    survey_id: UUID
    number: int
    definition: bytes
    """The definition as canonical JSON (`surveys.definition.encode_survey`)."""
    digest: str
    change: Change
    published_at: datetime


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


class Invitation(msgspec.Struct, kw_only=True, frozen=True):
    """One respondent's personal link, for one survey."""

    id: UUID
    workspace_id: UUID
    survey_id: UUID
    code: str
    """Canonical short code (`invitations.codes`), without hyphens."""
    touchpoint: str
    channel: str
    created_at: datetime
    respondent: str | None = None
    locale: str | None = None
    context: dict[str, str | int | float | bool | None] = {}
    is_single_use: bool = True
    expires_at: datetime | None = None
    response_id: UUID | None = None
    """The response that claimed this invitation."""
    shown_at: datetime | None = None
    """When the widget first showed it."""
    dismissed_at: datetime | None = None
    """When it was first closed without an answer; it is not offered again."""
    wave: str = ""
    """The programme and its wave that asked; empty for a single trigger."""
    quotas: tuple[str, ...] = ()
    """Names of the survey's quotas that its answer fills."""


class OpenInvitation(msgspec.Struct, frozen=True):
    """An invitation that waits to be shown, or to be gone on with."""

    invitation: Invitation
    has_partial: bool
    """Whether its response was begun and not completed: `invitation.response_id` names it."""


class Decision(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a trigger led to asking, and why."""

    id: UUID
    workspace_id: UUID
    touchpoint: str
    channel: str
    is_asked: bool
    reason: str
    created_at: datetime
    respondent: str | None = None
    survey_id: UUID | None = None
    invitation_id: UUID | None = None
    idempotency_key: str | None = None
    request_digest: str = ""
    facts: str = "{}"
    """JSON of the facts that were decided on (`asking.rules.eligibility.Facts`)."""


class Suppression(msgspec.Struct, frozen=True):
    """A respondent who must not be asked."""

    respondent: str
    reason: str
    created_at: datetime


class OutboxItem(msgspec.Struct, kw_only=True, frozen=True):
    """Work promised in the transaction that caused it, as claimed by a worker."""

    id: UUID
    workspace_id: UUID
    kind: str
    payload: str
    """JSON."""
    attempts: int
    """How often it was claimed, this time included."""
    created_at: datetime
    due_at: datetime
    last_error: str | None = None


class NewResponse(msgspec.Struct, kw_only=True, frozen=True):
    """A checked submission, ready to be stored: the merged answers of all sequences so far."""

    id: UUID
    workspace_id: UUID
    survey_id: UUID
    version: int
    sequence: int
    is_complete: bool
    digest: str
    """SHA-256 (hex, 32 first characters) of the submission as sent."""
    received_at: datetime
    answers: list[AnswerRow]
    replaces: int | None = None
    """Sequence that was read and merged before; None when nothing was stored yet."""
    touchpoint: str = ""
    channel: str = "web"
    locale: str = "en"
    respondent: str | None = None
    invitation_id: UUID | None = None
    is_single_use: bool = False
    context: str = "{}"
    """JSON."""
    started_at: datetime | None = None
    is_sample: bool = False
    is_verified: bool = False
    """Whether the respondent is known for sure, and not only claimed."""
    standing: Standing = "counted"


class StoredResponse(msgspec.Struct, kw_only=True, frozen=True):
    """A response as stored, with its typed answer rows."""

    id: UUID
    survey_id: UUID
    version: int
    position: int
    """Grows with each change of any response; the cursor of incremental pulls."""
    state: ResponseState
    sequence: int
    digest: str
    touchpoint: str
    channel: str
    locale: str
    respondent: str | None
    invitation_id: UUID | None
    context: str
    started_at: datetime | None
    submitted_at: datetime
    """Server time of the first sequence; the time that periods and trends use."""
    updated_at: datetime
    completed_at: datetime | None
    is_sample: bool
    is_verified: bool
    standing: Standing
    flags: tuple[str, ...]
    """Why somebody should look at it; it counts nevertheless."""
    answers: list[AnswerRow]


OutcomeKind: TypeAlias = Literal[
    "stored",
    "repeated",
    "superseded",
    "conflict",
    "finished",
    "outdated",
    "already_answered",
    "erased",
]


class StoreOutcome(msgspec.Struct, frozen=True):
    """What became of one `NewResponse`.

    stored: now durable. repeated: the same sequence and digest were there. superseded: a later
    sequence is stored. conflict: same sequence, other digest. finished: complete already, and this
    has a higher sequence. outdated: `replaces` is not the stored sequence; read, merge and try
    again. already_answered: the single-use invitation belongs to another response. erased: the
    response was erased and stays so. For the first four `sequence`, `is_complete`, `version` and
    `updated_at` are the stored ones.
    """

    kind: OutcomeKind
    version: int = 0
    sequence: int = 0
    is_complete: bool = False
    updated_at: datetime | None = None
    hidden: tuple[str, ...] = ()


class CountFilter(msgspec.Struct, kw_only=True, frozen=True):
    """Which responses a score or an export takes in; None means all."""

    from_day: int | None = None
    """First UTC day, as a proleptic ordinal (`date.toordinal`), included."""
    to_day: int | None = None
    """Last UTC day, included."""
    touchpoint: str | None = None
    channel: str | None = None
    version: int | None = None
    standing: Standing = "counted"


class CountRow(msgspec.Struct, frozen=True):
    """How many visible answers share a value.

    With empty part and value it is a base: how many people answered a question of several parts.
    """

    question: str
    part: str
    value: str
    n: int
    day: int = 0
    """Filled only when counts are asked per day."""
