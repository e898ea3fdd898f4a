"""Whatever a version of a survey did not offer is not counted against it, for every type."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import msgspec
import pytest
from api_client import Api
from every_type import CHOICES, TYPES, answers_to, asked, question_of
from hypothesis import given
from hypothesis import strategies as st

from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.distributions import distribute
from harken_server.responses.store.row import counted_values
from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

CHOSEN = [kind for kind in TYPES if question_of(kind).behaviour.is_chosen]
LISTS = ("choices", "rows", "columns")


def narrower(kind: str, draw: st.DrawFn) -> dict[str, Any]:
    """The question with some of its choices, rows and columns only."""
    fields = {name: CHOICES for name in LISTS if name in asked(kind)}
    some = st.lists(st.sampled_from(CHOICES), min_size=2, unique_by=lambda each: each["value"])
    return asked(kind, **{name: draw(some) for name in fields})


@st.composite
def versions_with_answers(draw: st.DrawFn, kind: str) -> list[tuple[Question, list[Any]]]:
    questions = [narrower(kind, draw) for _ in range(draw(st.integers(1, 3)))]
    made = [msgspec.convert(question, Question) for question in questions]
    return [(question, draw(st.lists(answers_to(question), max_size=4))) for question in made]


@pytest.mark.parametrize("kind", CHOSEN)
@given(data=st.data())
def test_a_share_is_of_the_answers_to_versions_that_offered_it(
    kind: str, data: st.DataObject
) -> None:
    versions = data.draw(versions_with_answers(kind))
    rows: Counter[tuple[str, str, str, int]] = Counter()
    for number, (question, answers) in enumerate(versions, 1):
        compiled = compile_survey(Survey(key="s", title="S", questions=(question,)))
        for answer in answers:
            typed = check_answers(compiled, {"q": answer}, {}, is_complete=False).rows
            rows.update((*value, number) for value in counted_values(typed))
    counts = [CountRow(*key[:3], n, version=key[3]) for key, n in rows.items()]
    asked_by = {number: [question] for number, (question, _) in enumerate(versions, 1)}

    found = distribute(versions[-1][0], counts, asked_by)
    alone = {
        number: {part.row: part for part in distribute(
            question, [row for row in counts if row.version == number], asked_by
        )}
        for number, [question] in asked_by.items()
    }  # fmt: skip

    for part in found:
        for choice in part.choices:
            offering = [
                each.n
                for own in alone.values()
                if (each := own.get(part.row)) is not None
                and choice.value in {one.value for one in each.choices}
            ]
            assert choice.of == sum(offering)
            assert choice.n <= choice.of <= part.n
            assert (choice.share is None) == (choice.of == 0)
        assert part.n <= part.offered <= part.asked or not part.row


OLD, NEW = [CHOICES[:2], CHOICES[1:]]
CHANGED = ["single_choice", "multiple_choice", "matrix", "ranking"]


def survey_of(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"key": "changed", "title": "Changed", "questions": list(questions)}


async def rows_of(api: Api) -> list[dict[str, str]]:
    reply = await api.http.get("/v1/surveys/changed/export.csv")
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


def bare(kind: str, offered: list[dict[str, str]]) -> dict[str, Any]:
    fields = ("rows",) if kind == "matrix" else ("choices",)
    extra = {"columns": CHOICES} if kind == "matrix" else {}
    return {"type": kind, "key": "q", "text": "?", **dict.fromkeys(fields, offered), **extra}


async def answer_both_versions(live: Api, kind: str) -> None:
    """Each with what only it offers."""
    answers = {
        "single_choice": ("a", "d"),
        "multiple_choice": (["a"], ["d"]),
        "matrix": ({"a": "b"}, {"d": "b"}),
        "ranking": (["a", "b"], ["d", "c", "b"]),
    }[kind]
    for offered, answer in zip((OLD, NEW), answers, strict=True):
        assert (await live.push(survey_of(bare(kind, offered)))).is_success
        await live.submit({"q": answer}, survey="changed")


@pytest.mark.parametrize("kind", CHANGED)
async def test_a_cell_of_what_a_version_did_not_offer_is_empty(live: Api, kind: str) -> None:
    await answer_both_versions(live, kind)

    first, second = await rows_of(live)

    not_offered = {name for name in first if name in {"q__c", "q__d"}}
    assert {first[name] for name in not_offered} <= {""}
    assert second.get("q__a", "") == ""
    if kind == "multiple_choice":
        assert [first[f"q__{value}"] for value in "abcd"] == ["1", "0", "", ""]
        assert [second[f"q__{value}"] for value in "abcd"] == ["", "0", "0", "1"]


@pytest.mark.parametrize("kind", CHANGED)
async def test_the_page_says_what_a_version_did_not_offer(live: Api, kind: str) -> None:
    await answer_both_versions(live, kind)
    made = await live.http.post("/v1/surveys/changed/results-link", json={})

    page = (await live.http.get(made.json()["url"])).text

    assert page.count("offered in 1 of 2 answers") == 3


async def test_a_removed_question_keeps_its_score_under_its_version(live: Api) -> None:
    def rated(key: str) -> dict[str, str]:
        return {"type": "csat", "key": key, "text": f"How was the {key}?"}

    await live.push(survey_of(rated("food"), rated("service")))
    for food in (5, 4, 1):
        await live.submit({"food": food, "service": 5}, survey="changed")
    await live.push(survey_of(rated("service"), rated("price")))
    await live.submit({"service": 5, "price": 2}, survey="changed")

    async def scores(query: str) -> dict[str, int]:
        reply = await live.http.get(f"/v1/surveys/changed/scores{query}")
        return {score["question"]: score["n"] for score in reply.json()["scores"]}

    assert await scores("") == {"service": 4, "price": 1}
    assert await scores("?version=1") == {"food": 3, "service": 3}
    assert await scores("?version=2") == {"service": 1, "price": 1}
    assert await scores("?question=food") == {"food": 3}
    assert await scores("?version=9") == {"service": 0, "price": 0}
    made = await live.http.post("/v1/surveys/changed/results-link", json={})
    page = (await live.http.get(made.json()["url"])).text
    assert "No longer asked:" in page
    assert "How was the food?</a> (version 1)" in page
    assert "Not asked in version 1." in page
