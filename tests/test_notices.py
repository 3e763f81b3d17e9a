"""Notices of record date, section 4: which records need one, until when, to whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.notices import RecordKind, is_timely, latest_mailing, needs_notice, recipients
from reference.oracle.charters import load
from reference.position import Holding, Position, outstanding
from reference.refusal import Forbidden
from tests.strategies import FAMILY


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("cash_dividend", False),
        ("other_dividend", True),
        ("distribution", True),
        ("subscription_right", True),
        ("other_right", True),
        ("vote", False),
    ],
)
def test_which_records_need_notice(quintus: Charter, kind: RecordKind, needed: bool) -> None:
    assert needs_notice(quintus, kind) is needed
    assert is_timely(quintus, kind, date(1999, 9, 21), None) is not needed


@pytest.mark.parametrize(
    ("record", "latest"),
    [
        (date(1999, 9, 21), date(1999, 9, 1)),
        (date(1999, 9, 20), date(1999, 8, 31)),
        (date(2000, 3, 10), date(2000, 2, 19)),  # over a leap day
        (date(1999, 3, 10), date(1999, 2, 18)),
        (date(2000, 1, 10), date(1999, 12, 21)),
    ],
)
def test_twenty_days(quintus: Charter, record: date, latest: date) -> None:
    assert latest_mailing(quintus, record) == latest
    assert is_timely(quintus, "distribution", record, latest)
    assert is_timely(quintus, "distribution", record, latest - timedelta(days=1))
    assert not is_timely(quintus, "distribution", record, latest + timedelta(days=1))
    assert not is_timely(quintus, "distribution", record, None)


def test_no_day_before_the_calendar(quintus: Charter) -> None:
    assert latest_mailing(quintus, date(1, 1, 21)) == date(1, 1, 1)
    with pytest.raises(Forbidden) as refusal:
        latest_mailing(quintus, date(1, 1, 20))
    assert (refusal.value.code, refusal.value.clause) == ("outside_calendar", "4")
    # A record that needs no notice needs no last day for one either.
    assert is_timely(quintus, "cash_dividend", date(1, 1, 20), None)


def test_a_charter_without_notices() -> None:
    assert latest_mailing(FAMILY, date(1999, 9, 21)) is None
    assert not needs_notice(FAMILY, "distribution")
    assert is_timely(FAMILY, "distribution", date(1999, 9, 21), None)


@given(st.dates(date(1990, 1, 1), date(2010, 12, 31)), st.integers(-5, 60))
def test_at_least_twenty_days_lie_between(record: date, days: int) -> None:
    assert is_timely(load("quintus-1999"), "distribution", record, record - timedelta(days=days)) is (days >= 20)


def test_every_preferred_holder_gets_one(quintus: Charter) -> None:
    holdings = (
        Holding("ann", "A", 3),
        Holding("bob", COMMON, 5),
        Holding("cy", "F", 1),
        Holding("ann", "B", 1),
        Holding("di", "E", 0),
    )
    assert recipients(Position(quintus, outstanding(holdings), holdings=holdings)) == ("ann", "cy")
    assert recipients(Position(quintus, {"A": 1})) == ()


def test_holders_of_a_series_of_any_name_are_told(quintus: Charter) -> None:
    holdings = (Holding("ann", "seed", 1), Holding("bob", COMMON, 1), Holding("cat", "A", 1))
    assert recipients(Position(quintus, outstanding(holdings), holdings=holdings)) == ("ann", "cat")
