"""When a survey, a touchpoint and a workspace may ask: what is written down, checked elsewhere.

Days are 24 hours each and may be fractions; 0 days is no limit. All defaults but one let everybody
be asked: a workspace leaves people in peace after two poor answers (`Escalation`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart
from harken_server.surveys.questions.conditions import Scalar

MAX_RULES = 20
MAX_QUOTAS = 20
MAX_VALUES = 100
MAX_FACT_NAME = 64
MAX_FACT_TEXT = 500
QUOTA_PATTERN = r"^[a-z][a-z0-9_]{0,31}(?!\n)$"

Days: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=3650)]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant, with its zone: `2026-03-01T09:00:00Z`."""
FactText: TypeAlias = Annotated[str, msgspec.Meta(max_length=MAX_FACT_TEXT)]
RuleOp: TypeAlias = Literal[
    "equals", "not_equals", "at_least", "at_most", "contains", "one_of", "exists"
]
RuleValue: TypeAlias = (
    FactText
    | int
    | float
    | bool
    | Annotated[tuple[Scalar, ...], msgspec.Meta(min_length=1, max_length=MAX_VALUES)]
    | None
)


class Clocks(FilePart, kw_only=True, frozen=True):
    """Days for which one respondent is left in peace after each; every clock runs on its own."""

    asked_days: Days = 0.0
    """After an invitation was made, on any channel."""
    shown_days: Days = 0.0
    """After the widget first showed an invitation."""
    dismissed_days: Days = 0.0
    """After an invitation was closed without an answer."""
    answered_days: Days = 0.0
    """After a response was completed."""


class Rule(FilePart, kw_only=True, frozen=True):
    """What a trait of the respondent, or a value of the trigger's context, must be."""

    of: Literal["trait", "context"] = "trait"
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_FACT_NAME)]
    op: RuleOp = "equals"
    """A missing value makes every rule false but `exists` with `false`; `contains` looks for a
    part of a text, `one_of` takes a list."""
    value: RuleValue = None
    """Texts match exactly; `exists` takes none, `true` or `false`."""


Rules: TypeAlias = Annotated[tuple[Rule, ...], msgspec.Meta(max_length=MAX_RULES)]


class Quota(FilePart, kw_only=True, frozen=True):
    """How many complete, counted answers are wanted from people of whom all of `where` holds."""

    name: Annotated[str, msgspec.Meta(pattern=QUOTA_PATTERN, max_length=32)]
    limit: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    where: Rules = ()
    """No rule at all takes in everybody."""


class Escalation(FilePart, kw_only=True, frozen=True):
    """Poor answers after which a person calls instead of a survey."""

    poor_answers: Annotated[int, msgspec.Meta(ge=1, le=20)] = 2
    within_days: Annotated[float, msgspec.Meta(gt=0, le=3650)] = 90.0


class SurveyAsking(FilePart, kw_only=True, frozen=True):
    """Who is asked this survey, and until when."""

    opens_at: Moment | None = None
    """Nobody is asked before."""
    closes_at: Moment | None = None
    """Nobody is asked and nobody may begin from then on, by any way; who has begun may finish."""
    closes_after: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None = None
    """Nobody is asked or may begin once so many responses are complete and counted."""
    invited_only: bool = False
    """Only whoever holds an invitation, or a receipt that proves a purchase, may answer; and the
    site's own server."""
    counts_proved_only: bool = False
    """Responses that anybody could have sent are kept apart as `unverified`."""
    needs_consent: bool = False
    """Only respondents are asked of whom consent is known."""
    only_when: Rules = ()
    """All must hold."""
    quotas: Annotated[tuple[Quota, ...], msgspec.Meta(max_length=MAX_QUOTAS)] = ()
    """Who belongs to any full quota is not asked, and finds the survey closed."""
    cooldown: Clocks = Clocks()
    """After contacts with this very survey, at any touchpoint and on any channel."""
    email_counts_opens: bool = False
    """Whether a click in a mail may store a provisional response before it is confirmed."""
    reminder_days: Annotated[int, msgspec.Meta(ge=0, le=60)] | None = None
    """Days until somebody mailed who has not answered is reminded, once; None is 3, 0 never."""


class TouchpointAsking(FilePart, kw_only=True, frozen=True):
    """Who is asked at this touchpoint."""

    only_when: Rules = ()
    """All must hold."""
    segment: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """Key of a saved segment over traits and context, all of which must hold too; empty: none."""
    cooldown: Clocks = Clocks()
    """After contacts at this very touchpoint, with any survey and on any channel."""
    responses_a_week: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    """Adapts the share that is asked to so many answers a week; `sample_rate` stays its limit."""


class WorkspaceAsking(FilePart, kw_only=True, frozen=True):
    """What holds for all surveys and touchpoints of a workspace."""

    cooldown: Clocks = Clocks()
    """After any contact at all. The `cooldown_days` of a touchpoint is a second asked clock of
    this kind, and the longer of the two holds."""
    escalation: Escalation | None = Escalation()
    """None asks on, however poor the answers were."""
