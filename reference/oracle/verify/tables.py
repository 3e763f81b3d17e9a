"""Tables of a tool's results: CSV and XLSX read row by row, as a small TOML maps their columns."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import warnings
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from reference.oracle.refusals import Refusal
from reference.oracle.shapes import convert

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
LAST_ROW = 1_048_576
"""The last row that a spreadsheet has."""

MOST_BYTES = 256 * 2**20
MOST_UNPACKED = 4 * MOST_BYTES
"""The most that the parts of a packed spreadsheet may hold, bytes."""

LARGEST_WHOLE = 2**53
"""Whole numbers up to here are exact in a spreadsheet, which keeps every number as a float."""

CHUNK = 2**20
LONGEST_MARK = 64
A_FORMULA = re.compile(rb"<(\w{1,32}:)?f[\s/>]")
SPREADSHEET, TEXT = ".xlsx", ".csv"


# The map


class MapPart(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a table of the TOML that maps columns."""


class Filter(MapPart, frozen=True):
    """Say which rows count: those that hold a text in a column."""

    column: str
    equals: str


class ValueColumn(MapPart, frozen=True):
    """Say which field of the answer a column fills, such as `by_holder.{Shareholder}`."""

    column: str
    field: Annotated[
        str, Meta(description='Parts between points; {Column} is filled from the row, "A. B" may hold points.')
    ]


class TableMap(MapPart, frozen=True):
    """Hold how the columns of a table fill answers, and how its numbers are written as text."""

    value: Annotated[list[ValueColumn], Meta(min_length=1)]
    case: Annotated[str, Meta(description="The column with the name of the case.")] | UnsetType = UNSET
    only: (
        Annotated[str, Meta(description="The one case that the table is about, in place of a column.")] | UnsetType
    ) = UNSET
    sheet: Annotated[str, Meta(description="Of a spreadsheet; left out: the first one.")] | UnsetType = UNSET
    header: Annotated[int, Meta(ge=1, description="The row with the names of the columns.")] = 1
    rows: Filter | UnsetType = UNSET
    delimiter: Literal[",", ";", "\t", "|"] = ","
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", "'", " "] = ""
    currency: Annotated[str, Meta(description="What may stand before or after an amount, such as $.")] = ""
    percent: Annotated[bool, Meta(description="Whether 25% may stand for a quarter.")] = False
    parentheses: Annotated[bool, Meta(description="Whether (5) may stand for -5.")] = False


def read_map(path: Path) -> TableMap:
    """Read a map; raise Refusal if it cannot be read, is no TOML, or has a field that does not fit."""
    try:
        document = tomllib.loads(read_whole(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("invalid_toml", "", f"{path} is not TOML: {error}.") from None
    found = convert(document, TableMap)
    if (found.case is UNSET) == (found.only is UNSET):
        raise Refusal("contradiction", "case", f"{path} has to give either `case`, a column, or `only`, a name.")
    if found.decimal == found.thousands:
        raise Refusal("contradiction", "thousands", f"is the decimal sign of {path}, too.")
    if re.search(r"[0-9().,%/+-]", found.currency):
        raise Refusal("invalid_value", "currency", f"of {path} has a sign that numbers are made of.")
    return found


# Files


def read_whole(path: Path) -> bytes:
    """Return the bytes of a file; raise Refusal if it cannot be read or is larger than the limit."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refusal("unreadable_file", "", f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise Refusal("file_too_large", "", f"{path} is larger than {MOST_BYTES // 2**20} MiB.")
    return content


@dataclass(frozen=True)
class Unread:
    """Stand for a cell that has no value to read: why not, a stable code and a sentence."""

    code: str
    says: str


NOT_CALCULATED = Unread(
    "not_calculated", "holds a formula without its value; a spreadsheet program that saves the file adds it."
)
Cell: TypeAlias = str | int | float | bool | date | Unread | None


@dataclass(frozen=True)
class Row:
    """Hold one row: its number in the file and its cells, from the first column."""

    number: int
    cells: Sequence[Cell]


Rows: TypeAlias = Generator[Row, None, None]


@dataclass(frozen=True)
class Table:
    """Hold the rows under the header, and the place of each column by its name."""

    columns: dict[str, int]
    rows: Iterator[Row]


def in_line(text: str, most: int = 300) -> str:
    """Return text as a sentence can hold it: on one line, cut where it is long."""
    shown = " ".join(text.split())
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


def address(row: int, column: int) -> str:
    """Return the name of a cell, such as B7; row: from 1; column: from 0."""
    letters, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"


@contextmanager
def table(path: Path, means: TableMap, wanted: Iterable[str]) -> Iterator[Table]:
    """Open a table by its name's end, .csv or .xlsx.

    wanted: names of columns that it must have, once each. Raise Refusal, here or from its rows, for a file that is
    broken or too large, for a missing optional package, and for a sheet or a column that is not there.
    """
    opened = _spreadsheet if path.suffix.lower() == SPREADSHEET else _text
    with closing(opened(path, means)) as rows:
        limited = _limited(rows, path)
        head = next((row for row in limited if row.number >= means.header), None)
        if head is None or head.number > means.header:
            raise Refusal("empty_input", "", f"{path} has nothing in row {means.header}, where the columns' names are.")
        yield Table(_columns(head, wanted, path), limited)


def _limited(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """Yield the rows that are not blank."""
    number = 0
    for row in rows:
        if any(cell is not None for cell in row.cells):
            number += 1
            yield row
        if number > MOST_ROWS or row.number > max(MOST_ROWS, LAST_ROW):
            raise Refusal("too_many_rows", "", f"{path} has more than {MOST_ROWS} rows.")


def _columns(head: Row, wanted: Iterable[str], path: Path) -> dict[str, int]:
    names = [str(cell).strip() if isinstance(cell, str | int) else "" for cell in head.cells]
    for name in wanted:
        if name not in names:
            there = in_line(", ".join(own for own in names if own))
            says = f"{path} has no column {in_line(name)} in row {head.number}, where there are: {there}."
            raise Refusal("unknown_column", "", says)
        if names.count(name) > 1:
            raise Refusal(
                "duplicate_column", "", f"{path} has more than one column {in_line(name)} in row {head.number}."
            )
    return {name: place for place, name in enumerate(names) if name}


# CSV


def _text(path: Path, means: TableMap) -> Rows:
    try:
        content = read_whole(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("bad_encoding", "", f"{path} is not UTF-8: byte {error.start} is not part of any text.") from None
    if "\0" in content:
        raise Refusal("bad_encoding", "", f"{path} is not UTF-8 text: it has a null character.")
    width = None
    try:
        records = csv.reader(io.StringIO(content, newline=""), delimiter=means.delimiter, strict=True)
        for number, record in enumerate(records, start=1):
            if number == means.header:
                width = len(record)
            if width is not None and any(text.strip() for text in record[width:]):
                raise Refusal(
                    "bad_table",
                    "",
                    f"{path} has more cells in row {number} than in the header: a text with the delimiter in it needs "
                    "quotation marks.",
                )
            yield Row(number, [text.strip() or None for text in record])
    except csv.Error as error:
        raise Refusal("bad_table", "", f"{path} is not CSV that can be read: {error}.") from None


# XLSX


def openpyxl() -> ModuleType:
    """Return the package that reads and writes spreadsheets; raise Refusal if it is not installed."""
    try:
        return import_module("openpyxl")
    except ImportError:
        raise Refusal(
            "missing_package", "", "Spreadsheets need openpyxl: pip install 'charterproof[spreadsheet]'."
        ) from None


def _spreadsheet(path: Path, means: TableMap) -> Rows:
    package = openpyxl()
    content = read_whole(path)
    try:
        with warnings.catch_warnings():
            # What it does not keep of a workbook, such as styles, bears on no value.
            warnings.simplefilter("ignore")
            calculated = _has_formulas(content, path)
            with closing(package.load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as values:
                if not calculated:
                    yield from (Row(n, [_cell(cell) for cell in row]) for n, row in _cells(values, means, path))
                    return
                with closing(package.load_workbook(io.BytesIO(content), read_only=True)) as formulas:
                    both = zip(_cells(values, means, path), _cells(formulas, means, path), strict=True)
                    for (number, row), (_, written) in both:
                        yield Row(number, [_cell(*pair) for pair in zip(row, written, strict=True)])
    except (Refusal, GeneratorExit):
        raise
    except Exception as error:
        # A broken workbook makes the package raise nearly anything.
        says = in_line(str(error).partition("\n")[0].rstrip(". ") or type(error).__name__)
        raise Refusal("bad_spreadsheet", "", f"{path} cannot be read as a spreadsheet: {says}.") from None


def _has_formulas(content: bytes, path: Path) -> bool:
    """Say whether a packed spreadsheet has any formula; raise Refusal if unpacking it would take too much."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refusal("file_too_large", "", f"{path} holds more than {MOST_UNPACKED // 2**20} MiB when unpacked.")
        for part in parts:
            with packed.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(CHUNK):
                    raise Refusal("bad_spreadsheet", "", f"{path} has declarations of its own in {part.filename}.")
        sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
        return any(_contains(packed, part, A_FORMULA) for part in sheets)


def _contains(packed: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: re.Pattern[bytes]) -> bool:
    """Say whether a part has what is wanted, without holding it whole."""
    before = b""
    with packed.open(part) as opened:
        while chunk := opened.read(CHUNK):
            if wanted.search(before + chunk):
                return True
            before = (before + chunk)[-LONGEST_MARK:]
    return False


def _cells(workbook: Any, means: TableMap, path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    names = [sheet.title for sheet in workbook.worksheets]
    if not names or (means.sheet is not UNSET and means.sheet not in names):
        wanted = "at all" if means.sheet is UNSET else in_line(means.sheet)
        there = in_line(", ".join(names)) or "none"
        raise Refusal("unknown_sheet", "", f"{path} has no sheet {wanted}; there are: {there}.")
    sheet = workbook[names[0] if means.sheet is UNSET else means.sheet]
    # What a file says of its own size may be wrong.
    sheet.reset_dimensions()
    return enumerate((row[:MOST_COLUMNS] for row in sheet.iter_rows()), start=1)


def _cell(cell: Any, written: Any = None) -> Cell:
    """Return what a cell holds; written: the same cell with its formula in place of the value."""
    value = cell.value
    if cell.data_type == "e":
        return Unread("error_value", f"holds an error: {value}.")
    if value is None:
        # An empty text that was calculated is a value, too.
        without = written is not None and written.data_type == "f" and cell.data_type != "str"
        return NOT_CALCULATED if without else None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        whole = value == datetime(value.year, value.month, value.day)
        return value.date() if whole else Unread("invalid_date", "holds a time of day.")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_WHOLE:
        return float(value)
    if isinstance(value, bool | int | float | date):
        return value
    return Unread("wrong_type", "holds neither a number nor text nor a date.")
