"""Log lines show what happened and to what, never what people answered."""

from __future__ import annotations

import json
import logging

import asyncpg
import pytest
from hostile_texts import TRICKS

from harken_server.http import problems as trouble
from harken_server.kernel.errors import NotFoundError, OverloadedError, StorageError
from harken_server.kernel.logs import JsonLines, PrettyLines


def record_of(error: Exception) -> logging.LogRecord:
    raised = (type(error), error, None)
    return logging.LogRecord("x", logging.ERROR, "f", 1, "unexpected", (), raised)


@pytest.mark.parametrize("shape", [JsonLines(), PrettyLines()], ids=["json", "pretty"])
@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DataError("invalid input for query argument $3: 'anna@home.example' (too odd)"),
        asyncpg.UniqueViolationError("duplicate key\nDETAIL:  Key (a)=(anna@home.example) exists."),
    ],
    ids=["argument", "detail"],
)
def test_a_traceback_does_not_show_the_values_of_a_statement(
    shape: logging.Formatter, error: Exception
) -> None:
    line = shape.format(record_of(error))

    assert "anna" not in line
    assert "(not shown)" in line
    assert type(error).__name__ in line


def test_a_log_line_stays_one_line_of_json() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "a\nb %s", ("\x1b[31m",), None)

    line = JsonLines().format(record)

    assert "\n" not in line
    assert json.loads(line)["message"] == "a\nb \x1b[31m"


def test_trouble_is_logged_once_in_a_while(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "_logged", {})

    for _ in range(1000):
        trouble.log_storage_failure(StorageError("The disk is full."))
        trouble.log_storage_failure(OverloadedError("Too many wait."))
        trouble.log_storage_failure(NotFoundError("No such survey."))

    assert [record.getMessage() for record in caplog.records] == [
        "The disk is full.",
        "Too many wait.",
    ]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_text_makes_a_line_of_its_own_or_commands_a_terminal(trick: str) -> None:
    error = (ValueError, ValueError(trick), None)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "said %s", (trick,), error)
    record.survey = trick

    json_line = JsonLines().format(record)
    first, *more = PrettyLines().format(record).split("\n")

    assert json.loads(json_line)["survey"] == trick
    assert json_line.isprintable()
    assert json_line.isascii()
    assert all(line.startswith("  ") for line in more)
    assert all(line.isprintable() for line in (first, *more))
