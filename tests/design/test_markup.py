"""Text in XML: whatever it is, the document stays well-formed and the text stays text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hostile_texts import TRICKS

from harken_server.channels.messages.serve.hooks import OutboundText, _twiml
from harken_server.design.markup import xml_text
from harken_server.insights.page.pictures.canvas import words
from harken_server.insights.page.pictures.charts import Segment, draw_stack


def as_xml_keeps_it(text: str) -> str:
    """XML reads every line break as a line feed (XML 1.0, section 2.11)."""
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("trick", [*TRICKS, "a\x00\x08\ufffe\ud800"])
def test_any_text_is_read_back_from_xml_as_text(trick: str) -> None:
    root = ElementTree.fromstring(f'<a b="{xml_text(trick)}">{xml_text(trick)}</a>')

    assert [each.tag for each in root.iter()] == ["a"]
    assert root.text == as_xml_keeps_it(trick)
    assert list(root.attrib) == ["b"]


@pytest.mark.parametrize("trick", TRICKS)
def test_an_answer_to_a_carrier_is_one_message(trick: str) -> None:
    root = ElementTree.fromstring(bytes(_twiml(OutboundText(text=trick, done=True)).content))

    assert [each.tag for each in root.iter()] == ["Response", "Message"]
    assert root[0].text == as_xml_keeps_it(trick)


def test_pictures_of_hostile_labels_are_well_formed() -> None:
    for trick in TRICKS:
        svg = f"<svg>{words(0, trick, 'x')}</svg>"
        assert [each.tag for each in ElementTree.fromstring(svg).iter()] == ["svg", "text"]
        bar = str(draw_stack(trick, 3, (Segment(trick, 3, "good"),)))
        assert {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(bar).iter()} <= {
            "svg", "title", "rect", "text",
        }  # fmt: skip
