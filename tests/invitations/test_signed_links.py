"""Each signed link is listed, lives no longer than it may, and is revoked alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from api_client import Api

from harken_server.app import open_runtime
from harken_server.invitations.links import is_handed_out

MAKERS = {
    "results": ("POST", "/v1/surveys/post_purchase/results-link", "url"),
    "export": ("POST", "/v1/surveys/post_purchase/export-link", "url"),
    "mail-preview": ("GET", "/v1/surveys/post_purchase/mail-preview", "preview_url"),
    "sms hook": ("POST", "/v1/messages/hooks", "generic_url"),
    "mail hook": ("POST", "/v1/mail/hooks", "hooks"),
}
"""Every operation that hands out a signed link, by the kind of link."""
CLOSED = {"results": 403, "export": 401, "mail-preview": 403, "sms hook": 403, "mail hook": 401}


async def make(live: Api, kind: str) -> str:
    method, path, name = MAKERS[kind]
    reply = await live.http.request(method, path)
    assert reply.is_success, reply.text
    made: Any = reply.json()[name]
    return made if isinstance(made, str) else made[-1]["url"]


async def follow(live: Api, kind: str, url: str) -> httpx.Response:
    headers = {"authorization": ""}
    if kind == "sms hook":
        body = {"from": "+47", "text": "9", "id": "1"}
        return await live.http.post(url, json=body, headers=headers)
    if kind == "mail hook":
        said = {**headers, "content-type": "message/rfc822"}
        return await live.http.post(url, content=b"", headers=said)
    return await live.http.get(url, headers=headers)


async def listed(live: Api) -> list[dict[str, Any]]:
    return (await live.http.get("/v1/links")).json()["links"]


@pytest.mark.parametrize("kind", MAKERS)
async def test_a_link_is_listed_without_its_token_and_revoked_alone(live: Api, kind: str) -> None:
    url = await make(live, kind)
    live.clock.move(seconds=5)
    other = await make(live, kind)
    before = await follow(live, kind, url)
    token = parse_qs(urlsplit(url).query)["token"][0]
    (found, *_) = [each for each in reversed(await listed(live)) if each["kind"] == kind and (
        kind != "mail hook" or each["subject"] == "dsn"
    )]  # fmt: skip
    assert token not in str(await listed(live))

    revoked = await live.http.delete(f"/v1/links/{found['id']}")

    after, others = await follow(live, kind, url), await follow(live, kind, other)
    assert before.status_code not in {401, 403}
    assert revoked.status_code == 204
    assert after.status_code == CLOSED[kind]
    assert others.status_code == before.status_code
    (entry,) = (await live.http.get("/v1/audit?action=revoke_link")).json()["entries"]
    assert entry["subject"] == found["id"]


async def test_one_that_is_unknown_or_revoked_already_is_not_there(live: Api) -> None:
    await make(live, "results")
    (link,) = await listed(live)
    await live.http.delete(f"/v1/links/{link['id']}")

    again = await live.http.delete(f"/v1/links/{link['id']}")
    unknown = await live.http.delete("/v1/links/0190a000-0000-7000-8000-000000000001")

    assert (again.status_code, again.json()["code"]) == (404, "link_not_found")
    assert unknown.status_code == 404


async def test_after_a_revocation_a_new_link_is_another_one(live: Api) -> None:
    """Also in the same second, in which a link of the same kind would be spelled alike."""
    url = await make(live, "results")
    (link,) = await listed(live)
    await live.http.delete(f"/v1/links/{link['id']}")

    anew = await make(live, "results")

    assert anew != url
    assert (await follow(live, "results", url)).status_code == 403
    assert (await follow(live, "results", anew)).status_code == 200


async def test_another_process_refuses_a_revoked_link_at_once(live: Api) -> None:
    url = await make(live, "results")
    token = parse_qs(urlsplit(url).query)["token"][0]
    (link,) = await listed(live)
    async with open_runtime(live.runtime.settings, clock=live.clock, is_migrating=False) as other:
        before = await is_handed_out(other, live.runtime.home, token)

        await live.http.delete(f"/v1/links/{link['id']}")

        assert before
        assert not await is_handed_out(other, live.runtime.home, token)


@pytest.mark.parametrize("mail_settings", [{"HARKEN_LINK_DAYS": "30"}])
@pytest.mark.parametrize("kind", ["results", "export"])
async def test_no_link_lives_longer_than_the_server_is_set_to(live: Api, kind: str) -> None:
    _, path, _ = MAKERS[kind]

    longest = await live.http.post(path, json={"days": 30})
    longer = await live.http.post(path, json={"days": 31})

    assert longest.status_code == 201
    assert longer.status_code == 422
    (problem,) = longer.json()["problems"]
    assert (problem["path"], problem["limit"]) == ("$.days", 30)
    assert "HARKEN_LINK_DAYS" in problem["message"]


async def test_the_list_goes_on_behind_its_last_link(live: Api) -> None:
    for _ in range(3):
        await make(live, "results")
        live.clock.move(seconds=5)

    first = await live.http.get("/v1/links?limit=2")
    rest = await live.http.get(f"/v1/links?limit=2&before={first.json()['links'][-1]['id']}")

    assert [len(each.json()["links"]) for each in (first, rest)] == [2, 1]
    assert 'rel="next"' in first.headers["link"]
