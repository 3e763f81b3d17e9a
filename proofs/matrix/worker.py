"""One study under one other option, in a process of its own: a question on standard input, its answer on the output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from proofs.matrix.otherwise import Consulted, listening, make_default, recorded

if TYPE_CHECKING:
    from proofs.matrix.cells import Answer, Cell, Question
    from proofs.results import Result
    from proofs.study import Check, Study


def answer(question: Question) -> Answer:
    """Answer a question; the option is the default of this process already."""
    from proofs.cache import ANSWERS, Cache
    from proofs.matrix.cells import Answer
    from proofs.run import study_at

    ANSWERS.set(Cache(Path(question.answers)) if question.answers else None)
    study = study_at(question.charter, question.section, question.place)
    if study.name != question.name:
        raise RuntimeError(f"the study is {study.name}, not {question.name}")
    checks = tuple(plain(check) for check in study.checks if check.theorem.id in question.ids)
    heard: dict[str, Consulted] = {own.label: set() for own in study.subjects}
    subjects = tuple(replace(s, function=recorded(s.function, heard[s.label])) for s in study.subjects)
    own = replace(study, subjects=subjects, checks=checks)
    with listening():
        if not question.reading:
            return Answer(consulted=_survey(own, heard))
        return Answer(cells=_cells(own, heard, question))


def plain(check: Check) -> Check:
    """Return a check without its twins: they show that the check can fail, which they have shown already."""
    from proofs.checks import PathCheck

    return replace(check, neighbours=()) if isinstance(check, PathCheck) else check


def _survey(study: Study, heard: Mapping[str, Consulted]) -> dict[str, tuple[str, ...]]:
    """Return which readings each theorem's subjects consult on any path; not those for which it has another option."""
    from proofs.explorer import explore
    from proofs.subjects import DEFAULTS

    for own in study.subjects:
        explore(own.label, own.function, own.unknowns, own.hypotheses, own.seeds)
    return {
        check.theorem.id: tuple(
            sorted(
                {
                    name
                    for label in labels(study, check)
                    for name, option in heard[label]
                    if option == str(getattr(DEFAULTS, name))
                }
            )
        )
        for check in study.checks
    }


def _cells(study: Study, heard: Mapping[str, Consulted], question: Question) -> dict[str, Cell]:
    from proofs.evidence import PATIENT
    from proofs.matrix.cells import SHARE
    from proofs.solver import BUDGET
    from proofs.study import run_study

    PATIENT.set(False)
    _run_seeds(study)
    ids = [check.theorem.id for check in study.checks if not _chooses(study, check, heard, question)]
    results, _ = run_study(study, ids, budget=BUDGET // SHARE, most_undecided=1) if ids else ([], [])
    by_id = {check.theorem.id: check for check in study.checks}
    return {r.theorem.id: _cell(r) for r in results if not _chooses(study, by_id[r.theorem.id], heard, question)}


def _run_seeds(study: Study) -> None:
    from proofs.views import run_plain

    for own in study.subjects:
        for seed in own.seeds:
            run_plain(own, seed)


def _chooses(study: Study, check: Check, heard: Mapping[str, Consulted], question: Question) -> bool:
    """Say whether a theorem chooses the reading for itself: the engine looks at it, and finds other options."""
    found = {o for label in labels(study, check) for name, o in heard[label] if name == question.reading}
    return bool(found) and question.option not in found


def labels(study: Study, check: Check) -> Iterable[str]:
    """Return the labels of the subjects that a check speaks of."""
    from proofs.formulas import FormulaCheck
    from proofs.pairs import PairCheck

    if isinstance(check, FormulaCheck):
        return ()
    if isinstance(check, PairCheck):
        return (check.label,)
    return check.labels or tuple(own.label for own in study.subjects)


def _cell(result: Result) -> Cell:
    from proofs.matrix.cells import Cell
    from proofs.results import Verdict

    decided = result.verdict in (Verdict.PROVED, Verdict.REFUTED)
    inputs = result.counterexample.inputs if result.counterexample else {}
    return Cell(result.verdict, "" if decided else result.detail, dict(inputs))


def main() -> None:
    """Answer the question on standard input."""
    import msgspec

    content = sys.stdin.buffer.read()
    chosen = msgspec.json.decode(content)
    if chosen["reading"]:
        make_default(chosen["reading"], chosen["option"])
    from proofs.matrix.cells import Question
    from proofs.wire import decode, encode

    sys.stdout.buffer.write(encode(answer(decode(content, Question))))


if __name__ == "__main__":
    main()
