"""The hosted survey page as bytes: questions, endings, and the kind pages in between."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from markupsafe import Markup

from harken_server.channels.page.documents import ID_SLOT, content_policy
from harken_server.channels.page.fields import field_of
from harken_server.channels.page.problem_texts import messages_for
from harken_server.channels.page.themes import style_tokens
from harken_server.channels.page.views import NoticeKind, PageView
from harken_server.channels.page.wording import offered_locales, wording_of
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.design.templates import open_templates
from harken_server.http.pages import Document
from harken_server.kernel.languages import is_right_to_left, language_name, nearest_language
from harken_server.surveys.logo import logo_file
from harken_server.surveys.survey import Ending, Survey, Theme

NOTICE_STATUS: dict[NoticeKind, int] = {
    "draft": 404,
    "closed": 410,
    "expired": 410,
    "already_answered": 410,
    "unknown": 404,
    "unavailable": 503,
    "too_many": 429,
    "not_understood": 400,
}
"""Status of each kind page. 410 for a used link: it was good once, and will not be again."""

_FOLDER = Path(__file__).parent
_TEMPLATES = _FOLDER / "templates"


class _Link(msgspec.Struct, frozen=True):
    locale: str
    name: str
    link: str


class _Error(msgspec.Struct, frozen=True):
    name: str
    text: str
    question: str


def render_question_page(view: PageView) -> Document:
    """One page of questions; status 422 with problems, 503 when answers could not be stored."""
    survey = view.survey
    wording = wording_of(survey, view.locale, view.answers, view.context)
    errors = messages_for(view.page.questions, view.problems, wording)
    shown = tuple(
        field_of(question, view.answers.get(question.key), wording, errors.get(question.key, ""))
        for question in view.page.questions
    )
    title = wording.say(survey.title)
    is_first = view.page.previous is None
    is_one = survey.presentation.pages == "question"
    intro = wording.say(survey.intro) if is_first else ""
    status = 503 if view.is_unsaved else 422 if errors else 200
    return _render(
        "questions.html",
        survey,
        view.locale,
        status,
        tab_title=f"{wording.phrases.error_word}: {title}" if errors else title,
        title=title,
        intro=intro,
        is_quiet=not is_first or (is_one and not intro),
        is_one=is_one,
        progress=_progress(view),
        errors=[_Error(f.name, f.error, f.text) for f in shown if f.error],
        is_unsaved=view.is_unsaved,
        shown=shown,
        number=view.number,
        action=f"?{urlencode(view.query)}",
        after=view.after,
        response_id=_response_id(view),
        is_last=view.page.is_last,
        has_previous=not is_first,
        languages=_languages(view),
        is_watched=view.is_watched,
    )


def render_ending(
    survey: Survey,
    ending: Ending | None,
    locale: str,
    *,
    answers: dict[str, Any],
    context: dict[str, Any],
) -> Document:
    """The thank-you page; a plain one when the survey has no ending of its own."""
    wording = wording_of(survey, locale, answers, context)
    phrases = wording.phrases
    title = wording.say(ending.title) if ending else phrases.thanks_title
    link = safe_link(ending.link) if ending else None
    label = wording.say(ending.link_label) if ending else ""
    return _render(
        "message.html",
        survey,
        locale,
        200,
        tab_title=title,
        title=title,
        text=wording.say(ending.text) if ending else phrases.thanks_text,
        is_good=True,
        link=link,
        link_label=label or (urlsplit(link).hostname if link else ""),
    )


def render_notice(kind: NoticeKind, locale: str, survey: Survey | None = None) -> Document:
    """A kind page that says why there is nothing to answer; the status is in NOTICE_STATUS.

    Give the survey only when the visitor may know that it exists: its colours and brand are shown.
    """
    language = nearest_language(locale, survey.locale if survey else "en")
    phrases = PAGE_WORDS.of(language)
    title = str(getattr(phrases, f"{kind}_title"))
    return _render(
        "message.html",
        survey,
        language,
        NOTICE_STATUS[kind],
        tab_title=title,
        title=title,
        text=str(getattr(phrases, f"{kind}_text")),
        is_good=kind == "already_answered",
        link=None,
        link_label="",
    )


def safe_link(link: str | None) -> str | None:
    """The link when it is plain https to a named host; checked again here, whatever was stored."""
    if link is None or any(sign.isspace() or not sign.isprintable() for sign in link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    is_plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    return link if is_plain and "\\" not in link else None


@lru_cache(maxsize=2)
def page_script(*, is_watched: bool = False) -> str:
    """The script of question pages: a few hundred bytes, nothing depends on it."""
    return _read_static("page.js") + (_read_static("seen.js") if is_watched else "")


@lru_cache(maxsize=512)
def page_style(theme: Theme) -> str:
    """The style block for a theme."""
    return style_tokens(theme) + _read_static("page.css")


@lru_cache(maxsize=512)
def page_policy(theme: Theme, *, is_watched: bool = False) -> str:
    """The content policy of pages with this theme."""
    script = page_script(is_watched=is_watched)
    has_logo = bool(_logo_address(theme))
    return content_policy(page_style(theme), script, has_logo=has_logo, may_report=is_watched)


def _render(
    template: str,
    survey: Survey | None,
    locale: str,
    status: int,
    *,
    is_watched: bool = False,
    **parts: Any,
) -> Document:
    theme = survey.presentation.theme if survey else Theme()
    html = (
        open_templates(_TEMPLATES)
        .get_template(template)
        .render(
            locale=locale,
            direction="rtl" if is_right_to_left(locale) else "ltr",
            color_scheme="light dark" if theme.scheme == "auto" else theme.scheme,
            logo=_logo_address(theme),
            brand=survey.presentation.brand if survey else None,
            phrases=PAGE_WORDS.of(locale, survey.locale if survey else "en"),
            style=Markup(page_style(theme)),  # noqa: S704 - built from checked tokens
            script=Markup(page_script(is_watched=is_watched)),  # noqa: S704 - our own files
            **({"languages": ()} | parts),
        )
    )
    policy = page_policy(theme, is_watched=is_watched)
    return Document(html.encode(), policy, status, locale)


@lru_cache(maxsize=512)
def _logo_address(theme: Theme) -> str | None:
    """Seen from `/s/{survey}` and `/i/{token}`, so that it holds below any path of the server."""
    logo = logo_file(theme)
    return None if logo is None else f"../widget/logo/{logo.name}"


def _response_id(view: PageView) -> str:
    if view.response_id is None:
        return ""
    return ID_SLOT.decode() if view.response_id == "slot" else str(view.response_id)


def _progress(view: PageView) -> int | None:
    """Whole per cent; None when the survey fits on this page, or wants none shown."""
    is_only = view.page.previous is None and view.page.is_last
    if is_only or not view.survey.presentation.show_progress:
        return None
    return min(99, round(view.page.progress * 100))


def _languages(view: PageView) -> tuple[_Link, ...]:
    offered = offered_locales(view.survey)
    if len(offered) < 2:
        return ()
    here = dict(view.query)
    if view.response_id not in {None, "slot"}:
        here["r"] = str(view.response_id)
    if view.after:
        here["after"] = view.after
    return tuple(
        _Link(locale, language_name(locale), f"?{urlencode(here | {'lang': locale})}")
        for locale in offered
    )


def _read_static(name: str) -> str:
    """A file inlined into the page, without its indentation."""
    lines = (_FOLDER / "static" / name).read_text("utf-8").splitlines()
    return "\n".join(line.strip() for line in lines)
