"""What keeps a survey from a visitor, and who is in a sample: a module of the loader in Node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from node import WIDGET, install_packages, run_node

from harken_server.channels.widget.page_rules import browser_rules
from harken_server.surveys.targeting import Targeting

pytestmark = pytest.mark.processes

DAY = 86_400_000
NOW = 1_800_000_000_000
RUN = """const fs = await import("node:fs");
const {objection, shareOf} = await import(process.argv[1]);
const cases = JSON.parse(fs.readFileSync(0, "utf8"));
Date.now = () => NOW;
globalThis.location = {href: "https://shop.example/cart?step=2"};
const PHONE = "max-width:599.98px";
globalThis.matchMedia = query => ({matches: query === "all" || query.includes(PHONE)});
console.log(JSON.stringify(cases.map(one => typeof one === "string" ? shareOf(one)
  : objection(one[0], one[1], one[2], () => one[3]))));""".replace("NOW", str(NOW))


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module, in JavaScript."""
    made = tmp_path_factory.mktemp("targeting") / "targeting.mjs"
    esbuild = install_packages() / "esbuild" / "bin" / "esbuild"
    run_node(esbuild, WIDGET / "src" / "loader" / "targeting.ts", "--bundle", "--format=esm",
             f"--outfile={made}")  # fmt: skip
    return made


def run(module: Path, cases: list[Any]) -> list[Any]:
    return json.loads(
        run_node("--input-type=module", "-e", RUN, module, stdin=json.dumps(cases))
    )  # fmt: skip


def rules(**fields: Any) -> dict[str, Any]:
    return browser_rules(msgspec.convert(fields, Targeting))


def clocks(**days_ago: float) -> dict[str, float]:
    """Clocks of a visitor who was shown the survey three times."""
    return {"count": 3} | {name: NOW - ago * DAY for name, ago in days_ago.items()}


HERE = [{"match": "prefix", "url": "/cart"}]
ELSEWHERE = [{"match": "prefix", "url": "/checkout"}]
CASES: list[tuple[dict[str, Any], dict[str, float], str]] = [
    ({}, {}, ""),
    ({"pages": HERE}, {}, ""),
    ({"pages": ELSEWHERE}, {}, "wrong_page"),
    ({"pages": HERE, "not_pages": HERE}, {}, "wrong_page"),
    ({"locales": ["de"]}, {}, ""),
    ({"locales": ["en", "fr"]}, {}, "wrong_locale"),
    ({"devices": ["phone", "tablet"]}, {}, ""),
    ({"devices": ["desktop"]}, {}, "wrong_device"),
    ({"sample_rate": 0.25}, {}, "sampled_out"),
    ({"sample_rate": 0.26}, {}, ""),
    ({"sample_rate": 0}, {}, "sampled_out"),
    ({"max_shown": 3}, clocks(), "max_shown"),
    ({"max_shown": 4}, clocks(), ""),
    ({}, clocks(shown=6.9), "cooldown"),
    ({}, clocks(shown=7.1), ""),
    ({}, clocks(shown=7.1, dismissed=29.9), "cooldown"),
    ({}, clocks(shown=7.1, dismissed=30.1), ""),
    ({}, clocks(shown=7.1, answered=89.9), "cooldown"),
    ({}, clocks(shown=7.1, answered=90.1, submitted=0.1, error=0.1), ""),
    ({"cooldown": {"answered_days": 0}}, clocks(shown=7.1, answered=0), ""),
    ({"mode": "tab"}, clocks(shown=0, dismissed=0, answered=0), ""),
    ({"mode": "tab", "cooldown": {"dismissed_days": 1}}, clocks(dismissed=0.9), "cooldown"),
    ({"pages": ELSEWHERE, "locales": ["en"], "sample_rate": 0}, clocks(shown=1), "wrong_page"),
    ({"locales": ["en"], "sample_rate": 0}, clocks(shown=1), "wrong_locale"),
    ({"sample_rate": 0, "max_shown": 1}, clocks(shown=1), "sampled_out"),
    ({"max_shown": 1}, clocks(shown=1), "max_shown"),
]  # fmt: skip


def test_lasting_reasons_come_before_passing_ones(module: Path) -> None:
    cases = [[rules(**fields), "de-AT", seen, 0.25] for fields, seen, _ in CASES]

    said = run(module, cases)

    assert [case for case, reason in zip(CASES, said, strict=True) if case[2] != reason] == []


def test_a_clock_that_was_ahead_runs_out_later(module: Path) -> None:
    [said] = run(module, [[rules(), "de", clocks(shown=-1), 0]])

    assert said == "cooldown"


def test_each_share_of_visitors_is_as_large_as_it_says(module: Path) -> None:
    """Ten thousand visitors of each kind of name; within four standard deviations (0.02)."""
    names = {
        "numbers": [f"checkout{number}" for number in range(10_000)],
        "customers": [f"checkoutcustomer-{number:06}" for number in range(10_000)],
        "random": [f"checkout0.{number * 7_919_317 % 10**16:016}" for number in range(10_000)],
    }
    for kind, texts in names.items():
        shares = run(module, texts)
        assert all(0 <= share < 1 for share in shares)
        for rate in (0.01, 0.1, 0.25, 0.5, 0.9):
            found = sum(share < rate for share in shares) / len(shares)
            assert abs(found - rate) < 0.02, f"{kind} at {rate}: {found}"


def test_samples_of_two_surveys_have_nothing_to_do_with_each_other(module: Path) -> None:
    visitors = [f"customer-{number}" for number in range(10_000)]
    first = run(module, [f"checkout{visitor}" for visitor in visitors])
    second = run(module, [f"delivery{visitor}" for visitor in visitors])

    both = sum(a < 0.5 and b < 0.5 for a, b in zip(first, second, strict=True))

    assert abs(both / len(visitors) - 0.25) < 0.02
