"""The widget's config over HTTP: origins, escaping, and nothing private."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from api_client import Api
from widget_site import ANSWERS_TO_PAGES, TARGETED, Site, new_key, push

from harken_server.channels.page.face.surveys import PHRASES
from harken_server.channels.widget.files import SLOT, read_files

ORIGIN = "https://shop.example"
QUESTION_KEYS = {
    "type", "key", "text", "notes", "mark", "required", "show_if", "jumps", "to", "when",
    "options", "value", "label", "name", "own", "alone", "many", "rows", "style", "ends",
    "field", "inputMode", "autocomplete", "placeholder", "unit",
    "max_chars", "min", "max", "is_whole", "pattern", "least", "most", "says",
}  # fmt: skip
LIMITS = {
    "required", "too_long", "too_low", "too_high", "not_whole", "wrong_type", "invalid",
    "too_few_choices", "too_many_choices", "incomplete",
}  # fmt: skip
CONDITION_KEYS = {
    "all", "any", "not", "answer", "row", "context", "is", "isnt", "min", "max", "has", "part",
}  # fmt: skip
PUBLIC_KEYS = QUESTION_KEYS | LIMITS | CONDITION_KEYS | {
    "code", "surveys", "phrases", "locale", "fits",
    "version", "rtl", "language", "title", "button", "intro", "brand", "progress", "questions",
    "endings", "link", "link_label", "look", "shape", "light", "dark", "scheme", "logo", "widget",
    "mode", "position", "element", "opens", "needs", "pages", "locales", "devices", "sample_rate",
    "cooldown", "shown", "dismissed", "answered", "max_shown", "closes_on_navigation",
    "on", "seconds", "percent", "selector", "en", "de", *PHRASES,
}  # fmt: skip
"""Every name that the document may have: the types in widget/src/types.ts and nothing else."""


def inserted(script: httpx.Response) -> str:
    """What stands in the loader in place of the literal; all around it is as it was built."""
    before, after = read_files().packed["v1.js"].body.decode().split(SLOT.decode())
    assert script.text.startswith(before)
    assert script.text.endswith(after)
    return script.text[len(before) : len(script.text) - len(after)]


def told(script: httpx.Response) -> dict[str, Any]:
    return json.loads(inserted(script))


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for item in value.values() for name in names_in(item)}
    if isinstance(value, list):
        return {name for item in value for name in names_in(item)}
    return set()


# The config


async def test_targeted_live_surveys_are_listed_and_named_ones_besides(site: Site, api: Api):
    draft = {**TARGETED, "key": "sketch", "touchpoints": []}
    await push(api, draft)
    await api.http.post("/v1/surveys/sketch/status", json={"status": "draft"})

    listed = await site.config()
    named = await site.config("&survey=post_purchase,unknown,sketch")

    assert [item["key"] for item in listed.json()["surveys"]] == ["targeted"]
    assert [item["key"] for item in named.json()["surveys"]] == ["post_purchase", "targeted"]
    assert "widget" not in named.json()["surveys"][0]


async def test_nothing_private_is_in_the_config(site: Site):
    reply = await site.config("&survey=post_purchase")

    assert names_in(reply.json()) - PUBLIC_KEYS == set()
    for private in ("board", "secret_moment", "order.delivered", "$schema", "base64"):
        assert private not in reply.text


async def test_the_config_is_json_for_a_minute_and_readable_from_anywhere(site: Site):
    reply = await site.config(origin="https://any.example")

    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert ANSWERS_TO_PAGES.items() <= dict(reply.headers).items()
    assert reply.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert "origins" not in reply.json()


async def test_the_same_config_stands_in_the_loader(site: Site):
    script = await site.script("&locale=de")
    config = await site.config("&locale=de")

    assert told(script)["key"] == site.key
    assert told(script)["config"] == config.json()
    assert SLOT not in script.content
    assert script.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["vary"] == "Accept-Encoding"


async def test_a_new_version_and_a_closed_survey_are_seen_at_once(site: Site, api: Api):
    before = await site.config()
    await push(api, {**TARGETED, "title": {"en": "Changed", "de": "Anders"}})
    changed = await site.config("&locale=en")
    await api.http.post("/v1/surveys/targeted/status", json={"status": "closed"})
    closed = await site.config()

    assert changed.json()["surveys"][0]["title"] == "Changed"
    assert changed.json()["surveys"][0]["version"] == 2
    assert closed.json()["surveys"] == []
    assert len({before.headers["etag"], changed.headers["etag"], closed.headers["etag"]}) == 3


@pytest.mark.parametrize(
    ("query", "accepted", "locale", "title"),
    [
        ("&locale=de-AT", "en", "de-AT", "Ihre Bestellung"),
        ("&locale=fr", "de", "fr", "Your order"),
        ("", "fr, de;q=0.8, en;q=0.5", "de", "Ihre Bestellung"),
        ("", "fr", "en", "Your order"),
        ("", "", "en", "Your order"),
    ],
)
async def test_the_page_chooses_the_locale_or_else_the_browser(
    site: Site, query: str, accepted: str, locale: str, title: str
):
    for reply in (await site.config(query, accept_language=accepted),):
        config = reply.json()

        assert config["locale"] == locale
        assert config["surveys"][0]["title"] == title
        assert ("Accept-Language" in reply.headers["vary"]) == (not query)


async def test_text_cannot_end_the_script(site: Site, api: Api):
    hostile = "</script><script>alert(1)</script><!-- \u2028\u2029 \\ ' \" `${1}`"
    await push(api, {**TARGETED, "title": {"en": hostile, "de": hostile}})

    script = await site.script("&locale=en")

    assert told(script)["config"]["surveys"][0]["title"] == hostile
    assert not set("<\u2028\u2029") & set(inserted(script))


# Keys and origins


async def test_other_sites_may_not_use_the_key(site: Site, api: Api):
    bound = Site(api, await new_key(api, ORIGIN))

    own = await bound.config(origin=ORIGIN)
    other = await bound.config(origin="https://evil.example")
    none = await bound.config()

    assert own.headers["access-control-allow-origin"] == ORIGIN
    assert own.headers["vary"] == "Accept-Encoding, Accept-Language, Origin"
    assert ORIGIN not in own.text
    assert (other.status_code, other.json()["code"]) == (403, "origin_not_allowed")
    assert other.headers["content-type"] == "application/problem+json"
    assert other.headers["access-control-allow-origin"] == "*"
    assert none.status_code == 200


async def test_a_script_for_another_site_runs_and_says_why_it_shows_nothing(site: Site, api: Api):
    bound = Site(api, await new_key(api, ORIGIN))

    other = await bound.script(origin="https://evil.example")

    assert other.status_code == 200
    assert told(other)["problem"]["code"] == "origin_not_allowed"
    assert other.headers["cache-control"] == "no-store"


async def test_a_key_with_origins_gives_no_config_to_a_script_that_any_site_may_load(
    site: Site, api: Api
):
    """A16.9: a browser does not say for which site it loads a script, unless it is told to."""
    bound = Site(api, await new_key(api, ORIGIN))

    plain = await bound.script()
    named = await bound.script(origin=ORIGIN)

    assert told(plain)["key"] == bound.key
    assert told(plain)["config"] is None
    assert told(named)["config"]["surveys"]
    assert "Origin" in plain.headers["vary"]


async def test_where_the_widget_sends_is_put_into_the_script_by_the_server(site: Site):
    script = await site.script()

    assert told(script)["server"] == "https://feedback.example.com"


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("hk_unknown", 401, "key_unknown"), ("nonsense", 401, "key_malformed")],
)
async def test_a_wrong_key_is_a_problem_for_programs_and_a_whole_script_for_pages(
    site: Site, key: str, status: int, code: str
):
    config = await site.get(f"/widget/config?key={key}")
    script = await site.get(f"/widget/v1.js?key={key}")

    assert (config.status_code, config.json()["code"]) == (status, code)
    assert (script.status_code, told(script)["problem"]["code"]) == (200, code)
    assert told(script)["key"] == key
    assert told(script)["problem"]["message"]


async def test_a_key_for_reading_is_not_one_for_pages(site: Site, api: Api):
    reply = await Site(api, await new_key(api, scope="read")).config()

    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden_scope")


async def test_a_revoked_key_ends_at_once(site: Site, api: Api):
    assert (await site.config()).status_code == 200
    listed = (await api.http.get("/v1/keys")).json()["keys"]
    (found,) = (item["id"] for item in listed if item["name"] == "site")

    await api.http.delete(f"/v1/keys/{found}")

    assert (await site.config()).json()["code"] == "key_revoked"


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("locale=", "$.locale"),
        ("locale=%3Cb%3E", "$.locale"),
        ("locale=de_AT_x_y_z_w", "$.locale"),
        ("survey=Not-A-Key", "$.survey"),
        ("survey=" + ",".join(["a"] * 21), "$.survey"),
    ],
)
async def test_bad_input_is_named(site: Site, query: str, path: str):
    config = await site.config(f"&{query}")
    script = await site.script(f"&{query}")

    assert (config.status_code, config.json()["code"]) == (400, "bad_parameter")
    assert [problem["path"] for problem in config.json()["problems"]] == [path]
    assert (script.status_code, told(script)["problem"]["code"]) == (200, "bad_parameter")
    assert path in told(script)["problem"]["message"]


async def test_a_config_without_a_key_says_what_is_missing(site: Site):
    reply = await site.get("/widget/config")

    assert reply.status_code == 400
    assert "key" in reply.json()["detail"]


async def test_a_script_minds_only_its_own_parameters(site: Site):
    reply = await site.script("&ver=6.5&locale=de&utm_source=x&key=hk_second")

    assert told(reply)["key"] == site.key
    assert told(reply)["config"]["locale"] == "de"


@pytest.mark.parametrize("noise", ["&".join(["a=b"] * 2000), "%00=%ff&%zz", "key=%00", "=&=&;"])
async def test_no_query_breaks_the_script(site: Site, noise: str):
    for path in ("/widget/v1.js", "/widget/playground", "/widget/preview"):
        reply = await site.get(f"{path}?{noise}&key={site.key}")
        assert reply.status_code == 200
