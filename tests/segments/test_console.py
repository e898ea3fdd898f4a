"""Segments by the console: made, shown in words, changed and deleted."""

from __future__ import annotations

import html

import pytest
from api_client import Api
from signed_in import sign_in

from harken_server.segments import store
from harken_server.segments.console.words import Row, read_row, rows_of, say_condition
from harken_server.surveys.conditions import Condition

FORM = {
    "title": "Families, on Pro!", "description": "Buy for children.",
    "portrait": "buys on Saturdays\n\nlooks for offers",
    "of_0": "trait", "name_0": "plan", "op_0": "equals", "value_0": "pro",
    "of_2": "band", "name_2": "recommend", "op_2": "one_of", "value_2": "promoters, passives",
}  # fmt: skip


async def test_a_persona_is_made_changed_and_deleted(api: Api) -> None:
    owner = await sign_in(api)
    made = await owner.post("/segments/new", **FORM)
    assert made.status_code == 303, made.text

    listed = html.unescape((await owner.get("/segments")).text)

    assert "families_on_pro" in listed
    assert "Trait of the customer plan is pro" in listed
    assert "Score group of recommend is one of promoters, passives" in listed
    assert "“buys on Saturdays”" in listed
    form = (await owner.get("/segments/families_on_pro/edit")).text
    assert 'value="promoters, passives"' in form
    changed = await owner.post("/segments/families_on_pro/edit", **{**FORM, "title": "All"})
    assert changed.status_code == 303
    kept = await store.get_segment(api.runtime.db, api.runtime.home, "families_on_pro")
    assert kept is not None
    assert (kept.title, kept.portrait) == ("All", ("buys on Saturdays", "looks for offers"))
    assert (await owner.post("/segments/families_on_pro/delete")).status_code == 303
    assert await store.list_segments(api.runtime.db, api.runtime.home) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Title must have 1 to 120 characters"),
        ({"of_0": ""}, "Choose what is looked at."),
        (
            dict.fromkeys(("of_0", "name_0", "value_0", "of_2", "name_2", "value_2"), ""),
            "at least one",
        ),
        ({"value_0": ""}, "Say what it is."),
        ({"name_0": ""}, "Give its name"),
        ({"op_0": "at_least"}, "takes a number"),
    ],
)
async def test_what_is_no_segment_comes_back_filled(
    api: Api, changes: dict[str, object], said: str
) -> None:
    owner = await sign_in(api)

    refused = await owner.post("/segments/new", **{**FORM, **changes})

    assert refused.status_code == 422
    assert said in html.unescape(refused.text)
    assert "looks for offers" in refused.text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row("context", "shop", "equals", "7"), "Context of the answer shop is 7"),
        (Row("version", "", "at_least", "2"), "Survey version is at least 2"),
        (Row("locale", "", "one_of", "en, de"), "Language is one of en, de"),
        (Row("answer", "why", "exists", ""), "Answer to why is known"),
        (Row("trait", "vip", "not_equals", "yes"), "Trait of the customer vip is not yes"),
        (Row("trait", "vip", "not_exists", ""), "Trait of the customer vip is not known"),
    ],
)
def test_a_row_is_told_and_read_as_it_was_typed(row: Row, said: str) -> None:
    conditions, errors = read_row(row)

    assert errors == {}
    assert rows_of(conditions) == (row,)
    assert say_condition(conditions[0]) == said


def test_who_types_a_number_means_the_text_as_well() -> None:
    assert read_row(Row("context", "shop", "equals", "7"))[0] == [
        Condition(of="context", name="shop", op="one_of", value=(7, "7"))
    ]
