"""Share: which survey, its link with QR and poster, and whether each way was seen working."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from api_client import SURVEY, Api
from paper_reading import draw_pdf, pdf_texts, read_code, read_png
from signed_in import SignedIn, sign_in
from svg_symbols import draw_symbol

from harken_server.workspaces.people.rules import Role


@pytest.fixture
async def editor(api: Api) -> SignedIn:
    await api.push()
    return await sign_in(api, "editor")


async def test_one_survey_is_gone_straight_to(editor: SignedIn) -> None:
    reply = await editor.get("/share")

    assert reply.status_code == 303
    assert reply.headers["location"] == "/console/default/share/post_purchase"


async def test_with_none_the_way_to_templates_is_shown(api: Api) -> None:
    editor = await sign_in(api, "editor")

    page = await editor.get("/share")

    assert "Choose a template" in page.text
    assert 'href="/console/default/surveys"' in page.text


async def test_of_several_one_is_chosen(api: Api, editor: SignedIn) -> None:
    await api.push({**SURVEY, "key": "visit", "title": "Your <b>visit"})

    page = await editor.get("/share")

    assert page.status_code == 200
    assert "Your &lt;b&gt;visit" in page.text
    assert "/share/post_purchase" in page.text


async def test_the_link_and_its_code_are_one(editor: SignedIn) -> None:
    page = await editor.get("/share/post_purchase")

    assert page.status_code == 200
    shown = re.search(r'data-copy="([^"]+/s/[^"]+)"', page.text)
    drawn = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page.text)
    assert shown is not None
    assert drawn is not None
    url = shown[1]
    assert read_code(draw_symbol(b64decode(drawn[1]))) == url
    png = await editor.get("/share/post_purchase/qr.png")
    assert png.headers["content-disposition"] == 'attachment; filename="post_purchase-qr.png"'
    assert read_code(read_png(png.content)) == url
    svg = await editor.get("/share/post_purchase/qr.svg")
    assert read_code(draw_symbol(svg.content)) == url


@pytest.mark.parametrize(("paper", "width"), [("a4", 210), ("a5", 148), ("a6", 105)])
async def test_a_poster_has_the_title_a_line_and_the_code(
    editor: SignedIn, paper: str, width: int
) -> None:
    pdf = await editor.get("/share/post_purchase/poster.pdf", paper=paper, line="Café? Scan.")

    assert pdf.headers["content-type"] == "application/pdf"
    (page,) = draw_pdf(pdf.content)
    assert page.width == pytest.approx(width / 25.4 * 150, abs=2)
    assert read_code(page).endswith("/s/post_purchase")
    (words,) = pdf_texts(pdf.content)
    assert "Your order" in words
    assert "Café? Scan." in words


async def test_letters_that_the_pdf_lacks_lead_to_the_page_to_print(editor: SignedIn) -> None:
    pdf = await editor.get("/share/post_purchase/poster.pdf", line="סרקו כאן", paper="a5")
    page = await editor.http.get(pdf.headers["location"])

    assert pdf.status_code == 303
    assert "Our own PDF has no letters for" in page.text
    assert 'direction="rtl">סרקו כאן</text>' in page.text
    assert 'class="paper a5"' in page.text


@pytest.mark.parametrize("line", ["x" * 121, "a\u202eb"])
async def test_a_line_that_cannot_be_printed_is_named(editor: SignedIn, line: str) -> None:
    reply = await editor.get("/share/post_purchase/poster.pdf", line=line)

    assert reply.status_code == 422
    assert "The line below" in reply.text


async def test_each_way_says_when_an_answer_came(api: Api, editor: SignedIn) -> None:
    before = await editor.get("/share/post_purchase")
    await api.submit({"recommend": 9}, channel="web")
    api.clock.move(minutes=3)
    first = await editor.get("/share/post_purchase")
    await api.submit({"recommend": 9}, channel="web")
    api.clock.move(days=30)
    later = await (await sign_in(api, "editor")).get("/share/post_purchase")

    assert "Nothing yet: open the link once yourself." in before.text
    assert re.search(r'<a [^>]*target="_blank" rel="noopener">.*Open it once yourself', before.text)
    assert "First answer 3 minutes ago" in first.text
    assert "Last answer 21 Nov 2026" in later.text


async def test_a_survey_that_is_not_live_says_so(api: Api, editor: SignedIn) -> None:
    closed = await api.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})
    assert closed.status_code == 200, closed.text

    page = await editor.get("/share/post_purchase")
    poster = await editor.get("/share/post_purchase/poster.pdf")

    assert "takes no answers now" in page.text
    assert poster.status_code == 404


@pytest.mark.parametrize("role", ["viewer", "analyst", "frontline"])
async def test_who_may_not_share_is_refused(api: Api, role: Role) -> None:
    await api.push()
    visitor = await sign_in(api, role)

    for path in ("", "/post_purchase", "/post_purchase/qr.png", "/post_purchase/code"):
        assert (await visitor.get(f"/share{path}")).status_code == 403
    assert (await visitor.post("/share/post_purchase/code/key")).status_code == 403
    assert (await visitor.post("/share/post_purchase/widget/key", origins="")).status_code == 403


async def test_the_write_key_is_shown_once_and_triggers(api: Api) -> None:
    await api.push()
    owner = await sign_in(api)

    made = await owner.post("/share/post_purchase/code/key")
    again = await owner.get("/share/post_purchase/code")

    found = re.search(r"hk_[a-z2-7]{32}", made.text)
    assert found is not None
    assert "order.delivered" in made.text
    assert found[0] not in again.text
    reply = await api.http.post(
        "/v1/triggers",
        json={"touchpoint": "order.delivered", "respondent": "ada"},
        headers={"authorization": f"Bearer {found[0]}"},
    )
    assert reply.status_code == 201
    audit = (await api.http.get("/v1/audit", params={"action": "create_key"})).json()["entries"]
    assert [entry["detail"] for entry in audit] == [{"scopes": ["write"]}]


async def test_an_editor_makes_no_write_key(editor: SignedIn) -> None:
    page = await editor.get("/share/post_purchase/code")

    assert "An owner of the workspace makes the key" in page.text
    assert (await editor.post("/share/post_purchase/code/key")).status_code == 403
