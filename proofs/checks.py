"""How a theorem about the code is checked: its claim on every path that was found.

PROVED needs every obligation shown by the solver and a rational witness of the hypotheses; REFUTED needs
a counterexample that is replayed on the Fraction engine. Anything else is UNKNOWN, VACUOUS or ERROR.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from proofs.evidence import (
    DENIED,
    IRRATIONAL,
    PATIENT,
    UNDECIDED,
    Docket,
    Found,
    answered_ahead,
    counterexample_of,
    denials,
    is_false,
    is_true,
    slug,
    words,
)
from proofs.explorer import Explored, Path, allowed
from proofs.results import Counterexample, Obligation, Result, Theorem, Twin, Verdict
from proofs.solver import BUDGET, OF_PATHS, rational_model, script
from proofs.views import Claim, ConcreteView, PathView, Subject, View, parts, run_plain

Pairs = Sequence[tuple[Subject, Explored]]
SEEDS = 20
"""How many seeds of a subject are tried before it is explored, where the first surprise ends a run."""


@dataclass(frozen=True)
class Hypothesis:
    """Hold one assumption, in words and as a condition."""

    words: str
    holds: Claim


@dataclass(frozen=True)
class Neighbour:
    """Describe a statement next to a theorem that must fail: the change, and what differs from it.

    hypotheses, claim, labels: None to keep the theorem's own.
    """

    change: str
    hypotheses: tuple[Hypothesis, ...] | None = None
    claim: Claim | None = None
    labels: tuple[str, ...] | None = None
    suggestions: tuple[Mapping[str, Fraction], ...] = ()


@dataclass(frozen=True)
class Statement:
    """Hold what is claimed, under which hypotheses, and which inputs to try first against it."""

    claim: Claim
    hypotheses: tuple[Hypothesis, ...]
    suggestions: tuple[Mapping[str, Fraction], ...]
    shows: str
    judges_raising: bool = False

    def assumed(self, view: View) -> list[z3.BoolRef]:
        """Return the hypotheses in one view."""
        return [part for h in self.hypotheses for part in parts(h.holds(view))]

    def assumed_of_inputs(self, view: View) -> list[z3.BoolRef]:
        """Return the hypotheses that do not speak of outputs: a run that raises has none."""
        found = []
        for hypothesis in self.hypotheses:
            with suppress(KeyError):
                found += parts(hypothesis.holds(view))
        return found

    def counts_raising(self, raised: str | None) -> bool:
        """Say whether a run that raises denies the statement if its inputs are among those assumed."""
        return raised is not None and not self.judges_raising

    def holds_at(self, view: ConcreteView) -> bool | None:
        """Say whether the claim holds in a concrete case; None if the case is outside the hypotheses."""
        if not all(is_true(part) for part in self.assumed(view)):
            return None
        return not any(is_false(part) for part in parts(self.claim(view)))

    def applies_to(self, subject: Subject, inputs: Mapping[str, Fraction]) -> bool:
        """Say whether concrete inputs satisfy the hypotheses."""
        outputs, raised = run_plain(subject, inputs)
        return raised is None and self.holds_at(ConcreteView(subject, inputs, outputs)) is not None

    def denied_at(self, subject: Subject, inputs: Mapping[str, Fraction]) -> Mapping[str, Any] | None:
        """Return the engine's outputs at concrete inputs if they are a counterexample."""
        outputs, raised = run_plain(subject, inputs)
        if self.counts_raising(raised):
            excluded = any(is_false(part) for part in self.assumed_of_inputs(ConcreteView(subject, inputs, {})))
            return None if excluded else {"raised": raised}
        shown = outputs if raised is None else {"raised": raised}
        return shown if self.holds_at(ConcreteView(subject, inputs, shown)) is False else None


@dataclass(frozen=True)
class PathCheck:
    """Check a claim on every path of its subjects.

    labels: the subjects it speaks of, all of the study's if empty; suggestions: concrete inputs that are
    tried as counterexamples before the solver is asked; shows: what a counterexample means; covers_all:
    whether the theorem also rests on there being no further path; judges_raising: whether the claim speaks
    of paths that raise, which otherwise count against the theorem.
    """

    theorem: Theorem
    claim: Claim
    hypotheses: tuple[Hypothesis, ...] = ()
    labels: tuple[str, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    suggestions: tuple[Mapping[str, Fraction], ...] = ()
    shows: str = ""
    covers_all: bool = False
    judges_raising: bool = False

    def run(self, explored: Pairs, budget: int = BUDGET) -> Result:
        """Return the verdict with its evidence."""
        statement = Statement(self.claim, self.hypotheses, self.suggestions, self.shows, self.judges_raising)
        found = self._attempt(_chosen(explored, self.labels), statement, budget)
        if found.verdict is not Verdict.PROVED:
            return found.result(self.theorem)
        return found.result(self.theorem, tuple(self._twin(explored, near, budget) for near in self.neighbours))

    def at_seeds(self, subjects: Sequence[Subject]) -> Result | None:
        """Return the refutation that a seed of its subjects gives, if one does, without exploring anything."""
        statement = Statement(self.claim, self.hypotheses, self.suggestions, self.shows, self.judges_raising)
        for subject in subjects:
            if self.labels and subject.label not in self.labels:
                continue
            for seed in subject.seeds[:SEEDS]:
                inputs = seed if allowed(subject.hypotheses, subject.unknowns, seed) else None
                outputs = None if inputs is None else statement.denied_at(subject, inputs)
                if inputs is not None and outputs is not None:
                    found = counterexample_of(subject, inputs, outputs, statement.shows)
                    return Found(Verdict.REFUTED, counterexample=found).result(self.theorem)
        return None

    def _twin(self, explored: Pairs, near: Neighbour, budget: int) -> Twin:
        statement = Statement(
            near.claim or self.claim,
            self.hypotheses if near.hypotheses is None else near.hypotheses,
            near.suggestions,
            self.shows,
            self.judges_raising,
        )
        chosen = _chosen(explored, self.labels if near.labels is None else near.labels)
        found = self._attempt(chosen, statement, budget)
        return Twin(near.change, found.verdict, found.counterexample)

    def _attempt(self, chosen: Pairs, statement: Statement, budget: int) -> Found:
        count = sum(len(e.paths) for _, e in chosen)
        for subject, explored in chosen:
            counterexample = _first_counterexample(subject, explored, statement)
            if counterexample is not None:
                return Found(Verdict.REFUTED, paths=count, counterexample=counterexample)
        docket = Docket(self.theorem, budget, [], OF_PATHS)
        for subject, explored in chosen:
            obligations = [_obligation(subject, explored, path, statement) for path in explored.paths]
            asked = [
                docket.asked(f"{slug(subject.label)}/path-{number:03d}", assumed, denials(claims))
                for number, (assumed, claims) in enumerate(obligations, start=1)
            ]
            answered_ahead(asked)
            for own, (assumed, claims) in zip(asked, obligations, strict=True):
                place = docket.settle(own)
                if place is None and not PATIENT.get() and docket.obligations[-1].status != "unsat":
                    return docket.found(Verdict.UNKNOWN, count, detail=UNDECIDED)
                if place is not None:
                    return _from_solver(docket, subject, statement, [*assumed, z3.Not(claims[place])], count)
        if self.covers_all:
            docket.obligations += [_coverage(self.theorem, s, e) for s, e in chosen]
        return _closing(docket, chosen, statement, count)


def _chosen(explored: Pairs, labels: tuple[str, ...]) -> Pairs:
    chosen = [(s, e) for s, e in explored if not labels or s.label in labels]
    if not chosen:
        raise ValueError(f"no subject is labelled {labels}")
    return chosen


def _first_counterexample(subject: Subject, explored: Explored, statement: Statement) -> Counterexample | None:
    """Try the suggested inputs, and then the witness of every path, on the Fraction engine."""
    names = {u.name for u in subject.unknowns}
    suggested = [i for i in statement.suggestions if set(i) == names]
    allowed_ones = [i for i in suggested if allowed(explored.hypotheses, subject.unknowns, i)]
    for inputs in [*allowed_ones, *(path.witness for path in explored.paths)]:
        outputs = statement.denied_at(subject, inputs)
        if outputs is not None:
            return counterexample_of(subject, inputs, outputs, statement.shows)
    return None


def _obligation(
    subject: Subject, explored: Explored, path: Path, statement: Statement
) -> tuple[list[z3.BoolRef], list[z3.BoolRef]]:
    """Return what is assumed on a path, and what is claimed there."""
    view = PathView(subject, path)
    if statement.counts_raising(path.raised):
        hypotheses, claims = statement.assumed_of_inputs(view), [z3.BoolVal(False)]
    else:
        hypotheses, claims = statement.assumed(view), parts(statement.claim(view))
    return [*explored.hypotheses, *path.constraints, *hypotheses, *view.definitions], claims


def _from_solver(
    docket: Docket,
    subject: Subject,
    statement: Statement,
    constraints: list[z3.BoolRef],
    count: int,
) -> Found:
    """Turn the solver's `sat` into a counterexample that is replayed, or into the reason why not."""
    _, model, _ = rational_model(constraints, [u.term for u in subject.unknowns], docket.budget)
    if model is None:
        return docket.found(Verdict.UNKNOWN, count, detail=IRRATIONAL)
    outputs = statement.denied_at(subject, model)
    if outputs is None:
        return docket.found(Verdict.ERROR, count, detail=DENIED)
    counterexample = counterexample_of(subject, model, outputs, statement.shows)
    return docket.found(Verdict.REFUTED, count, counterexample=counterexample)


def _coverage(theorem: Theorem, subject: Subject, explored: Explored) -> Obligation:
    """Return the questions that show that there is no further path, one after another in one file."""
    title = f"{theorem.id}\nthese paths of {subject.label} are all: every answer must be unsat"
    written = script(title, explored.hypotheses, explored.infeasible)
    return Obligation(f"{slug(subject.label)}/coverage", "unsat", explored.resource, written.text)


def _closing(docket: Docket, chosen: Pairs, statement: Statement, count: int) -> Found:
    undecided = [u for _, e in chosen for u in e.undecided]
    if undecided or not docket.closed:
        return docket.found(Verdict.UNKNOWN, count, detail="; ".join(undecided[:3]) or UNDECIDED)
    witnesses = [next(_witnesses([own], statement, docket.budget), None) for own in chosen]
    empty = [subject.label for (subject, _), found in zip(chosen, witnesses, strict=True) if found is None]
    if empty or witnesses[0] is None:
        return docket.found(Verdict.VACUOUS, count, detail=f"no inputs satisfy the hypotheses: {'; '.join(empty[:3])}")
    return docket.found(Verdict.PROVED, count, witness=words(witnesses[0]))


def _witnesses(chosen: Pairs, statement: Statement, budget: int) -> Iterator[Mapping[str, Fraction]]:
    """Yield inputs that satisfy the hypotheses: a path's own witness, or else what the solver finds."""
    for subject, explored in chosen:
        for path in explored.paths:
            if statement.applies_to(subject, path.witness):
                yield path.witness
    for subject, explored in chosen:
        for path in explored.paths:
            if statement.counts_raising(path.raised):
                continue
            view = PathView(subject, path)
            assumed = statement.assumed(view)
            constraints = [*explored.hypotheses, *path.constraints, *assumed, *view.definitions]
            _, model, _ = rational_model(constraints, [u.term for u in subject.unknowns], budget)
            if model is not None and statement.applies_to(subject, model):
                yield model
