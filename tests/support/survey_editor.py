"""An editor of the house at work: surveys begun, changed in their form and published."""

from __future__ import annotations

from filled_forms import fields_of
from signed_in import SignedIn


async def begin(editor: SignedIn, template: str = "nps", key: str = "ours") -> None:
    reply = await editor.post(f"/surveys/new/{template}", title="Would you recommend us?", key=key)
    assert reply.status_code == 303, reply.text


async def save(editor: SignedIn, key: str, **fields: str) -> tuple[int, str]:
    """Open the form, change these fields and save."""
    page = await editor.get(f"/surveys/{key}/edit")
    sent = {**fields_of(page.text), **fields}
    reply = await editor.http.post(editor.at(f"/surveys/{key}/edit"), data=sent)
    return reply.status_code, reply.text


async def publish(editor: SignedIn, key: str) -> str:
    page = await editor.get(f"/surveys/{key}/publish")
    sent = fields_of(page.text)
    reply = await editor.http.post(editor.at(f"/surveys/{key}/publish"), data=sent)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]
