"""The demo as its user meets it: links that work, and the same keys and places the next day."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from served import Served

pytestmark = pytest.mark.processes

ANSWERED = "SELECT channel, standing, touchpoint FROM responses_flat WHERE NOT is_sample"
PLACES = ("journey", "store", "till", "device")


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What the server in this folder has stored."""
    (file,) = folder.glob("harken-*/*.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()


def pairs(server: Served, code: str) -> bool:
    """Whether a tablet on which the code is typed becomes a kiosk."""
    body = json.dumps({"code": code}).encode()
    request = urllib.request.Request(
        server.url + "/v1/public/kiosk/pair", body, {"content-type": "application/json"}
    )
    try:
        urllib.request.urlopen(request, timeout=20).close()
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    return True


def test_the_demo_prints_links_that_work(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    try:
        printed = server.printed()
        links = re.findall(rf"http://127\.0\.0\.1:{server.port}(/\S+)", printed)
        pages = [
            path
            for path in links
            if path.startswith((
                "/s/", "/results/", "/export/", "/docs", "/widget/", "/kiosk", "/mail-preview/"
            ))
        ]  # fmt: skip
        assert len(pages) >= 8
        for path in pages:
            status, body = server.get(path)
            assert status == 200, path
            assert body
        csv_link = next(path for path in pages if ".csv" in path)
        rows = server.get(csv_link)[1].decode("utf-8-sig").splitlines()
        assert len(rows) > 150
        assert "█" in printed or "▀" in printed
        playground = next(path for path in pages if path.startswith("/widget/"))
        assert b"How was your order?</option>" in server.get(playground)[1]
    finally:
        assert server.stop() == 0


def test_a_second_demo_has_the_keys_of_the_first(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    (first,) = re.findall(r"/widget/playground\?key=(hk_\w+)", server.printed())
    assert server.stop() == 0

    again = Served("demo", tmp_path)
    try:
        (second,) = re.findall(r"/widget/playground\?key=(hk_\w+)", again.printed())
        assert first == second
        assert b'"problem":' not in again.get(f"/widget/v1.js?key={second}")[1]
    finally:
        assert again.stop() == 0


def test_the_receipt_that_the_demo_prints_is_answered_once(tmp_path: Path) -> None:
    server = Served("demo", tmp_path)
    try:
        (path,) = re.findall(r"  Receipt +http://127\.0\.0\.1:\d+(/r/\w{26}) ", server.printed())
        page = server.get(path)[1].decode()
        assert "How was your visit" in page
        assert rows(tmp_path, ANSWERED) == []
        begun = page.partition('name="r" value="')[2].partition('"')[0]

        for stars in (5, 1):
            form = f"r={begun}&v=1&after=&a_overall={stars}&go=next".encode()
            urllib.request.urlopen(server.url + path, form, timeout=20).close()

        assert rows(tmp_path, ANSWERED) == [("receipt", "counted", "receipt.printed")]
    finally:
        assert server.stop() == 0


def test_a_second_demo_goes_on_in_the_places_of_the_first(tmp_path: Path) -> None:
    codes, places = [], []
    for _ in range(2):
        server = Served("demo", tmp_path)
        try:
            codes += re.findall(r"  Kiosk .+ \(code (\d{4} \d{4}),", server.printed())
            paired = [pairs(server, code) for code in codes] if len(codes) == 2 else []
        finally:
            assert server.stop() == 0
        places.append([rows(tmp_path, f"SELECT id FROM {table}") for table in PLACES])

    assert paired == [False, True]
    assert places[0] == places[1]
    assert [len(ids) for ids in places[0]] == [1, 1, 1, 1]
    stages = "SELECT COUNT(DISTINCT stage), COUNT(*) FROM touchpoint WHERE journey IS NOT NULL"
    assert rows(tmp_path, stages) == [(7, 16)]
