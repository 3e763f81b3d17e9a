"""A proof run: every study, in parallel, in an order that does not depend on which finishes first."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import sympy
import z3

from proofs import second
from proofs.cache import Cache, digest, state
from proofs.executors import apart, local, reply_of
from proofs.lemmas import settled, with_lemmas
from proofs.results import Findings, Result, Run, Theorem, Verdict
from proofs.solver import BUDGET
from proofs.study import Study
from proofs.theorems import SECTIONS
from proofs.wire import Reply, Task, encode
from reference.charter import Charter

Progress = Callable[[str, int, int], None]

CHANGED = "the process that checked it ran other sources or versions than the run began with"


def studies(charter: Charter) -> tuple[Study, ...]:
    """Return every study, by section."""
    return tuple(study for _, _, study in placed(charter))


def placed(charter: Charter) -> Iterator[tuple[int, int, Study]]:
    """Yield every study with its section and its place there."""
    for number, section in enumerate(SECTIONS):
        for place, study in enumerate(section.studies(charter)):
            yield number, place, study


def study_at(charter: Charter, section: int, place: int) -> Study:
    """Return one study by its place in its section; those of other sections are not made."""
    made: tuple[Study, ...] = SECTIONS[section].studies(charter)
    return made[place]


def theorems(charter: Charter) -> tuple[Theorem, ...]:
    """Return every theorem, in the order of the report."""
    return tuple(check.theorem for study in studies(charter) for check in study.checks)


def prove(
    charter: Charter,
    only: str | None = None,
    progress: Progress = lambda theorem, done, total: None,
    fail_fast: bool = False,
    place: second.Place = local,
    cache: Cache | None = None,
    second_solver: bool = False,
) -> Run:
    """Decide the theorems whose id matches a pattern, and those that they rest on; all of them by default.

    progress: called with a theorem's name, how many are done, and of how many; fail_fast: stop at the first
    unexpected verdict; place: where the work is done, in processes of this machine by default; cache: what
    earlier runs kept; second_solver: whether another solver is asked about all that is proved.
    """
    everywhere = tuple(placed(charter))
    found = tuple(study for _, _, study in everywhere)
    chosen = _chosen(found, only)
    wanted = [(i, _wanted(study, chosen)) for i, study in enumerate(found)]
    answers = "" if cache is None or place is not local else str(cache.directory)
    tasks = [Task(charter, i, *everywhere[i][:2], ids, fail_fast, answers) for i, ids in wanted if ids]
    if len(tasks) == 1 and place is local:
        tasks = [replace(tasks[0], helpers=os.cpu_count() or 1)]
    tasks.sort(key=lambda task: -found[task.index].weight)
    done = _findings(_Work(found, tasks, place, cache, state()), progress)
    results = settled([r for index in sorted(done) for r in done[index].results])
    if second_solver and (not fail_fast or all(r.as_expected for r in results)):
        results = second.reviewed(results, place, cache, progress)
    return Run(
        charter=charter.name,
        results=tuple(results),
        explorations=tuple(e for index in sorted(done) for e in done[index].explorations),
        versions=versions() | (second.versions() if second_solver else {}),
    )


def versions() -> dict[str, str]:
    """Return the versions on which a verdict may depend."""
    return {
        "python": platform.python_version(),
        "z3": z3.get_full_version().removeprefix("Z3 ").strip(),
        "sympy": str(sympy.__version__),
        "budget": f"{BUDGET} solver steps for one question",
    }


def _chosen(found: Sequence[Study], only: str | None) -> frozenset[str]:
    """Return the ids that fit a pattern, with those of the lemmas that they rest on."""
    stated = [check.theorem for study in found for check in study.checks]
    return with_lemmas((t.id for t in stated if only is None or fnmatchcase(t.id, only)), stated)


def _wanted(study: Study, chosen: Container[str]) -> tuple[str, ...]:
    return tuple(check.theorem.id for check in study.checks if check.theorem.id in chosen)


@dataclass(frozen=True)
class _Work:
    """Hold what there is to do, and the state of the sources as the run begins."""

    studies: Sequence[Study]
    tasks: Sequence[Task]
    place: second.Place
    cache: Cache | None
    state: str

    def key(self, task: Task) -> str:
        """Name a task's findings by all that they depend on."""
        terms = encode(task.charter).decode()
        return digest("study", self.state, terms, str(task.index), str(task.fail_fast), *task.ids)

    def asked(self, task: Task) -> dict[str, Theorem]:
        """Return the theorems of a task by id."""
        return {c.theorem.id: c.theorem for c in self.studies[task.index].checks if c.theorem.id in task.ids}

    def kept(self, task: Task) -> Findings | None:
        """Return what an earlier run found, if it is about these very theorems."""
        found = None if self.cache is None else self.cache.get(self.key(task), Findings)
        fits = found is not None and self.answered(task, found) and found.decided
        return found if fits else None

    def answered(self, task: Task, found: Findings) -> bool:
        """Say whether findings are about the theorems of a task; a run that stops early may leave some out."""
        asked = list(self.asked(task).values())
        answered = [r.theorem for r in found.results]
        if task.fail_fast:
            return bool(answered) and all(theorem in asked for theorem in answered)
        return answered == asked

    def failed(self, task: Task, detail: str) -> Findings:
        """Return what there is if a task broke off: nothing is shown."""
        theorems = self.asked(task).values()
        return Findings(tuple(Result(t, Verdict.ERROR, 0, (), detail=detail) for t in theorems), ())


def _findings(work: _Work, progress: Progress) -> Mapping[int, Findings]:
    """Return what each study found, by its index; all of them unless a surprise ends the run."""
    done: dict[int, Findings] = {}
    total, counted = sum(len(task.ids) for task in work.tasks), 0
    for task, found in _each(work):
        done[task.index] = found
        counted += len(found.results)
        progress(found.results[-1].theorem.id, counted, total)
        if task.fail_fast and not all(r.as_expected for r in found.results):
            break
    return done


def _each(work: _Work) -> Iterator[tuple[Task, Findings]]:
    """Yield what each task found, what is kept first."""
    open_ones = []
    for task in work.tasks:
        kept = work.kept(task)
        if kept is None:
            open_ones.append(task)
        else:
            yield task, kept
    if not open_ones:
        return
    with work.place() as executor:
        futures = {executor.submit(apart, "proofs.worker", encode(task)): task for task in open_ones}
        for future in as_completed(futures):
            task = futures[future]
            found = _received(work, task, future)
            if work.cache is not None and found.decided:
                work.cache.put(work.key(task), found)
            yield task, found


def _received(work: _Work, task: Task, future: Future[bytes]) -> Findings:
    """Return what a task found; whatever keeps it from answering ends in ERROR."""
    reply = reply_of(future, Reply)
    if isinstance(reply, str):
        return work.failed(task, reply)
    if reply.state != work.state:
        return work.failed(task, CHANGED)
    if not work.answered(task, reply.findings):
        return work.failed(task, "the process that checked it answered something else")
    return reply.findings
