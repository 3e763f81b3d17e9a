"""Undeclared dividends by the day, section 1(a): engine, closed form and register agree."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.dividends import accrued_undeclared
from reference.position import Undeclared
from reference.readings import Daycount
from symbolic.dividends import accrual
from symbolic.evaluate import evaluate

RATE = Fraction("1.65")
END = date(2000, 1, 31)


def agreed(rate: Fraction, since: date, as_of: date, daycount: Daycount) -> Undeclared:
    """Return what accrues, having asserted that the closed form says the same."""
    days_of_year = 366 if as_of.year % 4 == 0 and (as_of.year % 100 != 0 or as_of.year % 400 == 0) else 365
    values = {
        "rate": rate,
        "held_since": since.toordinal(),
        "as_of": as_of.toordinal(),
        "new_year": date(as_of.year, 1, 1).toordinal(),
        "days_of_year": days_of_year,
    }
    form = accrual(daycount)
    accrued = accrued_undeclared(rate, since, as_of, daycount)
    assert accrued.current_year == evaluate(form.current_year, values)
    assert accrued.since_issue == evaluate(form.since_issue, values)
    return accrued


@pytest.mark.parametrize(
    ("daycount", "current_year", "since_issue"),
    [
        # 31 days of January; 153 days of 1999 from 1 August and the 31.
        (Daycount.ACTUAL_365, Fraction(31, 365), Fraction(184, 365)),
        (Daycount.ACTUAL_YEAR, Fraction(31, 366), Fraction(184, 366)),
    ],
)
def test_a_liquidation_at_the_end_of_january(daycount: Daycount, current_year: Fraction, since_issue: Fraction) -> None:
    accrued = agreed(RATE, date(1999, 8, 1), END, daycount)
    assert accrued == Undeclared(RATE * current_year, RATE * since_issue)


def test_the_figures_of_the_register() -> None:
    by_365 = agreed(RATE, date(1999, 8, 1), END, Daycount.ACTUAL_365)
    by_year = agreed(RATE, date(1999, 8, 1), END, Daycount.ACTUAL_YEAR)
    assert abs(by_365.current_year - Fraction(".1401")) < Fraction("0.00005")
    assert abs(by_year.since_issue - Fraction(".8295")) < Fraction("0.00005")


def test_a_whole_year_is_the_rate() -> None:
    for year, daycount in ((1999, Daycount.ACTUAL_365), (2000, Daycount.ACTUAL_YEAR)):
        assert agreed(RATE, date(year, 1, 1), date(year, 12, 31), daycount) == Undeclared(RATE, RATE)


def test_one_day() -> None:
    assert agreed(RATE, END, END, Daycount.ACTUAL_365) == Undeclared(RATE / 365, RATE / 365)


def test_reversed_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="after"):
        accrued_undeclared(RATE, END, END - timedelta(days=1), Daycount.ACTUAL_365)


@given(
    st.dates(date(1990, 1, 1), date(2010, 12, 31)), st.integers(0, 3000), st.sampled_from(Daycount), st.fractions(0, 9)
)
def test_drawn_dates(since: date, days: int, daycount: Daycount, rate: Fraction) -> None:
    accrued = agreed(rate, since, since + timedelta(days=days), daycount)
    assert 0 <= accrued.current_year <= accrued.since_issue
