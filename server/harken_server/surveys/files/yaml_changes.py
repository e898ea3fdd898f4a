"""The text of a YAML or JSON file changed in place: what says the same stays as it was typed.

The text is one that `read_tree` accepted: it has no anchors, aliases or tags, and is bounded in
size and depth. Its values are found by the marks of the parser, and only their characters are
replaced, so that comments, order, quotes and blank lines of all else stay byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias, cast

import yaml

from harken_server.kernel.errors import Problem
from harken_server.surveys.files.parsing import Syntax, read_tree
from harken_server.surveys.files.yaml_values import (
    is_short,
    write_as_before,
    write_inline,
    write_lines,
)

_Map: TypeAlias = "dict[str, Any]"
_List: TypeAlias = "list[Any]"
_NAMES = ("key", "value")
"""Of the field by which an entry of a list is known again."""


class _Splice(NamedTuple):
    """What takes the place of a piece of the text."""

    start: int
    end: int
    text: str


class _UnplacedError(Exception):
    """The change has no place in the text as it is laid out."""


def change_text(text: str, syntax: Syntax, tree: _Map) -> str | None:
    """The text with only those pieces changed that say something else than the tree.

    None: it cannot be changed so, and must be written anew. What is given back reads as the tree.
    """
    before = read_tree(text.encode(), syntax)
    if syntax == "toml" or isinstance(before, Problem):
        return None
    try:
        root = cast("yaml.Node", yaml.CSafeLoader(text).get_single_node())
        changed = _Changes(text, is_json=syntax == "json").apply(root, before.root, tree)
    except (_UnplacedError, yaml.YAMLError):
        return None
    after = read_tree(changed.encode(), syntax)
    return None if isinstance(after, Problem) or after.root != tree else changed


class _Changes:
    """Of one text; positions are those of its characters."""

    def __init__(self, text: str, *, is_json: bool) -> None:
        self._text = text
        self._is_json = is_json

    def apply(self, root: yaml.Node, old: Any, new: Any) -> str:
        return self._spliced(0, len(self._text), [*self._between(root, old, new)])

    def _spliced(self, start: int, end: int, splices: list[_Splice]) -> str:
        pieces: list[str] = []
        for splice in sorted(splices):
            pieces += (self._text[start : splice.start], splice.text)
            start = splice.end
        return "".join((*pieces, self._text[start:end]))

    def _between(self, node: yaml.Node, old: Any, new: Any) -> Iterator[_Splice]:
        if old == new and type(old) is type(new):
            return
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict):
            yield from self._in_map(node, old, cast("_Map", new))
        elif isinstance(node, yaml.SequenceNode) and isinstance(new, list):
            yield from self._in_list(node, old, cast("_List", new))
        else:
            yield self._replaced(node, new)

    def _replaced(self, node: yaml.Node, new: Any) -> _Splice:
        start, end = node.start_mark.index, self._end(node)
        if isinstance(new, (dict, list)) and not is_short(new) and self._is_in_block(node):
            while self._text[start - 1] == " ":
                start -= 1
            return _Splice(start, end, "\n" + write_lines(new, self._indent_at(start) + 2))
        return _Splice(start, end, write_as_before(new, node, self._text, is_json=self._is_json))

    def _in_map(self, node: yaml.MappingNode, old: _Map, new: _Map) -> Iterator[_Splice]:
        entries = _entries(node)
        if not new or not entries:
            yield self._replaced(node, new)
            return
        for key, value in entries:
            if key.value in new:
                yield from self._between(value, old[key.value], new[key.value])
        if gone := [place for place, (key, _) in enumerate(entries) if key.value not in new]:
            yield from self._without(node, gone)
        added = {key: value for key, value in new.items() if key not in old}
        if added:
            at = self._end(entries[-1][1])
            if node.flow_style:
                yield _Splice(at, at, ", " + self._inside(added))
            else:
                at = self._line_end(at)
                yield _Splice(at, at, "\n" + write_lines(added, node.start_mark.column))

    def _inside(self, added: _Map) -> str:
        """Entries of a map between braces, without these."""
        return write_inline(added, is_json=self._is_json)[1:-1]

    def _without(self, node: yaml.MappingNode, gone: list[int]) -> Iterator[_Splice]:
        entries = _entries(node)
        for place in gone:
            (key, value), is_last = entries[place], place == len(entries) - 1
            start, end = key.start_mark.index, self._end(value)
            if not node.flow_style and self._begins_line(start):
                yield _Splice(self._line_start(start), self._next_line(end), "")
            elif not is_last:
                yield _Splice(start, self._plain(start, end, entries[place + 1][0]), "")
            elif node.flow_style and place > 0 and place - 1 not in gone:
                yield _Splice(self._end(entries[place - 1][1]), end, "")
            else:
                raise _UnplacedError

    def _plain(self, start: int, end: int, following: yaml.Node) -> int:
        """Where the entry after one begins, unless there is a comment between."""
        if "#" in self._text[end : following.start_mark.index]:
            raise _UnplacedError(start)
        return following.start_mark.index

    def _in_list(self, node: yaml.SequenceNode, old: _List, new: _List) -> Iterator[_Splice]:
        items = cast("list[yaml.Node]", node.value)
        before, after = [_name_of(each) for each in old], [_name_of(each) for each in new]
        if before == after:
            for item, one, other in zip(items, old, new, strict=True):
                yield from self._between(item, one, other)
            return
        chunks = self._chunks(node)
        order = [before.index(name) for name in after if name in before]
        if not order:
            raise _UnplacedError
        kept_new = [each for each in new if _name_of(each) in before]
        kept = [
            self._spliced(*chunks[place], [*self._between(items[place], old[place], one)])
            for place, one in zip(order, kept_new, strict=True)
        ]
        added = [self._written(node, each) for each in new if _name_of(each) not in before]
        seams = self._seams(chunks, sorted(order), len(added), is_flow=bool(node.flow_style))
        pieces = [piece for pair in zip(seams, (*kept, *added), strict=True) for piece in pair]
        yield _Splice(chunks[0][0], chunks[-1][1], "".join(pieces))

    def _seams(
        self, chunks: list[tuple[int, int]], kept: list[int], added: int, *, is_flow: bool
    ) -> list[str]:
        """What stands before each entry, as before: comments on their own stay, blanks go."""
        between = ["", *(self._text[one[1] : two[0]] for one, two in pairwise(chunks))]
        if is_flow:
            if any("#" in seam for seam in between):
                raise _UnplacedError
            usual = between[1] if len(between) > 1 else ", "
            return ["", *([usual] * (len(kept) + added - 1))]
        seams: list[str] = []
        left = ""
        for place, seam in enumerate(between):
            if place in kept:
                seams.append(left + seam)
                left = ""
            elif seam.strip():
                left += seam.rstrip("\n")
        if left:
            raise _UnplacedError
        seams[0] = seams[0].lstrip("\n")
        return [*seams, *(["\n"] * added)]

    def _chunks(self, node: yaml.SequenceNode) -> list[tuple[int, int]]:
        """From where to where each entry of a list stands, its comments with it."""
        items = cast("list[yaml.Node]", node.value)
        if node.flow_style:
            return [(item.start_mark.index, self._end(item)) for item in items]
        found: list[tuple[int, int]] = []
        for item in items:
            dash = self._dash_before(item.start_mark.index)
            start = self._with_comments(dash, found[-1][1] if found else 0)
            found.append((start, self._line_end(self._end(item))))
        return found

    def _dash_before(self, at: int) -> int:
        """The start of the line of an entry, which nothing but its dash begins."""
        start = self._line_start(at)
        if self._text[start:at].strip(" ") != "-":
            raise _UnplacedError
        return start

    def _with_comments(self, start: int, most: int) -> int:
        """The same with the lines of comments directly above."""
        while start - 1 > most:
            above = self._line_start(start - 1)
            if above < most or not self._text[above:start].lstrip().startswith("#"):
                return start
            start = above
        return start

    def _written(self, node: yaml.SequenceNode, new: Any) -> str:
        """A new entry like the one before it."""
        last = cast("yaml.CollectionNode", node.value[-1])
        if node.flow_style:
            return write_inline(new, is_json=self._is_json)
        if last.flow_style:
            return " " * node.start_mark.column + "- " + write_inline(new, is_json=False)
        return write_lines([new], node.start_mark.column)

    def _end(self, node: yaml.Node) -> int:
        """After the last character of a value; comments and blanks behind it are not of it."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last: Any = node.value[-1]
            return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(self._text[start:end].rstrip())

    def _is_in_block(self, node: yaml.Node) -> bool:
        """Whether a value may go on over lines: nothing but its key, and the dash, is before it."""
        line = self._text[self._line_start(node.start_mark.index) : node.start_mark.index]
        return not self._is_json and line.rstrip().endswith(":") and not set(line) & set("{[,\"'")

    def _indent_at(self, at: int) -> int:
        """The column of the key that begins the line, after a dash."""
        line = self._text[self._line_start(at) : at]
        return len(line) - len(line.lstrip(" -"))

    def _begins_line(self, at: int) -> bool:
        return not self._text[self._line_start(at) : at].strip()

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end

    def _next_line(self, at: int) -> int:
        return min(self._line_end(at) + 1, len(self._text))


def _entries(node: yaml.MappingNode) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    return cast("list[tuple[yaml.ScalarNode, yaml.Node]]", node.value)


def _name_of(entry: Any) -> Any:
    """By what an entry of a list is known again."""
    if isinstance(entry, dict):
        named = cast("_Map", entry)
        name = next((named[each] for each in _NAMES if each in named), None)
        if name is not None:
            return name
    raise _UnplacedError
