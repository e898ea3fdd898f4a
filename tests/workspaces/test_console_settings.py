"""Settings in the console: a workspace's own are changed, the server's are shown."""

from __future__ import annotations

from api_client import Api
from signed_in import sign_in

from harken_server.workspaces.store import audit


async def test_dimensions_and_channels_are_what_the_api_tells(api: Api) -> None:
    owner = await sign_in(api)

    saved = [
        await owner.post("/settings/dimensions", dimensions="store\nplan = trait.tier"),
        await owner.post("/settings/channels", channels="whatsapp_shop\nflyer"),
    ]
    declared = (await api.http.get("/v1/dimensions")).json()["dimensions"]
    channels = (await api.http.get("/v1/channels")).json()["channels"]
    page = await owner.get("/settings")

    assert [reply.status_code for reply in saved] == [303, 303]
    assert [(each["name"], each["source"], each["key"]) for each in declared] == [
        ("store", "context", "store"),
        ("plan", "trait", "tier"),
    ]
    assert channels == ["whatsapp_shop", "flyer"]
    assert "plan = trait.tier" in page.text
    actions = [each.action for each in await audit.list_entries(api.runtime.db, api.runtime.home)]
    assert sorted(actions) == ["put_channels", "put_dimensions"]


async def test_what_cannot_be_saved_is_named_and_stays_typed(api: Api) -> None:
    owner = await sign_in(api)

    refused = {
        "dimensions": await owner.post("/settings/dimensions", dimensions="plan = odd.tier"),
        "channels": await owner.post("/settings/channels", channels="email"),
        "name": await owner.post("/settings/name", name=""),
    }

    assert {page.status_code for page in refused.values()} == {422}
    assert "“plan = odd.tier” must be" in refused["dimensions"].text
    assert ">\nemail</textarea>" in refused["channels"].text
    assert "Name must have 1 to 120 characters, not 0" in refused["name"].text


async def test_options_of_the_server_are_named_and_no_secret_is_told(api: Api) -> None:
    owner = await sign_in(api)

    page = await owner.get("/settings")

    assert "HARKEN_PUBLIC_URL" in page.text
    assert "https://feedback.example.com" in page.text
    assert "HARKEN_SECRET_KEY" not in page.text
