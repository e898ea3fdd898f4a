"""Texts: a string for every locale, none blank, and placeholders that stand for something."""

from __future__ import annotations

from collections.abc import Iterator

from harken_server.kernel.errors import Problem
from harken_server.kernel.languages import fallback_chain
from harken_server.surveys.checks import references
from harken_server.surveys.checks.references import Scope
from harken_server.surveys.files.draft import Draft
from harken_server.surveys.logic.placeholders import has_malformed_placeholder, placeholder_names
from harken_server.surveys.questions.texts import question_texts
from harken_server.surveys.survey import MailTexts
from harken_server.surveys.texts import LocalText


def check_wording(draft: Draft) -> Iterator[Problem]:
    """Every text of the survey, its questions, its endings and its tab."""
    locales = _locales(draft)
    for path, text, scope in _texts(draft):
        yield from _check_strings(path, text, locales, scope.owner)
        yield from _check_placeholders(path, text, scope)


def _locales(draft: Draft) -> tuple[str, ...]:
    """Locales that every map must cover; none when the survey's own list could not be read."""
    if {"locale", "locales"} & draft.unread_fields:
        return ()
    return tuple(dict.fromkeys((draft.survey.locale, *draft.survey.locales)))


def _texts(draft: Draft) -> Iterator[tuple[str, LocalText, Scope]]:
    survey, scope = draft.survey, references.scope_of(draft)
    mail = survey.email or MailTexts()
    nothing_answered = scope._replace(before=0)
    for name, text in (
        ("title", survey.title),
        ("description", survey.description),
        ("intro", survey.intro),
        ("widget.button", survey.widget.button if survey.widget else None),
        ("email.subject", mail.subject),
        ("email.preheader", mail.preheader),
        ("email.intro", mail.intro),
    ):
        if text is not None:
            yield f"$.{name}", text, nothing_answered
    for path, place, question in draft.questions():
        for below, text in question_texts(question):
            yield f"{path}{below}", text, scope._replace(before=place, owner=question.key)
    for path, ending in draft.endings():
        for name, text in (
            ("title", ending.title),
            ("text", ending.text),
            ("link_label", ending.link_label),
        ):
            if text is not None:
                yield f"{path}.{name}", text, scope


def _check_strings(
    path: str, text: LocalText, locales: tuple[str, ...], owner: str | None
) -> Iterator[Problem]:
    strings = {"": text} if isinstance(text, str) else text
    for locale, string in strings.items():
        where = f"{path}.{locale}" if locale else path
        if not string.strip():
            yield Problem(where, "blank_text", "A text must not be blank.", owner)
        if has_malformed_placeholder(string):
            message = (
                "`{{` begins a placeholder: {{context.name}}, {{answer.key}} "
                "or {{context.name|fallback}}."
            )
            yield Problem(where, "bad_placeholder", message, owner)
    if isinstance(text, str):
        return
    for locale in locales:
        if not any(candidate in text for candidate in fallback_chain(locale, locale)):
            message = f"There is no string for the locale `{locale}`."
            yield Problem(f"{path}.{locale}", "missing_string", message, owner, locale)


def _check_placeholders(path: str, text: LocalText, scope: Scope) -> Iterator[Problem]:
    for source, name in sorted(placeholder_names(text)):
        if source == "context":
            if scope.context is not None and name not in scope.context:
                yield references.unknown_context(path, name, scope)
            continue
        problem = references.reference_problem(name, path, scope)
        if problem is not None:
            yield problem
            continue
        question = scope.known[name][1]
        if question is not None and not question.behaviour.fills_texts:
            message = f"The answer to `{name}` has no short form to put into a text."
            yield Problem(path, "unsuitable_question", message, scope.owner)
