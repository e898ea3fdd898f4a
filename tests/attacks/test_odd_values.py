"""Numbers, times, names and patterns that other systems took for more than they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY, Api
from fuzz_requests import all_routes
from typed_files import read_calamine, read_parquet, read_sav

from harken_server.exports.file_kinds import FORMATS

NUMBERS = (
    2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), -1, 10**30, 0.5, 1e15,
    "NaN", "Infinity", "-Infinity", "1e999", "1e-999", "0x10", "01", "+1", "1_0", "\u0661",
)  # fmt: skip
"""None is a rating from 0 to 10; texts stand in the body as they are, without quotes."""
TIMES = (
    "2026-06-30T23:59:60Z", "2016-12-31T23:59:60+00:00", "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+99:99", "2026-01-01",
    "2026-01-01T00:00:00", "1767225600", "now", "", "2026-01-01T00:00:00Z ",
    "\uff12\uff10\uff12\uff16-01-01T00:00:00Z", "2026-01-01T00:00:00\u2212" + "05:00",
)  # fmt: skip
ZONES = (
    "UTC", "Etc/GMT+12", "Etc/GMT-14", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia",
    "Africa/Casablanca", "Antarctica/Troll", "Europe/Oslo", "europe/oslo", "Europe/Oslo ", "CET",
    "EST5EDT", "+01:00", "GMT+25", "posixrules", "localtime", "right/UTC", "posix/UTC", "Factory",
    "../../etc/passwd", "/etc/passwd", "Europe/../Europe/Oslo", "Europe\\Oslo", "Europe/Oslo\x00",
    "Europe", "", ".", "zone.tab", "tzdata.zi", "x" * 500,
)  # fmt: skip
KEYS = (
    "\uff50ost", "p\u043est", "post\u200b", "po\u0301st", "p\u00f3st", "POST", "1post", "_post",
    "post-key", "post key", "post\n", "\ufeffpost", "\ufb01rst", "\u017furvey", "a" * 300,
    "__proto__", "post;", "post/../x", "",
)  # fmt: skip
PATTERNS = (
    "%", "_", "p_st_purchase", "NULL", "' OR '1'='1", "*", "\\", "{}", "$1", "?",
    "' OR 1=1 --", '" OR ""="',
    "'; DROP TABLE response; --", "\\%", "x' UNION SELECT NULL--", ":1", "{0}",
    "%%", "post%", "[]", "(?s).*", "1) OR (1=1",
)  # fmt: skip
PATTERNS_BEFORE_NIGHTLY = {"quick": 9, "test": 9}
NOTHING = "zzznothing"
"""What certainly nothing is called."""
PACKED = tuple(f".{name}" for name, form in FORMATS.items() if form.is_packed)
MEANT = {("columns", "*"): "every column of the file, and not one response more"}
"""Patterns that a parameter is documented to take."""


async def test_a_number_that_is_no_rating_is_refused_and_counts_nowhere(live: Api) -> None:
    start = f'{{"id":"{uuid4()}","survey":"post_purchase","answers":'
    for number in NUMBERS:
        reply = await live.post_raw(f'{start}{{"recommend":{number}}}}}'.encode())
        assert reply.status_code in {400, 422}, (number, reply.text)
    assert (await live.score())["n"] == 0


@pytest.mark.parametrize("field", ["sequence", "version"])
async def test_a_count_beyond_its_bounds_is_refused_by_name(live: Api, field: str) -> None:
    for number in (2**31, 2**53, 2**63, 2**64, -1, 0, 10**30):
        reply = await live.submit({"recommend": 9}, **{field: number})
        assert reply.status_code in {400, 404, 422}, (number, reply.text)
    assert (await live.score())["n"] == 0


async def test_a_time_that_no_calendar_has_is_refused(live: Api) -> None:
    for text in TIMES:
        reply = await live.submit({"recommend": 9}, started_at=text)
        assert reply.status_code in {400, 422}, (text, reply.text)
        assert "started_at" in reply.text, text
    assert (await live.score())["n"] == 0


async def test_the_first_and_last_year_are_times_and_no_fault(live: Api) -> None:
    for text in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00",
                 "9999-12-31T23:59:59-14:00"):  # fmt: skip
        reply = await live.submit({"recommend": 9}, started_at=text)
        assert reply.status_code in {201, 422}, (text, reply.text)


async def test_a_time_zone_is_one_of_the_list_or_refused(live: Api) -> None:
    taken = set[str]()
    for zone in ZONES:
        reply = await live.http.put("/v1/respondents/ada", json={"timezone": zone})
        assert reply.status_code in {200, 204, 400, 422}, (zone, reply.text)
        if reply.is_success:
            taken.add(zone)

    assert {"UTC", "Europe/Oslo", "Asia/Kathmandu"} <= taken
    assert not {zone for zone in taken if ".." in zone or zone.startswith("/") or len(zone) > 64}


async def test_a_key_is_plain_letters_wherever_one_is_given(api: Api) -> None:
    question = SURVEY["questions"][0]
    for key in KEYS:
        named = await api.push({**SURVEY, "key": key})
        asked = await api.push({**SURVEY, "questions": [{**question, "key": key}]})
        assert named.status_code == 422, (key, named.text)
        assert asked.status_code == 422, (key, asked.text)
    assert (await api.http.get("/v1/surveys")).json()["surveys"] == []


async def test_no_parameter_is_a_pattern_or_a_piece_of_sql(
    live: Api, tier: str, tmp_path: Path
) -> None:
    """A trick finds what a name that nobody has finds, in every text parameter of every list.

    Files that must be unpacked select as CSV does, and take their time: only `nightly` asks them.
    """
    unasked = () if tier == "nightly" else PACKED
    await live.submit({"recommend": 9}, touchpoint="order.delivered", context={"store": "Oslo"})
    asked = 0
    for route in all_routes():
        if route.method != "GET" or not route.template.startswith("/v1/"):
            continue
        if route.template.endswith((*unasked, "/live")):  # a stream goes on for ever
            continue
        path = route.template.format_map(_Named())
        for parameter in route.said.get("parameters", ()):
            if parameter["in"] != "query" or parameter["schema"].get("type") != "string":
                continue
            plain = await live.http.get(path, params={parameter["name"]: NOTHING})
            for trick in PATTERNS[: PATTERNS_BEFORE_NIGHTLY.get(tier)]:
                if (parameter["name"], trick) in MEANT:
                    continue
                reply = await live.http.get(path, params={parameter["name"]: trick})
                asked += 1
                assert reply.status_code < 500, (path, parameter["name"], trick)
                found = (path, parameter["name"], trick)
                assert not reply.is_success or _size(reply, tmp_path) <= _size(plain, tmp_path), (
                    found
                )
    assert asked > 200


async def test_no_name_in_a_path_is_a_pattern_or_a_piece_of_sql(live: Api, tier: str) -> None:
    await live.submit({"recommend": 9})
    own = {
        route.template for route in all_routes() if route.method == "GET" and "{" in route.template
    }
    for template in sorted(path for path in own if path.startswith(("/v1/", "/s/", "/results/"))):
        start, end = template.partition("{")[0], template.partition("}")[2]
        for trick in PATTERNS[: PATTERNS_BEFORE_NIGHTLY.get(tier)]:
            path = start + _quoted(trick) + end.format_map(_Named())
            reply = await live.http.get(path)
            assert reply.status_code < 500, path
            assert "How likely to recommend" not in reply.text
            assert '"recommend":' not in reply.text, path


def _size(reply: Any, folder: Path) -> int:
    """How much a list holds, whatever it is called."""
    kind = reply.headers.get("content-type")
    if kind == FORMATS["xlsx"].media_type:
        return len(read_calamine(reply.content))
    if kind == FORMATS["parquet"].media_type:
        return len(read_parquet(reply.content))
    if kind == FORMATS["sav"].media_type:
        return len(read_sav(reply.content, folder)[0])
    if kind != "application/json":
        return len(reply.text.splitlines())
    return sum(len(part) for part in reply.json().values() if isinstance(part, list))


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "post_purchase" if name == "key" else "nothing"
