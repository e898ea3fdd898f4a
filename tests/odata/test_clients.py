"""Two clients that others wrote read the tables, and so do requests as Power Query makes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from every_type import asked
from live_server import LiveServer
from odata import ODataService
from odatapy.client import EdmEnabledODataClient
from odatapy.client.filters import Field, and_
from odatapy.client.transport import HttpxTransport
from sheet_steps import basic

from harken_server.odata.rules.options import PAGE

SURVEY: dict[str, Any] = {
    "key": "visit",
    "title": "Your visit",
    "questions": [
        asked(kind, key=kind) for kind in ("nps", "number", "date", "consent", "long_text")
    ],
}
ANSWERS = 12


class Reading(NamedTuple):
    root: str
    token: str
    export: list[dict[str, str]]


@pytest.fixture(scope="module")
def reading(live_server: LiveServer) -> Iterator[Reading]:
    """A survey of the first workspace, a token for it, and what its export says."""
    live_server.push(SURVEY)
    for at in range(ANSWERS):
        answers = {
            "nps": at % 11, "number": at / 4, "date": f"2026-01-{at + 1:02}",
            "consent": bool(at % 2), "long_text": f"It's {at} & more",
        }  # fmt: skip
        channel = "web" if at % 3 else "email"
        body = {"id": str(uuid4()), "survey": "visit", "answers": answers, "channel": channel}
        live_server.call("POST", "/v1/public/responses", body)
    made = live_server.call("POST", "/v1/surveys/visit/sheets", {"name": "Clients"})
    with httpx.Client(headers=basic(made["token"])) as http:
        sheet = http.get(f"{live_server.url}/sheets/visit/responses.csv?dialect=raw")
    yield Reading(made["odata_url"], made["token"], [*csv.DictReader(io.StringIO(sheet.text))])
    live_server.call("DELETE", f"/v1/surveys/visit/sheets/{made['id']}")


def test_odatapy_reads_every_table_and_its_types(reading: Reading) -> None:
    with httpx.Client(headers=basic(reading.token)) as http:
        client = EdmEnabledODataClient(reading.root, HttpxTransport(client=http))
        names = [entry.name for entry in client.get_service_document().entries]
        found = {name: [*client.iter_entities(client.entity_set_uri(name))] for name in names}
        counted = {name: client.get_count(client.entity_set_uri(name)) for name in names}
        wanted = and_(Field("nps").ge(5), Field("channel").eq("web"))
        picked = client.get_entity_set(client.entity_set_uri("Responses").filter(wanted)).entities

    assert counted == {name: len(rows) for name, rows in found.items()}
    assert len(found["Responses"]) == ANSWERS
    by_id = {row.get_value("response_id"): row for row in found["Responses"]}
    for line in reading.export:
        row = by_id[UUID(line["response_id"])]
        assert row.get_value("date") == date.fromisoformat(line["date"])
        assert row.get_value("number") == float(line["number"])
        assert row.get_value("consent") is (line["consent"] == "1")
        assert row.get_value("submitted_at") == datetime.fromisoformat(line["submitted_at"])
    assert len(found["Comments"]) == ANSWERS
    assert sorted(row.get_value("nps") for row in picked) == sorted(
        int(line["nps"]) for line in reading.export
        if int(line["nps"]) >= 5 and line["channel"] == "web"
    )  # fmt: skip


def test_python_odata_makes_classes_of_the_tables_and_asks_them(reading: Reading) -> None:
    service: Any = ODataService(
        reading.root, auth=("anybody", reading.token), reflect_entities=True, quiet_progress=True
    )
    rows = service.entities["Responses"]
    all_of_them = [*service.query(rows)]
    wanted = service.query(rows).filter((rows.channel == "email") & (rows.nps < 8))
    latest = [*wanted.order_by(rows.submitted_at.desc()).limit(2)]
    quoted = [*service.query(rows).filter(rows.long_text == "It's 3 & more")]

    assert {row.long_text for row in all_of_them} == {line["long_text"] for line in reading.export}
    assert len(all_of_them) == ANSWERS
    expected = [
        int(line["nps"]) for line in reading.export
        if line["channel"] == "email" and int(line["nps"]) < 8
    ]  # fmt: skip
    assert [row.nps for row in latest] == expected[::-1][:2]
    assert [row.nps for row in quoted] == [3]


MASHUP = {
    "user-agent": "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)",
    "accept": "application/json;odata.metadata=minimal;q=1.0,application/json;odata="
    "minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,"
    "application/xml;q=0.7,text/plain;q=0.7",
    "odata-maxversion": "4.0",
    "maxdataserviceversion": "3.0",
    "prefer": 'odata.include-annotations="*"',
}
"""What Power Query, of Excel and Power BI, sends with each request of `OData.Feed`."""


def test_the_requests_of_power_query_are_answered_one_after_the_other(reading: Reading) -> None:
    """Asked for a password, then the service, its types, a preview, and what a query folds into."""
    with httpx.Client(headers=MASHUP, base_url=reading.root) as http:
        first = http.get("")
        http.headers.update(basic(reading.token, user="sheet"))
        service, types = http.get(""), http.get("$metadata")
        preview = http.get("Responses?$top=1000")
        year = datetime.now(UTC).year
        folded = http.get(
            "Responses?%24filter=nps%20ge%205%20and%20channel%20eq%20%27web%27"
            "&%24select=nps%2Cchannel&%24orderby=submitted_at%20desc&%24top=2&%24count=true"
        )
        refreshed = http.get(
            f"Responses?$filter=submitted_at ge {year - 1}-01-01T00:00:00Z"
            f" and submitted_at lt {year + 1}-01-01T00:00:00Z&$select=nps"
        )
        counted = http.get("Responses/$count")

    assert first.status_code == 401
    assert first.headers["www-authenticate"].startswith("Basic ")
    assert not first.has_redirect_location
    for told in (service, preview, folded, refreshed):
        assert told.status_code == 200, told.text
        assert told.headers["content-type"] == "application/json;odata.metadata=minimal"
        assert told.headers.get_list("odata-version") == ["4.0"]
    assert types.headers["content-type"].partition(";")[0] == "application/xml"
    assert len(preview.json()["value"]) == len(refreshed.json()["value"]) == ANSWERS < PAGE
    assert folded.json()["@odata.count"] > len(folded.json()["value"]) == 2
    assert {*folded.json()["value"][0]} == {"nps", "channel"}
    assert counted.text == str(ANSWERS)
