"""The bench: copies of the sources, and what becomes of a mutant in one of them."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from proofs.mutation.mutants import NAMED, HarnessError, Mutant
from proofs.mutation.results import CRASH, KILLED, SURVIVED, TIMEOUT, UNDECIDED, Outcome

PACKAGES = ("reference", "symbolic", "proofs")
TESTED = (*PACKAGES, "tests", "pyproject.toml")
"""What the quick checks need: the example tests and their configuration, too."""
UNREACHED: Mapping[str, Any] = {
    "outcome": SURVIVED,
    "by": "",
    "detail": "no study executes this statement",
    "differential": None,
}
GUARD = 15 * 60
"""The seconds of the processor that a mutant gets beyond a multiple of what the unmutated engine needs.

It only ends what would not end: verdicts rest on the solver's own budget.
"""

PATIENCE = 5


class Baseline(msgspec.Struct, frozen=True):
    """Hold what the unmutated engine does in one study: its seconds of the processor, and the lines executed.

    run, built: by module, the lines executed by the study itself, and by building the studies of its section.
    """

    index: int
    seconds: float
    run: dict[str, frozenset[int]]
    built: dict[str, frozenset[int]]

    def runs(self, mutant: Mutant) -> bool:
        """Say whether the study itself executes the mutated statement."""
        return _executed(mutant, self.run)

    def reaches(self, mutant: Mutant) -> bool:
        """Say whether the mutation can bear on the study; what importing executes bears on all."""
        return mutant.statement.on_import or self.runs(mutant) or _executed(mutant, self.built)


def _executed(mutant: Mutant, lines: Mapping[str, frozenset[int]]) -> bool:
    own = mutant.statement
    return not lines[mutant.module].isdisjoint(range(own.first, own.last + 1))


class Remembered(msgspec.Struct, frozen=True):
    """Hold baselines with the state of the sources that they are of."""

    state: str
    baselines: tuple[Baseline, ...]


def sources(root: Path, wanted: Sequence[str] = PACKAGES) -> dict[str, bytes]:
    """Return the files of packages as they are in the working tree, by relative path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *wanted]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise HarnessError(f"{root} is no git repository whose files could be copied.") from error
    names = sorted(set(listed.split("\0")) - {""})
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}


def digest(files: Mapping[str, bytes], belongs: Callable[[str], bool]) -> str:
    """Return a digest of those files that belong to something."""
    state = hashlib.sha256()
    for name in filter(belongs, sorted(files)):
        state.update(f"{name} {len(files[name])}\n".encode() + files[name])
    return state.hexdigest()[:16]


def is_engine(name: str) -> bool:
    """Say whether a file belongs to the engine."""
    return name.startswith("reference/") and not name.startswith("reference/oracle/")


def is_proof(name: str) -> bool:
    """Say whether a file bears on verdicts, the engine apart."""
    beside = ("proofs/report/", "proofs/mutation/", "proofs/survivors.toml")
    return name.startswith(("symbolic/", "proofs/")) and not name.startswith(beside)


@contextmanager
def copies(files: Mapping[str, bytes], number: int) -> Iterator[queue.Queue[Path]]:
    """Write copies of the sources into temporary directories and hand them out one at a time."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as home:
        free: queue.Queue[Path] = queue.Queue()
        for place in range(number):
            copy = Path(home, str(place))
            for name, content in files.items():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_bytes(content)
            free.put(copy)
        yield free


@dataclass(frozen=True)
class Reply:
    """Hold how a process ended: its answer, None if it gave none, its last words, and whether it was stopped."""

    answer: dict[str, Any] | None
    last_words: str
    stopped: bool = False


def ask(copy: Path, request: Mapping[str, Any], guard: int | None = None, bytecode: bool = False) -> Reply:
    """Put a request to a new process in a copy of the sources.

    guard: seconds of the processor after which it is stopped; they do not depend on the machine's load; bytecode:
    whether it is kept, which a mutant's never is: two of the same length within a second would be taken for each other.
    """
    command = [sys.executable, *(() if bytecode else ("-B",)), "-W", "ignore", "-m", "proofs.mutation", "--answer"]
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    ended = subprocess.run(
        command,
        cwd=copy,
        env=kept | {"PYTHONHASHSEED": "0"},
        input=json.dumps({**request, "guard": guard}),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode == -signal.SIGXCPU:
        return Reply(None, f"stopped after {guard} s of the processor", stopped=True)
    if ended.returncode == -signal.SIGKILL:
        raise HarnessError("A run was killed from outside, which says nothing about its mutant.")
    last = ended.stderr.strip().splitlines()[-1:] or [f"exit status {ended.returncode}"]
    return Reply(json.loads(ended.stdout) if ended.returncode == 0 else None, last[0])


@dataclass(frozen=True)
class Bench:
    """Hold the copies, the studies' baselines and what is common to all results."""

    free: queue.Queue[Path]
    baselines: tuple[Baseline, ...]
    original: Mapping[str, bytes]
    differential: bool
    engine: str
    proofs: str

    def judge(self, mutant: Mutant) -> tuple[Outcome, float]:
        """Return what becomes of a mutant, and the seconds that this took."""
        reached = sorted(
            (b for b in self.baselines if b.reaches(mutant)), key=lambda b: (not b.runs(mutant), b.seconds)
        )
        if not reached and not self.differential:
            return self._outcome(mutant, UNREACHED), 0.0
        request = {"do": "check", "differential": self.differential, "studies": [b.index for b in reached]}
        guard = GUARD + PATIENCE * round(sum(b.seconds for b in reached))
        start = time.monotonic()
        copy = self.free.get()
        try:
            (copy / path_of(mutant.module)).write_text(mutant.source, encoding="utf-8")
            reply = ask(copy, request, guard)
        finally:
            (copy / path_of(mutant.module)).write_bytes(self.original[path_of(mutant.module)])
            self.free.put(copy)
        if not reached and reply.answer is not None:
            reply.answer["detail"] = UNREACHED["detail"]
        return self._outcome(mutant, reply.answer or _broken(reply)), time.monotonic() - start

    def _outcome(self, mutant: Mutant, found: Mapping[str, Any]) -> Outcome:
        named = {name: getattr(mutant, name) for name in (*NAMED, "line")}
        return Outcome(**named, **found, engine=self.engine, proofs=self.proofs)


def _broken(reply: Reply) -> dict[str, Any]:
    # A run without end is no verdict, and `charterproof prove` would not exit with 1.
    outcome, by = (UNDECIDED, TIMEOUT) if reply.stopped else (KILLED, CRASH)
    return {"outcome": outcome, "by": by, "detail": reply.last_words, "differential": None}


def path_of(module: str) -> str:
    """Return the path of a module's source."""
    return f"reference/{module}.py"


def baselines(free: queue.Queue[Path], modules: Sequence[str], workers: int) -> tuple[Baseline, ...]:
    """Run every study on the unmutated engine.

    A theorem whose verdict is not as expected proves nothing about mutants: raise HarnessError.
    """
    copy = free.get()
    listed = ask(copy, {"do": "list"})
    free.put(copy)
    if listed.answer is None:
        raise HarnessError(f"The proofs do not start on the unmutated engine: {listed.last_words}", status=1)
    wrong: dict[str, str] = {}

    def run(index: int, ids: list[str]) -> Baseline:
        copy = free.get()
        reply = ask(copy, {"do": "trace", "study": index, "modules": modules})
        free.put(copy)
        if reply.answer is None:
            wrong[", ".join(ids)] = reply.last_words
            return Baseline(index, 0.0, {}, {})
        wrong.update(reply.answer.pop("wrong"))
        found = msgspec.convert({"index": index, **reply.answer}, Baseline)
        say(f"unmutated, study {index + 1}: {len(ids)} theorems, {found.seconds:.1f} s")
        return found

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(run, *zip(*enumerate(listed.answer["studies"]), strict=True)))
    if wrong:
        what = "; ".join(f"{name}: {verdict}" for name, verdict in sorted(wrong.items()))
        raise HarnessError(f"The unmutated engine does not come out as expected: {what}.", status=1)
    return tuple(found)


def remembered(
    path: Path, state: str, free: queue.Queue[Path], modules: Sequence[str], workers: int
) -> tuple[Baseline, ...]:
    """Return the baselines, from a file if it holds those of the same sources; write them there if not.

    state: what tells the sources and modules apart.
    """
    # A file that cannot be read, or is of another version, is simply made anew.
    with suppress(OSError, msgspec.DecodeError):
        known = msgspec.json.decode(path.read_bytes(), type=Remembered)
        if known.state == state:
            return known.baselines
    found = baselines(free, modules, workers)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(Remembered(state, found)))
    return found


def say(text: str) -> None:
    """Tell people how it goes, on standard error."""
    print(text, file=sys.stderr, flush=True)
