"""A run as a prover might deliver it, with every kind of verdict. The results are invented."""

from __future__ import annotations

import sys
import tomllib
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import msgspec

from proofs.results import Counterexample, Exploration, Obligation, Result, Run, Scope, Theorem, Twin, Verdict
from reference.charter import Charter


def charter() -> Charter:
    """Return the shipped charter."""
    text = (files("reference") / "charters" / "quintus-1999.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Charter, dec_hook=lambda _, value: Fraction(value))


def obligations(count: int, status: str = "unsat") -> tuple[Obligation, ...]:
    """Return so many obligations, all answered alike."""
    return tuple(
        Obligation(
            name=f"path-{index:02d}",
            status=status,
            resource=41_000 + 977 * index,
            smt2=f"(set-logic QF_NRA)\n(declare-const assets Real)\n(assert (< assets {index}.0))\n(check-sat)\n",
        )
        for index in range(1, count + 1)
    )


CAPS = Result(
    theorem=Theorem(
        id="liquidation.caps_respected",
        register=("TH-LQ-07",),
        statement="An unconverted E share never receives more than $10.375, nor an F share more than $12.375.",
        clauses=("2(a)", "2(b)"),
        hypotheses=(
            "The proceeds are not negative.",
            "Share counts are not negative.",
            "Unpaid dividends of E are at most $6.225 and of F at most $4.125 a share.",
        ),
        scope=Scope.CODE,
        expected=Verdict.PROVED,
        rests_on=("liquidation.code_is_closed_form", "liquidation.not_in_this_run"),
    ),
    verdict=Verdict.PROVED,
    paths=10,
    obligations=obligations(10),
    witness={"assets": "110000000", "E shares": "3000000", "F shares": "1500000", "Common shares": "10000000"},
    twins=(
        Twin(
            change="unpaid dividends of F may be up to $4.95",
            verdict=Verdict.REFUTED,
            counterexample=Counterexample(
                inputs={"assets": "50000000", "F unpaid dividend": "99/20"},
                engine={"F per share": "66/5"},
                closed_form={"F per share": "13.20"},
                shows="An F share receives $13.20, more than its cap, because its preference alone exceeds it.",
            ),
        ),
        Twin(change="the F cap is lowered by one cent", verdict=Verdict.REFUTED),
    ),
)

SAME = Result(
    theorem=Theorem(
        id="liquidation.code_is_closed_form",
        register=("TH-LQ-01", "TH-LQ-06"),
        statement='The shipped code pays every class what the "max over subsets" formula says, & no less <b>ever</b>.',
        clauses=("2(a)", "2(b)"),
        hypotheses=("Some Common is outstanding.",),
        scope=Scope.CODE,
        expected=Verdict.PROVED,
    ),
    verdict=Verdict.PROVED,
    paths=10,
    obligations=obligations(12),
    witness={"assets": "1/3"},
    twins=(Twin(change="the caps are ignored", verdict=Verdict.REFUTED),),
)

SENIORITY = Result(
    theorem=Theorem(
        id="liquidation.f_stays_senior_after_election",
        register=("TH-LQ-05",),
        statement="If F is short of its preference, A-D receive nothing, even after their class has elected.",
        clauses=("2(a)", "3(a)", "3(c)"),
        hypotheses=("The class of A-D has elected to convert.",),
        scope=Scope.CODE,
        expected=Verdict.REFUTED,
        constants="full issuance, 10,000,000 Common",
        readings={"cash_rank": "creditor"},
    ),
    verdict=Verdict.REFUTED,
    paths=4,
    obligations=obligations(1, "sat"),
    counterexample=Counterexample(
        inputs={"assets": "20000000", "Common shares": "10000000"},
        engine={"A per share": "37/40", "E per share": "0", "F per share": "1260980/1500000"},
        closed_form={"A per share": "37/40", "E per share": "0", "F per share": "63049/75000"},
        shows="With $20,000,000 each A share receives its Cash Amount of $0.925 while F receives $0.84 of its $8.25.",
    ),
)

SPLIT = Result(
    theorem=Theorem(
        id="liquidation.split_neutral_under_literal_caps",
        register=("TH-LQ-23",),
        statement="A split of the Common changes nothing for E and F, caps divided as well.",
        clauses=("2(b)",),
        hypotheses=(),
        scope=Scope.CLOSED_FORM,
        expected=Verdict.REFUTED,
        readings={"cap_adjusts_for": "any_literal"},
    ),
    verdict=Verdict.REFUTED,
    paths=0,
    obligations=obligations(1, "sat"),
    counterexample=Counterexample(
        inputs={"split": "2"},
        engine={"E per share": "83/16", "fault": "none"},
        closed_form={"E per share": "83/8"},
        shows="The cap of E is halved by a split that E had no part in.",
    ),
)

ELECTION = Result(
    theorem=Theorem(
        id="equilibrium.election_never_hurts_a",
        register=("TH-LQ-20",),
        statement="More A shares never raise what one A share receives, elections included.",
        clauses=("3(a)",),
        hypotheses=("All counts are positive.",),
        scope=Scope.CODE,
        expected=Verdict.PROVED,
    ),
    verdict=Verdict.UNKNOWN,
    paths=31,
    obligations=(*obligations(2), Obligation("path-03", "unknown", 20_000_000, "(check-sat)\n")),
    detail="Path 3 exceeded its budget of 20,000,000 units.",
)

NOTHING = Result(
    theorem=Theorem(
        id="arithmetic.shares_of_nothing",
        register=(),
        statement="A negative share count pays | nobody *anything*.",
        clauses=(),
        hypotheses=("A count is below zero.", "No count is below zero."),
        scope=Scope.ARITHMETIC,
        expected=Verdict.PROVED,
    ),
    verdict=Verdict.VACUOUS,
    paths=0,
    obligations=(),
)

EXPLORATIONS = (
    Exploration(
        function="reference.liquidation.distribute",
        readings={},
        unknowns=("assets", "shares", "declared dividends", "conversion prices"),
        paths=10,
        raising=0,
        pruned=23,
        undecided=0,
        resource=1_204_311,
    ),
    Exploration(
        function="reference.equilibrium.liquidate",
        readings={"cap_adjusts_for": "any_literal"},
        unknowns=("assets", "shares"),
        paths=28,
        raising=1,
        pruned=61,
        undecided=0,
        resource=3_408_002,
    ),
)

VERSIONS = {"charterproof": "0.1.0", "python": "3.11.9", "z3": "5.4.1", "sympy": "1.14.0"}


def run(*results: Result, explorations: tuple[Exploration, ...] = EXPLORATIONS) -> Run:
    """Return a run of the given results."""
    return Run(charter="quintus-1999", results=results, explorations=explorations, versions=VERSIONS)


def clean() -> Run:
    """Return a run in which everything came out as expected."""
    return run(CAPS, SAME, SENIORITY, SPLIT)


def mixed() -> Run:
    """Return a run with an undecided and an unexpected theorem as well."""
    return run(CAPS, SAME, SENIORITY, SPLIT, ELECTION, NOTHING)


if __name__ == "__main__":
    from proofs.report import write

    write({"clean": clean, "mixed": mixed}[sys.argv[1]](), Path(sys.argv[2]), charter())
