"""A server whose disk fills up: it refuses in words, shows what it has, and heals by itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from api_client import SURVEY
from served import Served
from small_disk import small_disk

pytestmark = pytest.mark.processes

PROBLEM = "application/problem+json"


class Site:
    """A served survey and its disk."""

    def __init__(self, disk: Path, folder: Path) -> None:
        self.disk = disk
        self.server = Served("serve", folder, HARKEN_DATA_DIR=str(disk / "data"))
        found = re.search(r"hk_\w+", self.server.printed())
        assert found
        self.key = {"authorization": f"Bearer {found[0]}"}
        self.http = httpx.Client(base_url=self.server.url)
        assert self.http.post("/v1/surveys", json=SURVEY, headers=self.key).status_code == 201

    def submit(self) -> httpx.Response:
        body: dict[str, Any] = {
            "id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 9},
        }  # fmt: skip
        return self.http.post("/v1/public/responses", json=body)

    def fill_disk(self) -> None:
        with (self.disk / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                assert os.statvfs(self.disk).f_bavail == 0

    def stored(self) -> int:
        reply = self.http.get("/v1/surveys/post_purchase/scores", headers=self.key)
        return reply.json()["scores"][0]["n"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with small_disk(tmp_path / "disk") as disk:
        opened = Site(disk, tmp_path)
        yield opened
        opened.http.close()
        assert opened.server.stop() == 0


def test_a_full_disk_refuses_submissions_shows_pages_and_heals(site: Site) -> None:
    assert site.submit().status_code == 201
    site.fill_disk()

    replies = [site.submit() for _ in range(60)]
    ready = site.http.get("/readyz")
    readable = [
        site.http.get(path, headers=site.key).status_code
        for path in (
            "/healthz", "/s/post_purchase", "/v1/surveys/post_purchase/scores",
            "/v1/surveys/post_purchase/responses", "/v1/surveys/post_purchase/export.csv",
        )
    ]  # fmt: skip
    acked = sum(reply.status_code == 201 for reply in replies)
    (site.disk / "filler").unlink()

    assert replies[-1].status_code == 503
    assert {reply.status_code for reply in replies} <= {201, 503}
    assert int(replies[-1].headers["retry-after"]) > 0
    assert replies[-1].headers["content-type"] == PROBLEM
    assert replies[-1].json()["code"] == "storage_unavailable"
    assert (ready.status_code, ready.headers["content-type"]) == (503, PROBLEM)
    assert readable == [200] * 5
    assert site.submit().status_code == 201
    assert site.http.get("/readyz").status_code == 200
    assert site.stored() == acked + 2


def test_the_reason_stands_in_the_log_and_not_in_the_answer(site: Site) -> None:
    site.fill_disk()

    replies = [site.submit() for _ in range(20)]
    log = site.server.log.read_text()
    (site.disk / "filler").unlink()

    assert str(site.disk) not in replies[-1].text
    assert "the disk is full" in log
    assert str(site.disk) in log
    assert log.count("the disk is full") == 1


def test_a_removed_database_is_missed_and_not_made_anew(site: Site) -> None:
    assert site.submit().status_code == 201
    (site.disk / "data" / "harken.sqlite3").unlink()

    refused = site.submit()
    export = site.http.get("/v1/surveys/post_purchase/export.csv", headers=site.key)
    ready = site.http.get("/readyz")

    assert (refused.status_code, export.status_code, ready.status_code) == (503, 503, 503)
    assert "was removed or replaced" in site.server.log.read_text()
    assert not (site.disk / "data" / "harken.sqlite3").exists()
