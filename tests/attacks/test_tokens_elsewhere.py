"""A token opens what it was made for, in the one way it is written, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from api_client import Api
from asgi_caller import Sent, call
from fuzz_shop import open_stage
from fuzz_stage import Stage

from harken_server.app import create_app

TOKEN = re.compile(r"^[\w.-]{20,}$")
SPELLINGS = (
    str.lower, str.upper, str.swapcase, lambda t: t + "=", lambda t: t + "==", lambda t: t + "A",
    lambda t: t[:-1], lambda t: "A" + t, lambda t: t.replace("_", "/").replace("-", "+") + "=",
    lambda t: t + "%20", lambda t: "%20" + t, lambda t: t + "%00", lambda t: t[:-1] + "%41",
    lambda t: f'"{t}"', lambda t: t + "." + t,
)  # fmt: skip
ORIGINS = (
    "null", "", "https://evil.example", "http://shop.example", "https://shop.example.evil.example",
    "https://evilshop.example", "https://shop.example:8443", "https://sub.shop.example",
    "https://shop.exampl\u0435", "https://shop.example@evil.example", "https://evil.example/shop.example",
    "file://", "https://shop.example ,https://evil.example", "HTTPS://SHOP.EXAMPLE.", "https://shop.example%00",
)  # fmt: skip


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path):
    async with open_stage(sqlite_url, tmp_path / "data") as opened:
        yield opened


def signed_links(stage: Stage) -> dict[str, str]:
    """One address with a token for each kind: its path, and the token."""
    found: dict[str, str] = {}
    for link in stage.links:
        path, _, query = link.partition("?token=")
        if (
            path
            and not path.startswith("/results/post_purchase/")
            and TOKEN.match(token := query.partition("&")[0])
        ):
            found.setdefault(path, token)
        elif path.startswith("/u/"):
            found.setdefault("/u/", path.removeprefix("/u/"))
    return found


def address(path: str, token: str) -> bytes:
    return (path + token if path == "/u/" else f"{path}?token={token}").encode()


async def test_no_token_opens_the_gate_of_another(stage: Stage) -> None:
    links = signed_links(stage)
    methods = {path: "POST" if "/hooks/" in path else "GET" for path in links}
    assert len(links) >= 9

    for path, own in links.items():
        opened = await call(stage.app, Sent(methods[path], address(path, own)))
        assert opened.status not in {401, 403, 404}, path
        kind = path.rpartition("/")[0] if "/hooks/sms" in path else path
        for other, token in links.items():
            if other.startswith(kind) or token == own:
                continue
            told = await call(stage.app, Sent(methods[path], address(path, token)))
            assert told.status in {401, 403, 404, 410}, (path, other)
        for device in (stage.keys["device"], stage.keys["manage"], stage.known["token"][0]):
            told = await call(stage.app, Sent(methods[path], address(path, str(device))))
            assert told.status in {401, 403, 404, 410}, path


async def test_no_other_spelling_of_a_token_is_taken(stage: Stage) -> None:
    for path, token in signed_links(stage).items():
        method = "POST" if "/hooks/" in path else "GET"
        for spell in SPELLINGS:
            if unquote(spelled := spell(token)) == token:
                continue
            told = await call(stage.app, Sent(method, address(path, spelled)))
            assert told.status in {400, 401, 403, 404, 410}, (path, spelled)


async def test_a_token_of_a_link_is_no_key(stage: Stage) -> None:
    for token in [*signed_links(stage).values(), stage.keys["device"], *stage.known["token"]]:
        own = (b"authorization", f"Bearer {token}".encode())
        for path in (b"/v1/keys", b"/v1/surveys/post_purchase/responses", b"/v1/surveys"):
            assert (await call(stage.app, Sent("GET", path, (own,)))).status == 401


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_a_site_that_only_looks_like_one_of_a_key_is_refused(live: Api) -> None:
    key = await live.key("public", origins=("https://shop.example",))
    app = create_app(live.runtime)
    target = f"/v1/public/responses?key={key}".encode()
    kind = (b"content-type", b"application/json")
    for origin in ORIGINS:
        said = (b"origin", origin.encode("utf-8"))
        told = await call(app, Sent("POST", target, (kind, said), b"{}"))
        assert told.status in {400, 403}, origin
        allowed = dict(told.headers).get(b"access-control-allow-origin", b"*")
        assert allowed in {b"*", b""}, origin
    own = (b"origin", b"https://shop.example")
    assert (await call(app, Sent("POST", target, (kind, own), b"{}"))).status == 422
