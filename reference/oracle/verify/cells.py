"""What a cell of a table says, as the field that it fills wants it: an amount, yes or no, a date, a word."""

from __future__ import annotations

import math
import re
from datetime import date
from enum import Enum, auto
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from reference.oracle import questions
from reference.oracle.refusals import Refusal
from reference.oracle.verify.comparison import A_NUMBER, LONGEST
from reference.oracle.verify.tables import Cell, TableMap, Unread

SPACES = " \u00a0\u202f"
YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}


class Kind(Enum):
    """Name what a field of an answer holds."""

    AMOUNT = auto()
    YES_OR_NO = auto()
    DATE = auto()
    WORD = auto()


@cache
def kind_of(question: str, field: str) -> Kind | None:
    """Return what a field of answers to a question holds, such as by_holder.*; None if it is no single value."""
    import_module("msgspec.inspect")
    found = msgspec.inspect.type_info(questions.module(question).Answer)
    for part in field.split("."):
        inside = _inside(_bare(found), part)
        if inside is None:
            return None
        found = inside
    return _kind(found)


def _bare(found: Any) -> Any:
    """Return a type without what describes it and without null."""
    while True:
        if isinstance(found, msgspec.inspect.Metadata):
            found = found.type
        elif isinstance(found, msgspec.inspect.UnionType):
            own = [each for each in found.types if not isinstance(each, msgspec.inspect.NoneType)]
            # Where an amount may be enclosed (from, to), a cell holds the one number.
            (found,) = own if len(own) == 1 else [n for n in own if not isinstance(n, msgspec.inspect.StructType)]
        else:
            return found


def _inside(found: Any, part: str) -> Any:
    if isinstance(found, msgspec.inspect.DictType):
        return found.value_type
    if isinstance(found, msgspec.inspect.StructType):
        return next((own.type for own in found.fields if own.encode_name == part), None)
    return None


def _kind(found: Any) -> Kind | None:
    own = _bare(found)
    if isinstance(own, msgspec.inspect.StrType):
        return Kind.AMOUNT if "pattern" in _described(found) else Kind.WORD
    kinds = (
        (msgspec.inspect.IntType, Kind.AMOUNT),
        (msgspec.inspect.BoolType, Kind.YES_OR_NO),
        (msgspec.inspect.DateType, Kind.DATE),
        (msgspec.inspect.LiteralType, Kind.WORD),
    )
    return next((kind for type_, kind in kinds if isinstance(own, type_)), None)


def _described(found: Any) -> dict[str, Any]:
    """Return what is added to the schema of a type, null apart."""
    if isinstance(found, msgspec.inspect.UnionType):
        return {name: value for own in found.types for name, value in _described(own).items()}
    return dict(found.extra_json_schema or {}) if isinstance(found, msgspec.inspect.Metadata) else {}


def name_in(cell: Cell, at: str) -> str | None:
    """Return the name that a cell gives, None where it is blank; at: its address."""
    if isinstance(cell, Unread):
        raise Refusal(cell.code, at, cell.says)
    if isinstance(cell, bool):
        raise Refusal("wrong_type", at, "must be a name, not yes or no.")
    return None if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


def value_in(cell: Cell, kind: Kind, means: TableMap, at: str) -> Any:
    """Return the plain value that a cell gives to a field; a float stays one, and text becomes an exact number.

    at: the cell's address. Raise Refusal if it holds something else.
    """
    if isinstance(cell, Unread):
        raise Refusal(cell.code, at, cell.says)
    if kind is Kind.AMOUNT:
        return _amount(cell, means, at)
    if kind is Kind.YES_OR_NO:
        return _yes_or_no(cell, at)
    if kind is Kind.DATE:
        return _date(cell, at)
    return name_in(cell, at)


def _amount(cell: Cell, means: TableMap, at: str) -> Any:
    if isinstance(cell, str):
        return amount_in(cell, means, at)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        raise Refusal("wrong_type", at, "must be a number.")
    return cell


def _yes_or_no(cell: Cell, at: str) -> bool:
    found = cell if isinstance(cell, bool) else YES_OR_NO.get(str(cell).lower())
    if found is None:
        raise Refusal("invalid_value", at, f"must be true, false, yes or no, not {shown(cell)}.")
    return found


def _date(cell: Cell, at: str) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    try:
        # Only one form: others would take 2000-W01 as well.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(cell)):
            return date.fromisoformat(str(cell)).isoformat()
    except ValueError:
        pass
    raise Refusal("invalid_date", at, f"is not a date of the form YYYY-MM-DD: {shown(cell)}.")


def amount_in(text: str, means: TableMap, at: str) -> str:
    """Return an amount that stands as text in the way of a map, as an exact number; raise Refusal if it is none."""
    if len(text) > LONGEST:
        raise Refusal("amount_too_long", at, f"is longer than {LONGEST} characters.")
    signs, bare = "", text.strip()
    if means.parentheses and bare.startswith("(") and bare.endswith(")"):
        signs, bare = "-", bare[1:-1].strip()
    amount = _without_currency(bare, means.currency)
    signs, signless = _without_sign(signs, amount)
    # The currency stands before the sign or after it, once.
    bare = _without_currency(signless, means.currency) if amount == bare else signless
    part = means.percent and bare.endswith("%")
    found = _plain(bare[:-1].rstrip() if part else bare, means)
    if found is None or len(signs) > 1:
        raise Refusal("bad_amount", at, f"is no amount as the map writes them: {shown(text)}.")
    written = signs + found
    return str(Fraction(written) / 100) if part else written


def _without_sign(signs: str, text: str) -> tuple[str, str]:
    return (f"{signs}-", text[1:].lstrip()) if text.startswith("-") else (signs, text)


def _without_currency(text: str, currency: str) -> str:
    if not currency:
        return text
    if text.startswith(currency):
        return text.removeprefix(currency).lstrip()
    return text.removesuffix(currency).rstrip()


def _plain(text: str, means: TableMap) -> str | None:
    """Return digits as they are written everywhere: no thousands, and a point before the decimals."""
    if means.thousands:
        sign = f"[{SPACES}]" if means.thousands == " " else re.escape(means.thousands)
        if re.fullmatch(rf"[0-9]{{1,3}}({sign}[0-9]{{3}})+({re.escape(means.decimal)}[0-9]+)?", text):
            text = re.sub(sign, "", text)
    if means.decimal != ".":
        if "." in text:
            return None
        text = text.replace(means.decimal, ".")
    return text if A_NUMBER.fullmatch(text) and not text.startswith("-") else None


def shown(cell: object) -> str:
    """Return what a cell holds as a sentence quotes it, cut where it is long."""
    text = repr(cell) if isinstance(cell, str) else str(cell)
    return text if len(text) <= 60 else f"{text[:57]}..."
