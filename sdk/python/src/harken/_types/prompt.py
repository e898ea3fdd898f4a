"""A survey answered one message at a time, as the API shows it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class PromptKey(msgspec.Struct, frozen=True, kw_only=True):
    """What to send or press for one of the answers."""

    send: str
    label: str


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """One question, ready to be sent or spoken."""

    question: str
    """Its key."""
    text: str
    """The whole message."""
    keys: tuple[PromptKey, ...] = ()
    """For buttons; empty where any number or text may be sent."""
    most_digits: int | None = None
    """How many digits a keypad should gather; None where any number may come, ended with #."""
    skip: str | None = None
    """What leaves the question out; None when an answer is required."""


class NextPrompt(msgspec.Struct, frozen=True, kw_only=True):
    """What to say next."""

    say: str
    """The whole text to send or speak."""
    done: bool
    """Whether the conversation is over here: thank and hang up."""
    complete: bool
    """Whether the response is complete. Done but not complete: the rest needs a browser."""
    locale: str
    prompt: Prompt | None = None
    understood: bool = True
    """Whether the reply could be read; if not, the question is put again."""
    link: str | None = None
    """Where the rest can be answered, when it cannot be here."""


class MessageHooks(msgspec.Struct, frozen=True, kw_only=True):
    """Addresses for a carrier of text messages. Whoever knows one can answer in others' names."""

    generic_url: str
    """Takes JSON: `from`, `text` and `id`; gives `text` and `done`."""
    twilio_url: str
    """Takes Twilio's form and gives TwiML."""
    expires_at: datetime
