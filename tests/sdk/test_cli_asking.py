"""`harken trigger`, `harken explain` and `harken links`: what they send and print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from played_replies import LINKS

from harken.cli import main

DONE, FAILED, MISUSED = 0, 1, 2

pytestmark = pytest.mark.usefixtures("played_for_the_command")


def test_trigger_passes_on_what_is_told_of_the_person(server: Any, capsys: Any) -> None:
    command = "trigger order.delivered --respondent c-42 --channel email --email ada@example.com"
    more = "--phone +4722123456 --trait plan=pro --trait since=2024 --timezone Europe/Oslo"

    status = main(
        [*command.split(), *more.split(), "--consent", "no", "--send-at", "2026-05-31T09:00Z"]
    )

    assert status == DONE
    assert capsys.readouterr().out.startswith("asked: ")
    assert json.loads(server.requests[0].content) == {
        "touchpoint": "order.delivered",
        "respondent": "c-42",
        "channel": "email",
        "context": {},
        "traits": {"plan": "pro", "since": "2024"},
        "email": "ada@example.com",
        "phone": "+4722123456",
        "timezone": "Europe/Oslo",
        "consent": False,
        "send_at": "2026-05-31T09:00:00Z",
    }


def test_what_is_not_said_is_not_sent(server: Any) -> None:
    main(["trigger", "order.delivered"])

    assert set(json.loads(server.requests[0].content)) == {"touchpoint", "channel", "context"}


@pytest.mark.parametrize(
    "options",
    [
        ["--trait", "plan"],
        ["--send-at", "tomorrow"],
        ["--send-at", "2026-05-31T09:00"],
    ],
)
def test_wrong_values_name_their_option(options: list[str], capsys: Any, server: Any) -> None:
    assert main(["trigger", "order.delivered", *options]) == MISUSED

    assert options[0] in capsys.readouterr().err
    assert server.requests == []


def test_explain_prints_a_line_for_each_survey(capsys: Any) -> None:
    assert main(["explain", "c-42"]) == DONE
    assert main(["explain", "nobody"]) == DONE

    assert capsys.readouterr().out.splitlines() == [
        "post_purchase at order.delivered: cooldown: Asked 3 days ago.",
        "there is no survey",
    ]


def test_links_are_written_or_printed(tmp_path: Path, capfdbinary: Any, server: Any) -> None:
    people, target = tmp_path / "people.csv", tmp_path / "links.csv"
    people.write_text("respondent\nc-42\n")
    command = ["links", "post_purchase", "--from", str(people)]

    assert main([*command, "-o", str(target), "--answers", "--days", "7", "--wave", "2"]) == DONE
    assert main([*command, "-o", "-"]) == DONE

    assert target.read_bytes() == capfdbinary.readouterr().out == LINKS
    sent = server.requests[0]
    assert sent.headers["content-type"] == "text/csv"
    assert sent.content == b"respondent\nc-42\n"
    query = {"answers": "true", "ttl_days": "7", "wave": "2"}
    assert query.items() <= dict(sent.url.params).items()


def test_links_without_a_list_say_so(tmp_path: Path, capsys: Any) -> None:
    missing = str(tmp_path / "missing.csv")

    assert main(["links", "post_purchase", "--from", missing, "-o", "-"]) == FAILED

    assert "missing.csv: No such file" in capsys.readouterr().err
