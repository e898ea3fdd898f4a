"""One question as a message that is sent or spoken, with the keys that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harken_server.channels.messages.rules import KEYPAD_SKIP, Key, Medium, keys_of
from harken_server.channels.messages.words import MESSAGE_WORDS, MessageWords
from harken_server.channels.page.scales import end_labels
from harken_server.channels.page.wording import Wording, wording_of
from harken_server.surveys.logic.paging import walk
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import as_rating
from harken_server.surveys.survey import Survey


class PromptKey(msgspec.Struct, frozen=True):
    """What to send or press for one of the answers."""

    send: str
    label: str


class Prompt(msgspec.Struct, kw_only=True, frozen=True):
    """One question, ready to be sent or spoken."""

    question: str
    """Its key."""
    text: str
    """The whole message."""
    keys: tuple[PromptKey, ...]
    """For buttons; empty where any number or text may be sent."""
    most_digits: int | None
    """How many digits a keypad should gather; None where any number may come, ended with #."""
    skip: str | None
    """What leaves the question out; None when an answer is required."""


class Conversation(msgspec.Struct, kw_only=True, frozen=True):
    """What the words of a conversation depend on."""

    survey: Survey
    locale: str
    answers: Mapping[str, Any]
    own: Mapping[str, Any]
    """Those given in this conversation: no words hang on the others."""
    context: Mapping[str, Any]
    medium: Medium

    @property
    def words(self) -> MessageWords:
        """The words of its language."""
        return MESSAGE_WORDS.of(self.locale, self.survey.locale)

    @property
    def wording(self) -> Wording:
        """The survey's texts in its language."""
        return wording_of(self.survey, self.locale, self.own, self.context)


def render_prompt(talk: Conversation, question: q.Question, *, is_again: bool = False) -> Prompt:
    """The question, what may be answered, and how to leave it out.

    Statements that stand before it come first. `is_again` says that the last reply was not
    understood; statements are then left out.
    """
    say, words = talk.wording.say, talk.words
    lines = [words.not_clear] if is_again else _statements(talk, question)
    lines.append(say(question.text))
    if question.help is not None:
        lines.append(say(question.help))
    lines.append(_instruction(talk, question))
    keys = tuple(PromptKey(key.send, _label(talk, key)) for key in keys_of(question))
    if as_rating(question) is None:
        lines += [f"{key.send} {key.label}" for key in keys]
    is_one_key = question.behaviour.is_one_key
    skip = _skip(talk, question)
    if skip is not None:
        form = words.to_skip_key if talk.medium == "digits" else words.to_skip
        lines.append(form.format(word=skip.upper()))
    return Prompt(
        question=question.key,
        text="\n".join(line for line in lines if line),
        keys=keys,
        most_digits=max(len(key.send) for key in keys) if is_one_key else None,
        skip=skip,
    )


def render_end(talk: Conversation, link: str | None) -> str:
    """The thank-you; with a link where a browser is needed for the rest."""
    if link is not None:
        return talk.words.go_on.format(link=link)
    ending = walk(talk.survey, talk.own, talk.context).ending
    if ending is not None:
        texts = [talk.wording.say(ending.title), talk.wording.say(ending.text)]
        return "\n".join(text for text in texts if text)
    phrases = talk.wording.phrases
    return f"{phrases.thanks_title}\n{phrases.received_text}"


def _statements(talk: Conversation, question: q.Question) -> list[str]:
    """Texts without an answer that stand right before the question."""
    visible = walk(talk.survey, talk.answers, talk.context).visible
    by_key = {each.key: each for each in talk.survey.questions}
    found: list[str] = []
    for key in reversed(visible[: visible.index(question.key)]):
        statement = by_key[key]
        if statement.behaviour.takes_answer:
            break
        found.insert(0, talk.wording.say(statement.text))
    return found


def _instruction(talk: Conversation, question: q.Question) -> str:
    words, phrases = talk.words, talk.wording.phrases
    match question:
        case q.RatingBase():
            keys = keys_of(question)
            low_label, high_label = end_labels(question, talk.wording)
            form = words.scale_labels if low_label and high_label else words.scale
            return form.format(
                low=keys[0].send, high=keys[-1].send, low_label=low_label, high_label=high_label
            )
        case q.OneChoice():
            return words.choose
        case q.Consent():
            return f"{talk.wording.say(question.label)}\n{words.choose}"
        case q.MultipleChoice():
            return words.choose_many
        case q.Ranking():
            return words.rank
        case q.Number():
            return words.number
        case q.Date():
            return words.date
        case q.Email():
            return phrases.email_hint
        case q.Phone():
            return phrases.phone_hint
        case q.ShortText() | q.LongText():
            return words.in_words
        case q.Matrix() | q.Statement():
            return ""


def _label(talk: Conversation, key: Key) -> str:
    if key.label is not None:
        return talk.wording.say(key.label)
    if isinstance(key.value, bool):
        return talk.words.yes if key.value else talk.words.no
    return key.send


def _skip(talk: Conversation, question: q.Question) -> str | None:
    if question.required:
        return None
    return KEYPAD_SKIP if talk.medium == "digits" else talk.words.skip_word
