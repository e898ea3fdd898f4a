"""Forms that no page sends: whatever is wrong with them, they leave no row behind."""

from __future__ import annotations

from typing import Any

from api_client import Api

from harken_server.tables import TABLES

FORMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "an id that is none": {"r": "x", "v": "1", "go": "next", "a_recommend": "9"},
    "an id without its secret": {"r": "01a1fdfa-4600-717c-86f4-802bae0c6cea", "v": "1"},
    "no version": {"go": "next", "a_recommend": "9"},
    "a version that is none": {"v": "zz", "go": "next", "a_recommend": "9"},
    "a version that never was": {"v": "99", "go": "next", "a_recommend": "9"},
    "an answer out of range": {"v": "1", "go": "next", "a_recommend": "99"},
    "a field twice": {"v": "1", "go": "next", "a_recommend": ["9", "8"]},
}
PLACES = (
    "/s/post_purchase", "/s/post_purchase?rid=u-{n}", "/s/post_purchase?rid={n}&a=9",
    "/i/AAAAAAAAAAAA{n}", "/e/AAAAAAAAAAAA{n}", "/r/2000008F4SR0000{n}PBXK60KAXW", "/u/{n}",
)  # fmt: skip


async def test_a_bad_form_stores_nothing(live: Api) -> None:
    before = await rows(live)
    del live.http.headers["authorization"]
    for form, fields in FORMS.items():
        for number, place in enumerate(PLACES):
            reply = await live.http.post(place.format(n=number), data=fields)
            assert 400 <= reply.status_code < 500, (form, place, reply.status_code)

    assert await rows(live) == before


async def rows(api: Api) -> dict[str, int]:
    """How many rows each table has."""
    counted: dict[str, int] = {}
    for table in TABLES:
        name = table._meta.tablename
        [row] = await api.runtime.db.fetch(f"SELECT count(*) AS n FROM {name}")
        counted[name] = row[0]
    return counted
