"""Studies: what is explored once, and the theorems that are checked on what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from proofs.checks import PathCheck
from proofs.explorer import Explored, ReplayError, explore
from proofs.formulas import FormulaCheck
from proofs.pairs import PairCheck
from proofs.results import Exploration, Result, Verdict
from proofs.solver import BUDGET
from proofs.views import Subject

Check: TypeAlias = PathCheck | PairCheck | FormulaCheck


@dataclass(frozen=True)
class Study:
    """Hold subjects that are explored once, and the checks that use their paths.

    weight: how long it takes beside others, roughly in seconds; the longest is begun first.
    """

    name: str
    subjects: tuple[Subject, ...]
    checks: tuple[Check, ...]
    weight: int = 5


def run_study(
    study: Study,
    wanted: Sequence[str] | None = None,
    fail_fast: bool = False,
    budget: int = BUDGET,
    most_undecided: int | None = None,
) -> tuple[list[Result], list[Exploration]]:
    """Explore the subjects of a study and check its theorems; wanted: their ids, None for all.

    fail_fast: stop at the first result that is not as expected; most_undecided: as in `explore`.
    """
    checks = [c for c in study.checks if wanted is None or c.theorem.id in wanted]
    surprise = _surprise(study, checks) if fail_fast else None
    if surprise is not None:
        return [surprise], []
    labels = _labels(checks)
    try:
        explored = [
            (s, explore(s.label, s.function, s.unknowns, s.hypotheses, s.seeds, budget, most_undecided))
            for s in study.subjects
            if labels is None or s.label in labels
        ]
    except ReplayError as error:
        return [Result(c.theorem, Verdict.ERROR, 0, (), detail=str(error)) for c in checks], []
    results: list[Result] = []
    for check in checks:
        results.append(_guarded(check, explored, budget))
        if fail_fast and not results[-1].as_expected:
            break
    return results, [_summary(study, s, e) for s, e in explored]


def _surprise(study: Study, checks: Sequence[Check]) -> Result | None:
    """Return a refutation that is not expected and that some seed gives before anything is explored."""
    for check in checks:
        if isinstance(check, PathCheck) and check.theorem.expected is Verdict.PROVED:
            try:
                found = check.at_seeds(study.subjects)
            except Exception:
                continue  # It comes to light, as an ERROR, when the check is run.
            if found is not None:
                return found
    return None


def _labels(checks: Sequence[Check]) -> set[str] | None:
    """Return the labels of the subjects that some checks need, None for all."""
    needed: set[str] = set()
    for check in checks:
        if isinstance(check, FormulaCheck):
            continue
        labels = (check.label,) if isinstance(check, PairCheck) else check.labels
        if not labels:
            return None
        needed.update(labels)
        if isinstance(check, PathCheck):
            needed.update(label for near in check.neighbours for label in near.labels or ())
    return needed


def _guarded(check: Check, explored: Sequence[tuple[Subject, Explored]], budget: int) -> Result:
    """Check one theorem; a failure of the check itself is the verdict ERROR, never a pass."""
    try:
        return check.run(explored, budget)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        return Result(check.theorem, Verdict.ERROR, 0, (), detail=detail)


def _summary(study: Study, subject: Subject, explored: Explored) -> Exploration:
    return Exploration(
        function=f"{study.name}: {subject.label}",
        readings=subject.readings,
        unknowns=tuple(u.price if u.reciprocal_of is not None else u.name for u in subject.unknowns),
        paths=len(explored.paths),
        raising=sum(p.raised is not None for p in explored.paths),
        pruned=explored.pruned,
        undecided=len(explored.undecided),
        resource=explored.resource,
    )
