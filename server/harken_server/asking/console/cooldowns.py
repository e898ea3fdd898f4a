"""When people are left in peace, for all surveys of a workspace: shown and changed."""

from __future__ import annotations

from pathlib import Path

from harken_server.http.pages import Shown
from harken_server.surveys.asking import Clocks, Escalation, WorkspaceAsking
from harken_server.surveys.store.touchpoints import get_workspace_asking, put_workspace_asking
from harken_server.workspaces.console.settings import tabs_of
from harken_server.workspaces.field_errors import Errors
from harken_server.workspaces.signed_in import Form, Visit, act, page

FOLDER = Path(__file__).parents[1] / "templates"
MAX_DAYS = 3650
MAX_ANSWERS = 20
CLOCKS = {
    "asked_days": ("After somebody was asked", "On any channel."),
    "shown_days": ("After the widget was shown", "Answered or not."),
    "dismissed_days": ("After the widget was closed", "Without an answer."),
    "answered_days": ("After a whole answer", ""),
}
"""What each clock runs from."""
POOR, WITHIN = "poor_answers", "within_days"


@page("/settings/asking", right="manage")
async def show_asking(visit: Visit) -> Shown:
    """The rules as they are."""
    asking = await get_workspace_asking(visit.db, visit.workspace_id)
    values = {name: f"{getattr(asking.cooldown, name):g}" for name in CLOCKS}
    escalation = asking.escalation
    values["escalates"] = "on" if escalation else ""
    escalation = escalation or Escalation()
    values |= {POOR: str(escalation.poor_answers), WITHIN: f"{escalation.within_days:g}"}
    return _form(visit, values, {})


@act("/settings/asking", "put_asking", right="manage")
async def change_asking(visit: Visit, form: Form) -> Shown:
    """Replace the rules."""
    values = {name: form.text(name) for name in (*CLOCKS, "escalates", POOR, WITHIN)}
    asking, errors = read_asking(values)
    if errors:
        return _form(visit, values, errors)
    await put_workspace_asking(visit.db, visit.workspace_id, asking)
    visit.note(cooldown={name: getattr(asking.cooldown, name) for name in CLOCKS})
    return visit.to("/settings/asking", said="The rules of asking were saved.")


def read_asking(values: dict[str, str]) -> tuple[WorkspaceAsking, Errors]:
    """The rules that a form says, and a sentence for each field that is no good."""
    errors: Errors = {}
    clocks = {
        name: _number(errors, name, label, values[name], MAX_DAYS, "days")
        for name, (label, _) in CLOCKS.items()
    }
    escalation = None
    if values["escalates"]:
        poor = _number(errors, POOR, "Poor answers", values[POOR], MAX_ANSWERS, "answers", low=1)
        within = _number(errors, WITHIN, "Within", values[WITHIN], MAX_DAYS, "days", low=1)
        if poor != int(poor):
            errors[POOR] = "Poor answers must be a whole number."
        escalation = Escalation(poor_answers=int(poor), within_days=within)
    return WorkspaceAsking(cooldown=Clocks(**clocks), escalation=escalation), errors


def _number(  # noqa: PLR0917  # the field, as it is told
    errors: Errors, name: str, label: str, text: str, high: int, unit: str, low: int = 0
) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if low <= number <= high:
        return number
    errors[name] = f"{label} must be a number from {low} to {high} ({unit}), not “{text[:40]}”."
    return 0.0


def _form(visit: Visit, values: dict[str, str], errors: Errors) -> Shown:
    return visit.render(
        FOLDER, "asking.html", title="Asking", tabs=tabs_of(visit), clocks=CLOCKS, values=values,
        errors=errors, status=422 if errors else 200,
    )  # fmt: skip
