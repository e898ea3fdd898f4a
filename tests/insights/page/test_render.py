"""The results page as a whole: what it says, what it must never do, how heavy it is."""

from __future__ import annotations

import gzip
import re

import msgspec
import pytest

from harken_server.http.pages import PRIVATE, reply_of
from harken_server.insights.page.results_page import render_notice, render_results
from harken_server.insights.page.view import ResultsView, Selection
from harken_server.insights.rules.counts import CountRow
from harken_server.insights.rules.metrics import score_question
from harken_server.insights.rules.scores import histogram, scored_questions
from harken_server.kernel.numbers import write_share

MAX_COMPRESSED_BYTES = 16_000


def html_of(view: ResultsView) -> str:
    return render_results(view).body.decode()


def test_the_page_shows_score_interval_n_and_how_it_was_computed(view: ResultsView) -> None:
    html = html_of(view)

    score = view.scores[0]
    assert score.low is not None
    assert score.high is not None
    assert f"<strong>{score.low:.0f} to {score.high:.0f}</strong>" in html
    assert f"<strong>{score.n:,}</strong> answers" in html
    assert "95% interval, adjusted Wald" in html
    assert "95% interval, Wilson" in html


def test_every_picture_has_a_table_with_caption_heads_and_a_csv_link(view: ResultsView) -> None:
    html = html_of(view)

    details = re.findall(r"<details .*?</details>", html, re.S)
    assert len(details) == 3 * 2 + 4
    for part in details:
        assert "<caption>" in part
        assert '<th scope="col">' in part
        assert '<th scope="row"' in part
        assert re.search(r'href="/results/post_purchase/\w+\.csv\?token=tok-en&amp;days=90', part)


def test_multiple_choice_shows_shares_of_answers_that_may_choose_several(
    view: ResultsView,
) -> None:
    html = html_of(view)

    [found] = [part for part in view.distributions if part.kind == "multiple"]
    choice = found.choices[0]
    assert sum(choice.n for choice in found.choices) > found.n == view.scores[0].n
    assert f"{found.n} answers; several can be chosen" in html
    assert write_share(100 * choice.n / found.n) in html
    assert choice.low is not None


def test_the_trend_table_has_an_em_dash_for_a_week_without_answers(view: ResultsView) -> None:
    html = html_of(view)

    row = re.search(r'<th scope="row" dir="auto">2026-W40</th>(.*?)</tr>', html)
    assert row is not None
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row[1])[1:] == ["—", "—", "—", "0"]


def test_what_people_wrote_is_escaped_and_keeps_its_own_direction(view: ResultsView) -> None:
    html = html_of(view)

    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in html
    assert '<blockquote dir="auto">قهوة' in html


def test_a_hostile_definition_cannot_bring_markup_in(view: ResultsView) -> None:
    raw = msgspec.to_builtins(view.survey)
    evil = "</title><img src=x onerror=alert(1)>{{ 7*7 }}"
    raw["title"] = evil
    raw["questions"][0]["text"] = evil
    raw["questions"][2]["choices"][0]["label"] = evil
    survey = msgspec.convert(raw, type(view.survey))

    html = html_of(msgspec.structs.replace(view, survey=survey))

    assert "<img" not in html
    assert "{{ 7*7 }}" in html


def test_placeholders_show_their_fallbacks(view: ResultsView) -> None:
    raw = msgspec.to_builtins(view.survey)
    raw["context"] = {"shop": "our shop"}
    raw["questions"][0]["text"] = "Would you recommend {{context.shop}}?"
    survey = msgspec.convert(raw, type(view.survey))

    assert "Would you recommend our shop?" in html_of(msgspec.structs.replace(view, survey=survey))


def test_nothing_on_the_page_is_inline(view: ResultsView) -> None:
    page = render_results(view)

    assert not re.search(r"<style|<script>| style=| on[a-z]+=", page.body.decode())
    assert "default-src 'none'; style-src 'self'; script-src 'self';" in page.policy


def test_nothing_is_loaded_from_anywhere(view: ResultsView) -> None:
    html = html_of(view)

    assert not re.search(r"<(img|iframe|object|embed|video)\b|url\(|@import", html)
    loaded = re.findall(r'<(?:script|link|use)[^>]* (?:src|href)="([^"]+)"', html)
    assert {each.split("/")[1] for each in loaded} == {"assets"}
    assert not re.search("https?://", html)


def test_the_page_is_private_and_never_named_to_other_sites(view: ResultsView) -> None:
    headers = reply_of(render_results(view), PRIVATE).headers

    assert headers["cache-control"] == "private, no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_ids_are_unique_and_every_reference_has_its_target(view: ResultsView) -> None:
    html = html_of(view)

    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'aria-labelledby="([^"]+)"', html):
        assert set(names.split()) <= set(ids)


def test_no_answers_is_an_em_dash_and_never_a_zero(empty_view: ResultsView) -> None:
    view = msgspec.structs.replace(empty_view, selection=Selection(days="all"))

    html = html_of(view)

    assert "No answers yet" in html
    assert ">—<" in html
    assert "As soon as the first person answers" in html
    assert "<svg" not in html


def test_an_empty_filter_offers_all_answers(empty_view: ResultsView) -> None:
    html = html_of(empty_view)

    assert 'href="/results/post_purchase?token=tok-en&amp;days=all"' in html


def test_few_answers_are_called_early_days(view: ResultsView) -> None:
    question = scored_questions(view.survey.questions)[0]
    rows = [CountRow("recommend", "", "9", 4)]
    early = score_question(question, histogram(rows, "recommend"))
    few = msgspec.structs.replace(view, scores=(early,), trends=((),))

    assert "Early days:</strong> with 4 answers the interval is wide" in html_of(few)
    assert "Early days" not in html_of(view)


def test_sample_data_is_announced_and_marked(view: ResultsView) -> None:
    assert "Sample data." in html_of(view)
    assert '<span class="tag" dir="auto">sample</span>' in html_of(view)
    assert "Sample data." not in html_of(msgspec.structs.replace(view, has_samples=False))


def test_the_owners_of_the_mark_are_named_only_where_it_is_used(view: ResultsView) -> None:
    without = msgspec.structs.replace(view, scores=view.scores[1:], trends=view.trends[1:])

    assert "registered trademarks of Bain" in html_of(view)
    assert "Bain" not in html_of(without)


def test_the_form_remembers_what_was_chosen(view: ResultsView) -> None:
    chosen = Selection(days="30", touchpoint="order.delivered", version=2)

    html = html_of(msgspec.structs.replace(view, selection=chosen))

    assert 'name="days" value="30" checked' in html
    assert '<option value="order.delivered" selected>' in html
    assert '<option value="2" selected>' in html
    assert "days=30&amp;touchpoint=order.delivered&amp;version=2&amp;before=00ff" in html
    assert '<input type="hidden" name="token" value="tok-en">' in html


def test_a_comments_badge_says_its_group_in_words(view: ResultsView) -> None:
    html = html_of(view)

    assert '<span class="reader">Rated </span>9<span class="reader">, promoters</span>' in html
    assert '<span class="reader">Rated </span>3<span class="reader">, detractors</span>' in html
    assert 'title="21 Nov 2026, 13:53 UTC">12 minutes ago</time>' in html


def test_the_page_is_light(view: ResultsView) -> None:
    html = render_results(view).body

    assert len(gzip.compress(html)) < MAX_COMPRESSED_BYTES


@pytest.mark.parametrize("text", ["It may have expired.", "<b>"])
def test_a_notice_is_a_plain_private_page(text: str) -> None:
    page = render_notice("This link is not valid", text, 403)

    assert b"<h1>This link is not valid</h1>" in page.body
    assert b"<b>" not in page.body
    assert page.status == 403
    assert reply_of(page, PRIVATE).headers["cache-control"] == "private, no-store"


def test_where_people_are_not_told_apart_the_page_says_so(view: ResultsView) -> None:
    too_many = html_of(msgspec.structs.replace(view, people=None))

    assert "More than 20,000 responses: people are told apart up to so many." in too_many
