"""For any filter the same number, n and interval on all surfaces; n equals the export's cells."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest
from api_client import Api
from pyarrow import parquet
from same_numbers import (
    Asked,
    Number,
    ask,
    draw_filter,
    exported,
    known_names,
    number_of,
    numbers_of,
    taken,
)
from same_parts import (
    before_and_after_agree,
    breakdown_agrees,
    comparison_agrees,
    journey_agrees,
    trends_agree,
    zones_agree,
)
from same_routes import Heard, unheard
from same_surfaces import (
    EXACT,
    ROUNDED,
    Pages,
    by_api,
    by_rates,
    command,
    lines_of,
    picture,
    plain,
    said,
)
from same_world import SURVEYS, TEAM, VISIT, make_world
from signed_in import sign_in
from tiers import POSTGRES_NIGHTLY, nightly

pytestmark = POSTGRES_NIGHTLY
GROUPINGS = ("touchpoint", "channel", "version", "locale", "store", "plan", "wave")


@pytest.mark.parametrize(
    ("seed", "filters"), [(1, 2), *[nightly(seed, 5) for seed in range(10, 24)]]
)
async def test_every_surface_shows_the_same(api: Api, seed: int, filters: int) -> None:
    world = await make_world(api, seed, answers=30)
    pages = Pages(api, await sign_in(api))
    await before_and_after_agree(world)
    for key in SURVEYS:
        await shown_at_a_glance(Asked(world, key, {}), pages)
        for number in range(filters):
            asked = Asked(world, key, draw_filter(world, key) if number else {})
            try:
                await whole_agrees(asked, pages)
                await parts_agree(asked, pages)
            except AssertionError as error:
                error.add_note(f"{key} {asked.filter}, seed {seed}")
                raise


async def test_whatever_else_shows_a_number_is_noticed(api: Api, tier: str) -> None:
    world, console = await make_world(api, 3, answers=12), await sign_in(api)
    heard, pages = Heard(api.http, console.http), Pages(api, console)
    asked = Asked(world, VISIT, {})
    rows = await exported(asked)
    assert rows is not None
    await whole_agrees(asked, pages)
    await parts_agree(asked, pages)
    await shown_at_a_glance(asked, pages)

    score = numbers_of([row["answers"] for row in rows], asked)["recommend"]

    is_whole = tier == "nightly"
    assert await unheard(heard, api, console, VISIT, score, is_whole=is_whole) == set()


async def parts_agree(asked: Asked, pages: Pages) -> None:
    drawn = asked.world.dice.sample(GROUPINGS, 1)
    for by in drawn if asked.filter else ("touchpoint", "store"):
        await breakdown_agrees(asked, by, pages)
    await comparison_agrees(asked)
    await trends_agree(asked)
    await zones_agree(asked)
    await journey_agrees(asked)


async def whole_agrees(asked: Asked, pages: Pages) -> None:
    told, rows = await by_api(asked), await exported(asked)
    if told is None:
        return
    if (model := taken(asked)) is not None:
        assert rows is not None
        assert {row["id"] for row in rows} == {str(each.id) for each in model}
    if rows is None:
        assert asked.key == TEAM  # its rows are not to be had by a filter
        return
    answers = [row["answers"] for row in rows]
    expected = plain(numbers_of(answers, asked))
    is_rough = asked.filter.get("repeated") == "clustered"
    agree(told, expected, is_rough=is_rough)
    for path, readers in EXACT.items():
        sure = asked if "level" in known_names(asked.world, path) else asked.at_95()
        for read in readers:
            found = await read(sure)
            if found is not None:
                same = told if sure == asked else await by_api(sure)
                assert same is not None
                try:
                    agree(found, same, is_rough=is_rough and read is by_rates)
                except AssertionError as error:
                    error.add_note(path)
                    raise
    await files_have_the_cells(asked, expected)
    await odata_has_the_cells(asked, expected, rows)
    await words_say_it(asked, answers, pages)


def agree(
    one: Mapping[str, Number],
    other: Mapping[str, Number],
    within: float = 1e-9,
    *,
    is_rough: bool = False,
) -> None:
    assert one.keys() == other.keys(), one.keys() ^ other.keys()
    for question, number in one.items():
        same = other[question]
        if is_rough:  # intervals that know of persons are the server's alone
            number, same = number._replace(low=0, high=0), same._replace(low=0, high=0)
        assert number.is_near(same, within), (question, number, same)


async def files_have_the_cells(asked: Asked, expected: Mapping[str, Number]) -> None:
    for form in ("csv", "xlsx", "parquet"):
        file = await ask(asked, f"/v1/surveys/{{key}}/export.{form}")
        assert file is not None
        rows = cells_of(form, file.content)
        agree(plain(numbers_of(rows, asked)), expected)
    sheet = await ask(asked, "/sheets/{survey}/responses.csv")
    assert sheet is not None
    agree(plain(numbers_of(lines_of(sheet.text), asked)), expected)


def cells_of(form: str, content: bytes) -> list[dict[str, Any]]:
    match form:
        case "csv":
            return [*lines_of(content.decode())]
        case "parquet":
            return parquet.read_table(io.BytesIO(content)).to_pylist()
        case _:
            sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["responses"]
            heads, *lines = sheet.iter_rows(values_only=True)
            return [dict(zip(map(str, heads), line, strict=True)) for line in lines]


async def odata_has_the_cells(
    asked: Asked, expected: Mapping[str, Number], rows: list[dict[str, Any]]
) -> None:
    path = "/odata/{survey}/{resource}"
    more = {"resource": "Responses", "$count": "true", "$top": "0"}
    every = await ask(asked, path, **more)
    if every is None:
        assert asked.key == TEAM
        return
    assert every.json()["@odata.count"] == len(rows)
    of_web = await ask(asked, path, **more, **{"$filter": "channel eq 'web'"})
    assert of_web is not None
    assert of_web.json()["@odata.count"] == sum(row["channel"] == "web" for row in rows)
    for question, number in expected.items():
        wanted = {"$filter": f"column eq '{question}'", "$count": "true", "$top": "0"}
        cells = await ask(asked, path, resource="Answers", **wanted)
        assert cells is not None
        assert cells.json()["@odata.count"] == number.n, question


async def words_say_it(asked: Asked, answers: list[dict[str, Any]], pages: Pages) -> None:
    """Pictures, pages and the command, which round for readers."""
    if asked.filter.get("repeated") != "clustered":
        printed = await command(asked)
        for score in numbers_of(answers, asked).values():
            assert printed is None or str(score) in printed, (score, printed)
    shown = numbers_of(answers, asked.at_95())
    for question, score in shown.items():
        drawn = await picture(asked, question)
        assert drawn is None or said(score) in drawn, (question, said(score))
    for read in (pages.by_link, pages.by_console):
        page, file = await read(asked), await read(asked, "/scores.csv")
        if page is None or file is None:
            continue
        agree({row["question"]: number_of(row) for row in lines_of(file)}, plain(shown), ROUNDED)
        if not any(score.n for score in shown.values()):
            assert not re.search(r"95% interval \S+ to ", page)  # it helps to get answers instead
            continue
        for question, score in shown.items():
            assert said(score) in page or as_line(score).search(page), (question, said(score))


def as_line(score: Any) -> re.Pattern[str]:
    """What the page has of a question that it does not show in full; nothing of one without."""
    if not score.n:
        return re.compile("")
    value, interval, n = re.split(r"\. 95% interval |, ", said(score))
    told = [value, interval, n.partition(" ")[0]]
    return re.compile(r">\s*" + r"\s*(?:<[^>]*>\s*)+".join(map(re.escape, told)) + r"\s*<")


async def shown_at_a_glance(asked: Asked, pages: Pages) -> None:
    """The console's home and its list of results have the first number of 90 days, which is all."""
    rows = await exported(asked)
    assert rows is not None
    first = numbers_of([row["answers"] for row in rows], asked)["recommend"]
    low_to_high = said(first).partition("interval ")[2].partition(",")[0]
    for path in ("", "/results"):
        assert low_to_high in await pages.console(path), (path, said(first))
