"""The till in plain Python, run as a shop would: what it prints is scanned and answered."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from paper_reading import print_escpos, read_code

pytestmark = pytest.mark.processes

TILL = Path(__file__).parents[2] / "examples" / "python_till" / "till.py"
RESET, CUT = b"\x1b@", b"\x1dV\x42\x00"
SALE = "Flat white 3.80, Carrot cake 4,20\n"
TEXT = "hkr1.17.0.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.HTTPS://FB.ACME.COM"


def command(folder: Path, *options: str) -> list[str]:
    files = ["--till", str(folder / "till.txt"), "--numbers", str(folder / "numbers.db")]
    return [sys.executable, str(TILL), *files, *options]


def run(
    folder: Path, sales: str, *options: str, till: str = TEXT
) -> subprocess.CompletedProcess[bytes]:
    (folder / "till.txt").write_text(till + "\n", "ascii")
    return subprocess.run(
        command(folder, *options), input=sales.encode(), capture_output=True, check=False
    )


def sell(folder: Path, sales: str) -> bytes:
    """What a till that is set up already prints."""
    return subprocess.run(
        command(folder), input=sales.encode(), stdout=subprocess.PIPE, check=True
    ).stdout


def receipts_in(paper: bytes) -> list[bytes]:
    """Those that were printed to the cut."""
    return re.findall(re.escape(RESET) + b".*?" + re.escape(CUT), paper, re.DOTALL)


def code_on(receipt: bytes) -> str:
    """The link that a phone reads off the dots."""
    return read_code(print_escpos(receipt).picture)


def test_a_printed_receipt_is_answered_and_counted(counter: Any, tmp_path: Path) -> None:
    done = run(tmp_path, SALE, "--store", counter.store, till=counter.till)
    assert (done.returncode, done.stderr) == (0, b"")
    (receipt,) = receipts_in(done.stdout)

    url = code_on(receipt)
    assert counter.answer(url, 9) == 200
    assert counter.counted() == 1

    (stored,) = counter.stored()
    assert (stored["standing"], stored["flags"]) == ("counted", [])
    assert (stored["channel"], stored["answers"]) == ("receipt", {"recommend": 9})
    assert stored["context"]["store_code"] == counter.store
    assert stored["context"]["till"] == "Counter 1"
    assert stored["context"]["receipt"].endswith("-1")


def test_the_receipt_has_its_items_its_total_and_the_way_to_type(tmp_path: Path) -> None:
    done = run(tmp_path, "Äpfel 2; Tea 1.50\n", "--store", "K7Q2-2", "--paper", "58")

    paper = print_escpos(done.stdout)

    lines = [line.rstrip() for line in paper.text.splitlines()]
    assert "Äpfel" + "2.00".rjust(32 - 5) in lines
    assert "TOTAL" + "3.50".rjust(32 - 5) in lines
    assert "fb.acme.com/r" in lines
    assert any(re.fullmatch("store K7Q2-2 +receipt 000001", line) for line in lines)
    assert paper.was_cut
    assert paper.picture.width == 384
    assert paper.state["t"] == 0


def test_a_printer_may_draw_the_code_itself(tmp_path: Path) -> None:
    done = run(tmp_path, SALE, "--native")

    paper = print_escpos(done.stdout)

    assert paper.native[180].startswith(b"0https://FB.ACME.COM/R/")
    assert not paper.pictures


def test_a_hundred_receipts_with_kills_in_between_have_a_hundred_tokens(tmp_path: Path) -> None:
    (tmp_path / "till.txt").write_text(TEXT, "ascii")
    printed: list[bytes] = []
    runs = 0
    while len(printed) < 100:
        paper = tmp_path / f"paper{runs}"
        runs += 1
        with subprocess.Popen(command(tmp_path, "--to", str(paper)), stdin=subprocess.PIPE) as till:
            assert till.stdin
            till.stdin.write(SALE.encode() * 40)
            till.stdin.flush()
            while not paper.exists() or len(receipts_in(paper.read_bytes())) < 25:
                assert till.poll() is None
                time.sleep(0.005)
            till.kill()
        printed += receipts_in(paper.read_bytes())

    links = [code_on(receipt) for receipt in printed[:100]]

    assert runs >= 3
    assert len(set(links)) == 100


def test_two_tills_at_one_file_never_share_a_number(tmp_path: Path) -> None:
    (tmp_path / "till.txt").write_text(TEXT, "ascii")
    with ThreadPoolExecutor(2) as both:
        papers = list(both.map(lambda _: sell(tmp_path, SALE * 20), range(2)))

    links = [code_on(receipt) for paper in papers for receipt in receipts_in(paper)]

    assert len(links) == len(set(links)) == 40


def test_a_network_printer_gets_each_receipt(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as printer:
        got: list[bytes] = []

        def receive() -> None:
            for _ in range(2):
                connection, _ = printer.accept()
                with connection, connection.makefile("rb") as stream:
                    got.append(stream.read())

        receiver = threading.Thread(target=receive)
        receiver.start()
        target = f"tcp://127.0.0.1:{printer.getsockname()[1]}"
        done = run(tmp_path, SALE * 2, "--to", target)
        receiver.join(20)

    assert done.returncode == 0
    assert len({code_on(receipt) for receipt in got}) == 2


def test_a_printer_that_is_off_stops_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    off = run(tmp_path, SALE * 2, "--to", f"tcp://127.0.0.1:{port}")
    on = run(tmp_path, SALE)

    assert off.returncode == 1
    assert off.stderr.count(b"refused") == 2
    assert "receipt 000003" in print_escpos(on.stdout).text


@pytest.mark.parametrize("line", ["Tea", "2.50", "Tea 2.50, Scone", "Tea 2.5x"])
def test_a_line_that_is_no_sale_is_named_and_the_next_is_sold(tmp_path: Path, line: str) -> None:
    done = run(tmp_path, f"{line}\n\n{SALE}")

    assert done.returncode == 1
    assert b"has no price" in done.stderr
    assert len(receipts_in(done.stdout)) == 1


@pytest.mark.parametrize("text", ["", "hkr1.17", TEXT.replace("hkr1", "hkr9")])
def test_a_till_without_its_line_says_so_and_keeps_the_secret(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, SALE, till=text)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"configuration looks like" in done.stderr
    assert b"AAECAwQF" not in done.stderr
