"""Enclosures: whatever is reckoned, the true number lies between the ends, and nothing is guessed."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.enclosure import Enclosure, UndecidedError, between, ends, shortened

BITS = 16
"""Few, so that ends lie far apart."""

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**30)
OPERATIONS = (operator.add, operator.sub, operator.mul, operator.truediv)
COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)


def contains(found: Any, true: Fraction) -> bool:
    low, high = ends(found)
    return low <= true <= high


@given(numbers, numbers, st.sampled_from(OPERATIONS), st.booleans(), st.booleans())
def test_an_operation_keeps_the_true_number(
    a: Fraction, b: Fraction, operation: Callable[[Any, Any], Any], first: bool, second: bool
) -> None:
    one, two = shortened(a, BITS) if first else a, shortened(b, BITS) if second else b
    try:
        found = operation(one, two)
    except (UndecidedError, ZeroDivisionError):
        assert operation is operator.truediv
        low, high = ends(two)
        assert low <= 0 <= high
        return
    assert contains(found, operation(a, b))


@given(st.lists(numbers.filter(lambda own: own > 0), min_size=3, max_size=6))
def test_a_chain_keeps_the_true_number(given_numbers: list[Fraction]) -> None:
    total: Any = Fraction(1)
    true = Fraction(1)
    for own in given_numbers:
        total = (shortened(total, BITS) + own) / (1 + shortened(own, BITS) * 3)
        true = (true + own) / (1 + own * 3)
    assert contains(total, true)


@given(numbers, numbers, st.sampled_from(COMPARISONS))
def test_a_comparison_is_right_or_undecided(a: Fraction, b: Fraction, compare: Callable[[Any, Any], bool]) -> None:
    for one, two in ((shortened(a, BITS), b), (a, shortened(b, BITS)), (shortened(a, BITS), shortened(b, BITS))):
        try:
            assert compare(one, two) == compare(a, b)
        except UndecidedError:
            (low, high), (least, most) = ends(one), ends(two)
            assert low <= most
            assert least <= high


@given(numbers)
def test_a_whole_part_is_right_or_undecided(a: Fraction) -> None:
    own = shortened(a, BITS)
    try:
        assert math.floor(own) == math.floor(a)
    except UndecidedError:
        assert math.floor(ends(own)[0]) != math.floor(ends(own)[1])


@given(numbers, numbers)
def test_the_same_reckoning_gives_the_same_number(a: Fraction, b: Fraction) -> None:
    one, two = (shortened(a, BITS) + b) * 3, 3 * (b + shortened(a, BITS))
    assert one == two
    assert one - two == 0
    assert not one < two
    assert one <= two


@given(numbers, st.integers(4, 64))
def test_ends_are_outward_and_close(a: Fraction, places: int) -> None:
    low, high = ends(between(a, a, places))
    assert low <= a <= high
    assert high - low <= Fraction(1, 2**places)


def test_a_short_number_stays_exact() -> None:
    assert shortened(Fraction(83, 20), BITS) == Fraction(83, 20)
    assert not isinstance(shortened(Fraction(83, 20), BITS), Enclosure)
    long = Fraction(1, 3**100)
    assert shortened(long, None) is long
    assert isinstance(shortened(long, BITS), Enclosure)


def test_what_may_be_zero_divides_nothing() -> None:
    third, other = Fraction(1, 3**50), shortened(Fraction(1, 3**50), BITS)
    with pytest.raises(UndecidedError):
        1 / (other - third)
    with pytest.raises(UndecidedError):
        bool(other - third)
    with pytest.raises(UndecidedError):
        assert other == third
