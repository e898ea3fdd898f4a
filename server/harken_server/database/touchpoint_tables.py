"""The tables of asking: journeys, respondents, programmes, mail, receipts and devices.

Declared as in `database.tables`; the DDL is in `migrations`.
"""

from __future__ import annotations

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Journey(Table, tablename="journey"):
    """The ordered stages of a relationship, as defined."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    key = Varchar(length=64)
    definition = Text(help_text="JSON.")
    updated_at = Timestamptz()


class Respondent(Table, tablename="respondent"):
    """What the host application told us of a person."""

    workspace_id = UUID(primary_key=True)
    respondent = Varchar(length=200, primary_key=True)
    email = Varchar(length=320, null=True)
    phone = Varchar(length=40, null=True)
    locale = Varchar(length=12, null=True)
    timezone = Varchar(length=64, null=True)
    consent = Boolean(null=True)
    traits = Text(help_text="JSON.")
    updated_at = Timestamptz()


class Escalation(Table, tablename="escalation"):
    """A respondent with several poor answers; one is open at a time."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    respondent = Varchar(length=200)
    detail = Text(help_text="JSON.")
    opened_at = Timestamptz()
    closed_at = Timestamptz(null=True)


class Programme(Table, tablename="programme"):
    """A list of respondents that is asked wave by wave."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    key = Varchar(length=64)
    definition = Text(help_text="JSON.")
    is_active = Boolean()
    created_at = Timestamptz()
    updated_at = Timestamptz()


class ProgrammeMember(Table, tablename="programme_member"):
    """A respondent of a programme, and where in each wave they are asked."""

    programme_id = UUID(primary_key=True)
    workspace_id = UUID()
    respondent = Varchar(length=200, primary_key=True)
    slot = Integer()
    last_wave = Integer()


class Delivery(Table, tablename="delivery"):
    """One message to one address, and what became of it."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    survey_id = UUID()
    invitation_id = UUID()
    channel = Varchar(length=64)
    respondent = Varchar(length=200)
    wave = Varchar(length=80)
    kind = Varchar(length=12)
    address = Varchar(length=320)
    state = Varchar(length=12)
    attempts = Integer()
    created_at = Timestamptz()
    due_at = Timestamptz()
    handed_over_at = Timestamptz(null=True)
    finished_at = Timestamptz(null=True)
    message_id = Varchar(length=200)
    last_error = Text(null=True)


class MailEvent(Table, tablename="mail_event"):
    """A bounce or complaint that a mail provider told us of, once each."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    name = Varchar(length=200, help_text="The provider and its own id of the event.")
    kind = Varchar(length=12)
    address = Varchar(length=320)
    delivery_id = UUID(null=True)
    detail = Text()
    occurred_at = Timestamptz()
    created_at = Timestamptz()


class Message(Table, tablename="message"):
    """A message of a conversation was taken as the reply to a question, or left it out."""

    id = UUID(primary_key=True, help_text="The same for the same message of the same carrier.")
    workspace_id = UUID()
    invitation_id = UUID()
    question = Varchar(length=32)
    is_skip = Boolean(help_text="The question was left out.")
    received_at = Timestamptz()


class LinkVisit(Table, tablename="link_visit"):
    """A link of a message was fetched: evidence for telling people from scanners."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    invitation_id = UUID()
    kind = Varchar(length=12)
    value = Varchar(length=64)
    visited_at = Timestamptz()


class SurveySuppression(Table, tablename="survey_suppression"):
    """A respondent who does not want to be asked one survey."""

    workspace_id = UUID(primary_key=True)
    respondent = Varchar(length=200, primary_key=True)
    survey_id = UUID(primary_key=True)
    created_at = Timestamptz()


class SuppressionDigest(Table, tablename="suppression_digest"):
    """An address, or an erased respondent, that must not be asked: known by its digest only."""

    workspace_id = UUID(primary_key=True)
    digest = Varchar(length=64, primary_key=True, help_text="SHA-256, hex.")
    reason = Varchar(length=20)
    created_at = Timestamptz()


class Store(Table, tablename="store"):
    """A shop, under the code that its receipts print."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    code = Varchar(length=16, unique=True)
    name = Varchar(length=120)
    details = Text(help_text="JSON.")
    generation = Integer(help_text="Of the store's secret.")
    created_at = Timestamptz()


class Till(Table, tablename="till"):
    """What prints receipts, with a key of its own."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    store_id = UUID()
    number = Integer(unique=True)
    touchpoint = Varchar(length=64)
    name = Varchar(length=120)
    key_number = Integer()
    revoked_keys = Text(help_text="JSON: from when on a key number is refused.")
    locale = Varchar(length=12, null=True)
    closed_at = Timestamptz(null=True)
    created_at = Timestamptz()


class PlaceCode(Table, tablename="place_code"):
    """A printed code that stands for a touchpoint, whichever that is now."""

    code = Varchar(length=16, primary_key=True)
    workspace_id = UUID()
    touchpoint = Varchar(length=64)
    till_id = UUID(null=True)
    store_id = UUID(null=True)
    label = Varchar(length=120)
    created_at = Timestamptz()
    retired_at = Timestamptz(null=True)


class DeviceAnswer(Table, tablename="sighting"):
    """A device answered at a place; forgotten after a day."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    place = Varchar(length=64)
    device = Varchar(length=64, help_text="Keyed hash that changes every day.")
    survey_id = UUID()
    response_id = UUID()
    seen_at = Timestamptz()


class Device(Table, tablename="device"):
    """A kiosk or button, registered by a code."""

    id = UUID(primary_key=True)
    workspace_id = UUID()
    name = Varchar(length=120)
    touchpoint = Varchar(length=64)
    settings = Text(help_text="JSON.")
    pairing_code = Varchar(length=16, null=True, unique=True)
    pairing_expires_at = Timestamptz(null=True)
    secret_digest = Varchar(length=64, null=True, unique=True)
    created_at = Timestamptz()
    registered_at = Timestamptz(null=True)
    last_seen_at = Timestamptz(null=True)
    revoked_at = Timestamptz(null=True)
    report = Text(null=True, help_text="What it last said of itself, JSON.")


TOUCHPOINT_TABLES: tuple[type[Table], ...] = (
    Journey,
    Respondent,
    Escalation,
    Programme,
    ProgrammeMember,
    Delivery,
    MailEvent,
    Message,
    LinkVisit,
    SurveySuppression,
    SuppressionDigest,
    Store,
    Till,
    PlaceCode,
    DeviceAnswer,
    Device,
)
