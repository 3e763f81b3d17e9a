"""Exact evaluation: every allowed operation, and refusal of everything else."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symbolic.account import Account
from symbolic.evaluate import compiled, evaluate, evaluate_all, evaluate_each, holds

a, b = sympy.symbols("a b", real=True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (a + b, "5/6"),
        (a * b, "1/6"),
        (a - b, "1/6"),
        (a / b, "3/2"),
        (a**3, "1/8"),
        (a**-2, "4"),
        (sympy.Max(a, b, evaluate=False), "1/2"),
        (sympy.Min(a, b, 0, evaluate=False), "0"),
        (sympy.Rational(1, 3) - a, "-1/6"),
        (sympy.Piecewise((a, a > b), (b, True)), "1/2"),
        (sympy.Piecewise((a, sympy.Or(sympy.Eq(a, b), a < b)), (b, True)), "1/3"),
        (sympy.Piecewise((a, sympy.And(a >= b, sympy.Ne(a, b))), (b, True)), "1/2"),
        (sympy.Integer(7), "7"),
        (sympy.floor(5 * a, evaluate=False), "2"),
        (sympy.floor(-5 * a, evaluate=False), "-3"),
        (sympy.ceiling(5 * a, evaluate=False), "3"),
        (sympy.ceiling(4 * a, evaluate=False) / 3, "2/3"),
    ],
)
def test_operations(expression: sympy.Expr, expected: str) -> None:
    assert evaluate(expression, {"a": Fraction(1, 2), b: Fraction(1, 3)}) == Fraction(expected)


def test_integers_divide_exactly() -> None:
    result = evaluate(a / b, {"a": 1, "b": 3})
    assert result == Fraction(1, 3)
    assert isinstance(result, Fraction)


def test_a_guarded_division_is_not_carried_out() -> None:
    guarded = sympy.Piecewise((1 / a, sympy.Ne(a, 0)), (b, True))
    assert evaluate(guarded, {"a": 0, "b": 2}) == 2
    with pytest.raises(ZeroDivisionError):
        evaluate(1 / a, {"a": 0})


def test_parts_computed_inside_a_case_are_not_used_outside_it() -> None:
    inner = sympy.Piecewise((1 / (a * b), a > 0), (0, True), evaluate=False)
    both = inner + sympy.Piecewise((1 / (a * b), b > 0), (0, True), evaluate=False)
    assert evaluate(both, {"a": -1, "b": 2}) == Fraction(-1, 2)


def test_conditions() -> None:
    assert holds(a > b, {"a": 2, "b": 1})
    assert not holds(sympy.And(a > b, sympy.Not(sympy.Eq(a, 2))), {"a": 2, "b": 1})
    assert holds(sympy.true, {})


def test_several_at_once() -> None:
    assert evaluate_each((a, a + b, a * b), {"a": 2, "b": 3}) == (2, 5, 6)
    assert evaluate_each((), {}) == ()


def test_definitions_in_order() -> None:
    account = Account(named=True)
    double = account.define("double", 2 * a, "twice a", "1", "$")
    over = account.condition("over", double > b, "one above b", "1")
    account.output("most", over * double, "twice a, if that is above b", "1", "$")
    account.output("is_over", double > b, "whether it is", "1", "yes or no")
    assert evaluate_all(account.definitions, {"a": 2, "b": 3}) == {"double": 4, "over": 1, "most": 4, "is_over": True}
    assert evaluate_all(account.definitions, {"a": 1, "b": 3})["most"] == 0
    assert evaluate_all(account.definitions, {"a": 1, "b": 3})["is_over"] is False


def test_no_case_applies() -> None:
    with pytest.raises(ValueError, match="no case applies"):
        evaluate(sympy.Piecewise((a, a > 0)), {"a": -1})


@pytest.mark.parametrize("expression", [sympy.Float("0.5") * a, sympy.sqrt(a), sympy.sin(a), sympy.pi * a, a**b])
def test_inexact_operations_are_refused(expression: sympy.Expr) -> None:
    with pytest.raises(TypeError, match="exact operation"):
        evaluate(expression, {"a": 1, "b": 1})


def test_inexact_and_missing_values_are_refused() -> None:
    with pytest.raises(TypeError, match="value of a"):
        evaluate(a, {"a": 0.5})  # type: ignore[dict-item]
    with pytest.raises(KeyError):
        evaluate(a + b, {"a": 1})


def test_a_form_is_compiled_once() -> None:
    expression = a * b + 1
    assert compiled(expression) is compiled(expression)


@given(st.fractions(), st.fractions())
def test_no_digit_is_lost(left: Fraction, right: Fraction) -> None:
    assert evaluate((a - b) ** 2, {"a": left, "b": right}) == left * left - 2 * left * right + right * right
