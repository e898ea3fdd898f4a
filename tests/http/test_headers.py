"""The table of headers, looked up on every route there is, whoever answers there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import SURVEY, Api

from harken_server.http.gateway.guards import ALWAYS, NO_PAGE, Guards
from harken_server.routes import FAST, KEYED, PUBLIC

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
MAY_BE_KEPT = re.compile(
    r"/(|docs|favicon\.ico|openapi\.json|(schema|widget|kiosk)(/.*)?|[sierSIER](/.*)?|(sheets|odata)/.*)"
)
"""What is there everybody knows, but for what its own reader keeps."""
KEPT_BY_ITS_READER = re.compile(r"/[sierSIER](/[^/]*)?|/(sheets|odata)/.*")
"""Pages of a survey and answers that a spreadsheet asks for again: see decision 17."""
ONE_EACH = (
    *(name.decode() for name, _ in ALWAYS),
    "content-security-policy",
    "cross-origin-resource-policy",
    "strict-transport-security",
)


def every_request() -> Iterator[tuple[str, str]]:
    """Each method of each route, and what no route takes."""
    for prefix, routes in (("/v1", KEYED), ("", PUBLIC)):
        for route in routes:
            for path in sorted(route.paths):
                for method in sorted({*route.http_methods, "HEAD", "OPTIONS", "DELETE"}):
                    yield str(method), prefix + path
    for fast in FAST:
        for method in ("GET", "POST", "OPTIONS", "PUT"):
            yield method, fast.path
    yield from (("GET", "/nothing"), ("POST", "/v1/nothing"), ("GET", "/a%00b"), ("GET", "/%ff"))


AT_THE_DOOR = ("/sign-in", "/sign-out", "/set-up/", "/join/", "/reset", "/guest/")
"""Their forms have no session's token yet: the browser must say that our own page sent them."""


def look_at(reply: httpx.Response) -> None:
    """What holds of every answer."""
    said = reply.request.method, reply.request.url.path, reply.status_code
    names = [name.lower() for name, _ in reply.headers.raw]
    for name in ONE_EACH:
        assert names.count(name.encode()) == 1, (said, name)
    headers = reply.headers
    assert headers["x-content-type-options"] == "nosniff", said
    is_door = reply.request.url.path.startswith(AT_THE_DOOR)
    told = {"no-referrer", "same-origin"} if is_door else {"no-referrer"}
    assert headers["referrer-policy"] in told, said
    assert headers["cross-origin-opener-policy"] == "same-origin", said
    assert headers["strict-transport-security"].startswith("max-age=31536000"), said
    assert "default-src 'none'" in headers["content-security-policy"], said
    assert headers.get("content-type", "").count("charset") <= 1, said
    kept = headers["cache-control"]
    if "no-store" not in kept:
        assert MAY_BE_KEPT.fullmatch(reply.request.url.path), (said, kept)
        assert reply.status_code < 400 or reply.status_code == 422, said
    if kept == "private, no-cache":
        assert KEPT_BY_ITS_READER.fullmatch(reply.request.url.path), said
    if said[1].startswith(("/sheets/", "/odata/")):
        assert kept in {"private, no-cache", "no-store"}, (said, kept)
    is_open = headers["cross-origin-resource-policy"] == "cross-origin"
    if "access-control-allow-origin" in headers:
        assert is_open, said
    if headers.get("content-type", "").startswith("application/json") and not is_open:
        assert headers["content-security-policy"] == NO_PAGE.decode(), said


@ON_SQLITE
async def test_every_route_has_the_headers_of_the_table(live: Api) -> None:
    for method, template in every_request():
        path = re.sub(r"\{(\w+)[^}]*\}", "post_purchase", template)
        ends = {"events": "1"} if path.endswith("/live") else None  # else it goes on for ever
        asked = {"headers": {"origin": "https://shop.example"}, "params": ends}
        look_at(await live.http.request(method, path, **asked))


async def good_answers(api: Api) -> list[httpx.Response]:
    """What holds a token or an answer, and what other sites load."""
    http, key = api.http, await api.key("public")
    decision = (await api.trigger(touchpoint="order.delivered", respondent="a")).json()
    code = decision["invitation"]["code"]
    links = [
        (await http.post(f"/v1/surveys/post_purchase/{kind}-link", json={})).json()["url"]
        for kind in ("results", "export")
    ]
    answer = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 3}}
    public = [
        await http.post("/v1/public/responses", json=answer),
        await http.options("/v1/public/responses"),
        *[await http.get(url.removeprefix("https://feedback.example.com")) for url in links],
    ]
    paths = (
        "/v1/surveys", "/v1/surveys/post_purchase/responses", "/v1/surveys/post_purchase/scores",
        "/v1/surveys/post_purchase/export.csv", "/v1/surveys/post_purchase/export.jsonl",
        "/s/post_purchase", f"/i/{code}", f"/i/{code}/qr.svg", f"/i/{code}/qr.png",
        "/widget/v1.js", f"/widget/v1.js?key={key}", f"/widget/config?key={key}", "/kiosk",
        "/kiosk/icon.svg", "/kiosk/worker.js", "/docs", "/openapi.json", "/", "/healthz",
        "/widget/playground", "/r", "/schema/survey-1.json",
    )  # fmt: skip
    return public + [await http.get(path) for path in paths]


@ON_SQLITE
async def test_good_answers_have_them_too(live: Api) -> None:
    for reply in await good_answers(live):
        look_at(reply)
        assert reply.status_code in {200, 201, 204}, reply.request.url


@ON_SQLITE
async def test_what_other_sites_load_stays_loadable(live: Api) -> None:
    for reply in await good_answers(live):
        path = reply.request.url.path
        is_theirs = path.startswith(("/widget/v1", "/widget/config", "/i/")) and path.count("/") > 1
        if is_theirs and not re.fullmatch("/i/[^/]*", path):
            assert reply.headers["cross-origin-resource-policy"] == "cross-origin", path


@ON_SQLITE
async def test_a_page_that_a_site_may_frame_is_not_held_to_this_site(api: Api) -> None:
    framed: dict[str, Any] = {**SURVEY, "presentation": {"framed_by": ["https://a.example"]}}
    pushed = await api.http.post("/v1/surveys", json=framed)
    page = await api.http.get("/s/post_purchase")

    assert pushed.status_code == 201, pushed.text
    assert page.headers["cross-origin-resource-policy"] == "cross-origin"


def test_hsts_is_said_only_under_an_https_address() -> None:
    assert b"strict-transport-security" in dict(Guards("https://a.example").complete(()))
    assert b"strict-transport-security" not in dict(Guards("http://a.example").complete(()))


def test_what_a_route_says_itself_is_not_said_twice() -> None:
    own = [(b"cache-control", b"public"), (b"content-security-policy", b"sandbox")]
    completed = Guards("https://a.example").complete(own)

    names = [name.lower() for name, _ in completed]
    assert len(names) == len(set(names))
    assert completed[:2] == own
