"""Text messages and chat buttons as services deliver them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from api_client import Api
from conversation_steps import invite, stored


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
