"""The widget's measure counts what it says it counts. No npm and no browser in here."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from bench.widget_burst import ask, read_answer
from bench.widget_endpoint import typical
from bench.widget_install import FOLDER, Packed, version_of
from bench.widget_site import Reply, Site
from bench.widget_subjects import FORMBRICKS, PEERS, POSTHOG, QUESTION, SURVEYJS, TYPEFORM
from bench.widget_tables import PAGE as DOCUMENT
from bench.widget_tables import filled, tables
from bench.widget_trace import read_trace, total
from bench.widget_views import HARKEN, ratios, summary
from bench.widget_weights import lightest, own_files, weigh

PAGE, OTHER = (7, 1), (8, 1)
SCRIPT = {"data": {"url": "http://127.0.0.1/v1.js"}}


def event(name: str, ts: float, dur: float, args: Any = None, at: Any = PAGE) -> dict[str, Any]:
    """A complete event that had the processor half of the time; times in milliseconds."""
    return {
        "name": name, "ph": "X", "pid": at[0], "tid": at[1], "ts": ts * 1000, "dur": dur * 1000,
        "tts": ts * 500, "tdur": dur * 500, "args": args or {},
    }  # fmt: skip


def trace(*events: dict[str, Any]) -> str:
    """A trace whose page was navigated to at 100 ms."""
    starts = [
        event("navigationStart", 5, 0, {"data": {"documentLoaderURL": "chrome://newtab"}}, OTHER),
        event("navigationStart", 100, 0, {"data": {"documentLoaderURL": "http://a/"}}),
    ]
    return json.dumps({"traceEvents": [*starts, *events]})


def test_a_call_within_a_call_counts_once() -> None:
    assert total([(0, 10), (2, 5), (8, 12), (20, 21)]) == 13


def test_evaluation_is_compiling_and_running_of_the_pages_own_scripts() -> None:
    effort = read_trace(
        trace(
            event("EvaluateScript", 200, 20, SCRIPT),
            event("v8.compile", 201, 5, SCRIPT),
            event("v8.compileModule", 300, 4, {"fileName": "http://127.0.0.1/survey.js"}),
            event("EvaluateScript", 310, 50, {"data": {"url": ""}}),
            event("EvaluateScript", 200, 90, SCRIPT, OTHER),
            event("EvaluateScript", 50, 30, SCRIPT),
        )
    )

    assert effort.evaluation_ms == pytest.approx(24 / 2)


def test_script_time_ends_when_the_question_is_there() -> None:
    effort = read_trace(
        trace(
            event("EvaluateScript", 200, 20, SCRIPT),
            event("FunctionCall", 210, 30, SCRIPT),
            event("RunMicrotasks", 300, 5),
            event("FunctionCall", 600, 100, SCRIPT),
        ),
        shown_ms=400,
    )

    assert effort.script_ms == pytest.approx(45 / 2)


def test_tasks_are_counted_from_the_first_script_on() -> None:
    effort = read_trace(
        trace(
            event("RunTask", 120, 80),
            event("RunTask", 290, 70),
            event("EvaluateScript", 300, 20, SCRIPT),
            event("RunTask", 400, 49),
            event("RunTask", 500, 51),
        )
    )

    assert effort.tasks_ms == pytest.approx((70 / 2, 49 / 2, 51 / 2))


def test_weights_are_sums_over_files() -> None:
    one, two = Path("one.js"), Path("two.js")
    packed = {one: Packed(b"12345", 4, b"123"), two: Packed(b"12", 2, b"1")}

    assert weigh(packed, [one, two]) == {"raw": 7, "gzip_9": 6, "brotli_11": 4}


def test_the_baseline_is_the_lightest_that_asks_the_question_itself() -> None:
    table = {
        POSTHOG.name: {"brotli_11": 145}, FORMBRICKS.name: {"brotli_11": 46},
        SURVEYJS.name: {"brotli_11": 320}, TYPEFORM.name: {"brotli_11": 12},
    }  # fmt: skip

    assert lightest(table) == "formbricks"


def test_the_shipped_files_that_are_weighed_are_there() -> None:
    for path in own_files().values():
        assert path.read_bytes()
        assert path.with_name(path.name + ".br").exists()


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_every_peer_is_pinned_and_locked(peer: Any) -> None:
    wanted = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]

    assert peer.packages
    for package in peer.packages:
        assert wanted[package] == version_of(package)


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text("utf-8")


@pytest.mark.parametrize("peer", [FORMBRICKS, SURVEYJS], ids=lambda peer: peer.name)
def test_a_page_asks_the_same_question_with_files_of_the_stub(peer: Any) -> None:
    page = peer.page("http://127.0.0.1:9").body.decode()

    assert QUESTION in page
    assert 'src="http://127.0.0.1:9/' in page
    assert "{at}" not in page


def test_an_answer_counts_when_all_of_it_is_there() -> None:
    head = b"HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\n"

    assert read_answer(head[:-2]) is None
    assert read_answer(head + b"no") is None
    assert read_answer(head + b"not") == ("503", 3)


@pytest.mark.seconds
def test_a_burst_sends_every_request_and_keeps_every_status() -> None:
    with Site() as site:
        site.add({"/config": Reply("text/plain", b"12345")})
        port = int(site.url.rpartition(":")[2])
        found = asyncio.run(ask(port, 20, "/config", []))
        lost = asyncio.run(ask(port, 5, "/nothing", []))

    assert (found["statuses"], found["bytes"]) == ({"200": 20}, 5)
    assert 0 < found["first_ms"] <= found["p50_ms"] <= found["p99_ms"] <= found["wall_ms"]
    assert lost["statuses"] == {"404": 5}


def test_bursts_together_keep_every_status_and_the_most_reads() -> None:
    bursts = [
        {"statuses": {"200": 9, "503": 1}, "reads": 2, "wall_ms": 10.0},
        {"statuses": {"200": 10}, "reads": 5, "wall_ms": 30.0},
        {"statuses": {"200": 10}, "reads": 3, "wall_ms": 11.0},
    ]

    assert typical(bursts) == {"statuses": {"200": 29, "503": 1}, "reads": 5, "wall_ms": 11.0}


def test_the_site_packs_for_those_who_take_it_and_notes_what_is_missing() -> None:
    with Site() as site:
        site.add({"/a.js": Reply("text/javascript", b"plain", b"packed")})
        plain = urllib.request.urlopen(f"{site.url}/a.js?v=1", timeout=5).read()
        asked = urllib.request.Request(f"{site.url}/a.js", headers={"accept-encoding": "br"})
        packed = urllib.request.urlopen(asked, timeout=5).read()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.url}/b.js?v=1", timeout=5)
        refused.value.close()

    assert (plain, packed) == (b"plain", b"packed")
    assert site.missed == ["/b.js?v=1"]


def test_of_views_the_best_and_the_median_are_told_and_the_worst_shift() -> None:
    from bench.widget_browser import View

    shifts = {1000.0: 0.0, 3000.0: 0.02, 1200.0: 0.0}
    views = [
        View(
            shown,
            5,
            8,
            (60.0,) if shift else (9.0, 4.0),
            shift,
            2,
            100,
            12,
            ("https://a.example/x",),
        )
        for shown, shift in shifts.items()
    ]

    told = summary(views)

    assert told["shown_ms"] == [1000, 1200]
    assert told["long_tasks"] == [0, 1, 0]
    assert told["longest_task_ms"] == [9, 9]
    assert told["layout_shift"] == 0.02
    assert told["tried_outside"] == ["https://a.example/x"]


def test_ratios_pair_the_views_of_a_round_and_leave_out_what_was_not_shown() -> None:
    shown = {
        HARKEN: [10.0, 40.0],
        "formbricks": [20.0, 80.0],
        "posthog-js": [100.0],
        "typeform": [0.0],
    }

    assert ratios(shown) == {"formbricks": 0.5, "posthog-js": 0.1}


def test_the_figures_get_into_the_documents_where_the_last_ones_were() -> None:
    weight = {"raw": 3000, "gzip_9": 2000, "brotli_11": 1000}
    view = {"requests": 2, "bytes_received": 1500, "layout_shift": 0.0, "long_tasks": [0, 2, 0]}
    times = ("shown_ms", "evaluation_ms", "script_ms", "longest_task_ms")
    burst = {"statuses": {"200": 1000}, "reads": 3, "first_ms": 1, "p99_ms": 2, "wall_ms": 3}
    warm = {"config_per_s": 9000.0, "script_per_s": 8000.0}
    details = {
        "bytes": defaultdict(lambda: weight),
        "versions": {name: version_of(name) for peer in PEERS for name in peer.packages},
        "views": {HARKEN: view | {key: [10.0, 20.0] for key in times}},
        "endpoint": defaultdict(lambda: burst)
        | warm
        | {"config_to_empty_handler": 0.5, "script_to_empty_handler": 0.4},
    }

    once = filled(DOCUMENT.read_text("utf-8"), tables(details))

    assert "| **PostHog: both** | 3,000 | 2,000 | 1,000 | 1.0 |" in once
    assert "| 2 | 1,500 | 10 / 20 | 20 | 20 | 20 | 1 of 3 | 0 |" in once
    assert "| config | 200: 1,000 | 3 | 1 | 2 | 3 |" in once
    assert filled(once, tables(details)) == once
