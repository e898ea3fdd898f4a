"""The widget's files over HTTP: caching, codings, integrity."""

from __future__ import annotations

import base64
import gzip
import hashlib

import brotli
import httpx
import pytest
from api_client import Api
from widget_site import ANSWERS_TO_PAGES, PICTURE, Site

from harken_server.channels.widget.files import SLOT

LOGO_PATH = f"/widget/logo/{hashlib.sha256(PICTURE).hexdigest()[:16]}.png"


# The files


async def test_the_plain_loader_is_open_to_every_page_and_kept_for_five_minutes(site: Site):
    reply = await site.get("/widget/v1.js", origin="https://any.example")

    assert reply.status_code == 200
    assert ANSWERS_TO_PAGES.items() <= dict(reply.headers).items()
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert reply.content.count(SLOT) == 1
    assert "set-cookie" not in reply.headers


async def test_names_with_a_digest_are_kept_for_ever(site: Site):
    files = (await site.get("/widget/integrity.json")).json()

    content: dict[str, bytes] = {}
    for name in files.keys() - {"v1.js"}:
        reply = await site.get(f"/widget/{name}")
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert ANSWERS_TO_PAGES.items() <= dict(reply.headers).items()
        content[name] = reply.content
    late = [content[f] for f in sorted(content) if not f.startswith(("survey-", "harken-"))]
    for name in content:
        told = late if content[name] in late else [content[name]]
        assert hashlib.sha256(b"".join(told)).hexdigest()[:10] in name


async def test_the_published_integrity_is_that_of_what_is_served(site: Site):
    reply = await site.get("/widget/integrity.json")

    for name, integrity in reply.json().items():
        content = (await site.get(f"/widget/{name}")).content
        assert integrity == "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


async def test_every_coding_gives_the_same_bytes(site: Site):
    for path in await served_paths(site):
        plain = (await site.get(path)).content
        packed = await raw(site, path, "br, gzip")
        zipped = await raw(site, path, "gzip;q=1, br;q=0")

        assert unpack(packed) == unpack(zipped) == plain
        assert zipped.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"].startswith("Accept-Encoding")


async def test_built_files_are_sent_as_brotli(site: Site):
    for name in (await site.get("/widget/integrity.json")).json():
        reply = await raw(site, f"/widget/{name}", "gzip, deflate, br")

        assert reply.headers["content-encoding"] == "br"


async def test_what_a_browser_has_is_not_sent_again(site: Site):
    for path in [*await served_paths(site), LOGO_PATH]:
        first = await site.get(path)
        again = await site.get(path, if_none_match=f'"other", {first.headers["etag"]}')
        other = await site.get(path, if_none_match='"other"')

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == first.headers["cache-control"]
        assert again.headers["access-control-allow-origin"] == "*"
        assert other.status_code == 200


async def test_head_tells_what_get_would(site: Site):
    for path in [*await served_paths(site), LOGO_PATH]:
        got = await site.get(path)
        head = await site.http.head(path, headers={"accept-encoding": "identity"})

        assert (head.status_code, head.content) == (200, b"")
        assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


@pytest.mark.parametrize(
    "name",
    ["files.json", "v1.js.br", "..%2Fconfig.py", "%2e%2e/%2e%2e/app.py", "harken-0000000000.js",
     "survey-0000000000.js.br", "survey-0000000000.js/", "V1.JS", "logo",
     "logo/..%2f..%2ffiles.json"],
)  # fmt: skip
async def test_nothing_else_of_the_folder_is_served(site: Site, name: str):
    reply = await site.get(f"/widget/{name}")

    assert reply.status_code == 404 or reply.headers["cache-control"] == "no-cache"
    assert b"sha384" not in reply.content


async def test_a_loader_from_before_an_upgrade_gets_todays_survey_code(site: Site):
    files = (await site.get("/widget/integrity.json")).json()
    (name,) = (name for name in files if name.startswith("survey-"))

    older = await site.get("/widget/survey-0123456789.js")

    assert older.content == (await site.get(f"/widget/{name}")).content
    assert older.headers["cache-control"] == "no-cache"


async def test_a_logo_is_served_while_its_survey_is_live(site: Site, api: Api):
    (listed,) = (await site.config()).json()["surveys"]
    assert listed["look"]["logo"] == LOGO_PATH

    reply = await site.get(LOGO_PATH)
    await api.http.post("/v1/surveys/targeted/status", json={"status": "closed"})
    closed = await site.get(LOGO_PATH)

    assert (reply.status_code, reply.content) == (200, PICTURE)
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert ANSWERS_TO_PAGES.items() <= dict(reply.headers).items()
    assert closed.status_code == 404


async def served_paths(site: Site) -> list[str]:
    files = (await site.get("/widget/integrity.json")).json()
    return [
        *(f"/widget/{name}" for name in files),
        "/widget/integrity.json",
        f"/widget/v1.js?key={site.key}",
        f"/widget/config?key={site.key}",
    ]


async def raw(site: Site, path: str, codings: str) -> httpx.Response:
    """The reply with its body left as it was sent."""
    request = site.http.build_request("GET", path, headers={"accept-encoding": codings})
    reply = await site.http.send(request, stream=True)
    reply.extensions["raw"] = b"".join([part async for part in reply.aiter_raw()])
    return reply


def unpack(reply: httpx.Response) -> bytes:
    sent: bytes = reply.extensions["raw"]
    assert int(reply.headers["content-length"]) == len(sent)
    return (brotli if reply.headers["content-encoding"] == "br" else gzip).decompress(sent)
