"""Theorems about enclosures: whatever is reckoned with them, the true number stays between the ends (3(d)(i)(A))."""

from __future__ import annotations

import z3

from proofs.formulas import Changed, FormulaCheck
from proofs.results import Scope
from proofs.statements import formula, theorem
from proofs.study import Study
from reference.charter import Charter

A, B, C, D = z3.Reals("first second third true")
LOW, HIGH, LEAST, MOST = z3.Reals("low high least most")
DOWN, UP = z3.Reals("rounded_down rounded_up")


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return the study of the operations on enclosures, the same for every charter."""
    checks = (_sum(), _product(), _product_with_exact(), _inverse(), _opposite(), _order())
    return (Study("enclosures", (), checks, weight=1),)


INSIDE = (LOW <= A, A <= HIGH, LEAST <= B, B <= MOST)
"""Two numbers lie between their ends."""


def _stated(
    name: str,
    says: str,
    unknowns: tuple[z3.ArithRef, ...],
    claim: z3.BoolRef,
    given: tuple[z3.BoolRef, ...],
    control: tuple[str, z3.BoolRef],
) -> FormulaCheck:
    words, wrong = control
    return formula(
        theorem(f"antidilution.enclosed_{name}", "", says, "3(d)(i)(A)", scope=Scope.ARITHMETIC),
        unknowns,
        (claim,),
        setting=given,
        neighbours=(Changed(words, (), wrong),),
    )


def _between(number: z3.ArithRef) -> z3.BoolRef:
    return z3.And(number >= DOWN, number <= UP)


def _sum() -> FormulaCheck:
    rounded = (DOWN <= LOW + LEAST, HIGH + MOST <= UP)
    return _stated(
        "sum",
        "The sum of two numbers lies between the sum of their lower ends, rounded down, and that of their upper ones, "
        "rounded up.",
        (A, B, LOW, HIGH, LEAST, MOST, DOWN, UP),
        _between(A + B),
        (*INSIDE, *rounded),
        ("the difference does, too", _between(A - B)),
    )


def _opposite() -> FormulaCheck:
    return _stated(
        "opposite",
        "The opposite of a number lies between the opposites of its ends, the other way round.",
        (A, LOW, HIGH, DOWN, UP),
        _between(-A),
        (LOW <= A, A <= HIGH, DOWN <= -HIGH, -LOW <= UP),
        ("the number itself does", _between(A)),
    )


def _corners() -> tuple[z3.ArithRef, ...]:
    return (LOW * LEAST, LOW * MOST, HIGH * LEAST, HIGH * MOST)


def _product() -> FormulaCheck:
    rounded = tuple(z3.And(corner >= DOWN, corner <= UP) for corner in _corners())
    return _stated(
        "product",
        "The product of two numbers lies between the least and the greatest of the four products of their ends.",
        (A, B, LOW, HIGH, LEAST, MOST, DOWN, UP),
        _between(A * B),
        (*INSIDE, *rounded),
        ("the square of one of them does, too", _between(A * A)),
    )


def _product_with_exact() -> FormulaCheck:
    ends = z3.Or(z3.And(C > 0, DOWN <= LOW * C, HIGH * C <= UP), z3.And(C < 0, DOWN <= HIGH * C, LOW * C <= UP))
    return _stated(
        "multiple",
        "A multiple of a number lies between the multiples of its ends, which a factor below zero turns round.",
        (A, C, LOW, HIGH, DOWN, UP),
        _between(A * C),
        (LOW <= A, A <= HIGH, ends),
        ("it lies above the lower one rounded down by one more", DOWN + 1 <= A * C),
    )


def _inverse() -> FormulaCheck:
    return _stated(
        "inverse",
        "One over a number of one sign lies between one over its upper end and one over its lower end.",
        (A, B, LOW, HIGH, DOWN, UP),
        _between(B),
        (
            LOW <= A,
            A <= HIGH,
            z3.Or(LOW > 0, HIGH < 0),
            B * A == 1,
            z3.Or(z3.And(LOW > 0, DOWN * HIGH <= 1, UP * LOW >= 1), z3.And(HIGH < 0, DOWN * HIGH >= 1, UP * LOW <= 1)),
        ),
        ("so does the number", _between(A)),
    )


def _order() -> FormulaCheck:
    return _stated(
        "order",
        "Where the upper end of one number lies below the lower end of another, the one is less.",
        (A, B, LOW, HIGH, LEAST, MOST),
        z3.Implies(HIGH < LEAST, A < B),
        INSIDE,
        ("it is enough that the lower end does", z3.Implies(LOW < LEAST, A < B)),
    )
