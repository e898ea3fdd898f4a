"""Comments by the API: searched, by band, in pages, and as a file; scores and trends as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from api_client import Api

COMMENTS = "/v1/surveys/post_purchase/comments"


@pytest.fixture
async def asked(api: Api) -> Api:
    await api.push()
    said = [(2, "Slow delivery, cold food"), (3, "Cold food"), (6, "=SUM(A1) slow"), (9, "Lovely")]
    for number, (rating, text) in enumerate(said):
        answers: dict[str, Any] = {"recommend": rating}
        if rating <= 6:
            answers["why"] = text
        await api.submit(answers, touchpoint="till" if number else "door")
    return api


async def listed(api: Api, **query: Any) -> list[str]:
    reply = await api.http.get(COMMENTS, params=query)
    assert reply.status_code == 200, reply.text
    return [each["text"] for each in reply.json()["comments"]]


async def test_comments_come_newest_first_with_the_rating_beside(asked: Api) -> None:
    found = (await asked.http.get(COMMENTS)).json()

    assert [(each["rating"], each["question"]) for each in found["comments"]] == [
        (6, "why"), (3, "why"), (2, "why"),
    ]  # fmt: skip
    assert found["older"] is None


async def test_all_words_of_a_search_must_be_there_in_any_case(asked: Api) -> None:
    assert await listed(asked, q="SLOW") == ["=SUM(A1) slow", "Slow delivery, cold food"]
    assert await listed(asked, q="cold slow") == ["Slow delivery, cold food"]
    assert await listed(asked, q="hot") == []
    assert await listed(asked, q="cold", touchpoint="till") == ["Cold food"]


async def test_a_band_is_a_group_of_the_first_metric(asked: Api) -> None:
    assert len(await listed(asked, band="detractors")) == 3
    assert await listed(asked, band="promoters") == []
    reply = await asked.http.get(COMMENTS, params={"band": "haters"})
    assert reply.status_code == 400
    assert "detractors, passives, promoters" in reply.json()["detail"]


async def test_an_unknown_question_and_cursor_are_refused(asked: Api) -> None:
    wrong = await asked.http.get(COMMENTS, params={"question": "recommend"})
    assert (wrong.status_code, "why" in wrong.json()["detail"]) == (400, True)
    wrong = await asked.http.get(COMMENTS, params={"before": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")


async def test_pages_follow_their_link_to_the_end(asked: Api) -> None:
    texts: list[str] = []
    url = f"{COMMENTS}?limit=1&band=detractors"
    while url:
        reply = await asked.http.get(url)
        texts += [each["text"] for each in reply.json()["comments"]]
        link = reply.headers.get("link", "")
        url = link[1:].split(">")[0].removeprefix("https://feedback.example.com")

    assert texts == await listed(asked)


async def test_the_file_has_the_same_comments_made_harmless(asked: Api) -> None:
    query = {"dialect": "spreadsheet", "locale": "de", "q": "slow"}
    reply = await asked.http.get(f"{COMMENTS}.csv", params=query)

    text = reply.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["text"] for row in rows] == ["'=SUM(A1) slow", "Slow delivery, cold food"]
    assert reply.headers["content-disposition"].endswith('filename="post_purchase_comments.csv"')


@pytest.mark.parametrize("locale", ["", "de"])
async def test_scores_in_the_file_are_those_of_the_json(asked: Api, locale: str) -> None:
    query = {"by": "touchpoint", **({"locale": locale} if locale else {})}
    found = (await asked.http.get("/v1/surveys/post_purchase/scores?by=touchpoint")).json()
    reply = await asked.http.get("/v1/surveys/post_purchase/scores.csv", params=query)

    separator = ";" if locale else ","
    rows = list(csv.DictReader(io.StringIO(reply.text, newline=""), delimiter=separator))
    scores = [*found["scores"], *(s for each in found["groups"] for s in each["scores"])]
    assert [row["group"] for row in rows] == ["", *(each["group"] for each in found["groups"])]
    for row, score in zip(rows, scores, strict=True):
        assert int(row["n"]) == score["n"]
        assert [float(row[end].replace(",", ".")) for end in ("score", "low", "high")] == [
            score[end] for end in ("score", "low", "high")
        ]


async def test_trends_in_the_file_are_those_of_the_json(asked: Api) -> None:
    found = (await asked.http.get("/v1/surveys/post_purchase/trends?period=day")).json()
    reply = await asked.http.get("/v1/surveys/post_purchase/trends.csv?period=day")

    rows = list(csv.DictReader(io.StringIO(reply.text, newline="")))
    points = [point for trend in found["trends"] for point in trend["points"]]
    assert [(row["period"], int(row["n"]), float(row["score"])) for row in rows] == [
        (point["period"], point["n"], point["score"]) for point in points
    ]


async def test_a_locale_that_nobody_knows_is_refused_by_name(asked: Api) -> None:
    reply = await asked.http.get(f"{COMMENTS}.csv?locale=xx")

    assert (reply.status_code, "'xx'" in reply.json()["detail"]) == (400, True)
