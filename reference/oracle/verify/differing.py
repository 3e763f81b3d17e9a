"""Differences as a table, CSV or XLSX: a row for each value that is not the same, the same bytes every time."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

from reference.oracle.refusals import Refusal
from reference.oracle.verify.comparison import NOTHING, Difference, number
from reference.oracle.verify.tables import LAST_ROW, openpyxl
from reference.readings import Half
from reference.rounding import CENTS, nearest

HEADS: Final = (
    "case",
    "field",
    "holder or class",
    "cell",
    "expected",
    "expected to the cent",
    "told",
    "difference",
    "explanation",
)
WIDTHS: Final = (24, 24, 24, 8, 24, 20, 20, 20, 60)
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_CHARACTERS: Final = 32_000
"""Of one cell; a spreadsheet holds a few more."""

MOST_DIGITS: Final = 15
"""So many digits a spreadsheet keeps of a number."""

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
CELL = str | Decimal | None


@dataclass(frozen=True)
class Differs:
    """Hold one row: the case, where it differs, the name that the field is about, and why, if that is known."""

    case: str
    difference: Difference | None
    cell: str
    why: str

    @property
    def cells(self) -> tuple[CELL, ...]:
        """Return the row: text, exact decimals, and nothing."""
        own = self.difference
        if own is None:
            return (self.case, None, None, None, None, None, None, None, self.why)
        expected, told = number(own.expected), number(own.told)
        apart = None if expected is None or told is None else told - expected
        return (
            self.case,
            own.path,
            ", ".join(names_in(own)) or None,
            self.cell or None,
            _exact(own.expected),
            None if expected is None else to_the_cent(expected),
            _exact(own.told),
            None if apart is None else _rounded(apart),
            self.why or None,
        )


def names_in(own: Difference) -> list[str]:
    """Return the holders, classes and other names in the place of a difference."""
    shape = "".join("(.+?)" if part == "*" else re.escape(part) for part in re.split(r"(\*)", own.field))
    found = re.fullmatch(shape.replace(r"\[\]", r"\.[0-9]+"), own.path, re.DOTALL)
    return [] if found is None else list(found.groups())


def to_the_cent(amount: Fraction) -> CELL:
    """Return an amount rounded to cents, to the even one where it is half-way."""
    return _kept(Decimal(f"{nearest(amount * CENTS, Half.EVEN)}E-2"))


def _kept(amount: Decimal) -> CELL:
    """Return a number as text where a spreadsheet would not keep all of its digits."""
    return amount if len(amount.as_tuple().digits) <= MOST_DIGITS else f"{amount:f}"


def _rounded(amount: Fraction) -> Decimal:
    """Return an amount with as many digits as a spreadsheet keeps."""
    return Context(prec=MOST_DIGITS).divide(Decimal(amount.numerator), Decimal(amount.denominator))


def _exact(value: Any) -> CELL:
    if value is NOTHING or value is None:
        return None
    found = number(value)
    if found is None:
        return "yes" if value is True else "no" if value is False else str(value)
    return _number(found)


def _number(value: Fraction) -> CELL:
    """Return an exact number: a decimal where that keeps it, a quotient as text otherwise."""
    rounded = _rounded(value)
    return rounded if Fraction(rounded) == value else str(value)


def as_csv(rows: Iterable[Differs]) -> bytes:
    """Return the rows as CSV; text that a spreadsheet would calculate has a quotation mark before it."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADS)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row.cells])
    return written.getvalue().encode("utf-8", "replace")


def _safe(cell: CELL) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if cell is None or number(cell) is not None:
        return cell or ""
    return f"'{cell}" if cell.startswith(STARTS_A_FORMULA) else cell


def as_xlsx(rows: Sequence[Differs]) -> bytes:
    """Return the rows as a spreadsheet; raise Refusal if it has no room for them."""
    if len(rows) >= LAST_ROW:
        raise Refusal("too_many_rows", "", f"A spreadsheet has no room for {len(rows)} differences; CSV has.")
    package = openpyxl()
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = package.Workbook(write_only=True)
        sheet = book.create_sheet("Differences")
        sheet.freeze_panes = "A2"
        for place, width in enumerate(WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for cells in (HEADS, *(row.cells for row in rows)):
            sheet.append([_written(WriteOnlyCell(sheet), cell) for cell in cells])
        written = io.BytesIO()
        book.save(written)
    return _timeless(written.getvalue())


def _written(cell: Any, value: CELL) -> Any:
    if isinstance(value, str):
        cell.value = _held(value)
        # Never a formula, whatever it starts with.
        cell.data_type = "s"
    elif value is not None:
        cell.value = value
        cell.number_format = "General" if value.as_tuple().exponent != -2 else "0.00"
    return cell


def _held(text: str) -> str:
    """Return text without what a spreadsheet cannot hold."""
    shown = re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "?", text)
    return shown if len(shown) <= MOST_CHARACTERS else f"{shown[:MOST_CHARACTERS]}..."


def _timeless(packed: bytes) -> bytes:
    """Return a packed spreadsheet without the time at which it was made."""
    made = datetime(*EARLIEST).isoformat().encode() + b"Z"
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", made, content)
            new.writestr(part, content)
    return written.getvalue()
