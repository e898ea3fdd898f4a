"""Results inside the console: who sees what of them, and links with a life of their own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest
from api_client import Api
from dimension_steps import declare
from signed_in import SignedIn, sign_in

PAGE = "/results/post_purchase"
STORE = {"name": "store", "source": "context", "key": "store"}

OSLO = (("oslo", "till", 3), ("oslo", "web", 2))


@pytest.fixture
async def answered(live: Api) -> Api:
    """Two stores and two touchpoints, each with a score and a comment of its own."""
    await declare(live, STORE)
    for store, touchpoint, rating in (
        ("oslo", "till", 3),
        ("oslo", "web", 2),
        ("bergen", "till", 0),
    ):
        reply = await live.submit(
            {"recommend": rating, "why": f"{store} by {touchpoint}"},
            touchpoint=touchpoint, context={"store": store},
        )  # fmt: skip
        assert reply.status_code == 201, reply.text
    return live


async def test_the_list_shows_each_surveys_score_with_its_interval(answered: Api) -> None:
    page = await (await sign_in(answered, "viewer")).get("/results")

    row = re.sub(r"<[^>]+>|\s+", " ", page.text.partition("<tbody>")[2].partition("</tbody>")[0])
    assert re.search(r"Your order .* .100 .* .100 to \d+ .* 3 .* today", row)


async def test_a_workspace_without_surveys_leads_to_the_first_one(api: Api) -> None:
    page = await (await sign_in(api, "owner")).get("/results")

    assert 'href="/console/default/surveys"' in page.text.partition("No surveys yet")[2]


async def test_an_analyst_reads_what_people_wrote(answered: Api) -> None:
    visitor = await sign_in(answered, "analyst")

    page, file = await visitor.get(PAGE), await visitor.get(f"{PAGE}/comments.csv")

    assert "<strong>3</strong> answers" in page.text
    assert "bergen by till" in page.text
    assert "token=" not in page.text
    assert "bergen by till" in file.text


async def test_a_viewer_sees_scores_and_no_comment(answered: Api) -> None:
    visitor = await sign_in(answered, "viewer")

    page, file = await visitor.get(PAGE), await visitor.get(f"{PAGE}/comments.csv")

    assert "<strong>3</strong> answers" in page.text
    assert "bergen by" not in page.text
    assert "comments.csv" not in page.text
    assert file.status_code == 403
    assert (await visitor.get(f"{PAGE}/scores.csv")).status_code == 200
    assert "/links" not in page.text
    assert (await visitor.get(f"{PAGE}/links")).status_code == 403


@pytest.mark.parametrize(
    ("stores", "touchpoints", "n"),
    [
        (("oslo",), (), 2),
        (("oslo", "bergen"), (), 3),
        ((), ("till",), 2),
        (("oslo",), ("till",), 1),
    ],
)
async def test_the_front_line_sees_its_own_stores_and_touchpoints_alone(
    answered: Api, stores: tuple[str, ...], touchpoints: tuple[str, ...], n: int
) -> None:
    visitor = await sign_in(answered, "frontline", stores=stores, touchpoints=touchpoints)

    page = await visitor.get(PAGE)

    assert f"<strong>{n}</strong> answer" in page.text
    assert page.text.count("<blockquote") == n
    listed = await visitor.get("/results")
    assert f'<td class="number" data-label="Answers">{n}</td>' in listed.text
    scores = await visitor.get(f"{PAGE}/scores.csv")
    assert f",{n}," in scores.text.splitlines()[1]
    assert (await visitor.get(f"{PAGE}/comments.csv")).text.count(" by ") == n


@pytest.mark.parametrize("asked", [{"store": "bergen"}, {"touchpoint": "web"}])
async def test_the_front_line_is_refused_what_is_not_theirs(
    answered: Api, asked: dict[str, str]
) -> None:
    visitor = await sign_in(answered, "frontline", stores=("oslo",), touchpoints=("till",))

    for path in (PAGE, f"{PAGE}/scores.csv", f"{PAGE}/comments.csv"):
        page = await visitor.get(path, **asked)
        assert page.status_code == 403
        assert "is none of yours" in page.text


async def test_the_front_line_chooses_among_its_own_stores(answered: Api) -> None:
    visitor = await sign_in(answered, "frontline", stores=("oslo", "bergen"))

    page = await visitor.get(PAGE, store="bergen")

    assert "<strong>1</strong> answer" in page.text
    assert "only store bergen" in page.text


async def test_somebody_to_whom_nothing_is_assigned_sees_nothing(answered: Api) -> None:
    visitor = await sign_in(answered, "frontline")

    listed, page = await visitor.get("/results"), await visitor.get(PAGE)

    assert "Nothing is assigned to you yet" in listed.text
    assert page.status_code == 403
    assert "Your order" not in listed.text


async def test_a_store_is_no_part_of_anothers_name(answered: Api) -> None:
    trick = 'x","store":"oslo'
    await answered.submit({"recommend": 0}, context={"store": trick})
    visitor = await sign_in(answered, "frontline", stores=("oslo",))

    page = await visitor.get(PAGE)

    assert "<strong>2</strong> answers" in page.text


async def test_another_workspaces_results_are_not_there(
    answered: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await other_workspace()
    visitor = await sign_in(answered)

    assert (await visitor.get("/results/other.post_purchase")).status_code == 404
    assert (await visitor.http.get("/console/other/results/post_purchase")).status_code == 404


async def make_link(visitor: SignedIn, kind: str = "results", days: str = "30") -> str:
    """Path and query of the newest link in the list."""
    made = await visitor.post(f"{PAGE}/links", kind=kind, days=days)
    assert made.status_code == 303, made.text
    page = await visitor.get(f"{PAGE}/links")
    found = re.search(r"<code>(https://[^<]+)</code>", page.text)
    assert found is not None
    parts = urlsplit(found[1].replace("&amp;", "&"))
    return f"{parts.path}?{parts.query}"


async def look(api: Api, address: str) -> httpx.Response:
    return await api.http.get(address, headers={"authorization": ""})


@pytest.mark.parametrize(("kind", "told"), [("results", "Your order"), ("export", "recommend")])
async def test_a_link_works_until_it_is_revoked(answered: Api, kind: str, told: str) -> None:
    visitor = await sign_in(answered, "editor")
    address = await make_link(visitor, kind)
    assert told in (await look(answered, address)).text

    page = await visitor.get(f"{PAGE}/links")
    revoke = re.search(r'action="/console/default([^"]+/revoke)"', page.text)
    assert revoke is not None
    ended = await visitor.post(revoke[1])

    assert ended.status_code == 303
    assert (await look(answered, address)).status_code in {401, 403}
    listed = await visitor.get(f"{PAGE}/links")
    assert "Revoked" in listed.text
    assert "<code>" not in listed.text
    assert (await visitor.post(revoke[1])).status_code == 404


async def test_the_list_says_who_made_a_link_and_when_it_ends(answered: Api) -> None:
    await make_link(await sign_in(answered, "editor"), days="7")
    answered.clock.move(seconds=1)
    await answered.http.post("/v1/surveys/post_purchase/export-link", json={"days": 5})
    answered.clock.move(days=6)

    page = await (await sign_in(answered)).get(f"{PAGE}/links")

    rows = re.findall(r"<tr>.*?</tr>", page.text.partition("<tbody>")[2], re.S)
    assert len(rows) == 2
    assert "key " in rows[0]
    assert "Ended" in rows[0]
    assert "Editor" in rows[1]
    assert "Until" in rows[1]
    entries = (await answered.http.get("/v1/audit?action=create_results_link")).json()["entries"]
    assert [entry["detail"]["survey"] for entry in entries] == ["post_purchase"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"kind": "all", "days": "30"}, "Choose what the link opens"),
     ({"kind": "results", "days": "9999"}, "7, 30, 90, 400 days"),
     ({"kind": "results"}, "7, 30, 90, 400 days")],
)  # fmt: skip
async def test_a_wrong_choice_is_named_and_makes_no_link(
    answered: Api, sent: dict[str, str], said: str
) -> None:
    visitor = await sign_in(answered, "editor")

    page = await visitor.post(f"{PAGE}/links", **sent)

    assert page.status_code == 422
    assert said in page.text
    assert "No links yet" in page.text


async def test_links_are_made_by_nobody_but_those_who_share(answered: Api) -> None:
    for role in ("analyst", "viewer", "frontline"):
        visitor = await sign_in(answered, role, touchpoints=("till",))
        page = await visitor.post(f"{PAGE}/links", kind="results", days="30")
        assert page.status_code == 403

    assert (await answered.http.get("/v1/links")).json()["links"] == []
