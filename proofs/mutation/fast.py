"""The run of the quick checks: which mutants they are put to, in which process, and the score of it."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from proofs.mutation.bench import TESTED, Bench, ask, copies, digest, is_engine, is_proof, path_of, remembered, say
from proofs.mutation.bench import sources as sources_of
from proofs.mutation.mutants import NAMED, HarnessError, Identity, Mutant, identity_of, mutants
from proofs.mutation.results import KILLED, SURVIVED, rewrite, stub, survivors, written
from proofs.mutation.score import (
    KILLERS,
    MODULES,
    STOPPED,
    UNFIT,
    Notice,
    Quick,
    contradicted,
    digest_of,
    earlier,
    keep,
    lines,
    score,
    scores,
    table,
)

Found = dict[str, Notice]
OF: Mapping[str, str] = {
    "payoff": "exercise",
    "conversion_price": "antidilution",
    "events": "history",
    "price_log": "antidilution",
}
"""Modules whose tests stand with those of another."""

DRIVEN = frozenset({"additional_stock", "antidilution", "cash_amounts", "conversion_price", "dividends", "price_log"})
"""Modules that the tests of whole histories drive."""

GUARD = 300
"""The seconds of the processor after which a process of its own is stopped."""


@dataclass(frozen=True)
class QuickPlan:
    """Hold what a run is to do; seconds: after which no further mutant is begun, None for no end.

    resume: whether what an earlier state of the checks did not notice is left at that;
    deep: whether what the quick checks do not notice is put to the theorems as well, which takes hours.
    """

    modules: tuple[str, ...]
    out: Path
    seconds: int | None
    resume: bool
    deep: bool
    workers: int


@dataclass(frozen=True)
class Task:
    """Hold the mutants of a run, by their identity, with what was skipped, and the state that results are of."""

    found: Mapping[str, Sequence[Mutant]]
    skipped: Mapping[str, Counter[str]]
    sources: Mapping[str, str]
    checks: str

    def result(self, mutant: Mutant, found: Found) -> Quick:
        """Return a mutant with what the checks make of it."""
        named = {name: getattr(mutant, name) for name in (*NAMED, "line")}
        return Quick(**named, found=found, source=self.sources[mutant.module], checks=self.checks)


def run_quick(plan: QuickPlan, root: Path) -> int:
    """Put the mutants that have no result yet to the quick checks; return 1 if one is left unexplained, else 0."""
    start = time.monotonic()
    files = sources_of(root, TESTED)
    task = _task(plan.modules, files)
    done = earlier(plan.out, task.sources, None if plan.resume else task.checks)
    pending = [m for own in task.found.values() for m in own if identity_of(m) not in done]
    total = sum(map(len, task.found.values()))
    say(f"{total} mutants, {total - len(pending)} of them with a result")
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    if pending:
        with copies(files, 1) as free:
            copy = free.get()
            done |= _judged(Workshop(copy, task, plan, start), pending, files)
    if plan.deep:
        done |= _deepened(task, done, files, plan)
    rewrite(plan.out, done.values())
    return _told(task, done, files)


def _task(modules: Sequence[str], files: Mapping[str, bytes]) -> Task:
    found: dict[str, Sequence[Mutant]] = {}
    skipped: dict[str, Counter[str]] = {}
    for module in modules:
        if path_of(module) not in files:
            raise HarnessError(f"There is no module {path_of(module)}.")
        found[module], skipped[module] = mutants(module, files[path_of(module)].decode())
    # Results of modules that are not asked for are kept as well.
    digests = {module: digest_of(files[path_of(module)]) for module in MODULES if path_of(module) in files}
    return Task(found, skipped, digests, digest(files, _is_check))


def _is_check(name: str) -> bool:
    return name.startswith(("tests/", "reference/oracle/")) or is_proof(name)


@dataclass(frozen=True)
class Workshop:
    """Hold the copy of the sources in which processes judge mutants."""

    copy: Path
    task: Task
    plan: QuickPlan
    start: float

    @property
    def seconds(self) -> float | None:
        """Return how long mutants may still be begun."""
        return None if self.plan.seconds is None else self.plan.seconds - (time.monotonic() - self.start)

    @property
    def kept(self) -> Path:
        """Name the file that holds what the unmutated engine does."""
        return self.copy / "baseline.json"

    def asked(self, chosen: Sequence[Mutant], fresh: bool) -> tuple[dict[int, Found], str]:
        """Return what a process makes of mutants, by their number, and its last words if it broke off.

        fresh: whether it has imported the mutant itself.
        """
        with tempfile.NamedTemporaryFile(suffix=".jsonl") as out:
            # A process of its own takes long as it is: there, a module has its own tests only.
            tested = example_files([own.module for own in chosen] if fresh else self.plan.modules, history=not fresh)
            request = {
                "do": "quick",
                "modules": self.plan.modules,
                "tests": tested,
                "mutants": [_request(number, mutant, fresh) for number, mutant in enumerate(chosen)],
                "out": out.name,
                "keep": str(self.kept),
                "baseline": msgspec.json.decode(self.kept.read_bytes()) if fresh else None,
                "seconds": None if fresh else self.seconds,
            }
            # Bytecode is kept only of what is not mutated.
            reply = ask(self.copy, request, GUARD if fresh else None, bytecode=not fresh)
            rows = [msgspec.json.decode(line) for line in Path(out.name).read_text("utf-8").splitlines()]
        found = {row["number"]: msgspec.convert(row["found"], Found) for row in rows}
        if reply.stopped:
            return {0: dict.fromkeys(KILLERS, Notice(STOPPED, reply.last_words))}, ""
        return found, "" if reply.answer is not None else reply.last_words

    def alone(self, mutant: Mutant, original: bytes) -> Found:
        """Return what a process of its own makes of a mutant."""
        file = self.copy / path_of(mutant.module)
        for compiled in (file.parent / "__pycache__").glob(f"{mutant.module}.*.pyc"):
            compiled.unlink()
        file.write_text(mutant.source, encoding="utf-8")
        try:
            found, broken = self.asked([mutant], fresh=True)
        finally:
            file.write_bytes(original)
        return found[0] if not broken else dict.fromkeys(KILLERS, Notice(KILLED, f"crash: {broken}"[:300]))


def example_files(modules: Sequence[str], history: bool) -> list[str]:
    """Return the files of example tests of modules; history: whether those of whole histories that drive them, too."""
    named = {OF.get(name, name) for name in modules}
    if history and not DRIVEN.isdisjoint(modules):
        named.add("history")
    return [f"tests/test_{name}.py" for name in sorted(named)]


def _request(number: int, mutant: Mutant, fresh: bool) -> dict[str, Any]:
    own = mutant.statement
    source = "" if fresh else mutant.source
    places = {"first": own.first, "last": own.last, "function": own.function}
    return {"number": number, "module": mutant.module, "source": source, **places}


def _judged(shop: Workshop, pending: Sequence[Mutant], files: Mapping[str, bytes]) -> dict[Identity, Quick]:
    inner = [m for m in pending if not m.statement.on_import]
    found, broken = shop.asked(inner, fresh=False)
    done = _noted(shop, [(inner[number], own) for number, own in found.items() if not _unfit(own)])
    if broken:
        raise HarnessError(f"The quick checks broke off: {broken}.", status=1)
    say(f"{len(done)} of {len(inner)} mutants of functions, {time.monotonic() - shop.start:.0f} s")
    unfit = [inner[number] for number, own in found.items() if _unfit(own)]
    apart = [*(m for m in pending if m.statement.on_import), *unfit]
    checked: set[str] = set()
    for count, mutant in enumerate(apart):
        if shop.seconds is not None and shop.seconds < 0:
            say(f"{len(apart) - count} mutants that need a process of their own are left for another run")
            break
        original = files[path_of(mutant.module)]
        if mutant.module not in checked:
            _check_unmutated(shop, mutant, original)
            checked.add(mutant.module)
        done |= _noted(shop, [(mutant, shop.alone(mutant, original))])
    return done


def _unfit(found: Found) -> bool:
    return any(own.verdict == UNFIT for own in found.values())


def _check_unmutated(shop: Workshop, mutant: Mutant, original: bytes) -> None:
    """Raise HarnessError if a process of its own notices something on the unmutated engine."""
    found = shop.alone(replace(mutant, source=original.decode()), original)
    wrong = [f"{name}: {own.verdict} {own.by}" for name, own in found.items() if own.verdict != SURVIVED]
    if wrong:
        raise HarnessError(f"A process of its own notices the unmutated engine: {wrong[0]}.", status=1)


def _noted(shop: Workshop, found: Sequence[tuple[Mutant, Found]]) -> dict[Identity, Quick]:
    results = [shop.task.result(mutant, own) for mutant, own in found]
    with shop.plan.out.open("a", encoding="utf-8") as file:
        file.writelines(map(written, results))
    return {identity_of(own): own for own in results}


def _deepened(
    task: Task, done: Mapping[Identity, Quick], files: Mapping[str, bytes], plan: QuickPlan
) -> dict[Identity, Quick]:
    """Put what the quick checks do not notice to the theorems, as the run without them does."""
    left = [m for own in task.found.values() for m in own if _left(done.get(identity_of(m)))]
    engine, proofs = digest(files, is_engine), digest(files, is_proof)
    found = {}
    with copies(files, plan.workers) as free:
        state = f"{engine} {proofs} {' '.join(plan.modules)}"
        bases = remembered(plan.out.with_suffix(".baseline.json"), state, free, plan.modules, plan.workers)
        bench = Bench(free, bases, files, False, engine, proofs)
        for mutant in left:
            outcome, _ = bench.judge(mutant)
            by = outcome.by if outcome.outcome == KILLED else ""
            found[identity_of(mutant)] = msgspec.structs.replace(done[identity_of(mutant)], deep=by)
            say(f"{outcome.module}.{outcome.function}:{outcome.line} {outcome.outcome} {by}".rstrip())
    return found


def _left(own: Quick | None) -> bool:
    return own is not None and own.outcome != KILLED and own.deep is None


def _told(task: Task, done: Mapping[Identity, Quick], files: Mapping[str, bytes]) -> int:
    """Keep the score of every module that was run to the end, and say what is left; return the exit status."""
    listed = survivors()
    known = {identity_of(own) for own in listed}
    found = scores()
    outcomes: list[Quick] = []
    for module, own in task.found.items():
        results = [done[identity_of(m)] for m in own if identity_of(m) in done]
        outcomes += results
        if len(results) == len(own):
            found[module] = score(results, task.skipped[module], files[path_of(module)])
        else:
            say(f"{module}: {len(own) - len(results)} mutants still to run, so no score is written")
    keep(found)
    unlisted = [o for o in outcomes if o.outcome != KILLED and identity_of(o) not in known]
    for outcome in unlisted:
        print(
            f"# line {outcome.line}, {outcome.outcome}: " + ", ".join(f"{k} {n.by}" for k, n in outcome.found.items())
        )
        print(stub(outcome))
    for outcome in contradicted(outcomes, listed):
        say(f"listed as equivalent, yet noticed: {outcome.module}.{outcome.function}:{outcome.line} {outcome.after}")
    say(table([line for line in lines(found, listed) if line.module in task.found]))
    return 1 if unlisted or contradicted(outcomes, listed) else 0
