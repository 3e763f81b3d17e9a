"""The solver: questions with a deterministic budget, and rational models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

BUDGET = 20_000_000
"""The solver's resource limit for one question; it counts steps, not seconds."""


@dataclass(frozen=True)
class Answer:
    """Hold what the solver said: `sat`, `unsat` or `unknown`, its cost, and the question as SMT-LIB."""

    status: str
    resource: int
    smt2: str
    model: z3.ModelRef | None = None


def ask(constraints: Iterable[z3.BoolRef], budget: int = BUDGET) -> Answer:
    """Ask whether the constraints can hold together, within a budget of solver steps."""
    solver = z3.SolverFor("QF_NRA")
    solver.set("random_seed", 0)
    solver.set("rlimit", budget)
    solver.add(*constraints)
    status = str(solver.check())
    model = solver.model() if status == "sat" else None
    return Answer(status, _cost(solver), solver.to_smt2(), model)


def _cost(solver: z3.Solver) -> int:
    return int(dict(solver.statistics()).get("rlimit count", 0))


def rational(value: z3.ExprRef) -> Fraction | None:
    """Return a model value as a fraction, or None if it is irrational."""
    if z3.is_rational_value(value):
        return Fraction(value.numerator_as_long(), value.denominator_as_long())
    return None


def rational_model(
    constraints: Sequence[z3.BoolRef], unknowns: Sequence[z3.ArithRef], budget: int = BUDGET
) -> tuple[str, Mapping[str, Fraction] | None, int]:
    """Look for a model whose unknowns are all rational.

    Irrational values are replaced one at a time by close fractions, so long as a model remains. Return
    the status, the model if there is a rational one, and the cost.
    """
    first = ask(constraints, budget)
    if first.model is None:
        return first.status, None, first.resource
    cost = first.resource
    fixed: list[z3.BoolRef] = []
    values: dict[str, Fraction] = {}
    model = first.model
    for unknown in unknowns:
        found = None
        for candidate in _candidates(model.eval(unknown, model_completion=True)):
            equation = unknown == z3.Q(candidate.numerator, candidate.denominator)
            answer = ask([*constraints, *fixed, equation], budget)
            cost += answer.resource
            if answer.model is not None:
                found, model = candidate, answer.model
                fixed.append(equation)
                break
        if found is None:
            return "unknown", None, cost
        values[unknown.decl().name()] = found
    return "sat", values, cost


def _candidates(value: z3.ExprRef) -> list[Fraction]:
    exact = rational(value)
    if exact is not None:
        return [exact]
    close = []
    for digits in (1, 3, 6, 12):
        approximate = value.approx(digits)
        close.append(Fraction(approximate.numerator_as_long(), approximate.denominator_as_long()))
    return close
