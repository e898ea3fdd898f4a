"""What BI tools are given to run: every statement, beside the numbers of Harken itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from api_client import Api
from dimension_steps import declare

EXAMPLES = Path(__file__).parents[2] / "examples" / "business_intelligence"
MODELS = ["counted_ratings", "nps_by_week", "nps_by_store"]
GIVEN = {"survey": "'post_purchase'", "question": "'recommend'"}
STORES = {"Oslo": [10] * 9 + [7] * 4 + [3], "Berlin": [9, 8, 2, 2, 0]}

pytestmark = pytest.mark.parametrize(
    "engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
async def answered(live: Api) -> Api:
    await declare(live, {"name": "store"})
    for store, ratings in STORES.items():
        for rating in ratings:
            answers: dict[str, Any] = {"recommend": rating, "reason": "price"}
            answers |= {"why": "Slow"} if rating < 7 else {}
            assert (await live.submit(answers, context={"store": store})).is_success
    return live


def model(name: str) -> str:
    """As dbt makes it of the file."""
    template = jinja2.Template((EXAMPLES / "dbt" / "models" / f"{name}.sql").read_text())
    given = {"workspace": "default"}
    return template.render(
        source=lambda _, table: table, ref=str, var=lambda name, usual="": given.get(name, usual)
    )


async def test_models_for_dbt_give_the_scores_and_intervals_of_the_api(answered: Api) -> None:
    db = answered.runtime.db
    assert {path.stem for path in (EXAMPLES / "dbt" / "models").glob("*.sql")} == {*MODELS}
    ((workspace,),) = await db.fetch("SELECT DISTINCT workspace FROM responses_flat")
    for name in MODELS:
        made = model(name).replace("'default'", f"'{workspace}'")
        await db.execute(f"CREATE VIEW {name} AS {made}")

    (week,) = await db.fetch("SELECT answers, nps, nps_low, nps_high FROM nps_by_week")
    stores = await db.fetch("SELECT store, answers, nps, nps_low, nps_high FROM nps_by_store")

    assert numbers_of(await answered.score()) == pytest.approx(list(week), abs=1e-4)
    for store, *found in stores:
        score = await answered.score(where=f"store:{store}")
        assert numbers_of(score) == pytest.approx(found, abs=1e-4)
    assert {store for store, *_ in stores} == STORES.keys()


def numbers_of(score: dict[str, Any]) -> list[float]:
    return [score["n"], score["score"], score["low"], score["high"]]


async def test_statements_for_metabase_and_superset_run_as_they_are(answered: Api) -> None:
    said: dict[str, list[Any]] = {}
    for path in sorted((EXAMPLES / "queries").glob("*.sql")):
        question = {"what_was_chosen": "'reason'"}.get(path.stem, GIVEN["question"])
        statement = jinja2.Template(path.read_text()).render(GIVEN | {"question": question})
        said[path.stem] = [*await answered.runtime.db.fetch(statement)]

    ((_, n, nps),) = said.pop("nps_by_day")
    score = await answered.score()
    assert (n, float(nps)) == (score["n"], pytest.approx(score["score"]))
    assert [row[:2] for row in said.pop("what_was_chosen")] == [("price", 19)]
    comments = sorted(row[2:] for row in said.pop("latest_comments"))
    assert comments == [("Slow", rating) for rating in (0, 2, 2, 3)]
    assert not said


async def test_panels_for_grafana_run_once_its_macros_are_written_out(answered: Api) -> None:
    dashboard = json.loads((EXAMPLES / "grafana" / "dashboard.json").read_text())
    statements = [target["rawSql"] for panel in dashboard["panels"] for target in panel["targets"]]

    found = [[*await answered.runtime.db.fetch(plain(each))] for each in statements]

    score = await answered.score()
    assert float(found[0][0][1]) == pytest.approx(score["score"])
    assert found[1][0][1] == score["n"]
    assert len(found[2]) == 4
    for listed in dashboard["templating"]["list"]:
        assert [*await answered.runtime.db.fetch(listed["query"])] == [("post_purchase",)]


def plain(statement: str) -> str:
    """With what Grafana puts in the place of its macros."""
    statement = re.sub(
        r"\$__timeGroup\((\w+), '1w'\)",
        r"floor(extract(epoch from \1) / 604800) * 604800",
        statement,
    )
    statement = re.sub(r"\$__timeFilter\((\w+)\)", r"\1 > '1999-01-01T00:00:00Z'", statement)
    return statement.replace("$survey", "post_purchase")
