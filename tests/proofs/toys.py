"""Small functions to explore, small theorems about them, and paths looked at with concrete numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import z3

from proofs.explorer import Explored, Function, Path, Unknown, explore
from proofs.results import Result, Scope, Theorem, Verdict
from proofs.solver import BUDGET, variables
from proofs.study import Check, Study, run_study
from proofs.views import Subject

Values = Mapping[str, Fraction]


def exact(**values: str | int | Fraction) -> dict[str, Fraction]:
    """Return exact inputs by name."""
    return {name: Fraction(value) for name, value in values.items()}


ISSUE_PRICES = exact(A="1", B="1.43", C="1.91", D="2.75", E="4.15", F="8.25")
"""Read from the certificate, 2(a), $/share."""

STARVED = 100
"""A budget with which the solver decides nothing that needs any thought."""


def unknowns(names: str) -> tuple[Unknown, ...]:
    """Return unknowns by their names."""
    return tuple(Unknown(name) for name in names.split())


def zero(names: str) -> dict[str, Fraction]:
    """Return the seed in which every unknown is zero."""
    return {name: Fraction(0) for name in names.split()}


def explored(
    function: Function,
    names: str,
    hypotheses: Sequence[Any] = (),
    seeds: Iterable[Values] | None = None,
    budget: int = BUDGET,
) -> Explored:
    """Explore a function of some unknowns, from zero if no seed is given."""
    return explore("toy", function, unknowns(names), hypotheses, seeds or (zero(names),), budget)


def subject(
    function: Function,
    names: str,
    hypotheses: Sequence[Any] = (),
    seed: Values | None = None,
    label: str = "toy",
) -> Subject:
    """Return a function of some unknowns as a subject, explored from zero if no seed is given."""
    return Subject(label, function, unknowns(names), tuple(hypotheses), (seed or zero(names),))


def theorem(expected: Verdict = Verdict.PROVED, name: str = "toy.theorem") -> Theorem:
    """State a theorem in form only."""
    return Theorem(name, (), "It holds.", ("0",), (), Scope.CODE, expected)


def judged(check: Check, *subjects: Subject, budget: int = BUDGET) -> Result:
    """Run one check on its subjects and return its result."""
    (result,), _ = run_study(Study("toys", subjects, (check,)), budget=budget)
    return result


_WRITTEN: dict[int, tuple[Any, Callable[[Mapping[str, Any]], Any]]] = {}

_OPERATORS = {
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_MUL: "*",
    z3.Z3_OP_LE: "<=",
    z3.Z3_OP_GE: ">=",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_EQ: "==",
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
}


def value_of(term: Any, values: Mapping[str, Any]) -> Any:
    """Return a term or condition at concrete values of its variables, as a Fraction or a bool."""
    key = term.get_id()
    if key not in _WRITTEN:
        # The term is kept: an identifier is its own only while it lives.
        _WRITTEN[key] = (term, eval(f"lambda v: {_source(term)}", {"Fraction": Fraction, "floor": math.floor}))
    return _WRITTEN[key][1](values)


def _source(term: Any) -> str:
    """Write a term as Python."""
    if z3.is_rational_value(term) or z3.is_int_value(term):
        return f"Fraction('{term.as_string()}')"
    kind, parts = term.decl().kind(), [_source(part) for part in term.children()]
    if kind == z3.Z3_OP_UNINTERPRETED:
        return f"v[{term.decl().name()!r}]"
    if kind == z3.Z3_OP_ITE:
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
        return str(kind == z3.Z3_OP_TRUE)
    if kind in _OPERATORS:
        return f"({f' {_OPERATORS[kind]} '.join(parts)})"
    return f"({_FUNCTIONS[kind]}({parts[0]}))"


_FUNCTIONS = {z3.Z3_OP_NOT: "not ", z3.Z3_OP_UMINUS: "-", z3.Z3_OP_TO_INT: "floor", z3.Z3_OP_TO_REAL: ""}


def solved(definition: z3.BoolRef, values: dict[str, Fraction]) -> None:
    """Add the one variable that is defined to the values: a quotient by its equation, a whole number by its bounds."""
    if definition.decl().kind() == z3.Z3_OP_LE:
        multiple, term = definition.children()
        (name,) = (str(v) for v in variables(multiple))
        common = value_of(multiple, {name: Fraction(1)})
        values[name] = Fraction(math.floor(value_of(term, values) / common))
        return
    if definition.decl().kind() == z3.Z3_OP_LT:
        assert value_of(definition.arg(0), values) < value_of(definition.arg(1), values)
        return
    key = definition.get_id()
    if key not in _SIDES:
        names = [str(v) for v in variables(definition)]
        _SIDES[key] = (definition, names, definition.arg(0) - definition.arg(1))
    _, names, difference = _SIDES[key]
    (name,) = (n for n in names if n not in values)
    at_zero, at_one = (value_of(difference, {**values, name: Fraction(x)}) for x in (0, 1))
    values[name] = at_zero / (at_zero - at_one)


_SIDES: dict[int, tuple[z3.BoolRef, list[str], Any]] = {}


class Members:
    """Tell which of the paths found concrete inputs take."""

    def __init__(self, found: Explored) -> None:
        self.paths = [(p, [(d.constraint, d.definitions) for d in p.decisions]) for p in found.paths]

    def of(self, values: Values) -> list[tuple[Path, dict[str, Fraction]]]:
        """Return the paths that the inputs take, each with the values of all its variables."""
        taken = [(path, _followed(path, constraints, values)) for path, constraints in self.paths]
        return [(path, known) for path, known in taken if known is not None]


def _followed(path: Path, constraints: list[tuple[Any, int]], values: Values) -> dict[str, Fraction] | None:
    known, done = dict(values), 0
    for constraint, definitions in constraints:
        # A quotient is defined only behind the decision that its denominator is not zero.
        for definition in path.definitions[done:definitions]:
            solved(definition, known)
        done = max(done, definitions)
        if value_of(constraint, known) is not True:
            return None
    for definition in path.definitions[done:]:
        solved(definition, known)
    return known


def described(found: Explored) -> list[tuple[object, ...]]:
    """Return what was found as plain text, in order."""
    return [
        (
            [(d.constraint.sexpr(), d.taken, d.definitions) for d in path.decisions],
            [d.sexpr() for d in path.definitions],
            {name: str(value) for name, value in path.witness.items()},
            {name: term.sexpr() for name, term in path.outcome.items()},
            path.raised,
        )
        for path in found.paths
    ]


def answers(smt2: str) -> list[str]:
    """Feed an SMT-LIB file to the solver as its own command line would read it; return what it answers."""
    context = z3.Context()
    return str(z3.Z3_eval_smtlib2_string(context.ref(), smt2)).split()
