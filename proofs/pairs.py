"""How a theorem about two runs of the same code is checked: its claim on every pair of paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import z3

from proofs.evidence import DENIED, IRRATIONAL, UNDECIDED, Docket, Found, closed_words, is_false, is_true, slug, words
from proofs.explorer import Explored, Path, allowed
from proofs.results import Counterexample, Result, Theorem, Verdict
from proofs.solver import BUDGET, OF_PATHS, rational_model
from proofs.views import ConcreteView, PathView, RenamedView, Subject, View, run_plain

PairClaim = Callable[[View, View], z3.BoolRef]
Inputs = Mapping[str, Fraction]


@dataclass(frozen=True)
class PairCheck:
    """Check a claim about two runs of one subject.

    shared: the unknowns that both runs have in common; hypotheses: in words and as conditions;
    suggestions: pairs of inputs that are tried as counterexamples before the solver is asked.
    """

    theorem: Theorem
    claim: PairClaim
    label: str
    shared: tuple[str, ...] = ()
    hypotheses: tuple[tuple[str, PairClaim], ...] = ()
    suggestions: tuple[tuple[Inputs, Inputs], ...] = ()
    shows: str = ""

    def run(self, explored: Sequence[tuple[Subject, Explored]], budget: int = BUDGET) -> Result:
        """Return the verdict with its evidence."""
        subject, paths = next((s, e) for s, e in explored if s.label == self.label)
        count = len(paths.paths)
        for first, second in self.suggestions:
            counterexample = self._refuted_at(subject, paths, first, second)
            if counterexample is not None:
                return Found(Verdict.REFUTED, paths=count, counterexample=counterexample).result(self.theorem)
        return self._solve(subject, paths, Docket(self.theorem, budget, [], OF_PATHS)).result(self.theorem)

    def _solve(self, subject: Subject, explored: Explored, docket: Docket) -> Found:
        count = len(explored.paths)
        for number, first in enumerate(explored.paths, start=1):
            assumed = [*explored.hypotheses, *first.constraints]
            cases = [self._case(explored, subject, first, second) for second in explored.paths]
            place = docket.exclude(f"{slug(self.label)}/path-{number:03d}-with-each", assumed, cases)
            if place is not None:
                return self._from_solver(subject, explored, [*assumed, *cases[place]], docket)
        if explored.undecided or not docket.closed:
            return docket.found(Verdict.UNKNOWN, count, detail="; ".join(explored.undecided[:3]) or UNDECIDED)
        for one, two in self._witnesses(subject, explored, docket):
            views = self._views(subject, one, two)
            if views is not None and self._assumed(*views):
                return docket.found(Verdict.PROVED, count, witness=_pair_words(one, two))
        return docket.found(Verdict.VACUOUS, count, detail="no pair of witnesses satisfies the hypotheses")

    def _witnesses(self, subject: Subject, explored: Explored, docket: Docket) -> Iterator[tuple[Inputs, Inputs]]:
        """Yield pairs that may satisfy the hypotheses: the paths' own witnesses, or else what the solver finds."""
        yield from product([p.witness for p in explored.paths], repeat=2)
        for first, second in product([p for p in explored.paths if p.raised is None], repeat=2):
            assumed = [
                *explored.hypotheses,
                *first.constraints,
                *self._case(explored, subject, first, second, denying=False),
            ]
            model = self._model(subject, assumed, docket.budget)
            if model is not None:
                yield model

    def _case(
        self, explored: Explored, subject: Subject, first: Path, second: Path, denying: bool = True
    ) -> list[z3.BoolRef]:
        """Return what holds besides the first path where a second run denies the claim, as one that raises does.

        denying: whether it is to deny the claim, or only to fit the hypotheses.
        """
        one, other = PathView(subject, first), RenamedView(PathView(subject, second), self.shared)
        raises = first.raised is not None or second.raised is not None
        assumed = []
        for _, condition in self.hypotheses:
            # A hypothesis about outputs excludes no run that raises: it has none.
            with suppress(KeyError) if raises else nullcontext():
                assumed.append(condition(one, other))
        denied = [z3.Not(self.claim(one, other))] if denying and not raises else []
        return [
            *(other.renamed(h) for h in explored.hypotheses),
            *(other.renamed(c) for c in second.constraints),
            *one.definitions,
            *(other.renamed(d) for d in other.definitions),
            *assumed,
            *denied,
        ]

    def _from_solver(
        self, subject: Subject, explored: Explored, constraints: list[z3.BoolRef], docket: Docket
    ) -> Found:
        count = len(explored.paths)
        model = self._model(subject, constraints, docket.budget)
        if model is None:
            return docket.found(Verdict.UNKNOWN, count, detail=IRRATIONAL)
        counterexample = self._refuted_at(subject, explored, *model)
        if counterexample is None:
            return docket.found(Verdict.ERROR, count, detail=DENIED)
        return docket.found(Verdict.REFUTED, count, counterexample=counterexample)

    def _model(self, subject: Subject, constraints: list[z3.BoolRef], budget: int) -> tuple[Inputs, Inputs] | None:
        """Look for rational inputs of both runs."""
        own = [u.name for u in subject.unknowns if u.name not in self.shared]
        twice = [*(u.term for u in subject.unknowns), *(z3.Real(f"{name}'") for name in own)]
        _, model, _ = rational_model(constraints, twice, budget)
        if model is None:
            return None
        first = {u.name: model[u.name] for u in subject.unknowns}
        return first, {name: model[f"{name}'" if name in own else name] for name in first}

    def _views(self, subject: Subject, first: Inputs, second: Inputs) -> tuple[ConcreteView, ConcreteView] | None:
        if any(first[name] != second[name] for name in self.shared):
            return None
        one, two = (run_plain(subject, inputs) for inputs in (first, second))
        if one[1] is not None or two[1] is not None:
            return None
        return ConcreteView(subject, first, one[0]), ConcreteView(subject, second, two[0])

    def _assumed(self, first: View, second: View) -> bool:
        return all(is_true(condition(first, second)) for _, condition in self.hypotheses)

    def _refuted_at(self, subject: Subject, explored: Explored, first: Inputs, second: Inputs) -> Counterexample | None:
        if not all(allowed(explored.hypotheses, subject.unknowns, inputs) for inputs in (first, second)):
            return None
        if any(first[name] != second[name] for name in self.shared):
            return None
        raised = {place: run_plain(subject, inputs)[1] for place, inputs in (("first", first), ("second", second))}
        if any(raised.values()):
            return self._raises(subject, first, second, raised)
        views = self._views(subject, first, second)
        if views is None or not self._assumed(*views) or not is_false(self.claim(*views)):
            return None
        return Counterexample(
            inputs=_pair_words(first, second),
            engine=_pair_words(views[0].outputs, views[1].outputs),
            closed_form=_pair_words(closed_words(subject, first), closed_words(subject, second)),
            shows=self.shows,
        )

    def _raises(
        self, subject: Subject, first: Inputs, second: Inputs, raised: Mapping[str, str | None]
    ) -> Counterexample | None:
        """Return a counterexample of which a run raises, unless its inputs are outside of the hypotheses."""
        for _, condition in self.hypotheses:
            with suppress(KeyError):
                if is_false(condition(ConcreteView(subject, first, {}), ConcreteView(subject, second, {}))):
                    return None
        shown = {f"raised ({place})": name for place, name in raised.items() if name is not None}
        return Counterexample(_pair_words(first, second), words(shown), {}, self.shows)


def _pair_words(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, str]:
    named = {f"{name} (first)": value for name, value in first.items()}
    return words(named | {f"{name} (second)": value for name, value in second.items()})
