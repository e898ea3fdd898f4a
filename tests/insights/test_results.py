"""The results page over HTTP: who may see it, what filters do, and its CSV files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest
from api_client import Api


async def link(api: Api, survey: str = "post_purchase", days: int = 90) -> str:
    """Path and query of a fresh results link."""
    reply = await api.http.post(f"/v1/surveys/{survey}/results-link", json={"days": days})
    parts = urlsplit(reply.json()["url"])
    return f"{parts.path}?{parts.query}"


async def look(api: Api, address: str) -> httpx.Response:
    """As a person with a browser and no key."""
    return await api.http.get(address, headers={"authorization": ""})


async def test_the_link_shows_the_score_of_the_api(live: Api) -> None:
    for rating in [9] * 9 + [3] * 2:
        await live.submit({"recommend": rating})

    page = await look(live, await link(live))

    assert page.status_code == 200
    assert "<strong>8 to 92</strong>" in page.text
    assert "<strong>11</strong> answers" in page.text
    assert round((await live.score())["score"]) == 64
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = page.headers["content-security-policy"]
    assert "; script-src 'self';" in policy
    assert "set-cookie" not in page.headers


async def test_an_untouched_survey_says_that_there_are_no_answers_yet(live: Api) -> None:
    page = await look(live, await link(live))

    assert page.status_code == 200
    assert "No answers yet" in page.text


@pytest.mark.parametrize("spoil", ["", "x", "AAAA", "0"])
async def test_without_a_good_token_nothing_is_shown(live: Api, spoil: str) -> None:
    address = await link(live)
    path, _, query = address.partition("?")

    for asked in (path, f"{path}?token={spoil}", f"{path}?{query}{spoil or 'A'}"):
        page = await look(live, asked)
        assert page.status_code == 403
        assert "This results link is not valid" in page.text
        assert "Your order" not in page.text


async def test_an_expired_link_is_not_valid_any_more(live: Api) -> None:
    address = await link(live, days=1)
    live.clock.move(days=1, seconds=1)

    assert (await look(live, address)).status_code == 403


async def test_a_link_opens_its_own_survey_only(live: Api) -> None:
    other = {
        "key": "other",
        "title": "Other",
        "questions": [{"type": "nps", "key": "q", "text": "?"}],
    }
    await live.push(other)
    _, _, query = (await link(live)).partition("?")

    for path in ("/results/other", "/results/unknown", "/results/other/scores.csv"):
        assert (await look(live, f"{path}?{query}")).status_code == 403


async def test_another_workspaces_survey_of_the_same_key_stays_closed(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await other_workspace()
    _, _, query = (await link(live)).partition("?")

    assert (await look(live, f"/results/other.post_purchase?{query}")).status_code == 403


async def test_the_filter_narrows_page_and_files_alike(live: Api) -> None:
    await live.submit({"recommend": 10}, channel="email", touchpoint="till")
    live.clock.move(days=20)
    await live.submit({"recommend": 0}, channel="web")
    address = await link(live)

    for fields, n in (
        ("", 2),
        ("&days=7", 1),
        ("&channel=email", 1),
        ("&touchpoint=till", 1),
        ("&days=all&touchpoint=&channel=&version=", 2),
        ("&version=1", 2),
        ("&version=2", 0),
    ):
        page = await look(live, address + fields)
        file = await look(live, address.replace("?", "/scores.csv?") + fields)
        assert csv_rows(file)[0]["n"] == str(n)
        if n:
            assert f"<strong>{n}</strong> answer" in page.text
        else:
            assert "No answers yet" in page.text


@pytest.mark.parametrize(
    "nonsense",
    ["days=9e9", "version=-1", "version=99999999999", "channel=%00", "touchpoint=" + "x" * 999,
     "before=%00", "before=12-%00", "before=99999999999999999999-why", "utm_source=mail",
     "channel=%ff"],
)  # fmt: skip
async def test_nonsense_in_the_address_is_never_a_fault(live: Api, nonsense: str) -> None:
    await live.submit({"recommend": 2, "why": "Cold."})

    page = await look(live, f"{await link(live)}&{nonsense}")

    assert page.status_code == 200


@pytest.mark.parametrize("path", ["/results/%00", "/results/x.%00", "/results/" + "x" * 3_000])
async def test_a_nonsense_path_is_refused(live: Api, path: str) -> None:
    assert (await look(live, path)).status_code in {400, 403}


async def test_every_link_on_the_page_opens(live: Api) -> None:
    for rating in range(11):
        await live.submit({"recommend": rating, "reason": "price"})
    live.clock.move(days=7)  # of one week there is no line
    await live.submit({"recommend": 1, "why": "=cold"})
    page = await look(live, await link(live))

    found = re.findall(r'href="(/results[^"]+)"', page.text)

    files = {urlsplit(address).path.rpartition("/")[2] for address in found}
    pictures = {"score.svg", "ratings.svg", "trend.svg", "choices.svg", "rates.svg"}
    tables = {f"{picture.removesuffix('.svg')}.csv" for picture in pictures - {"score.svg"}}
    assert files - {"post_purchase"} == pictures | tables | {"scores.csv", "comments.csv"}
    for address in found:
        if "." not in urlsplit(address).path:
            assert (await look(live, address.replace("&amp;", "&"))).status_code == 200
            continue
        reply = await look(live, address.replace("&amp;", "&"))
        assert reply.status_code == 200
        if ".svg" in address:
            assert reply.headers["content-type"] == "image/svg+xml"
            assert reply.text.startswith("<svg ")
            continue
        assert reply.headers["content-type"] == "text/csv; charset=utf-8"
        assert reply.headers["content-disposition"].startswith("attachment; filename=")
        assert csv_rows(reply)


@pytest.mark.parametrize("file", ["nothing.csv", "trend.csv", "choices.csv?question=recommend"])
async def test_a_file_that_is_not_there_is_a_kind_404(live: Api, file: str) -> None:
    name, _, extra = file.partition("?")
    address = (await link(live)).replace("?", f"/{name}?")

    page = await look(live, f"{address}&{extra}")

    assert page.status_code == 404
    assert "There is no such file" in page.text


async def test_comments_are_paged_and_escaped(live: Api) -> None:
    for index in range(23):
        await live.submit({"recommend": 2, "why": f"<i>{index}</i>"})

    first = await look(live, await link(live))
    older = re.search(r'href="([^"]+before=[^"]+)"', first.text)
    assert older is not None
    second = await look(live, older[1].replace("&amp;", "&"))

    assert first.text.count("<blockquote") == 20
    assert second.text.count("<blockquote") == 3
    assert "&lt;i&gt;22&lt;/i&gt;" in first.text
    assert "<i>22" not in first.text
    assert "Newest comments" in second.text


def csv_rows(reply: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))


async def test_the_page_says_how_many_responses_do_not_count(live: Api) -> None:
    for recommend in (9, 2, 3):
        await live.submit({"recommend": recommend})
    listed = (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]
    path = f"/v1/surveys/post_purchase/responses/{listed[-1]['id']}"

    changed = await live.http.patch(path, json={"standing": "excluded"})

    assert (changed.status_code, changed.json()["standing"]) == (200, "excluded")
    scores = (await live.http.get("/v1/surveys/post_purchase/scores")).json()
    assert (scores["scores"][0]["n"], scores["apart"]) == (2, {"excluded": 1})
    aside = await live.score(standing="excluded")
    assert aside["counts"]["3"] == 1
    only = await live.http.get("/v1/surveys/post_purchase/responses?standing=excluded&limit=1")
    assert [item["standing"] for item in only.json()["responses"]] == ["excluded"]
    assert "&standing=excluded" in only.headers["link"]
    page = await live.http.get(await link(live))
    assert "1 more response is kept apart and in none of these numbers: 1 excluded." in page.text
    await live.http.patch(path, json={"standing": "counted"})
    assert (await live.score())["n"] == 3
    wrong = await live.http.patch(path, json={"standing": "quarantined"})
    assert wrong.status_code == 422
    assert "standing" in wrong.text


async def test_somebody_who_answered_often_is_one_person_with_many_answers(live: Api) -> None:
    for recommend in (9, 9, 9):
        await live.submit({"recommend": recommend}, respondent="kim")
    await live.submit({"recommend": 3})

    told = (await live.http.get("/v1/surveys/post_purchase/scores")).json()
    page = await look(live, await link(live))

    assert (told["scores"][0]["n"], told["people"]) == (
        4, {"responses": 4, "named": 3, "people": 1},
    )  # fmt: skip
    assert "4 responses, 3 of them by 1 named person" in page.text
    assert "<strong>4</strong> answers" in page.text


async def test_a_score_says_what_became_of_it_and_whether_that_could_be_chance(live: Api) -> None:
    for rating in [9] * 20 + [3] * 20:
        await live.submit({"recommend": rating})
    live.clock.move(days=30)
    for rating in [9] * 35 + [3] * 5:
        await live.submit({"recommend": rating})
    address = await link(live)

    month, all_time = (
        await look(live, f"{address}&days=30"),
        await look(live, f"{address}&days=all"),
    )

    assert re.search(r"Beside the 30 days before: up 75 points \(\d+ to \d+\)\.", month.text)
    assert "days before" not in all_time.text
    live.clock.move(days=30)
    await live.submit({"recommend": 9})
    later = await look(live, f"{address}&days=30")
    assert "Beside the 30 days before: " in later.text
    assert "; could be chance." in later.text
