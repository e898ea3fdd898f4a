"""Codes of stores and tills in the console: pasted or uploaded, made, printed, closed."""

from __future__ import annotations

import io
import re
import zipfile

import httpx
import pytest
from api_client import SURVEY, Api
from paper_reading import pdf_texts, read_code, read_png
from place_steps import PLACES, make_codes, urls_of
from signed_in import SignedIn, sign_in
from svg_symbols import draw_symbol

from harken_server.workspaces.people.rules import Role

TWELVE = "Store;Till\n" + "\n".join(f"Oslo {n}; Till {n % 2 + 1}" for n in range(1, 13))


@pytest.fixture
async def editor(api: Api) -> SignedIn:
    await api.push()
    return await sign_in(api, "editor")


async def upload(editor: SignedIn, content: bytes, **fields: str) -> httpx.Response:
    return await editor.http.post(
        editor.at(f"{PLACES}/check"),
        data={"csrf": await editor.token(), **fields},
        files={"file": ("stores.csv", content, "text/csv")},
    )


async def test_twelve_pasted_lines_are_looked_at_made_and_taken_home(
    api: Api, editor: SignedIn
) -> None:
    looked = await editor.post(f"{PLACES}/check", places=TWELVE)

    assert looked.status_code == 200
    assert "Make 12 codes" in looked.text
    assert "12 stores are new" in looked.text
    assert (await api.http.get("/v1/stores")).json() == {"stores": []}
    kept = re.search(r'<textarea name="places" hidden>\n(.*?)</textarea>', looked.text, re.DOTALL)
    assert kept is not None, looked.text
    page = await make_codes(editor, kept[1])
    urls = urls_of(page)
    assert len(urls) == 12
    link = re.search(r'href="[^"]*(/places/codes.zip\?made=\d+)"', page.text)
    assert link is not None
    file = await editor.http.get(editor.at(f"/share/post_purchase{link[1]}"))
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    names = {f"Oslo {n}, Till {n % 2 + 1}" for n in range(1, 13)}
    assert set(archive.namelist()) == {f"{n}.{kind}" for n in names for kind in ("png", "svg")}
    for name in names:
        png = read_code(read_png(archive.read(f"{name}.png")))
        assert png == read_code(draw_symbol(archive.read(f"{name}.svg")))
        urls.remove(png)
    assert not urls


async def test_what_is_scanned_says_which_store_and_till(api: Api, editor: SignedIn) -> None:
    page = await make_codes(editor, "Oslo 1; Till 7")
    (url,) = urls_of(page)
    shown = await api.http.get(url.partition(".com")[2])
    assert shown.status_code == 200
    answer_id = shown.text.partition('name="r" value="')[2].partition('"')[0]
    api.clock.move(seconds=2)
    fields = {"r": answer_id, "v": "1", "after": "", "go": "next", "a_recommend": "9"}
    await api.http.post(url.partition(".com")[2], data=fields)

    stored = (await api.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]
    seen = await editor.get(PLACES)

    (response,) = stored
    assert response["context"]["store"] == "Oslo 1"
    assert response["context"]["till"] == "Till 7"
    assert "First answer just now" in seen.text


async def test_the_same_list_again_makes_nothing(api: Api, editor: SignedIn) -> None:
    await make_codes(editor, "Oslo 1; Till 1\nBergen")

    looked = await editor.post(f"{PLACES}/check", places="Oslo 1; Till 1\nBergen")
    again = await make_codes(editor, "Oslo 1; Till 1\nBergen")
    api.clock.move(minutes=1)
    more = await make_codes(editor, "Oslo 1; Till 2\nBergen")

    assert "All of them have codes already." in looked.text
    assert "Print what you just made" not in again.text
    assert len(urls_of(more)) == 1
    assert len((await api.http.get("/v1/stores")).json()["stores"]) == 2
    assert len((await api.http.get("/v1/tills")).json()["tills"]) == 2


@pytest.mark.parametrize(
    "content",
    [
        "Store,Till\nMalmö 1,Kassa\n".encode("cp1252"),
        "\ufeffMalmö 1;Kassa\r\n".encode(),
        "Malmö 1\tKassa".encode("utf-16"),
        '"Malmö 1"\t"Kassa"\r\r'.encode(),
    ],
)
async def test_files_of_other_programs_are_read(editor: SignedIn, content: bytes) -> None:
    looked = await upload(editor, content)

    assert looked.status_code == 200
    assert '<td dir="auto">Malmö 1</td><td dir="auto">Kassa</td>' in looked.text


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ("", "The list has 1 to 500 places, one a line; this one has none."),
        ("Oslo\n;Till 1", "Line 2 (store): has no store before the till."),
        ("Oslo\nOslo", "Line 2 (store): is the same as line 1."),
        ("Oslo; 1; 2", "Line 1 (till): has 3 fields"),
        ("x" * 121, "Line 1 (store): has a name of 121 characters; 120 are the most."),
        (f"Oslo;{'x' * 115}", "Line 1 (till): has a name of 121 characters; 120 are the most."),
        ("Oslo\u202e1", "Line 1 (store): has a store that holds U+202E"),
        ("\n".join(f"Oslo {n}" for n in range(501)), "one a line; this one has more."),
    ],
)
async def test_a_bad_line_is_named_and_nothing_is_made_or_lost(
    api: Api, editor: SignedIn, places: str, said: str
) -> None:
    looked = await editor.post(f"{PLACES}/check", places=places)
    made = await editor.post(f"{PLACES}/make", places=f"Tromsø\n{places}" if places else "")

    assert looked.status_code == 422
    assert said in looked.text
    assert f"\n{places.strip()}</textarea>" in looked.text
    assert made.status_code == 422
    assert (await api.http.get("/v1/stores")).json() == {"stores": []}


async def test_a_file_that_is_no_text_is_refused(editor: SignedIn) -> None:
    looked = await upload(editor, b"PK\x03\x04\x00\x00\x00")

    assert looked.status_code == 422
    assert "The file is no text" in looked.text


async def test_a_place_is_renamed_on_labels_and_closed(api: Api, editor: SignedIn) -> None:
    page = await make_codes(editor, "Oslo")
    (url,) = urls_of(page)
    code = url.rpartition("/")[2]

    asked = await editor.get(PLACES, rename=code)
    renamed = await editor.post(f"{PLACES}/{code}/rename", name="Oslo, Karl Johan")
    refused = await editor.post(f"{PLACES}/{code}/rename", name="x" * 121)
    labelled = await editor.get(f"{PLACES}/labels.pdf")
    closed = await editor.post(f"{PLACES}/{code}/close")
    scanned = await api.http.get(url.partition(".com")[2])

    assert 'value="Oslo"' in asked.text
    assert renamed.status_code == 303
    assert refused.status_code == 422
    assert "A name has 1 to 120 characters, not 121." in refused.text
    assert f'value="{"x" * 121}"' in refused.text
    assert "Karl Johan" in " ".join(pdf_texts(labelled.content)[0].split())
    assert closed.status_code == 303
    assert "No codes yet" in (await editor.get(PLACES)).text
    assert scanned.status_code == 404
    assert (await editor.post(f"{PLACES}/{code}/close")).status_code == 404


async def test_another_surveys_codes_are_not_its_own(api: Api, editor: SignedIn) -> None:
    other = {**SURVEY, "key": "visit", "touchpoints": ["visit.ended"]}
    await api.push(other)
    page = await make_codes(editor, "Oslo")
    (url,) = urls_of(page)
    code = url.rpartition("/")[2]

    closed = await editor.post(f"/share/visit/places/{code}/close")

    assert closed.status_code == 404
    assert not urls_of(await editor.get("/share/visit/places"))


async def test_a_survey_without_touchpoint_gets_one_for_its_places(
    api: Api, editor: SignedIn
) -> None:
    await api.push({**SURVEY, "key": "visit", "touchpoints": []})

    made = await editor.post("/share/visit/places/make", places="Oslo")

    page = await editor.http.get(made.headers["location"])
    (url,) = urls_of(page)
    assert (await api.http.get(url.partition(".com")[2])).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "analyst", "frontline"])
async def test_who_may_not_share_makes_and_takes_no_codes(api: Api, role: Role) -> None:
    await api.push()
    visitor = await sign_in(api, role)

    assert (await visitor.get(PLACES)).status_code == 403
    assert (await visitor.get(f"{PLACES}/codes.zip")).status_code == 403
    assert (await visitor.post(f"{PLACES}/make", places="Oslo")).status_code == 403
    assert (await api.http.get("/v1/stores")).json() == {"stores": []}


async def test_a_form_with_a_file_needs_the_token(editor: SignedIn) -> None:
    files = {"file": ("stores.csv", b"Oslo", "text/csv")}

    reply = await editor.http.post(editor.at(f"{PLACES}/check"), data={}, files=files)

    assert reply.status_code == 403
