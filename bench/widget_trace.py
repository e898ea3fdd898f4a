"""What a trace of Chromium says about the scripts of a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

EVALUATES = frozenset({"EvaluateScript", "v8.compileModule", "v8.evaluateModule"})
WORKS = EVALUATES | {"FunctionCall", "RunMicrotasks", "v8.compile", "TimerFire"}

Interval = tuple[float, float]


class Effort(NamedTuple):
    """Milliseconds of the page's main thread, by its own clock: others' work does not count."""

    evaluation_ms: float
    """Compiling and running the scripts from top to bottom."""
    script_ms: float
    """All that scripts did until the question was there, their callbacks included."""
    tasks_ms: tuple[float, ...]
    """Tasks from the first script on that did something, the browser's part included."""


def read_trace(text: str | bytes, shown_ms: float | None = None) -> Effort:
    """Sum what the page's scripts took; `shown_ms` is from the start of the navigation."""
    events: list[dict[str, Any]] = json.loads(text)["traceEvents"]
    began, thread = _navigation(events)
    own = [
        event
        for event in events
        if event.get("ph") == "X" and (event["pid"], event["tid"]) == thread
        if event["ts"] >= began
    ]
    shown = began + shown_ms * 1000 if shown_ms else float("inf")
    works = [event for event in own if event["ts"] < shown and _is_script(event, WORKS)]
    first = min((event["ts"] for event in works), default=float("inf"))
    tasks = [
        event["tdur"] / 1000
        for event in own
        if event["name"] == "RunTask" and event["ts"] + event["dur"] > first and event.get("tdur")
    ]
    evaluates = [event for event in own if _is_script(event, EVALUATES)]
    return Effort(_thread_ms(evaluates), _thread_ms(works), tuple(tasks))


def total(intervals: Iterable[Interval]) -> float:
    """Length of the union: a call within a call counts once."""
    length, reached = 0.0, float("-inf")
    for start, end in sorted(intervals):
        length += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return length


def _navigation(events: list[dict[str, Any]]) -> tuple[float, tuple[int, int]]:
    """When the page's navigation began, and on which thread it lives."""
    starts = [
        event
        for event in events
        if event["name"] == "navigationStart"
        and event["args"].get("data", {}).get("documentLoaderURL", "").startswith("http")
    ]
    last = max(starts, key=lambda event: event["ts"])
    return last["ts"], (last["pid"], last["tid"])


def _thread_ms(events: Iterable[dict[str, Any]]) -> float:
    return total((event["tts"], event["tts"] + event.get("tdur", 0)) for event in events) / 1000


def _is_script(event: dict[str, Any], names: frozenset[str]) -> bool:
    """Whether a script of the page runs; what the measure itself injected has no address."""
    if event["name"] not in names:
        return False
    arguments = event.get("args", {})
    url = arguments.get("data", {}).get("url") or arguments.get("fileName") or ""
    return event["name"] == "RunMicrotasks" or url.startswith("http")
