"""A submission: the payload on the wire before it is accepted, and the receipt that answers it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from harken_server.core.answers import AnswerValue
from harken_server.core.records import VersionNumber

MAX_SUBMISSION_BYTES = 64 * 1024

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Submission(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a client sends to `POST /v1/public/responses`.

    The client makes the id (any UUID) and may repeat the same submission for ever. A later
    submission with the same id and a higher `sequence` adds answers to the earlier ones; an answer
    to the same question replaces it, and keys named in `cleared` are taken back.
    """

    id: UUID
    survey: Annotated[str, msgspec.Meta(min_length=1, max_length=97)] | None = None
    """The survey's key, or `workspace.key`; may be left out when `token` is given."""
    answers: Annotated[dict[str, AnswerValue], msgspec.Meta(max_length=200)]
    version: VersionNumber | None = None
    """The version that was shown; None means the current one."""
    token: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """The code of an invitation."""
    complete: bool = True
    sequence: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    cleared: Annotated[tuple[str, ...], msgspec.Meta(max_length=200)] = ()
    locale: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    channel: Name | None = None
    touchpoint: Name | None = None
    respondent: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    """Who answers, as claimed by the client; an invitation's own respondent wins."""
    context: Annotated[dict[str, str | int | float | bool | None], msgspec.Meta(max_length=50)] = {}
    started_at: datetime | None = None
    """When the respondent began, by the client's clock; kept as a claim."""


class Receipt(msgspec.Struct, kw_only=True, frozen=True):
    """The answer to an accepted submission; a repeat gets the same one, byte for byte."""

    id: UUID
    survey: str
    version: int
    complete: bool
    sequence: int
    received_at: datetime
    """Server time at which this sequence was stored."""
    hidden: tuple[str, ...] = ()
    """Keys of answers kept apart because the survey's logic hides their questions."""
