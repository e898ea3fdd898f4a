"""Publish, submit, repeat, go on, clear and erase in any order, against a plain dict.

Sequences arrive in any order, from whoever has the secret and from others, and name facts besides
answers or leave them out: stored is what a dict holds after all of them in their own order. On
PostgreSQL each goes through either of two servers, which store in lanes of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from api_client import NOW, FakeClock
from expected_responses import QUESTIONS, SAID, TEXT, UNSAID, Expected
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from insight_reading import read_distributions

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.http.runtime import Runtime
from harken_server.insights.rules.distributions import Distribution
from harken_server.responses.response import CountFilter
from harken_server.responses.store.recount import recount
from harken_server.surveys.store.surveys import get_survey, get_version
from harken_server.surveys.survey import Survey
from harken_server.workspaces.api import make_key
from harken_server.workspaces.store.workspaces import add_workspace

RATING = st.integers(0, 10)
REASON = st.sampled_from(["price", "speed"])
SERVER = st.integers(0, 1)
EXAMPLES = {"quick": 8, "test": 12, "nightly": 100}
"""Orders of events."""


class CollectionModel(RuleBasedStateMachine):
    """One fresh workspace an example, talking to the whole application."""

    runtimes: tuple[Runtime, Runtime]
    """The same one twice on SQLite."""
    clock: FakeClock
    loop: asyncio.AbstractEventLoop
    ids = Bundle("ids")

    @initialize()
    def begin(self) -> None:
        self.model: dict[str, Expected] = {}
        self.held: dict[str, dict[str, Any]] = {}
        self.cursor = ""
        self.version = 0
        self.slug = f"w{uuid4().hex[:12]}"
        self.servers = [
            httpx.AsyncClient(
                transport=httpx.ASGITransport(create_app(runtime)), base_url="http://test"
            )
            for runtime in self.runtimes
        ]
        self.runtime, self.http = self.runtimes[0], self.servers[0]
        self.wait(self._make_workspace())
        self.publish()

    async def _make_workspace(self) -> None:
        workspace = await add_workspace(
            self.runtime.db, self.runtime.new_id(), self.slug, self.slug, self.runtime.clock()
        )
        self.workspace_id = workspace.id
        _, self.public = await make_key(self.runtime, workspace.id, "page", ("public",))
        _, secret = await make_key(self.runtime, workspace.id, "model", ("manage",))
        for http in self.servers:
            http.headers["authorization"] = f"Bearer {secret}"

    def wait(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def post(
        self, body: dict[str, Any], server: int, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        path = "/v1/public/responses"
        return self.wait(self.servers[server].post(path, json=body, headers=headers))

    @rule()
    def publish(self) -> None:
        self.version += 1
        survey = {"key": "model", "title": f"Version {self.version}", "questions": QUESTIONS}
        reply = self.wait(self.http.post("/v1/surveys", json=survey))
        assert reply.status_code == 201, reply.text
        assert reply.json()["version"] == self.version

    @rule(
        target=ids, rating=RATING, reasons=st.sets(REASON), why=TEXT, is_complete=st.booleans(),
        said=SAID, sequence=st.sampled_from([1, 1, 1, 3]), server=SERVER,
    )  # fmt: skip
    def submit(
        self, rating: int, reasons: set[str], why: str, is_complete: bool, said: dict[str, Any],
        sequence: int, server: int,
    ) -> str:  # fmt: skip
        identity = str(uuid4())
        answers: dict[str, Any] = {"recommend": rating, "why": why}
        if reasons:
            answers["reasons"] = sorted(reasons)
        body = {"id": identity, "survey": "model", "answers": answers, "complete": is_complete,
                "resume": f"secret {uuid4()}", "sequence": sequence, **said}  # fmt: skip
        self.model[identity] = Expected({}, {})
        reply = self.take(body, server)
        assert reply.json()["hidden"] == (["why"] if rating > 6 else [])
        return identity

    def take(
        self, body: dict[str, Any], server: int, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send what must be stored, and note it."""
        self.clock.move(seconds=1)
        reply = self.post(body, server, headers)
        assert reply.status_code == 201, reply.text
        known = self.model[body["id"]]
        known.bodies[body["sequence"]] = body
        known.receipts[body["sequence"]] = reply.content
        return reply

    @rule(identity=ids, which=st.integers(0, 9), server=SERVER)
    def repeat(self, identity: str, which: int, server: int) -> None:
        known = self.model[identity]
        sequence = list(known.bodies)[which % len(known.bodies)]
        self.clock.move(seconds=1)
        reply = self.post(known.bodies[sequence], server)
        if known.is_erased:
            assert (reply.status_code, reply.json()["code"]) == (410, "response_erased")
        else:
            assert (reply.status_code, reply.content) == (201, known.receipts[sequence])

    @rule(identity=ids, which=st.integers(0, 9), rating=RATING, server=SERVER)
    def contradict(self, identity: str, which: int, rating: int, server: int) -> None:
        known = self.model[identity]
        sequence = list(known.bodies)[which % len(known.bodies)]
        body = {
            **known.bodies[sequence],
            "answers": {
                "recommend": rating,
                "reasons": ["price", "speed"],
                "why": "something else entirely",
            },
        }
        reply = self.post(body, server)
        assert reply.status_code == (410 if known.is_erased else 409), reply.text

    @rule(
        identity=ids, rating=st.none() | RATING, is_complete=st.booleans(), said=SAID,
        is_clearing=st.booleans(), sequence=st.integers(1, 9), is_stranger=st.booleans(),
        is_trusted=st.booleans(), server=SERVER,
    )  # fmt: skip
    def go_on(
        self, identity: str, rating: int | None, is_complete: bool, said: dict[str, Any],
        is_clearing: bool, sequence: int, is_stranger: bool, is_trusted: bool, server: int,
    ) -> None:  # fmt: skip
        known = self.model[identity]
        if sequence in known.bodies:
            return
        body = {
            "id": identity,
            "survey": "model",
            "answers": {} if rating is None else {"recommend": rating},
            "sequence": sequence,
            "complete": is_complete,
            "cleared": ["reasons"] if is_clearing else [],
            "resume": "a guess of somebody" if is_stranger else known.resume,
            **said,
        }
        refused = known.refusal(sequence, is_stranger and not is_trusted)
        headers = None if is_trusted else {"authorization": f"Bearer {self.public}"}
        if refused is None:
            self.take(body, server, headers)
        else:
            reply = self.post(body, server, headers)
            assert (reply.status_code, reply.json()["code"]) == refused

    @precondition(lambda self: self.model)
    @rule(identity=ids, server=SERVER)
    def erase(self, identity: str, server: int) -> None:
        reply = self.wait(self.servers[server].delete(f"/v1/surveys/model/responses/{identity}"))
        assert reply.status_code == 204, reply.text
        self.model[identity].is_erased = True

    @invariant()
    def stored_equals_the_model(self) -> None:
        if not getattr(self, "model", None):
            return
        stored, _ = self.pull("")
        changed, self.cursor = self.pull(self.cursor)
        self.held |= changed
        assert self.held == stored, "a reader that follows the cursor holds something else"
        assert set(stored) == set(self.model)
        for identity, known in self.model.items():
            item = stored[identity]
            assert {**item["answers"], **item["hidden_answers"]} == known.answers
            assert (item["state"] == "erased") == known.is_erased
            if not known.is_erased:
                assert (item["sequence"], item["complete"]) == (known.sequence, known.is_complete)
                assert {name: item[name] for name in UNSAID} == known.facts

    def pull(self, after: str) -> tuple[dict[str, dict[str, Any]], str]:
        """The responses behind a cursor, and the one to go on with."""
        seen = {"after": after} if after else {}
        reply = self.wait(
            self.http.get("/v1/surveys/model/responses", params={"limit": 1000, **seen})
        ).json()
        for item in reply["responses"]:
            del item["cursor"]
        return {item["id"]: item for item in reply["responses"]}, reply["cursor"]

    @invariant()
    def scores_and_export_count_the_same_responses(self) -> None:
        if not getattr(self, "model", None):
            return
        score = self.wait(self.http.get("/v1/surveys/model/scores")).json()["scores"][0]
        ratings = [k.answers["recommend"] for k in self.model.values() if not k.is_erased]
        assert score["n"] == len(ratings)
        if ratings:
            good, bad = sum(r >= 9 for r in ratings), sum(r <= 6 for r in ratings)
            assert abs(score["score"] - 100 * (good - bad) / len(ratings)) < 1e-9
        else:
            assert score["score"] is None
        csv = self.wait(self.http.get("/v1/surveys/model/export.csv")).text
        assert csv.count("\n") - 1 == len(ratings)

    @invariant()
    def shares_are_of_the_people_who_chose(self) -> None:
        if not getattr(self, "model", None):
            return
        [found] = self.wait(self._distributions())
        given = [k.answers["reasons"] for k in self.model.values() if "reasons" in k.answers]
        assert found.n == len(given)
        for choice in found.choices:
            assert choice.n == sum(choice.value in reasons for reasons in given)

    async def _distributions(self) -> list[Distribution]:
        db, place = self.runtime.db, self.workspace_id
        record = await get_survey(db, place, "model")
        assert record is not None
        version = await get_version(db, place, record.id, record.version)
        assert version is not None
        survey = msgspec.json.decode(version.definition, type=Survey)
        return await read_distributions(db, place, record.id, survey.questions, CountFilter())

    def teardown(self) -> None:
        if not hasattr(self, "workspace_id"):
            return
        record = self.wait(get_survey(self.runtime.db, self.workspace_id, "model"))
        assert record is not None
        assert self.wait(recount(self.runtime.db, self.workspace_id, record.id)) == []
        for http in self.servers:
            self.wait(http.aclose())


@pytest.mark.few(1)
def test_any_order_of_events_leaves_what_a_dict_would_hold(
    database_url: str, tmp_path: Path, tier: str
) -> None:
    configured = load_settings(
        {"HARKEN_DATABASE_URL": database_url, "HARKEN_DATA_DIR": str(tmp_path / "data")}
    )
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        stack, clock = contextlib.AsyncExitStack(), FakeClock(NOW)
        opened = [
            loop.run_until_complete(
                stack.enter_async_context(open_runtime(configured, clock=clock))
            )
            for _ in range(1 if database_url.startswith("sqlite") else 2)
        ]
        runtimes = opened[0], opened[-1]
        try:
            known = {"runtimes": runtimes, "loop": loop, "clock": clock}
            machine = type("Model", (CollectionModel,), known)
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES[tier], stateful_step_count=20, deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )  # fmt: skip
            lanes = loop.run_until_complete(opened[0].db.fetch("SELECT lane FROM feed"))
            assert len(lanes) == (1 if len(opened) == 1 else 3)
        finally:
            loop.run_until_complete(stack.aclose())
