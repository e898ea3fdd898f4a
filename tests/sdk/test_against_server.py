"""The SDK against the real application in memory: both sides of the HTTP contract agree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

import harken
from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.workspaces.api import make_key

SURVEY: dict[str, Any] = {
    "key": "post_purchase",
    "title": "Your order",
    "touchpoints": ["order.delivered"],
    "context": {"store": "our shop"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Would you recommend us?", "required": True},
        {"type": "csat", "key": "satisfied", "text": "How satisfied are you?"},
        {
            "type": "long_text",
            "key": "why",
            "text": "What went wrong?",
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
    ],
}


class App:
    """The application with a way to make clients of it."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._transport = httpx.ASGITransport(create_app(runtime))

    async def secret(self, *scopes: Any) -> str:
        _, secret = await make_key(self._runtime, self._runtime.home, "test", scopes)
        return secret

    async def client(self, *scopes: Any) -> harken.AsyncClient:
        return self.client_with(await self.secret(*scopes))

    async def queue(self, key: str, respondent: str, signature: str) -> httpx.Response:
        """As the widget asks for it, in a browser."""
        async with httpx.AsyncClient(transport=self._transport, base_url="http://test") as page:
            return await page.post(
                f"/v1/public/widget/queue?key={key}",
                json={"respondent": respondent, "signature": signature},
            )

    def client_with(self, secret: str) -> harken.AsyncClient:
        return harken.AsyncClient("http://test", secret, transport=self._transport)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = load_settings(
        {
            "HARKEN_DATA_DIR": str(tmp_path / "data"),
            "HARKEN_PUBLIC_URL": "https://feedback.example.com",
        }
    )
    async with open_runtime(settings) as runtime:
        yield App(runtime)


@pytest.fixture
async def live(app: App) -> AsyncIterator[harken.AsyncClient]:
    async with await app.client("manage") as client:
        await client.surveys.push(SURVEY)
        yield client


async def test_a_survey_is_pushed_listed_and_read_back(app: App) -> None:
    async with await app.client("write") as client:
        dry = await client.surveys.push(SURVEY, dry_run=True)
        first = await client.surveys.push(SURVEY)
        same = await client.surveys.push(SURVEY)
        changed = await client.surveys.push(SURVEY | {"title": "Your order with us"})
        (line,) = await client.surveys.list()
        old = await client.surveys.get("post_purchase", version=1)

    assert [each.change for each in (dry, first, same, changed)] == [
        "first",
        "first",
        "none",
        "cosmetic",
    ]
    assert [each.version for each in (first, same, changed)] == [1, 1, 2]
    assert (changed.changes[0].kind, changed.changes[0].path) == ("cosmetic", "$.title")
    assert (line.key, line.title, line.version) == ("post_purchase", "Your order with us", 2)
    assert line.url == first.url == "https://feedback.example.com/s/post_purchase"
    assert old.definition["title"] == "Your order"
    assert old.published_at


@pytest.mark.parametrize(
    "text",
    [
        'key: toy\ntitle: Toy\nquestions:\n  - {type: nps, key: a, text: "?"}\n',
        'key = "toy"\ntitle = "Toy"\n[[questions]]\ntype = "nps"\nkey = "a"\ntext = "?"\n',
        '{"key": "toy", "title": "Toy", "questions": [{"type": "nps", "key": "a", "text": "?"}]}',
    ],
    ids=["yaml", "toml", "json"],
)
async def test_a_definition_is_taken_as_text_in_every_format(app: App, text: str) -> None:
    async with await app.client("write") as client:
        pushed = await client.surveys.push(text)

    assert (pushed.key, pushed.version) == ("toy", 1)


@pytest.mark.parametrize("text", ["key: [", "key: toy\ntitle: Toy\nquestions: []", '{"key": 7}'])
async def test_an_unsound_definition_lists_its_problems(app: App, text: str) -> None:
    async with await app.client("write") as client:
        with pytest.raises(harken.InvalidDefinitionError) as caught:
            await client.surveys.push(text)

    assert caught.value.problems
    assert caught.value.request_id


async def test_a_trigger_is_decided_and_repeats_get_the_same_decision(
    live: harken.AsyncClient,
) -> None:
    first = await live.trigger(
        "order.delivered", respondent="c-42", channel="receipt", idempotency_key="order-7"
    )
    again = await live.trigger(
        "order.delivered", respondent="c-42", channel="receipt", idempotency_key="order-7"
    )
    later = await live.trigger("order.delivered", respondent="c-42")
    other = await live.trigger("order.delivered", respondent="c-7", idempotency_key="order-7")
    unknown = await live.trigger("never.heard_of")

    assert first.asked, first
    assert first.invitation
    code = first.invitation.code
    assert first.invitation.url == f"https://feedback.example.com/i/{code}"
    assert first.invitation.qr_text == f"https://FEEDBACK.EXAMPLE.COM/I/{code}"
    assert again == first
    assert (later.asked, later.reason) == (False, "cooldown")
    assert later.explanation
    assert other.reason == "invalid"
    assert isinstance(other.error, harken.ConflictError)
    assert (unknown.asked, unknown.reason, unknown.error) == (False, "no_survey", None)


async def test_a_key_that_may_only_read_asks_nobody(app: App, live: harken.AsyncClient) -> None:
    async with await app.client("read") as client:
        decision = await client.trigger("order.delivered")
    async with app.client_with("hk_unknown") as stranger:
        refused = await stranger.trigger("order.delivered")

    assert (decision.asked, decision.reason) == (False, "unauthorized")
    assert isinstance(decision.error, harken.PermissionDeniedError)
    assert isinstance(refused.error, harken.AuthenticationError)


async def test_a_response_goes_in_once_and_comes_out_again(live: harken.AsyncClient) -> None:
    decision = await live.trigger("order.delivered", respondent="c-42", context={"store": "oslo-3"})
    assert decision.invitation

    receipt = await live.responses.submit(
        None, {"recommend": 9, "why": "said though hidden"}, token=decision.invitation.code
    )
    again = await live.responses.submit(
        None,
        {"recommend": 9, "why": "said though hidden"},
        token=decision.invitation.code,
        id=receipt.id,
    )
    response = await live.responses.get("post_purchase", receipt.id)

    assert again == receipt
    assert receipt.hidden == ("why",)
    assert (response.answers, response.hidden_answers) == (
        {"recommend": 9},
        {"why": "said though hidden"},
    )
    assert (response.respondent, response.touchpoint) == ("c-42", "order.delivered")
    assert response.context == {"store": "oslo-3"}


async def test_a_partial_response_is_gone_on_with(live: harken.AsyncClient) -> None:
    first = await live.responses.submit("post_purchase", {"recommend": 3}, complete=False)

    done = await live.responses.submit(
        "post_purchase", {"why": "cold"}, id=first.id, sequence=2, cleared=[]
    )

    response = await live.responses.get("post_purchase", first.id)
    assert (first.complete, done.complete) == (False, True)
    assert response.answers == {"recommend": 3, "why": "cold"}


async def test_a_wrong_answer_lists_its_problems(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.ValidationError) as caught:
        await live.responses.submit("post_purchase", {"recommend": 11, "satisfied": "5"})

    assert {each.question for each in caught.value.problems} == {"recommend", "satisfied"}


async def test_responses_are_paged_through_and_resumed(live: harken.AsyncClient) -> None:
    ids = [(await live.responses.submit("post_purchase", {"recommend": n})).id for n in range(7)]

    responses = live.responses("post_purchase", limit=3)
    first = [(await anext(responses)).id for _ in range(4)]
    rest = [each.id async for each in live.responses("post_purchase", after=responses.cursor)]

    assert first + rest == ids


async def test_a_cursor_brings_only_what_is_new(live: harken.AsyncClient) -> None:
    await live.responses.submit("post_purchase", {"recommend": 9})
    responses = live.responses("post_purchase", limit=1)
    assert len([each async for each in responses]) == 1

    new = await live.responses.submit("post_purchase", {"recommend": 8})

    later = live.responses("post_purchase", after=responses.cursor)
    assert [each.id async for each in later] == [new.id]


async def test_scores_and_exports_agree(live: harken.AsyncClient, tmp_path: Path) -> None:
    for rating in (10, 9, 9, 3):
        await live.responses.submit("post_purchase", {"recommend": rating}, channel="web")

    scores = await live.scores("post_purchase", channel="web")
    none = await live.scores("post_purchase", channel="receipt")
    await live.exports.csv("post_purchase", tmp_path / "a.csv", channel="web")
    lines = b"".join([piece async for piece in live.exports.jsonl("post_purchase")]).splitlines()

    assert (scores["recommend"].score, scores["recommend"].n) == (50.0, 4)
    assert str(scores["recommend"]).startswith("NPS 50 (95 % ")
    assert str(scores["satisfied"]) == "CSAT unknown (n = 0)"
    assert none["recommend"].score is None
    assert len((tmp_path / "a.csv").read_bytes().splitlines()) == 1 + 4
    assert len(lines) == 4


async def test_an_erased_response_counts_no_more(live: harken.AsyncClient) -> None:
    receipt = await live.responses.submit("post_purchase", {"recommend": 9})

    await live.responses.erase("post_purchase", receipt.id)
    await live.responses.erase("post_purchase", receipt.id)

    assert (await live.scores("post_purchase"))["recommend"].n == 0


async def test_what_is_unknown_is_not_found(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.NotFoundError):
        await live.surveys.get("unknown")
    with pytest.raises(harken.NotFoundError):
        await live.responses.get("post_purchase", "00000000-0000-0000-0000-000000000000")
    with pytest.raises(harken.NotFoundError):
        await anext(live.exports.csv("unknown"))


async def test_every_sentence_of_a_refusal_comes_from_the_server(live: harken.AsyncClient) -> None:
    with pytest.raises(harken.BadRequestError) as caught:
        await live.scores("post_purchase", from_="2026-06-02", to="2026-06-01")

    assert caught.value.code == "bad_parameter"
    assert "ends (2026-06-01) before it begins" in str(caught.value)


async def test_what_the_site_asked_for_waits_in_the_widget_of_whom_it_vouches_for(
    app: App, live: harken.AsyncClient
) -> None:
    decision = await live.trigger("order.delivered", respondent="c-42", channel="widget")
    assert decision.invitation
    public = await app.secret("public")

    waiting = await app.queue(public, "c-42", live.sign_identity("c-42"))
    refused = await app.queue(public, "c-42", live.sign_identity("c-43"))
    receipt = await live.responses.submit(
        None, {"recommend": 9}, token=waiting.json()["asked"][0]["token"]
    )
    empty = await app.queue(public, "c-42", live.sign_identity("c-42"))
    response = await live.responses.get("post_purchase", receipt.id)

    assert waiting.json()["asked"][0]["token"] == decision.invitation.code
    assert (refused.status_code, refused.json()["code"]) == (403, "identity_invalid")
    assert empty.json()["asked"] == []
    assert (response.channel, response.respondent) == ("widget", "c-42")
    assert response.respondent_verified


async def test_a_respondent_is_proved_by_a_key_that_may_write(
    app: App, live: harken.AsyncClient
) -> None:
    async with await app.client("public") as page:
        claimed = await page.responses.submit("post_purchase", {"recommend": 9}, respondent="c-42")
    proved = await live.responses.submit("post_purchase", {"recommend": 9}, respondent="c-42")

    responses = [
        await live.responses.get("post_purchase", receipt.id) for receipt in (proved, claimed)
    ]
    assert [each.respondent_verified for each in responses] == [True, False]


async def test_a_journey_goes_there_and_back_exactly(live: harken.AsyncClient) -> None:
    definition = {
        "key": "shop",
        "title": "Shop",
        "stages": [
            {
                "key": "use",
                "title": "Use",
                "touchpoints": [{"key": "order.delivered", "weight": 2.0, "survey": "returns"}],
            }
        ],
    }

    planned = await live.journeys.push(definition, dry_run=True)
    pushed = await live.journeys.push(definition)
    again = await live.journeys.push((await live.journeys.get("shop")).definition)

    assert (planned.change, pushed.change, again.change) == ("first", "first", "none")
    assert planned.changes == pushed.changes
    assert [warning.code for warning in pushed.warnings] == ["survey_unknown"]
    assert [line.touchpoints for line in await live.journeys.list()] == [1]
    assert (await live.journeys.get("shop")).touchpoints[0]["weight"] == 2.0
    await live.journeys.remove("shop")
    assert await live.journeys.list() == ()


async def test_built_in_journeys_are_loaded_by_key(live: harken.AsyncClient) -> None:
    keys = [template.key for template in await live.journeys.templates()]

    loaded = [(await live.journeys.load(key)).change for key in keys]

    assert keys == ["customer_lifecycle", "purchase_path"]
    assert loaded == ["first", "first"]


async def test_a_programme_is_filled_and_followed(live: harken.AsyncClient) -> None:
    made = await live.programmes.put(
        "nps_list", survey="post_purchase", touchpoint="relationship.asked", every="quarter"
    )
    names = [f"c-{number}" for number in range(1001)]

    added = await live.programmes.add_members("nps_list", names)
    again = await live.programmes.add_members("nps_list", [{"respondent": "c-1", "locale": "de"}])
    removed = await live.programmes.remove_members("nps_list", names[1:])

    assert (made.state, made.programme.channel) == ("running", "email")
    assert (added.added, again.known, removed.removed) == (1001, 1, 1000)
    assert [member.respondent for member in await live.programmes.members("nps_list")] == ["c-0"]
    assert [each.key for each in await live.programmes.list()] == ["nps_list"]
    assert (await live.programmes.get("nps_list")).progress.members == 1
    with pytest.raises(harken.ValidationError) as caught:
        await live.programmes.put("x", survey="none", touchpoint="a.b", every="year")
    assert caught.value.problems[0].code == "survey_unknown"


async def test_a_last_part_that_overtook_the_first_is_told_and_stored_when_it_is_sent_again(
    live: harken.AsyncClient,
) -> None:
    last: dict[str, Any] = {"id": str(uuid4()), "sequence": 2}

    with pytest.raises(harken.ValidationError) as caught:
        await live.responses.submit("post_purchase", {"why": "Late"}, **last)
    await live.responses.submit("post_purchase", {"recommend": 3}, id=last["id"], complete=False)
    receipt = await live.responses.submit("post_purchase", {"why": "Late"}, **last)

    assert [each.question for each in caught.value.problems] == ["recommend"]
    assert receipt.complete
    kept = await live.responses.get("post_purchase", last["id"])
    assert kept.answers == {"recommend": 3, "why": "Late"}
