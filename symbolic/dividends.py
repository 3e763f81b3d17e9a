"""Undeclared dividends in closed form: section 1(a), as far as 2(a) may count them (AMB-16, AMB-17)."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from reference.readings import Daycount
from symbolic.algebra import largest, number

RATE = sympy.Symbol("rate", nonnegative=True)
"""The dividend rate, $/share per year, >= 0 (1(a))."""

HELD_SINCE = sympy.Symbol("held_since", integer=True)
"""The day on which the shares were issued, as a day number, not after `as_of`."""

AS_OF = sympy.Symbol("as_of", integer=True)
"""The day of the liquidation, as a day number."""

NEW_YEAR = sympy.Symbol("new_year", integer=True)
"""The first day of the year of the liquidation, as a day number."""

DAYS_OF_YEAR = sympy.Symbol("days_of_year", positive=True, integer=True)
"""The length of the year of the liquidation, days: 365 or 366."""


@dataclass(frozen=True)
class Accrual:
    """Hold the undeclared dividends, $/share: of the current year, and since issue."""

    current_year: sympy.Expr
    since_issue: sympy.Expr


def accrual(daycount: Daycount) -> Accrual:
    """Return what accrues by the day, both ends counted (1(a), AMB-17)."""
    length = number(365) if daycount is Daycount.ACTUAL_365 else DAYS_OF_YEAR
    in_year = AS_OF - largest(HELD_SINCE, NEW_YEAR) + 1
    held = AS_OF - HELD_SINCE + 1
    return Accrual(RATE * in_year / length, RATE * held / length)
