"""`/e/{code}`: the survey page behind the links of a message. A GET never answers anything.

What a GET or HEAD leaves behind is evidence: which link was visited, when, and how. A page that is
sent is stored as provisional, and judged with that evidence (`channels.email.answers.settling`).
"""

from functools import partial
from typing import Any

import msgspec

from harken_server.channels.email.answers.taking import MailVisitor, for_one_press
from harken_server.channels.email.message.first_question import first_question
from harken_server.channels.email.rules.visits import VisitKind
from harken_server.channels.page.destination import (
    Destination,
    Sittings,
    Visit,
    find_destination,
    refuse_newcomers,
)
from harken_server.channels.page.forms import PREFIX, Form, first_value, read_form
from harken_server.channels.page.serve import PAGE_METHODS, AddressKind, serve_page
from harken_server.channels.page.shown import prefilled
from harken_server.http.declared import Arrival
from harken_server.http.header_values import relative_location
from harken_server.http.operations import WAS_HEAD
from harken_server.http.packed import NOTHING, Reply
from harken_server.http.pages import page
from harken_server.http.problems import log_storage_failure
from harken_server.http.runtime import Runtime, admit
from harken_server.kernel.errors import HarkenError, OverloadedError, StorageError
from harken_server.responses.asked import collection_of
from harken_server.responses.sittings import Origin
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

MAX_VALUE = 64
_FETCHED_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Headers of browsers that fetch a page before anybody asked for it."""


@page(["/e/{token:str}", "/E/{token:str}"], method=PAGE_METHODS)
async def mail_page(arrival: Arrival) -> Reply:
    """The invitation's page with the pressed answer chosen; one press sends it."""
    return await serve_page(arrival, AddressKind(partial(_open, arrival)))


@page(["/e/{token:str}/x", "/E/{token:str}/x"])
async def trap(arrival: Arrival) -> Reply:
    """A link that people do not see; whoever gets here nevertheless is led to the page."""
    runtime = arrival.runtime
    admit(runtime, arrival.scope)
    visit = _visit_of(arrival)
    destination = await find_destination(collection_of(runtime), visit)
    await _note(runtime, _visitor(runtime, destination, ""), "trap")
    return _away(relative_location(arrival.piece("token"), up=1))


@page(["/e/{token:str}/seen", "/E/{token:str}/seen"], method="POST")
async def seen(arrival: Arrival) -> Reply:
    """Somebody has had the page before them; where the survey wants that kept, it is, apart."""
    runtime = arrival.runtime
    admit(runtime, arrival.scope)
    visit = _visit_of(arrival)
    destination = await find_destination(collection_of(runtime), visit)
    destination, visitor = _behind(runtime, destination, visit.query)
    if not destination.is_watched or destination.own_id is None:
        return NOTHING
    await refuse_newcomers(collection_of(runtime), destination)
    answers = prefilled(destination.loaded, destination.pressed, destination.context)
    sitting = await visitor.open(
        collection_of(runtime), destination.loaded, destination.own_id, destination.context
    )
    await visitor.report(collection_of(runtime), sitting, answers)
    return NOTHING


def message_question(survey: Survey, context: dict[str, Any]) -> Question | None:
    """The question that a message can ask by itself: the first one, if one press answers it."""
    first = first_question(survey, context)
    return first if first is not None and first.behaviour.is_one_press else None


async def _open(arrival: Arrival, runtime: Runtime, visit: Visit) -> Destination:
    destination, visitor = _behind(
        runtime, await find_destination(collection_of(runtime), visit), visit.query
    )
    if not visit.is_sent and not destination.loaded.minimum:
        await _note(runtime, visitor, _kind_of(arrival))
    return destination


def _behind(
    runtime: Runtime, destination: Destination, query: Form
) -> tuple[Destination, MailVisitor]:
    """The destination as the message's link opens it, and who stands there."""
    loaded = for_one_press(destination.loaded)
    question = message_question(loaded.survey, destination.context)
    value = first_value(query, "a")
    pressed: Form = {PREFIX + question.key: [value]} if question is not None and value else {}
    if len(value) > MAX_VALUE or not prefilled(loaded, pressed, destination.context):
        value, pressed = "", {}
    visitor = _visitor(runtime, destination, value)
    if loaded.minimum:  # what waits to be judged would name the person with the answer
        origin = Origin(channel="email")
        open_ = msgspec.structs.replace(destination, loaded=loaded, origin=origin, pressed=pressed)
        return open_, visitor
    opened = msgspec.structs.replace(
        destination,
        loaded=loaded,
        standing="provisional",
        origin=Origin(channel="email"),
        pressed=pressed,
        sittings=Sittings(visitor.open, visitor.save),
        is_watched=bool(pressed) and _counts_opens(loaded.survey),
    )
    return opened, visitor


def _visitor(runtime: Runtime, destination: Destination, value: str) -> MailVisitor:
    if destination.invitation is None:
        raise HarkenError("A message's link without an invitation.")
    return MailVisitor(destination.invitation, value, runtime.clock(), runtime.new_id)


async def _note(runtime: Runtime, visitor: MailVisitor, kind: VisitKind) -> None:
    """The page is shown even when nothing can be written down just now."""
    try:
        await visitor.note(collection_of(runtime), kind)
    except (StorageError, OverloadedError) as error:
        log_storage_failure(error)


def _kind_of(arrival: Arrival) -> VisitKind:
    if arrival.scope.get(WAS_HEAD):
        return "head"
    said = " ".join(arrival.header(name) or "" for name in _FETCHED_AHEAD).lower()
    return "prefetch" if "prefetch" in said or "preview" in said else "open"


def _visit_of(arrival: Arrival) -> Visit:
    return Visit(token=arrival.piece("token"), query=read_form(arrival.scope["query_string"]))


def _away(location: str) -> Reply:
    headers = {"location": location, "cache-control": "no-store", "x-robots-tag": "noindex"}
    return Reply(303, headers, b"")


def _counts_opens(survey: Survey) -> bool:
    return survey.asking is not None and survey.asking.email_counts_opens
