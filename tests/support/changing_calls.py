"""A call of each keyed operation that changes something, in a workspace with one of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from api_client import SURVEY

from harken_server.http.operations import OPERATION
from harken_server.routes import KEYED

LAST = (
    "revoke_till_key", "set_survey_status", "close_escalation", "retire_place_code", "close_till",
    "revoke_device", "remove_journey", "unsuppress_respondent",
    "erase_respondent", "erase_response",
    "remove_annotation",
)  # fmt: skip
"""They end what others change."""
BODIES: dict[str, Any] = {
    "push_survey": {**SURVEY, "title": "Your last order"},
    "push_journey": {
        "key": "short", "title": "Short", "stages": [
            {"key": "buy", "title": "Buy", "touchpoints": [{"key": "shop.left"}]}
        ],
    },
    "put_touchpoint": {"survey": "post_purchase"},
    "create_key": {"name": "till", "scopes": ["read"]},
    "put_dimensions": {"dimensions": [{"name": "store", "source": "context"}]},
    "put_channels": {"channels": ["letter"]},
    "put_timezone": {"timezone": "Europe/Oslo"},
    "create_device": {"name": "Wall", "touchpoint": "store.till"},
    "put_device": {"settings": {"idle_reset_s": 30}},
    "create_store": {"name": "Torggata 1"},
    "create_till": {"name": "Two", "touchpoint": "store.till"},
    "change_till": {"name": "Three"},
    "create_place_code": {"touchpoint": "store.till"},
    "change_place_code": {"label": "Door"},
    "suppress_respondent": {},
    "put_programme": {
        "survey": "post_purchase", "touchpoint": "order.delivered", "channel": "email",
        "every": "year", "starts_on": "2027-01-01",
    },
    "put_targets": {"targets": [{"question": "recommend", "value": 50}]},
    "put_segment": {
        "title": "Free", "conditions": [{"of": "trait", "name": "plan", "value": "free"}],
    },
    "change_programme_members": {"members": [{"respondent": "c-7"}]},
    "create_personal_links": {"respondents": [{"respondent": "c-8"}]},
    "put_asking": {"cooldown": {"asked_days": 9}},
    "set_survey_status": {"status": "closed"},
    "set_response_standing": {"standing": "excluded"},
    "add_annotation": {"title": "Autumn campaign", "kind": "campaign"},
    "change_annotation": {"title": "Release 4"},
    "create_results_link": {"days": 1},
    "create_export_link": {"days": 1},
    "create_export": {"survey": "post_purchase"},
    "create_sheet_token": {"name": "Weekly"},
}  # fmt: skip
OTHERS = {
    "suppress_respondent": "customer-10", "put_programme": "yearly",
    "put_segment": "free",
    "load_journey_template": "purchase_path",
}  # fmt: skip
"""What stands in a path where it must not be there yet."""


class ChangingCall(NamedTuple):
    """One call."""

    name: str
    method: str
    path: str
    body: Any


def changing_calls(ids: Mapping[str, str]) -> list[ChangingCall]:
    """One of each operation that changes something and is no everyday one."""
    found = [
        ChangingCall(
            name, method, f"/v1{_filled(sorted(route.paths)[0], name, ids)}", BODIES.get(name)
        )
        for route in KEYED
        for method in sorted(set(route.http_methods) - {"GET", "HEAD", "OPTIONS"})
        if not route.opt[OPERATION].everyday
        for name in (route.opt[OPERATION].id,)
    ]
    return sorted(found, key=lambda call: _place(call.name))


def _place(name: str) -> int:
    return LAST.index(name) if name in LAST else -1


def _filled(template: str, name: str, ids: Mapping[str, str]) -> str:
    def fill(piece: re.Match[str]) -> str:
        return f"/{piece[1]}/{OTHERS.get(name, ids[piece[1]])}"

    return re.sub(r"/([a-z-]+)/\{[^}]+\}", fill, template)
