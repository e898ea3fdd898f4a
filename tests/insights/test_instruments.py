"""A survey that is a published instrument gives the instrument's own number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from api_client import Api
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.instruments import (
    StatementMetric,
    product_market_fit,
    statement_score,
)

TEMPLATES = Path(__file__).parents[2] / "survey_templates"
POINTS = st.dictionaries(st.integers(0, 40), st.integers(1, 50), min_size=1)


def template(name: str) -> dict[str, Any]:
    return yaml.safe_load((TEMPLATES / f"{name}.survey.yaml").read_text("utf-8"))


def usability(*ratings: int) -> dict[str, int]:
    keys = [question["key"] for question in template("sus")["questions"]]
    return dict(zip(keys, ratings, strict=False))


async def scores_of(api: Api, key: str, **query: str) -> dict[str, dict[str, Any]]:
    reply = await api.http.get(f"/v1/surveys/{key}/scores", params=query)
    return {score["metric"]: score for score in reply.json()["scores"]}


async def page_of(api: Api, key: str) -> str:
    made = await api.http.post(f"/v1/surveys/{key}/results-link", json={})
    return (await api.http.get(made.json()["url"])).text


async def test_sus_is_scored_by_its_rule_from_those_who_rated_all_ten(live: Api) -> None:
    await live.push(template("sus"))
    best, middle = (usability(*[5, 1] * 5), usability(*[3] * 10))
    for answers in (best, middle, usability(4, 2, 4, 1, 5, 2, 4, 2, 4, 1)):
        assert (await live.submit(answers, survey="sus")).is_success
    await live.submit(usability(5, 1, 5), survey="sus", is_complete=False)

    found = (await scores_of(live, "sus"))["sus"]

    assert (found["n"], found["unit"], found["range_low"], found["range_high"]) == (
        3, "index", 0, 100,
    )  # fmt: skip
    assert found["score"] == pytest.approx((100 + 50 + 82.5) / 3)
    assert found["low"] < found["score"] < found["high"]
    assert {rating: n for rating, n in found["counts"].items() if n} == {
        "50": 1, "82.5": 1, "100": 1,
    }  # fmt: skip
    page = await page_of(live, "sus")
    assert "System Usability Scale: 77.5" in page
    assert "Brooke 1996" in page
    reply = await live.http.get("/v1/surveys/sus/scores", params={"question": "sus"})
    assert [score["metric"] for score in reply.json()["scores"]] == ["sus"]


async def test_product_market_fit_leaves_out_who_no_longer_uses_it(live: Api) -> None:
    await live.push(template("product_market_fit"))
    for choice in ["very"] * 2 + ["somewhat", "not"] + ["no_longer"] * 3:
        await live.submit({"disappointed": choice}, survey="product_market_fit")

    found = (await scores_of(live, "product_market_fit"))["pmf"]

    assert (found["question"], found["score"], found["n"]) == ("disappointed", 50, 4)
    assert "Product-market fit: 50%" in await page_of(live, "product_market_fit")


@pytest.mark.parametrize("name", ["sus", "product_market_fit"])
async def test_an_instrument_that_nobody_answered_has_no_number(live: Api, name: str) -> None:
    await live.push(template(name))

    found = next(iter((await scores_of(live, name)).values()))

    assert (found["score"], found["n"]) == (None, 0)
    assert "No answers yet" in await page_of(live, name)


@pytest.mark.parametrize(
    ("name", "metric"),
    [("nps", "nps"), ("enps", "enps"), ("csat", "csat"), ("ces", "ces"), ("ces_v1", "ces_v1"),
     ("sus", "sus"), ("product_market_fit", "pmf")],
)  # fmt: skip
async def test_each_template_named_after_an_instrument_gives_its_number(
    live: Api, name: str, metric: str
) -> None:
    file = (TEMPLATES / f"{name}.survey.yaml").read_bytes()
    await live.http.post("/v1/surveys", content=file, headers={"content-type": "application/yaml"})

    assert metric in await scores_of(live, name)


@pytest.mark.parametrize("name", ["sus", "product_market_fit"])
async def test_a_survey_that_lacks_what_the_instrument_asks_is_refused(
    live: Api, name: str
) -> None:
    lacking = template(name)
    lacking["questions"] = [{**question, "jumps": []} for question in lacking["questions"][1:]]

    reply = await live.push(lacking)

    assert reply.status_code == 422
    assert '"$.instrument"' in reply.text
    assert f"The instrument {name} " in reply.text


@given(POINTS)
def test_the_interval_of_sus_stays_on_its_scale(points: dict[int, int]) -> None:
    score = statement_score("sus", points)

    assert 0 <= (score.low or 0) <= (score.high or 0) <= 100
    assert sum(score.counts.values()) == score.n


@given(st.dictionaries(st.sampled_from(["very", "somewhat", "not", "gone"]), st.integers(0, 99)))
def test_product_market_fit_is_a_share_of_its_three_choices(counts: dict[str, int]) -> None:
    score = product_market_fit("q", counts)

    assert score.n == sum(n for choice, n in counts.items() if choice != "gone")
    if score.score is not None:
        assert score.low is not None
        assert score.high is not None
        assert score.low - 1e-9 <= score.score <= score.high + 1e-9


@pytest.mark.parametrize(
    ("metric", "best", "worst"), [("sus", 40, 0), ("umux", 24, 0), ("umux_lite", 12, 0)]
)
def test_statements_reach_both_ends_of_their_scale(
    metric: StatementMetric, best: int, worst: int
) -> None:
    assert statement_score(metric, {best: 3}).score == 100
    assert statement_score(metric, {worst: 3}).score == 0


def umux_survey(instrument: str, count: int) -> dict[str, Any]:
    questions = [
        {"type": "rating", "key": f"q{at}", "text": f"Statement {at}", "low": 1, "high": 7}
        for at in range(1, count + 1)
    ]
    return {"key": instrument, "title": "?", "instrument": instrument, "questions": questions}


async def test_umux_is_scored_by_its_rule(live: Api) -> None:
    await live.push(umux_survey("umux", 4))
    for ratings in ((7, 1, 7, 1), (4, 4, 4, 4), (5, 2, 6, 1)):
        answers = {f"q{at}": rating for at, rating in enumerate(ratings, 1)}
        assert (await live.submit(answers, survey="umux")).is_success

    found = (await scores_of(live, "umux"))["umux"]

    assert found["score"] == pytest.approx((100 + 50 + (4 + 5 + 5 + 6) / 24 * 100) / 3)
    assert "UMUX: 7" in await page_of(live, "umux")


async def test_umux_lite_has_two_positive_statements(live: Api) -> None:
    await live.push(umux_survey("umux_lite", 2))
    assert (await live.submit({"q1": 7, "q2": 5}, survey="umux_lite")).is_success

    found = (await scores_of(live, "umux_lite"))["umux_lite"]

    assert found["score"] == pytest.approx((7 + 5 - 2) * 100 / 12)


async def test_an_expectation_is_a_net_share_of_better_and_worse(live: Api) -> None:
    choices = [{"value": value, "label": value} for value in ("worse", "same", "better", "unsure")]
    question = {"type": "single_choice", "key": "met", "text": "?", "choices": choices}
    await live.push(
        {"key": "e", "title": "?", "instrument": "expectation_match", "questions": [question]}
    )
    for choice in ["better"] * 3 + ["same"] * 4 + ["worse"] + ["unsure"] * 2:
        await live.submit({"met": choice}, survey="e")

    found = (await scores_of(live, "e"))["expectation"]

    assert (found["score"], found["n"], found["unit"]) == (25, 8, "points")


@pytest.mark.parametrize("instrument", ["umux", "umux_lite", "expectation_match"])
async def test_an_instrument_names_what_is_missing(live: Api, instrument: str) -> None:
    body = umux_survey(instrument, 3)

    reply = await live.http.post("/v1/surveys", json=body)

    assert reply.status_code == 422
    assert "wrong_instrument" in {each["code"] for each in reply.json()["problems"]}
