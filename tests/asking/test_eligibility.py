"""Who may be asked, in which order the reasons count, and which clocks run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.asking.rules.eligibility import (
    CLOCKS,
    Facts,
    Reach,
    Verdict,
    decide,
    running_clock,
)
from harken_server.asking.rules.reasons import DecisionReason
from harken_server.respondents.rules import Contacts
from harken_server.surveys.asking import Clocks, Escalation, Quota, Rule

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SCOPES = ("survey", "touchpoint", "global")
HINDRANCES: list[tuple[DecisionReason, dict[str, Any]]] = [
    ("no_survey", {"survey": None}),
    ("not_live", {"survey_status": "closed"}),
    ("not_open", {"closes_at": NOW}),
    ("suppressed", {"is_suppressed": True}),
    ("no_consent", {"consent": False}),
    ("not_in_segment", {"rules": (Rule(name="plan", value="pro"),)}),
    ("unreachable", {"lacks": "no address"}),
    ("sampled_out", {"is_sampled": False}),
    ("quota_full", {"quotas": (Quota(name="all", limit=0),)}),
    ("cooldown", {"cooldown_days": 30}),
    ("escalated", {"poor_answers": 2}),
]
REACH = Reach(everywhere=Contacts(asked_at=NOW - DAY))


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "touchpoint": "order.delivered",
        "survey": "post_purchase",
        "survey_status": "live",
        "now": NOW,
        "respondent": "customer-1",
        "escalation": Escalation(),
    }
    return Facts(**(values | changes))


def asked_at(moment: datetime | None) -> Reach:
    return Reach(everywhere=Contacts(asked_at=moment))


def test_somebody_never_asked_before_is_asked() -> None:
    assert decide(facts()) == Verdict("asked")


def test_the_first_hindrance_in_the_fixed_order_is_the_reason() -> None:
    for present in product([False, True], repeat=len(HINDRANCES)):
        chosen = [one for one, is_on in zip(HINDRANCES, present, strict=True) if is_on]
        changes = {name: value for _, change in chosen for name, value in change.items()}
        for is_open in (False, True):
            reach = msgspec.structs.replace(REACH, open_since=NOW - DAY if is_open else None)
            expected = chosen[0][0] if chosen else ("open_invitation" if is_open else "asked")
            assert decide(facts(reach=reach, **changes)).reason == expected


def test_the_order_is_that_of_the_list_of_reasons() -> None:
    listed = [*(reason for reason, _ in HINDRANCES), "open_invitation", "asked"]
    assert listed == list(get_args(DecisionReason))


def test_an_assigned_survey_that_does_not_exist_is_no_survey() -> None:
    assert decide(facts(survey_status=None)).reason == "no_survey"


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_a_live_survey_asks(status: str) -> None:
    assert decide(facts(survey_status=status)) == Verdict("not_live", status)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"opens_at": NOW}, None),
        ({"opens_at": NOW + timedelta(seconds=1)}, "opens_at"),
        ({"opens_at": NOW + DAY, "send_at": NOW + 2 * DAY}, None),
        ({"closes_at": NOW + timedelta(seconds=1)}, None),
        ({"closes_at": NOW}, "closes_at"),
        ({"closes_at": NOW + DAY, "send_at": NOW + DAY}, "closes_at"),
        ({"closes_at": NOW + DAY, "send_at": NOW - DAY}, None),
        ({"closes_after": 10, "completes": 9}, None),
        ({"closes_after": 10, "completes": 10}, "closes_after"),
    ],
)
def test_the_window_is_that_of_the_sending(changes: dict[str, Any], detail: str | None) -> None:
    verdict = decide(facts(**changes))

    assert verdict == (Verdict("asked") if detail is None else Verdict("not_open", detail))


@pytest.mark.parametrize(
    ("needs", "consent", "detail"),
    [
        (False, None, None),
        (False, True, None),
        (False, False, "refused"),
        (True, None, "unknown"),
        (True, True, None),
        (True, False, "refused"),
    ],
)
def test_a_refusal_always_holds_and_silence_is_none_where_consent_is_needed(
    needs: bool, consent: bool | None, detail: str | None
) -> None:
    verdict = decide(facts(needs_consent=needs, consent=consent))

    assert verdict == (Verdict("asked") if detail is None else Verdict("no_consent", detail))


def test_the_rule_that_does_not_hold_is_told() -> None:
    rules = (
        Rule(name="plan", value="pro"),
        Rule(of="context", name="amount", op="at_least", value=9),
    )

    verdict = decide(facts(rules=rules, traits={"plan": "pro"}, context={"amount": 8}))

    assert verdict == Verdict("not_in_segment", "context amount is at least 9")


def test_only_the_quotas_that_somebody_belongs_to_count() -> None:
    quotas = (
        Quota(name="berlin", limit=2, where=(Rule(name="city", value="Berlin"),)),
        Quota(name="oslo", limit=2, where=(Rule(name="city", value="Oslo"),)),
    )
    full = {"berlin": 2, "oslo": 1}

    assert (
        decide(facts(quotas=quotas, quota_counts=full, traits={"city": "Oslo"})).reason == "asked"
    )
    berliner = facts(quotas=quotas, quota_counts=full, traits={"city": "Berlin"})
    assert decide(berliner) == Verdict("quota_full", "berlin")


def test_the_cooldown_ends_to_the_second() -> None:
    last = NOW - 30 * DAY

    assert decide(facts(cooldown_days=30, reach=asked_at(last))).reason == "asked"
    late = asked_at(last + timedelta(seconds=1))
    assert decide(facts(cooldown_days=30, reach=late)) == Verdict("cooldown", "global.asked")


def test_a_cooldown_of_zero_days_never_hinders_even_when_clocks_disagree() -> None:
    for last in (NOW, NOW + timedelta(seconds=5)):
        assert decide(facts(cooldown_days=0, reach=asked_at(last))).reason == "asked"


def test_a_contact_a_moment_later_by_another_clock_counts() -> None:
    later = asked_at(NOW + timedelta(seconds=5))

    assert decide(facts(cooldown_days=30, reach=later)).reason == "cooldown"


def test_the_longer_of_the_touchpoints_and_the_workspaces_asked_clock_holds() -> None:
    for days, clocks in (
        (30, Clocks(asked_days=3)),
        (3, Clocks(asked_days=30)),
        (0, Clocks(asked_days=30)),
    ):
        cooling = running_clock(
            facts(cooldown_days=days, global_clocks=clocks, reach=asked_at(NOW - 10 * DAY))
        )
        assert cooling is not None
        assert (cooling.scope, cooling.clock, cooling.days) == ("global", "asked", 30)


def test_of_several_running_clocks_the_one_that_ends_last_is_told() -> None:
    both = Contacts(asked_at=NOW - DAY, dismissed_at=NOW - DAY)
    running = facts(
        survey_clocks=Clocks(asked_days=5, dismissed_days=60),
        cooldown_days=30,
        reach=Reach(survey=both, touchpoint=both, everywhere=both),
    )

    assert decide(running) == Verdict("cooldown", "survey.dismissed")


def test_an_anonymous_respondent_has_no_history() -> None:
    unknown = facts(
        respondent=None,
        cooldown_days=30,
        poor_answers=9,
        reach=Reach(everywhere=Contacts(asked_at=NOW), open_since=NOW),
    )

    assert decide(unknown).reason == "asked"


def test_a_workspace_without_escalation_asks_on_however_poor_the_answers() -> None:
    assert decide(facts(poor_answers=50, escalation=None)).reason == "asked"
    assert decide(facts(poor_answers=1)).reason == "asked"


moments = st.none() | st.integers(0, 100).map(lambda days: NOW - timedelta(days=days))
contacts = st.builds(
    Contacts, asked_at=moments, shown_at=moments, dismissed_at=moments, answered_at=moments
)
lengths = st.integers(0, 60)
clocks = st.builds(
    Clocks, asked_days=lengths, shown_days=lengths, dismissed_days=lengths, answered_days=lengths
)
reaches = st.builds(Reach, survey=contacts, touchpoint=contacts, everywhere=contacts)
clocked = st.builds(
    facts, survey_clocks=clocks, touchpoint_clocks=clocks, global_clocks=clocks, reach=reaches
)


@given(clocked)
def test_a_clock_runs_exactly_while_its_own_days_last(known: Facts) -> None:
    of = {
        "survey": known.survey_clocks,
        "touchpoint": known.touchpoint_clocks,
        "global": known.global_clocks,
    }
    seen = {
        "survey": known.reach.survey,
        "touchpoint": known.reach.touchpoint,
        "global": known.reach.everywhere,
    }
    ends = [
        getattr(seen[scope], f"{clock}_at") + timedelta(days=getattr(of[scope], f"{clock}_days"))
        for scope, clock in product(SCOPES, CLOCKS)
        if getattr(seen[scope], f"{clock}_at") is not None
    ]
    cooling = running_clock(known)

    assert (cooling is not None) == any(end > NOW for end in ends)
    if cooling is not None:
        assert cooling.ends_at == max(ends)


@given(clocked, st.sampled_from(CLOCKS), moments)
def test_a_clock_of_no_days_is_not_moved_by_its_contacts(
    known: Facts, clock: str, moment: datetime | None
) -> None:
    replace = msgspec.structs.replace
    still = replace(known, **{
        name: replace(getattr(known, name), **{f"{clock}_days": 0.0})
        for name in ("survey_clocks", "touchpoint_clocks", "global_clocks")
    })  # fmt: skip
    moved = replace(still, reach=replace(still.reach, **{
        name: replace(getattr(still.reach, name), **{f"{clock}_at": moment})
        for name in ("survey", "touchpoint", "everywhere")
    }))  # fmt: skip

    assert decide(moved) == decide(still)


@given(clocked, st.booleans(), st.booleans())
def test_facts_decide_alike_each_time_and_after_a_round_trip_through_json(
    known: Facts, is_sampled_in: bool, is_suppressed: bool
) -> None:
    known = msgspec.structs.replace(known, is_sampled=is_sampled_in, is_suppressed=is_suppressed)
    copied = msgspec.json.decode(msgspec.json.encode(known), type=Facts)

    assert decide(copied) == decide(known) == decide(known)
