"""Publishing a survey that opens in another way; what else somebody drafts of it stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harken_server.channels.widget.openings import DETAILS, Wish, with_opening
from harken_server.surveys.drafting import (
    Work,
    find_work,
    judge_text,
    save_work,
    source_of,
    text_of_version,
    tree_of,
)
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.publish import Pushed, push_survey
from harken_server.surveys.sharing import Shared
from harken_server.surveys.survey import Survey

_FIELDS = {"$.widget.opens[0].on": "way", "$.widget.sample_rate": "visitors"}
_SAID = {
    "visitors": "Visitors asked: a number above 0, 100 at most.",
    "way": "It opens in one of the ways of the list.",
}


class Outcome(NamedTuple):
    """What was published, or by the form's fields why nothing was."""

    survey: Survey | None
    pushed: Pushed | None
    refused: dict[str, str]


async def publish_opening(shared: Shared, wish: Wish) -> Outcome:
    """Make it the next version. Raises ConflictError when somebody publishes at this moment."""
    visit, record = shared.visit, shared.loaded.record
    work = await find_work(visit.db, visit.workspace_id, shared.key)
    text, syntax = await text_of_version(visit.db, visit.workspace_id, record, record.version)
    text, syntax = _rewritten(text, syntax, wish)
    judged = judge_text(text, syntax, shared.key)
    refused = _refusals(judged.problems, wish)
    if judged.survey is None or refused:
        return Outcome(None, None, refused)
    pushed = await push_survey(
        visit.db, visit.workspace, judged.survey, now=visit.now(), new_id=visit.runtime.new_id,
        source=source_of(text, syntax),
    )  # fmt: skip
    await _carry_on(shared, work, wish, pushed.version)
    return Outcome(judged.survey, pushed, {})


async def _carry_on(shared: Shared, work: Work, wish: Wish, version: int) -> None:
    """Have the draft open so too, or publishing it would take this back."""
    visit, draft = shared.visit, work.draft
    if draft is None or judge_text(draft.text, draft.format, work.key).survey is None:
        return
    text, syntax = _rewritten(draft.text, draft.format, wish)
    await save_work(
        visit.db, visit.workspace_id, work.key, text=text, syntax=syntax, revision=work.revision,
        version=draft.version if work.is_behind else version, account_id=visit.account.id,
        now=visit.now(), new_id=visit.runtime.new_id,
    )  # fmt: skip


def _rewritten(text: str, syntax: Syntax, wish: Wish) -> tuple[str, Syntax]:
    """TOML is not written, and goes on as YAML."""
    written: Syntax = "json" if syntax == "json" else "yaml"
    return write_tree(with_opening(tree_of(text, syntax), wish), written), written


def _refusals(problems: Iterable[PlacedProblem], wish: Wish) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in problems:
        is_detail = problem.path.startswith("$.widget.opens")
        field = _FIELDS.get(problem.path, "detail" if is_detail else "way")
        name = DETAILS.get(wish.way, "file").capitalize()
        said = f"{name}: {problem.message}"
        found[field] = _SAID[field] if problem.path in _FIELDS else said
    if wish.visitors and not wish.visitors.strip("0."):
        found["visitors"] = _SAID["visitors"]
    return found
