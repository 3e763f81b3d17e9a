"""What counts as Additional Stock, in closed form: section 3(d)(ii).

Additional Stock is what gets through. The engine goes down the list of exclusions until one takes the issue out, and
counts what is left of it; here every exclusion is a gate, open (one) or shut (zero), and an issue comes through the
product of all gates. Listed warrants are no gate but a mark on a line: the shares under them are numbered on, from
those taken up before, and what lies beyond the mark gets through. Nothing is deducted from a remaining number. The mark
is where the certificate put it, times what one of its shares has become.

Domain: facts are one or zero, exactly one purpose holds, days are day numbers, shares are above zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from reference.charter import Antidilution, Charter
from reference.readings import Readings, Switch
from symbolic.account import Account
from symbolic.algebra import (
    ONE,
    ZERO,
    all_of,
    at_most,
    below,
    largest,
    number,
    positive,
    total,
)
from symbolic.liquidation import Case
from symbolic.symbols import Unknown

PURPOSES = (
    "sale",
    "stock_dividend",
    "employee",
    "plan",
    "conversion",
    "acquisition",
    "commercial",
    "lease_financing",
    "right_over_excluded",
    "warrant",
)
"""What an issue can be for."""

TRANSACTIONS = ("acquisition", "commercial", "lease_financing")
"""The purposes that (D) to (F) exclude, and over whose securities (G) excludes rights."""

SHARES = sympy.Symbol("n", positive=True)
"""The shares issued or deemed issued, > 0 (3(d)(ii))."""

ON = sympy.Symbol("on", real=True)
"""The day of the issue, a day number (3(d)(i)(A))."""

OF_COMMON = sympy.Symbol("of_common", nonnegative=True)
"""One if Common, or rights over it, are issued, zero for a series or rights over one (3(d)(ii)(B), AMB-66)."""

APPROVED = sympy.Symbol("approved", nonnegative=True)
"""One if the Board approved the transaction, zero if not (3(d)(ii)(D) to (F))."""

MAJORITY = sympy.Symbol("majority", nonnegative=True)
"""One if a majority of the target's voting power is acquired, zero if not (3(d)(ii)(D))."""

PLAN_APPROVED = sympy.Symbol("plan_approved", nonnegative=True)
"""One if the Board approved the plan, zero if not (3(d)(ii)(B))."""

PLAN_ON = sympy.Symbol("plan_on", real=True)
"""The day on which it did, a day number (3(d)(ii)(B))."""

BECOME = sympy.Symbol("k_of", positive=True)
"""The shares that one share of the class issued has become since the certificate, a ratio, > 0 (AMB-129)."""

USED = sympy.Symbol("used", nonnegative=True)
"""The shares of the listed number that warrants have taken up before, >= 0 (3(d)(ii)(H) to (K))."""


def for_purpose(purpose: str) -> sympy.Symbol:
    """Return one if the issue is for a purpose, zero if not."""
    return sympy.Symbol(f"for_{purpose}", nonnegative=True)


def over(purpose: str) -> sympy.Symbol:
    """Return one if a right is over what is issued for a purpose, zero if not (3(d)(ii)(G), AMB-68)."""
    return sympy.Symbol(f"over_{purpose}", nonnegative=True)


def listed(index: int) -> sympy.Symbol:
    """Return one if the warrants are those of the charter's list with a number, zero if not (3(d)(ii)(H) to (K))."""
    return sympy.Symbol(f"listed_{index}", nonnegative=True)


def bought(name: str) -> sympy.Symbol:
    """Return the Purchase Date of a series, a day number (3(d)(i)(A))."""
    return sympy.Symbol(f"bought_{name}", real=True)


def in_favour(name: str) -> sympy.Symbol:
    """Return the shares of a series in favour of the plan, >= 0 (3(d)(ii)(B))."""
    return sympy.Symbol(f"favour_{name}", nonnegative=True)


def voting(name: str) -> sympy.Symbol:
    """Return the shares of a series outstanding at the vote on the plan, >= 0 (3(d)(ii)(B))."""
    return sympy.Symbol(f"voting_{name}", nonnegative=True)


def plan_in_time(terms: Antidilution, readings: Readings, account: Account) -> sympy.Expr:
    """Return one if a plan's approval came in time, and zero if not (3(d)(ii)(B), AMB-67).

    Either before the one Purchase Date, or after the other with the holders: those not in favour have too little
    to withhold it. One reading takes the days between as well.
    """
    clause = terms.plan_approval.clause
    names = terms.plan_approval_series
    whole = account.define("whole", total(voting(name) for name in names), "shares that vote", clause, "shares")
    favour = total(in_favour(name) for name in names)
    against = account.define("against", whole - favour, "shares not in favour", clause, "shares")
    blocking = (ONE - number(terms.plan_approval.value)) * whole
    held = (below if terms.plan_approval.strict else at_most)(against, blocking)
    held = account.condition("held", held, "one if the holders approved the plan", clause)
    early = account.condition(
        "early", bought(terms.plans_approved_before) > PLAN_ON, "one if it was approved before the one date", clause
    )
    late = account.condition(
        "late", bought(terms.plans_approved_after) < PLAN_ON, "one if it was approved after the other", clause
    )
    between = (ONE - early) * (ONE - late) if readings.plan_gap is Switch.YES else ZERO
    limbs = largest(early, late * held, between)
    return account.define("in_time", PLAN_APPROVED * limbs, "one if the plan was approved in time", clause, "1 or 0")


def exclusions(terms: Antidilution, readings: Readings, in_time: sympy.Expr) -> dict[str, sympy.Expr]:
    """Return, by clause, one where (A) to (G) exclude all of an issue, and zero where not (3(d)(ii)).

    in_time: one if the plan was approved in time. A sale of a series is excluded as what its conversion
    delivers is, under one reading (AMB-66).
    """
    of_series = ONE - OF_COMMON if readings.series_issue_excluded is Switch.YES else ZERO
    own = {"acquisition": APPROVED * MAJORITY, "commercial": APPROVED, "lease_financing": APPROVED}
    transactions = {purpose: for_purpose(purpose) * own[purpose] for purpose in TRANSACTIONS}
    rights = total(over(purpose) * own[purpose] for purpose in TRANSACTIONS)
    return {
        "3(d)(ii)(A)": for_purpose("stock_dividend"),
        "3(d)(ii)(B)": OF_COMMON * (for_purpose("employee") + for_purpose("plan") * in_time),
        "3(d)(ii)(C)": largest(for_purpose("conversion"), of_series),
        "3(d)(ii)(D)": transactions["acquisition"],
        "3(d)(ii)(E)": transactions["commercial"],
        "3(d)(ii)(F)": transactions["lease_financing"],
        "3(d)(ii)(G)": for_purpose("right_over_excluded") * rights,
    }


def classification(case: Case, account: Account, dated: frozenset[str]) -> None:
    """Record what of an issue is excluded and by what, what is Additional Stock, and for which series (3(d)(ii)).

    dated: series with a Purchase Date that is not long past.
    """
    terms = case.charter.antidilution
    names = [series.name for series in case.charter.series]
    if terms is None:
        account.output("excluded", SHARES, "shares excluded", "3(d)", "shares")
        _counting(account, names, frozenset(), ZERO)
        return
    in_time = plan_in_time(terms, case.readings, account)
    found: dict[str, sympy.Expr] = {}
    for clause, excludes in exclusions(terms, case.readings, in_time).items():
        letter = clause[-2]
        found[clause] = account.output(
            f"excludes_{letter}", excludes, f"one if ({letter}) excludes it", clause, "1 or 0"
        )
    through = sympy.Mul(*(ONE - excludes for excludes in found.values()))
    through = account.define("through", through, "one if no gate is shut", "3(d)(ii)", "1 or 0")
    warrants = []
    for index, own in enumerate(terms.excluded_warrants):
        mark = number(own.shares.value) * BECOME
        beyond = beyond_mark(USED + SHARES, mark) - beyond_mark(USED, mark)
        taken = for_purpose("warrant") * listed(index) * (SHARES - beyond)
        clause = own.shares.clause
        warrants.append(account.output(f"taken_{index}", taken, f"shares under warrants {index}", clause, "shares"))
    left = through * (SHARES - total(warrants))
    account.output("excluded", SHARES - left, "shares excluded", "3(d)(ii)", "shares")
    _counting(account, names, dated, left)


def beyond_mark(shares: sympy.Expr, mark: sympy.Expr) -> sympy.Expr:
    """Return how many of the shares numbered from one lie beyond a mark."""
    return largest(shares, mark) - mark


def _counting(account: Account, names: list[str], dated: frozenset[str], left: sympy.Expr) -> None:
    left = account.output("additional", left, "shares of Additional Stock", "3(d)(ii)", "shares")
    for name in names:
        after = [bought(name) < ON] if name in dated else []
        counts = all_of(positive(left), *after)
        meaning = f"whether they are Additional Stock for {name}"
        account.output(f"counts_{name}", counts, meaning, "3(d)(i)(A)", "yes or no")


def section(case: Case, account: Account) -> None:
    """Record the classification with a Purchase Date of every series."""
    classification(case, account, frozenset(series.name for series in case.charter.series))


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what the section's forms may contain."""
    facts: Mapping[sympy.Symbol, str] = {
        OF_COMMON: "Common, or rights over it, are issued",
        APPROVED: "the Board approved the transaction",
        MAJORITY: "it acquires a majority of the target",
        PLAN_APPROVED: "the Board approved the plan",
        **{for_purpose(purpose): f"the purpose is {purpose.replace('_', ' ')}" for purpose in PURPOSES},
        **{over(purpose): f"it is a right over {purpose.replace('_', ' ')} stock" for purpose in TRANSACTIONS},
    }
    terms = charter.antidilution
    warrants = [] if terms is None else list(enumerate(terms.excluded_warrants))
    rows = [Unknown(symbol, f"one if {what}", "1 or 0", "0 or 1", "3(d)(ii)") for symbol, what in facts.items()]
    rows += [
        Unknown(listed(index), f"one for the warrants issued {own.issued}", "1 or 0", "0 or 1", own.shares.clause)
        for index, own in warrants
    ]
    rows += [
        Unknown(SHARES, "shares issued or deemed issued", "shares", "n > 0", "3(d)(ii)"),
        Unknown(BECOME, "what a share of the class has become", "shares", "k_of > 0", "3(d)(ii)(H)"),
        Unknown(USED, "shares taken up under the warrants before", "shares", "used >= 0", "3(d)(ii)(H)"),
        Unknown(ON, "day of the issue", "day number", "whole", "3(d)(i)(A)"),
        Unknown(PLAN_ON, "day of the plan's approval", "day number", "whole", "3(d)(ii)(B)"),
    ]
    for series in charter.series:
        name = series.name
        rows += [
            Unknown(bought(name), f"Purchase Date of {name}", "day number", "whole", "3(d)(i)(A)"),
            Unknown(in_favour(name), f"shares of {name} for the plan", "shares", f"favour_{name} >= 0", "3(d)(ii)(B)"),
            Unknown(voting(name), f"shares of {name} at that vote", "shares", f"voting_{name} >= 0", "3(d)(ii)(B)"),
        ]
    return tuple(rows)
