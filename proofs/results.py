"""What a proof run establishes: theorems, verdicts and the evidence for them, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """Name the closed set of verdicts."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    VACUOUS = "VACUOUS"
    UNKNOWN = "UNKNOWN"
    ERROR = "ERROR"


class Second(StrEnum):
    """Name what a second solver makes of what the first one has shown."""

    AGREES = "agrees"
    UNDECIDED = "undecided"
    NOT_ASKED = "not asked"
    DISAGREES = "disagrees"


class Scope(StrEnum):
    """Name what a theorem speaks of."""

    CODE = "code"
    CLOSED_FORM = "closed form"
    ARITHMETIC = "arithmetic"


@dataclass(frozen=True)
class Theorem:
    """State one theorem.

    id: stable, such as `liquidation.caps_respected`; register: identifiers in the theorem register;
    statement: one plain-English sentence; hypotheses: each in plain English; constants: the figures at
    which it is proved, empty if nothing but the charter is fixed; readings: those that differ from the
    defaults; expected: the verdict it must have; rests_on: theorems whose proof it uses.
    """

    id: str
    register: tuple[str, ...]
    statement: str
    clauses: tuple[str, ...]
    hypotheses: tuple[str, ...]
    scope: Scope
    expected: Verdict
    readings: Mapping[str, str] = field(default_factory=dict)
    constants: str = ""
    rests_on: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Name the module of the theorem, which is the section of the certificate it belongs to."""
        return self.id.split(".")[0]


@dataclass(frozen=True)
class Counterexample:
    """Hold one case, exact, and what the engine and the closed form make of it."""

    inputs: Mapping[str, str]
    engine: Mapping[str, str]
    closed_form: Mapping[str, str]
    shows: str


@dataclass(frozen=True)
class Obligation:
    """Hold one question put to the solver: `unsat` means that the claim holds there.

    file: its SMT-LIB file in the report; resource: the solver's deterministic cost; second: what a second
    solver makes of it.
    """

    name: str
    status: str
    resource: int
    smt2: str
    file: str = ""
    second: Second = Second.NOT_ASKED


@dataclass(frozen=True)
class Twin:
    """Hold a neighbour of a theorem that must fail: what was changed, and what became of it."""

    change: str
    verdict: Verdict
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class Result:
    """Hold the verdict of one theorem with its evidence."""

    theorem: Theorem
    verdict: Verdict
    paths: int
    obligations: tuple[Obligation, ...]
    witness: Mapping[str, str] | None = None
    counterexample: Counterexample | None = None
    twins: tuple[Twin, ...] = ()
    detail: str = ""

    @property
    def resource(self) -> int:
        """Return the solver's deterministic cost over all obligations."""
        return sum(o.resource for o in self.obligations)

    @property
    def second(self) -> Second:
        """Return what a second solver makes of it all: it agrees if it agrees on every obligation."""
        found = {o.second for o in self.obligations} or {Second.NOT_ASKED}
        return next(s for s in (Second.DISAGREES, Second.NOT_ASKED, Second.UNDECIDED, Second.AGREES) if s in found)

    @property
    def as_expected(self) -> bool:
        """Say whether the verdict is the expected one and every twin failed as it must."""
        return self.verdict is self.theorem.expected and all(t.verdict is Verdict.REFUTED for t in self.twins)


@dataclass(frozen=True)
class Exploration:
    """Hold what exploring one function of `reference` found.

    paths: feasible paths, each with a replayed rational witness; raising: those that end in an exception;
    pruned: branches shown infeasible; undecided: branches the solver did not decide.
    """

    function: str
    readings: Mapping[str, str]
    unknowns: tuple[str, ...]
    paths: int
    raising: int
    pruned: int
    undecided: int
    resource: int


@dataclass(frozen=True)
class Findings:
    """Hold what one study established."""

    results: tuple[Result, ...]
    explorations: tuple[Exploration, ...]

    @property
    def decided(self) -> bool:
        """Say whether nothing is left open and nothing broke off: then the same study ends in the same again."""
        verdicts = {r.verdict for r in self.results} | {t.verdict for r in self.results for t in r.twins}
        return verdicts.isdisjoint({Verdict.UNKNOWN, Verdict.ERROR}) and not any(e.undecided for e in self.explorations)


@dataclass(frozen=True)
class Run:
    """Hold a whole proof run."""

    charter: str
    results: tuple[Result, ...]
    explorations: tuple[Exploration, ...]
    versions: Mapping[str, str]
