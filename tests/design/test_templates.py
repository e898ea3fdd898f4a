"""Templates: what people wrote is text, and what is missing is a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from harken_server.design.templates import open_templates


def test_texts_of_people_are_escaped_and_a_missing_value_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>{{ text }}</p>", "utf-8")
    template = open_templates(tmp_path).get_template("page.html")

    assert template.render(text="<b>&") == "<p>&lt;b&gt;&amp;</p>"
    with pytest.raises(UndefinedError):
        template.render()


def test_the_first_folder_that_has_a_template_gives_it(tmp_path: Path) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    for folder, text in ((own, "own"), (shared, "shared")):
        folder.mkdir()
        (folder / "head.html").write_text(text, "utf-8")
    (shared / "foot.html").write_text("foot", "utf-8")

    found = open_templates(own, shared)

    assert found.get_template("head.html").render() == "own"
    assert found.get_template("foot.html").render() == "foot"
