"""The comments: text, rating badge, time and touchpoint."""

from __future__ import annotations

from datetime import datetime

import msgspec

from harken_server.insights.page.figures import show_time
from harken_server.insights.page.score_words import name_group, rating_label
from harken_server.insights.page.view import ResultsView, say
from harken_server.insights.rules.scores import rating_groups, rating_tone, scored_questions
from harken_server.surveys.questions.types import RatingQuestion


class CommentCard(msgspec.Struct, frozen=True):
    """One comment as shown."""

    text: str
    question: str
    time: str
    moment: str
    touchpoint: str
    rating: str
    rating_text: str
    tone: str
    is_sample: bool


def comment_cards(view: ResultsView) -> list[CommentCard]:
    """The comments of this page of the list, newest first."""
    metrics = scored_questions(view.survey.questions)
    rated = metrics[0] if metrics else None
    texts = {question.key: question.text for question in view.survey.questions}
    cards: list[CommentCard] = []
    for comment in view.comments:
        has_rating = rated is not None and comment.rating is not None
        label = rating_label(rated, comment.rating) if rated and comment.rating is not None else ""
        cards.append(
            CommentCard(
                text=comment.text,
                question=say(view, texts.get(comment.question, comment.question)),
                time=_short_time(comment.answered_at, view.generated_at),
                moment=f"{comment.answered_at:%Y-%m-%dT%H:%M:%SZ}",
                touchpoint=comment.touchpoint or comment.channel,
                rating=label,
                rating_text=_rating_text(rated, comment.rating) if has_rating else "",
                tone=_tone(rated, comment.rating),
                is_sample=comment.is_sample,
            )
        )
    return cards


def _tone(question: RatingQuestion | None, rating: int | None) -> str:
    return "none" if question is None or rating is None else rating_tone(question, rating)


def _rating_text(question: RatingQuestion | None, rating: int | None) -> str:
    if question is None or rating is None:
        return ""
    names = [name for name, span in rating_groups(question).items() if rating in span]
    group = name_group(names[0]) if names else ""
    return f"Rated {rating_label(question, rating)}, {group.lower()}"


def _short_time(moment: datetime, now: datetime) -> str:
    """How long ago within two days, else the day."""
    minutes = int((now - moment).total_seconds() // 60)
    if 0 <= minutes < 60:
        return "just now" if minutes < 2 else f"{minutes} minutes ago"
    if 0 <= minutes < 48 * 60:
        hours = minutes // 60
        return "1 hour ago" if hours == 1 else f"{hours} hours ago"
    return show_time(moment)
