"""The explorer: every feasible path of a function of `reference`, each with a replayed rational witness.

The function runs on `Traced` numbers from concrete seeds. Each decision of each run is then turned
round: the solver either finds inputs that go the other way, which are run in turn, or shows that there
are none. When nothing is left to turn round, the paths cover every input that the hypotheses allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

from proofs.numbers import QUOTIENT, Decision, Trace, Traced
from proofs.solver import BUDGET, ask, rational_model

Inputs = Mapping[str, Any]
Function = Callable[[Inputs], Mapping[str, Any]]


class ReplayError(Exception):
    """Say that a path and its replay on the Fraction engine disagree, which voids the run."""


@dataclass(frozen=True)
class Unknown:
    """Name one unknown real number.

    reciprocal_of: if given, the unknown handed to the code is this constant over the named one, as a
    conversion price is the issue price over the conversion ratio.
    """

    name: str
    reciprocal_of: Fraction | None = None

    @property
    def term(self) -> z3.ArithRef:
        """Return the solver's variable."""
        return z3.Real(self.name)

    @property
    def price(self) -> str:
        """Name the conversion price behind a conversion ratio: CP_E for c_E."""
        return f"CP_{self.name.removeprefix('c_')}"


@dataclass(frozen=True)
class Path:
    """Hold one feasible path: what decides it, its witness, and its outcome in terms of the unknowns.

    raised: the exception's name if the path ends in one; outcome: terms by output name; structure: the
    outputs that are not numbers; expected: the outcome at the witness, on the Fraction engine.
    """

    decisions: tuple[Decision, ...]
    definitions: tuple[z3.BoolRef, ...]
    witness: Mapping[str, Fraction]
    outcome: Mapping[str, z3.ArithRef]
    structure: Mapping[str, Any]
    expected: Mapping[str, Fraction]
    raised: str | None

    @property
    def constraints(self) -> list[z3.BoolRef]:
        """Return what holds on this path, hypotheses apart."""
        return [*self.definitions, *(d.constraint for d in self.decisions)]


@dataclass
class Explored:
    """Hold all paths of one function under its hypotheses, and what the search cost.

    infeasible: for each pruned branch, what cannot hold together with the hypotheses.
    """

    function: str
    unknowns: tuple[Unknown, ...]
    hypotheses: tuple[z3.BoolRef, ...]
    paths: list[Path] = field(default_factory=list)
    pruned: int = 0
    undecided: list[str] = field(default_factory=list)
    infeasible: list[list[z3.BoolRef]] = field(default_factory=list)
    resource: int = 0


def explore(
    name: str,
    function: Function,
    unknowns: Sequence[Unknown],
    hypotheses: Sequence[z3.BoolRef],
    seeds: Iterable[Mapping[str, Fraction]],
    budget: int = BUDGET,
    most_undecided: int | None = None,
) -> Explored:
    """Enumerate the feasible paths of a function.

    function: from inputs by name to outputs by name; numbers among the outputs become terms, anything
    else is kept as it is. seeds: concrete inputs to start from; those that the hypotheses exclude are
    ignored. most_undecided: the search ends at so many branches left undecided; with one, nothing can be proved.
    Raise ReplayError if a path disagrees with the Fraction engine at its witness.
    """
    taken = [u.name for u in unknowns if QUOTIENT.fullmatch(u.name)]
    if taken:
        raise ValueError(f"{name}: unknowns cannot bear names of the trace: {', '.join(taken)}")
    explored = Explored(name, tuple(unknowns), tuple(hypotheses))
    seen: set[tuple[tuple[int, bool], ...]] = set()
    turned: set[tuple[tuple[int, bool], ...]] = set()
    keep: list[z3.BoolRef] = []
    queue = [dict(seed) for seed in seeds if allowed(hypotheses, unknowns, seed)]
    if not queue:
        queue = _first_seed(explored, budget)
    pending: list[tuple[Path, int]] = []
    while queue or pending:
        if queue:
            path = _run(function, unknowns, queue.pop(0))
            keep.extend(d.condition for d in path.decisions)
            key = _key(path.decisions)
            if key not in seen:
                seen.add(key)
                explored.paths.append(path)
                turned.update(key[: i + 1] for i in range(len(key)))
                pending.extend((path, i) for i in range(len(path.decisions)))
            continue
        if most_undecided is not None and len(explored.undecided) >= most_undecided:
            break
        path, index = pending.pop(0)
        key = _key(path.decisions)
        other = (*key[:index], (key[index][0], not key[index][1]))
        if other in turned:
            continue
        turned.add(other)
        found = _turn(explored, path, index, budget)
        if found is not None:
            queue.append(dict(found))
    return explored


def _first_seed(explored: Explored, budget: int) -> list[dict[str, Fraction]]:
    """Look for inputs that the hypotheses allow where no seed is; without any the search is undecided."""
    status, model, cost = rational_model(explored.hypotheses, [u.term for u in explored.unknowns], budget)
    explored.resource += cost
    if model is None and status != "unsat":
        explored.undecided.append(f"{status}: no inputs found that the hypotheses allow")
    return [] if model is None else [dict(model)]


def _key(decisions: Sequence[Decision]) -> tuple[tuple[int, bool], ...]:
    return tuple((d.condition.get_id(), d.taken) for d in decisions)


def _turn(explored: Explored, path: Path, index: int, budget: int) -> Mapping[str, Fraction] | None:
    """Look for inputs that follow a path up to a decision and then go the other way."""
    decision = path.decisions[index]
    constraints = [
        *explored.hypotheses,
        *path.definitions[: decision.definitions],
        *(d.constraint for d in path.decisions[:index]),
        z3.simplify(z3.Not(decision.constraint), som=True),
    ]
    quick = ask(constraints, budget)
    explored.resource += quick.resource
    if quick.status == "unsat":
        explored.pruned += 1
        explored.infeasible.append(constraints[len(explored.hypotheses) :])
        return None
    if quick.status == "sat":
        status, model, cost = rational_model(constraints, [u.term for u in explored.unknowns], budget)
        explored.resource += cost
        if model is not None:
            return model
        explored.undecided.append(f"{status}: no rational model for {decision.condition}")
        return None
    explored.undecided.append(f"unknown: {decision.condition}")
    return None


def allowed(hypotheses: Sequence[z3.BoolRef], unknowns: Sequence[Unknown], seed: Mapping[str, Fraction]) -> bool:
    """Say whether concrete inputs satisfy the hypotheses."""
    pairs = [(u.term, z3.Q(seed[u.name].numerator, seed[u.name].denominator)) for u in unknowns]
    return all(z3.is_true(z3.simplify(z3.substitute(h, *pairs))) for h in hypotheses)


def _run(function: Function, unknowns: Sequence[Unknown], witness: Mapping[str, Fraction]) -> Path:
    trace = Trace()
    inputs = {u.name: _input(u, witness[u.name], trace) for u in unknowns}
    outputs, raised = call(function, inputs)
    expected, expected_raise = call(function, plain_inputs(unknowns, witness))
    _check_replay(outputs, raised, expected, expected_raise)
    outcome = {k: v.term for k, v in outputs.items() if isinstance(v, Traced)}
    constants = {k: _constant(v) for k, v in outputs.items() if _is_number(v)}
    return Path(
        decisions=tuple(trace.decisions),
        definitions=tuple(trace.definitions),
        witness={u.name: Fraction(witness[u.name]) for u in unknowns},
        outcome=outcome | constants,
        structure={k: v for k, v in outputs.items() if not isinstance(v, Traced) and not _is_number(v)},
        expected={k: Fraction(v) for k, v in expected.items() if _is_number(v)},
        raised=raised,
    )


def _input(unknown: Unknown, value: Fraction, trace: Trace) -> Traced:
    if unknown.reciprocal_of is None:
        return Traced(value, unknown.term, trace)
    # The code sees constant / ratio; the price's own variable is tied to the ratio by its product.
    price = z3.Real(unknown.price)
    trace.definitions.append(price * unknown.term == z3.Q(*unknown.reciprocal_of.as_integer_ratio()))
    trace.settle(z3.simplify(price == 0, som=True))
    return Traced(unknown.reciprocal_of / value, price, trace, (unknown.reciprocal_of, unknown.term))


def plain_inputs(unknowns: Sequence[Unknown], values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return concrete values as the code takes them: a conversion price in place of a ratio."""
    return {u.name: values[u.name] if u.reciprocal_of is None else u.reciprocal_of / values[u.name] for u in unknowns}


def call(function: Function, inputs: Inputs) -> tuple[Mapping[str, Any], str | None]:
    """Run a function; return its outputs, or what it raised: the exception's name, and its code if it has one."""
    try:
        return function(inputs), None
    except Exception as error:
        code = getattr(error, "code", None)
        return {}, type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _constant(value: int | Fraction) -> z3.ArithRef:
    return z3.Q(*Fraction(value).as_integer_ratio())


def _check_replay(
    outputs: Mapping[str, Any], raised: str | None, expected: Mapping[str, Any], expected_raise: str | None
) -> None:
    if raised != expected_raise:
        raise ReplayError(f"the path raised {raised}, its replay {expected_raise}")
    if set(outputs) != set(expected):
        raise ReplayError(f"the outputs {sorted(set(outputs) ^ set(expected))} are only on the path or in its replay")
    for name, value in outputs.items():
        got = value.value if isinstance(value, Traced) else value
        if expected[name] != got:
            raise ReplayError(f"output {name} is {got} on the path and {expected[name]} in its replay")
