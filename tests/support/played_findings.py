"""What a played server answers about trends, drivers, reliability and annotations."""

from __future__ import annotations

import json
from typing import Any

import httpx

_ENDS = {
    f"{name}{end}": value
    for name, values in {
        "correlation": (0.5, 0.4, 0.6), "importance": (0.25, 0.2, 0.3), "share": (100, 90, 100),
        "performance": (60, 55, 65),
    }.items()
    for end, value in zip(("", "_low", "_high"), values, strict=True)
}  # fmt: skip
DRIVERS: dict[str, Any] = {
    "survey": "post_purchase",
    "outcome": "recommend",
    "level": 0.95,
    "says": "Not what causes it.",
    "found": {
        "method": "shapley",
        "n": 180,
        "r_squared": 0.25,
        "drivers": [
            {"item": "service", "n": 170, "top_box": 40.0, "quadrant": "fix_first", **_ENDS}
        ],
        "left_out": [{"item": "rare", "n": 3, "why": "3 answers."}],
    },
}
REFUSED = DRIVERS | {"found": {"method": "shapley", "n": 12, "refused": "12 are too few."}}
_BASELINE = {"n": 180, "says": "All answers.", "dispersion": 1.0}
_CONTROL = {"chart": "watch", "unit": "points", "baseline": _BASELINE, "says": "Nothing unusual."}
_TREND = {"question": "recommend", "metric": "nps", "unit": "points", "points": []}
TRENDS = {
    "survey": "post_purchase", "period": "week", "level": 0.95,
    "trends": [_TREND | {"control": _CONTROL}, _TREND | {"question": "unasked", "control": None}],
}  # fmt: skip
RELIABILITY = {
    "survey": "post_purchase", "level": 0.95,
    "scales": [{"scale": "parts", "n": 30, "alpha": 0.84, "low": 0.7, "high": 0.9}],
}  # fmt: skip
_REPLIES = {"trends": TRENDS, "drivers": DRIVERS, "reliability": RELIABILITY}


def findings_reply(request: httpx.Request, parts: tuple[str, ...]) -> httpx.Response | None:
    """The answer for this method and path below `/v1/`, or None where it is about other things."""
    match parts:
        case ("GET", "surveys", "post_purchase", "drivers") if "missing" in request.url.params:
            return httpx.Response(200, json=REFUSED)
        case ("GET", "surveys", "post_purchase", name) if name in _REPLIES:
            return httpx.Response(200, json=_REPLIES[name])
        case ("POST", "annotations"):
            sent = json.loads(request.content)
            return httpx.Response(201, json={"day": "2026-06-01", **sent})
        case _:
            return None
