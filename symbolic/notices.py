"""Notices of record date in closed form: section 4.

Days are day numbers, so that the days of notice are subtracted; a notice is in time if that many whole days lie
between.
"""

from __future__ import annotations

import sympy

from reference.charter import COMMON, Charter
from symbolic.account import Account
from symbolic.algebra import ONE, all_of, any_of, at_least, number, positive, total
from symbolic.liquidation import Case
from symbolic.symbols import Unknown, held, holdings

RECORD = sympy.Symbol("record", real=True)
"""The day of the record, a day number (4)."""

MAILED = sympy.Symbol("mailed", nonnegative=True)
"""One if a notice was mailed, zero if not (4)."""

MAILED_ON = sympy.Symbol("mailed_on", real=True)
"""The day of mailing, a day number; any number if nothing was mailed (4)."""

FOR_CASH = sympy.Symbol("for_cash", nonnegative=True)
"""One if the record is for a cash dividend, zero if not; a right to receive cash is none (AMB-79)."""

TO_RECEIVE = sympy.Symbol("to_receive", nonnegative=True)
"""One if the record decides who receives a dividend, distribution or right, zero if who votes (4)."""


def must_announce(charter: Charter) -> sympy.Basic:
    """Return the condition that a record must be announced to the Preferred (4, AMB-79)."""
    return sympy.false if charter.notice is None else positive(TO_RECEIVE * (ONE - FOR_CASH))


def notice(case: Case, account: Account, holders: int = 1) -> None:
    """Record whether a notice is needed, its last day, whether it was in time, and who gets it (4)."""
    charter = case.charter
    needed = must_announce(charter)
    account.output("needs_notice", needed, "whether the record must be announced", "4", "yes or no")
    on_time = sympy.true
    if charter.notice is not None:
        days = number(charter.notice.days.value)
        clause = charter.notice.days.clause
        account.output("latest", RECORD - days, "last day for mailing", clause, "day number")
        enough = all_of(positive(MAILED), at_least(RECORD - MAILED_ON, days))
        on_time = any_of(sympy.Not(needed), enough)
    account.output("is_timely", on_time, "whether a notice was in time, or none needed", "4", "yes or no")
    for holder in range(1, holders + 1):
        preferred = total(held(holder, series.name) for series in charter.series)
        meaning = f"whether holder {holder} must be mailed a notice"
        account.output(f"gets_{holder}", positive(preferred), meaning, "4", "yes or no")


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what the section's forms may contain."""
    return (
        Unknown(RECORD, "day of the record", "day number", "whole", "4"),
        Unknown(MAILED, "one if a notice was mailed", "1 or 0", "0 or 1", "4"),
        Unknown(MAILED_ON, "day of mailing", "day number", "whole", "4"),
        Unknown(FOR_CASH, "one for a cash dividend", "1 or 0", "0 or 1", "4"),
        Unknown(TO_RECEIVE, "one if the record decides who receives", "1 or 0", "0 or 1", "4"),
        *(own for own in holdings(charter, 1) if COMMON not in own.symbol.name),
    )
