"""Surveys that show their answers of several people together only, by the API."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from api_client import Api
from signed_in import sign_in
from team_survey import ANONYMOUS, HIDDEN, TEAM, URL, answer, groups_of, n_of, open_team, scores

from harken_server.responses.asked import collection_of
from harken_server.responses.small_groups import release_all
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey


async def test_four_answers_are_hidden_and_five_are_shown(live: Api) -> None:
    await open_team(live)
    assert (await scores(live))["hidden"] is None  # there is nothing to hide
    await answer(live, [10, 10, 9, 0])
    few = await scores(live)
    assert (few["scores"][0]["n"], few["scores"][0]["score"], few["hidden"]) == (0, None, HIDDEN)
    await answer(live, [9])
    enough = await scores(live)
    assert (enough["scores"][0]["n"], enough["scores"][0]["score"]) == (5, 60.0)
    assert enough["hidden"] is None


async def test_nothing_moves_until_as_many_have_come_again(live: Api) -> None:
    await open_team(live)
    await answer(live, [10, 10, 9, 0, 9])
    before = await scores(live)
    for _ in range(4):
        await answer(live, [0])
        assert {**await scores(live), "hidden": None} == before
    await answer(live, [0])
    assert await n_of(live) == 10


async def test_a_store_is_shown_once_five_of_it_have_answered(live: Api) -> None:
    await open_team(live)
    await answer(live, [10, 10, 9, 0], "Oslo")
    await answer(live, [0] * 5, "Bergen")
    assert await groups_of(live, by="store") == {"Bergen": 5, "Oslo": 0}
    assert (await n_of(live), await n_of(live, where="store:Oslo")) == (5, 0)
    await answer(live, [10], "Oslo")
    assert await groups_of(live, by="store") == {"Bergen": 5, "Oslo": 5}


async def test_what_has_waited_for_a_week_is_shown_with_others_of_other_stores(live: Api) -> None:
    await open_team(live)
    await answer(live, [10, 10, 9, 0], "Oslo")
    await answer(live, [0, 0], "Bergen")
    live.clock.move(days=7)
    await release_all(collection_of(live.runtime))
    blended = await scores(live, by="store")
    assert (blended["scores"][0]["n"], blended["hidden"]) == (6, None)
    assert blended["groups"] == []
    assert await n_of(live, where="store:Oslo") == 0


async def test_the_counts_are_those_of_the_answers_that_are_shown(live: Api) -> None:
    await open_team(live)
    await answer(live, [10, 10, 9, 0, 3, 5, 5], "Oslo")
    record = await get_survey(live.runtime.db, live.runtime.home, "team")
    assert record is not None
    assert await recount(live.runtime.db, live.runtime.home, record.id) == []


@pytest.mark.parametrize("survey", [TEAM, ANONYMOUS], ids=["employees", "anonymous"])
async def test_an_export_has_the_rows_that_the_score_counts_and_nothing_besides(
    live: Api, survey: dict[str, Any]
) -> None:
    await open_team(live, survey)
    await answer(live, [10, 9, 8, 7, 6, 5], "Oslo", respondent="kim", touchpoint="desk")
    text = (await live.http.get(f"{URL}/export.csv")).text
    rows = [*csv.DictReader(io.StringIO(text))]
    assert len(rows) == await n_of(live) == 5
    told = {name: {row[name] for row in rows} for name in rows[0]}
    assert told["response_id"] == told["respondent"] == told["started_at"] == {""}
    assert told["context"] == {"{}"}
    assert told["submitted_at"] == told["answered_at"] == {"2026-11-21T00:00:00.000Z"}
    lines = (await live.http.get(f"{URL}/export.jsonl")).text
    assert "kim" not in lines
    assert lines.count("00000000-0000-0000-0000-000000000000") == 5


async def test_rows_leave_in_an_order_that_is_not_theirs(live: Api) -> None:
    await open_team(live)
    for _ in range(6):
        await answer(live, [0, 1, 2, 3, 4])
    text = (await live.http.get(f"{URL}/export.csv")).text
    ratings = [int(row["recommend"]) for row in csv.DictReader(io.StringIO(text))]
    assert sorted(ratings) == sorted([0, 1, 2, 3, 4] * 6)
    assert ratings != [0, 1, 2, 3, 4] * 6
    rows = await live.runtime.db.fetch("SELECT answers FROM response ORDER BY number")
    stored = [str(row[0]) for row in rows]
    blocks = [stored[place : place + 5] for place in range(0, 30, 5)]
    assert any(block != sorted(block) for block in blocks)


@pytest.mark.parametrize(
    "path",
    [
        "responses", "scores?standing=waiting", "trends?standing=excluded",
        "export.csv?from=2026-11-21", "export.csv?where=store:Oslo", "export.jsonl?channel=api",
        "export.csv?standing=waiting",
    ],
)  # fmt: skip
async def test_what_would_show_a_few_is_refused_with_the_minimum(live: Api, path: str) -> None:
    await open_team(live)
    await answer(live, [9] * 5, "Oslo")
    refused = await live.http.get(f"{URL}/{path}")
    assert (refused.status_code, refused.json()["code"]) == (403, "small_groups"), refused.text
    assert "at least 5 people" in refused.json()["detail"]


async def test_a_single_response_is_neither_read_nor_changed(live: Api) -> None:
    await open_team(live)
    first, *_ = await answer(live, [9] * 5)
    read = await live.http.get(f"{URL}/responses/{first}")
    body = {"standing": "excluded"}
    changed = await live.http.patch(f"{URL}/responses/{first}", json=body)
    assert [each.json()["code"] for each in (read, changed)] == ["small_groups"] * 2


@pytest.mark.parametrize("survey", [TEAM, ANONYMOUS], ids=["employees", "anonymous"])
async def test_who_is_erased_takes_the_others_of_the_block_along(
    live: Api, survey: dict[str, Any]
) -> None:
    """Else the difference would be the answer of one."""
    await open_team(live, survey)
    first, *_ = await answer(live, [0, 9, 9, 9, 9])
    await answer(live, [10] * 5)
    assert await n_of(live) == 10
    assert (await live.http.delete(f"{URL}/responses/{first}")).is_success
    after = await scores(live)
    assert (after["scores"][0]["n"], after["hidden"]) == (5, HIDDEN)
    await answer(live, [8] * 4)
    assert await n_of(live) == 5
    await answer(live, [8])
    assert await n_of(live) == 10
    record = await get_survey(live.runtime.db, live.runtime.home, "team")
    assert record is not None
    assert await recount(live.runtime.db, live.runtime.home, record.id) == []


async def test_a_later_sequence_changes_nothing_that_is_shown(live: Api) -> None:
    await open_team(live)
    secret = {"resume": "a secret of a client"}
    sent = await live.submit({"recommend": 0}, survey="team", complete=False, **secret)
    own = sent.json()["id"]
    await answer(live, [9] * 4)
    assert await n_of(live) == 0  # it is not complete
    body = {"id": own, "survey": "team", "answers": {}, "sequence": 2, **secret}
    done = await live.http.post("/v1/public/responses", json=body)
    assert done.is_success, done.text
    assert await n_of(live) == 5
    late = {**body, "answers": {"recommend": 10}, "sequence": 3}
    refused = await live.http.post("/v1/public/responses", json=late)
    assert refused.json()["code"] == "response_finished"


async def test_a_survey_closes_after_so_many_answers_whether_they_are_shown_or_wait(
    live: Api,
) -> None:
    await open_team(live, {**TEAM, "asking": {"closes_after": 3}})
    await answer(live, [9] * 3)
    refused = await live.submit({"recommend": 9}, survey="team")
    assert (refused.status_code, refused.json()["code"]) == (410, "survey_closed")


async def test_pages_say_that_answers_are_hidden_and_not_that_there_are_none(live: Api) -> None:
    await open_team(live)
    console = await sign_in(live)
    assert "Hidden: fewer than" not in (await console.get("/results/team")).text
    await answer(live, [9] * 4)
    for path in ("", "/results", "/results/team"):
        assert "Hidden: fewer than 5 answers" in (await console.get(path)).text, path
    await answer(live, [9])
    for path in ("", "/results", "/results/team"):
        assert "Hidden: fewer than" not in (await console.get(path)).text, path


async def test_comments_are_not_read_store_by_store(live: Api) -> None:
    await open_team(live)
    await answer(live, [9] * 5, "Oslo", channel="email")
    console = await sign_in(live)
    assert "Oslo gave 9." in (await console.get("/results/team")).text
    assert "Oslo gave 9." not in (await console.get("/results/team", channel="email")).text


async def test_ordinary_surveys_show_each_answer(live: Api) -> None:
    await live.submit({"recommend": 9})
    reply = await live.http.get("/v1/surveys/post_purchase/scores")
    assert (reply.json()["scores"][0]["n"], reply.json()["hidden"]) == (1, None)
