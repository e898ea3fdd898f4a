"""The commands that look after surveys and links to them; and check, without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import harken
from harken.cli import main
from harken.cli.terminal import DONE, FAILED, MISUSED
from harken_server.surveys.files.schema import survey_schema

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _reach_the_played_server(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    played = httpx.MockTransport(server)
    monkeypatch.setattr(
        httpx.HTTPTransport, "handle_request", lambda _, request: played.handle_request(request)
    )
    monkeypatch.setenv("HARKEN_URL", "https://feedback.example")
    monkeypatch.setenv("HARKEN_API_KEY", "hk_test_0123456789")


def test_list_prints_a_line_for_each_survey(capsys: Any) -> None:
    assert main(["list"]) == DONE

    printed = capsys.readouterr().out
    assert printed.split() == [
        "post_purchase", "live", "version", "3", "After", "your", "purchase",
        "https://feedback.example/s/post_purchase",
    ]  # fmt: skip


def test_list_of_nothing_says_so(capsys: Any) -> None:
    assert main(["list", "--status", "closed"]) == DONE

    assert capsys.readouterr().err == "harken: no survey is closed\n"


@pytest.mark.parametrize(("command", "status"), [("open", "live"), ("close", "closed")])
def test_open_and_close_say_what_is_so_now(command: str, status: str, capsys: Any) -> None:
    assert main([command, "nothing_here", "post_purchase"]) == FAILED

    said = capsys.readouterr()
    assert said.out == f"post_purchase is {status}\n"
    assert said.err.startswith("harken: nothing_here: ")


def test_results_prints_nothing_but_the_link(capsys: Any) -> None:
    assert main(["results", "post_purchase", "--days", "7"]) == DONE

    assert capsys.readouterr().out == "https://feedback.example/7\n"


def test_revoke_lists_what_was_handed_out_and_ends_one(capsys: Any) -> None:
    assert main(["revoke"]) == DONE
    listed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert listed[0] == ["link-1", "results", "post_purchase", "until", "2027-01-31"]
    assert listed[1][:4] == ["link-2", "results", "post_purchase", "revoked"]

    assert main(["revoke", "link-1"]) == DONE
    assert capsys.readouterr().err == "harken: link link-1 is revoked\n"
    assert main(["revoke", "unknown"]) == FAILED


def test_revoke_lists_a_respondents_links_and_ends_one(capsys: Any) -> None:
    assert main(["revoke", "--of", "c-7"]) == DONE
    listed = capsys.readouterr().out.split()
    assert listed[:2] == ["invitation-1", "post_purchase"]
    assert listed[-3:] == ["for", "ever,", "answered"]

    assert main(["revoke", "--of", "c-7", "invitation-1"]) == DONE
    assert capsys.readouterr().err == "harken: link invitation-1 is revoked\n"


async def test_both_clients_open_and_close(
    client: harken.Client, async_client: harken.AsyncClient
) -> None:
    assert client.surveys.close("post_purchase").status == "closed"
    assert (await async_client.surveys.open("post_purchase")).status == "live"
    assert (await async_client.surveys.results_link("post_purchase")).url.endswith("/90")


SOUND: dict[str, Any] = {
    "key": "a",
    "title": {"en": "A", "de": "Ä"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Recommend?"},
        {
            "type": "single_choice",
            "key": "why",
            "text": "Why?",
            "choices": [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}],
            "show_if": {"op": "at_most", "answer": "recommend", "value": 6},
        },
    ],
}
FAULTS: dict[str, tuple[Any, str]] = {
    "no title": ({"title": None}, "$.title must be"),
    "a word that is unknown": ({"titel": "A"}, "$.titel is not known here; known are"),
    "a key in capitals": ({"key": "A"}, "$.key must fit"),
    "no question": ({"questions": []}, "$.questions must have at least 1 entries, not 0"),
    "no list": ({"questions": {}}, "$.questions must be a list, not a map"),
    "an unknown type": ({"questions": [{"type": "npss"}]}, "$.questions[0].type must be nps or"),
    "a question without key": (
        {"questions": [{"type": "nps", "text": "?"}]},
        "$.questions[0] needs key",
    ),
    "a key twice": (
        {"questions": [SOUND["questions"][0]] * 2},
        "$.questions: the key recommend stands twice",
    ),
    "a condition about nothing": (
        {"questions": [SOUND["questions"][1]]},
        "a condition names the answer recommend, but there is no such question",
    ),
    "a choice twice": (
        {
            "questions": [
                {**SOUND["questions"][1], "choices": [{"value": "x", "label": "X"}] * 2},
                SOUND["questions"][0],
            ]
        },
        "$.questions[0].choices: the value x stands twice",
    ),
    "a number out of range": (
        {"questions": [{"type": "short_text", "key": "a", "text": "?", "max_chars": -1}]},
        "$.questions[0].max_chars must be at least",
    ),
}


def check(tmp_path: Path, definition: Any, name: str = "a.json") -> int:
    path = tmp_path / name
    path.write_text(definition if isinstance(definition, str) else json.dumps(definition))
    return main(["check", str(path)])


def test_check_needs_neither_settings_nor_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, server: Any
) -> None:
    monkeypatch.delenv("HARKEN_URL")

    assert check(tmp_path, SOUND) == DONE

    assert "a.json: sound" in capsys.readouterr().out
    assert server.requests == []


@pytest.mark.parametrize("fault", FAULTS)
def test_check_names_each_fault_with_its_path(fault: str, tmp_path: Path, capsys: Any) -> None:
    change, said = FAULTS[fault]

    assert check(tmp_path, SOUND | change) == FAILED

    assert said in capsys.readouterr().err


def test_check_reads_yaml_as_the_server_does(tmp_path: Path, capsys: Any) -> None:
    text = (
        "key: a\ntitle: A\nwidget: {opens: [{on: load}]}\n"
        "questions:\n- {type: date, key: day, text: When?, earliest: 2026-01-01}\n"
    )

    assert check(tmp_path, text, "a.yaml") == DONE, capsys.readouterr().err


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.toml"])
def test_check_says_what_cannot_be_read(name: str, tmp_path: Path, capsys: Any) -> None:
    assert check(tmp_path, "{key: [", name) == FAILED

    assert f"{name}: 1 to mend" in capsys.readouterr().err


def test_check_names_what_is_to_be_installed_from_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("harken.cli.lint.find_spec", lambda _: None)

    assert check(tmp_path, "key: a", "a.yaml") == MISUSED

    assert "pip install './sdk/python[lint]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("survey_templates/*.yaml"), *ROOT.glob("journey_templates/*.yaml")],
    ids=lambda path: path.name,
)
def test_every_template_is_sound(path: Path, capsys: Any) -> None:
    assert main(["lint", str(path)]) == DONE, capsys.readouterr().err


def test_the_schema_uses_nothing_that_is_not_looked_at() -> None:
    known = {
        "$defs", "$id", "$ref", "$schema", "additionalProperties", "anyOf", "default",
        "description", "discriminator", "enum", "format", "items", "maxItems", "maxLength",
        "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum",
        "pattern", "properties", "propertyNames", "required", "title", "type",
    }  # fmt: skip

    assert words_of(survey_schema()) <= known


def words_of(part: Any) -> set[str]:
    if isinstance(part, list):
        return {word for each in part for word in words_of(each)}
    if not isinstance(part, dict):
        return set()
    found = set(part)
    for name, value in part.items():
        if name in {"properties", "$defs"}:
            found |= {word for each in value.values() for word in words_of(each)}
        elif name != "discriminator":
            found |= words_of(value)
    return found


@pytest.mark.processes
def test_every_help_of_every_command_of_the_server_is_printed() -> None:
    """Those of `harken` are walked in `test_cli.py`; a `%` in a text makes `argparse` fail."""
    program = """
import argparse
from harken_server.cli import _parser
def walk(parser):
    print(parser.format_help().splitlines()[0])
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values(): walk(inner)
walk(_parser())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stderr == ""
    assert done.stdout.count("usage: harken-server") > 15
