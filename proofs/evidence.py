"""How evidence is put together: obligations, witnesses and counterexamples."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from proofs.cache import ANSWERS, recalled
from proofs.results import Counterexample, Obligation, Result, Theorem, Twin, Verdict
from proofs.solver import ATTEMPTS, Attempts, Script, decide, plan, script
from proofs.views import Subject
from symbolic.evaluate import evaluate

HELPERS: ContextVar[int] = ContextVar("HELPERS", default=1)
"""How many processes may answer the questions of one theorem at a time."""

PATIENT: ContextVar[bool] = ContextVar("PATIENT", default=True)
"""Whether further paths are looked at once one is left undecided: one of them may refute what cannot be proved now."""

FEW = 8
"""Fewer questions are not worth a process."""

UNDECIDED = "the solver did not decide an obligation within its budget"
IRRATIONAL = "the solver has a counterexample, but no rational one was found"
DENIED = "the solver has a counterexample that its replay denies"


@dataclass(frozen=True)
class Found:
    """Hold what one attempt at a statement ended in."""

    verdict: Verdict
    obligations: tuple[Obligation, ...] = ()
    paths: int = 0
    witness: Mapping[str, str] | None = None
    counterexample: Counterexample | None = None
    detail: str = ""

    def result(self, theorem: Theorem, twins: tuple[Twin, ...] = ()) -> Result:
        """Return it as the result of a theorem."""
        return Result(
            theorem=theorem,
            verdict=self.verdict,
            paths=self.paths,
            obligations=self.obligations,
            witness=self.witness,
            counterexample=self.counterexample,
            twins=twins,
            detail=self.detail,
        )


@dataclass(frozen=True)
class Excluded:
    """Hold whether all of some cases are excluded: the status, what it cost, and the place of one that can occur."""

    status: str
    resource: int
    place: int | None


def _exclude(questions: Sequence[str], budget: int, attempts: Attempts) -> Excluded:
    # An obligation without a question shows nothing.
    status, resource, context = "unsat" if questions else "unknown", 0, z3.Context()
    for place, question in enumerate(questions):
        answer = decide(question, budget, context, attempts)
        resource += answer.resource
        if answer.status == "sat":
            return Excluded("sat", resource, place)
        if answer.status != "unsat":
            status = answer.status
    return Excluded(status, resource, None)


def denials(claims: Sequence[z3.BoolRef]) -> list[list[z3.BoolRef]]:
    """Return for each claim that it fails, those before it granted.

    Granting them is sound: an obligation is kept as shown only if each of its claims is shown.
    """
    return [[*claims[:place], z3.Not(claim)] for place, claim in enumerate(claims)]


@dataclass(frozen=True)
class Asked:
    """Hold the questions of an obligation as they are put to the solver."""

    name: str
    script: Script
    budget: int
    attempts: Attempts

    def answer(self) -> Excluded:
        """Return what the solver says, or has said."""
        questions = self.script.questions
        return recalled(
            {
                "solver": z3.get_full_version(),
                "budget": f"{self.budget} {plan(self.attempts)}",
                "text": "".join(questions),
            },
            Excluded,
            lambda: _exclude(questions, self.budget, self.attempts),
            keep=lambda found: found.status != "unknown",
        )


def answered_ahead(asked: Sequence[Asked]) -> None:
    """Let processes of their own answer questions and keep the answers, if any may help and there is a place for them.

    It saves time alone: what such a process does not leave there is answered again.
    """
    helpers = HELPERS.get()
    if helpers < 2 or len(asked) < FEW or ANSWERS.get() is None or not hasattr(os, "fork"):
        return
    children = [_forked(asked[number::helpers]) for number in range(helpers)]
    for child in children:
        os.waitpid(child, 0)


def _forked(asked: Sequence[Asked]) -> int:
    child = os.fork()
    if child == 0:
        try:
            for own in asked:
                own.answer()
        finally:
            os._exit(0)
    return child


@dataclass
class Docket:
    """Collect the obligations of one attempt at a theorem; attempts: how the solver goes about a question."""

    theorem: Theorem
    budget: int
    obligations: list[Obligation]
    attempts: Attempts = ATTEMPTS

    def decide(self, name: str, assumed: Sequence[z3.BoolRef], claims: Sequence[z3.BoolRef]) -> z3.BoolRef | None:
        """Ask for each claim whether it can fail, those before it granted; return a claim that can, if any."""
        place = self.exclude(name, assumed, denials(claims))
        return None if place is None else claims[place]

    def exclude(self, name: str, assumed: Sequence[z3.BoolRef], cases: Sequence[Sequence[z3.BoolRef]]) -> int | None:
        """Ask for each case whether it can occur, and keep the questions; return the place of one that can."""
        return self.settle(self.asked(name, assumed, cases))

    def asked(self, name: str, assumed: Sequence[z3.BoolRef], cases: Sequence[Sequence[z3.BoolRef]]) -> Asked:
        """Return the questions whether each case can occur, written but not answered."""
        title = f"{self.theorem.id}: {self.theorem.statement}\n{name}: unsat means that the claim holds there"
        return Asked(name, script(title, assumed, cases), self.budget, self.attempts)

    def settle(self, asked: Asked) -> int | None:
        """Answer questions and keep them; return the place of a case that can occur."""
        answer = asked.answer()
        self.obligations.append(Obligation(asked.name, answer.status, answer.resource, asked.script.text))
        return answer.place

    @property
    def closed(self) -> bool:
        """Say whether there are obligations and every one was shown to hold."""
        return bool(self.obligations) and all(o.status == "unsat" for o in self.obligations)

    def found(self, verdict: Verdict, paths: int = 0, **more: Any) -> Found:
        """Return what the attempt ended in."""
        return Found(verdict, tuple(self.obligations), paths, **more)


def counterexample_of(
    subject: Subject, inputs: Mapping[str, Fraction], outputs: Mapping[str, Any], shows: str
) -> Counterexample:
    """Return a counterexample with what the engine and the closed forms make of its inputs."""
    ordered = {u.name: inputs[u.name] for u in subject.unknowns}
    return Counterexample(words(ordered), words(outputs), closed_words(subject, inputs), shows)


def closed_words(subject: Subject, inputs: Mapping[str, Fraction]) -> dict[str, str]:
    """Return the closed form of every output at concrete inputs."""
    named = subject.named(inputs)
    return {name: str(evaluate(form, named)) for name, form in subject.closed.items()}


def words(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as they are printed: exact amounts, and sets in order."""
    return {name: _word(value) for name, value in values.items()}


def _word(value: object) -> str:
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(value)) or "none"
    return str(value)


def is_true(condition: z3.BoolRef) -> bool:
    """Say whether a condition without unknowns holds."""
    return bool(z3.is_true(z3.simplify(condition)))


def is_false(condition: z3.BoolRef) -> bool:
    """Say whether a condition without unknowns fails."""
    return bool(z3.is_false(z3.simplify(condition)))


def slug(label: str) -> str:
    """Return a label as a part of a file name."""
    return "-".join("".join(c if c.isalnum() else " " for c in label).split()) or "all"
