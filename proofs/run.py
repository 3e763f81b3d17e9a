"""A proof run: every study, in parallel, in an order that does not depend on which finishes first."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from fnmatch import fnmatchcase
from multiprocessing import get_context

import sympy
import z3

from proofs.results import Exploration, Result, Run, Theorem, Verdict
from proofs.solver import BUDGET
from proofs.study import Study, run_study
from proofs.theorems import equilibrium, liquidation
from reference.charter import Charter

SECTIONS = (liquidation, equilibrium)
Progress = Callable[[str, int, int], None]
Outcome = tuple[list[Result], list[Exploration]]


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return every study, by section."""
    return tuple(study for section in SECTIONS for study in section.studies(charter))


def theorems(charter: Charter) -> tuple[Theorem, ...]:
    """Return every theorem, in the order of the report."""
    return tuple(check.theorem for study in studies(charter) for check in study.checks)


def prove(
    charter: Charter,
    only: str | None = None,
    progress: Progress = lambda theorem, done, total: None,
    fail_fast: bool = False,
    workers: int | None = None,
) -> Run:
    """Decide the theorems whose id matches a pattern, all of them by default.

    progress: called with a study's name, how many theorems are done, and of how many; fail_fast: stop at the
    first unexpected verdict; workers: processes, as many as there are cores by default.
    """
    found = studies(charter)
    wanted = [(i, _wanted(study, only)) for i, study in enumerate(found)]
    tasks = sorted(((i, ids) for i, ids in wanted if ids), key=lambda task: -found[task[0]].weight)
    total = sum(len(ids) for _, ids in tasks)
    done: dict[int, Outcome] = {}
    counted = 0
    for index, outcome in _outcomes(charter, tasks, fail_fast, workers or os.cpu_count() or 1):
        done[index] = outcome
        counted += len(outcome[0])
        progress(outcome[0][-1].theorem.id if outcome[0] else "", counted, total)
        if fail_fast and not all(r.as_expected for r in outcome[0]):
            break
    ordered = [done[index] for index in sorted(done)]
    return Run(
        charter=charter.name,
        results=tuple(r for results, _ in ordered for r in results),
        explorations=tuple(e for _, explorations in ordered for e in explorations),
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Return the versions on which a verdict may depend."""
    return {
        "python": platform.python_version(),
        "z3": z3.get_full_version().removeprefix("Z3 ").strip(),
        "sympy": str(sympy.__version__),
        "budget": f"{BUDGET} solver steps for one question",
    }


def _wanted(study: Study, only: str | None) -> list[str]:
    ids = [check.theorem.id for check in study.checks]
    return ids if only is None else [i for i in ids if fnmatchcase(i, only)]


def _outcomes(charter: Charter, tasks: list[tuple[int, list[str]]], fail_fast: bool, workers: int):  # type: ignore[no-untyped-def]
    """Yield each task's index and outcome as it finishes; a task whose process dies ends in ERROR."""
    if workers == 1 or len(tasks) == 1:
        for index, ids in tasks:
            yield index, run_task(charter, index, ids, fail_fast)
        return
    # A process for each task: what one leaves in the solver's memory cannot bear on another.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        futures: dict[Future[Outcome], tuple[int, list[str]]] = {}
        try:
            for index, ids in tasks:
                futures[pool.submit(run_task, charter, index, ids, fail_fast)] = (index, ids)
            for future in as_completed(futures):
                index, ids = futures[future]
                try:
                    yield index, future.result()
                except BrokenProcessPool:
                    yield index, (_failed(charter, index, ids), [])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def run_task(charter: Charter, index: int, ids: list[str], fail_fast: bool) -> Outcome:
    """Run one study's theorems; the study is built anew, as its claims are functions."""
    return run_study(studies(charter)[index], ids, fail_fast)


def _failed(charter: Charter, index: int, ids: list[str]) -> list[Result]:
    checks = [c for c in studies(charter)[index].checks if c.theorem.id in ids]
    detail = "the process that checked it was killed"
    return [Result(c.theorem, Verdict.ERROR, 0, (), detail=detail) for c in checks]
