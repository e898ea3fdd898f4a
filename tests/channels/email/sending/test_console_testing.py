"""Mail in the console: what is set, and a test message to oneself."""

from __future__ import annotations

import pytest
from api_client import Api
from mail_sink import Sink
from signed_in import sign_in

from harken_server.workspaces.store import audit


@pytest.fixture
def mail_settings(sink: Sink) -> dict[str, str]:
    return {"HARKEN_SMTP_URL": sink.url, "HARKEN_MAIL_FROM": "Shop <feedback@example.com>"}


async def test_a_test_message_goes_to_whoever_asks_and_the_answer_is_shown(
    api: Api, sink: Sink
) -> None:
    owner = await sign_in(api)

    page = await owner.post("/settings/mail")

    assert sink.recipients == ["owner@example.com"]
    assert "The mail server took the test message" in page.text
    assert "taken" in page.text
    (entry,) = await audit.list_entries(api.runtime.db, api.runtime.home)
    assert (entry.action, entry.detail) == ("send_test_mail", {"taken": True})


async def test_the_page_names_options_and_no_secret(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.get("/settings/mail")

    assert "127.0.0.1" in page.text or "localhost" in page.text
    assert "HARKEN_MAIL_FROM" in page.text
    assert "smtp://" not in page.text


@pytest.mark.parametrize("mail_settings", [{}])
async def test_without_a_mail_server_the_page_says_what_to_set(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.get("/settings/mail")
    tried = await owner.post("/settings/mail")

    assert "HARKEN_SMTP_URL" in page.text
    assert "Send a test message" not in page.text
    assert "HARKEN_SMTP_URL is not set" in tried.text
