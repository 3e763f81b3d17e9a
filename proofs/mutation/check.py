"""The check of one mutant, in a process of its own that runs inside a copy of the sources.

What depends on the mutated modules is imported only while a request is answered: a mutant may fail on
import, and a trace has to see what importing executes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from proofs.mutation.results import KILLED, SURVIVED, UNDECIDED

if TYPE_CHECKING:
    from proofs.results import Result
    from proofs.study import Study
    from reference.charter import Charter

CHARTER = "quintus-1999"
Lines = dict[str, set[int]]


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a request asks, in the copy of the sources in which this process runs.

    `list`: return the theorems of each study. `trace`: run one study and return which lines of which
    modules it executes, and what is not as expected. `check`: run the given theorems, up to the first
    unexpected verdict, and the differential check if it is asked for.
    """
    if request["do"] == "trace":
        return _trace(request["study"], request["modules"])
    from proofs.run import studies

    found = studies(_charter())
    if request["do"] == "list":
        return {"studies": [[check.theorem.id for check in study.checks] for study in found]}
    noticed = _noticed(_charter()) if request["differential"] else None
    return {"differential": noticed, **_proved([found[index] for index in request["studies"]])}


def _charter() -> Charter:
    from reference.oracle.charters import load

    return load(CHARTER)


def _proved(studies: Sequence[Study]) -> dict[str, str]:
    undecided: list[str] = []
    for study in studies:
        for result in _results(study):
            verdict = _verdict(result)
            if verdict == KILLED:
                return {"outcome": KILLED, "by": result.theorem.id, "detail": _in_words(result)}
            if verdict == UNDECIDED:
                undecided.append(result.theorem.id)
    if undecided:
        return {"outcome": UNDECIDED, "by": "", "detail": f"undecided: {', '.join(undecided)}"}
    return {"outcome": SURVIVED, "by": "", "detail": ""}


def _results(study: Study) -> Iterator[Result]:
    """Yield the results of a study; each run stops at the first that is not as expected, the next goes on there."""
    from proofs.study import run_study

    ids = [check.theorem.id for check in study.checks]
    while ids:
        results, _ = run_study(study, ids, fail_fast=True)
        yield from results
        ids = ids[len(results) :]


def _verdict(result: Result) -> str:
    """Say what one result makes of a mutant, as the exit status of `charterproof prove` has it."""
    if result.as_expected:
        return SURVIVED
    from proofs.report.data import Outcome, outcome

    return UNDECIDED if outcome(result) is Outcome.UNDECIDED else KILLED


def _in_words(result: Result) -> str:
    twins = [f"its twin ({t.change}): {t.verdict}" for t in result.twins if t.verdict.value != "REFUTED"]
    return "; ".join([str(result.verdict), *twins, *([result.detail] if result.detail else [])])


def _trace(index: int, modules: Sequence[str]) -> dict[str, Any]:
    """Run one study with a note of the lines that it executes in the modules, from the imports on."""
    lines: Lines = {name: set() for name in modules}
    with executed(lines):
        study = _built(index, lines)
        built = _sorted(lines)
        lines.update({name: set() for name in modules})
        results = list(_results(study))
    wrong = {r.theorem.id: f"{r.verdict} {r.detail}".strip() for r in results if not r.as_expected}
    return {"seconds": time.process_time(), "run": _sorted(lines), "built": built, "wrong": wrong}


def _sorted(lines: Lines) -> dict[str, list[int]]:
    return {name: sorted(found) for name, found in lines.items()}


def _built(index: int, lines: Lines) -> Study:
    """Return a study; what building another section's studies executes does not bear on it."""
    from proofs.theorems import SECTIONS

    charter = _charter()
    imported = {name: set(found) for name, found in lines.items()}
    for section in SECTIONS:
        lines.update({name: set(found) for name, found in imported.items()})
        own: tuple[Study, ...] = section.studies(charter)
        if index < len(own):
            return own[index]
        index -= len(own)
    raise IndexError(index)


@contextmanager
def executed(lines: Lines) -> Iterator[None]:
    """Note the lines of modules of `reference` that are executed meanwhile."""
    files = {str(Path.cwd() / "reference" / f"{name}.py"): name for name in lines}

    def within(frame: FrameType, event: str, argument: object) -> Any:
        lines[files[frame.f_code.co_filename]].add(frame.f_lineno)
        return within

    def entering(frame: FrameType, event: str, argument: object) -> Any:
        return within if frame.f_code.co_filename in files else None

    sys.settrace(entering)
    try:
        yield
    finally:
        sys.settrace(None)


def _noticed(charter: Charter) -> str:
    """Return what the differential check notices, or nothing."""
    from proofs.mutation.differential import differential

    try:
        return differential(charter)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
