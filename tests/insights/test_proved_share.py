"""How many of a score's answers not everybody could have sent: beside `n`, on every surface."""

from __future__ import annotations

import httpx
import pytest
from api_client import Api

from harken import Client
from harken_server.insights.store.people_sql import count_proved
from harken_server.responses.response import CountFilter
from harken_server.surveys.store.surveys import get_survey

SCALES = {"recommend": (0, 10)}


@pytest.fixture
async def answered(live: Api) -> Api:
    """Three by the site's own server, of which one is set aside, and one by a stranger."""
    for recommend in (9, 2, 10):
        await live.submit({"recommend": recommend})
    listed = (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]
    path = f"/v1/surveys/post_purchase/responses/{listed[0]['id']}"
    assert (await live.http.patch(path, json={"standing": "excluded"})).status_code == 200
    key = live.http.headers.pop("authorization")
    await live.submit({"recommend": 1}, channel="web")
    live.http.headers["authorization"] = key
    return live


async def test_a_score_says_how_many_of_its_answers_are_proved(answered: Api) -> None:
    score = await answered.score()

    assert (score["n"], score["proved"]) == (3, 2)
    assert (await answered.score(channel="web"))["proved"] == 0
    nobody = await answered.score(version="1", **{"from": "2020-01-01", "to": "2020-01-02"})
    assert (nobody["n"], nobody["proved"]) == (0, 0)


async def test_the_results_page_says_it_beside_the_number_of_answers(answered: Api) -> None:
    reply = await answered.http.post("/v1/surveys/post_purchase/results-link", json={})

    page = await answered.http.get(reply.json()["url"])

    assert "<strong>3</strong> answers, sender proved for 2 (67%)" in page.text


async def test_hidden_answers_and_ratings_off_the_scale_are_in_neither_number(
    answered: Api,
) -> None:
    db, home = answered.runtime.db, answered.runtime.home
    record = await get_survey(db, home, "post_purchase")
    assert record is not None
    place = db, home, record.id
    document = "CAST('{}' AS JSONB)" if db.dialect == "postgres" else "'{}'"

    async def now_counted(answers: str) -> dict[str, int] | None:
        await db.execute(f"UPDATE response SET answers = {document.format(answers)}")
        return await count_proved(*place, SCALES, CountFilter())

    assert await now_counted('{"r":{"recommend":9}}') == {"recommend": 2}
    assert await now_counted('{"r":{"recommend":9},"h":["recommend"]}') == {"recommend": 0}
    assert await now_counted('{"r":{"recommend":9},"h":["recommend2"]}') == {"recommend": 2}
    assert await now_counted('{"r":{"recommend":11}}') == {"recommend": 0}
    assert await now_counted('{"t":{"why":"So"}}') == {"recommend": 0}
    assert await count_proved(*place, SCALES, CountFilter(), most=2) is None


def test_the_client_reckons_the_share() -> None:
    score = {"question": "recommend", "metric": "nps", "n": 8, "proved": 6}
    body = {
        "survey": "s",
        "scores": [score, {**score, "n": 0, "proved": 0}, {**score, "proved": None}],
    }
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))

    with Client("http://test", "hk_test", transport=transport) as client:
        shares = [each.proved_share for each in client.scores("s")]

    assert shares == [75.0, None, None]
