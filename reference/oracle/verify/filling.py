"""Answers out of files: what a tool says to each case, and in which cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from reference.oracle.questions import MODULES
from reference.oracle.refusals import Refusal
from reference.oracle.streams import Line, documents
from reference.oracle.verify.cells import Kind, kind_of, name_in, shown, value_in
from reference.oracle.verify.protocol import ToolReply
from reference.oracle.verify.tables import SPREADSHEET, TEXT, Row, Table, TableMap, address, in_line, read_whole, table
from symbolic.outputs import FIELDS

JSON = (".json", ".jsonl")
A_PART = re.compile(r'\{([^{}]+)\}|"([^"]+)"|([^.{}"]+)')
A_FIELD = re.compile(rf"(?:{A_PART.pattern})(?:\.(?:{A_PART.pattern}))*")


@dataclass(frozen=True)
class Segment:
    """Hold one part of a field: its name, or the column that gives it."""

    text: str
    filled: bool = False

    def fits(self, name: str) -> bool:
        """Say whether the part may have a name."""
        return self.filled or self.text == name

    def __str__(self) -> str:
        """Return it as fields of answers are listed."""
        return "*" if self.filled else self.text


Pattern = tuple[Segment, ...]


@dataclass
class Told:
    """Hold what a file says: a reply for each case; the cells it stands in; and the fields it gives, None for all."""

    replies: dict[str, ToolReply] = field(default_factory=dict)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] | None = None

    def declared(self, question: str) -> tuple[str, ...] | None:
        """Name the fields of answers to a question that the file gives; None if it may give any."""
        if self.patterns is None:
            return None
        return tuple(own for own in FIELDS[question] if any(_fills(pattern, own) for pattern in self.patterns))

    def part(self, answer: Any) -> Any:
        """Return the part of a plain answer that the file gives."""
        return answer if self.patterns is None else _part(answer, self.patterns)


def _fills(pattern: Pattern, own: str) -> bool:
    """Say whether a pattern gives a field, in whole or for some of its names."""
    names = own.split(".")
    return len(names) == len(pattern) and all(
        name == "*" or segment.fits(name) for name, segment in zip(names, pattern, strict=True)
    )


def _part(answer: Any, patterns: tuple[Pattern, ...]) -> Any:
    if not isinstance(answer, Mapping) or not all(patterns):
        return answer
    kept = {}
    for name, value in answer.items():
        rest = tuple(pattern[1:] for pattern in patterns if pattern[0].fits(name))
        if rest:
            kept[name] = _part(value, rest)
    return kept


def read_answers(path: Path, means: TableMap | None, questions: Mapping[str, str]) -> Told:
    """Read the answers in a file; questions: that of each case, by the case's name.

    means: how a table's columns are mapped, which JSON has no need of. Raise Refusal for a file that cannot be
    read whole, a row or a reply that is malformed, of an unknown case, or given twice, and one with no answer at all.
    """
    kind = path.suffix.lower()
    if kind in JSON:
        if means is not None:
            raise Refusal("contradiction", "", f"A map is for tables, and {path} is JSON.")
        return _of_json(path, questions)
    if kind not in (TEXT, SPREADSHEET):
        raise Refusal("unknown_format", "", f"{path} does not end in {TEXT}, {SPREADSHEET}, {' or '.join(JSON)}.")
    if means is None:
        raise Refusal("missing_map", "", f"{path} is a table; --map FILE.toml says what its columns are.")
    return _Filling(path, means, questions).told()


# Tables


def pattern_of(text: str, at: str) -> Pattern:
    """Return a field of a map in parts; raise Refusal if no answer has such a field with a single value.

    at: the field's path in the map.
    """
    if A_FIELD.fullmatch(text) is None:
        raise Refusal("invalid_value", at, f"is not names and {{Column}}s with points between them: {shown(text)}.")
    found = tuple(Segment(own[1], True) if own[1] else Segment(own[2] or own[3]) for own in A_PART.finditer(text))
    for question in MODULES:
        for own in FIELDS[question]:
            if _fills(found, own) and kind_of(question, own) is not None:
                return found
    raise Refusal("unknown_field", at, f"is no field of an answer with a single value: {shown(text)}.")


class _Filling:
    """Fill answers from the rows of one table."""

    def __init__(self, path: Path, means: TableMap, questions: Mapping[str, str]) -> None:
        self.path = path
        self.means = means
        self.questions = questions
        self.values = [
            (own.column, pattern_of(own.field, f"value[{place}].field")) for place, own in enumerate(means.value)
        ]
        self.answers: dict[str, dict[str, Any]] = {}
        self.found = Told(patterns=tuple(pattern for _, pattern in self.values))

    def told(self) -> Told:
        with table(self.path, self.means, self._wanted()) as opened:
            for row in opened.rows:
                self._row(opened, row)
        if not self.answers:
            raise Refusal("empty_input", "", f"{self.path} has no row with an answer.")
        self.found.replies = {name: ToolReply(name, "answered", own) for name, own in self.answers.items()}
        return self.found

    def _wanted(self) -> list[str]:
        """Name the columns that the map needs."""
        means = self.means
        own = [name for name in (means.case, means.rows and means.rows.column) if isinstance(name, str)]
        parts = [part.text for _, pattern in self.values for part in pattern if part.filled]
        return list(dict.fromkeys([*own, *(column for column, _ in self.values), *parts]))

    def _row(self, opened: Table, row: Row) -> None:
        means = self.means
        reader = _Reader(opened, row)
        if means.rows is not UNSET and reader.name(means.rows.column) != means.rows.equals:
            return
        if all(reader.cell(name) is None for name in self._wanted()):
            return
        case = self._case(reader)
        answer = self.answers.setdefault(case, {})
        for column, pattern in self.values:
            if reader.cell(column) is not None:
                path = tuple(self._filled(part, reader, column) for part in pattern)
                self._fill(case, answer, path, reader, column)

    def _case(self, reader: _Reader) -> str:
        means = self.means
        column = means.case
        if isinstance(column, str):
            name, at = reader.name(column), reader.at(column)
        else:
            name, at = str(means.only), "only"
        if name is None:
            raise Refusal("empty_cell", at, "is blank, where the case of the row must be named.")
        if name not in self.questions:
            raise Refusal("unknown_case", at, f"is none of the cases: {shown(name)}.")
        return name

    def _filled(self, part: Segment, reader: _Reader, column: str) -> str:
        if not part.filled:
            return part.text
        name = reader.name(part.text)
        if name is None:
            says = f"is blank, so that {reader.at(column)} belongs to no field."
            raise Refusal("empty_cell", reader.at(part.text), says)
        return name

    def _fill(self, case: str, answer: dict[str, Any], path: tuple[str, ...], reader: _Reader, column: str) -> None:
        at, question = reader.at(column), self.questions[case]
        kind = _kind(question, path)
        if kind is None:
            says = f"an answer about {question} has no field {in_line('.'.join(path))} for it."
            raise Refusal("unknown_field", at, says)
        inner = answer
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        if path[-1] in inner:
            first = self.found.cells.get((case, ".".join(path)), "another cell")
            says = f"gives {in_line('.'.join(path))} of {shown(case)} again, after {first}."
            raise Refusal("answered_twice", at, says)
        inner[path[-1]] = value_in(reader.cell(column), kind, self.means, at)
        self.found.cells[case, ".".join(path)] = at


def _kind(question: str, path: tuple[str, ...]) -> Kind | None:
    """Return what the field at a path holds, if it is one that is compared."""
    pattern = tuple(map(Segment, path))
    own = next((field for field in FIELDS[question] if _fills(pattern, field)), None)
    return None if own is None else kind_of(question, own)


@dataclass(frozen=True)
class _Reader:
    """Read the cells of one row by the names of their columns."""

    opened: Table
    row: Row

    def cell(self, column: str) -> Any:
        place = self.opened.columns[column]
        return self.row.cells[place] if place < len(self.row.cells) else None

    def at(self, column: str) -> str:
        return address(self.row.number, self.opened.columns[column])

    def name(self, column: str) -> str | None:
        return name_in(self.cell(column), self.at(column))


# JSON


def _of_json(path: Path, questions: Mapping[str, str]) -> Told:
    told = Told()
    for where, reply in _replies(path):
        if reply.case not in questions:
            raise Refusal("unknown_case", "", f"{path}, {where}: {shown(reply.case)} is none of the cases.")
        if reply.case in told.replies:
            raise Refusal("answered_twice", "", f"{path}, {where}: {shown(reply.case)} is answered again.")
        told.replies[reply.case] = reply
    if not told.replies:
        raise Refusal("empty_input", "", f"{path} has no answer.")
    return told


def _replies(path: Path) -> Iterator[tuple[str, ToolReply]]:
    """Yield the replies in a file, and where each stands: a document or a line each, a list, or answers by case."""
    try:
        lines = list(documents(BytesIO(read_whole(path))))
        for line in lines:
            yield from _in_document(_decoded(line), f"line {line.number}", path, alone=len(lines) == 1)
    except Refusal as refusal:
        if not refusal.message.startswith(str(path)):
            raise Refusal(refusal.code, "", f"{path}: {refusal.message}") from None
        raise


def _decoded(line: Line) -> Any:
    try:
        return line.document()
    except Refusal as refusal:
        raise Refusal(refusal.code, "", f"line {line.number}: {refusal.message}") from None


def _in_document(document: Any, where: str, path: Path, alone: bool) -> Iterator[tuple[str, ToolReply]]:
    if isinstance(document, list) and alone:
        for place, own in enumerate(document):
            yield f"[{place}]", _reply(own, f"[{place}]", path)
    elif alone and isinstance(document, dict) and not isinstance(document.get("status"), str):
        for name, answer in document.items():
            if not isinstance(answer, dict):
                raise Refusal("bad_reply", "", f"{path}: what it gives {shown(name)} is no answer: {shown(answer)}.")
            yield name, ToolReply(name, "answered", answer)
    else:
        yield where, _reply(document, where, path)


def _reply(document: Any, where: str, path: Path) -> ToolReply:
    try:
        return msgspec.convert(document, ToolReply)
    except msgspec.ValidationError as error:
        raise Refusal("bad_reply", "", f"{path}, {where}: no reply ({error}).") from None
