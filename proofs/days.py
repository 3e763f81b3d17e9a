"""Days that stand for unknown ones: a date is a day number, so that code that reckons with dates runs on any.

Where code asks for more of a day than its number, or makes one, it is one of the calendar, by year, month and day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from types import ModuleType
from typing import Any

from proofs.numbers import Traced

LAST = date.max.toordinal()
SHORT_MONTHS = (4, 6, 9, 11)
"""The months of thirty days."""


@dataclass(frozen=True)
class Span:
    """Stand for the days between two days."""

    days: Any

    def __lt__(self, other: timedelta) -> bool:
        """Say whether there are fewer days."""
        return bool(self.days < other.days)


@dataclass(frozen=True)
class Day:
    """Stand for a day by its number: as many days are between two of them as between their dates.

    year, month, day: where it is one of the calendar that was made of these.
    """

    number: Any
    year: Any = field(default=None, compare=False)
    month: Any = field(default=None, compare=False)
    day: Any = field(default=None, compare=False)

    def toordinal(self) -> Any:
        """Return its number, as a date does."""
        return self.number

    def __add__(self, other: timedelta) -> Day:
        """Return so many days later."""
        return Day(self.number + other.days)

    def __sub__(self, other: Day | date | timedelta) -> Any:
        """Return so many days earlier, or the days since another."""
        if isinstance(other, timedelta):
            return Day(self.number - other.days)
        return Span(self.number - other.toordinal())

    def __rsub__(self, other: date) -> Span:
        """Return the days from it to a date."""
        return Span(other.toordinal() - self.number)

    def __lt__(self, other: Day | date) -> bool:
        """Say whether a day is earlier than another."""
        return bool(self.number < other.toordinal())

    def __le__(self, other: Day | date) -> bool:
        """Say whether a day is no later than another."""
        return bool(self.number <= other.toordinal())

    def __gt__(self, other: Day | date) -> bool:
        """Say whether a day is later than another."""
        return bool(self.number > other.toordinal())

    def __ge__(self, other: Day | date) -> bool:
        """Say whether a day is no earlier than another."""
        return bool(self.number >= other.toordinal())


def day(number: Any) -> Any:
    """Return the date of a number where it has one, so that a replay runs on dates; a stand-in for any other."""
    if isinstance(number, Fraction) and number.denominator == 1 and 1 <= number <= LAST:
        return date.fromordinal(number.numerator)
    return Day(number)


def number_of(found: Any) -> Any:
    """Return the number of a day or of its stand-in."""
    return Fraction(found.toordinal()) if isinstance(found, date) else found.number


def counted(number: Any) -> Any:
    """Return a whole number as code takes it that counts, so that a replay runs on plain ones; any other as it is."""
    return number.numerator if isinstance(number, Fraction) and number.denominator == 1 else number


def calendar_day(year: Any, month: Any, day: Any) -> Any:
    """Return the day of a year and month, a date where these are plain numbers; raise ValueError if there is none."""
    parts = [counted(part) for part in (year, month, day)]
    if not any(isinstance(part, Traced) for part in parts):
        return date(*parts)
    year, month, day = parts
    known = date.min.year <= year <= date.max.year and 1 <= month <= 12 and day >= 1
    if not (known and (day <= 28 or day <= _days_of_month(year, month))):
        raise ValueError("there is no such day")
    return known_day(year, month, day)


def known_day(year: Any, month: Any, day: Any) -> Any:
    """Return the day of a year and month, as `calendar_day` does, where it is assumed that there is one."""
    parts = [counted(part) for part in (year, month, day)]
    if not any(isinstance(part, Traced) for part in parts):
        return date(*parts)
    return Day(_number(*parts), *parts)


def is_leap(year: Any) -> bool:
    """Say whether a year has a 29th of February."""
    if not _divides(4, year):
        return False
    return not _divides(100, year) or _divides(400, year)


def _divides(factor: int, year: Any) -> bool:
    return bool(factor * floor(year * Fraction(1, factor)) == year)


def _days_of_month(year: Any, month: Any) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in SHORT_MONTHS else 31


def _number(year: Any, month: Any, day: Any) -> Any:
    """Return the number of a day: as if February had thirty days, less the one or two that it falls short of."""
    early = bool(month <= 2)
    of_months = floor((367 * month - 362) * Fraction(1, 12)) - (0 if early else 2)
    return 365 * (year - 1) + _leap_days(year - 1 if early else year) + of_months + day


def _leap_days(years: Any) -> Any:
    """Return how many years up to one have a leap day."""
    fourth, hundredth, four_hundredth = (floor(years * Fraction(1, factor)) for factor in (4, 100, 400))
    return fourth - hundredth + four_hundredth


class Calendar:
    """Stand for the type of dates where code makes dates of unknown numbers."""

    min, max = date.min, date.max

    def __call__(self, year: Any, month: Any, day: Any) -> Any:
        """Return the day, as the type of dates does."""
        return calendar_day(year, month, day)


def quotient(numerator: Any, denominator: Any) -> Any:
    """Return the quotient of two whole numbers, as the type of fractions does, where they may be unknown."""
    if isinstance(numerator, Traced) or isinstance(denominator, Traced):
        return numerator / denominator
    return Fraction(numerator, denominator)


@contextmanager
def unknown_days(module: ModuleType, values: Mapping[str, Any]) -> Iterator[None]:
    """Let the types of dates and fractions of a module take unknown numbers, if some of the values are unknown.

    The functions of the module are as they are; on plain numbers they run on its own types.
    """
    stand_ins = {"date": Calendar(), "Fraction": quotient} if any(map(_is_unknown, values.values())) else {}
    kept = {name: getattr(module, name) for name in stand_ins}
    try:
        for name, stand_in in stand_ins.items():
            setattr(module, name, stand_in)
        yield
    finally:
        for name, own in kept.items():
            setattr(module, name, own)


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Traced)
