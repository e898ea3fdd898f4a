"""One page view in a real Chromium with a slow processor, a slow network and nothing kept."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench.widget_subjects import QUESTION
from bench.widget_trace import read_trace

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
LOOPBACK = "127.0.0.1"
PROBE = Path(__file__).with_name("widget_probe.js")
CPU_SLOWDOWN = 4
LATENCY_MS = 400
BITS_PER_S = 400_000
TRACED = [
    "devtools.timeline",
    "v8",
    "v8.execute",
    "blink.user_timing",
    "disabled-by-default-devtools.timeline",
]
SETTLE_MS = 400
SHOWN_WITHIN_MS, STEP_MS = 60_000, 50


class View(NamedTuple):
    """What one page view gave."""

    shown_ms: float
    """From the start of the navigation to the paint of the question; 0 if none is expected."""
    evaluation_ms: float
    script_ms: float
    tasks_ms: tuple[float, ...]
    """Each task from the widget's first script until shortly after the question."""
    layout_shift: float
    requests: int
    """For the widget, begun before the question was there; the page itself is not counted."""
    received: int
    """Bytes of these as they came over the network, headers included."""
    controls: int
    """Inputs and buttons beside the question."""
    outside: tuple[str, ...]
    """Addresses off this machine that it tried; all were blocked."""


@contextlib.contextmanager
def open_browser() -> Generator[Any]:
    """A Chromium that cannot reach any other machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium() -> str:
    """Path of a Chromium."""
    named = os.environ.get("HARKEN_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise RuntimeError(f"No Chromium ({', '.join(BROWSERS)}): install one.")
    return found


def view(browser: Any, url: str, *, is_shown: bool) -> View:
    """Open the page with nothing cached and wait for the question, or for the page to load."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(PROBE.read_text("utf-8").replace("@@QUESTION@@", QUESTION))
        cdp = context.new_cdp_session(page)
        network = _Network(cdp)
        browser.start_tracing(page=page, categories=TRACED)
        try:
            shown = _open(page, cdp, url, is_shown=is_shown)
        finally:
            trace = browser.stop_tracing()
        seen = page.evaluate("__seen")
        begun = page.evaluate(BEGUN, shown or 1e9)
    finally:
        context.close()
    return View(
        shown, *read_trace(trace, shown or None), seen["cls"], len(begun),
        sum(map(network.received_from, set(begun))), seen["controls"],
        tuple(sorted(network.outside)),
    )  # fmt: skip


def _open(page: Any, cdp: Any, url: str, *, is_shown: bool) -> float:
    """Go there; gives when the question was seen.

    The page tells by a binding: the driver's own ways of waiting run large scripts in the page.
    """
    told: list[float] = []
    cdp.on("Runtime.bindingCalled", lambda event: told.append(float(event["payload"])))
    cdp.send("Runtime.enable")
    cdp.send("Runtime.addBinding", {"name": "__told"})
    page.goto(url, wait_until="load", timeout=SHOWN_WITHIN_MS)
    for _ in range(SHOWN_WITHIN_MS // STEP_MS if is_shown else 0):
        if told:
            break
        page.wait_for_timeout(STEP_MS)
    else:
        if is_shown:
            raise RuntimeError(f"no question within {SHOWN_WITHIN_MS // 1000} s")
    page.wait_for_timeout(SETTLE_MS)
    return told[0] if told else 0.0


BEGUN = """until => performance.getEntriesByType("resource")
  .filter(entry => entry.startTime < until && entry.name.startsWith("http"))
  .map(entry => entry.name)"""


class _Network:
    """Slows the network and the processor down, and adds up what came."""

    def __init__(self, cdp: Any) -> None:
        self.outside: set[str] = set()
        self._urls: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        cdp.on("Network.requestWillBeSent", self._note_request)
        cdp.on("Network.loadingFinished", self._note_end)
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": LATENCY_MS,
            "downloadThroughput": BITS_PER_S / 8, "uploadThroughput": BITS_PER_S / 8,
        })  # fmt: skip
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})

    def received_from(self, url: str) -> int:
        """Bytes of all answers from this address."""
        return sum(size for request, size in self._sizes.items() if self._urls[request] == url)

    def _note_request(self, event: Any) -> None:
        url = event["request"]["url"]
        self._urls[event["requestId"]] = url
        if url.startswith(("http", "ws")) and urlsplit(url).hostname != LOOPBACK:
            self.outside.add(url.partition("?")[0])

    def _note_end(self, event: Any) -> None:
        if event["requestId"] in self._urls:
            self._sizes[event["requestId"]] = int(event["encodedDataLength"])
