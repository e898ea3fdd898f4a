"""A small page of a host that opens one survey with the shipped survey code, without a loader."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

import harken_server.channels.widget
from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.surveys.survey import Survey

FILES = Path(harken_server.channels.widget.__file__).parent / "files"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>body{font:16px/1.5 sans-serif;margin:8px}</style><link rel="icon" href="data:,"></head>
<body><main><h1>A shop</h1><p>Things to buy. <button id="buy">Buy</button>
<button id="help">Help</button></p><div id="here"></div><p id="below">More things.</p></main>
<script type="module">
import {fetchFor, open, rules} from "/survey.js";
let shown = null;
const told = [];
onkeydown = event => told.push(["key", event.key]);
new PerformanceObserver(list => list.getEntries().forEach(({hadRecentInput, value}) =>
  hadRecentInput || told.push(["shift", value]))).observe({type: "layout-shift", buffered: true});
window.harkenTest = {told, close: () => shown.close(),
  canSend: () => !!rules.late.makeOutbox, async start(ask) {
  await fetchFor(ask);
  const host = document.createElement("harken-survey");
  document.querySelector(ask.mode === "inline" ? "#here" : "html").append(host);
  shown = open({...ask, host, server: location.origin, key: "hk_test",
    tell: (...event) => told.push(event), gone: () => { host.remove(); told.push(["gone"]); }});
}};
</script></body></html>"""


class WidgetPage:
    """The page's address, what was sent from it, and how that is answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sent: list[dict[str, Any]] = []
        self.reply: tuple[int, dict[str, Any]] = (201, {})
        self.delay_s = 0.0
        self.missing = "?"
        """Late files that begin so cannot be had."""


@contextlib.contextmanager
def widget_page() -> Iterator[WidgetPage]:
    """Serves the page on a loopback port."""
    names = json.loads((FILES / "files.json").read_text("utf-8"))
    code = (FILES / names["survey"]).read_bytes()
    late = set(names["late"].values())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/survey.js":
                self._answer(code, "text/javascript")
            elif self.path[1:].startswith(page.missing):
                self._answer(b"", "text/plain", 503)
            elif self.path[1:].rstrip("?") in late:
                self._answer((FILES / self.path[1:].rstrip("?")).read_bytes(), "text/javascript")
            elif self.path == "/":
                self._answer(PAGE.encode(), "text/html")
            else:
                self._answer(b"", "text/plain", 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            page.sent.append(json.loads(body))
            status, document = page.reply
            time.sleep(page.delay_s)
            self._answer(json.dumps(document).encode(), "application/json", status)

        def _answer(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    page = WidgetPage(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def ask_for(survey: dict[str, Any], locale: str = "en", **parts: Any) -> dict[str, Any]:
    """What the loader hands to `open`, for a survey's definition; `parts` replace parts of it."""
    shown = survey_config(msgspec.convert(survey, Survey), 1, locale)
    return {
        "survey": shown,
        "phrases": phrases_config(shown["language"]),
        "mode": "popover",
        "position": "bottom_right",
        "scheme": "auto",
        "wanted": False,
        "context": {},
        **parts,
    }
