"""The page's filter: as the form and the address hold it, and as storage takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from harken_server.responses.response import STORE, CountFilter, Member
from harken_server.workspaces.people.rules import Reach

PRESETS = {"7": "7 days", "30": "30 days", "90": "90 days", "all": "All time", "custom": "Dates"}
"""The periods on offer: days back from today, and how they are called."""
DEFAULT_PRESET = "90"
CUSTOM = "custom"
BESIDE = {"previous": "Days before", "year": "Year before", "none": "Nothing"}
"""What the period is compared with."""
LOW = "low"
"""Comments by people who rated low, alone."""
MAX_NAME_CHARS = 64
MAX_VERSION_DIGITS = 6
_MAX_WHERE_CHARS = 97
_YEAR = 364
"""Days: the same days of the week a year before."""
EVERYTHING = Reach()
"""What whoever is on no front line sees."""


class Selection(msgspec.Struct, kw_only=True, frozen=True):
    """The filter as the form holds it; empty text means all."""

    days: str = DEFAULT_PRESET
    """A key of `PRESETS`."""
    first: date | None = None
    """Of custom days; None is an open end."""
    last: date | None = None
    beside: str = "previous"
    """A key of `BESIDE`."""
    touchpoint: str = ""
    channel: str = ""
    version: int | None = None
    store: str = ""
    """Of those that somebody on the front line may choose among."""
    where: str = ""
    """A member of a dimension: `store:Oslo`."""
    segment: str = ""
    """Key of a saved segment."""
    weight: str = ""
    """`asked` or `raked`: what answers count for; empty: each counts once."""
    by: str = ""
    """What is broken down by; empty: what has members first."""
    about: str = ""
    """The question that is broken down; empty: the first with answers."""
    drivers: str = ""
    """`1`: what goes with the first score is shown."""
    who: str = ""
    """`1`: who of those asked by name answered is shown."""
    rows: str = ""
    """Of a heat map; and its columns."""
    columns: str = ""
    words: str = ""
    """That comments must hold."""
    tone: str = ""
    """`LOW`, or all comments."""

    @property
    def member(self) -> Member | None:
        """The dimension and its member."""
        name, colon, member = self.where.partition(":")
        return (name, member) if colon and name and member else None

    def fields(self) -> dict[str, str]:
        """Query parameters that differ from an untouched form."""
        named = {
            "from": "" if self.first is None else self.first.isoformat(),
            "to": "" if self.last is None else self.last.isoformat(),
            "beside": "" if self.beside == "previous" else self.beside,
            "touchpoint": self.touchpoint,
            "channel": self.channel,
            "version": "" if self.version is None else str(self.version),
            "store": self.store,
            "where": self.where,
            "segment": self.segment,
            "weight": self.weight,
            "by": self.by,
            "about": self.about,
            "drivers": self.drivers,
            "who": self.who,
            "rows": self.rows,
            "columns": self.columns,
            "q": self.words,
            "tone": self.tone,
        }
        return {"days": self.days} | {name: value for name, value in named.items() if value}


def read_selection(query: Mapping[str, str]) -> Selection:
    """The form's filter; what makes no sense counts as not given, as on any page for people."""
    days, version = name_in(query, "days"), name_in(query, "version")
    is_version = version.isascii() and version.isdecimal() and len(version) <= MAX_VERSION_DIGITS
    first, last = _day(query, "from"), _day(query, "to")
    if not days and (first or last):
        days = CUSTOM
    if first and last and last < first:
        first, last = last, first
    is_custom, beside = days == CUSTOM, name_in(query, "beside")
    return Selection(
        days=days if days in PRESETS else DEFAULT_PRESET,
        first=first if is_custom else None,
        last=last if is_custom else None,
        beside=beside if beside in BESIDE else "previous",
        touchpoint=name_in(query, "touchpoint"),
        channel=name_in(query, "channel"),
        version=int(version) if is_version else None,
        store=name_in(query, "store"),
        where=name_in(query, "where", _MAX_WHERE_CHARS),
        segment=name_in(query, "segment"),
        weight=name_in(query, "weight"),
        by=name_in(query, "by"),
        about=name_in(query, "about"),
        drivers="1" if query.get("drivers") == "1" else "",
        who="1" if query.get("who") == "1" else "",
        rows=name_in(query, "rows"),
        columns=name_in(query, "columns"),
        words=name_in(query, "q"),
        tone=LOW if query.get("tone") == LOW else "",
    )


def count_filter(selection: Selection, now: datetime, reach: Reach = EVERYTHING) -> CountFilter:
    """The filter for storage: that many UTC days up to and with today, or the days chosen.

    Dates that nobody has filled in yet begin as the page does. Who is on a front line sees no
    dimension but their stores.
    """
    today, first, last = now.date(), selection.first, selection.last or now.date()
    if selection.days != "all" and first is None and selection.last is None:
        back = DEFAULT_PRESET if selection.days == CUSTOM else selection.days
        first = today - timedelta(days=int(back) - 1)
    member, store = selection.member, selection.store
    if reach.stores and member is not None and member[0] == STORE:
        store = member[1]
    chosen = tuple(one for one in reach.stores if one == store)
    return CountFilter(
        from_day=None if first is None else first.toordinal(),
        to_day=last.toordinal(),
        touchpoint=selection.touchpoint or None,
        channel=selection.channel or None,
        version=selection.version,
        touchpoints=reach.touchpoints,
        stores=chosen or reach.stores,
        member=None if reach.stores else member,
    )


def days_before(selection: Selection, chosen: CountFilter) -> CountFilter | None:
    """What the period is compared with; None where it is open, or nothing is wanted."""
    if selection.beside == "none" or chosen.from_day is None or chosen.to_day is None:
        return None
    back = _YEAR if selection.beside == "year" else chosen.to_day - chosen.from_day + 1
    if chosen.from_day <= back:
        return None
    return msgspec.structs.replace(
        chosen, from_day=chosen.from_day - back, to_day=chosen.to_day - back
    )


def name_in(query: Mapping[str, str], name: str, most: int = MAX_NAME_CHARS) -> str:
    """What the address says under a name; empty for nothing and for what cannot be one."""
    value = query.get(name, "")
    return "" if "\x00" in value or len(value) > most else value


def _day(query: Mapping[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(name_in(query, name))
    except ValueError:
        return None
