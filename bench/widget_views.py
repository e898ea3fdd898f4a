"""Page views of ours and of the peers in turn, and what they come to."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.report import paired_ratio, rounded
from bench.widget_browser import BITS_PER_S, CPU_SLOWDOWN, LATENCY_MS, View, open_browser, view
from bench.widget_install import Packed
from bench.widget_server import prepare, widget_server
from bench.widget_site import Site
from bench.widget_subjects import FORMBRICKS, NOTHING, PEERS, POSTHOG, Subject, replies_of
from bench.widget_weights import own_files

ROUNDS = 7
SCALE_POINTS = 11
LONG_TASK_MS = 50
HARKEN, TAGGED, WHOLE = "harken", "harken_data_key", "harken_whole"
OWN = (HARKEN, TAGGED, WHOLE)
Views = dict[str, list[View]]


def measure_views(folder: Path, packed: Mapping[Path, Packed], *, quick: bool) -> dict[str, Any]:
    """Rounds of one cold view each, so that slow moments of the machine hit all alike."""
    home = folder / "views"
    load = os.getloadavg()[0]
    key = prepare(home, surveys=1)
    with Site() as host, Site() as vendor, widget_server(home) as server, open_browser() as browser:
        server.wait_until_ready()
        vendor.add(replies_of(packed))
        own = _own_subjects(f"http://127.0.0.1:{server.port}", key)
        subjects = [*own, *PEERS]
        host.add({f"/{one.name}": one.page(vendor.url) for one in (NOTHING, *subjects)})
        plan = _quick_plan(own[0]) if quick else [subjects] * ROUNDS
        view(browser, f"{host.url}/{NOTHING.name}", is_shown=False)
        views: Views = {}
        failures: dict[str, str] = {}
        for subject in (subject for turn in plan for subject in turn):
            _take(browser, host, subject, views, failures)
    left_out = [subject.name for subject in subjects if subject.name not in views]
    return {
        "conditions": {
            "cpu_slowdown": CPU_SLOWDOWN, "bits_per_s": BITS_PER_S, "latency_ms": LATENCY_MS,
            "cache": "cold", "viewport": "1280x800", "views_each": len(views[HARKEN]),
            "load_average": round(load, 1),
        },
        "views": {name: summary(taken) for name, taken in views.items()},
        "shown_ratio": ratios({name: [v.shown_ms for v in taken] for name, taken in views.items()}),
        "evaluation_ratio": ratios(
            {name: [v.evaluation_ms for v in taken] for name, taken in views.items()}
        ),
        "notes": {subject.name: subject.note for subject in subjects if subject.note},
        "not_shown": failures,
        "left_out": left_out,
        "missed_by_the_stub": sorted(set(vendor.missed)),
    }  # fmt: skip


def _quick_plan(own: Subject) -> list[list[Subject]]:
    """Ours twice, the two lightest full peers once."""
    return [[own, FORMBRICKS, POSTHOG], [own]]


def _own_subjects(server: str, key: str) -> list[Subject]:
    """The tag as the documents recommend it, the one with `data-key`, and the pinned file."""
    at = f'<script async src="{server}/widget'
    whole = own_files()["whole"].name
    return [
        Subject(HARKEN, head=f'{at}/v1.js?key={key}"></script>'),
        Subject(TAGGED, head=f'{at}/v1.js" data-key="{key}"></script>'),
        Subject(WHOLE, head=f'{at}/{whole}" data-key="{key}"></script>'),
    ]


def _take(
    browser: Any, host: Site, subject: Subject, views: Views, failures: dict[str, str]
) -> None:
    """One view. A peer that does not show the question is told of; ours must."""
    if subject.name in failures:
        return
    try:
        taken = view(browser, f"{host.url}/{subject.name}", is_shown=subject.is_shown)
    except Exception as error:
        if subject.name in OWN:
            raise
        failures[subject.name] = str(error).partition("\n")[0]
        return
    if subject.is_shown and taken.controls < SCALE_POINTS:
        raise RuntimeError(f"{subject.name} shows {taken.controls} controls, not a scale of 0-10")
    views.setdefault(subject.name, []).append(taken)


def summary(views: Sequence[View]) -> dict[str, Any]:
    """Best and median of times; of counts and shifts the worst."""
    return {
        "shown_ms": best_and_median([view.shown_ms for view in views]),
        "evaluation_ms": best_and_median([view.evaluation_ms for view in views]),
        "script_ms": best_and_median([view.script_ms for view in views]),
        "longest_task_ms": best_and_median([max(view.tasks_ms, default=0) for view in views]),
        "long_tasks": [sum(ms > LONG_TASK_MS for ms in view.tasks_ms) for view in views],
        "layout_shift": rounded(max(view.layout_shift for view in views)),
        "requests": max(view.requests for view in views),
        "bytes_received": max(view.received for view in views),
        "tried_outside": sorted({url for view in views for url in view.outside}),
    }


def best_and_median(values: Sequence[float]) -> list[float]:
    """Both, as a pair."""
    return [rounded(min(values)), rounded(statistics.median(values))]


def ratios(values: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Ours to each peer's, by rounds; where a peer took fewer rounds, those it took."""
    own = values[HARKEN]
    return {
        name: rounded(paired_ratio(own[: len(taken)], taken))
        for name, taken in values.items()
        if name not in OWN and all(taken)
    }
