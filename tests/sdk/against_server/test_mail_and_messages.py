"""Mails, links and text messages through the client."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import harken


async def test_mail_is_previewed_and_snippets_are_made(client: harken.AsyncClient) -> None:
    preview = await client.mail.preview("visit", locale="de")
    reminder = await client.mail.preview("visit", kind="reminder")
    snippet = await client.mail.snippet("visit", "mailchimp")
    hooks = await client.mail.hooks()

    assert "<html" in preview.html
    assert preview.subject
    assert preview.preview_url.startswith("https://feedback.example.com/")
    assert reminder.text != preview.text
    assert (snippet.provider, snippet.way) == ("mailchimp", "links")
    assert "*|" in snippet.html
    assert {"ses", "postmark"} <= {hook.provider for hook in hooks}
    assert [each async for each in client.mail.events()] == []
    with pytest.raises(harken.BadRequestError):
        await client.mail.snippet("visit", "carrier_pigeon")


async def test_personal_links_are_the_same_each_time(
    client: harken.AsyncClient, tmp_path: Path
) -> None:
    await client.suppressions.add("c-2")
    people = tmp_path / "people.csv"
    people.write_text("respondent,locale\nc-1,de\nc-2,en\n")

    table = await client.mail.links("visit", people, dialect="raw")
    written = await client.mail.links(
        "visit",
        [{"respondent": "c-1", "locale": "de"}, "c-2"],
        tmp_path / "links.csv",
        dialect="raw",
    )
    wide = await client.mail.links(
        "visit", people.read_bytes(), answers=True, link_column="url", wave="2"
    )

    first, second = csv.DictReader(io.StringIO(table.decode()))
    assert first["link"].startswith("https://feedback.example.com/e/")
    assert (second["link"], second["reason"]) == ("", "suppressed: manual")
    assert (tmp_path / "links.csv").read_bytes() == table
    assert written == len(table)
    assert "url_10" in wide.decode("utf-8-sig").splitlines()[0]
    with pytest.raises(harken.ValidationError):
        await client.mail.links("visit", [])
    with pytest.raises(FileNotFoundError):
        await client.mail.links("visit", tmp_path / "missing.csv")


async def test_a_survey_is_answered_message_by_message(client: harken.AsyncClient) -> None:
    decision = await client.trigger("order.delivered", respondent="c-42", channel="sms")
    assert decision.invitation
    code = decision.invitation.code

    first = await client.replies.send(code, channel="sms")
    puzzled = await client.replies.send(code, "perhaps", channel="sms")
    second = await client.replies.send(code, "9", channel="sms", message="m-1")
    again = await client.replies.send(code, "9", channel="sms", message="m-1")
    done = await client.replies.send(code, "5", channel="sms")
    hooks = await client.replies.hooks()

    assert first.prompt
    assert first.prompt.question == "recommend"
    assert not puzzled.understood
    assert second.prompt
    assert (second.prompt.question, again.prompt) == ("happy", second.prompt)
    assert (done.done, done.complete) == (True, True)
    assert (await client.scores("visit"))["recommend"].n == 1
    assert hooks.generic_url.startswith("https://feedback.example.com/v1/hooks/sms/generic?")
