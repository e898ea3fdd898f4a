"""What a type checker sees of the SDK. Checked by basedpyright in test_public_api.py; never run."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import harken


def sync(client: harken.Client) -> None:
    decision = client.trigger("order.delivered", respondent="c-42", context={"store": "oslo-3"})
    assert_type(decision, harken.Decision)
    assert_type(decision.asked, bool)
    assert_type(decision.reason, harken.Reason)
    assert_type(decision.to_dict(), dict[str, Any])
    client.trigger("a", channel="email", respondent=42)
    client.trigger("a", channel=harken.Channel("fax"), context={"amount": Decimal("42.50")})
    assert_type(harken.trigger("a", respondent=42, timeout_s=1), harken.Decision)
    assert_type(harken.trigger_soon("a", channel=harken.Channel("fax")), None)
    assert_type(harken.default_client(), harken.Client)
    harken.set_default_client(harken.Client(disabled=True))
    fields: harken.TriggerFields = {"touchpoint": "a", "channel": "kiosk"}
    client.trigger_batch([fields])
    client.trigger_batch({"touchpoint": "a", "respondent": name} for name in ("c-1", "c-2"))
    assert_type(decision.invitation, harken.Invitation | None)
    if decision.invitation:
        assert_type(decision.invitation.save_qr("receipt.svg"), Path)
        assert_type(decision.invitation.qr_png(scale=8), bytes)

    assert_type(client.surveys.push(Path("a.yaml"), dry_run=True), harken.PushResult)
    assert_type(client.surveys.get("a").version, int)
    assert_type(client.surveys.list(), tuple[harken.SurveySummary, ...])

    responses = client.responses("a", after=None, limit=10)
    assert_type(responses.cursor, str | None)
    assert_type(next(responses), harken.Response)
    assert_type([response.id for response in responses], list[str])
    assert_type(client.responses.submit("a", {"recommend": 9}), harken.Receipt)
    assert_type(client.responses.erase("a", "id"), None)

    assert_type(client.sign_identity("c-42", valid_for=timedelta(hours=1)), str)
    assert_type(harken.sign_identity("hk_a", "c-42", datetime.fromtimestamp(0).astimezone()), str)

    assert_type(client.scores("a")["recommend"], harken.Score)
    assert_type(client.scores("a")["recommend"].score, float | None)
    assert_type(client.scores("a").nps, harken.Score | None)

    assert_type(client.exports.csv("a"), Iterator[bytes])
    assert_type(client.exports.csv("a", "a.csv", dialect="spreadsheet"), int)
    assert_type(client.exports.jsonl("a", Path("a.jsonl")), int)
    assert_type(client.exports.xlsx("a", tz="Europe/Oslo"), Iterator[bytes])
    assert_type(client.exports.spss("a", "a.sav", latest=9), int)
    assert_type(client.exports.decisions("a.xlsx", format="xlsx", asked=False), int)
    assert_type(client.trigger_batch([{"touchpoint": "a"}]), tuple[harken.Decision, ...])
    assert_type(client.trigger_soon("a", traits={"plan": "pro"}), None)
    assert_type(client.flush(1), bool)
    assert_type(client.trigger_counts.waiting, int)
    assert_type(client.suppressions.list(), Iterator[harken.Suppression])
    assert_type(client.respondents.erase("a").erased, dict[str, int])
    assert_type(client.respondents.preview_erasure("a"), harken.ErasurePreview)
    assert_type(client.links.list(), Iterator[harken.SignedLink])
    assert_type(client.links.personal("c-1"), tuple[harken.PersonalLink, ...])
    assert_type(client.audit.list(), Iterator[harken.AuditEntry])
    assert_type(client.respondents.explain("a").surveys[0].reason, str)
    assert_type(client.mail.links("a", ["c-1"]), bytes)
    assert_type(client.mail.links("a", "people.csv", Path("links.csv")), int)
    assert_type(client.replies.send("code", "9").prompt, harken.Prompt | None)
    with client as same:
        assert_type(same, harken.Client)


async def asynchronous(client: harken.AsyncClient) -> None:
    assert_type(await client.trigger("order.delivered"), harken.Decision)
    assert_type(client.sign_identity("c-42"), str)
    assert_type(await client.surveys.push({"key": "a"}), harken.PushResult)
    assert_type([each.id async for each in client.responses("a")], list[str])
    assert_type((await client.scores("a"))["recommend"].low, float | None)
    assert_type(await client.trigger_batch([]), tuple[harken.Decision, ...])
    assert_type(client.trigger_soon("a"), None)
    assert_type([each.id async for each in client.escalations.list()], list[str])
    assert_type(await client.mail.links("a", b"respondent", "links.csv"), int)
    assert_type(client.exports.csv("a"), AsyncIterator[bytes])
    assert_type(await client.exports.csv("a", "a.csv"), int)
    async with client as same:
        assert_type(same, harken.AsyncClient)


def mistakes_are_found(client: harken.Client) -> None:
    # Each of these must be an error: an ignore that is not needed is one itself.
    client.trigger_soon("a", timeout_s=1)  # pyright: ignore[reportCallIssue]
    client.trigger()  # pyright: ignore[reportCallIssue]
    client.exports.xlsx("a", dialect="raw")  # pyright: ignore[reportCallIssue]
    client.exports.csv("a", dialect="excel")  # pyright: ignore[reportArgumentType]
    client.scores("a")[1.5]  # pyright: ignore[reportArgumentType]
    client.trigger("a", channel="fax")  # pyright: ignore[reportArgumentType]
    client.trigger("a", channel="e-mail")  # pyright: ignore[reportArgumentType]
    client.trigger("a", respondent=4.5)  # pyright: ignore[reportArgumentType]
    client.trigger_soon("a", channel="fax")  # pyright: ignore[reportArgumentType]
    harken.trigger("a", channel="fax")  # pyright: ignore[reportArgumentType]
    harken.trigger("a", chanel="email")  # pyright: ignore[reportCallIssue]
    client.trigger_batch([{"touchpoint": "a", "channel": "fax"}])  # pyright: ignore[reportArgumentType]
    client.trigger_batch([{"touchpoint": "a", "respondant": "c"}])  # pyright: ignore[reportArgumentType]
    client.trigger_batch([{"respondent": "c-1"}])  # pyright: ignore[reportArgumentType]
    if client.trigger("a").reason == "cool_down":  # pyright: ignore[reportUnnecessaryComparison]
        raise AssertionError
