"""One issuance and many, splits, and anniversaries: the parts of section 3(d) that need no history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy

from symbolic.algebra import ONE, total
from symbolic.rounding import floor


def missing(price: sympy.Expr, shares: sympy.Expr, consideration: sympy.Expr) -> sympy.Expr:
    """Return what an issuance brings in less than its shares cost at a price, $, which may be below zero."""
    return shares * price - consideration


def after_issuance(price: sympy.Expr, base: sympy.Expr, shares: sympy.Expr, consideration: sympy.Expr) -> sympy.Expr:
    """Return the price after an issuance below it, $/share (3(d)(i)(A)).

    base: shares outstanding just before; consideration: $ for all shares.
    """
    return price - missing(price, shares, consideration) / (base + shares)


def composed(price: sympy.Expr, base: sympy.Expr, issues: Sequence[tuple[sympy.Expr, sympy.Expr]]) -> sympy.Expr:
    """Return the price after issuances each below it, $/share, if the base grows by what is issued and nothing else.

    base: before the first; issues: shares and consideration, $. What is missing of all of them together is spread
    over all shares in the end (3(d)(i)(A)).
    """
    shares, consideration = total(each for each, _ in issues), total(paid for _, paid in issues)
    return after_issuance(price, base, shares, consideration)


def composed_over_bases(
    price: sympy.Expr, issues: Sequence[tuple[sympy.Expr, sympy.Expr, sympy.Expr, sympy.Expr]]
) -> sympy.Expr:
    """Return the price after issuances over any bases, $/share, as one product and one sum of products.

    issues: whether each is below the price, one or zero; its base, shares and consideration, $. An issuance leaves
    all later ones less to miss: of a dollar of price the part base / (base + shares), of what it adds itself likewise
    what all later ones leave (3(d)(i)(A)).
    """
    leaves = [ONE - counts * shares / (base + shares) for counts, base, shares, _ in issues]
    added = [counts * paid / (base + shares) for counts, base, shares, paid in issues]
    later = [sympy.Mul(*leaves[at:]) for at in range(len(leaves) + 1)]
    return price * later[0] + total(each * rest for each, rest in zip(added, later[1:], strict=True))


def after_splits(price: sympy.Expr, factors: Iterable[sympy.Expr]) -> sympy.Expr:
    """Return the price after splits, combinations and stock dividends, $/share: one product (3(d)(iii), 3(d)(iv))."""
    return price / sympy.Mul(*factors)


def leap_days(year: sympy.Expr) -> sympy.Expr:
    """Return how many leap days there are up to the end of a year of the Gregorian calendar."""
    return floor(year / 4) - floor(year / 100) + floor(year / 400)


def anniversary(day: sympy.Expr, years: sympy.Expr, before: sympy.Expr, after: sympy.Expr) -> sympy.Expr:
    """Return the day number of the same date some years later (3(d)(i)(B), AMB-100).

    before, after: `leap_days` of the year of the day and of that so many years later; the year is the one before if
    the day is earlier than 29 February in its year. The leap days between are then those of whole years; the 29th has
    its anniversary a day earlier where there is none.
    """
    return day + 365 * years + after - before
