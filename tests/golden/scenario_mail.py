"""Mail: previews, snippets, personal links, messages on the wire, their pages, and what returns."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from golden_book import digest
from golden_stage import Stage
from golden_surveys import EVERY_TYPE, EVERYWHERE, LANGUAGES
from mail_notices import dsn, postmark_bounce, sendgrid_event, ses_bounce, sns, sns_confirmation
from mail_sink import Sink, open_sink

from harken_server.channels.email.settings import MailSettings
from harken_server.kernel.settings import Settings
from harken_server.worker import open_worker

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
WHOLE = ("en", "de", "ar")
"""Languages whose messages are recorded with their HTML, not only its digest."""
BOUNDARY = re.compile(r"={15}\d+==")


async def play(stage: Stage) -> None:
    """Previews, snippets and personal links."""
    await stage.push(EVERYWHERE)
    await stage.push(EVERY_TYPE)
    base = "/v1/surveys/post_purchase"
    made = await stage.get(f"{base}/mail-preview")
    for query in ("locale=de&kind=reminder", "part=html&locale=ar", "part=text&kind=reminder",
                  "kind=none", "locale=xx"):  # fmt: skip
        await stage.get(f"{base}/mail-preview?{query}")
    await stage.get("/v1/surveys/none/mail-preview")
    link = made.json()["preview_url"]
    for more in (
        "",
        "&locale=de&kind=reminder&device=phone&scheme=dark",
        "&part=frame&scheme=dark",
    ):
        await stage.page(link + more)
    await stage.page("/mail-preview/post_purchase?token=bad")
    for provider in ("plain", "mailchimp", "brevo", "none"):
        await stage.get(f"{base}/mail-snippet?provider={provider}")
    await stage.get(f"{base}/mail-snippet?way=rid&locale=de")
    await stage.get("/v1/surveys/every_type/mail-snippet?locale=ar")
    people = {"respondents": [{"respondent": "=ada"}, {"respondent": "bob"}]}
    await stage.put("/v1/suppressions/bob", {"reason": "unsubscribed"}, is_told=False)
    await stage.post(f"{base}/links", people)
    await stage.post(f"{base}/links?answers=true&dialect=raw&wave=two&link_column=HK", people)
    headers = {"content-type": "text/csv"}
    file = "respondent;locale;store\ncleo;de;Oslo\n;;\n".encode("utf-8-sig")
    await stage.call("POST", f"{base}/links", content=file, headers=headers)
    await stage.call("POST", f"{base}/links", content=b"name\nx\n", headers=headers)
    await stage.post(f"{base}/links?ttl_days=0", people)


async def play_sending(stage: Stage) -> None:
    """Messages in every language as the mail server gets them, their pages, and their end."""
    await stage.push(EVERYWHERE)
    await stage.put("/v1/touchpoints/order.delivered", {"survey": "post_purchase"}, is_told=False)
    async with open_sink() as sink:
        for language in LANGUAGES:
            trigger = {
                "touchpoint": "order.delivered", "channel": "email", "respondent": f"r-{language}",
                "locale": language, "email": f"{language}@example.com",
                "context": {"store": "Bücher & Söhne"},
            }  # fmt: skip
            await stage.post("/v1/triggers", trigger, is_told=language == "en")
        await _deliver(stage, sink, "Invitation")
        stage.clock.move(days=3, minutes=1)
        await _deliver(stage, sink, "Reminder")
    found = await stage.get("/v1/surveys/post_purchase/deliveries?limit=3")
    first = found.json()["deliveries"][0]["id"]
    await stage.get("/v1/surveys/post_purchase/deliveries?state=failed")
    await stage.get(f"/v1/deliveries/{first}")
    await stage.get("/v1/deliveries/none")
    await stage.post(f"/v1/deliveries/{first}/retry")
    await _fail(stage)
    await _pages(stage, sink)


async def _deliver(stage: Stage, sink: Sink, what: str) -> None:
    """Let the worker do what is due, and write down what the mail server got."""
    known = stage.runtime.settings
    mail = msgspec.structs.replace(known.of(MailSettings), smtp_url=sink.url)
    settings = Settings([*known.parts.values(), mail])
    runtime = msgspec.structs.replace(stage.runtime, settings=settings)
    sink.kept.clear()
    stage.turn()
    async with open_worker(runtime) as worker:
        await worker.run_ticks()
        await worker.run_once()
    for sender, recipients, content in sorted(sink.kept, key=lambda kept: kept[1]):
        message = BOUNDARY.sub("<boundary>", content.decode("ascii").replace("\r\n", "\n"))
        if recipients[0][:2] not in WHOLE:
            start, mark, html = message.partition("Content-Type: text/html")
            message = f"{start}{mark}… {digest(html.encode())}"
        stage.say(f"{what} to {', '.join(recipients)} from {sender}", message)


async def _fail(stage: Stage) -> None:
    """A delivery that the mail server refuses can be sent again."""
    trigger = {
        "touchpoint": "order.delivered", "channel": "email", "respondent": "gone",
        "email": "gone@example.com",
    }  # fmt: skip
    made = await stage.post("/v1/triggers", trigger)

    async def refuse(_: Any) -> str | None:
        return "550 5.7.1 not wanted here"

    async with open_sink() as sink:
        sink.on["MAIL"] = refuse
        await _deliver(stage, sink, "Nothing")
    path = f"/v1/deliveries/{made.json()['delivery']}"
    await stage.get(path)
    await stage.post(f"{path}/retry")


async def _pages(stage: Stage, sink: Sink) -> None:
    told = {message["To"]: message for message in sink.messages}
    for language in ("en", "ar"):
        message = told[f"{language}@example.com"]
        part = message.get_body(("plain",))
        assert part is not None
        code = re.findall(r"/e/(\w+)", part.get_content())[0]
        path = f"/{'e' if language == 'en' else 'E'}/{code}"
        await stage.page(f"{path}?a=9")
        await stage.call("HEAD", f"{path}?a=9", key=None)
        await stage.page(f"{path}/x")
        await stage.form(f"{path}/seen?a=9", {})
        page = await stage.page(f"{path}?a=2", headers={"sec-purpose": "prefetch"})
        fields = {**dict(HIDDEN.findall(page.text)), "a_recommend": "2", "go": "next"}
        await stage.form(f"{path}?a=2", fields)
        await stage.page(path)
    stage.clock.move(seconds=30)
    await stage.get("/v1/surveys/post_purchase/responses")
    await stage.page("/e/nothing?a=9")
    for language in LANGUAGES:
        await _unsubscribe(stage, told[f"{language}@example.com"]["List-Unsubscribe"].strip("<>"))
    link = told["de@example.com"]["List-Unsubscribe"].strip("<>")
    for fields in ({"choice": "x"}, {"choice": "all"}, {"choice": "x" * 5000}):
        await stage.form(f"{link}/preferences", fields)
    await stage.page("/u/nothing")
    await stage.page("/u/nothing/preferences", headers={"accept-language": "de"})
    await stage.get("/v1/suppressions")


async def _unsubscribe(stage: Stage, link: str) -> None:
    await stage.page(link)
    await stage.page(f"{link}/preferences")
    await stage.form(f"{link}/preferences", {"choice": "not_this"})
    await stage.form(link, {"List-Unsubscribe": "One-Click"})
    await stage.page(f"{link}/preferences")
    await stage.call("HEAD", link, key=None)
    await stage.call("HEAD", f"{link}/preferences", key=None)


async def play_returns(stage: Stage) -> None:
    """What providers tell of bounces."""
    await stage.push(EVERYWHERE)
    made = await stage.post("/v1/mail/hooks")
    hooks = {hook["provider"]: hook["url"] for hook in made.json()["hooks"]}
    notices: list[tuple[str, Any]] = [
        ("ses", sns(ses_bounce())),
        ("ses", sns_confirmation("https://sns.example/confirm")),
        ("postmark", {**postmark_bounce(), "BouncedAt": "2026-11-21T11:59:54.907Z"}),
        ("sendgrid", [sendgrid_event("bounce", stage.clock())]),
        ("generic", {"x": 1}),
        ("dsn", dsn()),
    ]
    for provider, body in notices:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "text/plain"}
        await stage.call("POST", hooks[provider], key=None, content=raw, headers=headers)
    await stage.form("/v1/hooks/mail/none?token=x", {})
    await stage.form("/v1/hooks/mail/ses?token=x", {})
    found = await stage.get("/v1/mail/events?limit=2")
    events = found.json()["events"]
    if events:
        await stage.get(f"/v1/mail/events?before={events[-1]['id']}")
    await stage.get("/v1/mail/events?before=none")
    await stage.get("/v1/suppressions")
