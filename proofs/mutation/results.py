"""Results of a mutation run, and the list of the mutants that survive it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from proofs.mutation.mutants import NAMED, HarnessError, Identity, identity_of

SURVIVORS = Path(__file__).parent.with_name("survivors.toml")
KILLED: Literal["killed"] = "killed"
SURVIVED, UNDECIDED = "survived", "undecided"
CRASH, TIMEOUT = "crash", "timeout"


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what became of one mutant.

    by: the theorem whose verdict is not as expected, or `crash` or `timeout`; differential: what the
    differential check noticed, None if it was not made; engine, proofs: digests of the sources.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    place: int
    line: int
    outcome: Literal["killed", "survived", "undecided"]
    by: str
    detail: str
    differential: str | None
    engine: str
    proofs: str


def earlier(out: Path, engine: str, proofs: str) -> dict[Identity, Outcome]:
    """Return the results in a file that still count: of this engine, and of these proofs unless killed."""
    kept = {}
    for number, line in enumerate(out.read_text("utf-8").splitlines() if out.exists() else (), start=1):
        try:
            found = msgspec.json.decode(line, type=Outcome)
        except ValueError as error:
            raise HarnessError(f"{out}: line {number} is no result of a mutation run.") from error
        if found.engine == engine and (found.proofs == proofs or found.outcome == KILLED):
            kept[identity_of(found)] = found
    return kept


def written(outcome: msgspec.Struct) -> str:
    """Return a result as a line."""
    return msgspec.json.encode(outcome).decode() + "\n"


def rewrite(out: Path, outcomes: Iterable[msgspec.Struct]) -> None:
    """Write results in the place of a file's, in one step."""
    beside = out.with_name(f"{out.name}.part")
    beside.write_text("".join(map(written, outcomes)), encoding="utf-8")
    beside.replace(out)


class Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a mutant that the proofs do not notice, and why.

    It is equivalent, or outside of what they claim, or they come to no end with it.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    kind: Literal["equivalent", "outside", "undecided"]
    reason: str
    place: int = 1


def survivors(path: Path = SURVIVORS) -> tuple[Survivor, ...]:
    """Read the list of survivors; raise HarnessError if it is not well formed."""
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=dict[Literal["survivor"], tuple[Survivor, ...]])
    except (OSError, ValueError) as error:
        raise HarnessError(f"{path.name} cannot be read: {error}.") from error
    entries = found.get("survivor", ())
    for entry, count in Counter(map(identity_of, entries)).items():
        if count > 1:
            raise HarnessError(f"{path.name} has {count} entries for {' | '.join(map(str, entry))}.")
    for own in entries:
        if not own.reason.strip():
            raise HarnessError(f"{path.name} gives no reason for {' | '.join(map(str, identity_of(own)))}.")
    return entries


def stub(outcome: object) -> str:
    """Return the entry for a survivor, its reason still to be written."""
    lines = [f"{name} = {json.dumps(getattr(outcome, name), ensure_ascii=False)}" for name in NAMED]
    return "\n".join(["[[survivor]]", *lines, 'kind = ""', 'reason = ""', ""])


FAMILIES: Mapping[str, tuple[str, ...]] = {
    "comparisons": ("core/ReplaceComparison", "charterproof/In_", "charterproof/NotIn_"),
    "signs": (
        *(f"core/ReplaceBinaryOperator_{a}_{b}" for a in ("Add", "Sub", "Mul", "Div") for b in ("Add", "Sub")),
        "core/ReplaceUnaryOperator_USub_UAdd",
        "core/ReplaceUnaryOperator_Delete_USub",
        "charterproof/Augmented",
    ),
    "caps, tiers and amounts": ("charterproof/", "core/NumberReplacer"),
    "other arithmetic": ("core/ReplaceBinary", "core/ReplaceUnaryOperator_USub"),
    "branches and loops": ("core/",),
}
"""How operators are grouped in the summary; the first group that fits counts."""


def family(operator: str) -> str:
    """Name the group of an operator."""
    return next(name for name, prefixes in FAMILIES.items() if operator.startswith(prefixes))


def summary(outcomes: Sequence[Outcome], skipped: Mapping[str, int], proofs: str) -> str:
    """Return the counts of a run as lines."""
    lines = [f"{'mutants':28}{'run':>6}{'killed':>8}{'survived':>10}{'undecided':>11}"]
    for name in (*FAMILIES, "all"):
        own = [o for o in outcomes if name in ("all", family(o.operator))]
        counts = Counter(str(o.outcome) for o in own)
        lines.append(f"{name:28}{len(own):6}{counts[KILLED]:8}{counts[SURVIVED]:10}{counts[UNDECIDED]:11}")
    killed = [o for o in outcomes if o.outcome == KILLED]
    by = Counter(o.by if o.by in (CRASH, TIMEOUT) else "a theorem's verdict" for o in killed)
    lines.append("killed by " + ", ".join(f"{what}: {count}" for what, count in by.most_common()))
    compared = [o for o in outcomes if o.differential is not None]
    if compared:
        noticed = sum(bool(o.differential) for o in compared)
        alone = sum(bool(o.differential) and o.outcome != KILLED for o in compared)
        lines.append(f"differential check: notices {noticed} of {len(compared)}, {alone} of them unnoticed by proofs")
    lines += [f"not run, {reason}: {count}" for reason, count in sorted(skipped.items())]
    older = sum(o.proofs != proofs for o in outcomes)
    if older:
        lines.append(f"{older} were killed by an earlier state of the proofs and not run again")
    return "\n".join(lines)
