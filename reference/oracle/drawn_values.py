"""Amounts, counts, dates and names as documents have them, drawn: one choice each, the simplest first.

Every choice is a small number, so that drawing is quick and a failing example shrinks to zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, cached_property
from itertools import chain, combinations
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeVar

from reference.charter import Charter
from reference.history import State
from reference.oracle.amounts import MAX_WHOLE
from reference.position import Number
from reference.readings import Readings

T = TypeVar("T")

Document: TypeAlias = dict[str, Any]
"""Plain JSON values."""

START = date(1999, 8, 24)
"""The first day of what has no date."""

FIRST_YEAR, LAST_YEAR = 10, 9900
"""Dates step no further: some questions look at the years before and after."""


@dataclass(frozen=True)
class Known:
    """Hold what has become of a case, so that what is drawn next fits.

    slack: how many shares more than there are may be asked for; above zero where refusals are wanted.
    """

    state: State
    readings: Readings
    slack: int = 0

    @property
    def charter(self) -> Charter:
        """Return the terms."""
        return self.state.position.charter

    @property
    def day(self) -> date:
        """Return the day of the position or its last event."""
        return self.state.position.as_of or START

    @cached_property
    def held(self) -> dict[tuple[str, str], int]:
        """Return the shares by holder and class, none without."""
        return {(own.holder, own.stock): own.shares for own in self.state.position.holdings if own.shares > 0}

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """Name those who hold shares, each once."""
        return tuple(dict.fromkeys(holder for holder, _ in self.held))

    def held_of(self, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return the shares of some classes, by holder and class."""
        found: dict[str, dict[str, int]] = {}
        for (holder, stock), shares in self.held.items():
            if stock in names:
                found.setdefault(holder, {})[stock] = shares
        return found

    def outstanding(self, stock: str) -> int:
        """Return the outstanding shares of a class."""
        return int(self.state.position.shares.get(stock, 0))


# Choices


class Draw(Protocol):
    """Choose numbers: as hypothesis does, which shrinks them, or by a generator that starts from a seed."""

    def __call__(self, bound: int) -> int:
        """Return a whole number from zero to below a bound, above zero."""

    def apart(self, part: Callable[[Draw], T]) -> T:
        """Return what a part draws, as a whole that an example may do without."""


def below(draw: Draw, bound: int) -> int:
    """Draw a whole number from zero to below a bound, above zero."""
    return draw(bound)


def pick(draw: Draw, options: Sequence[T]) -> T:
    """Draw one of some options, one or more, the first being the simplest."""
    return options[below(draw, len(options))]


def seldom(draw: Draw) -> bool:
    """Draw yes once in five times."""
    return below(draw, 5) == 4


@cache
def subsets(names: tuple[T, ...], most: int) -> tuple[tuple[T, ...], ...]:
    """List the sets of at most so many names, the smaller first."""
    return tuple(chain.from_iterable(combinations(names, size) for size in range(most + 1)))


def some(draw: Draw, names: Sequence[T], most: int = 2) -> tuple[T, ...]:
    """Draw one or more of some names; none of none."""
    return pick(draw, subsets(tuple(names), most)[1:]) if names else ()


def any_of(draw: Draw, names: Sequence[T], most: int = 2) -> tuple[T, ...]:
    """Draw some of the names or, half the time, none."""
    sets = subsets(tuple(names), most)
    index = below(draw, 2 * len(sets))
    return sets[index - len(sets)] if index > len(sets) else ()


# Counts


def up_to(draw: Draw, most: int, least: int = 1) -> int:
    """Draw a count; of a wide range its ends and few others, so that there are ties."""
    if most <= least:
        return least
    if most - least <= 16:
        return least + below(draw, most - least + 1)
    return pick(draw, (least, most, least + 1, most // 2, most // 3, most - 1))


# Amounts

EXTREMES = (
    "0.000000000000000000001",
    "123456789012345678901234567890",
    "1/1000000000000000000000000000057",
    "99999999999999999999/100000000000000000003",
)
"""Amounts far from any price, of which every digit counts."""

FORMS: tuple[Callable[[int], str | int], ...] = (
    lambda whole: whole,
    lambda whole: f"{whole}.50",
    lambda whole: f"{3 * whole + 1}/3",
    lambda whole: f"{whole}.00",
    lambda whole: f"{whole}.25",
    lambda whole: f"{7 * whole + 2}/7",
)
"""How an amount may be written: as a JSON integer, a decimal or a quotient."""

WHOLE_FORMS = (0, 3)

OTHERS = 2
"""Besides these forms: one of the amounts that make a tie, and an extreme one."""


def amount(draw: Draw, most: int, ties: Sequence[str | int] = (), positive: bool = False) -> str | int:
    """Draw an amount up to about `most`, or one of the ties, or an extreme one; ties: above zero if it must be."""
    whole, form = divmod(below(draw, (most + 1) * (len(FORMS) + OTHERS)), len(FORMS) + OTHERS)
    if form < len(FORMS):
        return FORMS[form](whole + 1 if positive and form in WHOLE_FORMS else whole)
    if form == len(FORMS) and ties:
        return ties[whole % len(ties)]
    return EXTREMES[whole % len(EXTREMES)] if form > len(FORMS) else str(whole + 1)


def shown(amount: Number, otherwise: str = "0") -> str:
    """Write an exact amount, or another one where it is too long for a document."""
    text = str(amount)
    return text if len(text) <= MAX_WHOLE else otherwise


PARTS = (Fraction(1), Fraction(1, 2), Fraction(0), Fraction(1, 3), Fraction(99, 100))


def part(draw: Draw, whole: Number) -> str:
    """Draw a part of an amount: all, none or some."""
    return shown(whole * pick(draw, PARTS))


# Dates


def _year_later(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years, day.month, 28) if leap_day else day.replace(year=day.year + years)


def _leap_day(day: date) -> date:
    years = (year for year in range(day.year, day.year + 9) if year % 4 == 0 and (year % 100 or year % 400 == 0))
    return next(found for found in (date(year, 2, 29) for year in years) if found >= day)


STEPS: Mapping[str, Callable[[date], date]] = MappingProxyType(
    {
        "same day": lambda day: day,
        "next day": lambda day: day + timedelta(days=1),
        "due": lambda day: day + timedelta(days=10),
        "overdue": lambda day: day + timedelta(days=11),
        "quarter": lambda day: day + timedelta(days=90),
        "year": lambda day: day + timedelta(days=365),
        "year end": lambda day: date(day.year, 12, 31),
        "new year": lambda day: date(day.year + 1, 1, 1),
        "leap day": _leap_day,
        "three years": lambda day: _year_later(day, 3),
        "day before three years": lambda day: _year_later(day, 3) - timedelta(days=1),
    }
)
"""How far the next date may be: terms of payment, dividend years and carried adjustments end there, among others."""

STEPS_BACK: tuple[Callable[[date], date], ...] = (
    lambda day: day,
    lambda day: day - timedelta(days=1),
    lambda day: day - timedelta(days=11),
    lambda day: date(day.year, 1, 1),
    lambda day: day - timedelta(days=365),
    lambda day: _year_later(day, -3),
    lambda day: _year_later(day, -3) + timedelta(days=1),
)
"""How far an earlier date may be."""


def later(draw: Draw, day: date) -> date:
    """Draw a date on or after a day."""
    step = pick(draw, tuple(STEPS.values()))
    return step(day) if day.year < LAST_YEAR else day


def earlier(draw: Draw, day: date) -> date:
    """Draw a date on or before a day."""
    step = pick(draw, STEPS_BACK)
    return step(day) if day.year > FIRST_YEAR else day
