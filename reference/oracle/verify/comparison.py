"""How a tool's answer is compared with the engine's: field by field, in a declared mode."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from reference.oracle import questions
from reference.oracle.leaves import ANY_KEY, Leaf, leaves
from symbolic.outputs import FIELDS

CENT: Final = Fraction(1, 100)
LONGEST = 4000
"""The longest number that is read from a tool, characters."""

LONGEST_WORD = 80

A_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?|-?[0-9]+/[0-9]*[1-9][0-9]*")
EXACT, TO_THE_CENT, RELATIVE = "exact", "cent", "relative"


class Nothing:
    """Stand for a value that is not there."""

    def __str__(self) -> str:
        """Return it in words."""
        return "nothing"


NOTHING: Final = Nothing()


Span: TypeAlias = tuple[Fraction, Fraction]
"""The ends between which a number lies; those of an exact one are itself."""


@dataclass(frozen=True)
class Mode:
    """Say when two numbers agree; words, dates, yes and no have to be the same in every mode.

    exact: they are equal, and none has been a float; cent: they are at most half a cent apart; relative: they are
    apart by at most a part, `tolerance`, of the larger; written: that part as it was given.
    """

    name: str = EXACT
    tolerance: Fraction = Fraction(0)
    written: str = ""

    def agree(self, one: Fraction, other: Fraction) -> bool:
        """Say whether two numbers agree."""
        if self.name == TO_THE_CENT:
            return abs(one - other) <= CENT / 2
        if self.name == RELATIVE:
            return abs(one - other) <= self.tolerance * max(abs(one), abs(other))
        return one == other

    def __str__(self) -> str:
        """Return the mode as it is asked for."""
        return f"{RELATIVE}:{self.written}" if self.name == RELATIVE else self.name


EXACTLY = Mode()


def mode_named(text: str) -> Mode:
    """Return the mode of a name: exact, cent or relative:TOLERANCE, such as relative:1e-9; raise ValueError."""
    name, _, tolerance = text.partition(":")
    if name == RELATIVE and re.fullmatch(r"[0-9]+(\.[0-9]+)?([eE]-?[0-9]{1,3})?", tolerance):
        found = Fraction(tolerance)
        if found < 1:
            return Mode(RELATIVE, found, tolerance)
    elif name in (EXACT, TO_THE_CENT) and not tolerance:
        return Mode(name)
    raise ValueError(f"{text!r} is no mode; these are: exact, cent, and relative:TOLERANCE with one below 1")


@dataclass(frozen=True)
class Difference:
    """Hold where two answers differ: the place, `by_class.A.total`, its field, and what either has there.

    off: by how much, where both are numbers.
    """

    path: str
    field: str
    expected: Any
    told: Any
    off: Fraction | None = None

    @property
    def is_float(self) -> bool:
        """Say whether the right number is there, as a float."""
        return isinstance(self.told, float) and self.off == 0

    @property
    def says(self) -> str:
        """Return it in words."""
        return f"{self.path}: {word(self.expected)} expected, {word(self.told)} told"


def word(value: Any) -> str:
    """Return a value as people read it, cut where it is long."""
    text = value if isinstance(value, str) else "null" if value is None else str(value)
    if isinstance(value, bool):
        text = "yes" if value else "no"
    return text if len(text) <= LONGEST_WORD else f"{text[: LONGEST_WORD - 3]}..."


def compared_fields(question: str, declared: Iterable[str] | None = None) -> tuple[str, ...]:
    """Name the fields of an answer that are compared: all but words about others, or those that fit a declaration."""
    own = tuple(FIELDS[question])
    if declared is None:
        return own
    patterns = tuple(declared)
    return tuple(field for field in own if any(_fits(field, pattern) for pattern in patterns))


def _fits(field: str, pattern: str) -> bool:
    # Square brackets are a part of names here, and no set of letters.
    return fnmatchcase(field.replace("[]", ".@"), pattern.replace("[]", ".@"))


def differences(question: str, expected: Any, told: Any, declared: tuple[str, ...] | None = None) -> list[Difference]:
    """List where two plain answers to a question are not the same, exactly; empty if nowhere.

    declared: patterns of the fields that the tool answers, all if None. A value that is missing differs, and so
    do one that should not be there, unless it is a zero, and a float, which is not exact.
    """
    compared = _compared(question, declared)
    wanted, given = _listed(question, expected, compared), _listed(question, told, compared)
    found = []
    for path, leaf in wanted.items():
        other = given[path].value if path in given else NOTHING
        if not _same(leaf.value, other):
            found.append(Difference(path, leaf.field, leaf.value, other, _apart(leaf.value, other)))
    more = (leaf for path, leaf in given.items() if path not in wanted and not _is_nothing(leaf))
    return found + [Difference(leaf.path, leaf.field, NOTHING, leaf.value) for leaf in more]


def _is_nothing(leaf: Leaf) -> bool:
    """Say whether a value is a zero for a name that the answer does not have, as for a holder of no share."""
    return leaf.field.endswith(ANY_KEY) and number(leaf.value) == 0


@cache
def _compared(question: str, declared: tuple[str, ...] | None) -> frozenset[str]:
    return frozenset(compared_fields(question, declared))


def _listed(question: str, answer: Any, compared: frozenset[str]) -> dict[str, Leaf]:
    arranged = ARRANGED.get(question, lambda own: own)(answer) if isinstance(answer, dict) else answer
    found = {leaf.path: leaf for leaf in leaves(questions.module(question).Answer, arranged) if leaf.field in compared}
    if isinstance(answer, dict):
        return found
    return {"": Leaf("", "", answer)}


def beyond(found: Iterable[Difference], mode: Mode) -> list[Difference]:
    """Return the differences that a mode does not let pass."""
    return [own for own in found if not _passes(own, mode)]


def _passes(own: Difference, mode: Mode) -> bool:
    one, other = span(own.expected), span(own.told)
    if mode.name == EXACT or one is None or other is None:
        return False
    return all(mode.agree(first, second) for first in one for second in other)


def _same(expected: Any, told: Any) -> bool:
    if expected is None or told is None or isinstance(expected, bool) or isinstance(told, bool):
        return (expected is told) or (expected is None and told is NOTHING)
    if isinstance(expected, list) and isinstance(told, list):
        return len(expected) == len(told) and all(map(_same, expected, told))
    one, other = span(expected), span(told)
    if one is None or other is None:
        return isinstance(told, str) and bool(expected == told)
    # Where one is enclosed, the other is the same as far as anybody can tell.
    return one[0] <= other[1] and other[0] <= one[1] and not isinstance(told, float)


def _apart(expected: Any, told: Any) -> Fraction | None:
    one, other = span(expected), span(told)
    return None if one is None or other is None else max(one[0] - other[1], other[0] - one[1], Fraction(0))


def span(value: Any) -> Span | None:
    """Return the ends between which a plain value lies, an enclosure or a number; None if it is neither."""
    low, high = (value.get("from"), value.get("to")) if isinstance(value, Mapping) else (value, value)
    first, last = number(low), number(high)
    return None if first is None or last is None else (first, last)


def number(value: Any) -> Fraction | None:
    """Return the number that a plain value is, None if it is none; a float is the decimal that was written."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(repr(value)) if math.isfinite(value) else None
    if isinstance(value, str) and len(value) <= LONGEST and A_NUMBER.fullmatch(value):
        return Fraction(value)
    return None


# Lists in no particular order


def _by(answer: Mapping[str, Any], field: str, names: tuple[str, ...]) -> dict[str, Any]:
    rows = answer.get(field)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return dict(answer)
    return {**answer, field: sorted(rows, key=lambda row: tuple(_order(row.get(name)) for name in names))}


def _order(value: Any) -> tuple[int, Fraction, str]:
    """Put numbers before words, and each in its order."""
    found = number(value)
    return (0, found, "") if found is not None else (1, Fraction(0), str(value))


def _levels(answer: Mapping[str, Any]) -> dict[str, Any]:
    return _by(answer, "breakpoints", ("assets", "event", "classes"))


def _claims(answer: Mapping[str, Any]) -> dict[str, Any]:
    return _by(answer, "claims", ("converted_on", "holder", "series", "owed", "paid"))


ARRANGED: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"breakpoints": _levels, "cash_amounts": _claims}
)
"""What puts the lists of an answer, in which some rows have no order, into one."""
