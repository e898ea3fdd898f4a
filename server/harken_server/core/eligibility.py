"""Whether a respondent may be asked now, why, and the sentence that says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias, assert_never
from uuid import UUID

import msgspec

from harken_server.core.reasons import DecisionReason
from harken_server.core.records import SurveyStatus

Reason: TypeAlias = DecisionReason


class Facts(msgspec.Struct, kw_only=True, frozen=True):
    """All that a decision looks at."""

    touchpoint: str
    survey: str | None
    """Key of the survey that the touchpoint asks; None when nothing is assigned."""
    survey_status: SurveyStatus | None
    """None when the assigned survey does not exist."""
    now: datetime
    respondent: str | None = None
    """None is an anonymous respondent, who has no cooldown and cannot be suppressed."""
    is_suppressed: bool = False
    is_sampled: bool = True
    sample_rate: float = 1.0
    cooldown_days: int = 0
    last_asked_at: datetime | None = None
    """When this respondent was last asked any survey of the workspace."""


def decide(facts: Facts) -> Reason:
    """Give the first reason not to ask, or "asked".

    Lasting reasons come before passing ones, so that the reason shown is the one to act on.
    """
    if facts.survey is None or facts.survey_status is None:
        return "no_survey"
    if facts.survey_status != "live":
        return "not_live"
    if facts.respondent is not None and facts.is_suppressed:
        return "suppressed"
    if not facts.is_sampled:
        return "sampled_out"
    if facts.respondent is not None and _is_cooling_down(facts):
        return "cooldown"
    return "asked"


def is_sampled(workspace_id: UUID, survey: str, subject: str, rate: float) -> bool:
    """Whether a respondent belongs to the share `rate` (0 to 1) of those asked this survey.

    Always the same answer for the same respondent and survey, on every machine; unrelated between
    surveys; and raising the rate only adds people. `subject` is the respondent, or for an anonymous
    one whatever identifies the occasion.
    """
    digest = sha256(workspace_id.bytes)
    digest.update(survey.encode() + b"\x00" + subject.encode("utf-8", "surrogatepass"))
    share = int.from_bytes(digest.digest()[:8], "big") >> 11
    return share < rate * (1 << 53)


def explain(reason: Reason, facts: Facts) -> str:
    """Say in one sentence why, with the figures that led to it."""
    match reason:
        case "asked":
            return f"Asked: survey {facts.survey} at touchpoint {facts.touchpoint}."
        case "no_survey":
            return _explain_no_survey(facts)
        case "not_live":
            return _explain_not_live(facts)
        case "suppressed":
            return "Not asked: this respondent must not be asked (unsubscribed, bounced or erased)."
        case "sampled_out":
            return (
                f"Not asked: touchpoint {facts.touchpoint} asks {facts.sample_rate * 100:.6g} %"
                f" of respondents, and this one is not among them for survey {facts.survey}."
            )
        case "cooldown":
            return _explain_cooldown(facts)
        case _:
            assert_never(reason)


def _is_cooling_down(facts: Facts) -> bool:
    if facts.last_asked_at is None or facts.cooldown_days == 0:
        return False
    return facts.now - facts.last_asked_at < timedelta(days=facts.cooldown_days)


def _explain_no_survey(facts: Facts) -> str:
    if facts.survey is None:
        return f"Not asked: touchpoint {facts.touchpoint} has no survey assigned."
    return (
        f"Not asked: touchpoint {facts.touchpoint} asks survey {facts.survey},"
        " which does not exist."
    )


def _explain_not_live(facts: Facts) -> str:
    if facts.survey_status in {"draft", "closed"}:
        return f"Not asked: survey {facts.survey} is {facts.survey_status}, not live."
    return f"Not asked: survey {facts.survey} was not live."


def _explain_cooldown(facts: Facts) -> str:
    cooldown = _count(facts.cooldown_days, "day")
    if facts.last_asked_at is None or facts.last_asked_at > facts.now:
        return f"Not asked: already asked within the cooldown of {cooldown}."
    return (
        f"Not asked: asked {_describe_age(facts.now - facts.last_asked_at)};"
        f" the cooldown is {cooldown}."
    )


def _describe_age(age: timedelta) -> str:
    """Name the largest whole unit.

    >>> _describe_age(timedelta(days=3, hours=5))
    '3 days ago'
    """
    seconds = int(age.total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{_count(seconds // size, unit)} ago"
    return "just now"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
