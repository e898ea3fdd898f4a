"""Look up known vulnerabilities of what the locks pin: a step of `just check`.

Fails when one is known. Where the data cannot be reached it says so on one line and fails nothing:
a change cannot land or not by whether a service of others answers. Each look-up has a time limit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 60
"""How long one look-up may take; all run at once."""
ACCEPTED: Mapping[str, str] = {}
"""Vulnerabilities that do not reach Harken: the id, and why."""
NPM = ("widget", "tests/widget/libraries", "bench/widget_peers")
"""Folders with a lock of npm."""


class Verdict(NamedTuple):
    """What is known of the packages of one lock."""

    found: tuple[str, ...] = ()
    checked: int = 0
    unknown: str = ""
    """Why it could not be looked up; empty when it could."""


def main() -> int:
    """Look up every lock; gives 1 when a vulnerability is known."""
    asked: dict[str, tuple[list[str], Path, Callable[[str], Verdict]]] = {
        "requirements/dev.lock": (python_command(), ROOT, judge_python),
        **{f"{f}/package-lock.json": (npm_command(), ROOT / f, judge_npm) for f in NPM},
    }
    with ThreadPoolExecutor() as together:
        told = {lock: together.submit(look_up, *how) for lock, how in asked.items()}
    verdicts = {lock: verdict.result() for lock, verdict in told.items()}
    for lock, verdict in verdicts.items():
        print(line_of(lock, verdict), flush=True)
    return int(any(verdict.found for verdict in verdicts.values()))


def python_command() -> list[str]:
    """Ask for every entry of the largest lock, without resolving anything."""
    lock = str(ROOT / "requirements" / "dev.lock")
    quiet = ["--progress-spinner", "off", "--timeout", "10", "--format", "json"]
    return [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "-r",
        lock,
        *quiet,
    ]


def npm_command() -> list[str]:
    """Ask with npm; the lock is enough."""
    with_node = str(ROOT / "widget" / "with_node.py")
    quiet = ["--json", "--package-lock-only", "--fetch-retries=0", "--fetch-timeout=10000"]
    return [sys.executable, with_node, "npm", "audit", *quiet]


def look_up(command: Sequence[str], folder: Path, judge: Callable[[str], Verdict]) -> Verdict:
    """Run one auditor within the time limit."""
    try:
        said = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return Verdict(unknown=f"no answer within {LIMIT_S} s")
    try:
        return judge(said.stdout)
    except (ValueError, LookupError, TypeError, AttributeError):
        last = (said.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return Verdict(unknown=last[:200])


def judge_python(printed: str) -> Verdict:
    """Read the JSON of pip-audit; raises ValueError or LookupError when it is none."""
    packages: list[dict[str, Any]] = json.loads(printed)["dependencies"]
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:
        return Verdict(unknown="the service knows none of the packages")
    found = [
        f"{package['name']} {package['version']}: {one['id']}, {fixed_in(one['fix_versions'])}"
        for package in asked
        for one in package["vulns"]
        if one["id"] not in ACCEPTED
    ]
    return Verdict(tuple(found), len(asked))


def fixed_in(versions: Sequence[str]) -> str:
    """Where to go from here."""
    return f"fixed in {', '.join(versions)}" if versions else "not fixed yet"


def judge_npm(printed: str) -> Verdict:
    """Read the JSON of `npm audit`; raises ValueError or LookupError when it is none."""
    told = json.loads(printed)
    if "vulnerabilities" not in told:
        return Verdict(unknown=str(told.get("message") or told["error"])[:200])
    found = [
        f"{name}: {one['severity']}, {advice['url']}"
        for name, one in told["vulnerabilities"].items()
        for advice in one["via"]
        if isinstance(advice, dict) and advice["url"].rpartition("/")[2] not in ACCEPTED
    ]
    return Verdict(tuple(found), told["metadata"]["dependencies"]["total"])


def line_of(lock: str, verdict: Verdict) -> str:
    """One line for each lock, and one for each vulnerability."""
    if verdict.unknown:
        return f"audit: {lock}: NOT LOOKED UP, nothing is known: {verdict.unknown}"
    known = f"{len(verdict.found) or 'no'} known vulnerabilities in {verdict.checked} packages"
    return "\n".join([f"audit: {lock}: {known}", *(f"  {line}" for line in verdict.found)])


if __name__ == "__main__":
    sys.exit(main())
