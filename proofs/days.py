"""Days that stand for unknown ones: a date is a day number, so that code that reckons with dates runs on any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

LAST = date.max.toordinal()


@dataclass(frozen=True)
class Span:
    """Stand for the days between two days."""

    days: Any

    def __lt__(self, other: timedelta) -> bool:
        """Say whether there are fewer days."""
        return bool(self.days < other.days)


@dataclass(frozen=True)
class Day:
    """Stand for a day by its number: as many days are between two of them as between their dates."""

    number: Any

    def __sub__(self, other: date | timedelta) -> Any:
        """Return so many days earlier, or the days since another."""
        if isinstance(other, timedelta):
            return Day(self.number - other.days)
        return Span(self.number - other.toordinal())

    def __lt__(self, other: Day) -> bool:
        """Say whether a day is earlier than another."""
        return bool(self.number < other.number)

    def __le__(self, other: Day) -> bool:
        """Say whether a day is no later than another."""
        return bool(self.number <= other.number)


def day(number: Any) -> Any:
    """Return the date of a number where it has one, so that a replay runs on dates; a stand-in for any other."""
    if isinstance(number, Fraction) and number.denominator == 1 and 1 <= number <= LAST:
        return date.fromordinal(number.numerator)
    return Day(number)


def number_of(found: Any) -> Any:
    """Return the number of a day or of its stand-in."""
    return Fraction(found.toordinal()) if isinstance(found, date) else found.number
