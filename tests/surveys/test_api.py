"""Publishing definitions: versions, differences, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import SURVEY, Api


def changed(**fields: Any) -> dict[str, Any]:
    return {**SURVEY, **fields}


async def test_a_first_push_publishes_version_1_and_is_live(api: Api) -> None:
    reply = await api.push()

    assert reply.status_code == 201
    assert reply.json() == {
        "key": "post_purchase",
        "status": "live",
        "version": 1,
        "change": "first",
        "changes": [],
        "url": "https://feedback.example.com/s/post_purchase",
    }


async def test_pushing_the_same_again_stores_nothing(live: Api) -> None:
    reply = await live.push()

    assert reply.status_code == 200
    assert reply.json()["change"] == "none"
    assert reply.json()["version"] == 1


async def test_a_cosmetic_change_says_so_and_makes_a_version(live: Api) -> None:
    reply = await live.push(changed(title="Your purchase"))

    assert reply.status_code == 201
    assert (reply.json()["change"], reply.json()["version"]) == ("cosmetic", 2)
    assert reply.json()["changes"][0]["path"] == "$.title"


async def test_an_added_question_is_additive_and_a_removed_one_breaking(live: Api) -> None:
    extra = {"type": "short_text", "key": "city", "text": "Where?"}
    added = await live.push(changed(questions=[*SURVEY["questions"], extra]))

    removed = await live.push(changed(questions=SURVEY["questions"][:1]))

    assert added.json()["change"] == "additive"
    assert removed.json()["change"] == "breaking"


async def test_a_dry_run_shows_the_difference_and_stores_nothing(live: Api) -> None:
    reply = await live.push(changed(title="Else"), dry_run="true")

    assert reply.status_code == 200
    assert (reply.json()["change"], reply.json()["version"]) == ("cosmetic", 2)
    current = await live.http.get("/v1/surveys/post_purchase")
    assert current.json()["version"] == 1


async def test_a_key_never_changes_its_type(live: Api) -> None:
    other = {"type": "short_text", "key": "recommend", "text": "Say it in words"}

    reply = await live.push(changed(questions=[other]))

    assert reply.status_code == 422
    assert reply.json()["code"] == "invalid_definition"


async def test_a_definition_with_five_mistakes_reports_five_with_their_paths(api: Api) -> None:
    broken = {
        "key": "broken",
        "title": "Broken",
        "questions": [
            {"type": "stars", "key": "a", "text": "?"},
            {"type": "nps", "key": "Bad Key", "text": "?"},
            {"type": "rating", "key": "c", "text": "?", "high": 40},
            {
                "type": "single_choice",
                "key": "d",
                "text": "?",
                "choices": [{"value": "x", "label": "X"}],
            },
            {
                "type": "long_text",
                "key": "e",
                "text": "?",
                "show_if": {"op": "at_most", "answer": "nobody", "value": 3},
            },
        ],
    }

    reply = await api.push(broken)

    assert reply.status_code == 422
    paths = [problem["path"] for problem in reply.json()["problems"]]
    assert len(paths) == 5, paths
    for index, path in enumerate(sorted(paths)):
        assert path.startswith(f"$.questions[{index}]")


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("application/yaml", "key: hello\ntitle: Hi\nquestions:\n- {type: nps, key: a, text: b}\n"),
        (
            "application/toml",
            'key="hello"\ntitle="Hi"\n[[questions]]\ntype="nps"\nkey="a"\ntext="b"',
        ),
    ],
)
async def test_yaml_and_toml_are_taken(api: Api, media_type: str, text: str) -> None:
    reply = await api.http.post("/v1/surveys", content=text, headers={"content-type": media_type})

    assert reply.status_code == 201, reply.text
    assert reply.json()["key"] == "hello"


@pytest.mark.parametrize("format", ["yaml", "toml"])
async def test_a_version_comes_with_the_text_that_it_was_pushed_as(api: Api, format: str) -> None:  # noqa: A002
    texts = {
        "yaml": "# Ours.\ntitle: Hi\nkey: hello\nquestions:\n- {type: nps, key: a, text: å}\n",
        "toml": '# Ours.\ntitle="Hi"\nkey="hello"\n[[questions]]\ntype="nps"\nkey="a"\ntext="å"',
    }
    headers = {"content-type": f"application/{format}"}
    await api.http.post("/v1/surveys", content=texts[format].encode(), headers=headers)

    first = (await api.http.get("/v1/surveys/hello")).json()
    definition = {**first["definition"], "title": "Hi again"}
    await api.http.post("/v1/surveys", json=definition)
    second = (await api.http.get("/v1/surveys/hello")).json()
    first_again = (await api.http.get("/v1/surveys/hello?version=1")).json()

    assert first["source"] == {"format": format, "text": texts[format]}
    assert first_again["source"] == first["source"]
    assert (second["version"], "source" in second) == (2, False)


@pytest.mark.parametrize(
    ("media_type", "text", "status"),
    [
        ("application/json", "{", 422),
        ("application/yaml", "a: [", 422),
        ("application/toml", "a = ", 422),
        ("text/html", "<p>", 415),
        ("application/json", '{"a":' * 5000 + "1" + "}" * 5000, 422),
        ("application/yaml", "a: &a [x]\nb: [*a, *a]", 422),
        ("application/json", " " * 300_000, 413),
    ],
)
async def test_unreadable_definitions_are_refused_in_words(
    api: Api, media_type: str, text: str, status: int
) -> None:
    reply = await api.http.post("/v1/surveys", content=text, headers={"content-type": media_type})

    assert reply.status_code == status, reply.text
    assert reply.json()["detail"]


async def test_versions_are_listed_and_read_unchanged(live: Api) -> None:
    await live.push(changed(title="Second"))

    listed = await live.http.get("/v1/surveys/post_purchase/versions")
    first = await live.http.get("/v1/surveys/post_purchase?version=1")
    missing = await live.http.get("/v1/surveys/post_purchase?version=9")

    assert [item["number"] for item in listed.json()["versions"]] == [1, 2]
    assert first.json()["definition"]["title"] == "Your order"
    assert missing.status_code == 404


async def test_the_list_names_every_survey(live: Api) -> None:
    reply = await live.http.get("/v1/surveys")

    assert [item["key"] for item in reply.json()["surveys"]] == ["post_purchase"]


async def test_status_can_be_changed_and_a_wrong_one_is_refused(live: Api) -> None:
    closed = await live.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})
    wrong = await live.http.post("/v1/surveys/post_purchase/status", json={"status": "open"})
    unknown = await live.http.post("/v1/surveys/nothing/status", json={"status": "live"})

    assert closed.json()["status"] == "closed"
    assert wrong.status_code == 422
    assert unknown.status_code == 404
