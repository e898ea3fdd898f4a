"""The page's own words, which other ways to answer use too."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.kernel.words import Catalogue


class Phrases(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string. Braces name what is filled in: numbers and limits only."""

    next: str
    back: str
    send: str
    required: str
    optional: str
    progress: str
    error_word: str
    error_title: str
    save_failed: str
    nothing_title: str
    nothing_text: str
    send_anyway: str
    leave_empty: str
    """Before a field that only programs fill in: read by people without style sheets."""
    language: str
    other_text: str
    choose_many: str
    choose_exactly: str
    choose_from: str
    choose_up_to: str
    choose_between: str
    up_to_characters: str
    characters_left: str
    characters_over: str
    rank_all: str
    rank_some: str
    place: str
    select: str
    clear: str
    value_of: str
    thumbs_down: str
    thumbs_up: str
    nps_low: str
    nps_high: str
    csat_low: str
    csat_high: str
    ces_low: str
    ces_high: str
    effort_low: str
    effort_high: str
    email_hint: str
    phone_hint: str
    answer_missing: str
    consent_missing: str
    pick_one: str
    row_missing: str
    row_named: str
    place_empty: str
    other_missing: str
    other_or_choice: str
    not_number: str
    not_whole: str
    too_low: str
    too_high: str
    too_long: str
    number_plain: str
    """Said to whoever typed a number that could mean two."""
    not_email: str
    not_phone: str
    not_date: str
    date_too_early: str
    date_too_late: str
    too_few: str
    too_many: str
    ranked_twice: str
    ranked_too_few: str
    not_combined: str
    not_accepted: str
    thanks_title: str
    thanks_text: str
    draft_title: str
    draft_text: str
    closed_title: str
    closed_text: str
    invited_only_title: str
    invited_only_text: str
    expired_title: str
    expired_text: str
    already_answered_title: str
    already_answered_text: str
    answered_on: str
    begun_on: str
    answer_again: str
    months: str
    """From January to December, parted by bars, as a day of them is said."""
    first_day: str
    day_in_month: str
    day_in_year: str
    unknown_title: str
    unknown_text: str
    unavailable_title: str
    unavailable_text: str
    too_many_title: str
    too_many_text: str
    not_understood_title: str
    not_understood_text: str
    close: str
    feedback: str
    sending: str
    waiting_title: str
    waiting_text: str
    try_again: str
    survey: str
    received_text: str
    """What `thanks_text` says where there is no page to close."""


PAGE_WORDS = Catalogue(Path(__file__).parent, Phrases)
