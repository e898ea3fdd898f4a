"""The rules of asking in the console: read, changed, and refused field by field."""

from __future__ import annotations

from api_client import Api
from signed_in import sign_in

RULES = {
    "asked_days": "30", "shown_days": "0", "dismissed_days": "7.5", "answered_days": "90",
    "poor_answers": "2", "within_days": "90",
}  # fmt: skip


async def test_rules_are_saved_as_the_api_tells_them(api: Api) -> None:
    owner = await sign_in(api)

    saved = await owner.post("/settings/asking", **RULES)
    asking = (await api.http.get("/v1/asking")).json()
    page = await owner.get("/settings/asking")

    assert saved.status_code == 303
    assert asking["cooldown"]["dismissed_days"] == 7.5
    assert asking["escalation"] is None
    assert 'value="7.5"' in page.text


async def test_each_field_that_is_no_good_is_named_with_its_limit(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.post(
        "/settings/asking",
        **{**RULES, "asked_days": "often", "shown_days": "nan", "poor_answers": "21"},
        escalates="on",
    )

    assert page.status_code == 422
    assert "After somebody was asked must be a number from 0 to 3650 (days), not “often”" in (
        page.text
    )
    assert "not “nan”" in page.text
    assert "Poor answers must be a number from 1 to 20" in page.text
    assert 'value="often"' in page.text
