"""A Harken server played from memory, exactly as the HTTP contract says, and clients of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from played_replies import DECISION, further_reply

import harken

URL = "https://feedback.example"
KEY = "hk_test_0123456789"
CODE = "7Q2M9XKD4TRWA"


class PlayedServer:
    """Answers as the contract says; what is put into `next_replies` is answered first."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.next_replies: list[httpx.Response | Exception] = []
        self.stored: dict[str, dict[str, Any]] = {}
        self.decisions: dict[str, dict[str, Any]] = {}
        self.batched: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.next_replies:
            reply = self.next_replies.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return problem(401, "unauthorized", "Who is asking?")
        return self._route(request, request.url.path.removeprefix("/v1/"))

    def _route(self, request: httpx.Request, path: str) -> httpx.Response:
        match (request.method, *path.split("/")):
            case ("POST", "triggers"):
                return self._trigger(request)
            case ("POST", "surveys"):
                return self._push(request)
            case ("GET", "surveys"):
                return httpx.Response(200, json={"surveys": [SURVEY_LINE]})
            case ("GET", "surveys", "post_purchase"):
                return httpx.Response(200, json=SURVEY)
            case ("GET", "surveys", "post_purchase", "scores"):
                return httpx.Response(200, json=SCORES)
            case ("GET", "surveys", "post_purchase", "responses"):
                return self._list(request)
            case ("POST", "public", "responses"):
                return self._submit(request)
            case ("GET", "surveys", "post_purchase", "responses", id):
                found = self.stored.get(id)
                return httpx.Response(200, json=found) if found else NOT_FOUND()
            case ("DELETE", "surveys", "post_purchase", "responses", id):
                return httpx.Response(204) if self.stored.pop(id, None) else NOT_FOUND()
            case ("GET", "surveys", "post_purchase", name) if name.startswith("export."):
                return httpx.Response(200, content=b"response_id,recommend\r\n1,9\r\n")
            case ("GET", name) if name.startswith("decisions."):
                return httpx.Response(200, content=b"decision_id,asked\r\n1,1\r\n")
            case _:
                return further_reply(request, path) or NOT_FOUND()

    def _trigger(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        if "triggers" in sent:
            self.batched += sent["triggers"]
            results = [{"status": 201, "decision": DECISION} for _ in sent["triggers"]]
            return httpx.Response(200, json={"results": results})
        key = request.headers["idempotency-key"]
        number = len(self.decisions) + 1
        return httpx.Response(
            201 if key not in self.decisions else 200,
            json=self.decisions.setdefault(
                key,
                {
                    "id": f"decision-{number}",
                    "asked": True,
                    "reason": "asked",
                    "explanation": "Asked: post_purchase is live and nothing speaks against it.",
                    "survey": "post_purchase",
                    "invitation": {
                        "id": f"invitation-{number}",
                        "code": CODE,
                        "url": f"HTTPS://FEEDBACK.EXAMPLE/I/{CODE}",
                        "expires_at": "2026-12-31T00:00:00Z",
                        "qr_svg_url": f"{URL}/i/{CODE}/qr.svg",
                        "qr_png_url": f"{URL}/i/{CODE}/qr.png",
                    },
                },
            ),
        )

    def _push(self, request: httpx.Request) -> httpx.Response:
        is_dry = request.url.params.get("dry_run") == "true"
        return httpx.Response(
            200 if is_dry else 201,
            json={
                "key": "post_purchase",
                "status": "live",
                "version": 3,
                "change": "additive",
                "changes": [
                    {"kind": "additive", "path": "$.questions[2]", "message": "question added"}
                ],
                "url": f"{URL}/s/post_purchase",
            },
        )

    def _submit(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        item = {
            "id": sent["id"],
            "survey": "post_purchase",
            "version": sent.get("version", 3),
            "state": "complete" if sent["complete"] else "partial",
            "complete": sent["complete"],
            "sequence": sent["sequence"],
            "submitted_at": "2026-06-01T10:00:00Z",
            "updated_at": "2026-06-01T10:00:00Z",
            "completed_at": "2026-06-01T10:00:00Z",
            "started_at": None,
            "channel": sent.get("channel", "api"),
            "touchpoint": sent.get("touchpoint"),
            "locale": "en",
            "respondent": sent.get("respondent"),
            "context": sent.get("context", {}),
            "is_sample": False,
            "answers": sent["answers"],
            "hidden_answers": {},
            "cursor": f"c{len(self.stored) + 1}",
        }
        self.stored.setdefault(sent["id"], item)
        receipt = {name: item[name] for name in ("id", "version", "complete", "sequence")}
        return httpx.Response(
            201,
            json=receipt
            | {"survey": "post_purchase", "received_at": "2026-06-01T10:00:00Z", "hidden": []},
        )

    def _list(self, request: httpx.Request) -> httpx.Response:
        after = int(request.url.params.get("after", "c0").removeprefix("c"))
        limit = int(request.url.params["limit"])
        items = list(self.stored.values())
        page = items[after : after + limit]
        cursor = f"c{after + len(page)}"
        has_more = after + limit < len(items)
        headers = {"Link": f'<{URL}/v1/x?after={cursor}>; rel="next"'} if has_more else {}
        return httpx.Response(200, headers=headers, json={"responses": page, "cursor": cursor})


def problem(status: int, code: str, detail: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    body = {
        "type": f"https://harken.dev/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return httpx.Response(
        status,
        headers={"content-type": "application/problem+json"} | headers,
        content=json.dumps(body | more),
    )


def NOT_FOUND() -> httpx.Response:  # noqa: N802 - reads as the constant it is
    return problem(404, "not_found", "no such thing in this workspace")


SURVEY_LINE = {
    "key": "post_purchase",
    "title": "After your purchase",
    "status": "live",
    "version": 3,
    "updated_at": "2026-06-01T09:00:00Z",
    "url": f"{URL}/s/post_purchase",
}
SURVEY = {
    "key": "post_purchase",
    "status": "live",
    "version": 3,
    "published_at": "2026-06-01T09:00:00Z",
    "url": f"{URL}/s/post_purchase",
    "definition": {"key": "post_purchase", "title": "After your purchase", "questions": []},
}
SCORES = {
    "survey": "post_purchase",
    "filter": {"touchpoint": None},
    "scores": [
        {
            "question": "recommend",
            "metric": "nps",
            "score": 41.7,
            "n": 180,
            "low": 31.2,
            "high": 52.3,
            "method": "adjusted_wald",
            "unit": "points",
            "direction": "higher_is_better",
            "counts": {"9": 100, "3": 80},
            "groups": {"promoters": 100, "passives": 0, "detractors": 80},
            "mean": None,
            "mean_low": None,
            "mean_high": None,
        },
        {
            "question": "satisfied",
            "metric": "csat",
            "score": None,
            "n": 0,
            "low": None,
            "high": None,
            "method": "wilson",
            "unit": "percent",
            "direction": "higher_is_better",
            "counts": {},
            "groups": {},
            "mean": None,
            "mean_low": None,
            "mean_high": None,
        },
    ],
}


@pytest.fixture
def server() -> PlayedServer:
    return PlayedServer()


@pytest.fixture
def client(server: PlayedServer) -> Iterator[harken.Client]:
    with harken.Client(URL, KEY, transport=httpx.MockTransport(server)) as made:
        yield made


@pytest.fixture
async def async_client(server: PlayedServer) -> AsyncIterator[harken.AsyncClient]:
    async with harken.AsyncClient(URL, KEY, transport=httpx.MockTransport(server)) as made:
        yield made


@pytest.fixture
def refuse(server: PlayedServer) -> Any:
    """Make the server answer its next request with this problem."""

    def queue(status: int, code: str, detail: str = "no", **more: Any) -> None:
        server.next_replies.append(problem(status, code, detail, **more))

    return queue


@pytest.fixture
def played_for_the_command(monkeypatch: pytest.MonkeyPatch, server: PlayedServer) -> None:
    """The command finds the played server where its settings say."""
    monkeypatch.setenv("HARKEN_URL", URL)
    monkeypatch.setenv("HARKEN_API_KEY", KEY)
    played = httpx.MockTransport(server)
    monkeypatch.setattr(
        httpx.HTTPTransport, "handle_request", lambda _, request: played.handle_request(request)
    )


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HARKEN_URL", "HARKEN_API_KEY", "HARKEN_API_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
