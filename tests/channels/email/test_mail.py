"""Previews of a survey's e-mail, and snippets for somebody else's mail service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest
from api_client import SURVEY, Api

GERMAN = {
    **SURVEY,
    "locales": ["de"],
    "title": {"en": "Your order", "de": "Ihre Bestellung"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": {"en": "Recommend?", "de": "Empfehlen?"}}
    ],
}


@pytest.fixture
async def german(api: Api) -> Api:
    reply = await api.push(GERMAN)
    assert reply.status_code == 201, reply.text
    return api


def local(url: str) -> str:
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc) == ("https", "feedback.example.com")
    return f"{parts.path}?{parts.query}"


async def test_a_preview_tells_all_parts_and_where_to_look(german: Api) -> None:
    reply = await german.http.get(
        "/v1/surveys/post_purchase/mail-preview", params={"locale": "de", "kind": "reminder"}
    )

    assert reply.status_code == 200, reply.text
    mail = reply.json()
    assert mail["subject"] == "Erinnerung: Ihre Bestellung"
    assert (mail["locale"], mail["direction"]) == ("de", "ltr")
    assert (mail["from_name"], mail["brand"]) == ("Shop", "Shop")
    assert "Shop" in mail["text"].splitlines()[0]
    assert "https://feedback.example.com/e/0000000000004?a=10" in mail["html"]
    assert "https://feedback.example.com/e/0000000000004?a=10" in mail["text"]
    assert mail["expires_at"] == "2026-11-28T12:00:00Z"


@pytest.mark.parametrize(("part", "kind"), [("html", "text/html"), ("text", "text/plain")])
async def test_one_part_comes_alone(german: Api, part: str, kind: str) -> None:
    url = "/v1/surveys/post_purchase/mail-preview"
    whole = (await german.http.get(url)).json()
    reply = await german.http.get(url, params={"part": part})

    assert reply.text == whole[part]
    assert reply.headers["content-type"].startswith(kind)
    assert "sandbox" in reply.headers["content-security-policy"]


async def test_the_link_shows_the_message_without_a_key(german: Api) -> None:
    mail = (await german.http.get("/v1/surveys/post_purchase/mail-preview")).json()
    address = local(mail["preview_url"])

    page = await german.http.get(address, headers={"authorization": ""})
    frame = await german.http.get(
        f"{address}&part=frame&scheme=dark&locale=de", headers={"authorization": ""}
    )

    assert page.status_code == 200
    assert "<iframe sandbox" in page.text
    assert mail["subject"] in page.text
    assert "a=10" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "Empfehlen?" in frame.text
    assert "@media all{.hk-page" in frame.text
    assert "prefers-color-scheme" not in frame.text
    assert frame.headers["content-security-policy"].endswith("sandbox")
    assert frame.headers["x-frame-options"] == "SAMEORIGIN"


async def test_nonsense_in_a_preview_link_is_as_if_not_said(german: Api) -> None:
    address = local(
        (await german.http.get("/v1/surveys/post_purchase/mail-preview")).json()["preview_url"]
    )

    page = await german.http.get(f"{address}&kind=%3Cb%3E&device=9&scheme=&locale=xx")

    assert page.status_code == 200
    assert "<b>" not in page.text


@pytest.mark.parametrize("spoil", ["", "x", "/mail-preview/other?token="])
async def test_a_forged_preview_link_shows_nothing(german: Api, spoil: str) -> None:
    good = (await german.http.get("/v1/surveys/post_purchase/mail-preview")).json()["preview_url"]
    token = good.partition("token=")[2]
    address = spoil + token if spoil.startswith("/") else (
        f"/mail-preview/post_purchase?token={spoil + token[1:] if spoil else ''}"
    )  # fmt: skip

    reply = await german.http.get(address)

    assert reply.status_code == 403
    assert "order" not in reply.text.lower()


async def test_a_preview_link_ends(german: Api) -> None:
    mail = (await german.http.get("/v1/surveys/post_purchase/mail-preview")).json()
    german.clock.move(days=7, seconds=1)

    assert (await german.http.get(local(mail["preview_url"]))).status_code == 403


async def test_a_results_link_opens_no_preview(german: Api) -> None:
    made = await german.http.post("/v1/surveys/post_purchase/results-link", json={})
    token = made.json()["url"].partition("token=")[2]

    reply = await german.http.get(f"/mail-preview/post_purchase?token={token}")

    assert reply.status_code == 403


@pytest.mark.parametrize("way", ["links", "rid"])
async def test_a_snippet_comes_with_its_steps(german: Api, way: str) -> None:
    reply = await german.http.get(
        "/v1/surveys/post_purchase/mail-snippet",
        params={"provider": "brevo", "way": way, "locale": "de"},
    )

    assert reply.status_code == 200, reply.text
    made = reply.json()
    assert (made["provider"], made["way"], made["column"]) == ("brevo", way, "SURVEY_LINK")
    assert "Empfehlen?" in made["html"]
    assert made["source"]
    assert len(made["steps"]) == 4


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("mail-snippet", {"provider": "nobody"}),
        ("mail-snippet", {"way": "pigeon"}),
        ("mail-preview", {"kind": "other"}),
        ("mail-preview", {"locale": "x" * 40}),
        ("mail-preview", {"colour": "red"}),
    ],
)
async def test_unknown_wishes_are_refused(german: Api, path: str, query: dict[str, str]) -> None:
    reply = await german.http.get(f"/v1/surveys/post_purchase/{path}", params=query)

    assert reply.status_code == 400
    assert reply.json()["code"] == "bad_parameter"


@pytest.mark.parametrize("path", ["mail-preview", "mail-snippet"])
async def test_other_workspaces_surveys_do_not_exist(
    german: Api, other_workspace: Callable[[], Awaitable[str]], path: str
) -> None:
    key = await other_workspace()

    reply = await german.http.get(
        f"/v1/surveys/post_purchase/{path}", headers={"authorization": f"Bearer {key}"}
    )

    assert reply.status_code == 404
