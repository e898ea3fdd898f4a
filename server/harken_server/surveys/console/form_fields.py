"""Fields of the form that edits a survey: each a text of the file, in one of its languages.

Each is named by its path in the file, so that a problem of the file is one of a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias, cast

from harken_server.kernel.documents.paths import child_path
from harken_server.kernel.languages import fallback_chain, language_name

Path: TypeAlias = tuple[str | int, ...]
Option: TypeAlias = tuple[str, str]


class Language(NamedTuple):
    """In which language a form has its texts."""

    locale: str
    source: str
    """The survey's own."""
    offered: tuple[str, ...]
    """All of the survey's, its own first."""

    @property
    def is_source(self) -> bool:
        """Whether it is the survey's own."""
        return self.locale == self.source

    @property
    def name(self) -> str:
        """In itself."""
        return language_name(self.locale)

    @property
    def source_name(self) -> str:
        """Of the survey's own language, in itself."""
        return language_name(self.source)


class TextBox(NamedTuple):
    """A text in the form's language."""

    path: Path
    label: str
    value: str
    """Empty where the language has no words of its own."""
    help: str = ""
    rows: int = 0
    is_optional: bool = True
    kind: str = "text"
    """Of the input."""
    options: tuple[Option, ...] = ()
    """Of a list to choose from; then the value is the file's word."""
    source: str = ""
    """In the survey's own language, where the form is in another."""

    @property
    def name(self) -> str:
        """Of the form's field: its path in the file, without the root."""
        return name_of(self.path)

    @property
    def is_missing(self) -> bool:
        """Whether people who read the form's language are shown the survey's own words."""
        return bool(self.source) and not self.value


def language_of(tree: Mapping[str, Any], wanted: str = "") -> Language:
    """The language asked for, if the survey has it; else its own."""
    source = str(tree.get("locale", "en"))
    offered = tuple(dict.fromkeys((source, *tree.get("locales", ()))))
    return Language(wanted if wanted in offered else source, source, offered)


def text_box(
    tree: Mapping[str, Any], path: Path, label: str, language: Language, *,
    rows: int = 0, help: str = "", is_optional: bool = True,  # noqa: A002  # As the macro has it.
) -> TextBox:  # fmt: skip
    """The field of a text of the tree."""
    text = read_at(tree, path)
    source = say(text, language.source)
    if language.is_source:
        return TextBox(path, label, source, help, rows, is_optional)
    value = say(text, language.locale) if isinstance(text, dict) else ""
    return TextBox(path, label, "" if value == source else value, rows=rows, source=source)


def put_text(tree: Any, box: TextBox, typed: str | bool, language: Language) -> None:
    """Put what was typed in the place of what the tree says; other languages stay as they are.

    A text that was the same in every language stays so in the others.
    """
    *above, last = box.path
    for piece in above:
        tree = tree.setdefault(piece, {}) if isinstance(piece, str) else tree[piece]
    current = tree.get(last)
    if language.is_source and typed == "" and box.is_optional:
        tree.pop(last, None)
    elif isinstance(current, dict):
        current[language.locale] = typed or box.source
    elif language.is_source:
        tree[last] = typed
    elif current is not None:
        tree[last] = dict.fromkeys(language.offered, current) | {language.locale: typed}


def read_at(tree: Any, path: Path) -> Any:
    """What the tree has at a path; None where there is nothing."""
    for piece in path:
        if isinstance(piece, str) and piece not in tree:
            return None
        tree = tree[piece]
    return tree


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
    """A text of the tree in one language, or a wider one of it; empty where it has none."""
    if isinstance(value, dict):
        texts = cast("dict[str, str]", value)
        return next((texts[each] for each in fallback_chain(locale, locale) if each in texts), "")
    return "" if value is None else str(value)
