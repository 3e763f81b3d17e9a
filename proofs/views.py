"""What a claim sees: subjects of exploration, and their paths and concrete cases as terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import sympy
import z3

from proofs.explorer import Function, Path, Unknown, plain_inputs
from proofs.numbers import literal
from proofs.translate import Translator
from symbolic.evaluate import evaluate, holds


class View(Protocol):
    """Show a claim one path or one concrete case: inputs and outputs as terms, and closed forms at the inputs."""

    @property
    def inputs(self) -> Mapping[str, z3.ArithRef]:
        """Return the unknowns or their values."""

    @property
    def outcome(self) -> Mapping[str, z3.ArithRef]:
        """Return the numeric outputs."""

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return the outputs that are not numbers."""

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form at these inputs."""


Claim = Callable[[View], z3.BoolRef]


@dataclass(frozen=True)
class Subject:
    """Describe what is explored: a function of `reference` at named unknowns.

    label: what is special about it; closed: the closed form of each numeric output, for comparison in
    counterexamples and for the claim that the two agree.
    """

    label: str
    function: Function
    unknowns: tuple[Unknown, ...]
    hypotheses: tuple[z3.BoolRef, ...]
    seeds: tuple[Mapping[str, Fraction], ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, sympy.Expr] = field(default_factory=dict)

    def named(self, values: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return concrete inputs by the closed forms' names: besides a ratio, the conversion price behind it."""
        prices = {u.price: u.reciprocal_of / values[u.name] for u in self.unknowns if u.reciprocal_of is not None}
        return {**values, **prices}


@dataclass
class PathView:
    """Show a path: everything in terms of the unknowns."""

    subject: Subject
    path: Path
    definitions: list[z3.BoolRef] = field(default_factory=list)

    @property
    def inputs(self) -> Mapping[str, z3.ArithRef]:
        """Return the unknowns."""
        return {u.name: u.term for u in self.subject.unknowns}

    @property
    def outcome(self) -> Mapping[str, z3.ArithRef]:
        """Return the outputs as terms."""
        return self.path.outcome

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return the outputs that are not numbers."""
        return self.path.structure

    @cached_property
    def _translator(self) -> Translator:
        unknowns = self.subject.unknowns
        ratios = [u for u in unknowns if u.reciprocal_of is not None]
        values = {u.name: u.term for u in unknowns} | {u.price: z3.Real(u.price) for u in ratios}
        reciprocals = {u.price: u.term * literal(1 / u.reciprocal_of) for u in ratios if u.reciprocal_of}
        return Translator(values, reciprocals, self.definitions)

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form as a term; its quotients are added to the definitions."""
        return self._translator.term(expression)


@dataclass(frozen=True)
class ConcreteView:
    """Show one concrete case: every number a literal, closed forms evaluated exactly."""

    subject: Subject
    values: Mapping[str, Fraction]
    outputs: Mapping[str, Any]

    @property
    def inputs(self) -> Mapping[str, z3.ArithRef]:
        """Return the inputs as literals."""
        return {name: literal(value) for name, value in self.values.items()}

    @property
    def outcome(self) -> Mapping[str, z3.ArithRef]:
        """Return the numeric outputs as literals."""
        return {name: literal(value) for name, value in self.outputs.items() if is_number(value)}

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return the outputs that are not numbers."""
        return {name: value for name, value in self.outputs.items() if not is_number(value)}

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form as a literal."""
        named = self.subject.named(self.values)
        if isinstance(expression, sympy.Expr):
            return literal(evaluate(expression, named))
        return z3.BoolVal(holds(expression, named))


def is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


class RenamedView:
    """Show the second of two runs: its own unknowns carry a prime."""

    def __init__(self, view: PathView, shared: Sequence[str]) -> None:
        self._view = view
        self._shared = set(shared)

    def renamed(self, term: Any) -> Any:
        """Return a term or condition with the second run's own variables primed."""
        pairs = [(v, z3.Real(f"{v}'")) for v in variables(term) if v.decl().name() not in self._shared]
        return z3.substitute(term, *pairs)

    @property
    def inputs(self) -> Mapping[str, z3.ArithRef]:
        """Return the unknowns of the second run."""
        return {name: self.renamed(term) for name, term in self._view.inputs.items()}

    @property
    def outcome(self) -> Mapping[str, z3.ArithRef]:
        """Return its outputs as terms."""
        return {name: self.renamed(term) for name, term in self._view.outcome.items()}

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return its outputs that are not numbers."""
        return self._view.structure

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form at the second run's inputs."""
        return self.renamed(self._view.form(expression))


def variables(term: Any) -> Iterator[z3.ArithRef]:
    seen: set[int] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node.get_id() in seen:
            continue
        seen.add(node.get_id())
        if z3.is_const(node) and node.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            yield node
        stack.extend(node.children())


def run_plain(subject: Subject, inputs: Mapping[str, Fraction]) -> tuple[Mapping[str, Any], str | None]:
    """Run a subject's function on the Fraction engine; return its outputs, or the name of what it raised."""
    try:
        return subject.function(plain_inputs(subject.unknowns, inputs)), None
    except (ArithmeticError, ValueError, KeyError, TypeError, AssertionError) as error:
        return {}, type(error).__name__
