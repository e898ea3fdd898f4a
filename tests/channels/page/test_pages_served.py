"""How the hosted page is served: headers, languages, closed surveys, damage and invitations."""

from __future__ import annotations

import gzip
from copy import deepcopy
from uuid import UUID, uuid4

import httpx
import pytest

from harken_server.app import create_app
from harken_server.invitations.codes import make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.surveys.catalog import Catalog


async def test_a_link_can_preselect_an_answer(visitor, responses_of):
    page = await visitor.open("/s/stay?a_recommend=9&a_nonsense=1")
    assert page.fields["a_recommend"] == ["9"]

    page = await visitor.open("/s/stay?a_recommend=99")
    assert "a_recommend" not in page.fields
    assert await responses_of() == []


async def test_first_pages_come_from_memory_with_a_new_id_each(visitor, api):
    await visitor.open("/s/stay")
    before = api.runtime.db.statistics.statements
    first = (await visitor.open("/s/stay")).fields["r"][0]
    second = (await visitor.open("/s/stay")).fields["r"][0]

    assert first != second
    assert UUID(first.partition(".")[0]).version == 7
    assert api.runtime.db.statistics.statements == before


async def test_the_page_is_the_same_compressed_and_plain(visitor):
    plain = await visitor.http.get("/s/stay", headers={"accept-encoding": "identity"})
    async with visitor.http.stream("GET", "/s/stay", headers={"accept-encoding": "gzip"}) as reply:
        raw = b"".join([chunk async for chunk in reply.aiter_raw()])
        assert reply.headers["content-encoding"] == "gzip"

    unpacked = gzip.decompress(raw).decode()
    assert len(unpacked) == len(plain.text)
    assert unpacked.partition('name="r" value="')[0] == plain.text.partition('name="r" value="')[0]
    packed = await visitor.http.get("/s/stay", headers={"accept-encoding": "gzip, deflate, br"})
    assert packed.headers["content-encoding"] == "br"
    assert len(packed.text) == len(plain.text)
    refused = await visitor.http.get("/s/stay", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


async def test_pages_carry_strict_headers_and_no_cookie(visitor):
    await visitor.open("/s/stay")
    headers = visitor.reply.headers

    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["vary"] == "Accept-Language, Accept-Encoding"
    assert "set-cookie" not in headers


async def test_the_browser_chooses_the_locale_and_a_link_overrides_it(visitor):
    page = await visitor.open("/s/stay", **{"accept-language": "de-AT,en;q=0.5"})
    assert "Ihr Aufenthalt" in page.text
    assert visitor.reply.headers["content-language"] == "de"

    page = await visitor.open("/s/stay?lang=en", **{"accept-language": "de"})
    assert "Your stay" in page.text


async def test_a_chosen_locale_stays_from_page_to_page(visitor, responses_of):
    await visitor.open("/s/stay?lang=de")
    page = await visitor.send(recommend="9")

    assert "Ihr Aufenthalt" in page.text
    [stored] = await responses_of()
    assert stored["locale"] == "de"


async def test_no_page_is_built_from_the_host_header(visitor):
    page = await visitor.http.get("/s/stay", headers={"host": "evil.example"})
    assert "evil.example" not in page.text

    page = await visitor.open("/s/stay")
    fields = {name: values[0] for name, values in page.fields.items()} | {"a_recommend": "9"}
    reply = await visitor.http.post("/s/stay", data=fields, headers={"host": "evil.example"})
    assert "evil.example" not in reply.text


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [("draft", 404, "This survey is not open yet"), ("closed", 410, "This survey is closed")],
)
async def test_a_survey_that_is_not_live_says_so_kindly(visitor, api, status, code, title):
    fields = {name: values[0] for name, values in (await visitor.open("/s/stay")).fields.items()}
    await api.http.post("/v1/surveys/stay/status", json={"status": status})

    page = await visitor.open("/s/stay")
    assert visitor.reply.status_code == code
    assert title in page.text
    assert "Recommend us" not in visitor.reply.text

    await visitor.post(fields | {"a_recommend": "9"})
    assert visitor.reply.status_code == code


async def test_whoever_began_may_finish_after_the_survey_is_closed(visitor, api, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="9")
    await api.http.post("/v1/surveys/stay/status", json={"status": "closed"})
    await visitor.send()
    page = await visitor.send()

    assert "Thank you, truly" in page.text
    [stored] = await responses_of()
    assert stored["complete"] is True


async def test_a_response_stays_with_the_version_it_began_with(visitor, api, responses_of):
    survey = (await api.http.get("/v1/surveys/stay")).json()["definition"]
    await visitor.open("/s/stay")
    newer = deepcopy(survey)
    newer["questions"][0]["text"] = "A new wording"
    newer["questions"].append({"type": "short_text", "key": "more", "text": "More?"})
    assert (await api.push(newer)).json()["version"] == 2

    await visitor.send(recommend="9")
    await visitor.send()
    page = await visitor.send()

    assert "Thank you, truly" in page.text
    [stored] = await responses_of()
    assert (stored["version"], stored["complete"]) == (1, True)


@pytest.mark.parametrize(
    "path", ["/s/nothing", "/s/other.stay", "/s/%00", "/s/..%2f", "/i/NOTACODE", "/i/%F0%9F%98%80"]
)
async def test_an_unknown_address_is_a_kind_404(visitor, path):
    await visitor.open(path)

    assert visitor.reply.status_code in {400, 404}
    assert "html" in visitor.reply.headers["content-type"] or visitor.reply.status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"r=%ff%fe&a_recommend=9", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"r=no&a_recommend=9", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=1"] * 3000), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
    ],
)
async def test_a_damaged_form_is_a_kind_page_never_a_crash(visitor, body, content_type, status):
    reply = await visitor.http.post("/s/stay", content=body, headers={"content-type": content_type})

    assert reply.status_code == status
    assert "That did not work" in reply.text


async def test_nul_and_hostile_text_in_a_form_are_refused_or_stay_text(visitor, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="1")
    page = await visitor.send(why="a\x00b")
    assert visitor.reply.status_code == 422
    assert "Please check this answer." in page.text

    hostile = "{{7*7}} ${x} <script>alert(1)</script> {% raw %}"
    await visitor.send(why=hostile)
    page = await visitor.send(go="back")

    assert page.fields["a_why"] == [hostile]
    assert "<script>alert" not in visitor.reply.text


async def test_an_invitation_is_answered_once_by_its_own_link(visitor, api, responses_of):
    decision = (
        await api.trigger(touchpoint="stay.ended", respondent="c-1", context={"guest": "Ada"})
    ).json()
    code = decision["invitation"]["code"]

    page = await visitor.open(f"/i/{code.lower()[:4]}-{code[4:]}")
    assert "Recommend us, Ada?" in page.text
    await visitor.send(recommend="9")
    opened_anew = await visitor.open(f"/I/{code}")
    assert "a_recommend" not in opened_anew.fields
    await visitor.send(recommend="10")
    last = await visitor.send(used=["spa"])
    page = await visitor.send()
    assert "Thank you, truly" in page.text

    again = await visitor.open(f"/i/{code}")
    assert visitor.reply.status_code == 410
    assert "You answered on 21 November." in again.text
    fields = {name: values[0] for name, values in last.fields.items()}
    await visitor.post(fields | {"a_ok": "yes"})
    assert "You have already answered" in visitor.page.text
    [stored] = await responses_of()
    assert stored["answers"]["recommend"] == 10
    assert (stored["respondent"], stored["touchpoint"]) == ("c-1", "stay.ended")
    assert code not in str(visitor.reply.headers)


async def test_an_expired_invitation_says_so(visitor, api):
    decision = (await api.trigger(touchpoint="stay.ended", respondent="c-1")).json()
    api.clock.move(days=31)

    page = await visitor.open(f"/i/{decision['invitation']['code']}")

    assert visitor.reply.status_code == 410
    assert "This link has expired" in page.text


async def test_looking_at_an_invitation_does_not_use_it(visitor, api, responses_of):
    code = (await api.trigger(touchpoint="stay.ended", respondent="c-1")).json()["invitation"][
        "code"
    ]
    for method in ("GET", "HEAD", "GET"):
        reply = await visitor.http.request(method, f"/i/{code}")
        assert reply.status_code == 200

    assert await responses_of() == []


async def test_when_storage_fails_the_page_comes_back_with_everything_typed(visitor, api):
    await visitor.open("/s/stay")
    await api.runtime.db.close()

    page = await visitor.send(recommend="9")

    assert visitor.reply.status_code == 503
    assert visitor.reply.headers["retry-after"] == "5"
    assert page.fields["a_recommend"] == ["9"]
    assert "We could not save your answers just now." in page.text


async def test_when_storage_fails_a_visitor_is_asked_to_come_back(visitor, api):
    await api.runtime.db.close()

    page = await visitor.open("/s/another")

    assert visitor.reply.status_code == 503
    assert visitor.reply.headers["retry-after"] == "5"
    assert "We will be right back" in page.text


async def test_a_link_for_many_answers_gives_each_visitor_a_response(visitor, api, responses_of):
    survey = (await api.http.get("/v1/surveys/stay")).json()
    assert survey["status"] == "live"
    loaded = await api.runtime.of(Catalog).find("stay")
    code = make_code(b"12345678")
    await add_invitation(
        api.runtime.db,
        Invitation(
            id=uuid4(), workspace_id=loaded.workspace.id, survey_id=loaded.record.id, code=code,
            touchpoint="stay.ended", channel="poster", created_at=api.clock(),
            is_single_use=False,
        ),
    )  # fmt: skip
    for rating in ("9", "3"):
        await visitor.open(f"/i/{code}")
        await visitor.send(recommend=rating)

    stored = await responses_of()
    assert [item["answers"]["recommend"] for item in stored] == [9, 3]
    assert {item["channel"] for item in stored} == {"poster"}


async def test_guessing_codes_too_fast_is_slowed_down(api):
    api.runtime.limit._per_minute = 20  # so few that a slow machine does not make up for them
    transport = httpx.ASGITransport(create_app(api.runtime), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        slowed = await http.get("/i/0000000000000")
        assert slowed.status_code == 404
        for _ in range(60):
            if slowed.status_code == 429:
                break
            slowed = await http.get("/i/0000000000000")

    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "30"
    assert "One moment, please" in slowed.text


async def test_a_page_may_be_framed_by_the_sites_that_its_survey_names(visitor, api):
    await visitor.open("/s/stay")
    assert visitor.reply.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in visitor.reply.headers["content-security-policy"]

    sites = ["https://shop.example", "http://127.0.0.1:8080"]
    survey = (await api.http.get("/v1/surveys/stay")).json()["definition"]
    survey["presentation"]["framed_by"] = sites
    assert (await api.push(survey)).status_code == 201
    await visitor.open("/s/stay")
    await visitor.send(recommend="9")

    assert "x-frame-options" not in visitor.reply.headers
    policy = visitor.reply.headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors {' '.join(sites)}")


@pytest.mark.parametrize(
    "site", ["shop.example", "https://shop.example/", "https://*.example", "https://a; x", "*", ""]
)
async def test_what_is_no_site_cannot_be_named_to_frame_a_page(api, site):
    survey = (await api.http.get("/v1/surveys/stay")).json()["definition"]
    survey["presentation"]["framed_by"] = [site]
    reply = await api.push(survey)

    assert reply.status_code == 422
    assert "framed_by[0]" in reply.text


async def test_a_shared_link_has_a_title_and_a_description_to_show(visitor):
    page = await visitor.open("/s/stay?lang=de")

    shown = {
        have["property"]: have["content"] for have in page.all_of("meta") if "property" in have
    }
    assert shown == {
        "og:title": "Ihr Aufenthalt",
        "og:description": "Recommend us, dear guest?",
    }
    later = await visitor.send(recommend="9")
    assert not any("property" in have for have in later.all_of("meta"))
