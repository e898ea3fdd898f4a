"""The form for a receipt that cannot be scanned: store code, receipt number, and the day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from harken_server.channels.page.render import render_page
from harken_server.channels.page.wording import preferred_locales
from harken_server.channels.receipts.words import RECEIPT_WORDS, ReceiptWords
from harken_server.http.pages import Document
from harken_server.kernel.languages import nearest_language


class TypedReceipt(msgspec.Struct, frozen=True):
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


def render_receipt_form(
    accept_language: str,
    action: str,
    typed: TypedReceipt,
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


def _fields(words: ReceiptWords, typed: TypedReceipt, wrong: tuple[str, ...]) -> tuple[_Field, ...]:
    def field(name: str, **more: Any) -> _Field:
        error = str(getattr(words, f"{name}_wrong")) if name in wrong else ""
        label, value = str(getattr(words, name)), str(getattr(typed, name))
        return _Field(name=name, label=label, value=value, error=error, **more)

    return (
        field("store", help=words.store_help),
        field("number", help=words.number_help),
        field("date", type="date", is_optional=True),
    )
