"""The logo of a survey: a picture chosen from one's files, and kept in the draft's file."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from harken_server.http.pages import Shown
from harken_server.surveys.console.bases import Base, base_of
from harken_server.surveys.console.form_fields import read_at
from harken_server.surveys.console.listing import FOLDER
from harken_server.surveys.console.looks_fields import LOGO
from harken_server.surveys.console.rivals import Rival, find_rival, read_started, save_from
from harken_server.surveys.drafting import Work, find_work
from harken_server.surveys.logo import MAX_LOGO_BYTES, picture_type
from harken_server.workspaces.signed_in import Form, Visit, act, page

_TO_FILE = "This draft has problems that its file shows. Put them right here first."
_NO_PLACE = (
    "The file has comments, and the logo has no place in it as it is laid out. Write "
    "`logo:` into its theme by hand."
)


@page("/surveys/{key:str}/logo", right="edit")
async def show_logo(visit: Visit, key: str) -> Shown:
    """The logo there is, and a field for another."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = base_of(key, work.text, work.syntax)
    if base is None:
        return visit.to(f"/surveys/{key}/file", _TO_FILE)
    return _show(visit, work, base)


@act("/surveys/{key:str}/logo", "save_survey_draft", right="edit")
async def save_logo(visit: Visit, form: Form, key: str) -> Shown:
    """The picture becomes the logo in the draft, or the one there is goes."""
    work = await find_work(visit.db, visit.workspace_id, key)
    base = base_of(key, work.text, work.syntax)
    if base is None:
        return visit.to(f"/surveys/{key}/file", _TO_FILE)
    started, content = read_started(form), form.files.get("logo", b"")
    is_removed = form.text("do") == "remove"
    fault = "" if is_removed else _fault_of(content)
    rival = await find_rival(visit, work, started)
    if fault or rival is not None:
        return _show(visit, work, base, fault, rival)
    tree = _with_logo(base.tree, None if is_removed else content)
    written = base.changed(tree)
    if written is None and base.has_comments:
        return _show(visit, work, base, _NO_PLACE)
    written = written or base.anew(tree)
    if problems := base.judge(tree).problems:
        return _show(visit, work, base, problems[0].message)
    if not await save_from(visit, work, written.text, written.syntax):
        work = await find_work(visit.db, visit.workspace_id, key)
        return _show(visit, work, base, rival=await find_rival(visit, work, started))
    said = "The logo is gone" if is_removed else "The logo is saved"
    return visit.to(
        f"/surveys/{key}/logo", f"{said} in the draft. Nobody sees it before you publish."
    )


def _fault_of(content: bytes) -> str:
    """Why these bytes are no logo; empty where they are one."""
    if not content:
        return "Choose a picture first."
    if len(content) > MAX_LOGO_BYTES:
        return (
            f"A logo may have {MAX_LOGO_BYTES:,} bytes at most; this picture has {len(content):,}. "
            "Make it smaller: 240 pixels of height are plenty."
        )
    return (
        "" if picture_type(content) else "A logo is a PNG, JPEG or WebP picture; this file is none."
    )


def _with_logo(tree: dict[str, Any], content: bytes | None) -> dict[str, Any]:
    *above, last = LOGO
    inside = tree
    for piece in above:
        inside = inside.setdefault(str(piece), {})
    if content is None:
        inside.pop(str(last), None)
    else:
        inside[str(last)] = f"data:{picture_type(content)};base64,{b64encode(content).decode()}"
    return tree


def _show(
    visit: Visit, work: Work, base: Base, fault: str = "", rival: Rival | None = None
) -> Shown:
    return visit.render(
        FOLDER,
        "logo.html",
        title="Logo",
        status=409 if rival else 422 if fault else 200,
        crumbs=(
            ("Surveys", visit.path("/surveys")),
            (base.title, visit.path(f"/surveys/{work.key}")),
            ("Edit", visit.path(f"/surveys/{work.key}/edit")),
        ),
        work=work,
        base=base,
        logo=read_at(base.tree, LOGO),
        fault=fault,
        rival=rival,
    )
