"""Several surveys on one page: the numbers of their results pages, and no more than may be seen."""

from __future__ import annotations

import re
from typing import Any

from api_client import SURVEY, Api
from signed_in import sign_in
from team_survey import answer, open_team

PATH = "/v1/report"


async def test_each_survey_has_a_block_with_the_score_of_its_page(live: Api) -> None:
    await live.push({**SURVEY, "key": "other", "title": "The other"})
    for rating in (10, 9, 0):
        await live.submit({"recommend": rating, **({} if rating else {"why": "Too <slow>"})})

    reply = await live.http.get(PATH, params={"surveys": "other,post_purchase"})

    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in reply.headers["content-security-policy"]
    empty, block = _blocks(reply.text)
    assert "The other" in empty
    assert "Nobody answered a question with a score in these days." in empty
    scores = await live.http.get("/v1/surveys/post_purchase/scores")
    assert scores.json()["scores"][0]["n"] == 3
    assert re.search(r"Your order .* \+33 Net Promoter Score® \S+ to \S+ · 3 answers", block)
    assert "Too &lt;slow&gt;" in reply.text


async def test_days_narrow_it_as_they_do_a_page(live: Api) -> None:
    await live.submit({"recommend": 10})
    days = {"from": "2026-10-01", "to": "2026-10-31"}

    reply = await live.http.get(PATH, params={"surveys": "post_purchase", **days})

    [block] = _blocks(reply.text)
    assert "1 Oct 2026 to 31 Oct 2026" in block
    assert "Nobody answered" in block


async def test_what_cannot_be_shown_is_refused_by_name(live: Api) -> None:
    async def refused(**query: str) -> tuple[int, Any]:
        reply = await live.http.get(PATH, params=query)
        return reply.status_code, reply.json()["detail"]

    none = await refused(surveys=" , ")
    many = await refused(surveys=",".join(f"s{number}" for number in range(9)))
    unknown = await refused(surveys="post_purchase,nowhere")
    turned = await refused(surveys="post_purchase", **{"from": "2026-10-02", "to": "2026-10-01"})

    assert none == (400, "surveys names 0; a report has 1 to 8, with commas between.")
    assert many == (400, "surveys names 9; a report has 1 to 8, with commas between.")
    assert (unknown[0], "nowhere" in unknown[1]) == (404, True)
    assert turned == (400, "The period ends (2026-10-01) before it begins (2026-10-02).")


async def test_four_answers_of_a_survey_that_shows_nobody_alone_are_not_in_it(live: Api) -> None:
    await open_team(live)
    await answer(live, [10, 10, 9, 0])

    [few] = _blocks((await live.http.get(PATH, params={"surveys": "team"})).text)
    await answer(live, [9])
    [enough] = _blocks((await live.http.get(PATH, params={"surveys": "team"})).text)

    assert "Not enough answers yet." in few
    assert "Somebody gave" not in few
    assert "5 answers" in enough


async def test_the_list_of_results_leads_to_it(live: Api) -> None:
    await live.submit({"recommend": 10})
    visitor = await sign_in(live, "viewer")

    listed = await visitor.get("/results")
    shown = await visitor.get("/report", surveys="post_purchase")

    assert f'href="{visitor.at("/report?surveys=post_purchase")}"' in listed.text
    assert "Report to print" in listed.text
    assert "1 answer" in _blocks(shown.text)[0]


async def test_a_viewer_reads_no_comments_and_the_front_line_only_its_own(live: Api) -> None:
    for touchpoint, rating in (("till", 0), ("desk", 10)):
        why = {} if rating else {"why": "Slow"}
        await live.submit({"recommend": rating, **why}, touchpoint=touchpoint)
    clerk = await sign_in(live, "frontline", touchpoints=("desk",))
    nobody = await sign_in(live, "frontline", email="new@example.com")

    seen = (await clerk.get("/report", surveys="post_purchase")).text
    refused = await nobody.get("/report", surveys="post_purchase")

    assert "1 answer" in _blocks(seen)[0]
    assert "Slow" not in seen
    assert refused.status_code == 403


def _blocks(page: str) -> list[str]:
    sections = page.split("<section")[1:]
    return [re.sub(r"\s+", " ", re.sub(r"^[^>]*>|<[^>]+>", " ", each)) for each in sections]
