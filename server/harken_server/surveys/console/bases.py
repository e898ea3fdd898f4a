"""The sound text that a form began with, and what becomes of it when something is changed."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from harken_server.surveys.drafting import Judged, judge_text, tree_of
from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.writing import write_tree
from harken_server.surveys.files.yaml_changes import change_text
from harken_server.surveys.titles import title_of

_COMMENT = re.compile(r"(?m)(?:^|[ \t])#")


class Base(NamedTuple):
    """The sound text that a form was made from; the form brings it back."""

    key: str
    text: str
    syntax: Syntax
    title: str

    @property
    def tree(self) -> dict[str, Any]:
        """A new one each time."""
        return tree_of(self.text, self.syntax)

    def changed(self, tree: dict[str, Any]) -> Base | None:
        """With only what says something else changed in the text; None: that has no place."""
        text = change_text(self.text, self.syntax, tree)
        return None if text is None else self._replace(text=text)

    def anew(self, tree: dict[str, Any]) -> Base:
        """Written anew, without comments."""
        return self._replace(text=write_tree(tree, self.saved_as), syntax=self.saved_as)

    @property
    def has_comments(self) -> bool:
        """Whether it may have some that are lost when it is written anew."""
        return self.syntax == "yaml" and _COMMENT.search(self.text) is not None

    def judge(self, tree: dict[str, Any]) -> Judged:
        """Whether the tree is a sound survey."""
        return judge_text(write_tree(tree, self.saved_as), self.saved_as, self.key)

    @property
    def saved_as(self) -> Syntax:
        """TOML is not written, and goes on as YAML."""
        return "json" if self.syntax == "json" else "yaml"


def base_of(key: str, text: str, syntax: Syntax) -> Base | None:
    """A text as the beginning of a form; None where it is no sound survey of this key."""
    survey = judge_text(text, syntax, key).survey
    return None if survey is None else Base(key, text, syntax, title_of(survey, key))
