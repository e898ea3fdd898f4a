"""A survey's texts, choices and looks as fields of one form, and what was sent put into its tree.

Each field is named by its path in the file, so that a problem of the file is one of a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias, cast, get_args

from harken_server.kernel.documents.paths import child_path
from harken_server.surveys.console.choice_lists import ListBox, list_boxes
from harken_server.surveys.files.problem_places import PlacedProblem
from harken_server.surveys.questions.texts import fields_of
from harken_server.surveys.questions.types import Question, Says

Path: TypeAlias = tuple[str | int, ...]
Sent: TypeAlias = Mapping[str, list[str]]
Option: TypeAlias = tuple[str, str]

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
}
_THEME: Path = ("presentation", "theme")


class TextBox(NamedTuple):
    """A text in the survey's own language."""

    path: Path
    label: str
    value: str
    help: str = ""
    rows: int = 0
    is_optional: bool = True
    kind: str = "text"
    """Of the input."""
    options: tuple[Option, ...] = ()
    """Of a list to choose from; then the value is the file's word."""

    @property
    def name(self) -> str:
        """Of the form's field: its path in the file, without the root."""
        return name_of(self.path)


class QuestionBox(NamedTuple):
    """A question with all that can be changed of it."""

    place: int
    key: str
    kind: str
    text: TextBox
    further: tuple[TextBox, ...]
    lists: tuple[ListBox, ...]
    is_required: bool | None
    """None: it takes no answer."""

    @property
    def name(self) -> str:
        """Of the question in the form."""
        return name_of(("questions", self.place))


class SurveyForm(NamedTuple):
    """Everything that the form shows."""

    head: tuple[TextBox, ...]
    questions: tuple[QuestionBox, ...]
    endings: tuple[tuple[TextBox, ...], ...]
    looks: tuple[TextBox, ...]

    def boxes(self) -> Iterator[TextBox]:
        """Every text, in its order."""
        yield from self.head
        for question in self.questions:
            yield question.text
            yield from question.further
            for each in question.lists:
                for path, label, value in each.choices:
                    yield TextBox(path, label, value, is_optional=False)
        for ending in self.endings:
            yield from ending
        yield from self.looks


def form_of(tree: Mapping[str, Any]) -> SurveyForm:
    """The form of a survey's tree, whose shape is sound."""
    locale = tree.get("locale", "en")
    questions = [_question_box(tree, place, locale) for place in range(len(tree["questions"]))]
    endings = [_ending_boxes(tree, place, locale) for place in range(len(tree.get("endings", ())))]
    head = (
        _box(tree, ("title",), "Title", locale, is_optional=False),
        _box(tree, ("intro",), "Introduction", locale, rows=2, help="Above the first question."),
    )
    return SurveyForm(head, tuple(questions), tuple(endings), tuple(_looks(tree)))


def name_of(path: Path) -> str:
    """The name of a form's field.

    >>> name_of(("questions", 2, "text"))
    'questions[2].text'
    """
    name = "$"
    for piece in path:
        name = child_path(name, piece)
    return name.removeprefix("$.")


def say(value: Any, locale: str) -> str:
    """A text of the tree in one language."""
    if isinstance(value, dict):
        return str(cast("dict[str, Any]", value).get(locale, ""))
    return "" if value is None else str(value)


def with_texts(tree: Mapping[str, Any], sent: Sent) -> dict[str, Any]:
    """The tree with what was typed in the place of what was there; other languages stay."""
    changed = deepcopy(dict(tree))
    form = form_of(tree)
    for box in form.boxes():
        if box.name in sent:
            typed = sent[box.name][0].strip()
            if typed != box.value.strip():
                _put(changed, box, typed, tree.get("locale", "en"))
    for question in form.questions:
        if question.text.name in sent and question.is_required is not None:
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


def _question_box(tree: Mapping[str, Any], place: int, locale: str) -> QuestionBox:
    question, path = tree["questions"][place], ("questions", place)
    kind = KINDS[question["type"]]
    texts = [
        _box(tree, (*path, name), _label(name), locale, rows=2 if name == "text" else 0,
             is_optional=name not in {"text", "label"})
        for name, says in fields_of(kind).items()
        if says is Says.TEXT or name == "other"
    ]  # fmt: skip
    lists = [name for name, says in fields_of(kind).items() if says is Says.ENTRIES]
    takes_answer = kind.behaviour.takes_answer
    return QuestionBox(
        place=place,
        key=question["key"],
        kind=_kind_in_words(question["type"]),
        text=next(box for box in texts if box.path[-1] == "text"),
        further=tuple(box for box in texts if box.path[-1] != "text"),
        lists=tuple(list_boxes(question, path, lists, lambda value: say(value, locale), name_of)),
        is_required=bool(question.get("required", False)) if takes_answer else None,
    )


def _kind_in_words(tag: str) -> str:
    return _SHORT_NAMES.get(tag) or tag.replace("_", " ").capitalize()


def _ending_boxes(tree: Mapping[str, Any], place: int, locale: str) -> tuple[TextBox, ...]:
    path = ("endings", place)
    return (
        _box(tree, (*path, "title"), "Title", locale, is_optional=False),
        _box(tree, (*path, "text"), "Text", locale, rows=2),
    )


def _looks(tree: Mapping[str, Any]) -> Iterator[TextBox]:
    yield _box(tree, ("presentation", "brand"), "Brand", "", help="Above the survey, as text.")
    accent = _read(tree, (*_THEME, "accent")) or "#0b6e5f"
    help_ = "Of buttons and chosen ratings, such as #0b6e5f."
    yield TextBox(
        (*_THEME, "accent"), "Colour", str(accent), help_, is_optional=False, kind="color"
    )
    for path, label, options in _CHOSEN:
        value = str(_read(tree, path) or options[0][0])
        yield TextBox(path, label, value, is_optional=False, options=options)


_CHOSEN: Sequence[tuple[Path, str, tuple[Option, ...]]] = (
    (
        (*_THEME, "font"),
        "Font",
        (("system", "Plain"), ("serif", "Serif"), ("rounded", "Rounded"), ("mono", "Typewriter")),
    ),
    (
        (*_THEME, "radius"),
        "Corners",
        (("large", "Round"), ("small", "Slightly round"), ("none", "Square")),
    ),
    (
        (*_THEME, "scheme"),
        "Light or dark",
        (("auto", "As the device has it"), ("light", "Light"), ("dark", "Dark")),
    ),
    (
        ("presentation", "pages"),
        "Pages",
        (("single", "All on one page, as far as possible"), ("question", "One question a page")),
    ),
)
"""What is chosen from a list; the first is the file's default."""


def _box(
    tree: Mapping[str, Any], path: Path, label: str, locale: str, *,
    rows: int = 0, help: str = "", is_optional: bool = True,  # noqa: A002  # As the macro has it.
) -> TextBox:  # fmt: skip
    return TextBox(path, label, say(_read(tree, path), locale), help, rows, is_optional)


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _read(tree: Any, path: Path) -> Any:
    for piece in path:
        if isinstance(piece, str) and piece not in tree:
            return None
        tree = tree[piece]
    return tree


def _put(tree: Any, box: TextBox, typed: str, locale: str) -> None:
    *above, last = box.path
    for piece in above:
        tree = tree.setdefault(piece, {}) if isinstance(piece, str) else tree[piece]
    current = tree.get(last)
    if not typed and box.is_optional:
        tree.pop(last, None)
    elif isinstance(current, dict):
        current[locale] = typed
    else:
        tree[last] = typed


def _require(question: dict[str, Any], is_required: bool) -> None:  # The field's own value.
    if bool(question.get("required", False)) != is_required:
        question["required"] = is_required
