"""Requests for every route, half of them good at first, made odd in one place or several.

A request depends only on the seed, its number and the stage, so that one that failed can be sent
again alone; it is also printed whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode

from asgi_caller import Sent
from fuzz_shapes import Shapes
from fuzz_stage import PUBLIC, Stage
from fuzz_tricks import mutate, odd_text, spoil_bytes

from harken_server.app import build_routes
from harken_server.reference.openapi import build_document
from harken_server.routes import FAST

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
MEDIA = (
    "application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "*/*",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/yaml", "application/toml", "text/csv; charset=nonsense", "message/rfc822", "",
    "APPLICATION/JSON;;;", "application/x-msgpack", "text/html", "application/json, text/plain",
)  # fmt: skip
HEADERS = (
    ("accept", ("*/*", "application/json", "text/csv;q=0", "image/svg+xml", "\xff", ",,;q=9")),
    ("accept-encoding", ("gzip, br", "br;q=1e9", "identity;q=0", "*;q=0", "\xff")),
    ("accept-language", ("de", "ar,en;q=0.1", "zz-" + "x" * 500, "*", "de;q=nan", "\xff,;q")),
    ("authorization", ("Bearer", "Bearer ", "Basic eDp5", "Bearer \xff", "Bearer a b", "bearer x")),
    ("content-encoding", ("gzip", "br", "identity", "deflate, gzip", "x")),
    ("content-length", ("0", "5", "-1", "99999999999999999999", "x")),
    ("cookie", ("a=b", "=", "\xff")),
    ("forwarded", ("for=1.2.3.4;host=evil.example", ";;")),
    ("host", ("evil.example", "", "[::1", "x" * 400)),
    ("idempotency-key", ("a", "a" * 300, "\xff\xfe", " ", "x\ty", "0" * 64)),
    ("if-modified-since", ("never", "Sat, 31 Feb 2026 25:61:61 GMT")),
    ("if-none-match", ("*", 'W/"x"', '"', '"a","b"', "\xff")),
    ("origin", ("null", "https://evil.example", "https://x:99999", "http://[::", "\xff", "")),
    ("prefer", ("return=minimal",)),
    ("range", ("bytes=0-0", "bytes=9-1", "bytes=-1")),
    ("referer", ("https://evil.example/\xff", "javascript:alert(1)")),
    ("sec-fetch-site", ("cross-site", "\xff")),
    ("user-agent", ("", "Mozilla/5.0", "\xff" * 50, "curl/8", "x" * 3000)),
    ("x-forwarded-for", ("1.2.3.4", "::::", "a, b, c", "1.2.3.4:99999", "\xff")),
    ("x-forwarded-proto", ("https", "javascript")),
    ("x-request-id", ("a", "x" * 500, "a\xffb")),
    ("access-control-request-method", ("POST", "X", "\xff")),
    ("access-control-request-headers", ("authorization", "x" * 900)),
)  # fmt: skip
WEIGHTS = {"OPTIONS": 1, "HEAD": 1, "DELETE": 2, "POST": 10, "PUT": 8, "PATCH": 8}
"""What may store something is asked more often than what only names its methods."""
KEYED = "manage"
SIGNED = ("/results/", "/export/", "/mail-preview/", "/v1/hooks/mail/", "/v1/hooks/sms/")
"""Paths that a token in the address opens."""
IDS = {"response_id": "responses.id", "device_id": "devices.id", "key_id": "keys.id",
       "delivery_id": "deliveries.id"}  # fmt: skip
"""Which list of the API holds what a piece of a path names."""


Pairs: TypeAlias = list[tuple[str, Any]]


class Route(NamedTuple):
    """One method of one path, and what the description of the API says of it."""

    method: str
    template: str
    said: Mapping[str, Any]


def all_routes() -> list[Route]:
    """Every route of the application, those before the framework too."""
    paths = build_document(build_routes(), PUBLIC)["paths"]
    found = {
        (method, _plain(route.path)) for route in build_routes().routes for method in route.methods
    }
    for fast in FAST:
        found |= {
            (method, fast.path) for method in ((fast.method,) if fast.method else METHODS[:3])
        }
    return [
        Route(method, path, paths.get(path, {}).get(method.lower(), {}))
        for method, path in sorted(found)
    ]


def _plain(path: str) -> str:
    return path.replace(":str}", "}")


class Requests:
    """Makes the request of a number."""

    def __init__(self, stage: Stage, seed: int) -> None:
        document = build_document(build_routes(), PUBLIC)
        self._stage = stage
        self._seed = seed
        self._shapes = Shapes(document["components"]["schemas"], stage.known)
        routes = all_routes()
        self._routes = routes
        self._weights = [
            WEIGHTS.get(route.method, 4) * (1 if route.said or route.method == "OPTIONS" else 2)
            for route in routes
        ]

    def make(self, number: int) -> Sent:
        """The request with this number; the same each time."""
        rng = Random(self._seed << 32 | number)
        [route] = rng.choices(self._routes, self._weights)
        method = route.method if rng.random() < 0.93 else rng.choice(METHODS)
        media, body = (
            self._body(route, rng) if method != "GET" or rng.random() < 0.05 else ("", b"")
        )
        headers = [("host", "feedback.example.com"), *self._headers(route, rng)]
        if media or rng.random() < 0.1:
            headers.append(("content-type", media if rng.random() < 0.9 else rng.choice(MEDIA)))
        raw = tuple((name.encode(), value.encode("latin-1", "replace")) for name, value in headers)
        pieces = 1 if rng.random() < 0.95 else rng.randint(2, 9)
        return Sent(method, self._target(route, rng), raw, body, pieces)

    def _headers(self, route: Route, rng: Random) -> list[tuple[str, str]]:
        keys = self._stage.keys
        headers: list[tuple[str, str]] = []
        right = keys["device"] if "/kiosk/" in route.template else keys[KEYED]
        match rng.randrange(12):
            case 0:
                pass
            case 1 | 2 | 3:
                headers.append(("authorization", f"Bearer {rng.choice(list(keys.values()))}"))
            case 4:
                token = str(rng.choice(self._stage.known["token"]))
                headers.append(("authorization", f"Bearer {token}"))
            case _:
                headers.append(("authorization", f"Bearer {right}"))
        while rng.random() < 0.25:
            name, values = rng.choice(HEADERS)
            headers.append((name, rng.choice(values)))
        if rng.random() < 0.02:
            headers += headers
        return headers

    def _target(self, route: Route, rng: Random) -> bytes:
        if self._stage.links and rng.random() < 0.12:
            return self._spoiled_link(rng)
        path = "/".join(self._piece(piece, rng) for piece in route.template.split("/"))
        pairs: Pairs = []
        if route.template.partition("{")[0] in SIGNED and rng.random() < 0.85:
            path, pairs = self._signed(route, rng)
        if rng.random() < 0.03:
            path = rng.choice((path + "/", "/" + path, path + "/x", path + ";a=1", path.upper(),
                               path + "/..", path + "%2f", path + "%00", "/." + path, path + "%ff",
                               path.replace("/", "//"), path + "%", path + "#a"))  # fmt: skip
        query = self._query(route, pairs, rng)
        return (path + ("?" + query if query else "")).encode("ascii", "ignore")

    def _signed(self, route: Route, rng: Random) -> tuple[str, Pairs]:
        """A path of the route with the token that opens it, and what else its link says."""
        start, depth = route.template.partition("{")[0], route.template.count("/")
        links = [link for link in self._stage.links if link.startswith(start) and "?token=" in link]
        path, _, query = rng.choice(links).partition("?")
        if path.count("/") < depth:
            path += "/" + quote(str(rng.choice(self._stage.known["file"])))
        return "/".join(path.split("/")[: depth + 1]), parse_qsl(query)

    def _piece(self, piece: str, rng: Random) -> str:
        if not piece.startswith("{"):
            return piece
        name = IDS.get(piece[1:-1], piece[1:-1])
        known = self._stage.known.get(name) or self._stage.known["id"]
        if rng.random() < 0.8:
            return quote(str(rng.choice(known)), safe="")
        return quote(odd_text(rng).encode("utf-8", "surrogatepass"), safe="")

    def _query(self, route: Route, pairs: Pairs, rng: Random) -> str:
        for parameter in route.said.get("parameters", ()):
            name = parameter["name"]
            if parameter["in"] != "query" or rng.random() < 0.5:
                continue
            is_key = name == "key"
            drawn = self._shapes.draw(parameter.get("schema", {}), rng, name)
            pairs.append((name, self._stage.keys["public"] if is_key else drawn))
        if route.template.startswith("/widget") and rng.random() < 0.5:
            pairs.append(("key", self._stage.keys["public"]))
        if rng.random() < (0.35 if route.said else 0.6):
            pairs = self._odd_pairs(pairs, rng)
        return urlencode([(name, _text(value)) for name, value in pairs], errors="surrogatepass")

    def _odd_pairs(self, pairs: Pairs, rng: Random) -> Pairs:
        names = [name for name, _ in pairs] * 5 + sorted(self._stage.asked)
        pairs = [
            (name, odd_text(rng) if rng.random() < (0.05 if name == "token" else 0.4) else value)
            for name, value in pairs
        ]
        pairs += [(rng.choice(names), odd_text(rng)) for _ in range(rng.randint(1, 6))]
        if rng.random() < 0.1:
            pairs += [(odd_text(rng), odd_text(rng))] * rng.choice((1, 2, 200))
        return pairs

    def _spoiled_link(self, rng: Random) -> bytes:
        """An address that the server made, or one a letter away from it."""
        link = rng.choice(self._stage.links)
        if rng.random() < 0.6:
            return link.encode()
        at = rng.randrange(1, len(link))
        changed = rng.choice((link[:at], link[:at] + "A" + link[at + 1 :], link + "&" + urlencode(
            {rng.choice(("question", "locale", "part", "device", "from")): odd_text(rng)},
            errors="surrogatepass"), link[:at] + "%0d%0aX:y" + link[at:], link.upper(),
            link + quote(odd_text(rng).encode("utf-8", "surrogatepass"))))  # fmt: skip
        return changed.encode("ascii", "ignore")

    def _body(self, route: Route, rng: Random) -> tuple[str, bytes]:
        media, body = self._good_body(route, rng)
        kind = rng.random()
        if kind < 0.15:
            return media, _encoded(media, body)
        if kind < 0.75 and not isinstance(body, bytes):
            return media, _encoded(media, mutate(body, rng))
        return media, spoil_bytes(_encoded(media, body), rng)

    def _good_body(self, route: Route, rng: Random) -> tuple[str, Any]:
        examples = self._stage.bodies.get((route.method, route.template), ())
        if examples and rng.random() < 0.6:
            media, raw = rng.choice(examples)
            return media, json.loads(raw) if media == "application/json" else raw
        content = route.said.get("requestBody", {}).get("content", {})
        if not content:
            return "application/x-www-form-urlencoded", self._form(rng)
        media, schema = rng.choice(list(content.items()))
        if schema.get("schema", {}).get("type") == "string" and examples:
            return media, rng.choice(examples)[1]
        return media, self._shapes.draw(schema.get("schema", {}), rng)

    def _form(self, rng: Random) -> dict[str, Any]:
        hidden = rng.choice(self._stage.known["form"])
        answers = {"a_recommend": "9", "a_why": "Because.", "a_reason": "other", "go": "next"}
        return {**hidden, **{n: v for n, v in answers.items() if rng.random() < 0.7}}


def _encoded(media: str, body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if media.startswith("application/x-www-form") and isinstance(body, dict):
        pairs = [(_text(name), _text(value)) for name, value in body.items()]
        return urlencode(pairs, errors="surrogatepass").encode()
    return json.dumps(body).encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
