"""The message: what it says, where its links lead, and that every mail program can draw it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from every_type import TYPES, asked, question_of

from harken_server.kernel.colours import contrast, parse_colour

GOLDEN = Path(__file__).parent / "golden"
LINK = "https://feedback.example.com/e/ABCDEFGHJKMNP"
HOSTILE = "<script>alert(1)</script>\"'{{7*7}}&\u202e"


def answer_links(reader):
    found = [have["href"] for have in reader.all_of("a")]
    return [link.removeprefix(f"{LINK}?a=") for link in found if "?a=" in link]


@pytest.mark.parametrize(
    ("name", "locale", "is_reminder"),
    [("nps-en", "en", False), ("nps-de-reminder", "de", True), ("nps-ar", "ar", False)],
)
def test_the_text_part_reads_as_written_down(mail_of, name, locale, is_reminder):
    mail = mail_of(locale=locale, is_reminder=is_reminder, context={"guest": "Ada"})

    written = f"Subject: {mail.subject}\nPreheader: {mail.preheader}\n\n{mail.text}"
    assert written == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_a_reader_hears_every_cell_of_the_message(mail_of, read_mail):
    reader = read_mail(mail_of().html)

    spoken = [have.get("aria-label", "") for have in reader.all_of("a") if "?a=" in have["href"]]
    assert spoken[0] == "0 of 10: Not at all likely"
    assert spoken[5] == "5 of 10"
    assert spoken[10] == "10 of 10: Extremely likely"
    assert "0 = Not at all likely" in reader.text
    assert "10 = Extremely likely" in reader.text


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("nps", [str(point) for point in range(11)]),
        ("csat", ["1", "2", "3", "4", "5"]),
        ("stars", ["1", "2", "3", "4", "5"]),
        ("smileys", ["1", "2", "3", "4", "5"]),
        ("ces", ["1", "2", "3", "4", "5", "6", "7"]),
        ("eleven", [str(point) for point in range(11)]),
        ("thumbs", ["1", "2"]),
        ("choices", ["work", "fun", "other"]),
        ("pair", ["yes", "no"]),
        ("long_text", []),
        ("matrix", []),
    ],
)
def test_each_answer_is_a_link_in_html_and_in_text(mail_of, read_mail, questions, kind, values):
    mail = mail_of(questions[kind])

    assert answer_links(read_mail(mail.html)) == values
    assert re.findall(rf"{LINK}\?a=(\w+)\n", mail.text) == values


def test_every_message_leads_to_the_page_and_out(mail_of, read_mail, question):
    mail = mail_of(question)
    links = [have["href"] for have in read_mail(mail.html).all_of("a")]

    assert LINK in links
    assert "https://feedback.example.com/u/token" in links
    assert f"{LINK}\n" in mail.text
    assert "https://feedback.example.com/u/token" in mail.text


def test_the_trap_is_kept_from_people(mail_of, read_mail, question):
    mail = mail_of(question)
    reader = read_mail(mail.html)

    traps = [have for have in reader.all_of("a") if have["href"].endswith("/x")]
    assert len(traps) == 1
    assert traps[0]["aria-hidden"] == "true"
    assert traps[0]["tabindex"] == "-1"
    assert reader.style_of(traps[0])["display"] == "none"
    assert "/x" not in mail.text


def test_the_message_loads_nothing_and_stays_small(mail_of, read_mail, question):
    html = mail_of(question, locale="de").html
    reader = read_mail(html)

    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"img", "link", "script", "iframe", "form", "input", "object", "svg", "base"}
    assert not re.search(r"url\(|@import|src=", html)
    assert len(html.encode()) < 30_000


def test_tables_are_layout_with_colours_outlook_reads(mail_of, read_mail, question):
    reader = read_mail(mail_of(question).html)

    assert reader.unbalanced == []
    assert reader.open == []
    for table in reader.all_of("table"):
        assert table["role"] == "presentation"
        assert (table["cellpadding"], table["border"]) == ("0", "0")
    cells = [have for have in reader.all_of("td") if "bgcolor" in have]
    assert cells
    for cell in cells:
        style = reader.style_of(cell)
        assert style["background-color"] == cell["bgcolor"]
        assert "mso-padding-alt" in style
    for link in reader.all_of("a"):
        style = reader.style_of(link)
        assert style["display"] == "none" if "/x" in link["href"] else "color" in style
    starts = sum(comment.startswith("[if mso]") for comment in reader.comments)
    assert starts == len(reader.comments) >= 2


@pytest.mark.parametrize("accent", ["#0b6e5f", "#ffd400", "#000000", "#ffffff", "#ff0000"])
@pytest.mark.parametrize("scheme", ["light", "dark", "auto"])
def test_text_stands_out_from_what_it_stands_on(mail_of, read_mail, survey_of, accent, scheme):
    survey = survey_of(presentation={"theme": {"accent": accent, "scheme": scheme}})
    reader = read_mail(mail_of(survey=survey).html)

    ground, seen = "", 0
    for _, have in reader.tags:
        style = reader.style_of(have)
        ground = style.get("background-color", ground)
        if "color" in style:
            seen += 1
            assert contrast(parse_colour(style["color"]), parse_colour(ground)) >= 4.5
    assert seen > 15


@pytest.mark.parametrize("accent", ["#0b6e5f", "#ffd400", "#000000", "#ffffff", "#ff0000"])
def test_dark_colours_stand_out_as_well(mail_of, survey_of, accent):
    html = mail_of(survey=survey_of(presentation={"theme": {"accent": accent}})).html
    dark = html.split("@media (prefers-color-scheme:dark){")[1].split("[data-ogsc]")[0]

    def colour(name, property_):
        return parse_colour(re.search(rf"\.hk-{name}{{[^}}]*?{property_}:(#\w+)", dark)[1])

    card, page = colour("card", "background-color"), colour("page", "background-color")
    assert contrast(colour("ink", "color"), card) >= 4.5
    assert contrast(colour("muted", "color"), card) >= 4.5
    assert contrast(colour("muted", "color"), page) >= 4.5
    assert contrast(colour("answer", "color"), colour("cell", "background-color")) >= 4.5
    assert contrast(colour("go", "color"), colour("button", "background-color")) >= 4.5


def test_a_theme_of_one_scheme_has_no_other(mail_of, survey_of):
    html = mail_of(survey=survey_of(presentation={"theme": {"scheme": "dark"}})).html

    assert "prefers-color-scheme" not in html
    assert '<meta name="color-scheme" content="dark only">' in html


def test_right_to_left_messages_are_mirrored(mail_of, read_mail):
    mail = mail_of(locale="ar")
    reader = read_mail(mail.html)

    assert mail.direction == "rtl"
    assert reader.all_of("html")[0] == reader.all_of("html")[0] | {"lang": "ar", "dir": "rtl"}
    assert {table.get("dir", "rtl") for table in reader.all_of("table")} == {"rtl"}
    assert "left" not in {have.get("align") for have in reader.all_of("td")[2:4]}
    assert answer_links(reader) == [str(point) for point in range(11)]


def test_texts_of_people_stay_texts(mail_of, read_mail, survey_of):
    survey = survey_of(
        {"type": "single_choice", "key": "q", "text": HOSTILE, "help": HOSTILE,
         "choices": [{"value": "a", "label": HOSTILE}, {"value": "b", "label": "B"}]},
        title="{{context.guest}}", intro="Hi {{context.guest}}",
        presentation={"brand": HOSTILE},
    )  # fmt: skip
    mail = mail_of(survey=survey, context={"guest": HOSTILE}, postal_line=HOSTILE)
    reader = read_mail(mail.html)

    assert "script" not in {tag for tag, _ in reader.tags}
    assert reader.unbalanced == []
    assert "49" not in reader.text
    assert reader.text.count("<script>alert(1)</script>") >= 5
    assert "\u202e" not in mail.subject + mail.text


def test_a_line_break_in_the_context_adds_no_header(mail_of, survey_of):
    survey = survey_of(title="For {{context.guest}}")
    mail = mail_of(survey=survey, context={"guest": "Ada\r\nBcc: all@example.com\x00\x1b[2J"})

    assert mail.subject == "For Ada Bcc: all@example.com[2J"
    assert "\r" not in mail.text
    assert "\x1b" not in mail.text


def test_a_subject_is_never_empty_nor_endless(mail_of, survey_of):
    empty = mail_of(survey=survey_of(title="{{context.guest}}", context={"guest": ""}))
    long = mail_of(survey=survey_of(title="long " * 300))

    assert empty.subject.startswith("How likely are you")
    assert len(long.subject) == 200
    assert long.subject.endswith("…")


def test_a_survey_may_have_words_of_its_own_for_mail(mail_of, read_mail, survey_of):
    words = {"subject": "A question, {{context.guest}}", "preheader": "Ten seconds.", "intro": "Hi"}
    mail = mail_of(survey=survey_of(email=words), context={"guest": "Ada"})
    text = read_mail(mail.html).text

    assert (mail.subject, mail.preheader) == ("A question, Ada", "Ten seconds.")
    assert "Hi\n" in mail.text
    assert "Ten seconds." in text
    assert "thank you for staying" not in text


def test_the_first_question_is_the_one_this_recipient_meets(mail_of, read_mail, survey_of):
    is_vip = {"op": "equals", "context": "guest", "value": "vip"}
    first = {
        "type": "nps",
        "key": "one",
        "text": "For others",
        "show_if": {"op": "not", "of": is_vip},
    }
    survey = survey_of(questions=[first, {"type": "csat", "key": "two", "text": "For you"}])

    vip = read_mail(mail_of(survey=survey, context={"guest": "vip"}).html)
    other = read_mail(mail_of(survey=survey).html)

    assert (len(answer_links(vip)), len(answer_links(other))) == (5, 11)
    assert "For you" in vip.text
    assert "For others" in other.text


@pytest.mark.parametrize("kind", TYPES)
def test_a_message_asks_itself_what_one_press_answers(mail_of, read_mail, kind):
    links = answer_links(read_mail(mail_of(asked(kind)).html))

    assert bool(links) == question_of(kind).behaviour.is_one_press
