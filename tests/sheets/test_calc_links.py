"""LibreOffice links a sheet to the address with a token, and reads it again when it is asked to."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY
from live_server import LiveServer, serving
from ports import free_port

SCRIPT = Path(__file__).parents[1] / "support/calc_links.py"
PYTHON, UNO = "/usr/bin/python3", Path("/usr/lib/python3/dist-packages/uno.py")
"""The Python of the system can talk to the program of the system."""
HAS_OFFICE = shutil.which("soffice") is not None and UNO.exists()
pytestmark = [
    pytest.mark.processes,
    pytest.mark.seconds,
    pytest.mark.nightly,
    pytest.mark.skipif(not HAS_OFFICE, reason="no LibreOffice here that a program can talk to"),
]


def test_what_is_linked_is_read_again(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.push(SURVEY)
        answer(server, recommend=3, why="=1+1 cost 7 €")
        made = server.call("POST", "/v1/surveys/post_purchase/sheets", {"name": "Calc"})
        columns = f"{server.url}/sheets/post_purchase/responses.csv?token={made['token']}"
        command = [PYTHON, str(SCRIPT), columns, str(free_port())]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as calc:
            assert calc.stdin is not None
            assert calc.stdout is not None
            linked = named(calc.stdout.readline())
            answer(server, recommend=9)
            calc.stdin.write("again\n")
            calc.stdin.flush()
            read_again = named(calc.stdout.readline())
            calc.stdin.close()
            calc.wait(60)

    assert [(row["recommend"], row["why"]) for row in linked] == [(3, "'=1+1 cost 7 €")]
    assert [(row["recommend"], row["why"]) for row in read_again] == [
        (3, "'=1+1 cost 7 €"), (9, ""),
    ]  # fmt: skip
    assert isinstance(linked[0]["submitted_at"], float)


def answer(server: LiveServer, **answers: Any) -> None:
    body = {"id": str(uuid4()), "survey": "post_purchase", "answers": answers}
    server.call("POST", "/v1/public/responses", body)


def named(line: str) -> list[dict[str, Any]]:
    head, *rows = json.loads(line)
    return [dict(zip(head, row, strict=True)) for row in rows]
