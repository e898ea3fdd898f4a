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
_OF_SURVEY = {"survey": "post_purchase", "level": 0.95}
_QUESTION = {"question": "recommend", "metric": "nps", "unit": "points"}
_CELL = {"row": "Oslo", "column": "web", "n": 12, "score": 25.0, "low": 0.0, "high": 50.0}
_GROUP = {"group": "", "n": 12, "score": 25.0, "low": 0.0, "high": 50.0}
HEAT_MAP = _OF_SURVEY | {
    "rows": "store", "columns": "touchpoint", "tz": "UTC",
    "maps": [_QUESTION | {"cells": [_CELL], "rows": [], "columns": [], "whole": _GROUP}],
}  # fmt: skip
LEADERBOARD = _OF_SURVEY | _QUESTION | {
    "by": "store", "ranked": [], "are_all_tied": True, "not_enough": []
}  # fmt: skip
BEHAVIOUR = _OF_SURVEY | {
    "question": "recommend", "event": "order", "days": 90, "source": "Singer, Willett 1993",
    "behaviour": {"people": 3, "bands": [{"band": "promoters", "people": 3}]},
}  # fmt: skip
FILE = b"response_id,recommend\r\n1,9\r\n"
LIVE = (
    b'id: kQE\nevent: change\ndata: {"survey": "post_purchase", "new": 0, "scores": [{"question":'
    b' "recommend", "metric": "nps", "score": 33.0, "low": -51.0, "high": 85.0, "n": 3}]}\n\n'
    b'event: end\ndata: {"reason": "enough"}\n\n'
)
EXPORT = {
    "id": "export-1", "survey": "post_purchase", "format": "csv", "state": "done", "rows_done": 1,
    "rows_total": 1, "created_at": "2026-06-01T10:00:00Z", "size": len(FILE), "url": "https://feedback.example/export-file/x",
}  # fmt: skip
COMMENT = {
    "question": "why", "text": "Quick", "answered_at": "2026-06-01T10:00:00Z", "rating": 9,
    "response_id": "response-1",
}  # fmt: skip
_REPLIES = {
    "trends": TRENDS, "drivers": DRIVERS, "reliability": RELIABILITY, "heat-map": HEAT_MAP,
    "leaderboard": LEADERBOARD, "behaviour": BEHAVIOUR,
}  # fmt: skip


def findings_reply(request: httpx.Request, parts: tuple[str, ...]) -> httpx.Response | None:
    """The answer for this method and path below `/v1/`, or None where it is about other things."""
    match parts:
        case ("GET", "surveys", "post_purchase", "drivers") if "missing" in request.url.params:
            return httpx.Response(200, json=REFUSED)
        case ("GET", "surveys", "post_purchase", name) if name in _REPLIES:
            return httpx.Response(200, json=_REPLIES[name])
        case ("GET", "surveys", "post_purchase", "live"):
            return httpx.Response(200, content=LIVE)
        case ("POST", "annotations"):
            sent = json.loads(request.content)
            return httpx.Response(201, json={"day": "2026-06-01", **sent})
        case ("POST", "events"):
            return httpx.Response(200, json={"stored": 1, "repeated": 0, "refused": []})
        case ("POST", "exports") | ("GET", "exports", _):
            return httpx.Response(202 if request.method == "POST" else 200, json=EXPORT)
        case ("GET", "", "export-file", _):
            return httpx.Response(200, content=FILE)
        case ("GET", "surveys", "post_purchase", "comments"):
            return httpx.Response(200, json={"comments": [COMMENT], "older": None})
        case ("POST", "intake", source):
            return httpx.Response(200, json={"source": source, "stored": 1, "refused": []})
        case _:
            return None
