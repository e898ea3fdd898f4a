"""A survey's texts, choices and looks as fields of one form, and what was sent put into its tree.

The form is in one of the survey's languages; in any but its own it has the texts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple, get_args

from harken_server.surveys.console.choice_lists import ListBox, Sent, list_boxes
from harken_server.surveys.console.form_fields import (
    Language,
    Path,
    TextBox,
    language_of,
    name_of,
    put_text,
    text_box,
)
from harken_server.surveys.console.looks_fields import look_in_file, looks_of
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import Question, Says

LANGUAGE = "language"
"""The field that says in which language the form is."""
KINDS: dict[str, type[Question]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Question)
}
_SHORT_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
_LABELS = {
    "text": "Question",
    "help": "Help under it",
    "low_label": "Low end",
    "high_label": "High end",
    "placeholder": "Example in the field",
    "label": "Beside the box",
    "other": "Last choice, with an answer of one's own",
    "none": "Choice that excludes all others",
}


class QuestionBox(NamedTuple):
    """A question with all that can be changed of it."""

    place: int
    key: str
    kind: str
    texts: tuple[TextBox, ...]
    """What it asks first, and then what stands around it."""
    lists: tuple[ListBox, ...]
    is_required: bool | None
    """None: it takes no answer, or the form is in another language than the survey's own."""

    @property
    def name(self) -> str:
        """Of the question in the form."""
        return name_of(("questions", self.place))


class SurveyForm(NamedTuple):
    """Everything that the form shows."""

    language: Language
    head: tuple[TextBox, ...]
    questions: tuple[QuestionBox, ...]
    endings: tuple[tuple[TextBox, ...], ...]
    looks: tuple[TextBox, ...]

    def boxes(self) -> Iterator[TextBox]:
        """Every text, in its order."""
        yield from self.head
        for question in self.questions:
            yield from question.texts
            for each in question.lists:
                yield from (box for _, box in each.choices)
        for ending in self.endings:
            yield from ending
        yield from self.looks

    @property
    def missing(self) -> int:
        """How many texts are shown in the survey's own language to who reads this one."""
        return sum(box.is_missing for box in self.boxes())


def form_of(tree: Mapping[str, Any], wanted: str = "") -> SurveyForm:
    """The form of a survey's tree, whose shape is sound, in a language."""
    language = language_of(tree, wanted)
    places, endings = range(len(tree["questions"])), range(len(tree.get("endings", ())))
    head = (
        text_box(tree, ("title",), "Title", language, is_optional=False),
        text_box(
            tree, ("intro",), "Introduction", language, rows=2, help="Above the first question."
        ),
    )
    return SurveyForm(
        language=language,
        head=_worded(head, language),
        questions=tuple(_question_box(tree, place, language) for place in places),
        endings=tuple(_ending_boxes(tree, place, language) for place in endings),
        looks=tuple(looks_of(tree)) if language.is_source else (),
    )


def _worded(boxes: Iterable[TextBox], language: Language) -> tuple[TextBox, ...]:
    """All in the survey's own language; in another those of which that has words."""
    return tuple(box for box in boxes if language.is_source or box.source)


def with_texts(tree: Mapping[str, Any], sent: Sent) -> dict[str, Any]:
    """The tree with what was typed in the place of what was there; other languages stay."""
    changed = deepcopy(dict(tree))
    form = form_of(tree, sent.get(LANGUAGE, [""])[0])
    for box in form.boxes():
        if box.name in sent:
            typed = sent[box.name][0].strip()
            if typed != box.value.strip():
                put_text(changed, box, look_in_file(box, typed), form.language)
    for question in form.questions:
        if f"{question.name}.text" in sent and question.is_required is not None:
            _require(changed["questions"][question.place], f"{question.name}.required" in sent)
    return changed


def field_errors(form: SurveyForm, problems: Iterable[PlacedProblem]) -> dict[str, str]:
    """Each problem at the nearest field that holds it; what has none is under an empty name."""
    lists = (each.name for question in form.questions for each in question.lists)
    names = {*(box.name for box in form.boxes()), *lists}
    found: dict[str, list[str]] = {}
    for problem in problems:
        name = _nearest(problem.path.removeprefix("$."), names)
        said = problem.message if name else f"{problem.path}: {problem.message}"
        found.setdefault(name, []).append(f"{said} {problem.hint}".strip())
    return {name: " ".join(said) for name, said in found.items()}


def _nearest(path: str, names: set[str]) -> str:
    fitting = [name for name in names if path == name or path.startswith((f"{name}.", f"{name}["))]
    return max(fitting, key=len, default="")


def _question_box(tree: Mapping[str, Any], place: int, language: Language) -> QuestionBox:
    question, path = tree["questions"][place], ("questions", place)
    kind = KINDS[question["type"]]
    texts = [
        text_box(tree, (*path, name), _label(name), language, rows=2 if name == "text" else 0,
                 is_optional=name not in {"text", "label"})
        for name, says in fields_of(kind).items()
        if says is Says.TEXT or name == "other"
    ]  # fmt: skip
    if "none" in question:
        texts.append(text_box(tree, (*path, "none", "label"), _label("none"), language))
    lists = [name for name, says in fields_of(kind).items() if says is Says.ENTRIES]
    can_be_required = kind.behaviour.takes_answer and language.is_source
    return QuestionBox(
        place=place,
        key=question["key"],
        kind=_kind_in_words(question["type"]),
        texts=_worded(sorted(texts, key=lambda box: box.path[-1] != "text"), language),
        lists=tuple(list_boxes(tree, path, lists, language)),
        is_required=bool(question.get("required", False)) if can_be_required else None,
    )


def _kind_in_words(tag: str) -> str:
    return _SHORT_NAMES.get(tag) or tag.replace("_", " ").capitalize()


def _ending_boxes(tree: Mapping[str, Any], place: int, language: Language) -> tuple[TextBox, ...]:
    path: Path = ("endings", place)
    boxes = [
        text_box(tree, (*path, "title"), "Title", language, is_optional=False),
        text_box(tree, (*path, "text"), "Text", language, rows=2),
    ]
    if "link" in tree["endings"][place]:
        boxes.append(text_box(tree, (*path, "link_label"), "On its button", language))
    return _worded(boxes, language)


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _require(question: dict[str, Any], is_required: bool) -> None:  # The field's own value.
    if bool(question.get("required", False)) != is_required:
        question["required"] = is_required
