"""Solver-backed exact numbers: a rational value and the term that it stands for, side by side.

Code that runs on them takes the branch of the value, and the trace keeps the condition of the term. So
each run follows one concrete path exactly as the Fraction engine would, and at the same time describes
the path for all inputs that take it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

import z3

QUOTIENT = re.compile(r"(q|whole)[0-9]+")
"""The names that a trace gives to quotients and to whole numbers."""


@dataclass(frozen=True)
class Decision:
    """Hold one branch: the condition of the term, which way the value went, and the definitions so far."""

    condition: z3.BoolRef
    taken: bool
    definitions: int

    @property
    def constraint(self) -> z3.BoolRef:
        """Return what holds on the side taken."""
        return self.condition if self.taken else negated(self.condition)


@dataclass
class Trace:
    """Collect the decisions of one run and the definitions of its quotients."""

    decisions: list[Decision] = field(default_factory=list)
    definitions: list[z3.BoolRef] = field(default_factory=list)
    quotients: dict[tuple[int, int], tuple[Any, z3.ArithRef]] = field(default_factory=dict)
    floors: dict[int, tuple[z3.ArithRef, z3.ArithRef]] = field(default_factory=dict)
    known: dict[int, z3.BoolRef] = field(default_factory=dict)

    def decide(self, condition: z3.BoolRef, taken: bool) -> bool:
        """Record a branch unless the condition is the same for all inputs or already decided."""
        condition = z3.simplify(condition, som=True)
        if z3.is_true(condition) or z3.is_false(condition):
            return taken
        positive, sense = (condition.arg(0), not taken) if z3.is_not(condition) else (condition, taken)
        if self.settle(positive):
            self.decisions.append(Decision(positive, sense, len(self.definitions)))
        return taken

    def settle(self, condition: z3.BoolRef) -> bool:
        """Note that a condition is decided; say whether that is news.

        The condition is kept: an identifier is only its own while its term is alive.
        """
        news = condition.get_id() not in self.known
        self.known[condition.get_id()] = condition
        return news

    def quotient(self, numerator: z3.ArithRef, denominator: z3.ArithRef) -> z3.ArithRef:
        """Name a quotient and define it by its product, which solvers handle better than division."""
        key = (numerator.get_id(), denominator.get_id())
        if key not in self.quotients:
            name = z3.Real(f"q{len(self.quotients) + 1}")
            # The terms are kept so that their identifiers stay theirs.
            self.quotients[key] = ((numerator, denominator), name)
            self.definitions.append(name * denominator == numerator)
        return self.quotients[key][1]

    def floor(self, term: z3.ArithRef) -> z3.ArithRef:
        """Name the whole number below a term, and define it by the two bounds."""
        if term.get_id() not in self.floors:
            whole = z3.Int(f"whole{len(self.floors) + 1}")
            self.floors[term.get_id()] = (term, z3.ToReal(whole))
            self.definitions += whole_below(z3.ToReal(whole), term)
        return self.floors[term.get_id()][1]


def whole_below(whole: z3.ArithRef, term: z3.ArithRef) -> list[z3.BoolRef]:
    """Return the two bounds of the whole number below a term, without fractions: solvers then see whole numbers."""
    common = lcm(*(part.denominator_as_long() for part in _rationals(term)))
    multiple = z3.simplify(common * term, som=True)
    return [common * whole <= multiple, multiple < common * whole + common]


def _rationals(term: z3.ExprRef) -> Iterator[z3.RatNumRef]:
    """Yield the rational constants of a term, as often as they occur."""
    if z3.is_rational_value(term):
        yield term
    for part in term.children():
        yield from _rationals(part)


def negated(condition: z3.BoolRef) -> z3.BoolRef:
    """Return the negation, as a plain comparison where there is one."""
    return z3.simplify(z3.Not(condition), som=True)


@cache
def literal(value: Fraction | int) -> z3.ArithRef:
    """Return a rational as a term."""
    return z3.Q(*value.as_integer_ratio())


class Traced:
    """Stand for one real number in a traced run.

    value: what it is in this run; term: what it is for all inputs of the path; reciprocal: if it is
    an unknown that was introduced as constant / ratio, that constant and the ratio's term.
    """

    __slots__ = ("reciprocal", "term", "trace", "value")

    def __init__(
        self,
        value: Fraction,
        term: z3.ArithRef,
        trace: Trace,
        reciprocal: tuple[Fraction, z3.ArithRef] | None = None,
    ) -> None:
        self.value = value
        self.term = term
        self.trace = trace
        self.reciprocal = reciprocal

    def _lift(self, other: object) -> Traced | None:
        if isinstance(other, Traced):
            return other
        if isinstance(other, int | Fraction):
            return Traced(Fraction(other), literal(other), self.trace)
        return None

    def _make(self, value: Fraction, term: z3.ArithRef) -> Traced:
        return Traced(value, z3.simplify(term, som=True), self.trace)

    def __add__(self, other: object) -> Traced:
        right = self._lift(other)
        return NotImplemented if right is None else self._make(self.value + right.value, self.term + right.term)

    __radd__ = __add__

    def __neg__(self) -> Traced:
        return self._make(-self.value, -self.term)

    def __pos__(self) -> Traced:
        return self

    def __sub__(self, other: object) -> Traced:
        right = self._lift(other)
        return NotImplemented if right is None else self._make(self.value - right.value, self.term - right.term)

    def __rsub__(self, other: object) -> Traced:
        left = self._lift(other)
        return NotImplemented if left is None else left - self

    def __mul__(self, other: object) -> Traced:
        right = self._lift(other)
        return NotImplemented if right is None else self._make(self.value * right.value, self.term * right.term)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Traced:
        right = self._lift(other)
        return NotImplemented if right is None else _divide(self, right)

    def __rtruediv__(self, other: object) -> Traced:
        left = self._lift(other)
        return NotImplemented if left is None else _divide(left, self)

    def __lt__(self, other: object) -> bool:
        right = self._lift(other)
        if right is None:
            return NotImplemented
        return self.trace.decide(self.term < right.term, self.value < right.value)

    def __le__(self, other: object) -> bool:
        right = self._lift(other)
        if right is None:
            return NotImplemented
        return self.trace.decide(self.term <= right.term, self.value <= right.value)

    def __gt__(self, other: object) -> bool:
        right = self._lift(other)
        if right is None:
            return NotImplemented
        return self.trace.decide(self.term > right.term, self.value > right.value)

    def __ge__(self, other: object) -> bool:
        right = self._lift(other)
        if right is None:
            return NotImplemented
        return self.trace.decide(self.term >= right.term, self.value >= right.value)

    def __eq__(self, other: object) -> bool:
        right = self._lift(other)
        if right is None:
            return NotImplemented
        return self.trace.decide(self.term == right.term, self.value == right.value)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return self.__eq__(0) is False

    def __floor__(self) -> Traced:
        value = Fraction(self.value.__floor__())
        if z3.is_rational_value(self.term):
            return Traced(value, literal(value), self.trace)
        return Traced(value, self.trace.floor(self.term), self.trace)

    def __repr__(self) -> str:
        return f"Traced({self.value}, {self.term})"


def _divide(numerator: Traced, denominator: Traced) -> Traced:
    trace = numerator.trace
    if z3.is_rational_value(denominator.term):
        if denominator.value == 0:
            raise ZeroDivisionError("division by zero")
        return numerator._make(numerator.value / denominator.value, numerator.term * literal(1 / denominator.value))
    if trace.decide(denominator.term == 0, denominator.value == 0):
        raise ZeroDivisionError("division by zero")
    value = numerator.value / denominator.value
    if z3.is_rational_value(numerator.term) and numerator.value == 0:
        return numerator
    if denominator.reciprocal is not None and z3.is_rational_value(numerator.term):
        constant, ratio = denominator.reciprocal
        return numerator._make(value, literal(numerator.value / constant) * ratio)
    return Traced(value, trace.quotient(numerator.term, denominator.term), trace)
