"""Every theme of isolation, and which functions of the stores have no workspace, and why."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from isolation import Theme
from isolation_asking import ASKED, RESPONDENTS
from isolation_events import EVENTS
from isolation_exports import EXPORTS
from isolation_house import HOUSE
from isolation_imports import IMPORTS
from isolation_insights import NUMBERS
from isolation_links import LINKS
from isolation_mail import DELIVERIES, EXCHANGE, OUTBOX
from isolation_places import DEVICES, PROGRAMMES, STORES
from isolation_responses import RESPONSES
from isolation_segments import SEGMENTS
from isolation_sheets import SHEETS
from isolation_surveys import SURVEYS

import harken_server

THEMES: dict[str, Theme] = {
    "surveys": SURVEYS,
    "asking": ASKED,
    "respondents": RESPONDENTS,
    "responses": RESPONSES,
    "exports": EXPORTS,
    "imports": IMPORTS,
    "deliveries": DELIVERIES,
    "exchange": EXCHANGE,
    "outbox": OUTBOX,
    "stores": STORES,
    "devices": DEVICES,
    "links": LINKS,
    "sheets": SHEETS,
    "programmes": PROGRAMMES,
    "segments": SEGMENTS,
    "house": HOUSE,
    "events": EVENTS,
    "numbers": NUMBERS,
}
LOCKS = {
    "database.locks.named_lock",
    "asking.decisions_sql.take_locks",
    "journeys.lock_journeys",
    "email.take_turn",
    "programmes.lock_programmes",
    "segments.lock_segments",
    "workspaces.people.members.lock_members",
}
"""They read and write nothing, and let callers of one workspace wait: see the tests of locks."""
FINDS_THE_WORKSPACE = {
    # Somebody shows a code, a number or a secret that exists once in the whole database: a person
    # who scanned or typed it, a browser, a mail server. Which workspace that is, the record says.
    "invitations.redeeming_sql.find_invitation",  # the code of a personal link
    "receipts.places.find_place_code",  # the code printed at a place
    "receipts.places.find_store",  # the code that a store's receipts print
    "receipts.places.find_till",  # the number that stands in every receipt's token
    "kiosk.pair_device",  # the pairing code typed at a kiosk
    "kiosk.void_codes",  # codes of any workspace that somebody is guessing
    "kiosk.find_device",  # the secret that a kiosk keeps
    "workspaces.keys.find_key",  # the secret of an API key
    "workspaces.workspaces.find_workspace",  # the slug in an address
    # People of the house may belong to several workspaces, and what they may do is asked by them.
    "workspaces.people.accounts.add_account",
    "workspaces.people.accounts.get_account",
    "workspaces.people.accounts.find_account",  # the address that somebody types
    "workspaces.people.accounts.memberships_of",
    "workspaces.people.accounts.workspaces_of",
    "workspaces.people.accounts.set_name",  # by themselves
    "workspaces.people.accounts.set_password",
    "workspaces.people.accounts.set_second_factor",
    "workspaces.people.accounts.use_recovery_code",
    "workspaces.people.accounts.use_step",
    "workspaces.people.sessions.confirm_session",
    "workspaces.people.sessions.end_others",
    "workspaces.people.sessions.end_session",
    "workspaces.people.sessions.forget_others",
    "workspaces.people.sessions.knows_network",
    "workspaces.people.sessions.list_sessions",
    "workspaces.people.sessions.see_session",
    "workspaces.people.links.add_link",
    "workspaces.people.links.find_link",  # the secret of a link that is used once
    "workspaces.people.links.use_link",
    "workspaces.people.links.end_resets",
    "workspaces.people.sessions.add_session",
    "workspaces.people.sessions.find_session",  # the secret in a browser's cookie
    "workspaces.people.members.accounts_of",
    "workspaces.people.members.last_seen",
}
FOR_ALL_WORKSPACES = {
    # Work of the server itself; what each record belongs to stands in it.
    "database.outbox.claim",
    "database.outbox.claim_due",
    "database.outbox.is_due",
    "insights.reached_sql.are_few_invitations",  # how large all of it is
    "programmes.list_active",
    "receipts.repeats.forget_device_answers",
    "receipts.place_lists.last_till_number",  # the numbers of tills are the server's
    "responses.folding_sql.fold_counts",
    "responses.releasing.list_waiting",  # of every survey, with the workspace of each
    "surveys.surveys.list_live_with_logo",  # public pictures, by a digest of what they show
    # Backups, copies and the doctor take everything along and look at everything.
    "upkeep.contents.told_of_erasures",
    "upkeep.contents.count_all",
    "upkeep.contents.count_rows",
    "upkeep.contents.list_surveys",
    "upkeep.contents.what_is_there",
    "upkeep.references.given_up",
    "upkeep.references.beyond_the_feed",
    "upkeep.references.orphans",
    "upkeep.structure.damage",
    "upkeep.structure.structure_differences",
    "workspaces.workspaces.add_workspace",
    "workspaces.workspaces.ensure_default_workspace",
    "workspaces.workspaces.first_workspace",
    "workspaces.workspaces.list_workspaces",
    "workspaces.workspaces.workspace_ids",
    "workspaces.people.accounts.is_owned",
    "workspaces.people.accounts.list_accounts",
    "workspaces.people.sessions.forget_old",
    # How often somebody tried to sign in, before it is known who they are.
    "workspaces.people.guesses.take",
    "workspaces.people.guesses.give_back",
    "workspaces.people.guesses.forget",
    "workspaces.audit.write_for_all",  # what a command did to the whole database
}
BENEATH_THE_RECORDS = {
    "responses.releasing.withdraw",  # the rest of the block of a response that is held
    # The engines and their words; callers have settled the workspace.
    "database.database.join_transaction",
    "database.locks.lock_number",  # names a lock; stores nothing
    "database.many_rows.among",
    "database.many_rows.array_of",
    "database.many_rows.insert_many",
    "database.migrate.applied_migrations",
    "database.migrate.check_schema",
    "database.migrate.migrate",
    "database.opening.open_database",
    "database.postgres.connection.connect",
    "database.postgres.hosts.connect_to_one",
    "responses.postgres_sql.store_responses",  # see the tests of isolation of the response store
    "odata.rows_sql.count_responses",  # of what select_responses chose, which names the workspace
    "odata.rows_sql.read_responses",
    "responses.read.read_feed",  # behind a condition that names the workspace
    "database.postgres.writer.take_lane",
    "workspaces.audit.subject_of_person",  # stores nothing; the workspace is a part of what it digests
}


def stored_functions() -> Iterator[str]:
    """Every public function that may touch the database or takes a workspace, by slice."""
    for found in pkgutil.walk_packages(harken_server.__path__, f"{harken_server.__name__}."):
        if not set(found.name.split(".")) & {"store", "database"} and not is_sql(found.name):
            continue
        if {"piccolo", "migrations"} & set(found.name.split(".")):  # tables and their DDL
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                named = {"db", "tx", "workspace_id"} & set(inspect.signature(function).parameters)
                if named or inspect.iscoroutinefunction(function):
                    yield f"{key_of(module.__name__)}.{name}"


def is_sql(module: str) -> bool:
    """SQL by hand stands beside the store of its slice."""
    return module.endswith("_sql")


def key_of(module: str) -> str:
    """`harken_server.channels.email.store` as `email.visits`."""
    parts = module.split(".")[1:]
    return ".".join(part for part in parts if part not in {"channels", "store"})


def called_functions() -> Iterator[str]:
    """Every function that a theme calls."""
    for theme in THEMES.values():
        for calls in (theme.reads, theme.changes, theme.additions, theme.taken):
            for call in calls:
                yield call.partition(":")[0]
