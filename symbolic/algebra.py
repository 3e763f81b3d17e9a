"""The few operations that the closed forms are made of: + - * /, min, max and cases.

Minima and maxima are built unevaluated: sympy would otherwise try to order their arguments, which is slow
and decides nothing here. Substituting into a form with sympy's own `subs` evaluates them again; use
`symbolic.evaluate` for numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import sympy

ZERO = sympy.Integer(0)
ONE = sympy.Integer(1)


def number(value: Fraction | int) -> sympy.Rational:
    """Return an exact number as a sympy one."""
    return sympy.Rational(value.numerator, value.denominator)


def total(terms: Iterable[sympy.Expr]) -> sympy.Expr:
    """Return the sum of the terms, zero if there are none."""
    return sympy.Add(*terms)


def largest(*terms: sympy.Expr) -> sympy.Expr:
    """Return the maximum of at least one term."""
    return _extreme(sympy.Max, terms)


def smallest(*terms: sympy.Expr) -> sympy.Expr:
    """Return the minimum of at least one term."""
    return _extreme(sympy.Min, terms)


def _extreme(function: type[sympy.Expr], terms: tuple[sympy.Expr, ...]) -> sympy.Expr:
    distinct = tuple(dict.fromkeys(terms))
    if len(distinct) == 1:
        return distinct[0]
    if all(term.is_Rational for term in distinct):
        return function(*distinct)
    return function(*distinct, evaluate=False)


def above(left: sympy.Expr, right: sympy.Expr) -> sympy.Basic:
    """Return the condition that one expression is above another, unevaluated for the same reason."""
    return sympy.StrictGreaterThan(left, right, evaluate=False)


def at_most(left: sympy.Expr, right: sympy.Expr) -> sympy.Basic:
    """Return the condition that one expression is at most another, unevaluated."""
    return sympy.LessThan(left, right, evaluate=False)


def below(left: sympy.Expr, right: sympy.Expr) -> sympy.Basic:
    """Return the condition that one expression is below another, unevaluated."""
    return sympy.StrictLessThan(left, right, evaluate=False)


def at_least(left: sympy.Expr, right: sympy.Expr) -> sympy.Basic:
    """Return the condition that one expression is at least another, unevaluated."""
    return sympy.GreaterThan(left, right, evaluate=False)


def all_of(*conditions: sympy.Basic) -> sympy.Basic:
    """Return the condition that every condition holds, unevaluated."""
    return sympy.And(*conditions, evaluate=False) if len(conditions) > 1 else sympy.And(*conditions)


def any_of(*conditions: sympy.Basic) -> sympy.Basic:
    """Return the condition that at least one condition holds, unevaluated."""
    return sympy.Or(*conditions, evaluate=False) if len(conditions) > 1 else sympy.Or(*conditions)


def positive(expression: sympy.Expr) -> sympy.Basic:
    """Return the condition that an expression is above zero."""
    return sympy.Gt(expression, 0)


def either(condition: sympy.Basic, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr:
    """Return one expression where a condition holds and another where it does not.

    The condition itself must not contain cases: sympy would rewrite it.
    """
    assert not condition.has(sympy.Piecewise)
    if condition == sympy.true or then == otherwise:
        return then
    if condition == sympy.false:
        return otherwise
    return sympy.Piecewise((then, condition), (otherwise, True), evaluate=False)


def indicator(condition: sympy.Basic) -> sympy.Expr:
    """Return one where a condition holds and zero where it does not; the condition must not contain cases."""
    return either(condition, ONE, ZERO)


def quotient(numerator: sympy.Expr, denominator: sympy.Expr, if_zero: sympy.Expr = ZERO) -> sympy.Expr:
    """Return a quotient with a denominator that is never negative, and a stated value where it is zero."""
    return either(positive(denominator), numerator / denominator, if_zero)
