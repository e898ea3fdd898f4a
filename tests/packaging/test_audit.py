"""What is known of vulnerable packages fails a check; that nothing can be known fails none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import audit
import pytest
from audit import Verdict, judge_npm, judge_python, line_of, look_up

PYTHON = {
    "dependencies": [
        {"name": "good", "version": "1", "vulns": []},
        {
            "name": "bad",
            "version": "2",
            "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "description": "…"}],
        },
        {"name": "own", "skip_reason": "not found"},
    ]
}
NPM = {
    "vulnerabilities": {
        "bad": {
            "severity": "high",
            "via": [{"url": "https://advisories.example/GHSA-1"}, "another"],
        }
    },
    "metadata": {"dependencies": {"total": 7}},
}


def test_a_known_vulnerability_is_named_with_its_mend() -> None:
    assert judge_python(json.dumps(PYTHON)) == Verdict(("bad 2: PYSEC-2026-1, fixed in 2.1",), 2)
    assert judge_npm(json.dumps(NPM)) == Verdict(
        ("bad: high, https://advisories.example/GHSA-1",), 7
    )


@pytest.mark.parametrize("accepted", ["PYSEC-2026-1", "GHSA-1"])
def test_one_that_does_not_reach_harken_can_be_accepted(
    accepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {accepted: "it is never called"})

    found = [*judge_python(json.dumps(PYTHON)).found, *judge_npm(json.dumps(NPM)).found]

    assert len(found) == 1
    assert accepted not in found[0]


@pytest.mark.parametrize(
    ("judge", "printed", "reason"),
    [
        (
            judge_python,
            {"dependencies": [{"name": "a", "skip_reason": "not found"}]},
            "the service knows none of the packages",
        ),
        (judge_npm, {"message": "405 Method Not Allowed"}, "405 Method Not Allowed"),
    ],
)
def test_a_service_that_does_not_answer_is_told_and_fails_nothing(judge, printed, reason) -> None:
    verdict = judge(json.dumps(printed))

    assert verdict == Verdict(unknown=reason)
    assert line_of("a.lock", verdict) == (
        f"audit: a.lock: NOT LOOKED UP, nothing is known: {reason}"
    )


@pytest.mark.processes
@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('no network')", "no network"),
        ("print('{}')", "it said nothing"),
        ("import threading; threading.Event().wait(20)", "no answer within 1 s"),
    ],
)
def test_an_auditor_that_breaks_or_hangs_is_left(
    program: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LIMIT_S", 1)

    verdict = look_up([sys.executable, "-S", "-c", program], tmp_path, judge_python)

    assert verdict == Verdict(unknown=reason)


def test_a_lock_without_a_vulnerability_says_how_many_were_asked_for() -> None:
    assert line_of("a.lock", Verdict((), 128)) == (
        "audit: a.lock: no known vulnerabilities in 128 packages"
    )
    assert line_of("a.lock", Verdict(("bad 2: X",), 1)).splitlines() == [
        "audit: a.lock: 1 known vulnerabilities in 1 packages",
        "  bad 2: X",
    ]
