"""How the page looks: themes, logos and schemes, and what its policy lets in."""

from __future__ import annotations

import base64
import re

import msgspec
import pytest
from page_surveys import question, survey_with

from harken_server.channels.page.render import (
    page_style,
    render_ending,
)
from harken_server.surveys.survey import Presentation, Survey, Theme

LOGO = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()


@pytest.mark.parametrize("field", ["accent", "background", "ink"])
def test_a_theme_that_got_past_the_checks_still_cannot_write_style(field):
    theme = Theme(**{field: "#000000</style><script>alert(1)</script>"})

    assert page_style(theme) == page_style(Theme())


@pytest.mark.parametrize("brand", [None, "Fjord & Fell"])
def test_a_logo_stands_above_the_title_and_is_the_only_thing_loaded(page_of, read_page, brand):
    theme = {"logo": LOGO}
    document = page_of(survey_with(question("nps"), presentation={"brand": brand, "theme": theme}))
    html = document.body.decode()
    page = read_page(html)

    [picture] = page.all_of("img")
    assert re.fullmatch(r"\.\./widget/logo/[0-9a-f]{16}\.png", picture["src"] or "")
    assert picture["alt"] == (brand or "")
    assert html.index("<img") < html.index("<h1")
    assert "img-src data: 'self';" in document.policy
    assert LOGO not in html


@pytest.mark.parametrize("logo", [None, "data:image/png;base64,AAAA", "https://evil.example/x.png"])
def test_without_a_good_logo_the_policy_lets_no_picture_in(read_page, logo):
    survey = msgspec.convert(survey_with(question("nps")), Survey)
    looks = Presentation(theme=Theme(logo=logo), brand="Brand")
    survey = msgspec.structs.replace(survey, presentation=looks)

    document = render_ending(survey, None, "en", answers={}, context={})

    page = read_page(document.body.decode())
    assert "Brand" in page.text
    assert not page.all_of("img")
    assert "img-src data:;" in document.policy


@pytest.mark.parametrize("scheme", ["auto", "light", "dark"])
def test_the_page_says_which_schemes_it_has_before_its_style(page_of, read_page, scheme):
    document = page_of(survey_with(question("nps"), presentation={"theme": {"scheme": scheme}}))

    [meta] = [
        have
        for have in read_page(document.body.decode()).all_of("meta")
        if have.get("name") == "color-scheme"
    ]
    assert meta["content"] == ("light dark" if scheme == "auto" else scheme)
