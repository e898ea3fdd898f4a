"""Every function that reads what others sent, its largest input, and shapes to try it with."""

from __future__ import annotations

import contextlib
import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import hostile_shapes as shapes
import msgspec
from hostile_shapes import Shape
from odata_queries import read_filter, read_options, secret_of
from somebody import HOUSE, WHO

from harken_server.channels.email.personal_links import read_recipient_file
from harken_server.channels.email.returns import notices
from harken_server.channels.email.rules import addresses, delivery_reports, written_mail
from harken_server.channels.messages import rules as messages
from harken_server.channels.page import forms, had_again, wording
from harken_server.channels.receipts.rules import place_lines, places
from harken_server.channels.receipts.rules import tokens as receipts
from harken_server.database import lanes
from harken_server.design import markup
from harken_server.exports.jobs.serve import start_of
from harken_server.http import bodies, clients, encodings, header_values
from harken_server.http.bodies import pairs_of
from harken_server.http.connections import framing
from harken_server.importers.brought import START_BYTES
from harken_server.importers.rules.layout import guess_layout
from harken_server.importers.rules.written import guess_decimal, is_time
from harken_server.insights.read import comments
from harken_server.insights.read.breakdowns import read_other
from harken_server.invitations import codes
from harken_server.kernel import formats, shown_text, tokens
from harken_server.kernel.errors import HarkenError
from harken_server.kernel.local import days, numbers
from harken_server.responses.response import CountFilter
from harken_server.responses.submission import MAX_SUBMISSION_BYTES, Submission
from harken_server.routes import KEYED, PUBLIC
from harken_server.segments.console.words import Row, read_row
from harken_server.surveys import logo
from harken_server.surveys.logic import placeholders
from harken_server.surveys.questions import conditions, types
from harken_server.workspaces import multipart
from harken_server.workspaces.rules import identity, origins

MS_PER_KB, BYTES_PER_BYTE = 2.0, 20
FREE_BYTES = 256 * 1024
HEADER = 16 * 1024
"""The headers of a request end there (`http/connection.py`)."""
_KEY = (b"k" * 32,)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Parser(NamedTuple):
    """One way in."""

    name: str
    read: Callable[[bytes], object]
    most: int
    """Bytes of the longest input that reaches it."""
    shapes: Mapping[str, Shape]
    free: int = FREE_BYTES
    """What reading may take however little was sent."""
    refuses_by: tuple[type[Exception], ...] = (HarkenError,)
    """What it may raise, as whoever calls it knows."""


_OF_TYPE: Mapping[str, Mapping[str, Shape]] = {
    "application/json": shapes.JSON,
    "text/plain": shapes.JSON,
    "application/yaml": shapes.YAML,
    "application/toml": shapes.TOML,
}


def parsers_of_routes() -> list[Parser]:
    """The reader of each operation's body, in each of its media types; none can be left out."""
    return [
        parser
        for operation, declared in declared_bodies().items()
        for media_type in declared.operation.body_types
        for parser in _of_route(operation, declared, media_type)
    ]


def declared_bodies() -> dict[str, Any]:
    """What routes with a body declare, by the id of the operation."""
    every = [handler.opt.get("declared") for handler in (*KEYED, *PUBLIC)]
    return {each.operation.id: each for each in every if each is not None and each.read}


def _of_route(operation: str, declared: Any, media_type: str) -> Iterable[Parser]:
    if (operation, media_type) in RAW:
        return RAW[operation, media_type]
    headers = {b"content-type": media_type.encode()}
    kinds = declared.operation.bodies if media_type == "application/json" else ()
    more = {k: v for kind in kinds for k, v in shapes.filled(kind).items()}
    read = partial(_read_route, declared.read, headers)
    return [Parser(f"{operation} {media_type}", read, declared.limit, _OF_TYPE[media_type] | more)]


def _read_route(read: Any, headers: Any, raw: bytes) -> object:
    return read(raw, headers)


_NOTICE = 256 * 1024
_OF_NOTICES = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)
_HOOKS = [
    Parser(f"notice of {name}", read, _NOTICE, shapes.JSON, refuses_by=_OF_NOTICES)
    for name, read in notices.READERS.items()
]
RAW: Mapping[tuple[str, str], list[Parser]] = {
    ("take_mail_notice", "application/json"): _HOOKS,
    ("take_mail_notice", "text/plain"): [],
    ("take_mail_notice", "message/rfc822"): [
        Parser("mail that came back", delivery_reports.read_report, _NOTICE, shapes.MAIL)
    ],
    ("create_personal_links", "text/csv"): [
        Parser(
            "recipients as CSV",
            lambda raw: read_recipient_file(raw, {"store": "Oslo"}),
            4 * 1024 * 1024,
            shapes.CSV,
            free=10_000 * 150,  # as many people as a list may have, with names of one letter
        )
    ],
    ("take_text_message", "application/x-www-form-urlencoded"): [],
    ("take_text_message", "application/json"): [],
}
"""Operations that are given bytes, and what they read them with; empty: with what stands here."""


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda raw: read(raw.decode("utf-8", "replace"))


def _header(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda raw: read(raw.decode("latin-1"))


class _Filter(msgspec.Struct, forbid_unknown_fields=True):
    limit: int = 1


_QUESTION = types.Number(key="number", text="x")
_RATING = types.Nps(key="nps", text="x")
_CHOICE = types.SingleChoice(
    key="one",
    text="x",
    choices=(types.Choice(value="a", label="A"), types.Choice(value="b", label="B")),
)


def _read_logo(text: str) -> object:
    with contextlib.suppress(ValueError):
        return logo.read_data_address("data:image/png;base64," + text)
    return None


IN_TEXT: Mapping[str, tuple[Callable[[bytes], object], int]] = {
    "kernel.formats.is_email": (_text(formats.is_email), MAX_SUBMISSION_BYTES),
    "kernel.shown_text.hidden_character": (
        _text(shown_text.hidden_character), MAX_SUBMISSION_BYTES),
    "kernel.shown_text.link_fault": (_text(shown_text.link_fault), MAX_SUBMISSION_BYTES),
    "http.header_values.attachment": (_text(header_values.attachment), HEADER),
    "design.markup.xml_text": (_text(markup.xml_text), MAX_SUBMISSION_BYTES),
    "channels.email.rules.written_mail.text_header": (
        _text(lambda text: written_mail.text_header("Subject", text)), HEADER),
    "http.connections.framing.fault_of": (
        lambda raw: framing.fault_of("1.1", [(b"host", raw)]), HEADER),
    "kernel.formats.is_domain": (_text(formats.is_domain), MAX_SUBMISSION_BYTES),
    "kernel.formats.is_storable": (_text(formats.is_storable), MAX_SUBMISSION_BYTES),
    "kernel.formats.normalise_phone": (_text(formats.normalise_phone), MAX_SUBMISSION_BYTES),
    "kernel.formats.is_calendar_day": (_text(formats.is_calendar_day), MAX_SUBMISSION_BYTES),
    "kernel.local.days.read_day": (
        _text(lambda text: days.read_day(text, "de")), MAX_SUBMISSION_BYTES),
    "kernel.local.numbers.read_number": (
        _text(lambda text: numbers.read_number(text, "ar")), MAX_SUBMISSION_BYTES),
    "kernel.tokens.verify_token": (
        _text(lambda text: tokens.verify_token(_KEY, "kind", text, _NOW)), HEADER),
    "database.lanes.decode_cursor": (_text(lanes.decode_cursor), HEADER),
    "workspaces.rules.identity.signer_of": (_text(identity.signer_of), MAX_SUBMISSION_BYTES),
    "workspaces.rules.origins.plain_origin": (_header(origins.plain_origin), HEADER),
    "invitations.codes.parse_code": (_text(codes.parse_code), HEADER),
    "channels.receipts.rules.tokens.parse_receipt": (_text(receipts.parse_receipt), HEADER),
    "channels.receipts.rules.places.parse_place_code": (_text(places.parse_place_code), HEADER),
    "list of places": (_text(place_lines.read_places), MAX_SUBMISSION_BYTES),
    "beginning of a file brought": (partial(guess_layout, is_utf_8=False), START_BYTES),
    "importers.rules.written": (_text(lambda text: (is_time(text), guess_decimal([text]))), HEADER),
    "form with a file": (
        lambda raw: list(multipart.parts_of(raw, "multipart/form-data; boundary=x")), HEADER),
    "channels.page.wording.preferred_locales": (_header(wording.preferred_locales), HEADER),
    "channels.page.had_again.other_address": (had_again.other_address, HEADER),
    "channels.page.had_again.form_had": (
        lambda raw: had_again.form_had({b"if-none-match": raw}, _KEY, lambda: _NOW), HEADER),
    "channels.page.forms.read_form": (forms.read_form, MAX_SUBMISSION_BYTES),
    "channels.page.forms.read_form_id": (
        _text(lambda text: forms.read_form_id(_KEY, text)), MAX_SUBMISSION_BYTES),
    "channels.page.forms.decode_answer": (
        _text(lambda text: forms.decode_answer(_QUESTION, {"a_number": [text], "lang": ["de"]})),
        MAX_SUBMISSION_BYTES),
    "channels.messages.rules.read_reply": (
        _text(lambda text: messages.read_reply(_CHOICE, text, "text", "en")), 10_000),
    "a rating by message": (
        _text(lambda text: messages.read_reply(_RATING, text, "text", "en")), 10_000),
    "channels.messages.rules.is_stop": (_text(messages.is_stop), MAX_SUBMISSION_BYTES),
    "channels.email.rules.addresses.read_return_address": (
        _text(lambda text: addresses.read_return_address(_KEY, "b+" + text)), HEADER),
    "http.encodings.takes_coding": (
        lambda raw: encodings.takes_coding({b"accept-encoding": raw}, b"br"), HEADER),
    "http.encodings.has_already": (
        lambda raw: encodings.has_already({b"if-none-match": raw}, '"tag"'), HEADER),
    "http.clients.client_address": (
        lambda raw: clients.client_address({"headers": [(b"x-forwarded-for", raw)]}, 3), HEADER),
    "http.clients.plain_address": (_header(clients.plain_address), HEADER),
    "http.bodies.decode_query": (
        lambda raw: bodies.decode_query(
            ((name, value) for name, values in forms.read_form(raw).items() for value in values),
            _Filter), HEADER),
    "query strings": (lambda raw: dict(pairs_of(raw)), HEADER),
    "insights.read.comments.parse_cursor": (_text(comments.parse_cursor), HEADER),
    "insights.read.breakdowns.read_other": (
        _text(lambda text: read_other(CountFilter(), text, HOUSE)), HEADER),
    "odata.rules.filters.parse_filter": (_text(read_filter), HEADER),
    "odata.rules.options.read_wanted": (_text(read_options), HEADER),
    "exports.jobs.serve.start_of": (_header(start_of), HEADER),
    "segments.console.words.read_row": (
        _text(lambda text: read_row(Row("trait", "plan", "one_of", text))), MAX_SUBMISSION_BYTES),
    "sheets.access.secret_of": (_header(secret_of), HEADER),
    "workspaces.people.signed_on.is_token": (_text(WHO.is_token), MAX_SUBMISSION_BYTES),
    "surveys.logo.read_data_address": (_text(_read_logo), 64 * 1024),
    "surveys.logic.placeholders.placeholder_names": (_text(placeholders.placeholder_names), 2_000),
    "surveys.logic.placeholders.has_malformed_placeholder": (
        _text(placeholders.has_malformed_placeholder), 2_000),
    "surveys.questions.conditions.folded": (_text(conditions.folded), MAX_SUBMISSION_BYTES),
}  # fmt: skip
"""What reads one text, a header or a piece of an address, by where it stands."""


def every_parser() -> list[Parser]:
    """All of them."""
    submission = Parser(
        "submit",
        lambda raw: bodies.decode_json(raw, Submission),
        MAX_SUBMISSION_BYTES,
        shapes.JSON | shapes.filled(Submission),
    )
    texts = [
        Parser(name, read, most, shapes.FORM | shapes.LETTERS)
        for name, (read, most) in IN_TEXT.items()
    ]
    return [*parsers_of_routes(), submission, *texts]


def try_reading(parser: Parser, raw: bytes) -> object:
    """Its result, or its refusal."""
    try:
        return parser.read(raw)
    except parser.refuses_by as error:
        return error


def seconds_of(parser: Parser, raw: bytes, *, best_of: int = 1) -> float:
    """Processor time of the quickest of so many; what tests keep in memory is not looked through.

    The server freezes what it has loaded too.
    """
    times: list[float] = []
    gc.freeze()
    try:
        for _ in range(best_of):
            began = time.thread_time()
            try_reading(parser, raw)
            times.append(time.thread_time() - began)
    finally:
        gc.unfreeze()
    return min(times)


def peak_of(parser: Parser, raw: bytes) -> int:
    """Most bytes that reading held at a time: the least of three, as others may work beside it."""
    return min(_peak_of(parser, raw) for _ in range(3))


def _peak_of(parser: Parser, raw: bytes) -> int:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = try_reading(parser, raw)
        _, peak = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return peak - before
