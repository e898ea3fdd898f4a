"""`/.well-known/security.txt`: there when a contact is set, and never out of date (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from api_client import Api

from harken_server.configuration import load_settings
from harken_server.kernel.settings import SettingsError
from harken_server.reference.security_txt import PATH
from harken_server.reference.settings import SecuritySettings

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_it_is_not_there_until_a_contact_is_set(api: Api) -> None:
    assert (await api.http.get(PATH)).status_code == 404


@ON_SQLITE
async def test_it_names_the_contact_and_a_day_that_is_never_past(api: Api) -> None:
    settings = api.runtime.settings.of(SecuritySettings)
    msgspec.structs.force_setattr(settings, "security_contact", "mailto:security@example.com")
    for _ in range(3):
        reply = await api.http.get(PATH)
        fields = dict(line.split(": ", 1) for line in reply.text.splitlines())
        expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

        assert reply.headers["content-type"] == "text/plain; charset=utf-8"
        assert fields["Contact"] == "mailto:security@example.com"
        assert fields["Canonical"] == f"https://feedback.example.com{PATH}"
        assert timedelta(days=30) < expires - api.clock() < timedelta(days=365)
        api.clock.move(days=200)


@pytest.mark.parametrize(
    "contact",
    ["security@example.com", "http://a.example", "mailto:", "mailto:a@b@c", "mailto:a@b\nX: y",
     "javascript:1", "https://a.example/\r\nExpires: 1970"],
)  # fmt: skip
def test_what_is_no_contact_stops_the_start(contact: str) -> None:
    with pytest.raises(SettingsError, match="HARKEN_SECURITY_CONTACT"):
        load_settings({"HARKEN_SECURITY_CONTACT": contact})
