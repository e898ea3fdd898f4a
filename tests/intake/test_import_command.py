"""`harken import`: files as people have them, taken in by a real server, twice without harm."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from live_server import LiveServer

from harken.cli import main

pytestmark = pytest.mark.processes

REVIEWS = """﻿id,When,Stars,text,store\r
1,2026-01-02T10:00:00Z,5,"Quick,\r\nand kind",Oslo\r
2,2026-01-03,2,,Bergen\r
3,yesterday,4,Fine,Oslo\r
4,2026-01-05,7,Fine,Oslo\r
,2026-01-06,3,No id of its own,Oslo\r
"""
COMMAND = ["--map", "at=When", "--map", "rating=Stars", "--title", "Play store"]


def test_reviews_come_in_once_and_refused_lines_are_kept_with_why(
    house: LiveServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, newline="")

    first = main(["import", "play", str(file), *COMMAND])
    told = capsys.readouterr()
    again = main(["import", "play", str(file), *COMMAND])

    assert (first, again) == (1, 1)
    assert "3 of 5 lines are stored; why 2 are not stands in" in told.out
    assert "5 lines read, 3 stored, 2 refused" in told.err
    found = house.responses("play")
    assert sorted(each["answers"].get("text", "") for each in found) == [
        "",
        "No id of its own",
        "Quick,\nand kind",
    ]
    assert {each["context"]["store"] for each in found} == {"Oslo", "Bergen"}
    with (tmp_path / "reviews.refused.csv").open(newline="") as refused:
        rows = list(csv.DictReader(refused))
    assert [(row["line"], row["id"]) for row in rows] == [("5", "3"), ("6", "4")]
    assert all(row["why"] for row in rows)


def test_events_come_in_once(
    house: LiveServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "customer,name,at,value,size\nkim,order,2026-01-02,12.5,L\nada,,2026-01-02,1,\n"
    )
    command = ["import", "events", str(file), "--map", "respondent=customer"]

    assert main(command) == 1
    assert main(command) == 1

    assert "1 of 2 lines are stored" in capsys.readouterr().out
    names = house.call("GET", "/v1/events")["names"]
    assert [(each["name"], each["n"]) for each in names] == [("order", 1)]


def test_a_column_that_nothing_holds_is_told(house: LiveServer, tmp_path: Path) -> None:
    assert main(["import", "play", str(tmp_path / "x.csv"), "--map", "stars=Stars"]) == 2
