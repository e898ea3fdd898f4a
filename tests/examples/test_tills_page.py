"""The page about tills: its commands run, its tiers behave as its table says, its links lead on."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from paper_reading import print_escpos, read_code, read_png
from served import clean_environ

from harken.cli import main
from harken.receipts import Till

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "tills.md").read_text("utf-8")
PLACE = "https://fb.acme.com/r/K7Q2W8XM4"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def commands(beginning: str) -> list[str]:
    lines = "".join(blocks("console")).splitlines()
    return [line for line in lines if line.startswith(beginning)]


class Reader:
    """Somebody who follows the page in a folder, against the test's server."""

    def __init__(self, counter: Any, folder: Path) -> None:
        self.counter = counter
        self.folder = folder
        self.environ = clean_environ(
            HARKEN_URL=counter.live.url,
            HARKEN_API_KEY=counter.live.key,
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        )
        said = self.run(sys.executable, "-c", blocks("python")[0])
        self.store, self.place = re.findall(r"code: (\S+)", said)

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, line: str) -> str:
        line = line.replace("examples/", f"{ROOT}/examples/").replace("K7Q2-2", self.store)
        return self.run("/bin/sh", "-c", line)


@pytest.fixture
def reader(counter: Any, tmp_path: Path) -> Reader:
    return Reader(counter, tmp_path)


@pytest.mark.processes
def test_the_set_up_gives_a_till_and_a_place(reader: Reader) -> None:
    till = Till.from_text((reader.folder / "till.txt").read_text("ascii"))

    assert till.url == reader.counter.live.url.upper()
    assert reader.place.startswith(f"{reader.counter.live.url}/r/")


@pytest.mark.processes
def test_tier_1_as_printed_counts(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(reader.folder)
    printed = commands("harken qr ")
    for line in printed:
        assert main(shlex.split(line.replace(PLACE, reader.place))[1:]) == 0
    assert len(printed) == 2
    assert Path("sticker.pdf").read_bytes().startswith(b"%PDF-")
    footer = read_png(Path("footer.png").read_bytes())
    assert footer.width == 576

    assert reader.counter.answer(read_code(footer)) == 200
    assert reader.counter.answer(read_code(footer)) == 200

    for stored in reader.counter.stored():
        assert (stored["channel"], stored["touchpoint"]) == ("receipt", "order.paid")
        assert (stored["standing"], stored["flags"]) == ("counted", [])
        assert stored["context"].pop("store")
        assert stored["context"] == {"store_code": reader.store, "till": "Counter 1"}
    assert reader.counter.counted() == 2


@pytest.mark.processes
def test_tier_2_is_one_unverified_answer_a_number(reader: Reader) -> None:
    (template,) = blocks("text")
    url = template.strip().replace(PLACE, reader.place)
    assert url.endswith("?n=001734")

    assert reader.counter.answer(url) == 200
    refused = reader.counter.open(url)
    assert reader.counter.answer(url.replace("001734", "ACC-PSINV-2026-00012")) == 200

    assert refused == 410
    kept = sorted(stored["context"]["receipt"] for stored in reader.counter.stored())
    assert kept == ["001734", "ACCPSINV202600012"]
    for stored in reader.counter.stored():
        assert (stored["standing"], stored["flags"]) == ("unverified", ["receipt_unsigned"])
        assert stored["context"]["till"] == "Counter 1"
    assert reader.counter.counted() == 0


@pytest.mark.processes
def test_tier_3_the_till_of_the_page_prints_and_is_found_again(reader: Reader) -> None:
    sales, to_file, to_printer = *commands("echo "), *commands("python ")
    reader.shell(sales)
    reader.shell(to_file)
    with socket.create_server(("127.0.0.1", 0)) as printer:
        got: list[bytes] = []

        def receive() -> None:
            connection, _ = printer.accept()
            with connection, connection.makefile("rb") as stream:
                got.append(stream.read())

        receiver = threading.Thread(target=receive)
        receiver.start()
        address = f"tcp://127.0.0.1:{printer.getsockname()[1]}"
        reader.shell(to_printer.replace("tcp://192.0.2.7:9100", address))
        receiver.join(20)

    url = read_code(print_escpos((reader.folder / "receipt.escpos").read_bytes()).picture)
    native = print_escpos(got[0]).native[180].decode("ascii")
    assert reader.counter.answer(url) == 200
    assert reader.counter.answer(native.removeprefix("0")) == 200

    (curl,) = commands("curl ")
    listed = json.loads(reader.shell(curl))["responses"]
    assert [stored["context"]["till"] for stored in listed] == ["Counter 1"] * 2
    assert [stored["context"]["receipt"].split("-")[2] for stored in listed] == ["1", "2"]


def test_every_command_of_the_page_was_run_above() -> None:
    known = ("harken qr ", "echo ", "python ", "curl ", "pip install ")

    assert all(line.startswith(known) for line in "".join(blocks("console")).splitlines())
    assert 'pip install "./sdk/python[qr]"' in PAGE
    assert "\nqr = [" in (ROOT / "sdk" / "python" / "pyproject.toml").read_text("utf-8")


def test_every_flag_of_the_page_is_the_servers() -> None:
    rooms = ROOT / "server" / "harken_server"
    code = "".join(
        (rooms / name).read_text("utf-8")
        for name in (
            "channels/receipts/rules/tokens.py",
            "channels/receipts/open.py",
            "channels/receipts/rules/repeats.py",
        )
    )

    flags = set(re.findall(r"`(receipt_\w+|same_device|velocity)`", PAGE))

    assert len(flags) == 7
    assert all(f'"{flag}"' in code for flag in flags)


def test_every_link_of_the_page_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGE)

    assert links
    for link in links:
        assert (ROOT / "docs" / "how-to" / link).exists(), link


def test_what_was_not_run_is_said() -> None:
    assert len(re.findall(r"\*\*not run in (Odoo|Frappe|WordPress)\*\*", PAGE)) == 3
