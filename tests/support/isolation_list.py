"""Every theme of isolation, and which functions of the storage have no workspace, and why."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from isolation import Theme
from isolation_asking import ASKED, RESPONDENTS
from isolation_mail import DELIVERIES, EXCHANGE, OUTBOX
from isolation_places import DEVICES, PROGRAMMES, STORES
from isolation_responses import RESPONSES
from isolation_surveys import SURVEYS

from harken_server import storage

THEMES: dict[str, Theme] = {
    "surveys": SURVEYS,
    "asking": ASKED,
    "respondents": RESPONDENTS,
    "responses": RESPONSES,
    "deliveries": DELIVERIES,
    "exchange": EXCHANGE,
    "outbox": OUTBOX,
    "stores": STORES,
    "devices": DEVICES,
    "programmes": PROGRAMMES,
}
LOCKS = {
    "decisions.decision_lock",
    "decisions.take_turns",
    "journeys.lock_journeys",
    "personal_links.take_turn",
    "programmes.lock_programmes",
}
"""They read and write nothing, and let callers of one workspace wait: see the tests of locks."""
FINDS_THE_WORKSPACE = {
    # Somebody shows a code, a number or a secret that exists once in the whole database: a person
    # who scanned or typed it, a browser, a mail server. Which workspace that is, the record says.
    "invitations.find_invitation",  # the code of a personal link
    "place_codes.find_place_code",  # the code printed at a place
    "stores.find_store",  # the code that a store's receipts print
    "tills.find_till",  # the number that stands in every receipt's token
    "devices.pair_device",  # the pairing code typed at a kiosk; it works once
    "devices.find_device",  # the secret that a kiosk keeps
    "keys.find_key",  # the secret of an API key
    "deliveries.find_delivery",  # the id in a signed return address, or in a Message-ID
    "workspaces.find_workspace",  # the slug in an address
}
FOR_ALL_WORKSPACES = {
    # Work of the server itself; what each record belongs to stands in it.
    "outbox.claim_due",
    "outbox.is_due",
    "programmes.list_active",
    "sightings.forget_sightings",
    "live_surveys.list_live_with_logo",  # public pictures, by a digest of what they show
    "workspaces.add_workspace",
    "workspaces.ensure_default_workspace",
    "workspaces.first_workspace",
    "workspaces.list_workspaces",
}
BENEATH_THE_RECORDS = {
    # The engines and their words; callers have settled the workspace.
    "joining.join_transaction",
    "many_rows.among",
    "many_rows.array_of",
    "many_rows.insert_many",
    "many_rows.is_sqlite",
    "migrate.check_schema",
    "migrate.migrate",
    "postgres_connection.connect",
    "postgres_responses.store_responses",  # see the tests of isolation of the response store
    "standings.move_counts",  # of a response that was found in its workspace, in its transaction
    "suppressions.suppression_digest",  # stores nothing; the workspace is a part of what it digests
}


def stored_functions() -> Iterator[str]:
    """Every public function that may touch the database or takes a workspace, by module."""
    for found in pkgutil.iter_modules(storage.__path__):
        if found.name.startswith("piccolo"):  # tables and migrations
            continue
        module = importlib.import_module(f"{storage.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                named = {"db", "tx", "workspace_id"} & set(inspect.signature(function).parameters)
                if named or inspect.iscoroutinefunction(function):
                    yield f"{found.name}.{name}"


def called_functions() -> Iterator[str]:
    """Every function that a theme calls."""
    for theme in THEMES.values():
        for calls in (theme.reads, theme.changes, theme.additions, theme.taken):
            for call in calls:
                yield call.partition(":")[0]
