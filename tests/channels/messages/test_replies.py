"""Whole conversations, as a text message service, a telephone menu and a chat bot hold them."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import Api

from harken_server.responses.response import CountFilter
from harken_server.responses.store.read import list_responses
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey

SURVEY: dict[str, Any] = {
    "key": "after_call",
    "title": "Your call",
    "locales": ["de"],
    "touchpoints": ["call.ended"],
    "context": {"agent": "our team"},
    "questions": [
        {"type": "statement", "key": "hello",
         "text": {"en": "You spoke with {{context.agent}}.",
                  "de": "Gespräch mit {{context.agent}}."}},
        {"type": "csat", "key": "satisfaction", "required": True,
         "text": {"en": "How satisfied are you?", "de": "Wie zufrieden sind Sie?"}},
        {"type": "single_choice", "key": "reason", "text": {"en": "Why?", "de": "Warum?"},
         "choices": [{"value": "wait", "label": {"en": "Waiting", "de": "Warten"}},
                     {"value": "answer", "label": {"en": "The answer", "de": "Die Antwort"}}]},
        {"type": "long_text", "key": "more", "text": {"en": "Anything else?", "de": "Noch etwas?"},
         "show_if": {"op": "at_most", "answer": "satisfaction", "value": 2}},
    ],
    "endings": [{"key": "bye", "title": {"en": "Thanks a lot!", "de": "Vielen Dank!"}}],
}  # fmt: skip


@pytest.fixture
async def asked(api: Api) -> Api:
    reply = await api.push(SURVEY)
    assert reply.status_code == 201, reply.text
    return api


async def invite(api: Api, **fields: Any) -> str:
    sent = {"respondent": f"c-{uuid4()}", "channel": "sms", "context": {"agent": "Kim"}, **fields}
    reply = await api.trigger(touchpoint="call.ended", **sent)
    assert reply.json()["asked"], reply.text
    return reply.json()["invitation"]["code"]


async def say(api: Api, token: str, reply: str | None = None, **fields: Any) -> dict[str, Any]:
    body = {"token": token, "channel": "sms", "reply": reply, **fields}
    answer = await api.http.post("/v1/public/replies", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stored(api: Api) -> list[dict[str, Any]]:
    reply = await api.http.get("/v1/surveys/after_call/responses")
    return reply.json()["responses"]


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
    assert 'value="2" checked' in page.text
    form = {"a_satisfaction": "1", "a_reason": "answer", "a_more": "Slow."}
    sent = await asked.http.post(f"/i/{token}", data=form, follow_redirects=True)
    if "a_more" in sent.text:
        sent = await asked.http.post(
            str(sent.url).replace("http://test", ""),
            data={"after": "reason", "a_more": "Slow."}, follow_redirects=True,
        )  # fmt: skip

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
    token = await invite(asked, channel="email")
    body = {"id": str(uuid4()), "token": token, "answers": {"satisfaction": 4}, "complete": False}
    begun = await asked.http.post("/v1/public/responses", json=body)
    assert begun.status_code in {200, 201}, begun.text

    turn = await say(asked, token)
    assert turn["prompt"]["question"] == "reason"
    last = await say(asked, token, "2")

    assert last["complete"]
    (response,) = await stored(asked)
    assert (response["id"], response["channel"]) == (body["id"], "email")
    assert (await asked.score("after_call"))["n"] == 1
    assert await is_consistent(asked)


async def test_the_channel_of_the_reply_is_kept_when_the_trigger_named_none(asked: Api) -> None:
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
    assert turn["link"] == f"HTTPS://FEEDBACK.EXAMPLE.COM/I/{token}"
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


class TestTextMessages:
    @pytest.fixture
    async def hooks(self, asked: Api) -> dict[str, str]:
        reply = await asked.http.post("/v1/messages/hooks")
        assert reply.status_code == 201, reply.text
        made: dict[str, str] = reply.json()
        return {name: url.replace("https://feedback.example.com", "") for name, url in made.items()}

    async def receive(self, api: Api, hooks: dict[str, str], **message: str) -> dict[str, Any]:
        reply = await api.http.post(hooks["generic_url"], json=message)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def test_a_number_is_known_by_the_respondent(self, asked, hooks) -> None:
        await invite(asked, respondent="kim", phone="+47 22 12 34 56", locale="de")

        first = await self.receive(asked, hooks, **{"from": "+4722123456", "text": "5", "id": "1"})
        twice = await self.receive(asked, hooks, **{"from": "+4722123456", "text": "5", "id": "1"})
        last = await self.receive(asked, hooks, **{"from": "+47 22123456", "text": "2", "id": "2"})

        assert first == twice
        assert first["text"].startswith("Warum?")
        assert last == {"text": "Vielen Dank!", "done": True}
        (response,) = await stored(asked)
        assert response["respondent"] == "kim"
        assert response["answers"] == {"satisfaction": 5, "reason": "answer"}
        done = await self.receive(asked, hooks, **{"from": "+4722123456", "text": "hi", "id": "3"})
        assert "keine Umfrage" in done["text"]

    async def test_twilio_gets_its_own_form_of_answer(self, asked, hooks) -> None:
        await invite(asked, respondent="kim", phone="+4722123456")
        form = {"From": "+4722123456", "Body": "5", "MessageSid": "SM1", "NumMedia": "0"}

        reply = await asked.http.post(hooks["twilio_url"], data=form)

        assert reply.headers["content-type"].startswith("application/xml")
        assert reply.text.startswith(
            '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Why?'
        )

    async def test_stop_holds_for_the_number_and_everybody_behind_it(self, asked, hooks) -> None:
        for name in ("kim", "lee"):
            await invite(asked, respondent=name, phone="+4722123456")

        stop = await self.receive(
            asked, hooks, **{"from": "+4722123456", "text": "STOP", "id": "1"}
        )

        assert stop["done"]
        listed = (await asked.http.get("/v1/suppressions")).json()["suppressions"]
        assert {each["respondent"] for each in listed} == {"kim", "lee", "+4722123456"}
        assert {each["reason"] for each in listed} == {"unsubscribed"}
        after = await self.receive(asked, hooks, **{"from": "+4722123456", "text": "5", "id": "2"})
        assert after["done"]
        assert not await stored(asked)

    async def test_only_the_carrier_gets_in(self, asked, hooks, other_workspace) -> None:
        await invite(asked, respondent="kim", phone="+4722123456")
        message = {"from": "+4722123456", "text": "5", "id": "1"}
        good = hooks["generic_url"]
        refused = [
            await asked.http.post(url, json=message)
            for url in (good[:-2], "/v1/hooks/sms/generic", good.replace("generic", "pigeon"))
        ]
        key = await other_workspace()
        theirs = await asked.http.post(
            "/v1/messages/hooks", headers={"authorization": f"Bearer {key}"}
        )
        url = theirs.json()["generic_url"].replace("https://feedback.example.com", "")
        elsewhere = await self.receive(asked, {"generic_url": url}, **message)

        assert [reply.status_code for reply in refused] == [403, 400, 404]
        assert elsewhere["done"]
        assert not await stored(asked)


class TestButtons:
    async def press(self, api: Api, body: Any, **headers: str) -> httpx.Response:
        key = await api.key("public")
        return await api.http.post(
            "/v1/public/presses", json=body, headers={"authorization": f"Bearer {key}", **headers}
        )

    async def test_a_press_with_an_idempotency_key_is_stored_once(self, asked: Api) -> None:
        body = {"survey": "after_call", "answers": {"satisfaction": 4}, "touchpoint": "desk.one"}
        replies = [
            await self.press(asked, body, **{"idempotency-key": "button-7/1042"}) for _ in range(5)
        ]

        assert {reply.status_code for reply in replies} == {200}
        assert len({reply.content for reply in replies}) == 1
        (response,) = await stored(asked)
        assert (response["channel"], response["touchpoint"]) == ("button", "desk.one")
        assert (await asked.score("after_call"))["n"] == 1

    async def test_a_queue_from_a_time_without_network_is_replayed(self, asked: Api) -> None:
        queue = [
            {
                "survey": "after_call",
                "answers": {"satisfaction": 1 + number % 5},
                "id": f"b-{number}",
            }
            for number in range(40)
        ]
        queue[7]["answers"] = {"satisfaction": 9}
        del queue[8]["id"]

        first = (await self.press(asked, queue)).json()["results"]
        second = (await self.press(asked, queue[20:] + queue[:20])).json()["results"]

        assert [("receipt" in each) for each in first].count(True) == 38
        assert first[7]["problem"]["problems"][0]["code"] == "out_of_range"
        assert first[8]["problem"]["code"] == "press_unnamed"
        assert second[20:] + second[:20] == [*first[:8], second[28], *first[9:]]
        assert len(await stored(asked)) == 38

    async def test_no_press_without_a_key(self, asked: Api) -> None:
        body = {"survey": "after_call", "answers": {"satisfaction": 4}, "id": "1"}
        nobody = await asked.http.post(
            "/v1/public/presses", json=body, headers={"authorization": "Bearer hk_nonsense"}
        )
        unnamed = await self.press(asked, {"survey": "after_call", "answers": {"satisfaction": 4}})

        assert nobody.status_code == 401
        assert unnamed.json()["results"][0]["problem"]["status"] == 422
        assert not await stored(asked)


async def is_consistent(api: Api) -> bool:
    record = await get_survey(api.runtime.db, api.runtime.home, "after_call")
    assert record is not None
    found = await list_responses(api.runtime.db, api.runtime.home, record.id, after={}, limit=10)
    assert {each.standing for each in found} == {CountFilter().standing}
    return not await recount(api.runtime.db, api.runtime.home, record.id)
