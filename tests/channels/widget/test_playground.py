"""The playground: what it offers, what it says to copy, and that nothing typed there is markup."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import quote, urljoin

import httpx
import pytest
from api_client import SURVEY, Api

from harken_server.http.operations import Scope
from harken_server.workspaces.api import make_key

TARGETED = {
    **SURVEY,
    "key": "targeted",
    "touchpoints": [],
    "locale": "en",
    "locales": ["de"],
    "widget": {},
}
PLAIN = {**SURVEY, "key": "plain", "title": "A plain one", "touchpoints": []}
HOSTILE = '"><script>alert(1)</script>'
PUBLIC = "https://feedback.example.com"


class Elements(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.all if name == tag]


@pytest.fixture
async def key(api: Api) -> str:
    assert (await api.push(TARGETED)).status_code == 201
    assert (await api.push(PLAIN)).status_code == 201
    return await new_key(api)


async def new_key(api: Api, scope: Scope = "public") -> str:
    _, secret = await make_key(api.runtime, api.runtime.home, "site", (scope,))
    return secret


def snippet(reply: httpx.Response, name: str) -> str:
    found = re.search(rf'<code id="code-{name}">(.*?)</code>', reply.text, re.DOTALL)
    assert found
    return html.unescape(found[1])


async def test_it_opens_without_a_key_and_says_how_to_make_one(api: Api):
    reply = await api.http.get("/widget/playground")

    assert reply.status_code == 200
    assert "keys create --scope public" in reply.text
    assert not Elements(reply.text).of("iframe")
    assert "set-cookie" not in reply.headers


async def test_it_offers_targeted_surveys_and_any_other_live_one_by_its_key(api: Api, key: str):
    listed = await api.http.get(f"/widget/playground?key={key}")
    named = await api.http.get(f"/widget/playground?key={key}&survey=&other=plain")
    unknown = await api.http.get(f"/widget/playground?key={key}&other=nothing")

    assert ">Your order</option>" in listed.text
    assert "A plain one" not in listed.text
    assert '<option value="plain" selected>A plain one</option>' in named.text
    assert "no live survey of this key" in unknown.text


async def test_what_is_shown_is_what_is_to_be_copied(api: Api, key: str):
    query = f"key={key}&survey=targeted&mode=modal&scheme=dark&locale=de&memory=session"
    page = await api.http.get(f"/widget/playground?{query}")
    (frame,) = Elements(page.text).of("iframe")
    preview = await api.http.get(f"/widget/{frame['src']}")

    (copied,) = Elements(snippet(page, "tag")).of("script")
    shown = next(tag for tag in Elements(preview.text).of("script") if "async" in tag)

    assert copied == shown
    assert copied == {
        "async": None,
        "src": f"{PUBLIC}/widget/v1.js?key={key}&locale=de&survey=targeted",
        "data-survey": "targeted",
        "data-mode": "modal",
        "data-scheme": "dark",
        "data-locale": "de",
        "data-memory": "session",
    }
    assert 'lang="de"' in preview.text


async def test_the_preview_has_the_very_policy_that_the_playground_shows(api: Api, key: str):
    page = await api.http.get(f"/widget/playground?key={key}")
    preview = await api.http.get(f"/widget/preview?key={key}")

    lines = snippet(page, "policy").splitlines()
    policy = [part.strip() + ";" for part in preview.headers["content-security-policy"].split(";")]

    assert lines == [f"script-src {PUBLIC};", f"connect-src {PUBLIC};"]
    assert set(lines) <= set(policy)
    assert "default-src 'none';" in policy
    assert "require-trusted-types-for 'script';" in policy


async def test_the_pinned_tag_names_a_file_and_its_published_integrity(api: Api, key: str):
    page = await api.http.get(f"/widget/playground?key={key}")
    (tag,) = Elements(snippet(page, "pinned")).of("script")
    published = (await api.http.get("/widget/integrity.json")).json()

    assert tag["integrity"] == published[str(tag["src"]).rpartition("/")[2]]
    assert tag["crossorigin"] == "anonymous"
    assert tag["data-key"] == key


async def test_nothing_on_it_is_inline(api: Api):
    reply = await api.http.get("/widget/playground")

    policy = reply.headers["content-security-policy"]
    assert "script-src 'self'; " in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert all(tag.get("src") for tag in Elements(reply.text).of("script"))
    assert " style=" not in reply.text
    assert not re.search(r"\son[a-z]+=", reply.text)


@pytest.mark.parametrize(
    "name", ["key", "survey", "other", "mode", "scheme", "locale", "memory", "device", "waits"]
)
async def test_hostile_parameters_stay_text(api: Api, key: str, name: str):
    for path in ("playground", "preview"):
        query = f"key={key}&{name}={quote(HOSTILE)}"
        plain = Elements((await api.http.get(f"/widget/{path}?key={key}")).text)
        reply = await api.http.get(f"/widget/{path}?{query}")

        assert reply.status_code == 200
        assert HOSTILE not in reply.text
        assert len(Elements(reply.text).of("script")) == len(plain.of("script"))


async def test_a_wrong_key_is_told_beside_the_field(api: Api, key: str):
    reply = await api.http.get("/widget/playground?key=hk_wrong")

    assert "There is no such API key." in reply.text
    (field,) = (item for item in Elements(reply.text).of("input") if item.get("id") == "f-key")
    assert field["aria-invalid"] == "true"
    assert field["value"] == "hk_wrong"


async def test_a_key_that_may_do_more_is_warned_about(api: Api, key: str):
    wide = await api.http.get(f"/widget/playground?key={await new_key(api, 'manage')}")
    narrow = await api.http.get(f"/widget/playground?key={key}")

    assert "Never put it into a page" in wide.text
    assert "Never put it into a page" not in narrow.text


async def test_every_option_of_the_page_has_its_attribute(api: Api, key: str):
    query = f"key={key}&mode=inline&position=top_left"
    page = await api.http.get(f"/widget/playground?{query}")
    preview = await api.http.get(f"/widget/preview?{query}")

    assert 'data-element="#feedback"' in snippet(page, "tag")
    assert '<div id="feedback"></div>' in snippet(page, "tag")
    assert '<div id="feedback"></div>' in preview.text
    assert 'tag.dataset.position = "top_left";' in snippet(page, "gtm")
    assert 'position: "top_left",' in snippet(page, "npm")


async def test_its_files_are_served_and_nothing_is_loaded_from_elsewhere(api: Api, key: str):
    page = Elements((await api.http.get(f"/widget/playground?key={key}")).text)
    loaded = [tag.get("src") or tag.get("href") for kind in ("script", "link", "iframe")
              for tag in page.of(kind)]  # fmt: skip

    for address in loaded:
        reply = await api.http.get(urljoin("/widget/playground", str(address)))
        assert reply.status_code == 200
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "http" not in str(address)
