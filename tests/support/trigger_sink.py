"""A server that decides on triggers and knows whose they were, and programs that send to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

KEY = "hk_test_0123456789"
DECISION = {"id": "d", "asked": False, "reason": "cooldown", "explanation": ""}


class Sink:
    """A real server on a real port that decides on every trigger."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.delay_s = 0.0
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                sent = json.loads(raw)
                triggers = sent.get("triggers", [sent])
                time.sleep(sink.delay_s)
                sink.names += [trigger["respondent"] for trigger in triggers]
                results = [{"status": 201, "decision": DECISION} for _ in triggers]
                reply = {"results": results} if "triggers" in sent else DECISION
                body = json.dumps(reply).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.close()


def environment(sink: Sink) -> dict[str, str]:
    """Of a program that is to send to the sink."""
    return os.environ | {"HARKEN_URL": sink.url, "HARKEN_API_KEY": KEY}


def run(code: str, sink: Sink, **environ: str) -> tuple[int, str, float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(sink) | environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr, time.monotonic() - began
