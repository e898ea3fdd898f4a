"""What was put into a text of a survey: seen on page, in mail and in messages, or left out."""

from __future__ import annotations

import pytest
from hostile_definitions import survey_with
from hostile_texts import TRICKS

from harken_server.channels.messages.prompts import Conversation, render_prompt
from harken_server.channels.page.wording import wording_of
from harken_server.kernel.shown_text import hidden_character


@pytest.mark.parametrize("trick", TRICKS)
def test_no_context_and_no_answer_brings_what_nobody_sees_into_a_text(trick: str) -> None:
    survey = survey_with("Hello {{context.name}} {{answer.q}}", "short_text")
    context, answers = {"name": trick}, {"q": trick}
    wording = wording_of(survey, "en", answers, context)
    talk = Conversation(
        survey=survey, locale="en", answers=answers, own=answers, context=context, medium="text"
    )

    said = [wording.say(survey.title), render_prompt(talk, survey.questions[0]).text]

    for text in said:
        assert text.startswith("Hello")
        assert hidden_character(text, is_line=False) is None
