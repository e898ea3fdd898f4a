"""A site on a loopback port: the pages that carry a widget, and what a vendor would serve."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit


class Reply(NamedTuple):
    """What stands at an address."""

    content_type: str
    body: bytes
    brotli: bytes | None = None


class Site:
    """Answers GET and POST from a table of paths, packed where the browser takes it."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.missed: list[str] = []
        """Addresses that were asked for and are not there."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._server.shutdown()
        self._server.server_close()

    def add(self, replies: Mapping[str, Reply]) -> None:
        """Serve these as well."""
        self.replies.update(replies)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers hang up when a view ends; anything else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = cast("_Server", self.server).site
        self.rfile.read(int(self.headers.get("content-length") or 0))
        reply = site.replies.get(urlsplit(self.path).path)
        if reply is None:
            site.missed.append(self.path)
            self._send(404, "text/plain", b"")
        elif reply.brotli is not None and "br" in self.headers.get("accept-encoding", ""):
            self._send(200, reply.content_type, reply.brotli, "br")
        else:
            self._send(200, reply.content_type, reply.body)

    do_POST = do_GET  # noqa: N815  (the base class's naming)

    def do_OPTIONS(self) -> None:
        self._send(204, "text/plain", b"")

    def _send(self, status: int, content_type: str, body: bytes, encoding: str = "") -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "public, max-age=300")
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "*")
        if encoding:
            self.send_header("content-encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
