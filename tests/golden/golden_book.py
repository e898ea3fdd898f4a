"""A record of exchanges as text that reads well in a diff.

Ids and cursors stand as `<id-1>` and `<cursor>`, since how they are made may change; everything
else stands as it was sent. What is large and not for reading stands as its length and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import httpx

RULE = "=" * 80
UNTOLD = {"content-length", "x-request-id", "date"}
"""Headers that say nothing of their own, or something new each time."""
USUAL = {*UNTOLD, "referrer-policy", "x-content-type-options"}
MAX_INLINE = 400
MAX_TEXT = 400_000
TEXTS = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg",
         "application/schema+json", "application/manifest+json", "application/x-ndjson",
         "application/jsonl", "application/openapi", "message/")  # fmt: skip
HASHED = ("text/javascript", "application/javascript", "text/css")
INLINE = re.compile(r"(<(style|script)\b[^>]*>)(.*?)(</\2>)", re.DOTALL)
DATA_URL = re.compile(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]{200,}")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
CLEARED = re.compile(r'("cleared": ?)(true|false)')
"""What PostgreSQL cannot promise of its files."""
ASSET = re.compile(r"(/assets/)[0-9a-f]{16}(/)")
"""A style sheet is watched by its own tests: no change of it changes every page here."""
STATE = re.compile(r'W/"[0-9a-f]{24}"')
"""An ETag made of ids and positions."""
FEED_TAG = re.compile(r"(private, no-cache\n(?:[^\n]+\n)*?etag: )W/\"[0-9a-f]{20}\"")
"""It follows from places in the feed, of which each database has its own."""
CURSOR = re.compile(r'("cursor": ?"|[?&](?:amp;)?(?:after|before)=|\nid: )([^"&> \n]+)')


class Book:
    """What one scenario recorded so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._ids: dict[str, str] = {}

    def write(self, title: str, *paragraphs: str) -> None:
        """Add an entry."""
        text = "\n\n".join(part for part in (title, *paragraphs) if part)
        self._parts.append(f"{RULE}\n{text}\n")

    def exchange(
        self, request: httpx.Request, reply: httpx.Response, who: str, *, is_brief: bool = False
    ) -> None:
        """Add a request and its answer, of which `is_brief` leaves the body's digest."""
        path = request.url.raw_path.decode("ascii")
        asked = [f"{request.method} {path}{who}"]
        asked += [
            f"> {name}: {value}"
            for name, value in request.headers.items()
            if name not in {"host", "accept", "accept-encoding", "connection", "user-agent"}
            and name not in {"authorization", "content-length"}
        ]
        told = [f"{reply.status_code}"]
        pairs = [_header(*pair) for pair in reply.headers.multi_items()]
        told += [f"{name}: {value}" for name, value in sorted(pairs) if name not in UNTOLD]
        sent = asked_for(request.content)
        kind = reply.headers.get("content-type", "")
        body = digest(reply.content) if is_brief else shown(reply.content, kind)
        if path == "/openapi.json" and body:
            body = lines_of_openapi(reply.content)
        self.write("\n".join(asked), sent, "\n".join(told), body)

    def line(self, request: httpx.Request, reply: httpx.Response, who: str) -> None:
        """Add a request and its answer on a few lines."""
        path = request.url.raw_path.decode("ascii")
        pairs = [_header(*pair) for pair in reply.headers.multi_items()]
        told = "; ".join(f"{name}: {value}" for name, value in sorted(pairs) if name not in USUAL)
        body = reply.content
        text = body.decode("utf-8", "replace") if len(body) < MAX_INLINE else digest(body)
        self._parts.append(f"{request.method} {path}{who}\n{reply.status_code} {told}\n{text}\n\n")

    def text(self) -> str:
        """All of it, with ids by the order in which they are read."""
        whole = "".join(self._parts).replace("\r", "<CR>")
        whole = UUID.sub(self._named, whole)
        whole = ASSET.sub("/assets/<digest>/", whole)
        whole = CLEARED.sub(r"\1<by database>", whole)
        whole = ASSET.sub(r"\1<digest>\2", whole)
        whole = STATE.sub('W/"<state>"', whole)
        whole = FEED_TAG.sub(r"\1<by feed>", whole)
        return CURSOR.sub(r"\1<cursor>", whole)

    def _named(self, found: re.Match[str]) -> str:
        return self._ids.setdefault(found[0], f"<id-{len(self._ids) + 1}>")


OF_LIBRARIES = (
    "application/vnd.openxmlformats", "application/vnd.apache.parquet", "application/x-spss-sav",
)  # fmt: skip
"""Files whose bytes are as the version of a library has them, or say when they were made."""


def asked_for(body: bytes) -> str:
    """The body of a request, on one line and shortened: it is the scenario's, not ours to watch."""
    text = body.decode("utf-8", "backslashreplace")
    return text if len(text) < MAX_INLINE else f"{text[:MAX_INLINE]}… {digest(body)}"


def shown(body: bytes, kind: str) -> str:
    """A body for people: JSON with a line for each value, pages without what is repeated."""
    if not body:
        return ""
    if kind.startswith(OF_LIBRARIES):
        return "<a file>"
    is_text = not kind or kind.startswith(TEXTS) or "form-urlencoded" in kind
    if kind.startswith(HASHED) or not is_text or len(body) > MAX_TEXT:
        return digest(body)
    text = body.decode("utf-8", "backslashreplace")
    if "json" in kind and "ndjson" not in kind and "jsonl" not in kind:
        return pretty(text)
    if kind.startswith("text/html"):
        text = INLINE.sub(_inlined, text)
    return DATA_URL.sub(lambda found: f"data:{digest(found[0].encode())}", text)


def pretty(text: str) -> str:
    """JSON with a line for each value; what is none stays as it is."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        return text
    return _short(json.dumps(value, indent=1, ensure_ascii=False))


def lines_of_openapi(body: bytes) -> str:
    """A line for each operation and each schema, by name: their order is not promised."""
    document: dict[str, Any] = json.loads(body)
    paths: dict[str, dict[str, Any]] = document.pop("paths")
    schemas: dict[str, Any] = document["components"].pop("schemas")
    parts = {
        f"{path} {method}": each for path, found in paths.items() for method, each in found.items()
    }
    told = [("", document), *sorted(parts.items()), *sorted(schemas.items())]
    return "\n".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in told)


def digest(body: bytes) -> str:
    """What stands for a body that is not for reading, whatever the addresses of its assets and the
    places at which lists go on."""
    text = CURSOR.sub(r"\1<cursor>", ASSET.sub(r"\1<digest>\2", body.decode("latin-1")))
    body = text.encode("latin-1")
    return f"<{len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()}>"


def _header(name: str, value: str) -> tuple[str, str]:
    """A header; the framework keeps the methods of a route in no order."""
    if name.lower() == "allow":
        value = ", ".join(sorted(value.split(", ")))
    return name.lower(), value


def _inlined(found: re.Match[str]) -> str:
    start, _, inner, end = found.groups()
    return found[0] if len(inner) < MAX_INLINE else f"{start}{digest(inner.encode())}{end}"


def _short(text: str) -> str:
    return DATA_URL.sub(lambda found: f"data:{digest(found[0].encode())}", text)
