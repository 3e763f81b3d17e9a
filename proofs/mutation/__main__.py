"""The command: run the mutants, and say which of them the proofs do not notice."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from proofs.mutation import score
from proofs.mutation.bench import Bench, copies, digest, is_engine, is_proof, path_of, remembered, say, sources
from proofs.mutation.fast import QuickPlan, run_quick
from proofs.mutation.mutants import HarnessError, Identity, Mutant, identity_of, mutants
from proofs.mutation.results import KILLED, SURVIVORS, Outcome, earlier, rewrite, stub, summary, survivors, written

ROOT = Path(__file__).parent.parent.parent
MODULES = ("liquidation", "equilibrium")
MEMORY = 8 * 2**30
"""The bytes that one run of a mutant may take up."""


@dataclass(frozen=True)
class Plan:
    """Hold what a run is to do."""

    modules: tuple[str, ...]
    workers: int
    out: Path
    limit: int | None
    differential: bool


def run(plan: Plan, root: Path = ROOT) -> int:
    """Run the mutants that have no result yet; return 1 if a survivor is not in the list, else 0."""
    known = {identity_of(s) for s in survivors()}
    files = sources(root)
    engine, proofs = digest(files, is_engine), digest(files, is_proof)
    found, skipped = _all_mutants(plan.modules, files)
    done = earlier(plan.out, engine, proofs)
    pending = [m for m in found if identity_of(m) not in done]
    chosen = spread(pending, plan.limit)
    say(f"{len(found)} mutants, {len(found) - len(pending)} of them with a result; {len(chosen)} to run")
    if chosen:
        with copies(files, plan.workers) as free:
            state = f"{engine} {proofs} {' '.join(plan.modules)}"
            bases = remembered(plan.out.with_suffix(".baseline.json"), state, free, plan.modules, plan.workers)
            bench = Bench(free, bases, files, plan.differential, engine, proofs)
            done |= _judged(bench, chosen, plan)
    outcomes = [done.pop(identity_of(m)) for m in found if identity_of(m) in done]
    rewrite(plan.out, [*outcomes, *done.values()])
    say(summary(outcomes, skipped, proofs))
    unlisted = [o for o in outcomes if o.outcome != KILLED and identity_of(o) not in known]
    for outcome in unlisted:
        print(stub(outcome))
    say(f"{len(unlisted)} survivors without an entry in {SURVIVORS.name}")
    return 1 if unlisted else 0


def spread(pending: Sequence[Mutant], limit: int | None) -> list[Mutant]:
    """Return at most so many mutants, spread evenly over all."""
    if limit is None or limit >= len(pending):
        return list(pending)
    return [pending[place * len(pending) // limit] for place in range(limit)]


def _all_mutants(modules: Sequence[str], files: Mapping[str, bytes]) -> tuple[list[Mutant], Counter[str]]:
    found: list[Mutant] = []
    skipped: Counter[str] = Counter()
    for module in modules:
        if path_of(module) not in files:
            raise HarnessError(f"There is no module {path_of(module)}.")
        own, left_out = mutants(module, files[path_of(module)].decode())
        found += own
        skipped += left_out
    return found, skipped


def _judged(bench: Bench, chosen: Sequence[Mutant], plan: Plan) -> dict[Identity, Outcome]:
    """Run mutants, a line in the file for each as soon as it has a result."""
    done = {}
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(plan.workers) as pool, plan.out.open("a", encoding="utf-8") as file:
        try:
            futures = [pool.submit(bench.judge, mutant) for mutant in chosen]
            for number, future in enumerate(as_completed(futures), start=1):
                outcome, seconds = future.result()
                done[identity_of(outcome)] = outcome
                file.write(written(outcome))
                file.flush()
                where = f"{outcome.module}.{outcome.function}:{outcome.line}"
                by = f" by {outcome.by}" if outcome.by else ""
                say(f"{number}/{len(chosen)} {outcome.outcome}{by}, {seconds:.1f} s, {where} {outcome.operator}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _answer_here() -> int:
    """Answer the request on standard input, as one of the processes that the run starts."""
    import reference

    if not str(reference.__file__).startswith(os.getcwd()):
        raise HarnessError("The sources of this directory are not those that Python imports.")
    import resource

    request = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if request["guard"] is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (request["guard"], request["guard"] + 60))
    if request["do"] == "quick":
        from proofs.mutation.quick import serve as answer
    else:
        from proofs.mutation.check import answer
    print(json.dumps(answer(request)))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, 1 for a finding, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m proofs.mutation", description="Run the mutation run.")
    parser.add_argument("--module", action="append", metavar="NAME", help="a module of reference; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="mutants that are run at a time")
    parser.add_argument("--out", type=Path, help="the file of results")
    parser.add_argument("--limit", type=int, help="run at most so many mutants, spread evenly")
    parser.add_argument("--proofs-only", action="store_true", help="leave the differential check out")
    parser.add_argument("--quick", action="store_true", help="run the quick checks on all modules, and keep the score")
    parser.add_argument("--deep", action="store_true", help="with --quick: put what they miss to the theorems as well")
    parser.add_argument("--resume", action="store_true", help="with --quick: keep what earlier checks did not notice")
    parser.add_argument("--seconds", type=int, help="with --quick: begin no mutant after so many seconds")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.answer:
        return _answer_here()
    if given.workers < 1 or (given.limit is not None and given.limit < 0):
        parser.error("there must be at least one worker, and no negative limit")
    if (given.deep or given.resume or given.seconds is not None) and not given.quick:
        parser.error("--deep, --resume and --seconds go with --quick")
    modules = tuple(dict.fromkeys(given.module or (score.MODULES if given.quick else MODULES)))
    out = given.out or Path("build/quick.jsonl" if given.quick else "build/mutation.jsonl")
    try:
        if given.quick:
            return run_quick(QuickPlan(modules, out, given.seconds, given.resume, given.deep, given.workers), ROOT)
        return run(Plan(modules, given.workers, out, given.limit, not given.proofs_only))
    except HarnessError as error:
        say(str(error))
        return error.status
    except KeyboardInterrupt:
        say(f"Interrupted. The same command goes on from {out}.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
