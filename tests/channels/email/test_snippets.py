"""Snippets: the merge tags of each mail service stand where its links need them, and only there."""

from __future__ import annotations

import pytest

from harken_server.channels.email.message.snippets import PROVIDERS, SnippetView, render_snippet

SURVEY_URL = "https://feedback.example.com/s/stay"


@pytest.fixture
def snippet_of(survey_of):
    def render(provider, way, survey=None, locale="en"):
        view = SnippetView(
            survey=survey or survey_of(), locale=locale, survey_url=SURVEY_URL,
            provider=PROVIDERS[provider], way=way,
        )  # fmt: skip
        return render_snippet(view)

    return render


@pytest.mark.parametrize(
    ("provider", "link"),
    [
        ("plain", "PERSONAL_LINK?a=9"),
        ("mailchimp", "*|HKLINK|*?a=9"),
        ("hubspot", "{{ contact.harken_link }}?a=9"),
        ("customerio", "{{ customer.harken_link }}?a=9"),
        ("klaviyo", "{{ person|lookup:'harken_link' }}?a=9"),
        ("sendgrid", "{{harken_link}}?a=9"),
        ("postmark", "{{harken_link}}?a=9"),
        ("brevo", "{{ contact.SURVEY_LINK }}?a=9"),
    ],
)
def test_personal_links_come_from_the_recipients_field(snippet_of, provider, link):
    snippet = snippet_of(provider, "links")

    assert f'href="{link}"' in snippet.html
    assert snippet.html.count("?a=") == 11
    assert f"link_column={PROVIDERS[provider].column}" in snippet.steps[0]


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_the_other_way_writes_an_id_into_the_public_link(snippet_of, provider):
    snippet = snippet_of(provider, "rid")

    tag = PROVIDERS[provider].respondent
    assert f'href="{SURVEY_URL}?rid={tag}&amp;a_recommend=9"' in snippet.html
    assert "/x" not in snippet.html
    assert any("unverified" in step for step in snippet.steps)


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
@pytest.mark.parametrize("way", ["links", "rid"])
def test_nothing_a_person_wrote_is_a_tag(snippet_of, survey_of, provider, way):
    hostile = "{{7*7}} {% x %} *|EMAIL|* %%x%% [[x]] ${x} <b>"
    survey = survey_of(
        {"type": "single_choice", "key": "q", "text": hostile, "help": hostile,
         "choices": [{"value": "a", "label": hostile}, {"value": "b", "label": "B"}]},
    )  # fmt: skip
    html = snippet_of(provider, way, survey).html

    own = PROVIDERS[provider].link if way == "links" else PROVIDERS[provider].respondent
    rest = html.replace(own, "").replace('"100%"', "")
    assert not set(rest) & set("{}|[]*$")
    assert "<b>" not in rest
    assert "%" not in rest


def test_a_snippet_carries_all_its_looks(snippet_of, read_mail, question, survey_of):
    html = snippet_of("plain", "links", survey_of(question), "ar").html
    reader = read_mail(html)

    assert reader.unbalanced == []
    assert not {tag for tag, _ in reader.tags} & {"style", "img", "script", "link"}
    assert reader.all_of("table")[0]["dir"] == "rtl"
    assert len(html.encode()) < 12_000


def test_unconfirmed_merge_tags_say_so(snippet_of):
    assert "We have not confirmed" in snippet_of("klaviyo", "links").steps[-1]
    assert "confirmed" not in snippet_of("brevo", "links").steps[-1]
