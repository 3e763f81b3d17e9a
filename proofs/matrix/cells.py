"""What is asked of a process of the matrix, what it answers, and what is kept of it."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import proofs.theorems
from proofs.results import Verdict
from reference.charter import Charter

KEPT = Path(__file__).with_name("matrix.json")
COUNTED = ("reference.", "symbolic.", "proofs.theorems.")
"""What bears on a theorem besides the machinery of proofs, which is the same for all."""

SHARE = 10
"""The part of the solver's usual budget that a question gets here, as its divisor."""


@dataclass(frozen=True)
class Question:
    """Ask for the theorems of one study under one other option; without a reading, which readings they consult.

    section, place, name: which study it is; ids: the theorems; answers: the directory where the solver's answers are
    kept, empty for none.
    """

    charter: Charter
    section: int
    place: int
    name: str
    ids: tuple[str, ...]
    reading: str = ""
    option: str = ""
    answers: str = ""


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Hold the verdict of a theorem under one other option.

    why: what there is to say of a verdict that is neither PROVED nor REFUTED; inputs: of a counterexample.
    """

    verdict: Verdict
    why: str = ""
    inputs: Mapping[str, str] = {}


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what a process found: the readings that each theorem consults, or the cells of one option by theorem."""

    consulted: Mapping[str, tuple[str, ...]] = {}
    cells: Mapping[str, Cell] = {}


Cells = Mapping[str, Mapping[str, Mapping[str, Cell]]]
"""Cells by theorem, reading and option."""


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a matrix as it is kept.

    sources: by section, a digest of what its cells were found with; consulted: by theorem, the readings that its code
    consults; cells: by theorem, reading and option; one that the theorem chooses for itself is left out.
    """

    sources: Mapping[str, str] = {}
    consulted: Mapping[str, tuple[str, ...]] = {}
    cells: Cells = {}


def load(path: Path = KEPT) -> Kept:
    """Read the matrix that is kept; raise ValueError if the file is not well formed."""
    return msgspec.json.decode(path.read_bytes(), type=Kept) if path.exists() else Kept()


def keep(found: Kept, path: Path = KEPT) -> None:
    """Write a matrix in the place of the one that is kept, in one step and in a fixed order."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(found, order="deterministic"), indent=1) + b"\n")
    beside.replace(path)


def source_of(section: str) -> str:
    """Return a digest of the theorems of a section and of all they import of the theorems, closed forms and engine."""
    open_ones = [f"proofs.theorems.{path.stem}" for path in _folder(proofs.theorems).glob(f"{section}*.py")]
    state, seen = hashlib.sha256(), set[str]()
    contents = {}
    while open_ones:
        name = open_ones.pop()
        found = importlib.util.find_spec(name) if name not in seen else None
        seen.add(name)
        if found is not None and found.origin is not None:
            contents[name] = Path(found.origin).read_bytes()
            open_ones += [other for other in _imported(contents[name]) if other.startswith(COUNTED)]
    for name, content in sorted(contents.items()):
        state.update(f"{name} {len(content)}\n".encode() + content)
    return state.hexdigest()[:16]


def _imported(source: bytes) -> Iterator[str]:
    """Yield the names of modules, and of what may be modules, that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names if _is_package(node.module))
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def _is_package(name: str) -> bool:
    return name in ("reference", "symbolic", "proofs.theorems")


def _folder(package: Any) -> Path:
    return Path(str(package.__file__)).parent


def merged(one: Cells, other: Cells) -> dict[str, dict[str, dict[str, Cell]]]:
    """Return the cells of both, those of the second where they meet; a reading may have none."""
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for cells in (one, other):
        for theorem, readings in cells.items():
            for reading, options in readings.items():
                found.setdefault(theorem, {}).setdefault(reading, {}).update(options)
    return found


def each(cells: Cells) -> Iterable[tuple[str, str, str, Cell]]:
    """Yield every cell with its theorem, reading and option."""
    for theorem, readings in cells.items():
        for reading, options in readings.items():
            for option, cell in options.items():
                yield theorem, reading, option, cell
