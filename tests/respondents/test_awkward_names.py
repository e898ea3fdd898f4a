"""Whatever characters a respondent's name holds: who can be asked can be read and changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from api_client import Api

from harken_server.http.operations import OPERATION
from harken_server.routes import KEYED

AWKWARD = [
    "42", "acme/users/17", "/", "//", "a/", "/explain", "a/explain", "%", "100%", "%2F", "a%2Fb",
    ".", "..", "../..", "./a", "a\\b", "?", "a?b=c", "#", "a#b", "a;b", "a+b", "a&b=c", "a b", "-",
    "søren@пример.рф", "日本", "👩‍🚀", "e\u0301", "'; --", '"', "<b>", "{x}", "~", ":", "a:b", "*",
    "x" * 200, "/" * 200,
]  # fmt: skip

ROUTES = sorted(
    (path, method)
    for handler in KEYED
    if OPERATION in handler.opt
    for path in handler.paths
    for method in handler.http_methods
    if "{" in path
)


def in_path(name: str) -> str:
    return quote(name, safe="").replace(".", "%2E")


def in_query(name: str) -> str:
    return f"-?respondent={quote(name, safe='')}"


def address(path: str, piece: str) -> str:
    """`/v1/respondents/{}/explain` with a piece, whose query goes to the end."""
    piece, mark, query = piece.partition("?")
    return path.format(piece) + mark + query


@pytest.mark.parametrize("spelled", [in_path, in_query])
@pytest.mark.few(1)
async def test_whoever_can_be_asked_can_be_read_changed_suppressed_and_erased(
    live: Api, spelled: Callable[[str], str]
) -> None:
    for name in AWKWARD:
        await ask_read_change_suppress_and_erase(live, name, spelled(name))


async def ask_read_change_suppress_and_erase(live: Api, name: str, piece: str) -> None:
    http = live.http
    person = address("/v1/respondents/{}", piece)

    asked = await live.trigger(respondent=name, traits={"plan": "free"})
    read = await http.get(person)
    changed = await http.put(person, json={"traits": {"plan": "pro"}})
    explained = await http.get(address("/v1/respondents/{}/explain", piece))
    suppressed = await http.put(address("/v1/suppressions/{}", piece), json={})
    listed = await http.get("/v1/suppressions")
    again = await live.trigger(respondent=name)
    allowed = await http.delete(address("/v1/suppressions/{}", piece))

    assert asked.json()["reason"] == "asked", asked.text
    assert read.json()["respondent"] == name
    assert read.json()["traits"] == {"plan": "free"}
    assert changed.json() == (await http.get(person)).json()
    assert changed.json()["traits"] == {"plan": "pro"}
    assert explained.json()["respondent"] == name
    assert suppressed.status_code == 204
    assert [each["respondent"] for each in listed.json()["suppressions"]] == [name]
    assert again.json()["reason"] == "suppressed"
    assert allowed.status_code == 204
    erased = await http.delete(person)
    assert erased.json() == {
        "respondent": name, "erased": {"decision": 2, "invitation": 1, "respondent": 1},
        "claimed": {}, "claimed_erased": False, "suppressed": True,
        "cleared": live.runtime.db.dialect == "sqlite",
    }  # fmt: skip
    assert (await http.get(person)).status_code == 404


@pytest.mark.few(1)
async def test_an_awkward_name_in_any_path_is_answered_in_words(live: Api) -> None:
    for path, method in ROUTES:
        for name in AWKWARD:
            filled = re.sub(r"\{\w+:str\}", in_path(name).replace("\\", r"\\"), path)
            reply = await live.http.request(method, f"/v1{filled}", json={})
            assert reply.status_code < 500, (filled, reply.text)
            assert reply.status_code != 405, (filled, "another route took it")


async def test_a_slash_that_is_not_encoded_divides_pieces(live: Api) -> None:
    reply = await live.http.get("/v1/respondents/acme/users/17")

    assert reply.status_code == 404


async def test_blanks_at_the_ends_are_no_part_of_a_name(live: Api) -> None:
    await live.trigger(respondent=" c-1\t", traits={"plan": "pro"})

    read = await live.http.get("/v1/respondents/%20c-1%C2%A0")

    assert read.json()["respondent"] == "c-1"
    assert read.json()["traits"] == {"plan": "pro"}


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000"])
async def test_a_blank_name_is_refused_with_the_field(live: Api, name: str) -> None:
    asked = await live.trigger(respondent=name)
    read = await live.http.get(address("/v1/respondents/{}", in_query(name)))

    assert asked.status_code == 422
    assert "respondent" in asked.text
    assert read.status_code == 400
    assert "1 to 200 characters" in read.json()["detail"]


async def test_a_blank_claim_of_a_name_loses_no_answer(live: Api) -> None:
    reply = await live.submit({"recommend": 9}, respondent="  ")

    assert reply.status_code == 201
    stored = (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]
    assert [each["respondent"] for each in stored] == [None]
