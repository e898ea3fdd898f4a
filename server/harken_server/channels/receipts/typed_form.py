"""The form for a receipt that cannot be scanned: store code, receipt number, and the day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from harken_server.channels.page.render import page_policy, page_style
from harken_server.channels.page.wording import preferred_locales
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.channels.receipts.words import RECEIPT_WORDS, ReceiptWords
from harken_server.design.templates import open_templates
from harken_server.http.pages import Document
from harken_server.kernel.languages import is_right_to_left, nearest_language
from harken_server.surveys.survey import Theme

_FOLDER = Path(__file__).parent
_PAGE_TEMPLATES = _FOLDER.parent / "page" / "templates"


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
    title = words.unknown_title if is_unknown else words.title
    html = (
        open_templates(_FOLDER / "templates", _PAGE_TEMPLATES)
        .get_template("typed.html")
        .render(
            locale=locale,
            direction="rtl" if is_right_to_left(locale) else "ltr",
            color_scheme="light dark",
            logo=None,
            brand=None,
            languages=(),
            preview="",
            phrases=PAGE_WORDS.of(locale),
            style=Markup(page_style(Theme())),  # noqa: S704 - built from our own tokens
            tab_title=title,
            title=title,
            text=words.unknown_text if is_unknown else words.text,
            action=action,
            fields=fields,
            errors=[field for field in fields if field.error],
        )
    )
    status = 422 if wrong else 404 if is_unknown else 200
    return Document(html.encode(), page_policy(Theme()), status, locale)


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
