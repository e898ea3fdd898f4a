"""Whether a respondent may be asked now: the reasons in their order, from facts alone.

The same facts give the same verdict on every machine and at every time;
`asking.rules.explanations` says it in words. Lasting reasons come before passing ones, so that the
reason shown is the one to act on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, TypeAlias, get_args
from uuid import UUID

import msgspec

from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.rules.reasons import DecisionReason
from harken_server.respondents.rules import Contacts, Episode
from harken_server.surveys.asking import Clocks, Escalation, Quota, Rule
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.segments import describe_rule, first_broken, quotas_of

Scope: TypeAlias = Literal["survey", "touchpoint", "global"]
Clock: TypeAlias = Literal["asked", "shown", "dismissed", "answered"]
CLOCKS: tuple[Clock, ...] = get_args(Clock)
_ORDER: tuple[DecisionReason, ...] = get_args(DecisionReason)


class Reach(msgspec.Struct, kw_only=True, frozen=True):
    """A respondent's contacts as a decision looks at them: three scopes and what is open."""

    survey: Contacts = Contacts()
    touchpoint: Contacts = Contacts()
    everywhere: Contacts = Contacts()
    open_since: datetime | None = None


class Facts(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """All that a decision looks at; kept with it, so that it can be explained for ever."""

    touchpoint: str
    survey: str | None
    """Key of the survey that the touchpoint asks; None when nothing is assigned."""
    survey_status: SurveyStatus | None
    """None when the assigned survey does not exist."""
    now: datetime
    send_at: datetime | None = None
    """When the invitation goes out, if not now; the survey must be open then."""
    respondent: str | None = None
    """None is an anonymous respondent, whom nothing is remembered of."""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closes_after: int | None = None
    completes: int = 0
    """Complete, counted responses of the survey; looked up only for `closes_after`."""
    is_suppressed: bool = False
    suppression: str = ""
    """Its reason, such as "unsubscribed"."""
    needs_consent: bool = False
    consent: bool | None = None
    """None when nothing is known; a refusal holds for every survey."""
    rules: tuple[Rule, ...] = ()
    """Those of the survey, then those of the touchpoint."""
    traits: dict[str, str | int | float | bool | None] = {}
    context: dict[str, str | int | float | bool | None] = {}
    lacks: str = ""
    """What is missing to reach the person on the channel, in words."""
    is_sampled: bool = True
    sample_rate: float = 1.0
    """The share that is asked, after any adapting."""
    responses_a_week: int | None = None
    pace: Pace | None = None
    """What the share was adapted to."""
    quotas: tuple[Quota, ...] = ()
    quota_counts: dict[str, int] = {}
    """Complete, counted answers so far, by name."""
    cooldown_days: int = 0
    """The touchpoint's own clock of being asked by anything."""
    survey_clocks: Clocks = Clocks()
    touchpoint_clocks: Clocks = Clocks()
    global_clocks: Clocks = Clocks()
    reach: Reach = Reach()
    escalation: Escalation | None = None
    poor_answers: int = 0
    """Poor responses within the escalation's days, since the last escalation was closed."""


class Verdict(msgspec.Struct, frozen=True):
    """The first reason not to ask, or "asked"."""

    reason: DecisionReason
    detail: str = ""
    """What exactly: scope and clock of a cooldown (`survey.dismissed`), the name of a quota, the
    rule that does not hold, `opens_at`, `closes_at` or `closes_after`."""


class Cooling(msgspec.Struct, frozen=True):
    """A clock that is still running."""

    scope: Scope
    clock: Clock
    days: float
    since: datetime

    @property
    def ends_at(self) -> datetime:
        """When it stops."""
        return self.since + timedelta(days=self.days)


def decide(facts: Facts) -> Verdict:
    """Give the first reason not to ask, in the fixed order, or "asked"."""
    # Of several that hold the first is told, and the order is that of `DecisionReason`: what no
    # wait mends (no survey, an unsubscribed person) before what passes by itself (a cooldown).
    if facts.survey is None or facts.survey_status is None:
        return Verdict("no_survey")
    if facts.survey_status != "live":
        return Verdict("not_live", facts.survey_status)
    return (
        _judge_window(facts)
        or _judge_person(facts)
        or _judge_share(facts)
        or _judge_history(facts)
        or Verdict("asked")
    )


def drawn_with(verdict: Verdict, facts: Facts) -> float | None:
    """With what probability somebody was to be asked; None for who was refused before drawing."""
    is_drawn = _ORDER.index(verdict.reason) >= _ORDER.index("sampled_out")
    return facts.sample_rate if is_drawn else None


def running_clock(facts: Facts) -> Cooling | None:
    """The clock that still runs and ends last; of equals the first of survey, touchpoint, global.

    Anonymous respondents have none. A contact in the future, by another machine's clock, counts.
    """
    if facts.respondent is None:
        return None
    running = [one for one in _clocks(facts) if facts.now - one.since < timedelta(days=one.days)]
    return max(running, key=lambda one: one.ends_at, default=None)


def reach_of(episodes: Iterable[Episode], survey_id: UUID | None, touchpoint: str) -> Reach:
    """The contacts with this survey, at this touchpoint, and at all."""
    every = list(episodes)
    of_survey = [one for one in every if one.survey_id == survey_id]
    return Reach(
        survey=_latest(one.contacts for one in of_survey),
        touchpoint=_latest(one.contacts for one in every if one.touchpoint == touchpoint),
        everywhere=_latest(one.contacts for one in every),
        open_since=_later(one.open_since for one in of_survey),
    )


def is_sampled(
    workspace_id: UUID, survey: str, subject: str, rate: float, period: str = ""
) -> bool:
    """Whether a respondent belongs to the share `rate` (0 to 1) of those asked this survey.

    Always the same answer for the same respondent and survey, on every machine; unrelated between
    surveys; and raising the rate only adds people. `subject` is the respondent, or for an anonymous
    one whatever identifies the occasion. In each `period` others are drawn: where the rate follows
    the answers, the same people would be asked every week, and the others never.
    """
    digest = sha256(workspace_id.bytes)
    digest.update(survey.encode() + b"\x00" + subject.encode("utf-8", "surrogatepass"))
    if period:
        digest.update(b"\x00" + period.encode())
    share = int.from_bytes(digest.digest()[:8], "big") >> 11
    return share < rate * (1 << 53)


def _judge_window(facts: Facts) -> Verdict | None:
    at = max(facts.now, facts.send_at or facts.now)
    if facts.opens_at is not None and at < facts.opens_at:
        return Verdict("not_open", "opens_at")
    if facts.closes_at is not None and at >= facts.closes_at:
        return Verdict("not_open", "closes_at")
    if facts.closes_after is not None and facts.completes >= facts.closes_after:
        return Verdict("not_open", "closes_after")
    return None


def _judge_person(facts: Facts) -> Verdict | None:
    if facts.is_suppressed:
        return Verdict("suppressed", facts.suppression)
    if facts.consent is False:
        return Verdict("no_consent", "refused")
    if facts.needs_consent and facts.consent is None:
        return Verdict("no_consent", "unknown")
    broken = first_broken(facts.rules, facts.traits, facts.context) if facts.rules else None
    if broken is not None:
        return Verdict("not_in_segment", describe_rule(broken))
    return Verdict("unreachable") if facts.lacks else None


def _judge_share(facts: Facts) -> Verdict | None:
    if not facts.is_sampled:
        return Verdict("sampled_out")
    if not facts.quotas:
        return None
    belongs = quotas_of(facts.quotas, facts.traits, facts.context)
    for quota in facts.quotas:
        if quota.name in belongs and facts.quota_counts.get(quota.name, 0) >= quota.limit:
            return Verdict("quota_full", quota.name)
    return None


def _judge_history(facts: Facts) -> Verdict | None:
    cooling = running_clock(facts)
    if cooling is not None:
        return Verdict("cooldown", f"{cooling.scope}.{cooling.clock}")
    if facts.respondent is None:
        return None
    if facts.escalation is not None and facts.poor_answers >= facts.escalation.poor_answers:
        return Verdict("escalated")
    return None if facts.reach.open_since is None else Verdict("open_invitation")


def _clocks(facts: Facts) -> Iterator[Cooling]:
    """Every clock that was ever started, running or not."""
    everywhere = facts.global_clocks
    if facts.cooldown_days > everywhere.asked_days:
        everywhere = msgspec.structs.replace(everywhere, asked_days=float(facts.cooldown_days))
    yield from _of_scope("survey", facts.survey_clocks, facts.reach.survey)
    yield from _of_scope("touchpoint", facts.touchpoint_clocks, facts.reach.touchpoint)
    yield from _of_scope("global", everywhere, facts.reach.everywhere)


def _of_scope(scope: Scope, clocks: Clocks, contacts: Contacts) -> Iterator[Cooling]:
    for clock in CLOCKS:
        since: datetime | None = getattr(contacts, f"{clock}_at")
        days: float = getattr(clocks, f"{clock}_days")
        if since is not None and days > 0:
            yield Cooling(scope, clock, days, since)


def _latest(many: Iterable[Contacts]) -> Contacts:
    every = list(many)
    if len(every) <= 1:
        return every[0] if every else Contacts()
    return Contacts(
        asked_at=_later(one.asked_at for one in every),
        shown_at=_later(one.shown_at for one in every),
        dismissed_at=_later(one.dismissed_at for one in every),
        answered_at=_later(one.answered_at for one in every),
    )


def _later(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
