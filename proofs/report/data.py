"""What a report says of a run, as plain data: file names, the overall outcome, the machine form.

Everything that decides whether a run may be called clean is here, apart from how it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from proofs.results import Counterexample, Exploration, Obligation, Result, Run, Second, Twin, Verdict
from reference.readings import REGISTER

FORMAT = "charterproof proof report"
"""What `format` in report.json says; it is how a former report is recognised."""

OBLIGATIONS = "obligations"
"""The folder of a report that holds one SMT-LIB file per obligation."""

SECTIONS = "sections"
"""The folder of a report that holds a page for each section of the certificate."""

ALL_CLEAR = "Everything came out as expected."
LONGEST_NAME = 100


class Outcome(StrEnum):
    """Name how a theorem, or a whole run, came out."""

    AS_EXPECTED = "as expected"
    UNDECIDED = "undecided"
    UNEXPECTED = "not as expected"


@dataclass(frozen=True)
class Concern:
    """Hold one sentence that a reader must not miss, and the theorem it is about, if any."""

    sentence: str
    theorem: str = ""


@dataclass(frozen=True)
class Summary:
    """Hold the counts of a run, its overall outcome and the sentence that states it.

    second: what a second solver makes of the theorems that are proved; one_solver: how many of them stand on the
    first solver alone, and one_solver_obligations, how many of their obligations.
    """

    theorems: int
    verdicts: Mapping[str, int]
    refuted_as_expected: int
    as_expected: int
    undecided: int
    not_as_expected: int
    obligations: int
    resource: int
    second: Mapping[str, int]
    one_solver: int
    one_solver_obligations: int
    outcome: Outcome
    sentence: str


def unique_names(names: Iterable[str]) -> list[str]:
    """Turn names into distinct ones that are safe in a file name and in an address, stably.

    Distinct also where upper and lower case are the same file.
    """
    taken: set[str] = set()
    found = []
    for name in names:
        safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:LONGEST_NAME] or "unnamed"
        candidate, number = safe, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{safe}-{number}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def with_files(run: Run) -> Run:
    """Return the run with the file of every obligation named, relative to the report.

    An obligation without SMT-LIB text has no file; a name set before is replaced, so that all are
    distinct and stay inside the report.
    """
    saved = [f"{r.theorem.id}--{o.name}" for r in run.results for o in r.obligations if o.smt2]
    names = iter(unique_names(saved))

    def named(obligation: Obligation) -> Obligation:
        return replace(obligation, file=f"{OBLIGATIONS}/{next(names)}.smt2" if obligation.smt2 else "")

    return replace(
        run, results=tuple(replace(r, obligations=tuple(named(o) for o in r.obligations)) for r in run.results)
    )


def outcome(result: Result) -> Outcome:
    """Say how one theorem came out; an UNKNOWN is never as expected."""
    twins = {t.verdict for t in result.twins} - {Verdict.REFUTED}
    if result.verdict is Verdict.UNKNOWN:
        return Outcome.UNDECIDED
    if result.verdict is not result.theorem.expected or result.verdict is Verdict.ERROR:
        return Outcome.UNEXPECTED
    if _contradictions(result) or twins - {Verdict.UNKNOWN}:
        return Outcome.UNEXPECTED
    return Outcome.UNDECIDED if twins else Outcome.AS_EXPECTED


def reasons(result: Result) -> tuple[str, ...]:
    """List, a sentence each, why one theorem did not come out as expected; empty if it did."""
    found = []
    if result.verdict is Verdict.UNKNOWN:
        found.append("The solver did not decide it within its budget; this does not count as a pass.")
    elif result.verdict is Verdict.ERROR:
        found.append("The run broke off with an error; nothing is established.")
    elif result.verdict is not result.theorem.expected:
        found.append(f"Expected {result.theorem.expected}, found {result.verdict}.")
    found += [
        f"Its twin ({twin.change}) must be REFUTED and is {twin.verdict}."
        for twin in result.twins
        if twin.verdict is not Verdict.REFUTED
    ]
    return (*found, *_contradictions(result))


def _contradictions(result: Result) -> tuple[str, ...]:
    """List where a PROVED verdict and its own obligations disagree."""
    if result.verdict is not Verdict.PROVED:
        return ()
    return tuple(
        f"It is called PROVED, but obligation {o.name} was answered {o.status}."
        for o in result.obligations
        if o.status != "unsat"
    )


def concerns(run: Run) -> tuple[Concern, ...]:
    """List everything that stands against calling the run clean."""
    found = [Concern(reason, r.theorem.id) for r in run.results for reason in reasons(r)]
    verdicts = {r.theorem.id: r.verdict for r in run.results}
    for r in run.results:
        for other in r.theorem.rests_on:
            if other in verdicts and verdicts[other] is not Verdict.PROVED:
                found.append(Concern(f"It rests on {other}, which is {verdicts[other]}.", r.theorem.id))
    found += [
        Concern(f"Exploring {e.function} left {e.undecided} branches undecided.")
        for e in run.explorations
        if e.undecided
    ]
    return tuple(found)


def caveats(run: Run) -> tuple[Concern, ...]:
    """List what a reader should know of a run even if it is clean."""
    present = {r.theorem.id for r in run.results}
    found = [
        Concern(f"It rests on {other}, which is not part of this run.", r.theorem.id)
        for r in run.results
        for other in r.theorem.rests_on
        if other not in present
    ]
    for r in run.results:
        if r.verdict is Verdict.PROVED and not r.obligations:
            found.append(Concern("It is called PROVED without an obligation on record.", r.theorem.id))
        if r.verdict is Verdict.REFUTED and r.counterexample is None:
            found.append(Concern("It is called REFUTED without a counterexample on record.", r.theorem.id))
    return tuple(found)


def summary(run: Run) -> Summary:
    """Count a run and state its outcome; a run without theorems is never clean."""
    verdicts = Counter(r.verdict for r in run.results)
    outcomes = Counter(outcome(r) for r in run.results)
    overall = _overall(run, outcomes)
    # What the second solver denies is not PROVED any more.
    shown = [r for r in run.results if r.verdict is Verdict.PROVED or r.second is Second.DISAGREES]
    second = Counter(r.second for r in shown)
    return Summary(
        theorems=len(run.results),
        verdicts={str(v): verdicts[v] for v in Verdict},
        refuted_as_expected=sum(
            r.verdict is Verdict.REFUTED and outcome(r) is Outcome.AS_EXPECTED for r in run.results
        ),
        as_expected=outcomes[Outcome.AS_EXPECTED],
        undecided=outcomes[Outcome.UNDECIDED],
        not_as_expected=outcomes[Outcome.UNEXPECTED],
        obligations=sum(len(r.obligations) for r in run.results),
        resource=sum(r.resource for r in run.results),
        second={str(s): second[s] for s in Second},
        one_solver=len(shown) - second[Second.AGREES],
        one_solver_obligations=sum(o.second is not Second.AGREES for r in shown for o in r.obligations),
        outcome=overall,
        sentence=_sentence(run, overall, outcomes),
    )


def _overall(run: Run, outcomes: Counter[Outcome]) -> Outcome:
    if outcomes[Outcome.UNEXPECTED]:
        return Outcome.UNEXPECTED
    if not run.results or outcomes[Outcome.UNDECIDED] or concerns(run):
        return Outcome.UNDECIDED
    return Outcome.AS_EXPECTED


def _sentence(run: Run, overall: Outcome, outcomes: Counter[Outcome]) -> str:
    if not run.results:
        return "Nothing is established: the run holds no theorem."
    if overall is Outcome.AS_EXPECTED:
        return ALL_CLEAR
    unexpected, undecided = outcomes[Outcome.UNEXPECTED], outcomes[Outcome.UNDECIDED]
    counted = [f"{unexpected} not as expected"] if unexpected else []
    counted += [f"{undecided} undecided"] if undecided else []
    if not counted:
        return "Not everything is established: see what needs attention."
    return f"Not everything came out as expected: of {len(run.results)} theorems, {' and '.join(counted)}."


def document(run: Run) -> dict[str, object]:
    """Return a run in its machine form: lists, dicts, strings, numbers, booleans and null only."""
    named = with_files(run)
    return {
        "charter": run.charter,
        "summary": {**asdict(summary(named)), "outcome": str(summary(named).outcome)},
        "concerns": [asdict(c) for c in concerns(named)],
        "caveats": [asdict(c) for c in caveats(named)],
        "theorems": [_theorem(r) for r in named.results],
        "explorations": [_exploration(e) for e in named.explorations],
        "versions": dict(run.versions),
    }


def _theorem(result: Result) -> dict[str, object]:
    theorem = result.theorem
    return {
        "id": theorem.id,
        "register": list(theorem.register),
        "statement": theorem.statement,
        "clauses": list(theorem.clauses),
        "scope": str(theorem.scope),
        "expected": str(theorem.expected),
        "verdict": str(result.verdict),
        "as_expected": outcome(result) is Outcome.AS_EXPECTED,
        "hypotheses": list(theorem.hypotheses),
        "constants": theorem.constants,
        "readings": dict(theorem.readings),
        "rests_on": list(theorem.rests_on),
        "paths": result.paths,
        "obligations": [_obligation(o) for o in result.obligations],
        "resource": result.resource,
        "second": str(result.second),
        "witness": None if result.witness is None else dict(result.witness),
        "counterexample": _counterexample(result.counterexample),
        "twins": [_twin(t) for t in result.twins],
        "detail": result.detail,
    }


def _obligation(obligation: Obligation) -> dict[str, object]:
    return {
        "name": obligation.name,
        "status": obligation.status,
        "resource": obligation.resource,
        "file": obligation.file,
        "second": str(obligation.second),
    }


def _counterexample(case: Counterexample | None) -> dict[str, object] | None:
    if case is None:
        return None
    return {
        "inputs": dict(case.inputs),
        "engine": dict(case.engine),
        "closed_form": dict(case.closed_form),
        "shows": case.shows,
    }


def _twin(twin: Twin) -> dict[str, object]:
    return {
        "change": twin.change,
        "verdict": str(twin.verdict),
        "counterexample": _counterexample(twin.counterexample),
    }


def _exploration(exploration: Exploration) -> dict[str, object]:
    return {
        "function": exploration.function,
        "readings": dict(exploration.readings),
        "unknowns": list(exploration.unknowns),
        "paths": exploration.paths,
        "raising": exploration.raising,
        "pruned": exploration.pruned,
        "undecided": exploration.undecided,
        "resource": exploration.resource,
    }


def readings_register() -> list[dict[str, object]]:
    """Return the register of readings in its machine form."""
    return [
        {
            "field": entry.field,
            "ambiguity": entry.ambiguity,
            "clause": entry.clause,
            "decides": entry.decides,
            "default": str(entry.default),
            "options": {str(option): effect for option, effect in entry.options},
        }
        for entry in REGISTER
    ]
