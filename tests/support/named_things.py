"""A workspace in which every name that people can give is one text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from console_stage import with_other_words
from import_steps import bring_file
from signed_in import SignedIn, come_again
from survey_editor import save

from harken_server.app import create_app
from harken_server.http.runtime import Runtime
from harken_server.responses.store.escalations import EscalationDetail, open_escalation
from harken_server.workspaces.api import make_key
from harken_server.workspaces.people.account import Account, Membership
from harken_server.workspaces.people.rules import Role
from harken_server.workspaces.people.store import accounts
from harken_server.workspaces.store.workspaces import add_workspace

PLAIN = "Plain"


class Named:
    """A workspace of its own, what stands in its paths, and an owner who looks at it."""

    def __init__(self, runtime: Runtime, text: str) -> None:
        self.runtime, self.text = runtime, text
        self.slug = f"w{uuid4().hex[:12]}"
        self.taken: set[str] = set()
        """Which places took the text; the others refused it, and have a plain one."""
        self.ids: dict[str, str] = {}

    async def make(self, *, is_empty: bool = False) -> SignedIn:
        """Fill it unless it is to be empty, and sign its owner in."""
        runtime = self.runtime
        name = self.text.replace("\x00", "")[:120]
        made = await add_workspace(runtime.db, runtime.new_id(), self.slug, name, runtime.clock())
        transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            _, key = await make_key(runtime, made.id, "test", ("manage",))
            http.headers["authorization"] = f"Bearer {key}"
            if not is_empty:
                await self._fill(http)
        account = await self._person(made.id, name, "owner")
        self.ids = with_other_words({**self.ids, "people": str(account.id)})
        if not is_empty:
            self.ids["imports"] = await bring_file(runtime, made.id, name)
            colleague = await self._person(made.id, name, "editor", later_s=1)
            await self._escalate(made.id, name)
            await self._draft(await come_again(runtime, colleague, self.slug))
        return await come_again(runtime, account, self.slug)

    async def _person(
        self, workspace_id: UUID, name: str, role: Role, *, later_s: int = 0
    ) -> Account:
        runtime, now = self.runtime, self.runtime.clock() + timedelta(seconds=later_s)
        account = Account(
            id=runtime.new_id(), email=f"{role}@{self.slug}.example", name=name, created_at=now
        )
        assert await accounts.add_account(runtime.db, account)
        member = Membership(
            workspace_id=workspace_id, account_id=account.id, role=role, created_at=now
        )
        await accounts.put_membership(runtime.db, member)
        return account

    async def _escalate(self, workspace_id: UUID, name: str) -> None:
        """Somebody of this name waits for a call, and wrote the text."""
        runtime = self.runtime
        detail = EscalationDetail(
            poor_answers=2, within_days=90, survey="named", rating=2, comment=name
        )
        assert await open_escalation(
            runtime.db,
            workspace_id,
            name,
            detail,
            now=self.runtime.clock(),
            new_id=runtime.new_id(),
        )

    async def _draft(self, editor: SignedIn) -> None:
        """The survey is being changed: what differs is told in words."""
        for title in (f"{self.text} too", f"{PLAIN} too"):
            status, _ = await save(editor, "named", title=title)
            if status == 303:
                return
        raise AssertionError("no draft was saved")

    async def _fill(self, http: httpx.AsyncClient) -> None:
        await self._put(http, "POST", "/v1/surveys", self._survey)
        await self._put(http, "PUT", "/v1/touchpoints/store.till", self._touchpoint)
        await self._put(http, "POST", "/v1/public/responses", self._response)
        key = await self._put(
            http, "POST", "/v1/keys", lambda text: {"name": text, "scopes": ["read"]}
        )
        store = await self._put(http, "POST", "/v1/stores", lambda text: {"name": text})
        till = await self._put(
            http, "POST", f"/v1/stores/{store['code']}/tills",
            lambda text: {"name": text, "touchpoint": "store.till"},
        )  # fmt: skip
        place = await self._put(
            http, "POST", "/v1/place-codes",
            lambda text: {"touchpoint": "store.till", "label": text},
        )  # fmt: skip
        device = await self._put(
            http, "POST", "/v1/devices", lambda text: {"name": text, "touchpoint": "store.till"}
        )
        await self._put(http, "PUT", "/v1/segments/named", self._segment)
        await self._put(http, "POST", "/v1/journeys", self._journey)
        self.ids = {
            "journeys": "named",
            "segments": "named", "surveys": "named", "touchpoints": "store.till", "keys": key["id"],
            "stores": store["code"], "tills": str(till["number"]), "place-codes": place["code"],
            "devices": device["id"],
        }  # fmt: skip

    async def _put(self, http: httpx.AsyncClient, method: str, path: str, body: Any) -> Any:
        """Give it the text; where that is refused, a plain one."""
        reply = await http.request(method, path, json=body(self.text))
        if reply.status_code >= 400:
            assert reply.status_code in {400, 422}, reply.text
            reply = await http.request(method, path, json=body(PLAIN))
        else:
            self.taken.add(path.rpartition("/")[2])
        assert reply.status_code < 300, reply.text
        return reply.json()

    def _survey(self, text: str) -> Any:
        choices = [{"value": "a", "label": text}, {"value": "b", "label": "B"}]
        return {
            "key": "named", "title": text, "touchpoints": ["store.till"],
            "questions": [
                {"type": "nps", "key": "recommend", "text": text},
                {"type": "single_choice", "key": "reason", "text": f"{text} b", "choices": choices},
                {"type": "long_text", "key": "why", "text": f"{text} c"},
            ],
        }  # fmt: skip

    def _journey(self, text: str) -> Any:
        stage = {"key": "buy", "title": text, "touchpoints": [{"key": "store.till"}]}
        return {"key": "named", "title": text, "stages": [stage]}

    def _segment(self, text: str) -> Any:
        conditions = [{"of": "trait", "name": "plan", "value": text}]
        return {"title": text, "description": text, "portrait": [text], "conditions": conditions}

    def _touchpoint(self, text: str) -> Any:
        return {"survey": "named", "title": text, "owner": text, "question": text}

    def _response(self, text: str) -> Any:
        answers = {"recommend": 3, "reason": "a", "why": text}
        return {
            "id": str(uuid4()), "survey": "named", "answers": answers, "touchpoint": "store.till"
        }  # fmt: skip
