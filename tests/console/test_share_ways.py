"""Share: the widget's tag, the mail's snippet and the sheet's address, each ready to paste."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from api_client import Api
from signed_in import SignedIn, sign_in

from harken_server.workspaces.people.rules import Role

WIDGET, EMAIL, SHEET = (f"/share/post_purchase/{way}" for way in ("widget", "email", "sheet"))


@pytest.fixture
async def editor(api: Api) -> SignedIn:
    await api.push()
    return await sign_in(api, "editor")


def copies_of(page: httpx.Response) -> list[str]:
    """What the page has to copy."""
    return [html.unescape(each) for each in re.findall(r'data-copy="([^"]*)"', page.text)]


async def test_a_key_for_a_site_comes_before_the_tag(api: Api, editor: SignedIn) -> None:
    before = await editor.get(WIDGET)
    made = await editor.post(f"{WIDGET}/key", origins="https://Shop.example\nhttps://b.example")
    page = await editor.get(WIDGET)

    assert "First, a key for your site" in before.text
    assert not copies_of(before)
    assert made.status_code == 303
    tag = copies_of(page)[0]
    found = re.search(r"/widget/v1\.js\?key=(hk_[a-z2-7]{32})&amp;survey=post_purchase", tag)
    assert found is not None
    assert 'data-survey="post_purchase"' in tag
    for origin, status in (("https://shop.example", 200), ("https://evil.example", 403)):
        script = await api.http.get(
            f"/widget/config?key={found[1]}&survey=post_purchase", headers={"origin": origin}
        )
        assert script.status_code == status, script.text
    (key,) = [
        each for each in (await api.http.get("/v1/keys")).json()["keys"]
        if each["scopes"] == ["public"]
    ]  # fmt: skip
    assert key["origins"] == ["https://shop.example", "https://b.example"]


async def test_the_tag_is_told_again_until_its_key_is_revoked(api: Api, editor: SignedIn) -> None:
    await editor.post(f"{WIDGET}/key", origins="")
    first = copies_of(await editor.get(WIDGET))[0]
    again = copies_of(await editor.get(WIDGET))[0]
    for key in (await api.http.get("/v1/keys")).json()["keys"]:
        if key["scopes"] == ["public"]:
            await api.http.delete(f"/v1/keys/{key['id']}")
    revoked = await editor.get(WIDGET)

    assert first == again
    assert "First, a key for your site" in revoked.text


async def test_a_public_key_made_elsewhere_is_not_told(api: Api, editor: SignedIn) -> None:
    secret = await api.key("public")

    page = await editor.get(WIDGET)

    assert secret not in page.text
    assert "First, a key for your site" in page.text


async def test_what_is_no_site_is_named_and_comes_back(api: Api, editor: SignedIn) -> None:
    reply = await editor.post(f"{WIDGET}/key", origins="shop.example/path")

    assert reply.status_code == 422
    assert "origins[0] must be a scheme and a host" in reply.text
    assert "shop.example/path</textarea>" in reply.text
    assert not [
        k for k in (await api.http.get("/v1/keys")).json()["keys"] if "public" in k["scopes"]
    ]


async def test_the_tag_follows_what_was_chosen(editor: SignedIn) -> None:
    await editor.post(f"{WIDGET}/key", origins="")

    inline = copies_of(await editor.get(WIDGET, mode="inline"))[0]
    corner = copies_of(await editor.get(WIDGET, mode="popover", position="top_left"))[0]
    wrong = await editor.get(WIDGET, mode="<script>", position="x" * 999)

    assert inline.startswith('<div id="feedback"></div>')
    assert 'data-position="top_left"' in corner
    assert wrong.status_code == 200
    assert "&lt;script&gt;" not in copies_of(wrong)[0]


async def test_the_snippet_has_the_question_and_the_steps(editor: SignedIn) -> None:
    page = await editor.get(EMAIL)
    personal = await editor.get(EMAIL, way="links", provider="mailchimp")

    (snippet,) = copies_of(page)
    assert "How likely to recommend us?" in snippet
    assert "/s/post_purchase?rid=RESPONDENT_ID" in snippet
    assert "*|HKLINK|*?a=9" in copies_of(personal)[0]
    assert "Personal links need your list of recipients" in personal.text


async def test_the_mail_is_shown_behind_a_link_of_its_own(api: Api, editor: SignedIn) -> None:
    opened = await editor.post(f"{EMAIL}/preview")
    path = opened.headers["location"].removeprefix("https://feedback.example.com")

    shown = await api.http.get(path)

    assert opened.status_code == 303
    assert path.startswith("/mail-preview/post_purchase?token=")
    assert shown.status_code == 200


async def test_a_sheet_reads_with_its_token_until_it_is_revoked(api: Api, editor: SignedIn) -> None:
    await api.submit({"recommend": 9})
    made = await editor.post(f"{SHEET}/make", name="Weekly figures")
    formula, scores, address, token, odata, url = copies_of(made)
    path = url.removeprefix("https://feedback.example.com")
    read = await api.http.get(path, headers={"authorization": ""})
    page = await editor.get(SHEET)

    assert made.status_code == 200
    assert formula == f'=IMPORTDATA("{url}")'
    assert scores == formula.replace("responses.csv", "scores.csv")
    assert f"{address}?token={token}" == url
    assert odata == "https://feedback.example.com/odata/post_purchase/"
    assert read.text.count("\n") == 2
    assert "Weekly figures" in page.text
    assert token not in page.text
    link = re.search(r"/sheet/([0-9a-f-]{36})/revoke", page.text)
    assert link is not None
    assert (await editor.post(f"{SHEET}/{link[1]}/revoke")).status_code == 303
    assert (await api.http.get(path, headers={"authorization": ""})).status_code == 401
    assert (await editor.post(f"{SHEET}/{link[1]}/revoke")).status_code == 404
    entries = (await api.http.get("/v1/audit")).json()["entries"]
    acts = {each["action"]: each["account_id"] for each in entries}
    editor_id = str(editor.account.id)
    assert acts.pop("push_survey") is None
    assert acts == {"revoke_sheet_token": editor_id, "create_sheet_token": editor_id}


@pytest.mark.parametrize("name", ["", "x" * 121, "a\u202eb"])
async def test_a_name_that_is_none_is_told_at_its_field(editor: SignedIn, name: str) -> None:
    reply = await editor.post(f"{SHEET}/make", name=name)

    assert reply.status_code == 422
    assert "Name" in reply.text
    assert "No sheet yet" in reply.text


@pytest.mark.parametrize("role", ["viewer", "analyst", "frontline"])
async def test_who_may_not_share_copies_nothing(api: Api, role: Role) -> None:
    await api.push()
    visitor = await sign_in(api, role)

    for path in (WIDGET, EMAIL, SHEET):
        assert (await visitor.get(path)).status_code == 403
    assert (await visitor.post(f"{SHEET}/make", days="30")).status_code == 403
