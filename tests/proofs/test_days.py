"""Stand-ins for days reckon as dates do."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.days import (
    LAST,
    Calendar,
    Day,
    calendar_day,
    counted,
    day,
    is_leap,
    known_day,
    number_of,
    quotient,
    unknown_days,
)
from proofs.numbers import Trace, Traced, literal
from reference import dividends

DATES = [date.min, date(1999, 8, 24), date(2000, 2, 29), date(2000, 3, 1), date.max]


@pytest.mark.parametrize("on", DATES)
def test_a_stand_in_reckons_as_its_date(on: date) -> None:
    stand_in = Day(on.toordinal())
    for other in DATES:
        other_one = Day(other.toordinal())
        for against in (other, other_one):
            assert (stand_in < against) is (on < other)
            assert (stand_in <= against) is (on <= other)
            assert (stand_in > against) is (on > other)
            assert (stand_in >= against) is (on >= other)
            assert (stand_in - against).days == (on - other).days
        assert (other - stand_in).days == (other - on).days
        for days in (0, 1, 20, 400000):
            assert (stand_in - other < timedelta(days)) is (on - other < timedelta(days))
    if on > date(1, 2, 1):
        assert number_of(stand_in - timedelta(20)) == number_of(on - timedelta(20))
    if on < date(9000, 1, 1):
        assert number_of(stand_in + timedelta(20)) == number_of(on + timedelta(20))


def test_a_whole_number_is_its_date_where_there_is_one() -> None:
    assert day(Fraction(730000)) == date.fromordinal(730000)
    assert day(Fraction(1)) == date.min
    assert day(Fraction(LAST)) == date.max
    for number in (Fraction(1, 2), Fraction(0), Fraction(LAST + 1)):
        assert day(number) == Day(number)


# The calendar


def unknown(value: int) -> Any:
    """Return a number as code takes an unknown one."""
    return Traced(Fraction(value), literal(Fraction(value)), Trace())


@given(st.dates())
def test_a_day_of_the_calendar_is_its_date(on: date) -> None:
    for make in (calendar_day, known_day, Calendar()):
        found = make(unknown(on.year), unknown(on.month), unknown(on.day))
        assert number_of(found).value == on.toordinal()
        assert (found.year.value, found.month.value, found.day.value) == (on.year, on.month, on.day)
        assert make(Fraction(on.year), on.month, Fraction(on.day)) == on


@pytest.mark.parametrize("year", [1, 4, 1900, 1999, 2000, 9999])
def test_there_are_as_many_days_as_in_the_calendar(year: int) -> None:
    assert is_leap(unknown(year)) is calendar.isleap(year)
    for month in range(1, 13):
        days = calendar.monthrange(year, month)[1]
        assert number_of(calendar_day(year, unknown(month), days)).value == date(year, month, days).toordinal()
        for wrong in (0, days + 1):
            with pytest.raises(ValueError, match="no such day"):
                calendar_day(unknown(year), month, wrong)


@pytest.mark.parametrize(("year", "month"), [(0, 1), (10000, 1), (1999, 0), (1999, 13)])
def test_there_is_no_day_outside_of_the_calendar(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="no such day"):
        calendar_day(unknown(year), month, 1)
    with pytest.raises(ValueError, match=r"year|month"):
        calendar_day(year, month, 1)


def test_whole_numbers_are_counted() -> None:
    assert isinstance(counted(Fraction(7)), int)
    assert counted(Fraction(7)) == 7
    assert counted(Fraction(1, 2)) == Fraction(1, 2)
    assert quotient(6, 4) == Fraction(3, 2)
    assert quotient(unknown(6), 4).value == Fraction(3, 2)


def test_a_module_has_its_own_types_but_for_unknown_days() -> None:
    with unknown_days(dividends, {"on": Fraction(1)}):
        assert (dividends.date, dividends.Fraction) == (date, Fraction)
    with unknown_days(dividends, {"on": unknown(1)}):
        assert isinstance(dividends.date, Calendar)
        assert dividends.Fraction is quotient
    assert (dividends.date, dividends.Fraction) == (date, Fraction)


def test_a_module_has_its_own_types_again_after_an_error() -> None:
    def fail() -> None:
        with unknown_days(dividends, {"on": unknown(1)}):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (dividends.date, dividends.Fraction) == (date, Fraction)
