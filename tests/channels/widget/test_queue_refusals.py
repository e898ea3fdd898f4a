"""Who is refused at the queue of the widget, and how the page hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from api_client import NOW
from queue_page import MINUTE, Page, tokens

from harken import sign_identity

Make = Callable[[Page], dict[str, Any]]
FORGERIES: dict[str, Make] = {
    "nothing": lambda page: {"respondent": "c-42", "signature": ""},
    "rubbish": lambda page: {"respondent": "c-42", "signature": "1.hk_abcde.9.\u00e9"},
    "another's": lambda page: {"respondent": "c-42", "signature": page.sign("c-43")},
    "expired": lambda page: {
        "respondent": "c-42", "signature": page.sign("c-42", until=timedelta(0)),
    },
    "for too long": lambda page: {
        "respondent": "c-42", "signature": page.sign("c-42", until=timedelta(days=31)),
    },
    "public key": lambda page: {
        "respondent": "c-42", "signature": sign_identity(page.key, "c-42", NOW + MINUTE),
    },
    "no key of ours": lambda page: {
        "respondent": "c-42",
        "signature": sign_identity(page.secret[:8] + "wrong", "c-42", NOW + MINUTE),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
async def test_an_identity_that_is_not_proved_reads_no_queue(page: Page, name: str) -> None:
    await page.ask()

    reply = await page.post("queue", FORGERIES[name](page))

    assert reply.status_code == 403
    assert reply.json()["code"] == "identity_invalid"
    assert "30 days" in reply.json()["detail"]
    assert reply.headers["access-control-allow-origin"] == "*"


async def test_a_revoked_key_vouches_no_more(page: Page) -> None:
    listed = (await page.api.http.get("/v1/keys")).json()["keys"]
    (signer,) = [item["id"] for item in listed if item["scopes"] == ["write"]]
    body = {"respondent": "c-42", "signature": page.sign("c-42")}
    before = await page.post("queue", body)

    await page.api.http.delete(f"/v1/keys/{signer}")
    after = await page.post("queue", body)

    assert (before.status_code, after.status_code) == (200, 403)


async def test_another_workspace_sees_and_changes_nothing(
    page: Page, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    code = await page.ask()
    elsewhere = await other_workspace()
    signature = sign_identity(elsewhere, "c-42", NOW + MINUTE)

    there = await page.post("queue", {"respondent": "c-42", "signature": signature}, elsewhere)
    crossed = await page.post("queue", {"respondent": "c-42", "signature": signature})
    seen = await page.post("seen", {"token": code, "what": "dismissed"}, elsewhere)

    assert there.json()["asked"] == []
    assert crossed.status_code == 403
    assert seen.status_code == 404
    assert tokens(await page.queue()) == [code]


@pytest.mark.parametrize("token", ["", "nonsense", "0000000000004", "receipt"])
async def test_every_wrong_token_is_unknown_alike(page: Page, token: str) -> None:
    if token == "receipt":
        token = await page.ask(channel="receipt")

    reply = await page.seen(token, "shown")

    assert reply.status_code == 404
    assert reply.json()["code"] == "invitation_unknown"


async def test_both_ask_for_a_key_that_may_be_public(page: Page) -> None:
    body = {"token": "0000000000004", "what": "shown"}
    none = await page.api.http.post("/v1/public/widget/seen", json=body)
    odd = await page.post("seen", body, "hello")
    unknown = await page.post("seen", body, "hk_unknown")
    reader = await page.post("seen", body, await page.api.key("read"))

    codes = [reply.json()["code"] for reply in (none, odd, unknown, reader)]
    assert codes == ["key_missing", "key_malformed", "key_unknown", "forbidden_scope"]
    assert [reply.status_code for reply in (none, odd, unknown, reader)] == [401, 401, 401, 403]


async def test_a_key_for_one_site_is_refused_on_another(page: Page) -> None:
    key = await page.api.key("public", origins=["https://shop.example"])
    body = {"respondent": "c-42", "signature": page.sign("c-42")}

    here = await page.post("queue", body, key, origin="https://shop.example")
    there = await page.post("queue", body, key, origin="https://evil.example")

    assert here.status_code == 200
    assert there.status_code == 403
    assert there.json()["code"] == "origin_not_allowed"
    assert there.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["queue", "seen"])
async def test_a_preflight_is_answered(page: Page, path: str) -> None:
    reply = await page.api.http.options(f"/v1/public/widget/{path}?key=x")

    assert reply.status_code == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "content-type" in reply.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["queue", "seen"])
async def test_refusals_can_be_read_by_the_page(page: Page, path: str) -> None:
    large = await page.post(path, {"respondent": "x" * 70_000})
    wrong = await page.post(path, {"what": "eaten", "respondent": 7})
    form = await page.post(path, {}, **{"content-type": "application/x-www-form-urlencoded"})
    broken = await page.api.http.post(
        f"/v1/public/widget/{path}?key={page.key}",
        content=b"{",
        headers={"content-type": "application/json"},
    )

    replies = (large, wrong, form, broken)
    assert [reply.status_code for reply in replies] == [413, 422, 415, 400]
    for reply in replies:
        assert reply.headers["access-control-allow-origin"] == "*"
        assert reply.headers["content-type"] == "application/problem+json"
        assert "set-cookie" not in reply.headers
