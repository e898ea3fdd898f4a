"""The hosted survey page as bytes: questions, endings, and the kind pages in between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup

from harken_server.channels.page.documents import content_policy
from harken_server.channels.page.fields import field_of
from harken_server.channels.page.forms import TRAP
from harken_server.channels.page.problem_texts import texts_by_part
from harken_server.channels.page.themes import style_tokens
from harken_server.channels.page.views import FieldView, NoticeKind, PageView
from harken_server.channels.page.wording import Wording, day_in_words, wording_of
from harken_server.channels.page.words import PAGE_WORDS, Phrases
from harken_server.design.templates import open_templates
from harken_server.http.pages import Document
from harken_server.kernel.languages import is_right_to_left, language_name, nearest_language
from harken_server.kernel.shown_text import link_fault
from harken_server.surveys.logo import logo_file
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Ending, Survey, Theme, offered_locales

NOTICE_STATUS: dict[NoticeKind, int] = {
    "draft": 404,
    "closed": 410,
    "expired": 410,
    "already_answered": 410,
    "unknown": 404,
    "unavailable": 503,
    "too_many": 429,
    "not_understood": 400,
    "invited_only": 403,
}
"""Status of each kind page. 410 for a used link: it was good once, and will not be again."""

ScriptKind = Literal["questions", "watched", "done"]
_SCRIPTS: dict[ScriptKind, tuple[str, ...]] = {
    "questions": ("page.js",),
    "watched": ("page.js", "seen.js"),
    "done": ("done.js",),
}

_FOLDER = Path(__file__).parent
_TEMPLATES = _FOLDER / "templates"


class _Language(msgspec.Struct, frozen=True):
    locale: str
    name: str


def render_question_page(view: PageView) -> Document:
    """One page of questions; status 422 with problems, 503 when answers could not be stored."""
    survey = view.survey
    wording = wording_of(survey, view.locale, view.answers, view.context)
    shown = tuple(_field(question, view, wording) for question in view.page.questions)
    errors = [error for field in shown for error in field.errors()]
    title = wording.say(survey.title)
    is_first = view.page.previous is None
    is_one = survey.presentation.pages == "question"
    intro = wording.say(survey.intro) if is_first else ""
    status = 503 if view.is_unsaved else 422 if errors or view.is_nothing else 200
    return render_page(
        "questions.html",
        survey,
        view.locale,
        status,
        tab_title=f"{wording.phrases.error_word}: {title}" if errors else title,
        title=title,
        intro=intro,
        begun=_begun(view, wording.phrases),
        preview=(intro or shown[0].text) if is_first else "",
        is_quiet=not is_first or (is_one and not intro),
        is_one=is_one,
        progress=_progress(view),
        errors=errors,
        is_unsaved=view.is_unsaved,
        is_nothing=view.is_nothing,
        can_be_cleared=any(field.can_be_cleared for field in shown),
        shown=shown,
        number=view.number,
        after=view.after,
        form_id=view.form_id,
        carried=view.carried,
        trap=TRAP,
        sends_to=view.sends_to,
        is_last=view.page.is_last,
        has_previous=not is_first,
        languages=_languages(view),
        script="watched" if view.is_watched else "questions",
    )


def _begun(view: PageView, phrases: Phrases) -> str:
    if view.begun is None:
        return ""
    begun_at, now = view.begun
    return phrases.begun_on.format(day=day_in_words(begun_at, now, phrases))


def _field(question: Question, view: PageView, wording: Wording) -> FieldView:
    value = view.answers.get(question.key)
    errors = texts_by_part(question, view.problems, value, wording)
    field = field_of(question, value, wording, errors)
    is_cleared = question.key == view.cleared
    return msgspec.structs.replace(field, has_focus=True) if is_cleared else field


def render_ending(
    survey: Survey,
    ending: Ending | None,
    locale: str,
    *,
    answers: Mapping[str, Any] = {},
    context: Mapping[str, Any] = {},
) -> Document:
    """The thank-you page; a plain one where there is no ending for these answers."""
    if ending is None:
        phrases = PAGE_WORDS.of(locale, survey.locale)
        said: dict[str, Any] = {"title": phrases.thanks_title, "text": phrases.thanks_text}
    else:
        said = _said_at_the_end(ending, wording_of(survey, locale, answers, context))
    return render_page("message.html", survey, locale, 200, is_good=True, is_done=True, **said)


def _said_at_the_end(ending: Ending, wording: Wording) -> dict[str, Any]:
    link, label = safe_link(ending.link), wording.say(ending.link_label)
    return {
        "title": wording.say(ending.title),
        "text": wording.say(ending.text),
        "link": link,
        "link_label": label or (urlsplit(link).hostname if link else ""),
    }


def render_answered(
    survey: Survey, locale: str, *, answered_at: datetime | None, now: datetime, form_id: str
) -> Document:
    """That a link for one answer has had it, and when; with a form id, a way to answer again."""
    phrases = PAGE_WORDS.of(locale, survey.locale)
    said = phrases.already_answered_text
    if answered_at is not None:
        said = phrases.answered_on.format(day=day_in_words(answered_at, now, phrases))
    return render_page(
        "message.html",
        survey,
        locale,
        200 if form_id else NOTICE_STATUS["already_answered"],
        title=phrases.already_answered_title,
        text=said,
        is_good=True,
        again_id=form_id,
        again_label=phrases.answer_again,
    )


def render_notice(kind: NoticeKind, locale: str, survey: Survey | None = None) -> Document:
    """A kind page that says why there is nothing to answer; the status is in NOTICE_STATUS.

    Give the survey only when the visitor may know that it exists: its colours and brand are shown.
    """
    language = nearest_language(locale, survey.locale if survey else "en")
    phrases = PAGE_WORDS.of(language)
    return render_page(
        "message.html",
        survey,
        language,
        NOTICE_STATUS[kind],
        title=getattr(phrases, f"{kind}_title"),
        text=getattr(phrases, f"{kind}_text"),
        is_good=kind == "already_answered",
    )


def render_page(
    template: str,
    survey: Survey | None,
    locale: str,
    status: int,
    *,
    folders: tuple[Path, ...] = (),
    script: ScriptKind = "done",
    **parts: Any,
) -> Document:
    """A page in the looks of a survey, if any; `folders` has templates beside the page's own."""
    theme = survey.presentation.theme if survey else Theme()
    usual = {
        "locale": locale,
        "direction": "rtl" if is_right_to_left(locale) else "ltr",
        "color_scheme": "light dark" if theme.scheme == "auto" else theme.scheme,
        "logo": _logo_address(theme),
        "brand": survey.presentation.brand if survey else None,
        "phrases": PAGE_WORDS.of(locale, survey.locale if survey else "en"),
        "style": Markup(page_style(theme)),  # noqa: S704 - built from checked tokens
        "script": Markup(page_script(script)),  # noqa: S704 - our own files
        "tab_title": parts["title"],
        **dict.fromkeys(("preview", "again_id", "link", "link_label"), ""),
        "languages": (),
        "is_done": False,
    }
    html = open_templates(*folders, _TEMPLATES).get_template(template).render(usual | parts)
    policy = page_policy(theme, script, survey.presentation.framed_by if survey else ())
    return Document(html.encode(), policy, status, locale)


def safe_link(link: str | None) -> str | None:
    """The link when nothing is wrong with it; asked again here, whatever was stored."""
    return link if link and link_fault(link) is None else None


@cache
def page_script(kind: ScriptKind = "questions") -> str:
    """The script of a page: a few hundred bytes, nothing depends on it."""
    return "".join(_read_static(name) for name in _SCRIPTS[kind])


@lru_cache(maxsize=512)
def page_style(theme: Theme) -> str:
    """The style block for a theme."""
    return style_tokens(theme) + _read_static("page.css")


@lru_cache(maxsize=512)
def page_policy(
    theme: Theme, script: ScriptKind = "questions", framed_by: tuple[str, ...] = ()
) -> str:
    """The content policy of pages with this theme, for the origins that may frame them."""
    return content_policy(
        page_style(theme),
        page_script(script),
        has_logo=bool(_logo_address(theme)),
        may_report=script == "watched",
        framed_by=framed_by,
    )


@lru_cache(maxsize=512)
def _logo_address(theme: Theme) -> str | None:
    """Seen from `/s/{survey}` and `/i/{token}`, so that it holds below any path of the server."""
    logo = logo_file(theme)
    return None if logo is None else f"../widget/logo/{logo.name}"


def _progress(view: PageView) -> int | None:
    """Whole per cent; None when the survey fits on this page, or wants none shown."""
    is_only = view.page.previous is None and view.page.is_last
    if is_only or not view.survey.presentation.show_progress:
        return None
    return min(99, round(view.page.progress * 100))


def _languages(view: PageView) -> tuple[_Language, ...]:
    offered = offered_locales(view.survey)
    if len(offered) < 2:
        return ()
    return tuple(_Language(locale, language_name(locale)) for locale in offered)


def _read_static(name: str) -> str:
    """A file inlined into the page, without its indentation."""
    lines = (_FOLDER / "static" / name).read_text("utf-8").splitlines()
    return "\n".join(line.strip() for line in lines)
