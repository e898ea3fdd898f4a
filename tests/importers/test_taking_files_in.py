"""A file brought to the console becomes responses, or events; what is refused says why."""

from __future__ import annotations

from uuid import uuid4

from import_steps import ORDERS, REVIEWS, Importing
from read_page import read_page
from tiers import POSTGRES_NIGHTLY

pytestmark = POSTGRES_NIGHTLY

TITLE = "Play store"


async def test_reviews_become_responses_once_and_refused_rows_are_listed_with_why(
    importing: Importing,
) -> None:
    path = await importing.take_in(REVIEWS, title=TITLE, scale="1-5")
    again = await importing.take_in(REVIEWS, source="play_store")

    found = (await importing.api.http.get("/v1/surveys/play_store/responses")).json()["responses"]
    assert sorted(each["answers"].get("text", "") for each in found) == [
        "", "No id of its own", "Quick,\nand kind",
    ]  # fmt: skip
    assert {each["context"]["store"] for each in found} == {"Oslo", "Bergen"}
    assert {each["context"]["source"] for each in found} == {"review"}
    for page in (path, again):
        assert "Stored 3" in await importing.page(page)
        assert [(row["row"], row["why"]) for row in await importing.refused(page)] == [
            ("4", "When: “yesterday” cannot be read as a date like 2026-03-31"),
            ("5", "Stars: “7” does not lie between 1 and 5"),
            ("6", "link: link must begin with http:// or https://"),
        ]


async def test_events_become_events_once_by_the_signs_of_their_country(
    importing: Importing,
) -> None:
    await importing.take_in(ORDERS, "events", event="order")
    path = await importing.take_in(ORDERS, "events", event="order")

    moments = (await importing.api.http.get("/v1/respondents/kim/timeline")).json()["moments"]
    assert [(each["at"], each["value"]) for each in moments] == [("2026-01-31T00:00:00Z", 1234.5)]
    page = await importing.page(path)
    assert "Stored 2" in page
    assert [row["why"] for row in await importing.refused(path)] == [
        "Customer: it does not say who"
    ]


async def test_the_list_of_what_was_refused_is_mended_and_brought_again(
    importing: Importing,
) -> None:
    path = await importing.take_in(REVIEWS, title=TITLE, scale="1-5")
    refused = (await importing.visitor.get(f"{path}/refused.csv")).content
    mended = refused.replace(b"yesterday", b"2026-01-04").replace(b'"7"', b'"4"')
    mended = mended.replace(b"\n7,", b"\n4,").replace(b",7,", b",4,").replace(b"ftp:", b"https:")

    again = await importing.take_in(mended, source="play_store")

    assert "Refused 0" in await importing.page(again)
    found = (await importing.api.http.get("/v1/surveys/play_store/responses")).json()["responses"]
    assert len(found) == 6
    assert not {"row", "why"} & set().union(*(each["context"] for each in found))


async def test_columns_are_changed_before_anything_is_stored(importing: Importing) -> None:
    path = await importing.load("a,b,c\n2026-01-02,4,Fine words for everybody\n")

    looked = await importing.choose(path, "look", column_1="rating")
    page = await importing.page(path)
    refused = await importing.choose(path, "import", column_1="text", title=TITLE)

    assert looked.status_code == 303
    assert "Its one row can be taken in" in page
    assert refused.status_code == 422
    assert "“b” is taken as that already" in read_page(refused.text).text()
    assert (await importing.api.http.get("/v1/surveys")).json()["surveys"] == []


async def test_a_day_that_may_be_two_is_asked_for(importing: Importing) -> None:
    path = await importing.load("date,rating\n01/02/2026,4\n")

    silent = await importing.choose(path, title=TITLE)
    said = await importing.choose(path, title=TITLE, order="day")
    await importing.work()

    assert silent.status_code == 422
    assert "say which it is" in read_page(silent.text).text()
    assert said.status_code == 303
    (found,) = (await importing.api.http.get("/v1/surveys/play_store/responses")).json()[
        "responses"
    ]
    assert found["submitted_at"].startswith("2026-02-01") or found["answered_at"].startswith(
        "2026-02-01"
    )


async def test_times_without_a_zone_are_of_the_one_that_is_chosen(importing: Importing) -> None:
    await importing.api.http.put("/v1/timezone", json={"timezone": "Europe/Oslo"})
    path = await importing.load("who,date,event\nkim,2026-07-01 09:00,visit\n", "events")

    await importing.choose(path, column_0="respondent")
    await importing.work()

    moments = (await importing.api.http.get("/v1/respondents/kim/timeline")).json()["moments"]
    assert [each["at"] for each in moments] == ["2026-07-01T07:00:00Z"]


async def test_files_go_when_they_were_read_or_taken_away(importing: Importing) -> None:
    path = await importing.load(REVIEWS)
    assert len(importing.files()) == 1
    gone = await importing.visitor.post(f"{path}/remove")
    assert (gone.status_code, importing.files()) == (303, [])
    assert (await importing.visitor.get(path)).status_code == 404

    path = await importing.take_in(REVIEWS, title=TITLE, scale="1-5")
    assert [each.name.endswith(".refused.csv") for each in importing.files()] == [True]
    importing.api.clock.move(days=8)
    await importing.work()
    assert importing.files() == []


async def test_who_is_erased_stays_in_no_file(importing: Importing) -> None:
    await importing.take_in("respondent,at,name\nkim,2026-01-02,visit\n", "events")
    await importing.load("respondent,at,name\nkim,2026-01-03,visit\n", "events")
    importing.api.clock.move(minutes=1)

    await importing.api.http.delete("/v1/respondents/kim?hold=true")
    await importing.api.submit({"recommend": 1}, respondent="kim")
    await importing.work()

    moments = (await importing.api.http.get("/v1/respondents/kim/timeline")).json()["moments"]
    assert moments == []


async def test_comments_say_from_where_they_come_and_lead_there(importing: Importing) -> None:
    await importing.take_in(REVIEWS, title=TITLE, scale="1-5")
    await importing.api.http.post("/v1/surveys", json={
        "key": "asked", "title": "Asked", "questions": [
            {"type": "rating", "key": "stars", "text": "Stars", "low": 1, "high": 5},
            {"type": "long_text", "key": "why", "text": "Why"},
        ],
    })  # fmt: skip
    claims = {"source": "review", "link": "https://elsewhere.example/x"}
    sent = {"id": str(uuid4()), "survey": "asked", "answers": {"why": "So"}, "context": claims}
    assert (await importing.visitor.http.post("/v1/public/responses", json=sent)).status_code < 300

    reply = (await importing.api.http.get("/v1/surveys/play_store/comments")).json()
    asked = (await importing.api.http.get("/v1/surveys/asked/comments")).json()
    page = await importing.visitor.get("/results/play_store", days="all")

    assert [(each["source"], each["link"]) for each in reply["comments"]] == [
        ("review", ""), ("review", "https://reviews.example.com/1"),
    ]  # fmt: skip
    assert {(each["source"], each["link"]) for each in asked["comments"]} == {("", "")}
    link = 'href="https://reviews.example.com/1" target="_blank" rel="noopener noreferrer"'
    assert link in page.text
    assert "Where it stands" in page.text
