"""Rounding to the nearest whole number in closed form: sections 3(h), 5(a) and 5(c).

The quantity is counted in half units first: a half unit that is begun, or one that is not finished, decides
where exactly one half goes. No half is added or taken away anywhere.
"""

from __future__ import annotations

import sympy

from reference.readings import Half
from symbolic.algebra import ONE, all_of, either, indicator

CENTS = 100
"""The cents of a dollar."""


def nearest(quantity: sympy.Expr, half: Half) -> sympy.Expr:
    """Return the whole number nearest to a quantity; exactly one half goes where the reading says.

    quantity: shares, votes or seats (3(h), 5(a), 5(c), AMB-76, AMB-82).
    """
    if half is Half.UP:
        return ceiling(floor(2 * quantity) / 2)
    if half is Half.DOWN:
        return floor(ceiling(2 * quantity) / 2)
    whole = floor(quantity)
    part = 2 * (quantity - whole)
    to_even = 2 * ceiling(whole / 2)
    return either(sympy.Eq(part, ONE, evaluate=False), to_even, whole + indicator(part > 1))


def is_nearest(whole: sympy.Expr, quantity: sympy.Expr, half: Half) -> sympy.Basic:
    """Return the condition that a whole number is the one nearest to a quantity (3(h), 5(a), 5(c)).

    It lies at most one half away, and at exactly one half on the side that the reading says.
    """
    ahead = 2 * (whole - quantity)
    if half is Half.UP:
        return all_of(ahead > -1, ahead <= 1)
    if half is Half.DOWN:
        return all_of(ahead >= -1, ahead < 1)
    even = sympy.Eq(2 * floor(whole / 2), whole, evaluate=False)
    return sympy.Or(all_of(ahead > -1, ahead < 1), all_of(ahead >= -1, ahead <= 1, even), evaluate=False)


def floor(quantity: sympy.Expr) -> sympy.Expr:
    """Return the greatest whole number that is not above a quantity, unevaluated."""
    return sympy.floor(quantity, evaluate=False)


def ceiling(quantity: sympy.Expr) -> sympy.Expr:
    """Return the least whole number that is not below a quantity, unevaluated."""
    return sympy.ceiling(quantity, evaluate=False)


def in_cents(amount: sympy.Expr) -> sympy.Expr:
    """Return an amount, $, without its part of a cent (AMB-96)."""
    return floor(CENTS * amount) / CENTS
