"""What a client offers beside `trigger`: surveys, responses and scores."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

import harken


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.survey.yaml", "application/yaml"),
        ("a.yml", "application/yaml"),
        ("a.toml", "application/toml"),
        ("a.json", "application/json"),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_a_pushed_file_is_sent_as_it_is_with_the_type_its_suffix_says(
    client: harken.Client, server: Any, tmp_path: Path, name: str, content_type: str, as_text: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(b"key: \xc3\xa9")

    result = client.surveys.push(str(path) if as_text else path)

    assert server.requests[0].headers["content-type"] == content_type
    assert server.requests[0].content == b"key: \xc3\xa9"
    assert "dry_run" not in server.requests[0].url.params
    assert (result.version, result.change) == (3, "additive")
    assert result.changes[0].path == "$.questions[2]"


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        ('{"key": "a"}', "application/json"),
        ("# a survey\nkey: a\ntitle: b", "application/yaml"),
        ("key: a", "application/yaml"),
        ('# a survey\nkey = "a"\ntitle = "b"', "application/toml"),
        ("[presentation]\nx = 1", "application/toml"),
    ],
)
def test_a_pushed_text_is_sent_as_what_it_looks_like(
    client: harken.Client, server: Any, text: str, content_type: str
) -> None:
    client.surveys.push(text)

    assert server.requests[0].headers["content-type"] == content_type
    assert server.requests[0].content.decode() == text


def test_the_format_can_be_said(client: harken.Client, server: Any) -> None:
    client.surveys.push("", format="toml")

    assert server.requests[0].headers["content-type"] == "application/toml"


async def test_a_pushed_mapping_is_sent_as_json_and_dry_run_is_asked_for(
    async_client: harken.AsyncClient, server: Any
) -> None:
    await async_client.surveys.push({"key": "a"}, dry_run=True)

    assert server.requests[0].content == b'{"key":"a"}'
    assert server.requests[0].url.params["dry_run"] == "true"


def test_a_file_of_another_kind_is_refused_before_anything_is_sent(
    client: harken.Client, server: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.docx").touch()

    with pytest.raises(ValueError, match=r"a\.docx does not"):
        client.surveys.push(tmp_path / "a.docx")
    with pytest.raises(FileNotFoundError, match=r"missing\.yaml"):
        client.surveys.push("missing.yaml")

    assert server.requests == []


def test_an_unsound_definition_raises_with_every_problem(
    client: harken.Client, refuse: Any
) -> None:
    problems = [
        {"path": f"$.questions[{n}].key", "code": "duplicate_key", "message": f"key {n} twice"}
        for n in range(5)
    ]
    refuse(422, "invalid_definition", "5 problems", problems=problems)

    with pytest.raises(harken.InvalidDefinitionError) as caught:
        client.surveys.push({"key": "a"})

    assert len(caught.value.problems) == 5
    assert caught.value.problems[4].path == "$.questions[4].key"
    assert "$.questions[4].key: key 4 twice" in str(caught.value)


def test_surveys_are_read_back(client: harken.Client, server: Any) -> None:
    survey = client.surveys.get("post_purchase", version=2)
    (line,) = client.surveys.list()

    assert survey.definition["title"] == "After your purchase"
    assert survey.published_at == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert line.key == "post_purchase"
    assert server.requests[0].url.params["version"] == "2"


def test_a_submitted_response_gets_a_receipt_and_an_id_of_version_7(
    client: harken.Client, server: Any
) -> None:
    receipt = client.responses.submit(
        "post_purchase", {"recommend": 9, "why": "fast"}, touchpoint="order.delivered"
    )

    assert UUID(receipt.id).version == 7
    assert receipt.complete
    assert receipt.received_at.tzinfo
    assert client.responses.get("post_purchase", receipt.id).answers["recommend"] == 9
    assert b"token" not in server.requests[0].content


def test_a_submission_that_is_sent_again_carries_the_same_id(
    client: harken.Client, server: Any, refuse: Any
) -> None:
    refuse(503, "storage_unavailable", headers={"Retry-After": "0"})

    client.responses.submit("post_purchase", {"recommend": 9})

    assert server.requests[0].content == server.requests[1].content
    assert len(server.stored) == 1


def test_everything_a_submission_may_hold_is_sent(client: harken.Client, server: Any) -> None:
    client.responses.submit(
        None,
        {"recommend": 9},
        id=UUID(int=7),
        version=3,
        token="7Q2M9XKD4TRWA",
        complete=False,
        sequence=2,
        cleared=["why"],
        locale="de-AT",
        channel="receipt",
        touchpoint="order.delivered",
        respondent="c-42",
        context={"store": "oslo-3"},
        started_at=datetime(2026, 6, 1, tzinfo=UTC),
    )

    assert server.requests[0].content == (
        b'{"id":"00000000-0000-0000-0000-000000000007","answers":{"recommend":9},'
        b'"version":3,"token":"7Q2M9XKD4TRWA","complete":false,"sequence":2,"cleared":["why"],'
        b'"locale":"de-AT","channel":"receipt","touchpoint":"order.delivered",'
        b'"respondent":"c-42","context":{"store":"oslo-3"},"started_at":"2026-06-01T00:00:00Z"}'
    )


def test_responses_are_fetched_page_by_page_as_they_are_used(
    client: harken.Client, server: Any
) -> None:
    ids = [client.responses.submit("post_purchase", {"recommend": n}).id for n in range(7)]
    server.requests.clear()

    responses = client.responses("post_purchase", limit=3)
    first = next(responses)

    assert first.id == ids[0]
    assert len(server.requests) == 1
    assert [response.id for response in responses] == ids[1:]
    assert len(server.requests) == 3
    assert list(responses) == []


def test_a_job_goes_on_behind_the_last_response_it_used(client: harken.Client) -> None:
    ids = [client.responses.submit("post_purchase", {"recommend": n}).id for n in range(7)]
    responses = client.responses("post_purchase", limit=3)
    used = [next(responses).id for _ in range(4)]

    later = client.responses("post_purchase", after=responses.cursor, limit=3)

    assert responses.cursor == "c4"
    assert used + [response.id for response in later] == ids
    assert later.cursor == "c7"


def test_the_cursor_of_an_empty_survey_can_be_kept(client: harken.Client) -> None:
    responses = client.responses("post_purchase")

    assert list(responses) == []
    assert responses.cursor == "c0"


def test_a_server_that_never_moves_on_is_not_asked_for_ever(
    client: harken.Client, server: Any
) -> None:
    page = {"responses": [], "cursor": "c0"}
    server.next_replies += [
        httpx.Response(200, headers={"Link": '<x>; rel="next"'}, json=page) for _ in range(9)
    ]

    assert list(client.responses("post_purchase", after="c0")) == []
    assert len(server.requests) == 1


async def test_the_asynchronous_client_iterates_alike(async_client: harken.AsyncClient) -> None:
    ids = [
        (await async_client.responses.submit("post_purchase", {"recommend": n})).id
        for n in range(5)
    ]

    responses = async_client.responses("post_purchase", limit=2)

    assert [response.id async for response in responses] == ids
    assert responses.cursor == "c5"


def test_an_erased_response_is_gone(client: harken.Client) -> None:
    receipt = client.responses.submit("post_purchase", {"recommend": 9})

    client.responses.erase("post_purchase", receipt.id)

    with pytest.raises(harken.NotFoundError) as caught:
        client.responses.get("post_purchase", receipt.id)
    assert caught.value.status == 404
    assert caught.value.code == "not_found"


def test_scores_come_with_their_interval_by_question(client: harken.Client, server: Any) -> None:
    scores = client.scores("post_purchase", from_=date(2026, 5, 1), to="2026-05-31", version=3)

    recommend = scores["recommend"]
    assert (recommend.score, recommend.low, recommend.high, recommend.n) == (41.7, 31.2, 52.3, 180)
    assert recommend is scores[0] is scores.nps
    assert scores.ces is None
    assert len(scores) == 2
    assert "recommend" in scores
    assert dict(server.requests[0].url.params) == {
        "from": "2026-05-01",
        "to": "2026-05-31",
        "version": "3",
    }


def test_scores_print_as_lines_a_person_can_read(client: harken.Client) -> None:
    scores = client.scores("post_purchase")

    assert str(scores).splitlines() == [
        "recommend: NPS 42 (95 % 31 to 52, n = 180)",
        "satisfied: CSAT unknown (n = 0)",
    ]
    share = harken.Score(
        question="q", metric="csat", n=9, score=50, low=20, high=80, unit="percent"
    )
    assert str(share) == "CSAT 50 % (95 % 20 % to 80 %, n = 9)"
    assert str(harken.Score(question="q", metric="rating", n=1, score=4.5)) == "Rating 4.50 (n = 1)"


def test_a_question_without_a_score_is_named(client: harken.Client) -> None:
    with pytest.raises(KeyError, match=r"'why'.*recommend, satisfied"):
        client.scores("post_purchase")["why"]
