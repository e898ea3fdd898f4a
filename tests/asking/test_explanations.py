"""What is said of a decision: a sentence with the figures, for every reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from harken_server.asking.rules.adaptive import Pace
from harken_server.asking.rules.eligibility import Facts, Reach, Verdict, decide
from harken_server.asking.rules.explanations import explain, explain_barely
from harken_server.asking.rules.reasons import DecisionReason
from harken_server.respondents.rules import Contacts
from harken_server.surveys.asking import Clocks, Escalation, Quota, Rule

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Contacts(asked_at=NOW - 3 * DAY - timedelta(hours=4))


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "touchpoint": "order.delivered",
        "survey": "nps",
        "survey_status": "live",
        "now": NOW,
        "respondent": "customer-1",
    }
    return Facts(**(values | changes))


def said(**changes: Any) -> str:
    known = facts(**changes)
    return explain(decide(known), known)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Asked: survey nps at touchpoint order.delivered."),
        ({"survey": None}, "Not asked: touchpoint order.delivered has no survey assigned."),
        (
            {"survey_status": None},
            "Not asked: touchpoint order.delivered asks survey nps, which does not exist.",
        ),
        ({"survey_status": "draft"}, "Not asked: survey nps is draft, not live."),
        (
            {"opens_at": NOW + DAY},
            "Not asked: survey nps asks from 2026-03-02 12:00 UTC on.",
        ),
        ({"closes_at": NOW}, "Not asked: survey nps asked until 2026-03-01 12:00 UTC."),
        (
            {"closes_after": 20, "completes": 20},
            "Not asked: survey nps asks until it has 20 complete responses, and has 20.",
        ),
        (
            {"is_suppressed": True, "suppression": "bounced"},
            "Not asked: this respondent must not be asked (bounced).",
        ),
        ({"consent": False}, "Not asked: this respondent has refused consent."),
        ({"needs_consent": True}, "Not asked: survey nps needs a consent, and none is known."),
        (
            {"rules": (Rule(name="plan", value="pro"),), "traits": {"plan": "free"}},
            'Not asked: only those are asked of whom trait plan is "pro", and it is "free".',
        ),
        (
            {"rules": (Rule(name="plan", value="pro"),)},
            'Not asked: only those are asked of whom trait plan is "pro", and it is not given.',
        ),
        (
            {"is_sampled": False, "sample_rate": 0.125},
            (
                "Not asked: touchpoint order.delivered asks 12.5 % of respondents, and this one is"
                " not among them for survey nps."
            ),
        ),
        (
            {
                "is_sampled": False,
                "sample_rate": 0.125,
                "responses_a_week": 50,
                "pace": Pace(span_s=60, answers_this_week=7),
            },
            (
                "Not asked: touchpoint order.delivered asks 12.5 % of respondents, and this one is"
                " not among them for survey nps; the share is set for 50 answers a week, of which 7"
                " came since Monday."
            ),
        ),
        (
            {"quotas": (Quota(name="berlin", limit=3),), "quota_counts": {"berlin": 4}},
            "Not asked: quota berlin wants 3 answers and has 4.",
        ),
        (
            {"cooldown_days": 30, "reach": Reach(everywhere=ASKED)},
            "Not asked: asked 3 days ago; the cooldown is 30 days.",
        ),
        (
            {"cooldown_days": 30, "reach": Reach(everywhere=Contacts(asked_at=NOW + DAY))},
            "Not asked: already asked within the cooldown of 30 days.",
        ),
        (
            {
                "survey_clocks": Clocks(dismissed_days=1.5),
                "reach": Reach(survey=Contacts(dismissed_at=NOW - timedelta(hours=1))),
            },
            (
                "Not asked: dismissed survey nps 1 hour ago; the survey's cooldown after dismissing"
                " it is 1.5 days."
            ),
        ),
        (
            {
                "touchpoint_clocks": Clocks(shown_days=1),
                "reach": Reach(touchpoint=Contacts(shown_at=NOW - timedelta(seconds=9))),
            },
            (
                "Not asked: shown at touchpoint order.delivered just now; the touchpoint's cooldown"
                " after being shown it is 1 day."
            ),
        ),
        (
            {
                "global_clocks": Clocks(answered_days=90),
                "reach": Reach(everywhere=Contacts(answered_at=NOW - DAY)),
            },
            "Not asked: answered 1 day ago; the cooldown after answering is 90 days.",
        ),
        (
            {"escalation": Escalation(), "poor_answers": 2},
            "Not asked: 2 poor answers within 90 days; a person should call instead.",
        ),
        (
            {"reach": Reach(open_since=NOW - 2 * DAY)},
            "Not asked: an invitation to survey nps of 2 days ago can be answered.",
        ),
    ],
)
def test_each_sentence_names_its_figures(changes: dict[str, Any], sentence: str) -> None:
    assert said(**changes) == sentence


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=2, minutes=59), "2 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
    ],
)
def test_ages_are_told_in_their_largest_whole_unit(age: timedelta, words: str) -> None:
    reach = Reach(everywhere=Contacts(asked_at=NOW - age))
    assert words in said(cooldown_days=30, reach=reach)


def test_a_survey_that_no_touchpoint_asks_is_told_so() -> None:
    assert explain(Verdict("no_survey"), facts(touchpoint="")) == (
        "Not asked: no touchpoint asks survey nps."
    )


def test_every_reason_has_a_sentence_even_with_nothing_known() -> None:
    for reason in get_args(DecisionReason):
        sentences = [explain(Verdict(reason), facts()), explain_barely(reason)]
        for sentence in sentences:
            assert sentence.endswith(".")
            assert sentence.startswith("Asked: " if reason == "asked" else "Not asked: ")
