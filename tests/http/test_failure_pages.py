"""What went wrong, as a page for people with a browser and as a document for programs."""

from __future__ import annotations

import pytest
from api_client import Api

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
FAILURES = [("GET", "/none", 404), ("GET", "/v1/none", 404), ("DELETE", "/docs", 405),
            ("GET", "/v1/surveys", 401), ("GET", "/a%00b", 400)]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
async def test_a_browser_gets_a_page_that_helps(
    api: Api, method: str, path: str, status: int
) -> None:
    headers = {"accept": BROWSER, "authorization": ""}

    page = await api.http.request(method, path, headers=headers)

    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["vary"] == "Accept"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert "<h1>" in page.text
    assert ('href="/"' in page.text) == (status in {404, 405})


@pytest.mark.parametrize(("method", "path", "status"), FAILURES)
@pytest.mark.parametrize(
    "accept",
    ["*/*", "", "application/json", "text/html;q=0", "application/json, text/html", "text/*",
     "text/html;q=2", "text/html;q=0.5, application/problem+json"],
)  # fmt: skip
async def test_a_program_gets_a_problem_document(
    api: Api, method: str, path: str, status: int, accept: str
) -> None:
    headers = {"accept": accept, "authorization": ""}

    reply = await api.http.request(method, path, headers=headers)

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == status


async def test_a_page_names_the_methods_that_an_address_takes(api: Api) -> None:
    page = await api.http.delete("/docs", headers={"accept": BROWSER})

    assert "GET" in page.headers["allow"]


async def test_what_was_asked_for_is_no_part_of_the_page(api: Api) -> None:
    page = await api.http.get("/<script>alert(1)</script>", headers={"accept": BROWSER})

    assert page.status_code == 404
    assert "alert" not in page.text


async def test_a_survey_that_is_not_there_keeps_its_own_notice(live: Api) -> None:
    page = await live.http.get("/s/none", headers={"accept": BROWSER})

    assert page.status_code == 404
    assert "Go to the start page" not in page.text
