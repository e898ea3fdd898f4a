"""Declare, submit, go on, judge, erase and fill in any order: every member counts its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from api_client import NOW, FakeClock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.http.runtime import Runtime
from harken_server.insights.store.counts import list_members, read_counts
from harken_server.insights.store.groups_sql import read_groups
from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.responses.dimensions import SETTLE_S
from harken_server.responses.response import CountFilter
from harken_server.responses.store import members
from harken_server.responses.store.recount import recount
from harken_server.routes import CHANNELS
from harken_server.surveys.store.surveys import get_survey
from harken_server.worker import Worker, jobs_of
from harken_server.workspaces.api import make_key
from harken_server.workspaces.rules.dimensions import find_members
from harken_server.workspaces.store.workspaces import add_workspace
from harken_server.workspaces.workspace import Dimension

TRAITS: dict[str | None, dict[str, str]] = {None: {}, "c-1": {"plan": "pro"}, "c-2": {}}
CONTEXT = st.dictionaries(
    st.sampled_from(["x", "y", "plan"]), st.sampled_from(["a", "b", 7, True]), max_size=3
)
SAID = st.fixed_dictionaries(
    {"answers": st.fixed_dictionaries({"recommend": st.integers(0, 10)})},
    optional={"touchpoint": st.sampled_from(["shop.till", "shop.door"])},
)
DIMENSIONS = st.lists(
    st.builds(
        Dimension,
        st.sampled_from(["one", "two"]),
        st.sampled_from(["context", "trait"]),
        st.sampled_from(["x", "y", "plan"]),
    ),
    max_size=2,
    unique_by=lambda dimension: dimension.name,
)


EXAMPLES = {"quick": 8, "test": 12, "nightly": 100}
"""Orders of events."""


class Expected(msgspec.Struct):
    """What the model knows of one response."""

    context: dict[str, Any]
    respondent: str | None
    sequence: int = 1
    is_complete: bool = False
    is_erased: bool = False
    is_counted: bool = True


class DimensionModel(RuleBasedStateMachine):
    """One fresh workspace an example, talking to the whole application."""

    runtime: Runtime
    clock: FakeClock
    loop: asyncio.AbstractEventLoop
    ids = Bundle("ids")

    @initialize()
    def begin(self) -> None:
        self.model: dict[str, Expected] = {}
        self.declared: list[Dimension] = []
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(self.runtime)), base_url="http://test"
        )
        self.wait(self._make_workspace())

    async def _make_workspace(self) -> None:
        db, slug = self.runtime.db, f"w{uuid4().hex[:12]}"
        workspace = await add_workspace(db, self.runtime.new_id(), slug, slug, NOW)
        self.place = workspace.id
        _, secret = await make_key(self.runtime, self.place, "model", ("manage",))
        self.http.headers["authorization"] = f"Bearer {secret}"
        question = {"type": "nps", "key": "recommend", "text": "?", "required": True}
        survey = {"key": "model", "title": "T", "questions": [question]}
        assert (await self.http.post("/v1/surveys", json=survey)).status_code == 201
        for respondent, traits in TRAITS.items():
            if respondent is not None:
                known = Respondent(respondent=respondent, traits=dict(traits), updated_at=NOW)
                await put_respondent(db, self.place, known)

    def wait(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def post(self, identity: str, **fields: Any) -> httpx.Response:
        body = {"id": identity, "survey": "model", "answers": {"recommend": 9}, **fields}
        return self.wait(self.http.post("/v1/public/responses", json=body))

    @rule(
        target=ids, context=CONTEXT, respondent=st.sampled_from([*TRAITS]),
        is_complete=st.booleans(), said=SAID,
    )  # fmt: skip
    def submit(
        self, context: Any, respondent: str | None, is_complete: bool, said: dict[str, Any]
    ) -> str:
        identity = str(uuid4())
        who = {} if respondent is None else {"respondent": respondent}
        reply = self.post(identity, context=context, complete=is_complete, **who, **said)
        assert reply.status_code == 201, reply.text
        self.model[identity] = Expected(context, respondent, is_complete=is_complete)
        return identity

    @rule(identity=ids, context=CONTEXT, is_complete=st.booleans(), said=SAID)
    def go_on(self, identity: str, context: Any, is_complete: bool, said: dict[str, Any]) -> None:
        known = self.model[identity]
        reply = self.post(
            identity, context=context, complete=is_complete, sequence=known.sequence + 1, **said
        )
        if known.is_erased or known.is_complete:
            assert reply.status_code in {409, 410}, reply.text
            return
        assert reply.status_code == 201, reply.text
        known.sequence += 1
        known.context = {**known.context, **context}  # what is left out stays, the name too
        known.is_complete = is_complete

    @rule(identity=ids)
    def erase(self, identity: str) -> None:
        reply = self.wait(self.http.delete(f"/v1/surveys/model/responses/{identity}"))
        assert reply.status_code == 204, reply.text
        self.model[identity].is_erased = True

    @rule(identity=ids, is_counted=st.booleans())
    def judge(self, identity: str, is_counted: bool) -> None:
        body = {"standing": "counted" if is_counted else "excluded"}
        path = f"/v1/surveys/model/responses/{identity}"
        reply = self.wait(self.http.patch(path, json=body))
        known = self.model[identity]
        if not known.is_erased:
            assert reply.status_code == 200, reply.text
            known.is_counted = is_counted

    @rule(dimensions=DIMENSIONS)
    def declare(self, dimensions: list[Dimension]) -> None:
        body = {
            "dimensions": [{**msgspec.structs.asdict(each), "shares": {}} for each in dimensions]
        }
        reply = self.wait(self.http.put("/v1/dimensions", json=body))
        assert reply.status_code == 200, reply.text
        self.declared = dimensions

    @rule(batches=st.integers(0, 3))
    def fill_a_little(self, batches: int) -> None:
        """Some batches of the work, as if it broke off after them."""
        self.wait(self._fill(batches))

    @rule(seconds=st.sampled_from([0.0, SETTLE_S + 1]))
    def work(self, seconds: float) -> None:
        self.clock.move(seconds=seconds)
        self.wait(Worker(self.runtime, jobs_of(CHANNELS), ()).run_once())

    async def _fill(self, batches: int) -> None:
        rows = await self.runtime.db.fetch(
            "SELECT id FROM outbox WHERE workspace_id = $1 AND finished_at IS NULL", self.place
        )
        survey_id = await self._survey_id()
        for (task,) in rows:
            for _ in range(batches):
                found = task if isinstance(task, UUID) else UUID(bytes=task)
                await members.fill_next(self.runtime.db, self.place, survey_id, found)

    async def _survey_id(self) -> UUID:
        record = await get_survey(self.runtime.db, self.place, "model")
        assert record is not None
        return record.id

    @invariant()
    def the_counts_are_what_the_answers_say(self) -> None:
        if getattr(self, "model", None):
            assert self.wait(self._recount()) == []

    @invariant()
    def both_tables_of_counts_say_the_same(self) -> None:
        if getattr(self, "model", None):
            summed, added = self.wait(self._both())
            assert summed == added

    async def _both(self) -> tuple[Counter[str], Counter[str]]:
        """Ratings without touchpoints, and those of all touchpoints added up here."""
        place, everything = (self.runtime.db, self.place, await self._survey_id()), CountFilter()
        summed = await read_counts(*place, everything, questions=["recommend"], per_day=False)
        groups = await read_groups(*place, everything, questions=["recommend"], by="touchpoint")
        added: Counter[str] = Counter()
        for asked in groups.values():
            added.update(asked["recommend"])
        return Counter({row.value: row.n for row in summed}), +added

    async def _recount(self) -> Any:
        return await recount(self.runtime.db, self.place, await self._survey_id())

    def teardown(self) -> None:
        if not hasattr(self, "place"):
            return
        for _ in range(2):
            self.work(SETTLE_S + 1)
        listed = self.wait(self.http.get("/v1/dimensions")).json()
        assert "filling" not in listed
        for name in ("one", "two"):
            assert self.wait(self._members(name)) == self._expected(name), name
        counted = self.runtime.db.fetch(
            "SELECT DISTINCT c.dimension FROM answer_count c JOIN survey s"
            " ON s.number = c.survey_number WHERE s.workspace_id = $1",
            self.place,
        )
        rows = self.wait(counted)
        assert {row[0] for row in rows} <= {"", *(each.name for each in self.declared)}
        assert self.wait(self._recount()) == []
        self.wait(self.http.aclose())

    async def _members(self, dimension: str) -> dict[str, int]:
        found = await list_members(
            self.runtime.db, self.place, await self._survey_id(), CountFilter(),
            dimension=dimension, question="recommend",
        )  # fmt: skip
        return {each.member: each.n for each in found}

    def _expected(self, dimension: str) -> Counter[str]:
        return Counter(
            found[dimension]
            for known in self.model.values()
            if known.is_counted and not known.is_erased
            and dimension in (
                found := find_members(self.declared, known.context, TRAITS[known.respondent])
            )
        )  # fmt: skip


@pytest.mark.few(1)
def test_any_order_of_events_leaves_every_member_with_its_count(
    database_url: str, tmp_path: Path, tier: str
) -> None:
    configured = load_settings(
        {"HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
    )
    clock, batch = FakeClock(NOW), members.BATCH
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        opened = open_runtime(configured, clock=clock)
        runtime = loop.run_until_complete(opened.__aenter__())
        members.BATCH = 2
        try:
            parts = {"runtime": runtime, "loop": loop, "clock": clock}
            machine = type("Model", (DimensionModel,), parts)
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES[tier],
                    stateful_step_count=20,
                    deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            members.BATCH = batch
            loop.run_until_complete(opened.__aexit__(None, None, None))
