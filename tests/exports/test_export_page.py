"""The page where somebody has a file made, sees how far it is, and takes it."""

from __future__ import annotations

import re

import pytest
from api_client import Api
from signed_in import SignedIn, sign_in
from spoken_survey import ANSWERS, SURVEY

from harken_server.app import CHANNELS
from harken_server.worker import Worker, jobs_of
from harken_server.workspaces.people.rules import Role

PAGE = "/results/visit/export"
FORM = {"format": "csv", "labels": "1", "header": "label", "layout": "wide", "locale": "de"}


@pytest.fixture
async def analyst(api: Api) -> SignedIn:
    await api.push(SURVEY)
    for answers in ANSWERS:
        await api.submit(answers, survey="visit")
    return await sign_in(api, "analyst")


async def test_a_file_is_asked_for_made_and_taken(api: Api, analyst: SignedIn) -> None:
    made = await analyst.post(f"{PAGE}/make", **FORM, columns="reason,spent")
    waiting = await analyst.get(PAGE)
    await Worker(api.runtime, jobs_of(CHANNELS), ()).run_once()
    ready = await analyst.get(PAGE)

    assert (made.status_code, "Waits its turn" in waiting.text) == (303, True)
    assert "Look again" in waiting.text
    assert "3 responses" in ready.text
    address = re.search(r'href="https://feedback.example.com(/export-file/[^"]+)"', ready.text)
    assert address is not None
    taken = await api.http.get(address[1], headers={"authorization": ""})
    assert taken.content.decode("utf-8-sig").splitlines() == [
        '"Warum?";"Ausgegeben?"', '"Preis";12,5', '"Anderes";-1234,25', ";",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("columns", "nothing", "There is no column"), ("tz", "Mars", "IANA"),
     ("latest", "0", "latest"), ("format", "doc", "csv"), ("from", "yesterday", "from")],
)  # fmt: skip
async def test_what_is_wrong_is_said_and_the_form_stays_filled(
    analyst: SignedIn, field: str, value: str, said: str
) -> None:
    page = await analyst.post(f"{PAGE}/make", **{**FORM, "columns": "reason", field: value})

    assert page.status_code == 422
    assert said in page.text
    assert field == "columns" or 'value="reason"' in page.text


async def test_a_file_is_removed_by_its_button(api: Api, analyst: SignedIn) -> None:
    await analyst.post(f"{PAGE}/make", **FORM)
    path = re.search(rf'action="[^"]*({PAGE}/[0-9a-f-]+/remove)"', (await analyst.get(PAGE)).text)
    assert path is not None

    await analyst.post(path[1])

    assert "It was removed." in (await analyst.get(PAGE)).text
    assert (await analyst.post(f"{PAGE}/{'0' * 8}/remove")).status_code == 404


async def test_a_viewer_and_the_front_line_take_nothing_away(api: Api, analyst: SignedIn) -> None:
    roles: tuple[Role, ...] = ("viewer", "frontline")
    for role in roles:
        other = await sign_in(api, role)
        assert (await other.get(PAGE)).status_code == 403
        assert (await other.post(f"{PAGE}/make", **FORM)).status_code == 403


async def test_the_codebook_is_a_file_of_the_page(analyst: SignedIn) -> None:
    found = await analyst.get("/results/visit/codebook.csv")

    assert found.content.startswith(b"\xef\xbb\xbfcolumn,question,part,type")
    assert '"Preis"' in found.text
