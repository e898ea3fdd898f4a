"""A filled form of each act of the console, in a workspace with one of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from console_routes import ConsoleRoute, console_routes
from house_steps import OTHER_PASSWORD, PASSWORD

FIRST = ("/edit", "/discard", "/file", "/logo", "/publish")
"""A draft is saved, dropped, saved again, given a logo and published."""
LAST = (
    "set_survey_status", "close_place", "revoke_device", "revoke_person_invitation",
    "end_own_session", "end_own_sessions", "end_member_sessions", "remove_member",
    "switch_on_second_factor", "renew_recovery_codes", "switch_off_second_factor",
    "change_own_password",
)  # fmt: skip
"""They end what others change, or whoever changes it."""
FIELDS: dict[str, dict[str, Any]] = {
    "begin_survey": {"title": "Begun", "key": "begun"},
    "change_member": {"role": "analyst"},
    "change_own_name": {"name": "Ada"},
    "change_own_password": {"current": PASSWORD, "password": OTHER_PASSWORD},
    "confirm_password": {"password": PASSWORD},
    "create_device": {"name": "Wall", "touchpoint": "store.till", "mode": "survey"},
    "create_export": {"format": "csv"},
    "create_key": {"name": "Till", "scopes": "read"},
    "create_page_key": {"origins": "https://shop.example"},
    "create_sheet_token": {"name": "Weekly"},
    "create_results_link": {"kind": "results", "days": "30"},
    "create_workspace": {"name": "Second", "slug": "second"},
    "erase_respondent": {"id": "c-1"},
    "load_import": {"kind": "review"},
    "invite_person": {"email": "kim@example.com", "role": "viewer"},
    "make_segment": {
        "title": "Paying", "of_0": "trait", "name_0": "plan", "op_0": "equals", "value_0": "pro",
    },
    "make_places": {"places": "Torggata 1", "touchpoint": "store.till"},
    "put_channels": {"channels": "letter"},
    "put_timezone": {"timezone": "Europe/Oslo"},
    "put_dimensions": {"dimensions": "store"},
    "put_segment": {
        "title": "Free", "of_0": "trait", "name_0": "plan", "op_0": "equals", "value_0": "free",
    },
    "rename_place": {"name": "Door"},
    "rename_workspace": {"name": "Shop"},
    "start_import": {"do": "import", "title": "Reviews", "column_0": "text", "column_1": "+",
                     "column_2": "rating", "column_3": "at", "order": "iso", "names": "yes"},
    "set_survey_opening": {"way": "time", "detail": "5"},
    "set_survey_status": {"status": "closed"},
}  # fmt: skip


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
FILES = {
    "/logo": {"logo": ("logo.png", PICTURE, "image/png")},
    "/load": {"file": ("reviews.csv", b"at,rating\n2026-01-02,5\n", "text/csv")},
}
"""By the end of the path."""


class ChangingForm(NamedTuple):
    """A form, without what its page fills in."""

    name: str
    path: str
    """Below the workspace's address."""
    fields: Mapping[str, Any]

    @property
    def files(self) -> Mapping[str, tuple[str, bytes, str]] | None:
        """What it sends beside its fields."""
        return FILES.get(self.path[self.path.rindex("/") :])


def changing_forms(ids: Mapping[str, str], but: set[str]) -> list[ChangingForm]:
    """One of each act but these, in an order in which all of them can be done."""
    routes = [route for route in console_routes("POST") if route.act not in but]
    found = [ChangingForm(one.act, _path(one, ids), FIELDS.get(one.act, {})) for one in routes]
    return sorted(found, key=_place)


def _path(route: ConsoleRoute, ids: Mapping[str, str]) -> str:
    return route.at(ids).removeprefix("/console/default")


def _place(form: ChangingForm) -> int:
    ending = form.path[form.path.rindex("/") :]
    if ending in FIRST:
        return FIRST.index(ending) - len(FIRST)
    return LAST.index(form.name) + 1 if form.name in LAST else 0
