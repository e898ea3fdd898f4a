"""The results page tells what changed, where, and what people said there."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from api_client import Api
from dimension_steps import declare
from signed_in import SignedIn, sign_in

from harken_server.workspaces.people.rules import Role

PAGE = "/results/post_purchase"
RATED = {"oslo": (9, 10, 8, 9, 7, 10), "bergen": (9, 9, 10, 8, 7, 10)}


@pytest.fixture
async def told(live: Api) -> Api:
    """Five weeks of two stores; in the third one Bergen was awful."""
    await declare(live, {"name": "store", "source": "context", "key": "store"})
    for week in range(5):
        for store, ratings in RATED.items():
            is_bad = (week, store) == (2, "bergen")
            for rating in (0, 2, 1, 0, 3, 9) if is_bad else ratings:
                said = "The till was BROKEN" if rating else "Cold <b>coffee</b>"
                why = {"why": said} if rating < 7 else {}
                answers = {"recommend": rating, **why}
                reply = await live.submit(answers, context={"store": store})
                assert reply.status_code == 201, reply.text
        live.clock.move(days=7)
    return live


def first_change(page: str) -> tuple[str, str, str]:
    """Its link, its title, and what is quoted beside it."""
    section = page.partition('class="card changes"')[2].partition("</section>")[0]
    found = re.search(r'<a href="([^"]+)" dir="auto">([^<]+)</a>', section)
    assert found is not None
    return unescape(found[1]), found[2], section


async def test_the_store_that_fell_and_why_come_before_everything_else(told: Api) -> None:
    visitor = await sign_in(told, "analyst")

    page = (await visitor.get(PAGE)).text

    address, title, section = first_change(page)
    assert re.fullmatch(r"bergen fell in week \d+", title)
    assert "against" in section
    assert "Chance alone: " in section
    assert "The till was BROKEN" in section
    places = [page.index(f'id="{name}-h"') for name in ("changed", "breakdown", "recommend")]
    assert places == sorted(places)
    asked = parse_qs(urlsplit(address).query)
    assert asked["where"] == ["store:bergen"]
    assert asked["tone"] == ["low"]


async def test_the_link_of_what_changed_shows_those_answers_alone(told: Api) -> None:
    visitor = await sign_in(told, "analyst")
    address, _, _ = first_change((await visitor.get(PAGE)).text)

    page = (await visitor.http.get(address)).text

    assert "<strong>6</strong> answers" in page
    assert "only store bergen" in page
    comments = page.partition('id="comments-h"')[2]
    assert comments.count("The till was BROKEN") == 3
    assert comments.count("Cold &lt;b&gt;coffee") == 2


async def test_who_reads_no_comments_is_quoted_none(told: Api) -> None:
    page = (await (await sign_in(told, "viewer")).get(PAGE)).text

    assert "bergen fell in week" in page
    assert "BROKEN" not in page


@pytest.mark.parametrize(
    ("query", "broken", "cold"),
    [
        ({"q": "broken"}, 3, 0),
        ({"tone": "low"}, 3, 2),
        ({"q": "COFFEE", "tone": "low"}, 0, 2),
        ({"q": "tea"}, 0, 0),
        ({"where": "store:oslo", "tone": "low"}, 0, 0),
    ],
)
async def test_comments_are_searched(
    told: Api, query: dict[str, str], broken: int, cold: int
) -> None:
    visitor = await sign_in(told, "analyst")

    page = (await visitor.get(PAGE, **query)).text
    file = (await visitor.get(f"{PAGE}/comments.csv", **query)).text

    comments = page.partition('id="comments-h"')[2]
    assert (comments.count("BROKEN"), comments.count("Cold")) == (broken, cold)
    assert (file.count("BROKEN"), file.count("Cold")) == (broken, cold)
    assert ("Nobody said that" in comments) == (broken + cold == 0)


async def test_a_breakdown_has_its_rows_its_file_and_its_picture(told: Api) -> None:
    visitor = await sign_in(told, "analyst")

    rows = await lines(visitor, "breakdown.csv", by="store")
    picture = await visitor.get(f"{PAGE}/breakdown.svg", by="store")

    assert [row.split(",")[0] for row in rows[1:]] == ["bergen", "oslo"]
    assert rows[0].startswith("store,question,metric,score")
    score = (await told.score(where="store:bergen"))["score"]
    assert f"{score:.4f}".rstrip("0").rstrip(".") == rows[1].split(",")[3]
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "bergen" in picture.text


async def lines(visitor: SignedIn, file: str, **query: str) -> list[str]:
    reply = await visitor.get(f"{PAGE}/{file}", **query)
    assert reply.status_code == 200
    return reply.text.removeprefix("\ufeff").strip().split("\r\n")


async def test_a_breakdown_counts_what_the_api_counts(told: Api) -> None:
    visitor = await sign_in(told, "analyst")
    reply = await told.http.get("/v1/surveys/post_purchase/scores", params={"by": "store"})

    rows = await lines(visitor, "breakdown.csv", by="store", days="all")

    groups = {one["group"]: one["scores"][0] for one in reply.json()["groups"]}
    assert {row.split(",")[0]: int(row.split(",")[6]) for row in rows[1:]} == {
        group: score["n"] for group, score in groups.items()
    }


async def test_the_list_tells_moves_and_a_line_of_weeks(told: Api) -> None:
    page = (await (await sign_in(told, "viewer")).get("/results")).text

    assert 'class="sparkline"' in page
    assert "90 days before" in page


@pytest.mark.parametrize("role", ["owner", "viewer"])
async def test_a_survey_without_answers_leads_to_its_link_and_symbol(live: Api, role: Role) -> None:
    visitor = await sign_in(live, role)

    before = (await visitor.get(PAGE)).text
    await live.submit({"recommend": 9})
    after_one = (await visitor.get(PAGE)).text
    await live.submit({"recommend": 9})
    after_two = (await visitor.get(PAGE)).text

    assert "Ask the first people" in before
    assert "/s/post_purchase" in before
    assert "QR code" in before
    assert ("More ways to ask" in before) == (role == "owner")
    assert "One answer so far" in after_one
    assert "/s/post_purchase" not in after_two
