"""Mistakes in how numbers are kept, whatever is computed: the certificate rounds shares, votes and seats alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from reference.oracle.amounts import show
from reference.oracle.verify.mistakes_kit import (
    EVERYTHING,
    Answerer,
    Document,
    Mistake,
    Plain,
    asking,
    held,
    plain_answer,
)

AMOUNT = re.compile(r"-?[0-9]+/[0-9]+")
"""An amount that is not whole, as an answer has it."""


def _with_amounts(change: Callable[[Fraction], Fraction]) -> Answerer:
    """Return the answerer of a tool that computes exactly and tells every amount changed."""

    def answer(document: Document) -> Plain | None:
        right = plain_answer(document)
        try:
            return None if right is None else {name: _changed(part, change) for name, part in right.items()}
        except OverflowError:
            return None  # No double is so large.

    return answer


def _changed(value: Any, change: Callable[[Fraction], Fraction]) -> Any:
    if isinstance(value, dict):
        return {name: _changed(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_changed(part, change) for part in value]
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        return show(change(Fraction(value)))
    return value


def to_cents(amount: Fraction) -> Fraction:
    """Round to the nearest cent, half a cent up."""
    return Fraction(math.floor(amount * 100 + Fraction(1, 2)), 100)


def down_to_cents(amount: Fraction) -> Fraction:
    """Drop what is below a cent."""
    return Fraction(math.floor(amount * 100), 100)


def to_double(amount: Fraction) -> Fraction:
    """Return the double nearest to an amount as such a number is written, with as few digits as tell it apart."""
    return Fraction(repr(float(amount)))


_THIRDS = asking("a quotient that no decimal ends", "liquidation", held(10_000_000), assets=110_000_000)

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "amounts-to-cents",
        "Rounds every amount to cents, exact ratios and amounts per share too.",
        ("2", "3(d)"),
        EVERYTHING,
        _THIRDS,
        _with_amounts(to_cents),
    ),
    Mistake(
        "amounts-cut-to-cents",
        "Cuts every amount off after its cents.",
        ("2", "3(d)"),
        EVERYTHING,
        _THIRDS,
        _with_amounts(down_to_cents),
    ),
    Mistake(
        "binary-floats",
        "Keeps amounts as binary floating-point numbers, with some seventeen digits.",
        ("2", "3(d)"),
        EVERYTHING,
        _THIRDS,
        _with_amounts(to_double),
    ),
)
"""The mistakes in how amounts are kept."""
