"""A verdict in one sentence for people, with the figures that led to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from harken_server.asking.rules.eligibility import Facts, Verdict, running_clock
from harken_server.asking.rules.reasons import MEANINGS
from harken_server.surveys.segments import first_broken, spell

_GERUNDS = {
    "asked": "being asked",
    "shown": "being shown it",
    "dismissed": "dismissing it",
    "answered": "answering",
}


def explain(verdict: Verdict, facts: Facts) -> str:
    """Say in one sentence why, with the figures that led to it."""
    if verdict.reason == "asked":
        return f"Asked: survey {facts.survey} at touchpoint {facts.touchpoint}."
    return f"Not asked: {_hindrance(verdict, facts)}."


def explain_barely(reason: str) -> str:
    """Say why without figures: for a decision whose facts were not kept."""
    meaning = next((text for code, text in MEANINGS.items() if code == reason), f"{reason}.")
    return f"{'Asked' if reason == 'asked' else 'Not asked'}: {meaning}"


def _hindrance(verdict: Verdict, facts: Facts) -> str:
    match verdict.reason:
        case "no_survey":
            return _no_survey(facts)
        case "not_live":
            return f"survey {facts.survey} is {facts.survey_status}, not live"
        case "not_open":
            return _not_open(verdict.detail, facts)
        case "suppressed":
            return f"this respondent must not be asked ({facts.suppression or 'suppressed'})"
        case "no_consent":
            return _no_consent(facts)
        case "not_in_segment":
            return _not_in_segment(verdict, facts)
        case "unreachable":
            return facts.lacks
        case "sampled_out":
            return _sampled_out(facts)
        case "quota_full":
            return _quota_full(verdict.detail, facts)
        case "cooldown":
            return _cooldown(facts)
        case "escalated":
            return _escalated(facts)
        case "open_invitation":
            return _open_invitation(facts)
        case "asked":
            return ""
        case _:
            assert_never(verdict.reason)


def _no_survey(facts: Facts) -> str:
    if facts.survey is None:
        return f"touchpoint {facts.touchpoint} has no survey assigned"
    if not facts.touchpoint:
        return f"no touchpoint asks survey {facts.survey}"
    return f"touchpoint {facts.touchpoint} asks survey {facts.survey}, which does not exist"


def _not_open(detail: str, facts: Facts) -> str:
    if detail == "opens_at":
        return f"survey {facts.survey} asks from {_moment(facts.opens_at)} on"
    if detail == "closes_at":
        return f"survey {facts.survey} asked until {_moment(facts.closes_at)}"
    return (
        f"survey {facts.survey} asks until it has"
        f" {_count(facts.closes_after or 0, 'complete response')},"
        f" and has {facts.completes}"
    )


def _no_consent(facts: Facts) -> str:
    if facts.consent is False:
        return "this respondent has refused consent"
    return f"survey {facts.survey} needs a consent, and none is known"


def _not_in_segment(verdict: Verdict, facts: Facts) -> str:
    broken = first_broken(facts.rules, facts.traits, facts.context)
    given = None
    if broken is not None:
        given = (facts.traits if broken.of == "trait" else facts.context).get(broken.name)
    found = "it is not given" if given is None else f"it is {spell(given)}"
    return f"only those are asked of whom {verdict.detail}, and {found}"


def _sampled_out(facts: Facts) -> str:
    sentence = (
        f"touchpoint {facts.touchpoint} asks {facts.sample_rate * 100:.6g} %"
        f" of respondents, and this one is not among them for survey {facts.survey}"
    )
    if facts.responses_a_week is None or facts.pace is None:
        return sentence
    return (
        f"{sentence}; the share is set for {_count(facts.responses_a_week, 'answer')} a week,"
        f" of which {facts.pace.answers_this_week} came since Monday"
    )


def _quota_full(name: str, facts: Facts) -> str:
    limit = next((quota.limit for quota in facts.quotas if quota.name == name), 0)
    return f"quota {name} wants {_count(limit, 'answer')} and has {facts.quota_counts.get(name, 0)}"


def _cooldown(facts: Facts) -> str:
    cooling = running_clock(facts)
    if cooling is None:
        return "asked too recently"
    length = _length(cooling.days)
    if cooling.since > facts.now:
        return f"already {cooling.clock} within the cooldown of {length}"
    places = {
        "survey": f" survey {facts.survey}",
        "touchpoint": f" at touchpoint {facts.touchpoint}",
    }
    where = places.get(cooling.scope, "")
    rule = "the cooldown" if cooling.scope == "global" else f"the {cooling.scope}'s cooldown"
    if (cooling.scope, cooling.clock) != ("global", "asked"):
        rule += f" after {_GERUNDS[cooling.clock]}"
    age = describe_age(facts.now - cooling.since)
    return f"{cooling.clock}{where} {age}; {rule} is {length}"


def _escalated(facts: Facts) -> str:
    days = facts.escalation.within_days if facts.escalation else 0
    return (
        f"{_count(facts.poor_answers, 'poor answer')} within {_length(days)};"
        " a person should call instead"
    )


def _open_invitation(facts: Facts) -> str:
    since = facts.reach.open_since
    age = describe_age(facts.now - since) if since is not None and since <= facts.now else ""
    return f"an invitation to survey {facts.survey}{f' of {age}' if age else ''} can be answered"


def describe_age(age: timedelta) -> str:
    """Name the largest whole unit.

    >>> describe_age(timedelta(days=3, hours=5))
    '3 days ago'
    """
    seconds = int(age.total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{_count(seconds // size, unit)} ago"
    return "just now"


def _length(days: float) -> str:
    return "1 day" if days == 1 else f"{days:.6g} days"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
