"""The quick checks of mutants, in a process that has everything imported and forks a child for each.

It runs inside a copy of the sources, tests included, and within a session of pytest, which has collected the example
tests. On the unmutated engine it notes which lines each check executes; a mutant is then put to those checks only that
execute its statement, as all others cannot notice it. What importing executes needs a process of its own, in which
everything is put to the mutant.
"""

from __future__ import annotations

import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from proofs.checks import PathCheck
from proofs.mutation.check import CHARTER, executed
from proofs.mutation.mutants import HarnessError
from proofs.mutation.results import KILLED, SURVIVED
from proofs.mutation.score import KILLERS, STOPPED, UNFIT, UNREACHED
from proofs.mutation.swap import swap
from proofs.results import Verdict
from proofs.run import studies
from proofs.study import Study
from proofs.views import Subject, run_plain
from reference.oracle.answers import answer_text, encode
from reference.oracle.charters import load
from reference.oracle.questions import MODULES
from reference.oracle.replies import Refused
from reference.oracle.seeded import drawn
from reference.oracle.small_cases import exhaustive

Lines = Mapping[str, frozenset[int]]
Notice = dict[str, str]
"""How a check ended, `killed`, `survived` or `stopped`, and what it noticed."""

SMALL, DRAWN, SEED = 60, 30, 1
"""The small cases and the drawn cases of each question, beside its examples, and the seed of the latter."""

SECONDS, PATIENCE = 4, 3
"""The seconds of the processor that a probe gets, and how many times what it needs on the unmutated engine.

They only end what would not end; a check that is stopped has noticed nothing.
"""

MEMORY = 6 * 2**30
OPTIONS = (
    "-s",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
    # What is imported before is engine, whose assertions need not be rewritten.
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
ENDLESS = 86
"""The exit status of a child that ran out of its seconds."""


@dataclass(frozen=True)
class Probe:
    """Hold one thing that is run against a mutant: its name, what it says of the engine that runs, and its cost.

    notices: return what is wrong, or nothing; lines: by module, what it executes, None if that is not known.
    """

    name: str
    notices: Callable[[], str]
    seconds: float = 0.0
    lines: Lines | None = None

    def reaches(self, module: str, first: int, last: int) -> bool:
        """Say whether it executes a statement, or may do so."""
        return self.lines is None or not self.lines.get(module, frozenset()).isdisjoint(range(first, last + 1))


@dataclass
class Baseline:
    """Hold what the unmutated engine answers: to each case, and at each seed of each subject.

    replies: None for a case that is left out: the engine refuses it for what the closed forms do not look at.
    """

    replies: list[str | None] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)


def documents() -> Iterator[Mapping[str, Any]]:
    """Yield the cases of the differential check in a fixed order: examples, small cases, drawn cases."""
    for question in MODULES:
        yield from importlib.import_module(f"tests.outputs.{question}").EXAMPLES
    for question in MODULES:
        every = max(1, sum(1 for _ in exhaustive(question)) // SMALL)
        yield from islice(exhaustive(question), 0, None, every)
    for question in MODULES:
        yield from (drawn(question, SEED, number) for number in range(DRAWN))


def _reply(document: Mapping[str, Any]) -> str:
    return encode(answer_text(json.dumps(document).encode())).decode()


def _differences(document: Mapping[str, Any]) -> list[str]:
    found: list[str] = importlib.import_module("tests.outputs.compare").differences(document)
    return found


def case_probes(baseline: Baseline) -> list[Probe]:
    """Return a probe for each case: the answers to it differ from the closed forms."""
    known = list(documents())
    baseline.replies = baseline.replies or [_agreed(document) for document in known]
    pairs = zip(known, baseline.replies, strict=True)
    return [Probe(d["case"], _case(d, usual)) for d, usual in pairs if usual is not None]


def _agreed(document: Mapping[str, Any]) -> str | None:
    """Return the unmutated engine's reply, with which the closed forms agree."""
    if not _differences(document):
        return _reply(document)
    if isinstance(answer_text(json.dumps(document).encode()), Refused):
        return None
    raise HarnessError(f"The unmutated engine differs from the closed forms on {document['case']}.", status=1)


def _case(document: Mapping[str, Any], usual: str) -> Callable[[], str]:
    def notices() -> str:
        # The same reply as the unmutated engine's is known to agree.
        if _reply(document) == usual:
            return ""
        return next(iter(_differences(document)), "")

    return notices


def seed_probes(baseline: Baseline) -> list[Probe]:
    """Return a probe for each seed of each subject of the studies: a theorem is refuted there."""
    found = [
        (study, subject, seed)
        for study in studies(load(CHARTER))
        for subject in study.subjects
        for seed in subject.seeds
    ]
    if not baseline.seeds:
        baseline.seeds += [repr(run_plain(subject, seed)) for _, subject, seed in found]
    return [
        Probe(f"{study.name}: {subject.label}", _seed(study, replace(subject, seeds=(seed,)), usual))
        for (study, subject, seed), usual in zip(found, baseline.seeds, strict=True)
    ]


def _seed(study: Study, subject: Subject, usual: str) -> Callable[[], str]:
    def notices() -> str:
        if repr(run_plain(subject, subject.seeds[0])) == usual:
            return ""
        for check in study.checks:
            if isinstance(check, PathCheck) and check.theorem.expected is Verdict.PROVED:
                try:
                    refuted = check.at_seeds((subject,))
                except Exception:
                    continue  # An ERROR only if the theorem is put to the solver, which is not done here.
                if refuted is not None:
                    return check.theorem.id
        return ""

    return notices


def example_probes(items: Sequence[pytest.Item]) -> list[Probe]:
    """Return a probe for each example test that fails; drawn tests come last, as they take longest."""

    def is_drawn(item: pytest.Item) -> bool:
        return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))

    return [Probe(item.nodeid, _test(item)) for item in sorted(items, key=is_drawn)]


def _test(item: pytest.Item) -> Callable[[], str]:
    def notices() -> str:
        reports = runtestprotocol(item, log=False, nextitem=None)
        return item.nodeid if any(report.failed for report in reports) else ""

    return notices


def measured(probes: Sequence[Probe], modules: Sequence[str]) -> list[Probe]:
    """Run probes on the unmutated engine, none of which may notice anything, and note what they execute."""
    found = []
    for probe in probes:
        lines: dict[str, set[int]] = {name: set() for name in modules}
        start = time.process_time()
        with executed(lines):
            noticed = probe.notices()
        if noticed:
            raise HarnessError(f"{probe.name} notices something on the unmutated engine: {noticed}.", status=1)
        kept = {name: frozenset(own) for name, own in lines.items() if own}
        found.append(replace(probe, seconds=time.process_time() - start, lines=kept))
    return found


@dataclass(frozen=True)
class Killers:
    """Hold the probes of each of the three quick checks."""

    probes: Mapping[str, Sequence[Probe]]

    def judged(self, mutant: Mapping[str, Any], change: Callable[[], None]) -> dict[str, Notice]:
        """Return what each check makes of a mutant; change: what puts it in place, in a child."""
        found = {}
        for killer, probes in self.probes.items():
            own = [p for p in probes if p.reaches(mutant["module"], mutant["first"], mutant["last"])]
            found[killer] = _in_child(own, change) if own else {"verdict": SURVIVED, "by": UNREACHED}
        return found


def _in_child(probes: Sequence[Probe], change: Callable[[], None]) -> Notice:
    """Run probes in a child process up to the first that notices something."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _limit()
            noticed = _first(probes, change)
            os.write(writing, json.dumps(noticed).encode())
        except BaseException as error:
            os.write(writing, json.dumps({"broken": f"{type(error).__name__}: {error}"[:300]}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status in (ENDLESS, -signal.SIGXCPU):
        return {"verdict": STOPPED, "by": "no end"}
    if status < 0 and status != -signal.SIGKILL:
        return {"verdict": KILLED, "by": f"signal {-status}"}
    if status or not text:
        raise HarnessError(f"A check ended with status {status}, which says nothing about its mutant.")
    found: Notice = json.loads(text)
    if "broken" in found:
        raise HarnessError(f"A check broke off, which says nothing about its mutant: {found['broken']}.")
    return found


def _limit() -> None:
    """Limit the memory of this process, and say nothing any more."""
    signal.signal(signal.SIGXCPU, lambda *_: os._exit(ENDLESS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)


def _first(probes: Sequence[Probe], change: Callable[[], None]) -> Notice:
    try:
        change()
    except HarnessError as error:
        return {"verdict": UNFIT, "by": str(error)}
    for probe in probes:
        until = math.ceil(time.process_time() + SECONDS + PATIENCE * probe.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        try:
            noticed = probe.notices()
        except Exception as error:
            noticed = f"{type(error).__name__}: {error}"
        if noticed:
            return {"verdict": KILLED, "by": f"{probe.name}: {noticed}"[:300]}
    return {"verdict": SURVIVED, "by": ""}


class Session:
    """Be the plugin of pytest that judges mutants in the place of running tests."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        """Keep the request: mutants, the file for what is found, the modules, and a baseline in a fresh process."""
        self.request = request
        self.failure: HarnessError | None = None
        self.ended = False
        self.start = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Draw examples as in every run, but do not look for the simplest that fails."""
        from hypothesis import HealthCheck, Phase, settings

        settings.register_profile(
            "mutation",
            parent=settings.get_profile("repeatable"),
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge every mutant; tell pytest that no test is left to run."""
        try:
            self._judge(session)
            self.ended = True
        except HarnessError as error:
            self.failure = error
        return True

    def _judge(self, session: pytest.Session) -> None:
        request = self.request
        fresh = request["baseline"] is not None
        if session.testsfailed and not fresh:
            raise HarnessError("The example tests cannot be collected.", status=1)
        baseline = Baseline(**request["baseline"]) if fresh else Baseline()
        makers: dict[str, Callable[[], list[Probe]]] = {
            "differential": lambda: case_probes(baseline),
            "example": lambda: [*_uncollected(session), *example_probes(session.items)],
            "proof": lambda: seed_probes(baseline),
        }
        if fresh:
            probes: dict[str, Sequence[Probe]] = {name: _as_far_as(makers[name]) for name in KILLERS}
        else:
            made = {name: makers[name]() for name in KILLERS}
            # Without a mutant only the baseline is wanted.
            probes = {n: measured(own, request["modules"]) for n, own in made.items()} if request["mutants"] else {}
            Path(request["keep"]).write_text(json.dumps(vars(baseline)), encoding="utf-8")
        killers = Killers(probes)
        gc.collect()
        gc.freeze()
        with Path(request["out"]).open("a", encoding="utf-8") as out:
            for mutant in request["mutants"]:
                if request["seconds"] is not None and time.monotonic() - self.start > request["seconds"]:
                    return
                found = killers.judged(mutant, _change(mutant, fresh))
                out.write(json.dumps({"number": mutant["number"], "found": found}) + "\n")
                out.flush()


def _uncollected(session: pytest.Session) -> list[Probe]:
    """Return a probe that notices tests that could not be collected, as a mutant may break them."""
    return [Probe("collection", lambda: "a module of tests cannot be imported")] if session.testsfailed else []


def _as_far_as(maker: Callable[[], list[Probe]]) -> list[Probe]:
    """Return probes, or one that notices why a mutant lets none be made."""
    try:
        return maker()
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        return [Probe("preparation", lambda: words)]


def _change(mutant: Mapping[str, Any], fresh: bool) -> Callable[[], None]:
    """Return what makes the mutant run: nothing where it has been imported."""
    file = str(Path.cwd() / "reference" / f"{mutant['module']}.py")

    def change() -> None:
        if not fresh:
            swap(mutant["module"], mutant["source"], mutant["function"], file)

    return change


def serve(request: Mapping[str, Any]) -> dict[str, Any]:
    """Judge the mutants of a request in the copy of the sources in which this process runs."""
    session = Session(request)
    tests = [name for name in request["tests"] if Path(name).exists()]
    # Standard output is for the answer.
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        status = pytest.main([*OPTIONS, *tests], plugins=[session])
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
    if session.failure is not None:
        raise session.failure
    if not session.ended:
        raise HarnessError(f"The session of the quick checks ended with status {int(status)}.")
    return {}
