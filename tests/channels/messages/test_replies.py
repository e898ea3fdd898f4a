"""Whole conversations, as a text message service, a telephone menu and a chat bot hold them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from api_client import Api
from conversation_steps import SURVEY, invite, stored

from harken_server.responses.response import CountFilter
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey


async def say(api: Api, token: str, reply: str | None = None, **fields: Any) -> dict[str, Any]:
    body = {"token": token, "channel": "sms", "reply": reply, **fields}
    answer = await api.http.post("/v1/public/replies", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_survey_is_answered_by_text_message(asked: Api) -> None:
    token = await invite(asked, locale="de")

    first = await say(asked, token)
    assert first["say"] == (
        "Gespräch mit Kim.\nWie zufrieden sind Sie?\n"
        "Antworten Sie mit einer Zahl von 1 (Sehr unzufrieden) bis 5 (Sehr zufrieden)."
    )
    assert first["prompt"]["keys"][-1] == {"send": "5", "label": "5"}
    assert not await stored(asked)
    second = await say(asked, token, "2")
    assert second["say"].splitlines() == [
        "Warum?", "Antworten Sie mit der Nummer Ihrer Wahl:", "1 Warten", "2 Die Antwort",
        "Zum Auslassen antworten Sie WEITER.",
    ]  # fmt: skip
    third = await say(asked, token, "warten")
    assert third["say"].startswith("Noch etwas?")
    last = await say(asked, token, "Eine Stunde!")

    assert (last["done"], last["complete"], last["say"]) == (True, True, "Vielen Dank!")
    (response,) = await stored(asked)
    assert response["complete"]
    assert response["channel"] == "sms"
    assert response["answers"] == {"satisfaction": 2, "reason": "wait", "more": "Eine Stunde!"}
    again = await say(asked, token, "5")
    assert (again["done"], again["complete"]) == (True, True)
    assert await stored(asked) == [response]


async def test_what_is_not_understood_is_asked_again_and_nothing_is_stored(asked: Api) -> None:
    token = await invite(asked)

    for text in ("great", "7", "", "4 or 5", "SKIP"):
        turn = await say(asked, token, text)
        assert (turn["understood"], turn["prompt"]["question"]) == (False, "satisfaction")
        assert turn["say"].startswith("Sorry")

    assert not await stored(asked)


async def test_questions_may_be_left_out(asked: Api) -> None:
    token = await invite(asked)
    await say(asked, token, "1")

    assert (await say(asked, token, "Skip"))["prompt"]["question"] == "more"
    assert (await stored(asked))[0]["complete"] is False
    last = await say(asked, token, "skip")

    assert last["complete"]
    assert (await stored(asked))[0]["answers"] == {"satisfaction": 1}


async def test_a_telephone_menu_goes_through_with_digits_alone(asked: Api) -> None:
    """A menu speaks `say`, gathers `most_digits`, and sends them; the text question is left."""
    token = await invite(asked, channel="phone")
    spoken: list[str] = []
    pressed = iter(["9", "1", "#"])
    turn = await say(asked, token, channel="phone", medium="digits")
    while not turn["done"]:
        spoken.append(turn["prompt"]["question"])
        assert turn["prompt"]["most_digits"] == 1
        turn = await say(asked, token, next(pressed), channel="phone", medium="digits")

    assert spoken == ["satisfaction", "satisfaction", "reason"]
    assert turn["complete"]
    (response,) = await stored(asked)
    assert (response["channel"], response["answers"]) == ("phone", {"satisfaction": 1})


async def test_chat_buttons_name_their_question(asked: Api) -> None:
    """An old button pressed later changes its own answer, not that of the question due."""
    token = await invite(asked, channel="chat")
    first = await say(asked, token, channel="chat")
    buttons = [(first["prompt"]["question"], key["send"]) for key in first["prompt"]["keys"]]
    question, send = buttons[3]
    second = await say(asked, token, send, channel="chat", question=question)
    assert second["prompt"]["question"] == "reason"

    third = await say(asked, token, "5", channel="chat", question="satisfaction")

    assert third["prompt"]["question"] == "reason"
    last = await say(asked, token, "1", channel="chat", question="reason")
    assert last["complete"]
    (response,) = await stored(asked)
    assert response["answers"] == {"satisfaction": 5, "reason": "wait"}


async def test_a_message_that_comes_twice_counts_once(asked: Api) -> None:
    token = await invite(asked)
    turns = [await say(asked, token, "1", message="SM1") for _ in range(3)]

    assert {turn["prompt"]["question"] for turn in turns} == {"reason"}
    many = await asyncio.gather(*(say(asked, token, "1", message="SM2") for _ in range(10)))
    assert {turn["prompt"]["question"] for turn in many} == {"more"}
    (response,) = await stored(asked)
    assert response["answers"] == {"satisfaction": 1, "reason": "wait"}
    assert response["sequence"] == 2


async def test_begun_by_text_message_and_finished_on_the_page_it_counts_once(asked: Api) -> None:
    token = await invite(asked)
    await say(asked, token, "2")

    page = await asked.http.get(f"/i/{token}")
    assert " checked>" not in page.text, "what was said is not shown to whoever opens the link"
    named = {"r": page.text.partition('name="r" value="')[2].partition('"')[0]}
    asked.clock.move(seconds=2)  # nobody answers sooner
    form = {"a_satisfaction": "1", "a_reason": "answer", "a_more": "Slow."}
    sent = await asked.http.post(f"/i/{token}", data=named | form)
    if "a_more" in sent.text:
        later = {"after": "reason", "a_more": "Slow."}
        sent = await asked.http.post(f"/i/{token}", data=named | later)

    (response,) = await stored(asked)
    assert response["complete"], sent.text
    assert response["channel"] == "sms"
    assert response["answers"]["satisfaction"] == 1
    score = await asked.score("after_call")
    assert score["n"] == 1
    turn = await say(asked, token, "5")
    assert turn["complete"]
    assert (await asked.score("after_call"))["n"] == 1
    assert await is_consistent(asked)


async def test_begun_on_the_page_and_finished_by_text_message_it_counts_once(asked: Api) -> None:
    token = await invite(asked, channel="web")
    body = {"id": str(uuid4()), "token": token, "answers": {"satisfaction": 4}, "complete": False}
    begun = await asked.http.post("/v1/public/responses", json=body)
    assert begun.status_code in {200, 201}, begun.text

    turn = await say(asked, token)
    assert turn["prompt"]["question"] == "reason"
    last = await say(asked, token, "2")

    assert last["complete"]
    (response,) = await stored(asked)
    assert (response["id"], response["channel"]) == (body["id"], "web")
    assert (await asked.score("after_call"))["n"] == 1
    assert await is_consistent(asked)


async def test_a_message_repeats_nothing_that_was_answered_elsewhere(api: Api) -> None:
    """Whoever has the token may go on, and learns nothing of what was said on the page."""
    said = "You said {{answer.satisfaction}}, {{answer.name}}."
    survey = {
        **SURVEY,
        "questions": [
            SURVEY["questions"][1],
            {"type": "short_text", "key": "name", "text": {"en": "Name?", "de": "Name?"}},
            {"type": "long_text", "key": "more", "text": {"en": said, "de": said}},
        ],
        "endings": [{"key": "bye", "title": {"en": said, "de": said}}],
    }  # fmt: skip
    await api.push(survey)
    token = await invite(api, channel="web")
    body = {"id": str(uuid4()), "token": token, "answers": {"satisfaction": 4}, "complete": False}
    await api.http.post("/v1/public/responses", json=body)

    assert (await say(api, token))["prompt"]["question"] == "name"
    more = await say(api, token, "Kim")
    last = await say(api, token, "Yes")

    assert more["say"].startswith("You said , Kim.")
    assert last["say"].startswith("You said , Kim.")
    (response,) = await stored(api)
    assert response["answers"] == {"satisfaction": 4, "name": "Kim", "more": "Yes"}


async def test_the_channel_of_the_reply_is_kept_when_the_trigger_named_none(asked: Api) -> None:
    await asked.http.put("/v1/channels", json={"channels": ["whatsapp"]})
    token = await invite(asked, channel="api")
    await say(asked, token, "5", channel="whatsapp")
    await say(asked, token, "1", channel="chat")

    (response,) = await stored(asked)
    assert response["channel"] == "whatsapp"
    assert await is_consistent(asked)


async def test_what_a_message_cannot_ask_leads_to_the_browser(api: Api) -> None:
    rows = [{"value": "food", "label": "Food"}]
    columns = [{"value": "good", "label": "Good"}, {"value": "poor", "label": "Poor"}]
    survey = {
        **SURVEY,
        "questions": [
            *SURVEY["questions"][:2],
            {"type": "matrix", "key": "parts", "text": {"en": "Rate", "de": "Bewerten"},
             "required": True, "rows": rows, "columns": columns},
        ],
    }  # fmt: skip
    await api.push(survey)
    token = await invite(api)

    turn = await say(api, token, "4")

    assert (turn["done"], turn["complete"]) == (True, False)
    assert turn["link"] == f"https://feedback.example.com/i/{token}"
    assert turn["link"] in turn["say"]
    (response,) = await stored(api)
    assert (response["complete"], response["answers"]) == (False, {"satisfaction": 4})


async def test_stop_ends_the_asking(asked: Api) -> None:
    reply = await asked.trigger(touchpoint="call.ended", respondent="kim", channel="sms")
    token = reply.json()["invitation"]["code"]

    turn = await say(asked, token, "Stop.")

    assert turn["done"]
    assert "no more" in turn["say"]
    assert not await stored(asked)
    asked.clock.move(days=100)
    later = await asked.trigger(touchpoint="call.ended", respondent="kim")
    assert later.json()["reason"] == "suppressed"


async def test_refusals_are_problems(asked: Api) -> None:
    token = await invite(asked)
    unknown = await asked.http.post("/v1/public/replies", json={"token": "0000000000004"})
    wrong = await asked.http.post("/v1/public/replies", json={"token": token, "medium": "voice"})
    asked.clock.move(days=400)
    late = await asked.http.post("/v1/public/replies", json={"token": token})

    assert [each.status_code for each in (unknown, wrong, late)] == [404, 422, 410]
    assert late.json()["code"] == "invitation_expired"
    assert "medium" in wrong.text


async def is_consistent(api: Api) -> bool:
    record = await get_survey(api.runtime.db, api.runtime.home, "after_call")
    assert record is not None
    found = await list_responses(api.runtime.db, api.runtime.home, record.id, after={}, limit=10)
    assert {each.standing for each in found} == {CountFilter().standing}
    return not await recount(api.runtime.db, api.runtime.home, record.id)
