"""Rounding to the nearest whole number, of shares, votes and seats: sections 3(h), 5(a) and 5(c)."""

from __future__ import annotations

import math
from fractions import Fraction

from reference.position import Number
from reference.readings import Half

ONE_HALF = Fraction(1, 2)
CENTS = 100
"""The cents of a dollar."""


def nearest(quantity: Number, half: Half) -> int:
    """Return the whole number nearest to a quantity; exactly one half goes where the reading says.

    quantity: shares, votes or seats, exact; half: up, down, or to the even one of the two neighbours
    (3(h), 5(a), 5(c), AMB-76, AMB-82).
    """
    up = math.floor(quantity + ONE_HALF)
    if half is Half.UP or up - quantity < ONE_HALF:
        return up
    down = up - 1
    if half is Half.DOWN:
        return down
    return up if _is_even(up) else down


def down_to_cents(amount: Number) -> Number:
    """Return an amount, $, without its part of a cent (AMB-96)."""
    return Fraction(1, CENTS) * math.floor(amount * CENTS)


def _is_even(whole: int) -> bool:
    return math.floor(whole * ONE_HALF) * 2 == whole
