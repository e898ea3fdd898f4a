"""A site that carries the widget: pages of any kind on an origin that is not Harken's."""

from __future__ import annotations

import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

REPORTS = "/policy-reports"


class Answer(NamedTuple):
    """What the site answers for a path."""

    body: bytes
    headers: dict[str, str]


class Received(NamedTuple):
    """What the site was sent."""

    method: str
    path: str
    body: bytes


class HostSite:
    """Pages on `http://localhost:…`, another site for a browser than Harken's 127.0.0.1."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._answers: dict[str, Answer] = {}
        self._hanging: set[str] = set()
        self._ended = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

            def log_message(self, *_: object) -> None:
                pass

            def _answer(self, sent: bytes) -> None:
                path = urlsplit(self.path).path
                site.received.append(Received(self.command, self.path, sent))
                if path in site._hanging:
                    site._ended.wait(60)
                answer = site._answers.get(path)
                body = answer.body if answer else b""
                self.send_response(200 if answer else 204)
                for name, value in (answer.headers if answer else {}).items():
                    self.send_header(name, value)
                if answer:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def put(
        self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str
    ) -> str:
        """Answer `path` with this; gives the address. `content_type` and so on name headers."""
        named = {"content-type": kind} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self._answers[urlsplit(path).path] = Answer(
            body.encode() if isinstance(body, str) else body, named
        )
        return self.url + path

    def hang(self, path: str) -> str:
        """Never answer `path`; gives the address."""
        self._hanging.add(path)
        return self.url + path

    def reports(self) -> list[str]:
        """What browsers reported against the policies of the pages."""
        return [one.body.decode() for one in self.received if one.path == REPORTS]

    def close(self) -> None:
        """Stop answering."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()


def widget_tag(server: str, key: str, nonce: str = "", **options: str) -> str:
    """The tag that people paste. Options are those of the tag: `data_memory="local"`.

    `locale` and `survey` go into the address, where the server reads them.
    """
    query = {
        "key": key,
        **{name: options.pop(name) for name in ("locale", "survey") if name in options},
    }
    attributes = {"src": f"{server}/widget/v1.js?{urlencode(query)}"}
    attributes |= {name.replace("_", "-"): value for name, value in options.items()}
    if nonce:
        attributes["nonce"] = nonce
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<script async {written}></script>"


def page_of(
    body: str, head: str = "", *, doctype: str = "<!doctype html>", html: str = 'lang="en"'
) -> str:
    """A page with a title, a heading and some text, so that accessibility checks have a page."""
    return (
        f"{doctype}<html {html}><head><meta charset=utf-8><title>A shop</title>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"{head}</head><body><main><h1>A shop</h1><p>Coffee, and more coffee.</p></main>"
        f"{body}</body></html>"
    )
