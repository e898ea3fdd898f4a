"""A hosted page filled in as people do, and what is on it: scripts for any browser's console."""

from __future__ import annotations

FILL = """for (const [name, value] of Object.entries(arguments[0]))
  for (const field of document.forms[0].querySelectorAll(`[name="${name}"]`)) {
    if (/radio|checkbox/.test(field.type)) {
      if ([value].flat().includes(field.value) && !field.checked) field.click();
    } else {
      field.value = value;
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }
  }"""
"""Takes values by field name."""
STATE = """const found = {};
for (const field of document.forms[0].elements)
  if (/^a_/.test(field.name) && (/radio|checkbox/.test(field.type) ? field.checked : field.value))
    found[field.name] = field.type == "checkbox"
      ? [...(found[field.name] || []), field.value] : field.value;
return found"""
"""What would be sent, by field name."""
EVERY_TYPE = {
    "a_recommend": "9",
    "a_room": "4",
    "a_easy": "6",
    "a_food": "3",
    "a_pool": "7",
    "a_again": "2",
    "a_why": "other",
    "a_why.other": "A wedding",
    "a_used": ["spa", "gym"],
    "a_staff.desk": "good",
    "a_rank.1": "quiet",
    "a_rank.2": "place",
    "a_rank.3": "price",
    "a_comment": "Half a\nthought",
    "a_nights": "3",
    "a_nickname": "Ada",
    "a_arrival": "2026-11-02",
    "a_mail": "ada@",
    "a_phone": "12",
    "a_ok": ["yes"],
}
"""Fields of the survey `every_type`, some not as they can be sent."""


def as_function(script: str) -> str:
    """The script for a browser whose console takes a function."""
    return f"(...given) => (function () {{ {script} }})(...given)"
