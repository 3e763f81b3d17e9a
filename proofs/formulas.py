"""How a theorem about closed forms or plain arithmetic is checked: hypotheses imply the claim for all values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from proofs.evidence import DENIED, IRRATIONAL, UNDECIDED, Docket, Found, is_true, words
from proofs.explorer import Explored
from proofs.numbers import literal
from proofs.results import Counterexample, Result, Theorem, Twin, Verdict
from proofs.solver import BUDGET, rational_model, variables
from proofs.views import Subject


@dataclass(frozen=True)
class Changed:
    """Describe a statement next to a formula that must fail: the change, its hypotheses and its claim."""

    change: str
    hypotheses: tuple[z3.BoolRef, ...]
    claim: z3.BoolRef


@dataclass(frozen=True)
class FormulaCheck:
    """Check a claim about terms.

    unknowns: what a witness or a counterexample gives values for; setting: what defines the symbols;
    hypotheses: in words and as conditions; claims: each is decided on its own.
    """

    theorem: Theorem
    unknowns: tuple[z3.ArithRef, ...]
    setting: tuple[z3.BoolRef, ...]
    hypotheses: tuple[tuple[str, z3.BoolRef], ...]
    claims: tuple[z3.BoolRef, ...]
    neighbours: tuple[Changed, ...] = ()
    suggestions: tuple[Mapping[str, Fraction], ...] = ()
    shows: str = ""

    def run(self, explored: Sequence[tuple[Subject, Explored]] = (), budget: int = BUDGET) -> Result:
        """Return the verdict with its evidence."""
        assumed = [*self.setting, *(condition for _, condition in self.hypotheses)]
        found = self._attempt(assumed, self.claims, budget)
        if found.verdict is not Verdict.PROVED:
            return found.result(self.theorem)
        return found.result(self.theorem, tuple(self._twin(near, budget) for near in self.neighbours))

    def _twin(self, near: Changed, budget: int) -> Twin:
        found = self._attempt([*self.setting, *near.hypotheses], (near.claim,), budget)
        return Twin(near.change, found.verdict, found.counterexample)

    def _attempt(self, assumed: list[z3.BoolRef], claims: tuple[z3.BoolRef, ...], budget: int) -> Found:
        for values in self.suggestions:
            if self._denies(assumed, claims, values):
                counterexample = Counterexample(words(values), {}, words(values), self.shows)
                return Found(Verdict.REFUTED, counterexample=counterexample)
        docket = Docket(self.theorem, budget, [])
        for number, claim in enumerate(claims, start=1):
            if docket.decide(f"claim-{number:02d}", assumed, [claim]) is not None:
                return self._from_solver(docket, assumed, claims, [*assumed, z3.Not(claim)])
        if not docket.closed:
            return docket.found(Verdict.UNKNOWN, detail=UNDECIDED)
        status, model, _ = rational_model(assumed, self.unknowns, budget)
        if model is None:
            verdict = Verdict.VACUOUS if status == "unsat" else Verdict.UNKNOWN
            return docket.found(verdict, detail=f"no witness of the hypotheses ({status})")
        return docket.found(Verdict.PROVED, witness=words(model))

    def _from_solver(
        self, docket: Docket, assumed: list[z3.BoolRef], claims: tuple[z3.BoolRef, ...], constraints: list[z3.BoolRef]
    ) -> Found:
        _, model, _ = rational_model(constraints, self.unknowns, docket.budget)
        if model is None:
            return docket.found(Verdict.UNKNOWN, detail=IRRATIONAL)
        if not self._denies(assumed, claims, model):
            return docket.found(Verdict.ERROR, detail=DENIED)
        counterexample = Counterexample(words(model), {}, words(model), self.shows)
        return docket.found(Verdict.REFUTED, counterexample=counterexample)

    def _denies(
        self, assumed: list[z3.BoolRef], claims: tuple[z3.BoolRef, ...], values: Mapping[str, Fraction]
    ) -> bool:
        """Say whether concrete values satisfy what is assumed and make a claim fail.

        Variables that are not unknowns are names of quotients, whose definitions are solved for them.
        """
        pairs = [(u, literal(values[u.decl().name()])) for u in self.unknowns]
        rest = [z3.simplify(z3.substitute(c, *pairs)) for c in assumed]
        denied = z3.simplify(z3.substitute(z3.Not(z3.And(*claims)), *pairs))
        if not any(True for c in [*rest, denied] for _ in variables(c)):
            return all(is_true(c) for c in rest) and is_true(denied)
        solver = z3.Solver()
        solver.add(*rest, denied)
        return bool(solver.check() == z3.sat)
