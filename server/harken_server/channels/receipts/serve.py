"""`/r/{token}`: the survey behind a receipt, and `/r`: the form for one that cannot be scanned.

A token's address is the survey's page itself. GET stores nothing; the row that makes a receipt good
for one answer is written when an answer is sent.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.page.destination import Destination, Visit, notice_for
from harken_server.channels.page.forms import first_value
from harken_server.channels.page.render import render_page
from harken_server.channels.page.serve import PAGE_METHODS, AddressKind, serve_page
from harken_server.channels.page.wording import preferred_locales
from harken_server.channels.receipts.open import open_printed, open_typed, receipt_lookup_of
from harken_server.channels.receipts.repeats import note_device_answer
from harken_server.channels.receipts.rules.places import parse_receipt_number, parse_store_code
from harken_server.channels.receipts.rules.repeats import DeviceAnswer, device_keys
from harken_server.channels.receipts.words import RECEIPT_WORDS, ReceiptWords
from harken_server.http.declared import Arrival
from harken_server.http.encodings import headers_of
from harken_server.http.packed import Reply
from harken_server.http.pages import Document, page
from harken_server.http.runtime import Runtime, address_of
from harken_server.kernel.errors import HarkenError, InvalidInputError, NotFoundError
from harken_server.kernel.languages import nearest_language
from harken_server.responses.store.changing import add_flags
from harken_server.surveys.survey import Survey

TYPED = "typed"
"""Stands in the place of a token when a store code and a receipt number were typed."""
NUMBER = "n"
"""Names the receipt number in the address that a URL template gives."""
MAX_AGENT_CHARS = 400
_FORM_OFFERED = frozenset({"receipt_malformed", "receipt_unknown", "receipt_asked"})


class _Typed(msgspec.Struct, frozen=True):
    """What was typed, as it was typed."""

    store: str = ""
    number: str = ""
    date: str = ""


class _Field(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    label: str
    value: str
    help: str = ""
    error: str = ""
    type: str = "text"
    is_optional: bool = False

    @property
    def described_by(self) -> str:
        named = [f"{self.name}-help"] if self.help else []
        return " ".join(named + ([f"{self.name}-error"] if self.error else []))


class _TypedWronglyError(InvalidInputError):
    """What was typed cannot be a store code, a receipt number or a day."""

    def __init__(self, wrong: tuple[str, ...]) -> None:
        super().__init__(f"Not acceptable: {', '.join(wrong)}.", code="receipt_mistyped")
        self.wrong = wrong


@page(["/r/{token:str}", "/R/{token:str}"], method=PAGE_METHODS)
async def receipt_page(arrival: Arrival) -> Reply:
    """The survey of a receipt. Upper case too: a QR of capitals is smaller."""
    return await serve_page(arrival, _ENTRANCE)


@page(["/r", "/R"], method=("GET", "HEAD"))
async def typing_page(arrival: Arrival) -> Reply:
    """Where somebody types what a receipt says."""
    return await serve_page(arrival, _ENTRANCE)


async def _open(runtime: Runtime, visit: Visit) -> Destination:
    """Raises NotFoundError, and InvalidInputError for what was mistyped."""
    if visit.token is None:
        raise NotFoundError("A receipt is asked for.", code="receipt_asked")
    if visit.token.lower() == TYPED:
        return await _open_typed(runtime, visit)
    number = first_value(visit.query, NUMBER)
    return await open_printed(receipt_lookup_of(runtime), visit.token, number or None)


async def _open_typed(runtime: Runtime, visit: Visit) -> Destination:
    typed = _typed(visit)
    store, number = parse_store_code(typed.store), parse_receipt_number(typed.number)
    is_day = not typed.date or _is_day(typed.date)
    if store is None or number is None or not is_day:
        checks = (("store", store), ("number", number), ("date", is_day or None))
        raise _TypedWronglyError(tuple(name for name, good in checks if good is None))
    return await open_typed(receipt_lookup_of(runtime), store, number, typed.date or None)


async def _leave(runtime: Runtime, destination: Destination, response_id: UUID, scope: Any) -> None:
    """Say why a response is doubted, and watch for devices that answer too often."""
    owner = (destination.loaded.workspace.id, destination.loaded.record.id, response_id)
    if destination.flags:
        await add_flags(runtime.db, *owner, destination.flags)
    agent = headers_of(scope).get(b"user-agent", b"").decode("latin-1")
    address = address_of(runtime, scope)
    now, agent = runtime.clock(), agent[:MAX_AGENT_CHARS]
    devices = device_keys(runtime.signing_keys[0], now, address, agent)
    workspace_id, survey_id, _ = owner
    seen = DeviceAnswer(workspace_id, destination.place, devices[0], survey_id, response_id, now)
    await note_device_answer(runtime, seen, devices)


def _explain(error: HarkenError, visit: Visit, survey: Survey | None) -> Document:
    """The form to type a receipt in, wherever nothing is known of what was scanned."""
    languages, typed = visit.accept_language, _typed(visit)
    if isinstance(error, _TypedWronglyError):
        wrong = error.wrong if visit.query else ()
        return _render_form(languages, _action(visit), typed, wrong=wrong)
    if error.code in _FORM_OFFERED:
        is_unknown = error.code != "receipt_asked"
        return _render_form(languages, _action(visit), typed, is_unknown=is_unknown)
    return notice_for(error, languages, survey)


def _action(visit: Visit) -> str:
    """Relative to the page's own address, so that it holds below any path of the server."""
    last = visit.path.rpartition("/")[2]
    return f"{last}/{TYPED}" if visit.token is None and last else TYPED


def _typed(visit: Visit) -> _Typed:
    if visit.token is None or visit.token.lower() != TYPED:
        return _Typed()
    names = _Typed.__struct_fields__
    given = {name: first_value(visit.query, name).strip() for name in names}
    return msgspec.convert(given, _Typed)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _render_form(
    accept_language: str,
    action: str,
    typed: _Typed,
    *,
    wrong: tuple[str, ...] = (),
    is_unknown: bool = False,
) -> Document:
    """The form, with what was typed still in it.

    `wrong` names the fields to put right (status 422); `is_unknown` says that nothing was found,
    which may be a misread code, so that typing it is offered (status 404).
    """
    locale = nearest_language(next(iter(preferred_locales(accept_language)), "en"))
    words = RECEIPT_WORDS.of(locale)
    fields = _fields(words, typed, wrong)
    return render_page(
        "typed.html",
        None,
        locale,
        422 if wrong else 404 if is_unknown else 200,
        folders=(Path(__file__).parent / "templates",),
        script="questions",
        title=words.unknown_title if is_unknown else words.title,
        text=words.unknown_text if is_unknown else words.text,
        action=action,
        fields=fields,
        errors=[field for field in fields if field.error],
    )


def _fields(words: ReceiptWords, typed: _Typed, wrong: tuple[str, ...]) -> tuple[_Field, ...]:
    def field(name: str, **more: Any) -> _Field:
        error = str(getattr(words, f"{name}_wrong")) if name in wrong else ""
        label, value = str(getattr(words, name)), str(getattr(typed, name))
        return _Field(name=name, label=label, value=value, error=error, **more)

    return (
        field("store", help=words.store_help),
        field("number", help=words.number_help),
        field("date", type="date", is_optional=True),
    )


_ENTRANCE = AddressKind(_open, _leave, _explain)
