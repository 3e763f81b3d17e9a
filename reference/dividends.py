"""Dividends: section 1(a)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from reference.position import Undeclared
from reference.readings import Daycount


def accrued_undeclared(rate: Fraction, held_since: date, as_of: date, daycount: Daycount) -> Undeclared:
    """Accrue undeclared dividends at one rate, $/share per year, over the days held, both ends counted.

    The text has no day count (AMB-17); dividends are not cumulative (1(a)), so only the readings of
    AMB-16 that count undeclared dividends look at the result. Raise ValueError if the dates are reversed.
    """
    if held_since > as_of:
        raise ValueError("held_since is after as_of")
    year_start = date(as_of.year, 1, 1)
    length = 365
    if daycount is Daycount.ACTUAL_YEAR:
        length = (date(as_of.year, 12, 31) - year_start).days + 1
    days_in_year = (as_of - max(held_since, year_start)).days + 1
    days_held = (as_of - held_since).days + 1
    return Undeclared(
        current_year=rate * days_in_year / length,
        since_issue=rate * days_held / length,
    )
