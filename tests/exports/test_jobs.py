"""Exports in the background: asked for, made by the worker, taken, and gone in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api
from spoken_survey import ANSWERS, SURVEY

from harken_server.app import CHANNELS
from harken_server.database.settings import DatabaseSettings
from harken_server.worker import Worker, jobs_of

CSV = "/v1/surveys/visit/export.csv"


@pytest.fixture
async def visited(api: Api) -> Api:
    await api.push(SURVEY)
    for answers in ANSWERS:
        await api.submit(answers, survey="visit", respondent="ada")
    return api


async def ask(api: Api, **body: Any) -> dict[str, Any]:
    reply = await api.http.post("/v1/exports", json={"survey": "visit", **body})
    assert reply.status_code == 202, reply.text
    return reply.json()


async def work(api: Api) -> None:
    await Worker(api.runtime, jobs_of(CHANNELS), ()).run_once()


async def look(api: Api, job: dict[str, Any]) -> dict[str, Any]:
    return (await api.http.get(f"/v1/exports/{job['id']}")).json()


async def made(api: Api, **body: Any) -> dict[str, Any]:
    job = await ask(api, **body)
    await work(api)
    return await look(api, job)


def path_of(job: dict[str, Any]) -> str:
    return job["url"].removeprefix("https://feedback.example.com")


def files(api: Api) -> list[Path]:
    return [*(api.runtime.settings.of(DatabaseSettings).data_dir / "exports").glob("*")]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_a_file_is_what_the_export_of_the_same_options_gives(visited: Api, form: str) -> None:
    options = {"columns": "recommend,reason", "labels": "1", "locale": "de"}
    waiting = await ask(visited, format=form, options=options)
    await work(visited)

    job = await look(visited, waiting)
    taken = await visited.http.get(path_of(job))
    direct = await visited.http.get(f"/v1/surveys/visit/export.{form}", params=options)
    assert (waiting["state"], waiting["url"]) == ("waiting", None)
    assert (job["state"], job["rows_done"], job["rows_total"]) == ("done", 3, 3)
    assert (taken.content, len(taken.content)) == (direct.content, job["size"])
    assert taken.headers["content-disposition"] == direct.headers["content-disposition"]


async def test_what_is_asked_wrongly_is_said_at_once(visited: Api) -> None:
    wrong = await visited.http.post("/v1/exports", json={"survey": "visit", "format": "doc"})
    assert (wrong.status_code, "csv" in wrong.json()["detail"]) == (400, True)
    body = {"survey": "visit", "options": {"columns": "nothing"}}
    wrong = await visited.http.post("/v1/exports", json=body)
    assert (wrong.status_code, "recommend" in wrong.json()["detail"]) == (400, True)
    assert (await visited.http.post("/v1/exports", json={"survey": "no"})).status_code == 404
    assert (await visited.http.get("/v1/exports")).json() == {"exports": []}


async def test_a_broken_download_goes_on_where_it_ended(visited: Api) -> None:
    job = await made(visited)
    whole = (await visited.http.get(path_of(job))).content

    rest = await visited.http.get(path_of(job), headers={"range": "bytes=100-"})
    beyond = await visited.http.get(path_of(job), headers={"range": "bytes=999999-"})

    assert (rest.status_code, rest.content) == (206, whole[100:])
    assert rest.headers["content-range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert (beyond.status_code, beyond.content) == (200, whole)


@pytest.mark.parametrize("erased", ["person", "response"])
async def test_erasing_anybody_removes_finished_files(visited: Api, erased: str) -> None:
    id_ = str(uuid4())
    await visited.submit({"recommend": 1}, survey="visit", id=id_)
    job, waiting = await made(visited), await ask(visited)
    assert len(files(visited)) == 1

    if erased == "person":
        reply = await visited.http.delete("/v1/respondents/ada")
    else:
        reply = await visited.http.delete(f"/v1/surveys/visit/responses/{id_}")
    assert reply.is_success, reply.text
    await work(visited)
    await work(visited)

    assert [(await look(visited, each))["state"] for each in (job,)] == ["removed"]
    assert (await look(visited, waiting))["state"] in {"removed", "done"}
    gone = await visited.http.get(path_of(job))
    assert (gone.status_code, gone.json()["code"]) == (410, "export_gone")
    later = await made(visited)
    assert later["state"] == "done"


async def test_a_file_and_its_address_go_after_their_time(visited: Api) -> None:
    job = await made(visited)
    visited.clock.move(hours=25)

    refused = await visited.http.get(path_of(job))
    await work(visited)

    assert refused.status_code == 401
    assert ((await look(visited, job))["state"], files(visited)) == ("removed", [])


async def test_a_file_that_is_removed_cannot_be_taken(visited: Api) -> None:
    job = await made(visited)

    assert (await visited.http.delete(f"/v1/exports/{job['id']}")).status_code == 204

    assert (await visited.http.get(path_of(job))).status_code == 410
    assert files(visited) == []


async def test_a_made_up_address_opens_nothing(visited: Api) -> None:
    job = await made(visited)
    token = path_of(job).rpartition("/")[2]

    forged = await visited.http.get(f"/export-file/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}")

    assert (forged.status_code, forged.json()["code"]) == (401, "export_link_invalid")


async def test_who_asked_for_a_file_is_in_the_audit_log(visited: Api) -> None:
    job = await ask(visited)

    entries = (await visited.http.get("/v1/audit")).json()["entries"]

    assert [each["subject"] for each in entries if each["action"] == "create_export"] == [job["id"]]
