"""Responses as the API shows them, and the receipt for one sent in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """All answers one respondent gave in one sitting."""

    id: str
    survey: str
    version: int
    """The survey version that was shown."""
    state: str
    """`partial`, `complete` or `erased`; an erased one is listed, empty, so that copies can go."""
    complete: bool
    sequence: int
    submitted_at: datetime
    """When it was first stored."""
    answered_at: datetime | None = None
    """When it was answered: earlier when it waited on a device. Scores count it on this UTC day."""
    updated_at: datetime
    completed_at: datetime | None = None
    started_at: datetime | None = None
    """When the respondent began, as their own clock had it."""
    channel: str | None = None
    touchpoint: str | None = None
    locale: str | None = None
    respondent: str | None = None
    """None when anonymous."""
    respondent_verified: bool = False
    """Whether the name is proved; else it is a claim."""
    respondent_proof: str = ""
    """What proves it: `signature`, `link`, `receipt` or `key`; empty where nothing does."""
    origin_proof: str = ""
    """What proves where it comes from: `link`, `receipt`, `place`, `device`, `key` or `signature`;
    empty where anybody could have sent it."""
    context: dict[str, Any] = {}
    claimed_context: tuple[str, ...] = ()
    """Names in `context` that whoever answered says and nobody vouches for."""
    probability: float | None = None
    """With which the person was asked, to weight scores by; None: nobody was drawn."""
    is_sample: bool = False
    """Made up by `harken-server demo`."""
    standing: str = "counted"
    """Only `counted` ones enter scores; `provisional`, `quarantined` (a program sent it, as far as
    can be told), `unverified`, `excluded` and `waiting` ones are kept apart."""
    flags: tuple[str, ...] = ()
    """Why somebody should look at it, such as `velocity`, or why it is quarantined, such as
    `too_quick`."""
    answers: dict[str, Any] = {}
    """By question key: a number, text, boolean, list or map, as the question's type has it."""
    hidden_answers: dict[str, Any] = {}
    """Given to questions that the survey's logic hides: kept, and in no score."""
    cursor: str = ""
    """Pass it as `after` to go on behind this response."""


class ResponsePage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of responses in the order of their latest change."""

    responses: tuple[Response, ...]
    cursor: str | None = None
    has_more: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The server has stored it durably; a repeat of the same submission gets the same receipt."""

    id: str
    survey: str
    version: int
    complete: bool
    sequence: int
    received_at: datetime
    """Server time at which this sequence was stored."""
    hidden: tuple[str, ...] = ()
    """Questions whose answers are kept apart because the survey's logic hides them."""
