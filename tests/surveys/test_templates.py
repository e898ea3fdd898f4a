"""Every template of the catalogue is sound, speaks its languages, and can be answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from harken_server.surveys.answers.validation import check_answers, compile_survey
from harken_server.surveys.definition import decode_survey
from harken_server.surveys.logic.paging import plan_page, walk
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.questions.texts import question_texts
from harken_server.surveys.questions.types import LongText, MultipleChoice, Nps
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text
from harken_server.surveys.version_changes import compare_surveys

FOLDER = Path(__file__).parents[2] / "survey_templates"
PAGE = (FOLDER.parent / "docs" / "reference" / "templates.md").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("*.survey.yaml"))


def load(name: str) -> Survey:
    return decode_survey((FOLDER / f"{name}.survey.yaml").read_bytes(), "yaml")


@pytest.fixture(params=FILES, ids=lambda path: path.name.partition(".")[0])
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def template(path: Path) -> Survey:
    return decode_survey(path.read_bytes(), "yaml")


def test_the_catalogue_is_there() -> None:
    assert len(FILES) >= 19


def test_a_template_is_named_like_its_key(path: Path, template: Survey) -> None:
    assert path.name == f"{template.key}.survey.yaml"


def test_a_template_tells_editors_where_its_schema_is(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (FOLDER / named).resolve().name == "survey.schema.json"
    assert (FOLDER / named).exists()


def test_a_template_speaks_english_and_german(template: Survey) -> None:
    assert {template.locale, *template.locales} >= {"en", "de"}


def test_a_template_says_thank_you_and_what_happens_next(template: Survey) -> None:
    assert template.endings
    assert template.endings[-1].show_if is None
    assert all(ending.text is not None for ending in template.endings)


def test_a_template_is_short(template: Survey) -> None:
    limit = 10 if template.key == "sus" else 6
    assert len(template.questions) <= limit


def test_every_text_reads_well_without_any_context(template: Survey) -> None:
    for locale in (template.locale, *template.locales):
        for question in template.questions:
            for below, text in question_texts(question):
                string = resolve_text(text, locale, template.locale)
                shown = substitute(string, {}, {}, template.context)
                assert shown.strip() == shown, (question.key, below)
                assert "{{" not in shown
                assert "  " not in shown


def test_an_empty_response_reaches_an_ending(template: Survey) -> None:
    assert walk(template, {}, {}).ending is not None


def test_every_page_leads_to_the_next(template: Survey) -> None:
    after: str | None = None
    for _ in range(len(template.questions) + 1):
        page = plan_page(template, {}, {}, after)
        if not page.questions:
            break
        after = page.questions[-1].key
    assert not plan_page(template, {}, {}, after).questions


def test_touchpoints_are_asked_by_one_template_only() -> None:
    templates = [decode_survey(file.read_bytes(), "yaml") for file in FILES]
    touchpoints = [key for template in templates for key in template.touchpoints]
    assert len(touchpoints) == len(set(touchpoints))


def test_the_catalogue_page_says_what_a_template_is(template: Survey) -> None:
    title = resolve_text(template.title, "en", "en").replace("|", "\\|")
    about = resolve_text(template.description, "en", "en").strip()
    locales = ", ".join((template.locale, *template.locales))
    mode = f"`{template.widget.mode}`" if template.widget else ""
    cells = [f"`{template.key}`", title, about, str(len(template.questions)), locales, mode]
    assert f"| {' | '.join(cells)} |".replace("|  |", "| |") in PAGE.splitlines()


@pytest.mark.parametrize(
    ("name", "mode", "opens"),
    [
        ("post_purchase", "popover", ["event"]),
        ("website_visit", "popover", ["exit", "time"]),
        ("page_vote", "slide_in", ["scroll", "time"]),
        ("page_feedback", "tab", []),
        ("docs_feedback", "inline", []),
        ("product_market_fit", "slide_in", []),
    ],
)
def test_templates_for_the_web_open_at_a_fitting_moment(
    name: str, mode: str, opens: list[str]
) -> None:
    widget = load(name).widget
    assert widget is not None
    assert widget.mode == mode
    assert [opening.__struct_config__.tag for opening in widget.opens] == opens


def test_the_post_purchase_template_keeps_what_the_readme_relies_on() -> None:
    survey = load("post_purchase")
    recommend, reasons, why = survey.questions
    assert isinstance(recommend, Nps)
    assert (recommend.key, recommend.required) == ("recommend", True)
    assert isinstance(reasons, MultipleChoice)
    assert reasons.key == "reasons"
    assert isinstance(why, LongText)
    assert why.key == "why"
    assert survey.touchpoints == ("order.delivered",)
    assert "store" in survey.context
    assert "nb" in survey.locales
    answers = {"recommend": 9, "reasons": ["delivery"], "why": "Quick."}
    assert check_answers(compile_survey(survey), answers, {}, is_complete=True).problems == ()


@pytest.mark.parametrize("name", ["nps", "restaurant_receipt"])
def test_some_templates_are_written_from_right_to_left_too(name: str) -> None:
    assert "ar" in load(name).locales


def test_a_template_does_not_differ_from_itself(template: Survey) -> None:
    assert compare_surveys(template, template) == ("none", ())
