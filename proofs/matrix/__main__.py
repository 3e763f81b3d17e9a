"""The command: decide the cells of the reading matrix, and compare them with those that are kept or keep them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from proofs.executors import SchedulerError, apart, cluster, local, reply_of
from proofs.matrix.cells import KEPT, Answer, Cell, Cells, Kept, Question, each, keep, load, merged, source_of
from proofs.results import Verdict
from proofs.run import placed
from proofs.second import Place
from proofs.study import Study
from proofs.theorems import SECTIONS
from proofs.wire import encode
from reference.charter import Charter
from reference.oracle.charters import load as charter_of
from reference.readings import REGISTER

CHARTER = "quintus-1999"
WORKER = "proofs.matrix.worker"
LARGE = 200
"""Cells that differ are listed up to so many."""


@dataclass(frozen=True)
class Plan:
    """Hold what is asked for: theorems and readings by pattern, where the work is done, what is done with it.

    answers: the directory where the solver's answers are kept, empty for none; keeps: whether to keep what is found
    in place of comparing it; anew: whether also where it is kept already; file: where cells are kept.
    """

    only: str = "*"
    reading: str = "*"
    place: Place = local
    answers: str = ""
    keeps: bool = False
    anew: bool = False
    file: Path = KEPT


def run(plan: Plan, say: Callable[[str], None]) -> int:
    """Decide the cells of a plan; return 0 if they are as kept, or kept now, 1 if others or broken off, 2 if none."""
    charter = charter_of(CHARTER)
    every = tuple(placed(charter))
    known = load(plan.file)
    fresh = _surveyed(charter, plan, every, _current(known if plan.keeps and not plan.anew else Kept(), every), say)
    asked = [question for own in every for question in _questions(charter, plan, fresh, *own)]
    found: Cells = {}
    failed = 0
    for question, answer, complaint in _answered(plan, asked, say):
        failed += bool(complaint)
        found = merged(found, _rows(question, answer, complaint))
        if plan.keeps:
            keep(Kept(fresh.sources, fresh.consulted, merged(fresh.cells, found)), plan.file)
    if not plan.keeps:
        return _compared(known, found, failed, say)
    keep(Kept(fresh.sources, fresh.consulted, merged(fresh.cells, found)), plan.file)
    return 1 if failed else 0


def _surveyed(
    charter: Charter, plan: Plan, every: Sequence[tuple[int, int, Study]], kept: Kept, say: Callable[[str], None]
) -> Kept:
    """Return what is kept, and for the theorems of a plan which readings they consult."""
    asked = [_survey(charter, plan, *own) for own in every if _wanted(plan, own[2], kept.consulted)]
    consulted = dict(kept.consulted)
    for _, answer, _ in _answered(plan, asked, say):
        consulted |= answer.consulted
    return Kept(kept.sources, consulted, kept.cells)


def _rows(question: Question, answer: Answer, complaint: str) -> Cells:
    """Return the cells of an answer; a theorem that chooses the reading for itself has a row without any."""
    rows = {name: {question.reading: {question.option: cell}} for name, cell in answer.cells.items()}
    return rows | {name: {question.reading: {}} for name in question.ids if name not in rows and not complaint}


def name_of(section: int) -> str:
    """Name a section by its module."""
    return str(SECTIONS[section].__name__).rsplit(".", 1)[-1]


def _current(known: Kept, every: Sequence[tuple[int, int, Study]]) -> Kept:
    """Return what is kept of theorems that there are, and that is not stale."""
    sources = {name_of(number): source_of(name_of(number)) for number in range(len(SECTIONS))}
    fit = {
        check.theorem.id
        for section, _, study in every
        if known.sources.get(name_of(section)) == sources[name_of(section)]
        for check in study.checks
    }
    consulted = {name: readings for name, readings in known.consulted.items() if name in fit}
    return Kept(sources, consulted, {name: rows for name, rows in known.cells.items() if name in fit})


def _wanted(plan: Plan, study: Study, consulted: Mapping[str, object]) -> bool:
    ids = [check.theorem.id for check in study.checks]
    return any(fnmatchcase(name, plan.only) for name in ids) and not all(name in consulted for name in ids)


def _survey(charter: Charter, plan: Plan, section: int, place: int, study: Study) -> Question:
    ids = tuple(check.theorem.id for check in study.checks)
    return Question(charter, section, place, study.name, ids, answers=plan.answers)


def _questions(charter: Charter, plan: Plan, kept: Kept, section: int, place: int, study: Study) -> Iterator[Question]:
    """Yield a question for each other option of each reading that a study consults and that is not decided yet."""
    ids = [c.theorem.id for c in study.checks if fnmatchcase(c.theorem.id, plan.only)]
    for entry in REGISTER:
        if not fnmatchcase(entry.field, plan.reading):
            continue
        bearing = [name for name in ids if entry.field in kept.consulted.get(name, ())]
        for option, _ in entry.options:
            open_ones = tuple(n for n in bearing if str(option) not in kept.cells.get(n, {}).get(entry.field, {}))
            open_ones = tuple(n for n in open_ones if not _settled_before(kept, n, entry.field))
            if option != entry.default and open_ones:
                yield Question(charter, section, place, study.name, open_ones, entry.field, str(option), plan.answers)


def _settled_before(kept: Kept, theorem: str, reading: str) -> bool:
    rows = kept.cells.get(theorem, {})
    return reading in rows and not rows[reading]


def _answered(
    plan: Plan, questions: Sequence[Question], say: Callable[[str], None]
) -> Iterator[tuple[Question, Answer, str]]:
    """Yield what becomes of each question: its answer, or why there is none."""
    with plan.place() as executor:
        futures = {executor.submit(apart, WORKER, encode(question)): question for question in questions}
        for number, future in enumerate(as_completed(futures), start=1):
            question, reply = futures[future], reply_of(future, Answer)
            where = f"{question.name}, {question.reading}={question.option}" if question.reading else question.name
            say(f"{number}/{len(futures)} {where}: {_in_words(reply)}")
            if isinstance(reply, str):
                broken = {name: Cell(Verdict.ERROR, reply) for name in question.ids} if question.reading else {}
                yield question, Answer(cells=broken), reply
            else:
                yield question, reply, ""


def _in_words(reply: Answer | str) -> str:
    if isinstance(reply, str):
        return reply
    verdicts = [cell.verdict for cell in reply.cells.values()]
    counted = [f"{verdicts.count(v)} {v}" for v in Verdict if v in verdicts]
    return ", ".join(counted) or f"{len(reply.consulted)} theorems looked at"


def _compared(known: Kept, found: Cells, failed: int, say: Callable[[str], None]) -> int:
    """Say where cells are not those that are kept, and return the exit status."""
    total, others, undecided = 0, 0, 0
    for theorem, reading, option, cell in each(found):
        total += 1
        before = known.cells.get(theorem, {}).get(reading, {}).get(option)
        undecided += cell.verdict is Verdict.UNKNOWN
        if before is None or before.verdict is not cell.verdict:
            others += 1
            if others <= LARGE:
                was = "not kept" if before is None else str(before.verdict)
                print(f"{theorem} {reading}={option}: {cell.verdict}, was {was}")
    say(f"{total} cells, {others} not as kept, {undecided} undecided, {failed} questions without an answer")
    if others or failed:
        return 1
    return 0 if total else 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 as kept, 1 for a difference, 2 for bad input or if no cell is asked for."""
    parser = argparse.ArgumentParser(prog="python -m proofs.matrix", description="Decide the reading matrix.")
    parser.add_argument("--only", default="*", metavar="GLOB", help="theorems whose id fits")
    parser.add_argument("--reading", default="*", metavar="GLOB", help="readings whose name fits")
    parser.add_argument("--keep", action="store_true", help="decide what is missing or stale, and keep it")
    parser.add_argument("--anew", action="store_true", help="with --keep: decide everything again")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where the solver's answers are kept")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="work on a Dask cluster")
    given = parser.parse_args(arguments)
    if given.workers < 1 or (given.anew and not given.keep):
        parser.error("there must be at least one worker, and --anew goes with --keep")
    place: Place = partial(local, given.workers) if given.scheduler is None else partial(cluster, given.scheduler)
    answers = "" if given.cache is None or given.scheduler is not None else str(given.cache)
    plan = Plan(given.only, given.reading, place, answers, given.keep, given.anew)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        return run(plan, say)
    except SchedulerError as error:
        say(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
