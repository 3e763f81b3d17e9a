"""Rounding to the nearest whole number: ties, neighbours of ties, huge numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.readings import Half
from reference.rounding import nearest


@pytest.mark.parametrize(
    ("quantity", "up", "even", "down"),
    [
        ("0", 0, 0, 0),
        ("1/2", 1, 0, 0),
        ("3/2", 2, 2, 1),
        ("5/2", 3, 2, 2),
        ("9/2", 5, 4, 4),
        ("15/2", 8, 8, 7),
        ("7", 7, 7, 7),
        ("2.4", 2, 2, 2),
        ("2.6", 3, 3, 3),
        ("0.4", 0, 0, 0),
    ],
)
def test_by_hand(quantity: str, up: int, even: int, down: int) -> None:
    found = {half: nearest(Fraction(quantity), half) for half in Half}
    assert found == {Half.UP: up, Half.EVEN: even, Half.DOWN: down}


def test_next_to_a_half() -> None:
    tiny = Fraction(1, 10**40)
    for half in Half:
        assert nearest(Fraction(5, 2) - tiny, half) == 2
        assert nearest(Fraction(5, 2) + tiny, half) == 3
    assert nearest(Fraction(10**60) + Fraction(1, 2), Half.EVEN) == 10**60


@given(st.fractions(0, 10**9), st.sampled_from(Half))
def test_never_further_than_one_half(quantity: Fraction, half: Half) -> None:
    whole = nearest(quantity, half)
    assert isinstance(whole, int)
    assert abs(whole - quantity) <= Fraction(1, 2)


@given(st.integers(0, 10**6))
def test_ties(whole: int) -> None:
    tie = whole + Fraction(1, 2)
    assert nearest(tie, Half.UP) == whole + 1
    assert nearest(tie, Half.DOWN) == whole
    # Python's own rounding sends ties to the even neighbour.
    assert nearest(tie, Half.EVEN) == round(tie)
