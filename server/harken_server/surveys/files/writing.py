"""A survey written as a file that people like to read and edit."""

from __future__ import annotations

import json
from typing import Any, cast

import msgspec
import yaml

from harken_server.surveys.files.parsing import Syntax
from harken_server.surveys.files.yaml_tree import reads_as_text
from harken_server.surveys.survey import Survey

WIDTH = 100
_BREAKS_A_LINE = ("\n", "\x85", "\u2028", "\u2029", "\ufeff")
"""What YAML reads as the end of a line, or leaves away."""


class _Dumper(yaml.SafeDumper):
    """Quotes whatever our reader would take for something else than a text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # PyYAML's own signature.
        super().increase_indent(flow, indentless=False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    is_plain = reads_as_text(text) and not any(each in text for each in _BREAKS_A_LINE)
    style = None if is_plain else '"'
    written: Any = cast("Any", dumper).represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return written


_Dumper.add_representer(str, _represent_text)


def write_survey(survey: Survey) -> str:
    """The survey as YAML, its fields in the order in which they are documented."""
    return write_tree(msgspec.json.decode(msgspec.json.encode(survey)), "yaml")


def write_tree(tree: Any, syntax: Syntax) -> str:
    """A plain tree as JSON, or else as YAML, which `read_tree` reads as the same."""
    if syntax == "json":
        return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def write_flow(value: Any) -> str:
    """A value as YAML on one line, to stand anywhere in a file."""
    written = yaml.dump(
        [value], Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=True,
        width=float("inf"),
    )  # fmt: skip
    return written.strip()[1:-1]
