"""The first page had again: who is taken for the browser that has it, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from api_client import NOW

from harken_server.channels.page.forms import make_form_id
from harken_server.channels.page.had_again import HAD_FOR, form_had, other_address
from harken_server.kernel.ids import uuid7

KEY = b"k" * 32
FORM = make_form_id([KEY], uuid7(NOW, bytes(10)))
TAG = f'"{FORM}"'
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
SAFARI = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605"
RELOADED = {"cache-control": "max-age=0"}
TYPED = {"sec-fetch-site": "none", "user-agent": FIREFOX}


def had(seconds: float = 60, **given: str) -> Any:
    headers = {name.encode(): value.encode() for name, value in given.items()}
    return form_had(headers, [b"new" * 9, KEY], lambda: NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "is_reload"),
    [
        (RELOADED, True),
        (RELOADED | {"sec-fetch-user": "?1", "sec-fetch-site": "cross-site"}, True),
        (TYPED, True),
        (TYPED | {"sec-fetch-user": "?1"}, False),
        (TYPED | {"sec-fetch-site": "cross-site"}, False),
        (TYPED | {"user-agent": SAFARI}, False),
        ({"user-agent": FIREFOX}, False),
        ({"cache-control": "no-cache"}, False),
        ({}, False),
    ],
)
def test_only_a_reload_brings_the_form_along(headers, is_reload):
    assert had(**headers, **{"if-none-match": TAG}) == (FORM if is_reload else None)


@pytest.mark.parametrize(
    ("tag", "is_known"),
    [
        (f'W/"{FORM}"', True),
        (f'"{FORM}-gzip"', True),
        (f'"{make_form_id([b"stranger"], FORM.response_id)}"', False),
        (f'"{make_form_id([KEY], UUID(int=4))}"', False),
        (f'"{str(FORM)[:-1]}"', False),
        ("*", False),
        ("\xff" * 80, False),
    ],
)
def test_a_tag_is_believed_when_this_server_made_it(tag, is_known):
    assert had(**RELOADED, **{"if-none-match": tag}) == (FORM if is_known else None)


def test_a_page_is_had_again_for_minutes():
    within, tag = HAD_FOR.total_seconds(), {"if-none-match": TAG}

    assert had(within, **RELOADED, **tag) == FORM
    assert had(within + 1, **RELOADED, **tag) is None
    assert had(-1, **RELOADED, **tag) is None


@pytest.mark.parametrize("query", [b"", b"go", b"lang=de", b"lang=de&go", b"ego", b"a=1&go=2"])
def test_a_form_goes_to_another_address_of_the_same_link(query):
    other = other_address(query)

    assert other != f"?{query.decode()}"
    assert other.startswith("?")
    assert {*other[1:].split("&")} ^ {*query.decode().split("&")} <= {"go", ""}


async def begun(visitor, path: str = "/s/stay") -> tuple[str, str]:
    """Opens a page and sends its first answer; gives whose form it is, and the tag."""
    page = await visitor.open(path)
    tag = visitor.reply.headers["etag"]
    await visitor.send(recommend="2")
    return page.fields["r"][0], tag


@pytest.mark.parametrize("query", ["", "?lang=de&utm=%22%3E", "?go", "?a_recommend=7"])
async def test_a_first_page_had_again_goes_on_with_its_response(visitor, responses_of, query):
    form, tag = await begun(visitor, f"/s/stay{query}")
    page = await visitor.open(f"/s/stay{query}", **RELOADED, **{"if-none-match": tag})
    assert page.fields["r"] == [form]
    assert visitor.reply.headers["etag"] == tag
    assert "2" not in page.fields.get("a_recommend", [])
    await visitor.send(recommend="9")

    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 9}


async def test_a_page_had_again_stays_with_the_version_it_began_with(visitor, api, responses_of):
    form, tag = await begun(visitor)
    survey = (await api.http.get("/v1/surveys/stay")).json()["definition"]
    survey["questions"][0]["text"] = "A new wording"
    assert (await api.push(survey)).json()["version"] == 2

    page = await visitor.open("/s/stay", **RELOADED, **{"if-none-match": tag})
    assert (page.fields["r"], page.fields["v"]) == ([form], ["1"])
    assert "A new wording" not in page.text


async def test_whoever_began_has_the_first_page_again_though_the_survey_is_closed(visitor, api):
    form, tag = await begun(visitor)
    await api.http.post("/v1/surveys/stay/status", json={"status": "closed"})

    page = await visitor.open("/s/stay", **RELOADED, **{"if-none-match": tag})
    assert page.fields["r"] == [form]
    await visitor.open("/s/stay")
    assert visitor.reply.status_code == 410


async def test_a_page_that_nothing_was_sent_of_is_not_had_again_once_closed(visitor, api):
    await visitor.open("/s/stay")
    tag = visitor.reply.headers["etag"]
    await api.http.post("/v1/surveys/stay/status", json={"status": "closed"})

    await visitor.open("/s/stay", **RELOADED, **{"if-none-match": tag})
    assert visitor.reply.status_code == 410


async def test_a_complete_or_erased_response_is_not_had_again(visitor, api, responses_of):
    form, tag = await begun(visitor)
    for _ in range(3):
        await visitor.send()
    [stored] = await responses_of()
    assert stored["complete"] is True

    for _ in range(2):
        page = await visitor.open("/s/stay", **RELOADED, **{"if-none-match": tag})
        assert page.fields["r"] != [form]
        reply = await api.http.delete(f"/v1/surveys/stay/responses/{stored['id']}")
        assert reply.status_code < 300 or reply.status_code == 404


async def test_the_answer_to_a_form_has_no_tag_and_is_never_had_again(visitor):
    form, tag = await begun(visitor)
    assert "etag" not in visitor.reply.headers

    page = await visitor.open("/s/stay", **{"if-none-match": tag})
    assert page.fields["r"] != [form]
