"""Text in XML and HTML: escaped, and without what no such document may hold."""

from __future__ import annotations

import re
from html import escape

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (section 2.2)."""
_REPLACEMENT = "\ufffd"


def xml_text(text: str) -> str:
    r"""The text for an element's content or a quoted attribute of XML, SVG or HTML.

    >>> xml_text("a <b> \x07")
    'a &lt;b&gt; \ufffd'
    """
    return escape(_NO_XML.sub(_REPLACEMENT, text))
