"""What a claim sees: subjects of exploration, and their paths and concrete cases as terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import sympy
import z3

from proofs.explorer import Function, Path, Unknown, call, plain_inputs
from proofs.numbers import literal
from proofs.solver import variables
from proofs.translate import Translator
from symbolic.evaluate import evaluate, holds


def parts(claim: z3.BoolRef | list[z3.BoolRef]) -> list[z3.BoolRef]:
    """Return the conditions of a claim."""
    return claim if isinstance(claim, list) else [claim]


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

    @property
    def label(self) -> str:
        """Return the label of the subject."""

    @property
    def closed(self) -> Mapping[str, sympy.Expr]:
        """Return the closed form of each output."""

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form at these inputs."""

    def at(self, values: Mapping[str, z3.ArithRef]) -> View:
        """Return the same view in which closed forms may also refer to further values by name."""


Claim = Callable[[View], "z3.BoolRef | list[z3.BoolRef]"]
"""A claim about a path or a case: one condition, or several that are decided one by one."""


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
    further: Mapping[str, z3.ArithRef] = field(default_factory=dict)
    numbered: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the label of the subject."""
        return self.subject.label

    @property
    def closed(self) -> Mapping[str, sympy.Expr]:
        """Return the closed form of each output."""
        return self.subject.closed

    def at(self, values: Mapping[str, z3.ArithRef]) -> PathView:
        """Return the same view in which closed forms may also refer to further values by name."""
        return PathView(self.subject, self.path, self.definitions, {**self.further, **values}, self.numbered)

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
        """Return the outputs that are not numbers, and what was raised if anything was."""
        raised = self.path.raised
        return self.path.structure if raised is None else {"raised": raised}

    @cached_property
    def _translator(self) -> Translator:
        unknowns = self.subject.unknowns
        ratios = [u for u in unknowns if u.reciprocal_of is not None]
        values = {u.name: u.term for u in unknowns} | {u.price: z3.Real(u.price) for u in ratios}
        reciprocals = {u.price: u.term * literal(1 / u.reciprocal_of) for u in ratios if u.reciprocal_of}
        # Views of one path share their definitions, so each names its quotients with a prefix of its own.
        self.numbered.append(f"f{len(self.numbered)}_")
        return Translator({**values, **self.further}, reciprocals, self.definitions, self.numbered[-1])

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form as a term; its quotients are added to the definitions."""
        return self._translator.term(expression)


@dataclass(frozen=True)
class ConcreteView:
    """Show one concrete case: every number a literal, closed forms evaluated exactly."""

    subject: Subject
    values: Mapping[str, Fraction]
    outputs: Mapping[str, Any]
    further: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the label of the subject."""
        return self.subject.label

    @property
    def closed(self) -> Mapping[str, sympy.Expr]:
        """Return the closed form of each output."""
        return self.subject.closed

    def at(self, values: Mapping[str, z3.ArithRef]) -> ConcreteView:
        """Return the same view in which closed forms may also refer to further values by name."""
        further = {name: Fraction(z3.simplify(value).as_fraction()) for name, value in values.items()}
        return ConcreteView(self.subject, self.values, self.outputs, {**self.further, **further})

    @cached_property
    def inputs(self) -> Mapping[str, z3.ArithRef]:
        """Return the inputs as literals."""
        return {name: literal(value) for name, value in self.values.items()}

    @cached_property
    def outcome(self) -> Mapping[str, z3.ArithRef]:
        """Return the numeric outputs as literals."""
        return {name: literal(value) for name, value in self.outputs.items() if is_number(value)}

    @cached_property
    def structure(self) -> Mapping[str, Any]:
        """Return the outputs that are not numbers."""
        return {name: value for name, value in self.outputs.items() if not is_number(value)}

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form as a literal."""
        named = {**self.subject.named(self.values), **self.further}
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

    @property
    def definitions(self) -> list[z3.BoolRef]:
        """Return what its closed forms' quotients stand for, not yet renamed."""
        return self._view.definitions

    def renamed(self, term: Any) -> Any:
        """Return a term or condition with the second run's own variables primed."""
        pairs = [(v, z3.Const(f"{v}'", v.sort())) for v in variables(term) if v.decl().name() not in self._shared]
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

    @property
    def label(self) -> str:
        """Return the label of the subject."""
        return self._view.label

    @property
    def closed(self) -> Mapping[str, sympy.Expr]:
        """Return the closed form of each output."""
        return self._view.closed

    def at(self, values: Mapping[str, z3.ArithRef]) -> RenamedView:
        """Raise: a second run refers to its own outputs only."""
        raise NotImplementedError

    def form(self, expression: sympy.Basic) -> Any:
        """Return a closed form at the second run's inputs."""
        return self.renamed(self._view.form(expression))


def run_plain(subject: Subject, inputs: Mapping[str, Fraction]) -> tuple[Mapping[str, Any], str | None]:
    """Run a subject's function on the Fraction engine; return its outputs, or the name of what it raised."""
    return call(subject.function, plain_inputs(subject.unknowns, inputs))
