"""Signing in: the same for whoever guesses, a new session for whoever does not."""

from __future__ import annotations

import pytest
from api_client import Api
from house_steps import PASSWORD, add_owner, stranger

pytestmark = pytest.mark.asyncio


async def test_address_and_password_lead_to_the_console_with_a_new_session(api: Api) -> None:
    owner = await add_owner(api.runtime)
    browser = stranger(api)

    shown = await browser.sign_in(owner.email, PASSWORD)

    assert (shown.status_code, shown.headers["location"]) == (303, "/console")
    assert browser.cookie() != ""
    home = await browser.http.get("/console", follow_redirects=True)
    assert (home.status_code, "Home" in home.text) == (200, True)
