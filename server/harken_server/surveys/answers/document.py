"""All answers of a response as one document: how they are stored, in the response's own row.

    {"r": {"recommend": 9}, "c": {"reason": "price"}, "t": {"why": "Too slow."}}

`r` holds ratings and places, `n` numbers, `c` chosen values, `t` texts, each by the question or by
`question.part`; `h` lists questions that were hidden. One answer may stand in two of them: a
ranking has `c` and `r`, an "other" choice `c` and `t`. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harken_server.surveys.answers.typed_rows import AnswerRow


class _Document(msgspec.Struct, omit_defaults=True):
    r: dict[str, int] = {}
    n: dict[str, float] = {}
    c: dict[str, str] = {}
    t: dict[str, str] = {}
    h: list[str] = []


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Document).decode


def encode_answers(rows: Iterable[AnswerRow]) -> str:
    """The document of the rows.

    >>> encode_answers([AnswerRow("recommend", rating=9), AnswerRow("why", text="Slow.")])
    '{"r":{"recommend":9},"t":{"why":"Slow."}}'
    """
    document = _Document()
    for question, part, rating, number, choice, text, is_hidden in rows:
        name = f"{question}.{part}" if part else question
        if rating is not None:
            document.r[name] = rating
        if number is not None:
            document.n[name] = number
        if choice is not None:
            document.c[name] = choice
        if text is not None:
            document.t[name] = text
        if is_hidden and question not in document.h:
            document.h.append(question)
    return _encode(document).decode()


def decode_answers(text: str | bytes) -> list[AnswerRow]:
    """The rows of a document, by question and part.

    >>> decode_answers('{"c":{"reason":"other"},"t":{"reason":"Noise"},"h":["reason"]}')
    [AnswerRow(question='reason', part='', rating=None, number=None, choice='other', text='Noise', \
is_hidden=True)]
    """
    document = _decode(text)
    names = {*document.r, *document.n, *document.c, *document.t}
    rows: list[AnswerRow] = []
    for name in names:
        question, _, part = name.partition(".")
        rows.append(
            AnswerRow(
                question,
                part,
                document.r.get(name),
                document.n.get(name),
                document.c.get(name),
                document.t.get(name),
                question in document.h,
            )
        )
    rows.sort(key=_place)
    return rows


def has_text(rows: Iterable[AnswerRow]) -> bool:
    """Whether somebody wrote something that may be listed."""
    return any(row.text is not None and not row.is_hidden for row in rows)


def _place(row: AnswerRow) -> tuple[str, str]:
    return row.question, row.part
