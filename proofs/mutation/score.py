"""The score: what became of the mutants of each module of `reference` under the quick checks, kept beside the code.

A score is of one state of its module's source, and stale once that has changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from proofs.mutation.mutants import HarnessError, Identity, identity_of
from proofs.mutation.results import KILLED, SURVIVED, UNDECIDED, Survivor, survivors

SCORE = Path(__file__).with_name("score.json")
KILLERS = ("differential", "example", "proof")
"""The quick checks: cases against the closed forms, example tests, theorems at the seeds of their subjects."""

STOPPED: Literal["stopped"] = "stopped"
UNFIT: Literal["unfit"] = "unfit"
"""Further verdicts of a check: it came to no end; the mutant cannot be put in place in a running process."""

UNREACHED = "not executed"

MODULES = (
    "additional_stock",
    "antidilution",
    "approvals",
    "cash_amounts",
    "charter",
    "conversion",
    "conversion_price",
    "distributions",
    "dividends",
    "enclosure",
    "equilibrium",
    "events",
    "history",
    "liquidation",
    "notices",
    "offering",
    "payoff",
    "position",
    "price_log",
    "readings",
    "recapitalization",
    "refusal",
    "reserve",
    "rounding",
    "voting",
)
"""Every module of `reference` but `reference.oracle`, which states no rule."""


Verdict: TypeAlias = Literal["killed", "survived", "stopped", "unfit"]


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold how one check of a mutant ended, and what it noticed."""

    verdict: Verdict
    by: str


class Quick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what the quick checks make of one mutant.

    source: a digest of its module; checks: of all else that bears on the outcome; deep: the theorem that notices it
    when all are put to the solver, None if that was not done.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    place: int
    line: int
    found: dict[str, Notice]
    source: str
    checks: str
    deep: str | None = None

    @property
    def killers(self) -> tuple[str, ...]:
        """Name the checks that notice it."""
        proof = ("proof",) if self.deep else ()
        return tuple(k for k in KILLERS if self.found[k].verdict == KILLED or k in proof)

    @property
    def outcome(self) -> str:
        """Say what becomes of it: a check without an end has noticed nothing, but need not have missed it."""
        if self.killers:
            return KILLED
        return UNDECIDED if any(n.verdict == STOPPED for n in self.found.values()) else SURVIVED


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name a mutant that nothing notices; outcome: survived, or undecided where a check came to no end."""

    function: str
    operator: str
    before: str
    after: str
    place: int
    line: int
    outcome: Literal["survived", "undecided"]


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold the score of one module.

    source: a digest of the module when it was run; by, alone: by check, the mutants that it notices, and those that
    no other does; left: those that nothing notices; skipped: changes that were not run, by reason.
    """

    source: str
    mutants: int
    killed: int
    by: dict[str, int]
    alone: dict[str, int]
    left: tuple[Named, ...]
    skipped: dict[str, int]


Scores: TypeAlias = Mapping[str, Score]


def source_of(module: str) -> bytes:
    """Return the source of a module of `reference`."""
    found = importlib.util.find_spec(f"reference.{module}")
    if found is None or found.origin is None:
        raise HarnessError(f"There is no module {module} of reference.")
    return Path(found.origin).read_bytes()


def digest_of(source: bytes) -> str:
    """Return the digest of a source that a score keeps."""
    return hashlib.sha256(source).hexdigest()[:16]


def scores(path: Path = SCORE) -> dict[str, Score]:
    """Read the scores by module; raise HarnessError if the file is not well formed."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Score]) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise HarnessError(f"{path.name} cannot be read: {error}.") from error


def keep(found: Scores, path: Path = SCORE) -> None:
    """Write scores in the place of a file's, in one step."""
    beside = path.with_name(f"{path.name}.part")
    ordered = {name: found[name] for name in sorted(found)}
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n")
    beside.replace(path)


def score(outcomes: Sequence[Quick], skipped: Mapping[str, int], source: bytes) -> Score:
    """Count what became of all mutants of a module."""
    left = [o for o in outcomes if o.outcome != KILLED]
    fields = [f for f in Named.__struct_fields__ if f != "outcome"]
    return Score(
        source=digest_of(source),
        mutants=len(outcomes),
        killed=len(outcomes) - len(left),
        by={k: sum(k in o.killers for o in outcomes) for k in KILLERS},
        alone={k: sum(o.killers == (k,) for o in outcomes) for k in KILLERS},
        left=tuple(msgspec.convert({**{f: getattr(o, f) for f in fields}, "outcome": o.outcome}, Named) for o in left),
        skipped=dict(sorted(skipped.items())),
    )


@dataclass(frozen=True)
class Line:
    """Hold the score of one module as shown: `own` is None where it was not run.

    explained: how many of what nothing notices are in the list of survivors, with a reason.
    """

    module: str
    own: Score | None
    explained: int
    stale: bool

    @property
    def unexplained(self) -> int:
        """Count what nothing notices and nobody has explained."""
        return 0 if self.own is None else len(self.own.left) - self.explained

    @property
    def state(self) -> str:
        """Say whether the score is of the module as it is."""
        if self.own is None:
            return "not run"
        return "stale: the module has changed since" if self.stale else "of the module as it is"


def lines(found: Scores, listed: Iterable[Survivor]) -> tuple[Line, ...]:
    """Return a line for every module."""
    known = {identity_of(own) for own in listed}
    return tuple(_line(module, found.get(module), known) for module in MODULES)


def _line(module: str, own: Score | None, known: set[Identity]) -> Line:
    if own is None:
        return Line(module, None, 0, stale=False)
    explained = sum(identity(module, mutant) in known for mutant in own.left)
    return Line(module, own, explained, own.source != digest_of(source_of(module)))


def identity(module: str, named: Named) -> Identity:
    """Return what names a mutant in the list of survivors."""
    return (module, named.function, named.operator, named.before, named.after, named.place)


def shown() -> tuple[Line, ...]:
    """Return the lines of the scores that are kept, with the list of survivors."""
    return lines(scores(), survivors())


def contradicted(outcomes: Iterable[Quick], listed: Iterable[Survivor]) -> list[Quick]:
    """Return mutants that are listed as equivalent and yet noticed."""
    equivalent = {identity_of(own) for own in listed if own.kind == "equivalent"}
    return [o for o in outcomes if o.outcome == KILLED and identity_of(o) in equivalent]


def earlier(out: Path, sources: Mapping[str, str], checks: str | None) -> dict[Identity, Quick]:
    """Return the results in a file that still count: of modules as they are, and of these checks unless killed.

    checks: None if those of any checks count.
    """
    kept = {}
    for number, line in enumerate(out.read_text("utf-8").splitlines() if out.exists() else (), start=1):
        try:
            found = msgspec.json.decode(line, type=Quick)
        except ValueError as error:
            raise HarnessError(f"{out}: line {number} is no result of the quick checks.") from error
        if found.source == sources.get(found.module) and (checks in (None, found.checks) or found.outcome == KILLED):
            kept[identity_of(found)] = found
    return kept


def table(found: Sequence[Line]) -> str:
    """Return lines as text."""
    head = f"{'module':18}{'mutants':>8}{'killed':>8}" + "".join(f"{k:>14}" for k in KILLERS)
    rows = [f"{head}{'explained':>11}{'unexplained':>13}  state"]
    for line in found:
        if line.own is None:
            rows.append(f"{line.module:18}{'not run':>8}")
            continue
        by = "".join(f"{f'{line.own.by[k]} ({line.own.alone[k]})':>14}" for k in KILLERS)
        counts = f"{line.own.mutants:8}{line.own.killed:8}{by}{line.explained:11}{line.unexplained:13}"
        rows.append(f"{line.module:18}{counts}  {line.state}")
    return "\n".join(rows)
