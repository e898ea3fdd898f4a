"""Every channel and every route of the application, keyed or for anybody."""

from __future__ import annotations

from typing import Any

from harken_server.asking.api import escalations, respondents, triggers
from harken_server.asking.api import settings as asking
from harken_server.asking.console import cooldowns as console_asking
from harken_server.asking.console import customers as customers_to_call
from harken_server.channels.email.api import mail
from harken_server.channels.email.api import returned as mail_events
from harken_server.channels.email.channel import EMAIL
from harken_server.channels.email.console import sharing as share_email
from harken_server.channels.email.console import testing as console_mail
from harken_server.channels.email.serve import answers as mail_pages
from harken_server.channels.email.serve import hooks as mail_hooks
from harken_server.channels.email.serve import preview as mail_preview
from harken_server.channels.email.serve import unsubscribe
from harken_server.channels.kiosk import api as devices
from harken_server.channels.kiosk import console as console_kiosks
from harken_server.channels.kiosk.channel import BUTTON, KIOSK
from harken_server.channels.kiosk.serve import kiosk, presses
from harken_server.channels.kiosk.serve import screen as kiosk_page
from harken_server.channels.messages import api as message_hooks
from harken_server.channels.messages.channel import CHAT, PHONE, SMS
from harken_server.channels.messages.serve import hooks as text_hooks
from harken_server.channels.messages.serve import replies
from harken_server.channels.page import console as previews
from harken_server.channels.page import serve as pages
from harken_server.channels.page.channel import API, WEB
from harken_server.channels.receipts import serve as receipts
from harken_server.channels.receipts.api import flagged, place_codes, stores, tills
from harken_server.channels.receipts.channel import RECEIPT
from harken_server.channels.receipts.console import places as share_places
from harken_server.channels.receipts.console import prints as share_prints
from harken_server.channels.widget import api as listing
from harken_server.channels.widget import console as share_widget
from harken_server.channels.widget.channel import WIDGET
from harken_server.channels.widget.serve import playground as widget_playground
from harken_server.channels.widget.serve import queue as widget_queue
from harken_server.channels.widget.serve import widget
from harken_server.console import console as home
from harken_server.console.console import SECTIONS as SECTIONS
from harken_server.console.share import code as share_code
from harken_server.console.share import pictures as share_pictures
from harken_server.console.share import ways as share_ways
from harken_server.deliveries import api as deliveries
from harken_server.deliveries.channels import Channels
from harken_server.events import api as events
from harken_server.events.console import customers as console_customers
from harken_server.exports import api as exports
from harken_server.exports import serve as downloads
from harken_server.exports.decisions import api as decision_files
from harken_server.exports.jobs import api as export_jobs
from harken_server.exports.jobs import console as export_page
from harken_server.exports.jobs import serve as export_files
from harken_server.http import health
from harken_server.http.declared import routes_of
from harken_server.http.fast import FastRoute
from harken_server.http.operations import OPERATION
from harken_server.importers.console import imports as console_imports
from harken_server.insights.api import annotations as happened
from harken_server.insights.api import (
    before_after,
    behaviour,
    chart,
    comments,
    comparison_files,
    drivers,
    heat_map,
    journey_scores,
    leaderboard,
    live,
    number_files,
    rates,
    report,
    sample_size,
    scores,
    targets,
    trends,
)
from harken_server.insights.api import result_links as signed
from harken_server.insights.console import journeys as house_journeys
from harken_server.insights.console import report as house_report
from harken_server.insights.console import result_links as house_links
from harken_server.insights.console import results as house_results
from harken_server.insights.page import serve as results
from harken_server.intake import api as intake
from harken_server.invitations import api as handed_out
from harken_server.invitations import serve as links
from harken_server.journeys.api import journeys, touchpoints
from harken_server.odata import serve as odata
from harken_server.programmes import api as programmes
from harken_server.reference import assets, front, guide, security_txt
from harken_server.reference import serve as reference
from harken_server.respondents import api as suppressions
from harken_server.responses import api as responses
from harken_server.responses.serve import SUBMIT
from harken_server.segments import api as segments
from harken_server.segments.console import segments as console_segments
from harken_server.sheets import api as sheets
from harken_server.sheets import console as share_sheet
from harken_server.sheets import serve as live_sheets
from harken_server.surveys.api import push, surveys
from harken_server.surveys.console import (
    beginning,
    file_editor,
    form_editor,
    history,
    logo_page,
    moves,
    publication,
)
from harken_server.surveys.console import (
    listing as survey_pages,
)
from harken_server.workspaces.api import audit_log, keys, timezone
from harken_server.workspaces.console import audit as console_audit
from harken_server.workspaces.console import confirm, me, second_factor
from harken_server.workspaces.console import invitations as console_invitations
from harken_server.workspaces.console import keys as console_keys
from harken_server.workspaces.console import people as console_people
from harken_server.workspaces.console import settings as console_settings
from harken_server.workspaces.console import spaces as console_spaces
from harken_server.workspaces.entries import Actions
from harken_server.workspaces.people.choices import Choices
from harken_server.workspaces.people.serve import coming, guest, reset, sign_in, start
from harken_server.workspaces.signed_in import ACT

CHANNELS = Channels(
    (
        WEB,
        API,
        WIDGET,
        EMAIL,
        RECEIPT,
        KIOSK,
        BUTTON,
        SMS,
        PHONE,
        CHAT,
    )
)
"""How people are reached: a channel is a folder in `channels` and a line here."""

_KEYED_ROOMS = (
    push,
    surveys,
    scores,
    trends,
    live,
    report,
    behaviour,
    rates,
    chart,
    heat_map,
    leaderboard,
    journey_scores,
    comments,
    number_files,
    comparison_files,
    sample_size,
    drivers,
    happened,
    before_after,
    targets,
    segments,
    responses,
    exports,
    decision_files,
    export_jobs,
    sheets,
    triggers,
    signed,
    handed_out,
    touchpoints,
    keys,
    timezone,
    audit_log,
    listing,
    devices,
    stores,
    tills,
    place_codes,
    flagged,
    suppressions,
    journeys,
    programmes,
    mail,
    mail_events,
    message_hooks,
    respondents,
    asking,
    escalations,
    deliveries,
    events,
    intake,
)
_CONSOLE_ROOMS = (
    home,
    survey_pages,
    beginning,
    file_editor,
    form_editor,
    logo_page,
    publication,
    moves,
    history,
    previews,
    me,
    second_factor,
    confirm,
    sign_in,
    start,
    coming,
    reset,
    guest,
    customers_to_call,
    console_segments,
    share_ways,
    share_pictures,
    share_widget,
    share_email,
    share_places,
    share_prints,
    share_sheet,
    share_code,
    export_page,
    console_imports,
    console_customers,
    house_journeys,
    house_results,
    house_report,
    house_links,
    console_people,
    console_invitations,
    console_keys,
    console_settings,
    console_spaces,
    console_audit,
    console_asking,
    console_mail,
    console_kiosks,
)
"""Pages for people of the house."""
CHOICES = Choices(stores.list_choices, touchpoints.list_choices)
"""What somebody on the front line may be restricted to."""
_PUBLIC_ROOMS = (
    health,
    assets,
    guide,
    front,
    reference,
    security_txt,
    links,
    downloads,
    export_files,
    live_sheets,
    odata,
    mail_hooks,
    mail_pages,
    unsubscribe,
    mail_preview,
    pages,
    presses,
    receipts,
    replies,
    results,
    text_hooks,
    widget,
    widget_playground,
    widget_queue,
    kiosk,
    kiosk_page,
)

KEYED: tuple[Any, ...] = tuple(route for room in _KEYED_ROOMS for route in routes_of(room))
"""Below `/v1`, behind the guard that looks at the key."""
PUBLIC: tuple[Any, ...] = tuple(
    route for room in (*_PUBLIC_ROOMS, *_CONSOLE_ROOMS) for route in routes_of(room)
)
ACTIONS = Actions(
    frozenset(
        operation.id
        for route in KEYED
        if not {"GET", "HEAD", "OPTIONS"} >= set(route.http_methods)
        and not (operation := route.opt[OPERATION]).everyday
    )
    | frozenset(route.opt[ACT] for route in PUBLIC if ACT in route.opt)
)
"""What the audit log may say was done."""
FAST: tuple[FastRoute, ...] = (SUBMIT, triggers.TRIGGER, pages.SURVEY_PAGE)
"""Taken before the framework is asked."""
