"""The tables of workspaces, their keys and files, and of the people of the house."""

from __future__ import annotations

from typing import ClassVar

from piccolo.columns import BigInt, Bytea, Integer, Text, Varchar
from piccolo.table import Table

from harken_server.database.columns import Id, Indexes, Json, Time, Words


class Workspace(Table, tablename="workspace"):
    """The owner of surveys, keys and data; the isolation boundary."""

    id = Id(primary_key=True)
    slug = Varchar(length=32, unique=True)
    name = Varchar(length=120)
    created_at = Time()
    dimensions = Json(help_text="Name, source and key of each, in the order given.")
    asking = Json(help_text="Rules for all surveys of the workspace.")
    channels = Words(help_text="Names of channels of its own.")
    timezone = Varchar(length=64, default="UTC", help_text="IANA name: by it days are counted.")


class ApiKey(Table, tablename="api_key"):
    """One key of a workspace; the secret itself is never stored."""

    id = Id(primary_key=True)
    workspace_id = Id()
    name = Varchar(length=120)
    prefix = Varchar(length=12, help_text="The secret's first characters, to recognise it by.")
    digest = Varchar(length=64, unique=True, help_text="SHA-256 of the secret, hex.")
    scopes = Words()
    created_at = Time()
    revoked_at = Time(null=True)
    origins = Words(help_text="Empty: any.")

    index_on: ClassVar[Indexes] = {
        "api_key_workspace": "(workspace_id, prefix)",
    }


class Dimensions(Table, tablename="dimensions"):
    """How far what a workspace counts by reaches into stored responses."""

    workspace_id = Id(primary_key=True)
    declared_at = Time()
    filling = Json(help_text="Names that stored responses do not have yet, or still have.")
    task = Id(null=True, help_text="The work that does so; none: it is done.")
    reached = Json(help_text="By survey, the last position looked at in each lane.")
    done = BigInt()
    total = BigInt(null=True, help_text="How many responses there were; null: not begun.")

    is_key_only: ClassVar = True


class Account(Table, tablename="account"):
    """A person of the house, of one workspace or several."""

    id = Id(primary_key=True)
    email = Varchar(length=320, unique=True, help_text="In small letters.")
    name = Varchar(length=120)
    locale = Varchar(length=12, null=True)
    password_digest = Text(null=True, help_text="Argon2id; NULL: they have none.")
    totp_secret = Varchar(length=64, null=True, help_text="Of the second factor; NULL: none.")
    totp_step = BigInt(null=True, help_text="The last one used: no code counts twice.")
    recovery_digests = Words(help_text="SHA-256 of the recovery codes that are left.")
    created_at = Time()
    disabled_at = Time(null=True, help_text="Since when they cannot sign in.")


class AccountRole(Table, tablename="account_role"):
    """What a person of the house may do in one workspace."""

    workspace_id = Id(primary_key=True)
    account_id = Id(primary_key=True)
    role = Varchar(length=16)
    stores = Words(help_text="Of somebody on the front line: the stores they see.")
    touchpoints = Words(help_text="And the touchpoints; none of both: nothing.")
    created_at = Time()

    index_on: ClassVar[Indexes] = {
        "account_role_account": "(account_id)",
    }
    is_key_only: ClassVar = True


class SignIn(Table, tablename="sign_in"):
    """A browser in which somebody is signed in."""

    digest = Varchar(length=64, primary_key=True, help_text="SHA-256 of its secret, hex.")
    id = Id(help_text="To name it by: the digest is told to nobody.")
    account_id = Id()
    browser = Varchar(length=200, help_text="As it calls itself.")
    network = Varchar(length=64, help_text="Where it was when it signed in.")
    created_at = Time()
    last_seen_at = Time()
    confirmed_at = Time(null=True, help_text="When the password was last given in it.")
    expires_at = Time()

    index_on: ClassVar[Indexes] = {
        "sign_in_account": "(account_id)",
        "sign_in_expiry": "(expires_at)",
    }


class Guess(Table, tablename="guess"):
    """How much somebody who signs in has used of a budget of tries (`people.store.guesses`)."""

    digest = Varchar(length=32, primary_key=True, help_text="Of the budget and of whoever tries.")
    until = BigInt(help_text="Milliseconds since 1970: after it the row says nothing.")

    index_on: ClassVar[Indexes] = {
        "guess_until": "(until)",
    }


class HouseLink(Table, tablename="house_link"):
    """A link that is used once: to set up the house, to join it, or to choose a new password."""

    digest = Varchar(length=64, primary_key=True, help_text="SHA-256 of its secret, hex.")
    id = Id()
    kind = Varchar(length=12, help_text="`setup`, `invite` or `reset`.")
    workspace_id = Id(null=True)
    account_id = Id(null=True, help_text="Whose password it changes.")
    email = Varchar(length=320, null=True, help_text="Whom it was made for.")
    role = Varchar(length=16, null=True)
    stores = Words()
    touchpoints = Words()
    made_by = Id(null=True, help_text="The account that made it.")
    created_at = Time()
    expires_at = Time()
    used_at = Time(null=True)

    index_on: ClassVar[Indexes] = {
        "house_link_workspace": "(workspace_id, id)",
        "house_link_account": "(account_id)",
    }


class AuditEntry(Table, tablename="audit_entry"):
    """Who changed what, written with the change (`workspaces.store.audit`)."""

    id = Id(primary_key=True)
    workspace_id = Id()
    account_id = Id(null=True, help_text="The person of the house who did it.")
    api_key_id = Id(null=True, help_text="The API key with which it was done.")
    program = Varchar(length=32, null=True, help_text="What did it without either, as `cli`.")
    action = Varchar(length=64, help_text="Name of the operation, such as set_survey_status.")
    subject = Varchar(length=200, help_text="What it was done to: an id, or a person's digest.")
    detail = Json(help_text="What changed.")
    created_at = Time()

    index_on: ClassVar[Indexes] = {
        "audit_entry_time": "(workspace_id, id)",
        "audit_entry_subject": "(workspace_id, subject, id)",
    }


class BinaryObject(Table, tablename="binary_object"):
    """A file that somebody gave: a logo, a photo, a voice message. Filled later.

    Small enough to lie in the database, so that it is in every backup and goes with its workspace.
    """

    id = Id(primary_key=True)
    workspace_id = Id()
    respondent = Varchar(length=200, null=True, help_text="Whose it is; NULL: the workspace's.")
    digest = Bytea(help_text="SHA-256 of the bytes.")
    media_type = Varchar(length=120)
    size = Integer(help_text="How many bytes.")
    bytes = Bytea()
    created_at = Time()

    index_on: ClassVar[Indexes] = {
        "binary_object_digest": "(workspace_id, digest)",
        "binary_object_respondent": "(workspace_id, respondent) WHERE respondent IS NOT NULL",
    }
