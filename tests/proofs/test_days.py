"""Stand-ins for days reckon as dates do."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from proofs.days import LAST, Day, day, number_of

DATES = [date.min, date(1999, 8, 24), date(2000, 2, 29), date(2000, 3, 1), date.max]


@pytest.mark.parametrize("on", DATES)
def test_a_stand_in_reckons_as_its_date(on: date) -> None:
    stand_in = Day(on.toordinal())
    for other in DATES:
        assert (stand_in <= Day(other.toordinal())) is (on <= other)
        assert (stand_in < Day(other.toordinal())) is (on < other)
        for days in (0, 1, 20, 400000):
            assert (stand_in - other < timedelta(days)) is (on - other < timedelta(days))
    if on > date(1, 2, 1):
        assert number_of(stand_in - timedelta(20)) == number_of(on - timedelta(20))


def test_a_whole_number_is_its_date_where_there_is_one() -> None:
    assert day(Fraction(730000)) == date.fromordinal(730000)
    assert day(Fraction(1)) == date.min
    assert day(Fraction(LAST)) == date.max
    for number in (Fraction(1, 2), Fraction(0), Fraction(LAST + 1)):
        assert day(number) == Day(number)
