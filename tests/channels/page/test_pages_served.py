"""How the hosted page is served: headers, languages, closed surveys, damage and invitations."""

from __future__ import annotations

import gzip
from copy import deepcopy
from uuid import UUID

import pytest


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


async def test_a_page_is_the_same_before_and_behind_the_framework(visitor):
    first, behind = [await visitor.http.get(path) for path in ("/s/stay", "/s/stay/")]
    head = await visitor.http.head("/s/stay")
    own = {"etag", "x-request-id"}

    for other in (behind, head):
        assert {**first.headers}.keys() == {**other.headers}.keys()
        assert {*first.headers.items()} ^ {*other.headers.items()} == {
            (name, reply.headers[name]) for name in own for reply in (first, other)
        }
    assert (
        first.text.partition('name="r" value="')[0] == behind.text.partition('name="r" value="')[0]
    )
    assert head.content == b""


async def test_the_first_page_is_one_line_in_the_access_log(visitor, caplog):
    caplog.set_level("INFO", "harken.access")
    await visitor.open("/s/stay?utm_source=mail")

    [line] = [one for one in caplog.records if one.name == "harken.access"]
    assert (vars(line)["route"], vars(line)["status"]) == ("/s/{address}", 200)


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
    [("draft", 404, "We cannot find this survey"), ("closed", 410, "This survey is closed")],
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
