"""From closed forms to solver terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import sympy
import z3

from proofs.numbers import whole_below


class UntranslatableError(TypeError):
    """Say that a closed form uses an operation that the solver's terms do not cover."""


@dataclass
class Translator:
    """Turn sympy expressions into terms.

    values: the term for each symbol by name; reciprocals: the term for one over a symbol, by name, where
    that is the unknown; definitions: what the quotients and whole numbers named on the
    way stand for.
    """

    values: Mapping[str, z3.ArithRef]
    reciprocals: Mapping[str, z3.ArithRef] = field(default_factory=dict)
    definitions: list[z3.BoolRef] = field(default_factory=list)
    prefix: str = "f"
    cache: dict[sympy.Basic, Any] = field(default_factory=dict)
    quotients: dict[tuple[int, int], tuple[Any, z3.ArithRef]] = field(default_factory=dict)
    wholes: dict[int, tuple[Any, z3.ArithRef]] = field(default_factory=dict)

    def term(self, expression: sympy.Basic) -> Any:
        """Return the term of an expression or condition."""
        if expression not in self.cache:
            self.cache[expression] = self._translate(expression)
        return self.cache[expression]

    def _translate(self, expression: sympy.Basic) -> Any:
        if isinstance(expression, sympy.Rational):
            return z3.Q(int(expression.p), int(expression.q))
        if isinstance(expression, sympy.Symbol):
            if expression.name not in self.values:
                raise UntranslatableError(f"no value for the symbol {expression.name}")
            return self.values[expression.name]
        if isinstance(expression, sympy.Mul):
            return self._product(expression)
        if isinstance(expression, sympy.Pow):
            return self._power(expression)
        if isinstance(expression, sympy.Piecewise):
            return self._cases(expression)
        if isinstance(expression, sympy.floor):
            return self._floor(self.term(expression.args[0]))
        if isinstance(expression, sympy.ceiling):
            return -self._floor(-self.term(expression.args[0]))
        return self._apply(expression)

    def _apply(self, expression: sympy.Basic) -> Any:
        if expression in (sympy.true, sympy.false):
            return z3.BoolVal(expression == sympy.true)
        arguments = [self.term(argument) for argument in expression.args]
        for kind, build in _OPERATIONS.items():
            if isinstance(expression, kind):
                return build(arguments)
        raise UntranslatableError(f"no term for {type(expression).__name__}")

    def _product(self, expression: sympy.Mul) -> Any:
        numerators, denominators = [], []
        for factor in expression.args:
            if isinstance(factor, sympy.Pow) and factor.exp == -1 and not self._has_reciprocal(factor.base):
                denominators.append(self.term(factor.base))
            else:
                numerators.append(self.term(factor))
        numerator = _product(numerators)
        return self._quotient(numerator, _product(denominators)) if denominators else numerator

    def _power(self, expression: sympy.Pow) -> Any:
        base, exponent = expression.args
        if not exponent.is_Integer:
            raise UntranslatableError(f"no term for the power {expression}")
        if exponent < 0 and self._has_reciprocal(base):
            return _product([self.reciprocals[base.name]] * -int(exponent))
        power = _product([self.term(base)] * abs(int(exponent)))
        return power if exponent > 0 else self._quotient(z3.RealVal(1), power)

    def _has_reciprocal(self, base: sympy.Basic) -> bool:
        return isinstance(base, sympy.Symbol) and base.name in self.reciprocals

    def _quotient(self, numerator: Any, denominator: Any) -> Any:
        numerator, denominator = z3.simplify(numerator, som=True), z3.simplify(denominator, som=True)
        if z3.is_rational_value(denominator) and denominator.as_fraction() != 0:
            return numerator * z3.Q(*(1 / denominator.as_fraction()).as_integer_ratio())
        key = (numerator.get_id(), denominator.get_id())
        if key not in self.quotients:
            name = z3.Real(f"{self.prefix}{len(self.quotients) + 1}")
            self.quotients[key] = ((numerator, denominator), name)
            # At a zero denominator nothing is said of the quotient; the closed form must not use it there.
            self.definitions.append(z3.Implies(denominator != 0, name * denominator == numerator))
        return self.quotients[key][1]

    def _floor(self, term: Any) -> Any:
        """Name the whole number below a term; its two bounds are its definition."""
        term = z3.simplify(term, som=True)
        if term.get_id() not in self.wholes:
            name = z3.Int(f"{self.prefix}whole{len(self.wholes) + 1}")
            self.wholes[term.get_id()] = (term, z3.ToReal(name))
            self.definitions += whole_below(z3.ToReal(name), term)
        return self.wholes[term.get_id()][1]

    def _cases(self, expression: sympy.Piecewise) -> Any:
        *cases, last = expression.args
        result = self.term(last.expr)
        if last.cond != sympy.true:
            raise UntranslatableError("a form by cases must cover every case")
        for case in reversed(cases):
            result = z3.If(self.term(case.cond), self.term(case.expr), result)
        return result


def _product(terms: list[Any]) -> Any:
    return reduce(lambda a, b: a * b, terms) if terms else z3.RealVal(1)


def maximum(terms: list[Any]) -> Any:
    """Return the largest of some terms."""
    return reduce(lambda a, b: z3.If(a >= b, a, b), terms)


def minimum(terms: list[Any]) -> Any:
    """Return the smallest of some terms."""
    return reduce(lambda a, b: z3.If(a <= b, a, b), terms)


_OPERATIONS: dict[type, Any] = {
    sympy.Add: lambda a: reduce(lambda x, y: x + y, a),
    sympy.Max: maximum,
    sympy.Min: minimum,
    sympy.StrictGreaterThan: lambda a: a[0] > a[1],
    sympy.GreaterThan: lambda a: a[0] >= a[1],
    sympy.StrictLessThan: lambda a: a[0] < a[1],
    sympy.LessThan: lambda a: a[0] <= a[1],
    sympy.Equality: lambda a: a[0] == a[1],
    sympy.Unequality: lambda a: a[0] != a[1],
    sympy.And: lambda a: z3.And(*a),
    sympy.Or: lambda a: z3.Or(*a),
    sympy.Not: lambda a: z3.Not(a[0]),
}
