"""The command `harken`: what it prints, and with which status it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from harken.cli import COMMANDS, main

DONE, FAILED, MISUSED = 0, 1, 2

pytestmark = pytest.mark.usefixtures("played_for_the_command")


def test_push_says_what_each_file_became(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("key: a")

    status = main(["push", str(path), str(path)])

    assert status == DONE
    assert capsys.readouterr().out.count(f"{path}: post_purchase version 3, additive") == 2


def test_push_lists_every_problem_and_goes_on_with_the_next_file(
    tmp_path: Path, capsys: Any, refuse: Any
) -> None:
    problems = [{"path": "$.key", "code": "x", "message": "too long"}] * 2
    refuse(422, "invalid_definition", "2 problems", problems=problems)
    for name in ("bad.yaml", "good.toml"):
        (tmp_path / name).touch()

    status = main(["push", str(tmp_path / "bad.yaml"), str(tmp_path / "good.toml"), "--dry-run"])

    printed = capsys.readouterr()
    assert status == FAILED
    assert printed.err.count("$.key: too long") == 2
    assert "good.toml: post_purchase" in printed.out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.journey.yaml", "key: shop"),
        ("shop.yaml", "key: shop\nstages:\n  - key: use\n    title: Use\n"),
        ("shop.toml", 'key = "shop"\n[[stages]]\nkey = "use"\n'),
        ("shop.json", '{"key": "shop", "stages": []}'),
    ],
)
def test_push_knows_a_journey_by_its_name_or_its_stages(
    tmp_path: Path, capsys: Any, server: Any, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    status = main(["push", str(path), "--dry-run"])

    printed = capsys.readouterr().out
    assert status == DONE
    assert f"{path}: journey shop, first" in printed
    assert "added: $.stages.use: The stage use is new." in printed
    assert "warning: $.stages[0].touchpoints[0].survey: Not yet." in printed
    assert server.requests[0].url.path == "/v1/journeys"
    assert server.requests[0].content.decode() == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.survey.yaml", "key: a\nstages: none"),
        ("a.yaml", "key: a\nintro: |\n  stages: three of them"),
        ("a.json", '{"key": "a", "title": "stages"}'),
        ("a.json", "no JSON"),
    ],
)
def test_push_takes_everything_else_for_a_survey(
    tmp_path: Path, server: Any, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    main(["push", str(path)])

    assert server.requests[0].url.path == "/v1/surveys"


def test_push_of_a_missing_file_names_it(tmp_path: Path, capsys: Any) -> None:
    status = main(["push", str(tmp_path / "missing.yaml")])

    assert status == FAILED
    assert "missing.yaml: No such file" in capsys.readouterr().err


def test_pull_prints_the_definition_or_writes_it(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "a.json"

    assert main(["pull", "post_purchase"]) == DONE
    assert main(["pull", "post_purchase", "-o", str(path)]) == DONE

    assert path.read_text() == capsys.readouterr().out
    assert json.loads(path.read_text())["key"] == "post_purchase"


def test_pull_writes_the_text_that_was_pushed(tmp_path: Path, server: Any) -> None:
    text = "# Ours, with an å.\nkey: a\n"
    version = {"key": "a", "status": "live", "version": 3, "definition": {"key": "a"}}
    pushed = {**version, "source": {"format": "yaml", "text": text}}
    server.next_replies.append(httpx.Response(200, json=pushed))
    path = tmp_path / "a.yml"

    assert main(["pull", "a", "-o", str(path)]) == DONE

    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("name", ["a.yaml", "a.toml"])
def test_pull_writes_no_format_that_a_version_was_not_pushed_as(
    tmp_path: Path, capsys: Any, name: str
) -> None:
    assert main(["pull", "post_purchase", "-o", str(tmp_path / name)]) == MISUSED

    said = capsys.readouterr().err
    assert f"was not pushed as {name[2:]}; write it to a .json file" in said
    assert list(tmp_path.iterdir()) == []


def test_pull_names_the_files_that_it_can_write(capsys: Any, server: Any) -> None:
    assert main(["pull", "post_purchase", "-o", "a.csv"]) == MISUSED

    assert ".json" in capsys.readouterr().err
    assert server.requests == []


def test_score_prints_the_interval(capsys: Any, server: Any) -> None:
    status = main(["score", "post_purchase", "--from", "2026-05-01", "--survey-version", "3"])

    assert status == DONE
    assert "recommend: NPS 42 (95 % 31 to 52, n = 180)" in capsys.readouterr().out
    assert dict(server.requests[0].url.params) == {"from": "2026-05-01", "version": "3"}


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "sav", "jsonl", "csv"])
def test_export_takes_the_format_from_the_name_of_the_file(
    tmp_path: Path, server: Any, ending: str
) -> None:
    path = tmp_path / f"a.{ending}"

    status = main(["export", "post_purchase", "--tz", "Europe/Oslo", "-o", str(path)])

    assert status == DONE
    assert path.read_bytes() != b""
    assert server.requests[0].url.path.endswith(f"/export.{ending}")
    assert server.requests[0].url.params["tz"] == "Europe/Oslo"


@pytest.mark.parametrize("ending", ["xlsx", "jsonl", "csv", "txt"])
def test_decisions_are_written_in_the_format_that_the_name_says(
    tmp_path: Path, server: Any, ending: str
) -> None:
    path = tmp_path / f"why.{ending}"

    status = main(["decisions", "--asked", "false", "--survey", "visit", "-o", str(path)])

    assert status == DONE
    assert path.read_bytes() != b""
    form = ending if ending != "txt" else "csv"
    assert server.requests[0].url.path == f"/v1/decisions.{form}"
    assert dict(server.requests[0].url.params) == {"asked": "false", "survey": "visit"}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_export_writes_a_file_or_the_terminal(tmp_path: Path, capfdbinary: Any, kind: str) -> None:
    path = tmp_path / "a"

    assert main(["export", "post_purchase", "--format", kind, "-o", str(path)]) == DONE
    assert main(["export", "post_purchase", "--format", kind, "-o", "-"]) == DONE

    assert path.read_bytes() == capfdbinary.readouterr().out != b""


def test_trigger_prints_the_decision_and_saves_its_qr(
    tmp_path: Path, capsys: Any, server: Any
) -> None:
    path = tmp_path / "qr.svg"
    command = ["trigger", "order.delivered", "--respondent", "c-42", "--context", "store=oslo-3"]

    status = main([*command, "--qr", str(path)])

    assert status == DONE
    assert "asked: Asked: post_purchase is live" in capsys.readouterr().out
    assert path.read_text().startswith("<svg")
    assert json.loads(server.requests[0].content)["context"] == {"store": "oslo-3"}


def test_trigger_that_fails_says_so_once(capsys: Any, refuse: Any) -> None:
    refuse(403, "forbidden_scope", "this key may only read")

    status = main(["trigger", "order.delivered"])

    assert status == FAILED
    assert capsys.readouterr().err.splitlines() == [
        "harken: unauthorized: this key may only read (403 forbidden_scope)"
    ]


def test_qr_draws_a_link_without_a_server(
    tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARKEN_URL")

    assert main(["qr", "https://a.example/i/7Q2M", "-o", str(tmp_path / "a.png")]) == DONE

    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert server.requests == []


@pytest.mark.parametrize(
    "command",
    [
        ["qr", "https://a.example/", "-o", "a.gif"],
        ["trigger", "a.b", "--context", "store"],
        ["score", ".."],
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(command: list[str], capsys: Any) -> None:
    assert main(command) == MISUSED

    assert capsys.readouterr().err.startswith("harken: ")


def test_a_missing_setting_ends_with_2(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.delenv("HARKEN_API_KEY")

    assert main(["score", "post_purchase"]) == MISUSED
    assert "HARKEN_API_KEY is not set" in capsys.readouterr().err


def test_the_address_can_be_an_option(monkeypatch: pytest.MonkeyPatch, server: Any) -> None:
    monkeypatch.delenv("HARKEN_URL")

    assert main(["--url", "http://127.0.0.1:8300", "score", "post_purchase"]) == DONE

    assert server.requests[0].url.host == "127.0.0.1"


def test_a_refusal_of_the_server_ends_with_1(capsys: Any) -> None:
    assert main(["score", "unknown"]) == FAILED

    assert "no such thing in this workspace (404 not_found)" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["lint"], ["export", "post_purchase"]])
def test_unknown_commands_and_missing_options_end_with_2(command: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)

    assert ended.value.code == MISUSED


def test_the_help_lists_every_command(capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert set(COMMANDS) <= {words[0] for words in lines if words}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: harken {command} ")
    assert COMMANDS[command] in " ".join(printed.split())


@pytest.mark.processes
def test_a_command_imports_no_other_command() -> None:
    program = """
import sys, harken.cli
try: harken.cli.main(["score", "--help"])
finally: print(*sys.modules)
"""
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "harken.cli.score" in printed
    assert {f"harken.cli.{name}" for name in COMMANDS}.intersection(printed) == {"harken.cli.score"}
    assert "harken.printing" not in printed
