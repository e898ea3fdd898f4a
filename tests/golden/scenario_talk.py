"""Surveys answered one message at a time, and the hooks of text message carriers."""

from __future__ import annotations

from typing import Any

from golden_stage import Stage
from golden_surveys import EVERY_TYPE, LANGUAGES

CALL: dict[str, Any] = {
    "key": "after_call",
    "title": "Your call",
    "locales": [each for each in LANGUAGES if each != "en"],
    "touchpoints": ["call.ended"],
    "context": {"agent": "our team"},
    "questions": [
        {"type": "statement", "key": "hello", "text": "You spoke with {{context.agent}}."},
        {"type": "csat", "key": "satisfaction", "required": True, "text": "How satisfied?"},
        {"type": "single_choice", "key": "reason", "text": "Why?",
         "choices": [{"value": "wait", "label": "Waiting"}, {"value": "x", "label": "The answer"}]},
        {"type": "long_text", "key": "more", "text": "Anything else?",
         "show_if": {"op": "at_most", "answer": "satisfaction", "value": 2}},
    ],
}  # fmt: skip


async def play(stage: Stage) -> None:
    await stage.push(CALL)
    await stage.push({**EVERY_TYPE, "touchpoints": ["stay.ended"]})
    for key, survey in (("call.ended", "after_call"), ("stay.ended", "every_type")):
        body = {"survey": survey, "cooldown_days": 0}
        await stage.put(f"/v1/touchpoints/{key}", body, is_told=False)
    for language in LANGUAGES:
        token = await _invite(stage, "call.ended", f"c-{language}", locale=language)
        for reply in (None, "9", "2", "1", "Fine"):
            await _say(stage, token, reply)
    await _every_type(stage)
    await _hooks(stage)


async def _invite(stage: Stage, touchpoint: str, respondent: str, **more: Any) -> str:
    body = {"touchpoint": touchpoint, "respondent": respondent, "channel": "sms", **more}
    made = await stage.post("/v1/triggers", body, is_told=False)
    return made.json()["invitation"]["code"]


async def _say(stage: Stage, token: str, reply: str | None, **more: Any) -> dict[str, Any]:
    body = {"token": token, "channel": "sms", **({"reply": reply} if reply else {}), **more}
    return (await stage.post("/v1/public/replies", body, key=None)).json()


async def _every_type(stage: Stage) -> None:
    for medium in ("text", "digits"):
        token = await _invite(stage, "stay.ended", f"guest-{medium}")
        for reply in (None, "9", "4", "6", "5", "7", "2", "1", "1 2", "4", "3", "1 2 3"):
            await _say(stage, token, reply, medium=medium, channel="chat")
    await _say(stage, "0000000000000", "1")
    await stage.post("/v1/public/replies", {"token": ""}, key=None)


async def _hooks(stage: Stage) -> None:
    await _invite(stage, "call.ended", "kim", phone="+4722334455", locale="de")
    hooks = (await stage.post("/v1/messages/hooks")).json()
    for number, text in enumerate(("Hallo", "5", "1", "STOP")):
        body = {"from": "+47 22 33 44 55", "text": text, "id": f"m-{number}"}
        await stage.post(hooks["generic_url"], body, key=None)
    form = {"From": "+4722334455", "Body": "5", "MessageSid": "SM1"}
    await stage.form(hooks["twilio_url"], form)
    await stage.form(hooks["twilio_url"], {**form, "From": "nobody"})
    await stage.form("/v1/hooks/sms/generic?token=x", form)
    await stage.form("/v1/hooks/sms/none?token=x", form)
    await stage.get("/v1/surveys/after_call/responses?limit=2")
