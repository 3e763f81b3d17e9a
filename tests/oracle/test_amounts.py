"""Exact amounts as text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.oracle.amounts import MAX_DIGITS, MAX_WHOLE, AmountError, parse, show


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.25", Fraction(33, 4)),
        ("33/4", Fraction(33, 4)),
        ("66/8", Fraction(33, 4)),
        ("7", Fraction(7)),
        (7, Fraction(7)),
        (10**40, Fraction(10**40)),
        ("007", Fraction(7)),
        ("0.10", Fraction(1, 10)),
        ("-3.5", Fraction(-7, 2)),
        ("-0", Fraction(0)),
        ("1" * MAX_DIGITS, Fraction(int("1" * MAX_DIGITS))),
    ],
)
def test_reads(text: object, expected: Fraction) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (8.25, "float"),
        (7.0, "float"),
        (float("inf"), "float"),
        (float("nan"), "float"),
        ("inf", "bad_amount"),
        ("-Infinity", "bad_amount"),
        ("nan", "bad_amount"),
        ("1e6", "bad_amount"),
        ("1E6", "bad_amount"),
        ("", "bad_amount"),
        (" 7", "bad_amount"),
        ("7 ", "bad_amount"),
        ("+7", "bad_amount"),
        ("--7", "bad_amount"),
        ("1_000", "bad_amount"),
        ("1,000", "bad_amount"),
        ("$7", "bad_amount"),
        (".5", "bad_amount"),
        ("5.", "bad_amount"),
        ("1.2.3", "bad_amount"),
        ("1/2/3", "bad_amount"),
        ("1.5/2", "bad_amount"),
        ("1/-2", "bad_amount"),
        ("/2", "bad_amount"),
        ("1/", "bad_amount"),
        ("٣", "bad_amount"),
        ("²", "bad_amount"),
        ("1/0", "zero_denominator"),
        ("0/00", "zero_denominator"),
        ("1" * (MAX_DIGITS + 1), "amount_too_long"),
        ("1/" + "3" * (MAX_DIGITS + 1), "amount_too_long"),
        ("0." + "3" * MAX_DIGITS, "amount_too_long"),
        (10**MAX_WHOLE, "amount_too_long"),
        (-(10**MAX_WHOLE), "amount_too_long"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ([], "wrong_type"),
    ],
)
def test_refuses(value: object, code: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse(value)
    assert caught.value.code == code


@given(st.fractions(min_value=-(10**20), max_value=10**20, max_denominator=10**20))
def test_what_is_shown_reads_back(amount: Fraction) -> None:
    assert parse(show(amount)) == amount


def test_too_many_digits_to_show_is_an_amount_error() -> None:
    with pytest.raises(AmountError) as caught:
        show(Fraction(10**5000))
    assert caught.value.code == "answer_too_long"
