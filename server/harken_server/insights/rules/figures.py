"""Numbers and days as people read them: short, with a real minus and an em dash for nothing."""

from __future__ import annotations

from datetime import date

from harken_server.design.times import say_day
from harken_server.insights.rules.scores import Unit
from harken_server.insights.rules.trends import Period
from harken_server.kernel.numbers import write_number, write_share

NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
_DECIMALS: dict[Unit, int] = {"points": 0, "percent": 0, "mean": 2, "index": 1}


def show_score(value: float | None, unit: Unit) -> str:
    r"""A score in its unit; NPS and percentages whole, means with two decimals.

    >>> show_score(-3.6, "points") == "\N{MINUS SIGN}4"
    True
    >>> show_score(90.0, "percent"), show_score(4.5, "mean")
    ('90%', '4.50')
    >>> show_score(None, "points")
    '—'
    """
    return show_share(value) if unit == "percent" else show_number(value, _DECIMALS[unit])


def show_signed(value: float | None, unit: Unit) -> str:
    """The same with a plus where points above nothing could be taken for a count.

    >>> show_signed(4.2, "points"), show_signed(0.2, "points"), show_signed(90.0, "percent")
    ('+4', '0', '90%')
    """
    text = show_score(value, unit)
    return f"+{text}" if unit == "points" and value is not None and round(value) > 0 else text


def show_number(value: float | None, decimals: int = 0) -> str:
    """A number with a thousands comma and a fixed number of decimals; never "-0".

    >>> show_number(12345.6), show_number(-0.2), show_number(2.5, 1)
    ('12,346', '0', '2.5')
    """
    if value is None:
        return NOTHING
    return write_number(value, decimals, thousands=True).replace("-", MINUS)


def show_share(percent: float | None) -> str:
    """A percentage (`write_share`).

    >>> show_share(0.4), show_share(0), show_share(41.5), show_share(99.7), show_share(None)
    ('<1%', '0%', '42%', '>99%', '—')
    """
    return NOTHING if percent is None else write_share(percent)


def show_short(n: int) -> str:
    """A count for narrow places.

    >>> show_short(999), show_short(12_345), show_short(3_400_000)
    ('999', '12k', '3.4M')
    """
    if n < 1_000:
        return str(n)
    size, letter = (n / 1e6, "M") if n >= 999_500 else (n / 1e3, "k")
    return f"{write_number(size, 1 if size < 9.95 else 0)}{letter}"


def show_interval(low: float | None, high: float | None, unit: Unit, level: float) -> str:
    """An interval and how sure it is, in words.

    >>> show_interval(1.2, 9.6, "points", 0.95)
    '95% interval 1 to 10'
    """
    return f"{show_level(level)} interval {show_score(low, unit)} to {show_score(high, unit)}"


def show_level(level: float) -> str:
    """The share of intervals that hold the truth.

    >>> show_level(0.8)
    '80%'
    """
    return f"{100 * level:.0f}%"


def count_answers(n: int) -> str:
    """How many answers there are, in words.

    >>> count_answers(1), count_answers(1_200)
    ('1 answer', '1,200 answers')
    """
    return "1 answer" if n == 1 else f"{n:,} answers"


def count_proved(n: int, proved: int | None) -> str:
    """Of how many answers it is proved who sent them, in words; empty where nobody counted them.

    >>> count_proved(412, 380), count_proved(2, 0), count_proved(2, 2), count_proved(9, None)
    ('sender proved for 380 (92%)', 'sender proved for none', 'sender proved for all', '')
    """
    if proved is None or not n:
        return ""
    if proved in {0, n}:
        return "sender proved for all" if proved else "sender proved for none"
    return f"sender proved for {proved:,} ({show_share(100 * proved / n)})"


def show_day_near(day: date, today: date) -> str:
    """A day as people say it within a week, else as a day.

    >>> show_day_near(date(2026, 11, 20), date(2026, 11, 21))
    'yesterday'
    >>> show_day_near(date(2026, 11, 16), date(2026, 11, 21))
    '5 days ago'
    """
    back = (today - day).days
    if 0 <= back < 2:
        return ("today", "yesterday")[back]
    return f"{back} days ago" if 2 <= back < 7 else say_day(day)


def show_start(first: date, period: Period) -> str:
    """The start of a period under an axis: `16 Nov`, or `Nov 26` for a month."""
    return f"{first:%b %y}" if period == "month" else f"{first.day} {first:%b}"
