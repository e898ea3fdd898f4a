"""Beginning a survey: the gallery of templates, and a draft of one under a key of one's own."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import partial
from urllib.parse import urlencode

from harken_server.http.pages import Shown
from harken_server.kernel.errors import NotFoundError
from harken_server.surveys.console.listing import FOLDER
from harken_server.surveys.drafting import judge_text, save_work, tree_of
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.files.yaml_changes import change_text
from harken_server.surveys.gallery import WAYS, Template, find_templates, read_gallery
from harken_server.surveys.store import drafts, surveys
from harken_server.surveys.survey import SURVEY_KEY_PATTERN
from harken_server.surveys.texts import MAX_TEXT_CHARS
from harken_server.workspaces.signed_in import Form, Visit, act, page

MAX_KEY_CHARS = 64
_TAKEN_BY_PAGES = frozenset({"new"})
"""Keys whose pages would be others."""


@page("/surveys/new", right="edit")
async def show_gallery(visit: Visit) -> Shown:
    """The templates, narrowed by who asks, industry, stage, channel and words; one to try."""
    said = visit.said()
    wanted = {way: said[way] for way in WAYS if said.get(way) in WAYS[way][1]}
    words = said.get("q", "").strip()
    selects = [
        (way, label, [("", "All"), *options.items()], wanted.get(way, ""))
        for way, (label, options) in WAYS.items()
    ]
    templates = find_templates(wanted, words)
    names = [template.name for template in templates]
    asked = said.get("template", "")
    return visit.render(
        FOLDER,
        "gallery.html",
        title="New survey",
        crumbs=(("Surveys", visit.path("/surveys")),),
        templates=templates,
        selects=selects,
        wanted=words,
        chosen=asked if asked in names else next(iter(names), ""),
        is_chosen=asked in names,
        query_with=partial(_query_with, wanted | ({"q": words} if words else {})),
    )


def _query_with(narrowed: dict[str, str], template: str) -> str:
    """Of the gallery narrowed as it is, with this template to try."""
    return urlencode({**narrowed, "template": template})


@page("/surveys/new/{template:str}", right="edit")
async def show_template(visit: Visit, template: str) -> Shown:
    """One template: what it asks, a page to try, and a form to begin with it."""
    found = _template(template)
    return await _show(visit, found, found.title, await free_key(visit, found.name))


@act("/surveys/new/{template:str}", "begin_survey", right="edit")
async def begin(visit: Visit, form: Form, template: str) -> Shown:
    """A draft of the template under the title and key that were typed."""
    found = _template(template)
    title, key = form.text("title"), form.text("key")
    if form.text("do") == "propose":
        return await _show(visit, found, title, await free_key(visit, key_of(title)))
    errors = _title_errors(title) | await key_errors(visit, key)
    if errors:
        return await _show(visit, found, title, key, errors)
    text = text_with(found, title, key)
    problems = judge_text(text, "yaml", key).problems
    if problems:
        return await _show(visit, found, title, key, {"title": problems[0].message})
    is_saved = await save_work(
        visit.db, visit.workspace_id, key, text=text, syntax="yaml", revision=0, version=0,
        account_id=visit.account.id, now=visit.now(), new_id=visit.runtime.new_id,
    )  # fmt: skip
    if not is_saved:
        return await _show(visit, found, title, key, {"key": _taken(key)})
    visit.note(key=key)
    return visit.to(f"/surveys/{key}/edit", "Your draft is ready. Nobody sees it yet.")


def _template(name: str) -> Template:
    found = read_gallery().get(name)
    if found is None:
        raise NotFoundError(f"There is no template {name!r}.", code="template_unknown")
    return found


async def _show(
    visit: Visit, template: Template, title: str, key: str, errors: dict[str, str] | None = None
) -> Shown:
    return visit.render(
        FOLDER,
        "template.html",
        title=template.shown_title,
        status=422 if errors else 200,
        crumbs=(("Surveys", visit.path("/surveys")), ("New survey", visit.path("/surveys/new"))),
        template=template,
        values={"title": title, "key": key},
        errors=defaultdict(str, errors or {}),
    )


def text_with(template: Template, title: str, key: str) -> str:
    """The template's file with another title and key; other languages of the title go.

    Its comments and its order stay.
    """
    root = tree_of(template.text, "yaml")
    root["key"] = key
    if title != template.title:
        root["title"] = title
    return change_text(template.text, "yaml", root) or write_tree(root, "yaml")


def key_of(title: str) -> str:
    """A key that a title suggests.

    >>> key_of("Wie war Ihr Café-Besuch?"), key_of("3 Fragen"), key_of("???")
    ('wie_war_ihr_cafe_besuch', 'survey_3_fragen', 'survey')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not key or not key[0].isalpha():
        key = f"survey_{key}".strip("_")
    return key[:MAX_KEY_CHARS].strip("_")


async def key_errors(visit: Visit, key: str) -> dict[str, str]:
    """Why no new survey may have this key, under the field's name."""
    if not key:
        return {"key": "A survey needs a key."}
    if not re.fullmatch(SURVEY_KEY_PATTERN, key) or len(key) > MAX_KEY_CHARS:
        return {
            "key": "A key has lower-case letters, digits and _, first a letter, "
            f"{MAX_KEY_CHARS} characters at most."
        }
    return {"key": _taken(key)} if await _is_taken(visit, key) else {}


def _title_errors(title: str) -> dict[str, str]:
    if not title:
        return {"title": "A survey needs a title."}
    if len(title) > MAX_TEXT_CHARS:
        said = f"A title may have {MAX_TEXT_CHARS} characters at most, not {len(title)}."
        return {"title": said}
    return {}


async def free_key(visit: Visit, key: str) -> str:
    """The key, or with the next number behind it that is free."""
    for number in range(1, 100):
        tried = key if number == 1 else f"{key[: MAX_KEY_CHARS - 3]}_{number}"
        if not await _is_taken(visit, tried):
            return tried
    return key


async def _is_taken(visit: Visit, key: str) -> bool:
    if key in _TAKEN_BY_PAGES:
        return True
    if await surveys.get_survey(visit.db, visit.workspace_id, key) is not None:
        return True
    return await drafts.get_draft(visit.db, visit.workspace_id, key) is not None


def _taken(key: str) -> str:
    return f"There is a survey with the key {key} already; choose another."
