"""The hosted page over HTTP, answered without JavaScript, on both engines."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest


async def test_a_survey_is_answered_page_by_page_without_script(visitor, responses_of):
    page = await visitor.open("/s/stay")
    assert "Recommend us, dear guest?" in page.text

    page = await visitor.send(recommend="3")
    assert "You said 3. Why?" in page.text
    page = await visitor.send(why="Cold\r\nsoup")
    page = await visitor.send(used=["spa", "gym"])
    page = await visitor.send(ok="yes")

    assert visitor.reply.status_code == 200
    assert "Thank you, truly" in page.text
    [stored] = await responses_of()
    assert stored["answers"] == {
        "recommend": 3, "why": "Cold\nsoup", "used": ["spa", "gym"], "ok": True,
    }  # fmt: skip
    assert stored["complete"] is True
    assert stored["channel"] == "web"
    assert stored["started_at"] is not None


async def test_each_page_is_stored_as_soon_as_it_is_sent(visitor, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="9")

    [stored] = await responses_of()
    assert (stored["state"], stored["sequence"]) == ("partial", 1)
    assert stored["answers"] == {"recommend": 9}


async def test_reload_of_a_page_that_was_sent_gives_the_same_page_and_stores_nothing_more(
    visitor, responses_of
):
    await visitor.open("/s/stay")
    sent = {name: values[0] for name, values in visitor.page.fields.items()}
    pages = [(await visitor.post(sent | {"a_recommend": "9"})).text for _ in range(3)]

    assert pages[0] == pages[1] == pages[2]
    assert "What did you use?" in pages[0]
    [stored] = await responses_of()
    assert stored["sequence"] == 1


@pytest.mark.parametrize("pages_sent", range(4))
async def test_whoever_opens_the_address_of_any_page_begins_anew(visitor, pages_sent):
    await visitor.open("/s/stay?lang=de")
    first = visitor.page.fields["r"]
    for answers in [{"recommend": "2"}, {"why": "Cold"}, {"used": ["spa"]}][:pages_sent]:
        await visitor.send(**answers)
    shown = str(visitor.reply.url)
    assert shown.endswith("/s/stay?lang=de&go" if pages_sent else "/s/stay?lang=de")

    page = await visitor.open(visitor.reply.url.raw_path.decode())

    assert "Recommend us" in page.text
    assert page.fields["r"] != first
    assert "a_recommend" not in page.fields


@pytest.mark.parametrize("field", ["r", "id"])
async def test_the_id_of_a_response_opens_nothing(visitor, responses_of, field):
    page = await visitor.open("/s/stay")
    whole = page.fields["r"][0]
    await visitor.send(recommend="9")
    known = whole if field == "r" else whole.partition(".")[0]
    page = await visitor.open(f"/s/stay?r={known}&after=recommend&done=1")
    assert "a_recommend" not in page.fields

    fields = {name: values[0] for name, values in page.fields.items()}
    forged = {"r": whole.partition(".")[0] + "." + "A" * 22, "a_recommend": "0", "go": "next"}
    reply = await visitor.post(fields | forged)

    assert reply.status_code == 400
    assert "That did not work" in reply.text
    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 9}


async def test_the_language_is_changed_with_everything_chosen_and_typed_kept(visitor, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="2")
    await visitor.send(why="Half a sentence")
    page = await visitor.send(go="back")
    assert page.fields["a_why"] == ["Half a sentence"]
    before = await responses_of()

    fields = {name: values[0] for name, values in page.fields.items() if name != "lang"}
    await visitor.post(fields | {"lang": ["en", "de"], "a_why": "Half a sentence, changed"})
    page = visitor.page

    assert "Ihr Aufenthalt" in page.text
    assert page.fields["a_why"] == ["Half a sentence, changed"]
    assert page.fields["lang"] == ["de"]
    assert page.fields["r"] == [fields["r"]]
    assert await responses_of() == before
    await visitor.send()
    assert (await responses_of())[0]["answers"]["why"] == "Half a sentence, changed"


async def test_back_keeps_what_was_typed_on_the_page_left(visitor):
    await visitor.open("/s/stay")
    await visitor.send(recommend="2")
    page = await visitor.send(go="back", why="Half a sentence")
    assert page.fields["a_recommend"] == ["2"]

    page = await visitor.send(recommend="2")

    assert page.fields["a_why"] == ["Half a sentence"]


async def test_back_from_a_page_with_a_bad_answer_drops_only_that_answer(visitor, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="9")
    await visitor.send(go="back", used=["teleport"])

    assert visitor.reply.status_code == 200
    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 9}


async def test_another_answer_takes_another_way_and_hides_what_was_said_before(
    visitor, responses_of
):
    await visitor.open("/s/stay")
    await visitor.send(recommend="2")
    await visitor.send(why="Bad")
    await visitor.send(go="back")
    await visitor.send(go="back")
    page = await visitor.send(recommend="10")
    assert "What did you use?" in page.text
    await visitor.send()
    await visitor.send()

    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 10, "ok": False}
    assert stored["hidden_answers"] == {"why": "Bad"}


async def test_an_emptied_answer_is_taken_back(visitor, responses_of):
    await visitor.open("/s/stay")
    await visitor.send(recommend="2")
    await visitor.send(why="Bad")
    page = await visitor.send(go="back")
    assert page.fields["a_why"] == ["Bad"]
    await visitor.send(why=" ")

    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 2}


async def test_a_missing_required_answer_is_explained_and_nothing_is_stored(visitor, responses_of):
    await visitor.open("/s/stay")
    page = await visitor.send()

    assert visitor.reply.status_code == 422
    assert "Please answer this question." in page.text
    assert any(link.get("href") == "#a_recommend" for link in page.all_of("a"))
    assert visitor.reply.text.count('id="a_recommend"') == 1
    assert await responses_of() == []


async def test_a_wrong_value_is_refused_with_the_rest_kept(visitor):
    await visitor.open("/s/stay")
    page = await visitor.send(recommend="11")

    assert visitor.reply.status_code == 422
    assert "Please choose one of the answers." in page.text


async def test_sending_a_page_twice_at_once_stores_it_once(visitor, responses_of):
    page = await visitor.open("/s/stay")
    fields = {name: values[0] for name, values in page.fields.items()} | {"a_recommend": "7"}

    replies = await asyncio.gather(*(visitor.http.post("/s/stay", data=fields) for _ in range(6)))

    assert {reply.status_code for reply in replies} == {200}
    [stored] = await responses_of()
    assert stored["answers"] == {"recommend": 7}
    assert stored["sequence"] == 1


async def test_sending_two_versions_of_a_page_at_once_keeps_one_of_them(visitor, responses_of):
    page = await visitor.open("/s/stay")
    fields = {name: values[0] for name, values in page.fields.items()}

    replies = await asyncio.gather(
        *(
            visitor.http.post("/s/stay", data={**fields, "a_recommend": str(rating)})
            for rating in (7, 8)
        )
    )

    assert {reply.status_code for reply in replies} == {200}
    [stored] = await responses_of()
    assert stored["answers"]["recommend"] in {7, 8}


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [("9", 200, "Thank you, truly"), ("1", 410, "You have already answered")],
    ids=["the same page twice", "other answers, too late"],
)
async def test_posting_to_a_finished_response_changes_nothing_and_says_so(
    visitor, responses_of, sent, status, said
):
    await visitor.open("/s/stay")
    first = dict(visitor.page.fields)
    await visitor.send(recommend="9")
    await visitor.send()
    await visitor.send()
    assert "Thank you, truly" in visitor.page.text

    await visitor.post({name: values[0] for name, values in first.items()} | {"a_recommend": sent})

    assert visitor.reply.status_code == status
    assert said in visitor.page.text
    [stored] = await responses_of()
    assert stored["answers"]["recommend"] == 9


async def test_jumping_ahead_leads_back_to_the_unanswered_required_question(visitor, responses_of):
    page = await visitor.open("/s/stay")
    fields = {name: values[0] for name, values in page.fields.items()}

    await visitor.post(fields | {"after": "used", "a_ok": "yes"})
    page = visitor.page

    assert visitor.reply.status_code == 422
    assert "Please answer this question." in page.text
    assert "Recommend us" in page.text
    assert await responses_of() == []


async def test_back_from_the_last_page_leads_one_page_back_whatever_is_missing_elsewhere(
    visitor, responses_of
):
    page = await visitor.open("/s/stay")
    fields = {name: values[0] for name, values in page.fields.items()}

    await visitor.post(fields | {"after": "used", "a_ok": "yes", "go": "back"})
    page = visitor.page

    assert "What did you use?" in page.text
    [stored] = await responses_of()
    assert stored["answers"] == {"ok": True}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_never_stores_anything(visitor, responses_of, method):
    for query in ("", f"?r={uuid4()}", f"?r={uuid4()}&after=recommend", "?a_recommend=9&done=1"):
        reply = await visitor.http.request(method, f"/s/stay{query}")
        assert reply.status_code == 200

    assert await responses_of() == []


async def test_head_has_the_headers_of_get_and_no_body(visitor):
    got = await visitor.http.get("/s/stay")
    head = await visitor.http.head("/s/stay")

    assert head.status_code == 200
    assert head.content == b""
    assert set(head.headers) == set(got.headers)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_not_allowed(visitor, method):
    reply = await visitor.http.request(method, "/s/stay")

    assert reply.status_code == 405
    assert {"GET", "HEAD", "POST"} <= set(reply.headers["allow"].split(", "))
