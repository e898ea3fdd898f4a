"""A shop with something of everything in it: surveys, stores, tills, people, answers and links."""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from api_client import NOW, FakeClock
from fuzz_stage import PUBLIC, Stage, encoded
from golden_surveys import ANSWERS, EVERY_TYPE, ORDER
from mail_notices import dsn, feedback_report, postmark_bounce, sendgrid_event, ses_bounce, sns

from harken.receipts import Till
from harken_server.app import open_runtime
from harken_server.configuration import load_settings
from harken_server.invitations.links import unsubscribe_url
from harken_server.workspaces.api import make_key
from harken_server.workspaces.store.workspaces import add_workspace

SETTINGS = {
    "HARKEN_PUBLIC_URL": PUBLIC,
    "HARKEN_SECRET_KEY": "fuzzed-secret-key-fuzzed-secret-key",
    "HARKEN_SMTP_URL": "smtp://mail.example.com",
    "HARKEN_MAIL_FROM": "The Shop <hello@shop.example>",
    "HARKEN_MAIL_BOUNCE_DOMAIN": "bounces.shop.example",
    "HARKEN_MAILGUN_SIGNING_KEY": "mailgun-signing-key",
    "HARKEN_RATE_LIMIT": "0",
    "HARKEN_LOG_LEVEL": "error",
}
LINK = re.compile(r'(?:href|src|action)="((?:/|\?)[^"#]{2,300})"')
FIELD = re.compile(r'(?:[?&]|&amp;| name=")(\w+)(?==|")')
HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


@contextlib.asynccontextmanager
async def open_stage(database_url: str, folder: Path) -> AsyncIterator[Stage]:
    """A migrated database made into a busy shop."""
    given = {**SETTINGS, "HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(folder)}
    clock = FakeClock(NOW)
    async with open_runtime(load_settings(given), clock=clock, is_migrating=False) as runtime:
        stage = Stage(runtime, clock)
        for part in (
            _make_keys,
            _other_workspace,
            _surveys,
            _places,
            _people,
            _answers,
            _links,
            _hooks,
            _reads,
        ):
            await part(stage)
        yield stage
        await stage.http.aclose()


async def renew(stage: Stage) -> None:
    """What requests took away is there again: keys, answers, live surveys."""
    if (await stage.ask("GET", "/v1/keys")).status_code == 401:
        await _make_keys(stage)
    for survey in (ORDER, EVERY_TYPE):
        await stage.ask("POST", "/v1/surveys", json=survey)
        live = {"status": "live"}
        await stage.ask("POST", f"/v1/surveys/{survey['key']}/status", json=live)
    if (await stage.ask("GET", "/v1/public/kiosk/config", key="device")).status_code == 401:
        await _pair(stage)
    for path in ("surveys/post_purchase/responses", "surveys/post_purchase/deliveries",
                 "devices", "place-codes"):  # fmt: skip
        reply = await stage.ask("GET", f"/v1/{path}")
        if reply.status_code == 200:
            stage.learn(reply.json())


async def _make_keys(stage: Stage) -> None:
    """A key of each scope, of the workspace where all is."""
    for name in ("read", "write", "manage", "public"):
        _, stage.keys[name] = await make_key(stage.runtime, stage.runtime.home, name, (name,), ())


async def _other_workspace(stage: Stage) -> None:
    other = stage.runtime.new_id()
    await add_workspace(stage.runtime.db, other, "other", "Other", stage.clock())
    _, stage.keys["other"] = await make_key(stage.runtime, other, "other", ("manage",), ())


async def _surveys(stage: Stage) -> None:
    for survey in (ORDER, EVERY_TYPE):
        await stage.say("POST", "/v1/surveys", survey)
    stage.known["key"] += ["post_purchase", "every_type", "order.delivered", "shop", "quarterly"]
    stage.known["survey"] += ["post_purchase", "every_type"]
    stage.known["address"] += ["post_purchase", "every_type"]
    stage.known["touchpoint"] += ["order.delivered", "store.exit"]
    stage.known["channel"] += ["web", "email", "receipt", "kiosk", "sms", "widget", "api"]
    stage.known["respondent"] += ["ada", "bob", "c-42"]
    stage.known["version"] += [1, "1"]
    stage.known["provider"] += ["ses", "postmark", "sendgrid", "mailgun", "dsn"]
    stage.known["shape"] += ["generic", "twilio"]
    stage.known["file"] += ["scores.csv", "comments.csv", "trend.csv", "choices.csv", "v1.js"]
    yaml = (
        "key: small\ntitle: Small\nquestions:\n  - {type: nps, key: recommend, text: Would you?}\n"
    )
    toml = (
        'key = "small"\ntitle = "Small"\n'
        '[[questions]]\ntype = "nps"\nkey = "recommend"\ntext = "Go?"\n'
    )
    for text in (yaml, toml):
        await stage.say("POST", "/v1/surveys", text, query="?dry_run=true")


async def _journeys(stage: Stage) -> None:
    touchpoint = {"key": "order.delivered", "title": "It came", "owner": "Us", "weight": 1}
    stages = [{"key": "after", "title": "After", "touchpoints": [touchpoint]}]
    await stage.say("POST", "/v1/journeys", {"key": "shop", "title": "Shop", "stages": stages})
    stage.known["key"] += ["purchase_path", "shop"]


async def _places(stage: Stage) -> None:
    store = await stage.say("POST", "/v1/stores", {"name": "Oslo", "details": {"city": "Oslo"}})
    till = await stage.say(
        "POST", "/v1/stores/{code}/tills", {"name": "T1", "touchpoint": "order.delivered"},
        code=store["code"],
    )  # fmt: skip
    place = {"touchpoint": "order.delivered", "label": "Door", "store": store["code"]}
    await stage.say("POST", "/v1/place-codes", place)
    mint = Till.from_text(till["configuration"]).mint
    stage.known["token"] += [
        mint(sequence=number, at=stage.clock(), strong=number == 2).token for number in (1, 2, 3)
    ]
    await _pair(stage)


async def _pair(stage: Stage) -> None:
    """A kiosk with its device."""
    device = await stage.say(
        "POST",
        "/v1/devices",
        {"name": "Door", "touchpoint": "order.delivered", "survey": "post_purchase"},
    )
    code = {"code": device["pairing_code"]}
    paired = await stage.say("POST", "/v1/public/kiosk/pair", code, key="")
    stage.keys["device"] = paired["token"]
    item = {"sequence": 1, "survey": "post_purchase", "answers": {"recommend": 9}}
    await stage.say("POST", "/v1/public/kiosk/responses", {"items": [item]}, key="device")


async def _people(stage: Stage) -> None:
    person = {"email": "ada@example.com", "locale": "de", "traits": {"plan": "gold"}}
    await stage.say("PUT", "/v1/respondents/{respondent}", person, respondent="ada")
    await stage.say(
        "PUT", "/v1/suppressions/{respondent}", {"reason": "unsubscribed"}, respondent="bob"
    )
    for channel in ("email", "receipt", "web", "sms"):
        asked = {"touchpoint": "order.delivered", "channel": channel, "respondent": f"p-{channel}"}
        if channel == "email":
            asked |= {"respondent": "ada"}
        told = await stage.say("POST", "/v1/triggers", asked)
        if invitation := told.get("invitation"):
            stage.known["token"].append(invitation["code"])
    await stage.say("POST", "/v1/triggers", {"triggers": [
        {"touchpoint": "order.delivered", "respondent": f"b-{number}"} for number in range(3)
    ]})  # fmt: skip
    members = {"members": [{"respondent": "ada"}, {"respondent": "c-42"}]}
    programme = {"survey": "post_purchase", "touchpoint": "order.delivered"}
    stage.bodies["PUT", "/v1/programmes/{key}/members"].append(encoded(members))
    stage.bodies["PUT", "/v1/programmes/{key}"].append(encoded(programme))


async def _answers(stage: Stage) -> None:
    path = "/v1/public/responses"
    for number in range(4):
        body = {"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": number + 5},
                "touchpoint": "order.delivered", "complete": number % 2 == 0, "sequence": 1,
                "context": {"store": "oslo"}, "resume": f"secret-of-the-page-{number}"}  # fmt: skip
        await stage.say("POST", path, body, key="")
    every = {"id": str(uuid4()), "survey": "every_type", "answers": ANSWERS}
    stage.bodies["POST", path].append(encoded(every))
    press = {"id": "button-1/1", "survey": "post_purchase", "answers": {"recommend": 9}}
    stage.bodies["POST", "/v1/public/presses"] += [encoded(press), encoded([press, press])]


async def _links(stage: Stage) -> None:
    for kind in ("results-link", "export-link"):
        stage.learn((await stage.ask("POST", f"/v1/surveys/post_purchase/{kind}", json={})).json())
    people = {"respondents": [{"respondent": "ada"}, {"respondent": "c-42", "locale": "de"}]}
    stage.bodies["POST", "/v1/surveys/{key}/links"] += [
        encoded(people), encoded("respondent;locale\ncleo;de\n"),
    ]  # fmt: skip
    made = await stage.ask("POST", "/v1/surveys/post_purchase/links", json=people)
    stage.links += [
        urlsplit(found).path for found in re.findall(rf"{PUBLIC}/\w+/[^\s,\";]+", made.text)
    ]
    stage.known["token"] += [link.rpartition("/")[2] for link in stage.links if "/i/" in link]
    stage.learn((await stage.ask("GET", "/v1/surveys/post_purchase/mail-preview")).json())
    stage.known["code"] += stage.known["token"][-3:]


async def _hooks(stage: Stage) -> None:
    stage.learn(await stage.say("POST", "/v1/mail/hooks", None))
    stage.learn(await stage.say("POST", "/v1/messages/hooks", None))
    ses = json.dumps(sns(ses_bounce())).encode()
    told = [ses, json.dumps(postmark_bounce()).encode(),
            json.dumps([sendgrid_event("bounce", stage.clock())]).encode()]  # fmt: skip
    template = "/v1/hooks/mail/{provider}"
    stage.bodies["POST", template] += [("application/json", body) for body in told]
    stage.bodies["POST", template] += [
        ("message/rfc822", mail) for mail in (dsn(), feedback_report())
    ]
    form = b"From=%2B4915112345678&To=%2B4930123456&Body=9&MessageSid=SM1"
    stage.bodies["POST", "/v1/hooks/sms/{shape}"] += [
        ("application/x-www-form-urlencoded", form),
        ("application/json", b'{"from":"+4915112345678","text":"9","id":"m-1"}'),
    ]


async def _reads(stage: Stage) -> None:
    for path in ("surveys/post_purchase/responses", "surveys/post_purchase/deliveries", "keys",
                 "devices", "stores", "tills", "place-codes", "touchpoints", "audit"):  # fmt: skip
        await stage.say("GET", f"/v1/{path}")
    known = [UUID(told) for told in stage.known["invitation"]]
    stage.links += [
        unsubscribe_url("", stage.runtime.signing_keys, workspace_id=stage.runtime.home,
                        invitation_id=one, now=stage.clock()) for one in known
    ]  # fmt: skip
    for link in ["/s/post_purchase", "/s/every_type", *stage.links]:
        page = await stage.http.get(link)
        if fields := HIDDEN.findall(page.text):
            stage.known["form"].append(dict(fields))
        stage.asked |= {name for name in FIELD.findall(page.text) if len(name) < 40}
        found = [html.unescape(link) for link in LINK.findall(page.text)]
        stage.links += [link for link in found if link not in stage.links]
