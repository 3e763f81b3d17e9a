"""The matrix as a report shows it: for each reading, the theorems that it can affect and their verdict by option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from proofs.matrix.cells import Cell, Kept, load, source_of
from proofs.results import Result, Scope, Theorem, Verdict
from reference.readings import REGISTER, Entry

OWN = "its own"
"""What stands for a verdict where a theorem chooses the reading for itself."""

OPEN = "not decided"
"""What stands for a verdict where none is kept."""


@dataclass(frozen=True)
class Square:
    """Hold one square of the matrix.

    says: the verdict, or why there is none; why: what there is to say of it; inputs: of a counterexample; stale:
    whether the sources have changed since; changed: whether the verdict is not the one under the default.
    """

    says: str
    why: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """Hold one theorem under one reading: a square for each option, in the order of the register."""

    theorem: Theorem
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Table:
    """Hold the theorems that one reading can affect."""

    entry: Entry
    lines: tuple[Line, ...]

    @property
    def changes(self) -> Sequence[tuple[Theorem, str, Square, Square]]:
        """Return where a verdict is another than under the default: theorem, option, default's square, its own."""
        options = [str(option) for option, _ in self.entry.options]
        usual = options.index(str(self.entry.default))
        return [
            (line.theorem, option, line.squares[usual], square)
            for line in self.lines
            for option, square in zip(options, line.squares, strict=True)
            if square.changed
        ]


@dataclass(frozen=True)
class Matrix:
    """Hold the whole matrix.

    no_code: how many theorems of a run run no code, so that no reading is looked at; unseen: those that run code of
    which it is not known which readings it consults.
    """

    tables: tuple[Table, ...]
    no_code: int
    unseen: tuple[Theorem, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the squares besides the defaults by what they say."""
        found = Counter(
            square.says
            for table in self.tables
            for line in table.lines
            for (option, _), square in zip(table.entry.options, line.squares, strict=True)
            if option != table.entry.default
        )
        return {name: found[name] for name in (*Verdict, OWN, OPEN) if found[name]}

    @property
    def stale(self) -> bool:
        """Say whether anything in it was decided from other sources."""
        return any(square.stale for table in self.tables for line in table.lines for square in line.squares)


def matrix(results: Sequence[Result], kept: Kept | None = None) -> Matrix:
    """Return the matrix of a run's theorems from what is kept; by default from the file."""
    known = load() if kept is None else kept
    by_id = {result.theorem.id: result for result in results}
    stale = {section for section, digest in known.sources.items() if digest != source_of(section)}
    tables = tuple(
        Table(entry, tuple(_line(entry, r, by_id, known, stale) for r in results if _bears(entry, r, by_id, known)))
        for entry in REGISTER
    )
    code = [result.theorem for result in results if result.theorem.scope is Scope.CODE]
    unseen = tuple(theorem for theorem in code if theorem.id not in known.consulted)
    return Matrix(tables, len(results) - len(code), unseen)


def _bears(entry: Entry, result: Result, by_id: Mapping[str, Result], kept: Kept) -> bool:
    """Say whether a theorem's code, or that of a theorem that it rests on, consults a reading."""
    return any(entry.field in kept.consulted.get(own.id, ()) for own in _with_lemmas(result.theorem, by_id))


def _with_lemmas(theorem: Theorem, by_id: Mapping[str, Result]) -> Iterable[Theorem]:
    """Yield a theorem, and all that it rests on in this run."""
    open_ones, seen = [theorem.id], set[str]()
    while open_ones:
        name = open_ones.pop()
        if name not in seen and name in by_id:
            seen.add(name)
            yield by_id[name].theorem
            open_ones += by_id[name].theorem.rests_on


def _line(entry: Entry, result: Result, by_id: Mapping[str, Result], kept: Kept, stale: Iterable[str]) -> Line:
    squares = []
    for option, _ in entry.options:
        if option == entry.default:
            squares.append(Square(str(result.verdict)))
            continue
        found = [(own, _own(entry, str(option), by_id[own.id], kept)) for own in _with_lemmas(result.theorem, by_id)]
        square = _settled(found)
        squares.append(
            Square(
                square.says,
                square.why,
                square.inputs,
                square.says not in (OWN, OPEN) and any(own.section in stale for own, _ in found),
                square.says not in (OWN, str(result.verdict)),
            )
        )
    return Line(result.theorem, tuple(squares))


def _own(entry: Entry, option: str, result: Result, kept: Kept) -> Square:
    """Return the square of one theorem, whatever it rests on: that of the default where its code looks at nothing."""
    name = result.theorem.id
    if entry.field not in kept.consulted.get(name, ()):
        return Square(str(result.verdict))
    rows = kept.cells.get(name, {}).get(entry.field)
    if rows is None:
        return Square(OPEN)
    cell: Cell | None = rows.get(option)
    if cell is None:
        return Square(OWN) if not rows else Square(OPEN)
    return Square(str(cell.verdict), cell.why, cell.inputs)


def _settled(found: Sequence[tuple[Theorem, Square]]) -> Square:
    """Return a theorem's square in view of those that it rests on: without them nothing is proved."""
    own = found[0][1]
    if own.says != Verdict.PROVED:
        return own
    missing = next((theorem for theorem, square in found[1:] if square.says not in (Verdict.PROVED, OWN)), None)
    if missing is None:
        return own
    return Square(str(Verdict.UNKNOWN), f"It rests on {missing.id}, which is not proved under this option.")


def as_data(found: Matrix) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    """Return the matrix in its machine form: by reading, theorem and option."""
    return {
        table.entry.field: {
            line.theorem.id: {
                str(option): {
                    "says": square.says,
                    "why": square.why,
                    "inputs": dict(square.inputs),
                    "stale": square.stale,
                }
                for (option, _), square in zip(table.entry.options, line.squares, strict=True)
            }
            for line in table.lines
        }
        for table in found.tables
        if table.lines
    }
