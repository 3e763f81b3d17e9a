"""Dividends, section 1(a): undeclared dividends by the day, entitlements, sharing, the gate, what is owed.

Figures are those of the ambiguity register or worked out by hand; for undeclared dividends engine, closed form
and register agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.distributions import Payable
from reference.dividends import (
    Declared,
    DividendYear,
    Due,
    Lot,
    Review,
    accrual_rate,
    accrued_undeclared,
    allocate,
    amounts_before_common,
    annual_amounts,
    common_dividend_gate,
    declare,
    declared_in,
    dividend_year,
    entitlements,
    full_amounts,
    listed_rate,
    pay,
    pay_common,
    review,
    share_rateably,
    total_of,
)
from reference.events import DeclareDividend as Declaration
from reference.liquidation import unpaid_dividend
from reference.oracle.charters import load
from reference.position import Position, Undeclared
from reference.readings import (
    CommonGate,
    Daycount,
    IfGreater,
    IfGreaterBasis,
    InKindGate,
    Partial,
    Readings,
    ShortpayTrigger,
    Switch,
    Year,
)
from reference.refusal import Forbidden
from symbolic.dividends import accrual
from symbolic.evaluate import evaluate
from tests.strategies import FAMILY

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


# Rates and full preferential dividends

DEFAULT = Readings()
MILLION = 10**6
RATES = {"A": ".20", "B": ".286", "C": ".382", "D": ".55", "E": ".83", "F": "1.65"}
YEAR_1999 = DividendYear(date(1999, 1, 1), date(1999, 12, 31))
YEAR_2000 = DividendYear(date(2000, 1, 1), date(2000, 12, 31))


def amounts(**given: str) -> dict[str, Fraction]:
    """Return exact amounts by class."""
    return {name: Fraction(amount) for name, amount in given.items()}


def test_a_full_year_at_full_issuance(issued: Position) -> None:
    assert annual_amounts(issued) == amounts(**RATES)
    assert total_of(issued, annual_amounts(issued)) == 9_017_250
    # Each rate is a fifth of the issue price, so that sharing by either is the same.
    assert all(s.dividend_rate.value * 5 == s.original_issue_price.value for s in issued.charter.series)


@pytest.mark.parametrize("split", ["2", "3", "1/2"])
def test_a_split_of_a_series_divides_its_rate(issued: Position, split: str) -> None:
    times = Fraction(split)
    after = replace(issued, shares={**issued.shares, "A": issued.shares["A"] * times}, preferred_splits={"A": times})
    assert annual_amounts(after)["A"] == Fraction(".2") / times
    assert total_of(after, annual_amounts(after)) == 9_017_250


def test_after_a_split_a_full_payment_is_not_short(issued: Position) -> None:
    # AMB-11: ten cents a share are a full year after a 2-for-1 split of A.
    after = replace(issued, shares={**issued.shares, "A": 18_200_000}, preferred_splits={"A": Fraction(2)})
    paid = Declaration(date(1999, 5, 1), amounts(**RATES | {"A": ".10"}))
    assert not reviewed(after, DEFAULT, [paid]).short


def test_a_split_of_the_common_leaves_the_rates(issued: Position) -> None:
    assert annual_amounts(replace(issued, common_split=Fraction(2))) == amounts(**RATES)


# AMB-09: years and parts of years


@pytest.mark.parametrize(
    ("reading", "on", "month", "first", "last"),
    [
        (Year.CALENDAR, date(1999, 8, 24), None, date(1999, 1, 1), date(1999, 12, 31)),
        (Year.CALENDAR, date(2000, 1, 1), 7, date(2000, 1, 1), date(2000, 12, 31)),
        (Year.FISCAL, date(1999, 3, 31), 4, date(1998, 4, 1), date(1999, 3, 31)),
        (Year.FISCAL, date(1999, 4, 1), 4, date(1999, 4, 1), date(2000, 3, 31)),
        (Year.FISCAL, date(2000, 2, 29), 3, date(1999, 3, 1), date(2000, 2, 29)),
        (Year.FISCAL, date(1999, 5, 5), 1, date(1999, 1, 1), date(1999, 12, 31)),
        (Year.FISCAL, date(1999, 12, 31), 12, date(1999, 12, 1), date(2000, 11, 30)),
        (Year.ROLLING12, date(1999, 8, 24), None, date(1998, 8, 25), date(1999, 8, 24)),
        (Year.ROLLING12, date(2000, 2, 29), None, date(1999, 3, 1), date(2000, 2, 29)),
        (Year.ROLLING12, date(2001, 2, 28), None, date(2000, 2, 29), date(2001, 2, 28)),
        (Year.ROLLING12, date(1999, 12, 31), None, date(1999, 1, 1), date(1999, 12, 31)),
    ],
)
def test_dividend_years(reading: Year, on: date, month: int | None, first: date, last: date) -> None:
    year = dividend_year(Readings(year=reading), on, month)
    assert (year.first, year.last) == (first, last)
    assert year.holds(on)
    assert year.days in (365, 366)


@pytest.mark.parametrize("month", [None, 0, 13])
def test_a_fiscal_year_needs_a_month(month: int | None) -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        dividend_year(Readings(year=Year.FISCAL), date(1999, 1, 1), month)


@pytest.mark.parametrize("reading", Year)
def test_no_dividend_year_at_the_ends_of_the_calendar(reading: Year) -> None:
    readings = Readings(year=reading)
    for on in (date(2, 1, 1), date(9998, 12, 31)):
        assert dividend_year(readings, on, 7).holds(on)
    for on in (date(1, 12, 31), date(9999, 1, 1)):
        with pytest.raises(Forbidden) as refusal:
            dividend_year(readings, on, 7)
        assert refusal.value.code == "outside_calendar"


@given(st.dates(date(1990, 1, 1), date(2010, 12, 31)), st.integers(1, 12))
def test_fiscal_years_follow_one_another(on: date, month: int) -> None:
    readings = Readings(year=Year.FISCAL)
    year = dividend_year(readings, on, month)
    assert (year.first.month, year.first.day) == (month, 1)
    assert year.holds(on)
    following = dividend_year(readings, year.last + timedelta(days=1), month)
    assert following.first == year.last + timedelta(days=1)


def test_shares_issued_in_august(issued: Position) -> None:
    since = {"F": date(1999, 8, 1)}
    daily = Readings(partial=Partial.DAILY)
    assert full_amounts(issued, DEFAULT, YEAR_1999, since)["F"] == Fraction("1.65")
    part = full_amounts(issued, daily, YEAR_1999, since)
    assert part["F"] == Fraction(153, 365) * Fraction("1.65")
    assert abs(part["F"] - Fraction(".6916")) < Fraction("0.00005")
    assert part["E"] == Fraction(".83")
    # Issued before the year, on its first and last day, and after it.
    days = [
        full_amounts(issued, daily, YEAR_2000, {"F": day})["F"] / Fraction("1.65")
        for day in (date(1999, 8, 1), date(2000, 1, 1), date(2000, 12, 31), date(2001, 1, 1))
    ]
    assert days == [1, 1, Fraction(1, 366), 0]


# AMB-05 and AMB-06: "if greater"


@pytest.mark.parametrize(
    ("reading", "cost"),
    [(IfGreater.COMMON_ONLY, 9_017_250), (IfGreater.LFP_ALL, 31_440_750), (IfGreater.OFF, 9_017_250)],
)
def test_the_cost_of_a_year(issued: Position, reading: IfGreater, cost: int) -> None:
    due = entitlements(issued, Readings(if_greater=reading), annual_amounts(issued))
    assert total_of(issued, due) == cost


@pytest.mark.parametrize(
    ("readings", "common", "part", "of_a"),
    [
        (Readings(), ".15", "1", ".20"),
        (Readings(if_greater_basis=IfGreaterBasis.AS_CONVERTED), ".15", "1", ".30"),
        (Readings(), ".10", "1/4", ".20"),
        (Readings(annualise=Switch.YES), ".10", "1/4", ".40"),
        (Readings(annualise=Switch.YES), ".10", "1", ".20"),
        (Readings(annualise=Switch.YES, if_greater_basis=IfGreaterBasis.AS_CONVERTED), ".10", "1/4", ".80"),
        (Readings(), ".50", "1", ".50"),
        (Readings(if_greater=IfGreater.OFF), ".50", "1", ".20"),
        (Readings(if_greater=IfGreater.LFP_ALL), ".50", "1", "1.65"),
        (Readings(if_greater=IfGreater.LFP_ALL), "2", "1", "2"),
        # As converted: F has 1.65 for one, so A has 3.30 for two.
        (Readings(if_greater=IfGreater.LFP_ALL, if_greater_basis=IfGreaterBasis.AS_CONVERTED), "0", "1", "3.30"),
    ],
)
def test_the_greater_amount(issued: Position, readings: Readings, common: str, part: str, of_a: str) -> None:
    at_two = replace(issued, conversion_prices={"A": Fraction(1, 2)})
    due = entitlements(at_two, readings, annual_amounts(at_two), Fraction(common), Fraction(part))
    assert due["A"] == Fraction(of_a)


@pytest.mark.parametrize("part", ["0", "-1", "5/4"])
def test_no_part_of_a_year(issued: Position, part: str) -> None:
    with pytest.raises(ValueError, match="part of a year"):
        entitlements(issued, DEFAULT, annual_amounts(issued), Fraction(0), Fraction(part))


def test_only_outstanding_series_raise_others(issued: Position) -> None:
    without = replace(issued, shares={**issued.shares, "F": 0})
    due = entitlements(without, Readings(if_greater=IfGreater.LFP_ALL), annual_amounts(without))
    assert due == dict.fromkeys("ABCDE", Fraction(".83")) | {"F": Fraction("1.65")}
    nobody = Position(issued.charter, {})
    assert entitlements(nobody, Readings(if_greater=IfGreater.LFP_ALL), annual_amounts(nobody)) == amounts(**RATES)


def iterated(position: Position, common: Fraction) -> dict[str, Fraction]:
    """Return the least consistent amounts by raising each series to the best of the others until nothing moves."""
    due = dict(annual_amounts(position))
    while True:
        raised = {
            name: max(amount, common, *(due[other] for other in due if other != name and position.shares[other] > 0))
            if any(other != name and position.shares[other] > 0 for other in due)
            else max(amount, common)
            for name, amount in due.items()
        }
        if raised == due:
            return due
        due = raised


@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.fractions(0, 3, max_denominator=20))
def test_the_least_consistent_amounts(counts: list[int], common: Fraction) -> None:
    position = Position(load("quintus-1999"), dict(zip("ABCDEF", counts, strict=True)))
    due = entitlements(position, Readings(if_greater=IfGreater.LFP_ALL), annual_amounts(position), common)
    assert due == iterated(position, common)


@given(st.fractions(0, 3, max_denominator=50))
def test_the_least_amount_above_both(common: Fraction) -> None:
    position = Position(load("quintus-1999"), dict.fromkeys("ABCDEF", 1))
    due = entitlements(position, DEFAULT, annual_amounts(position), common)
    assert due == {name: max(Fraction(rate), common) for name, rate in RATES.items()}


# Rateable sharing


def test_a_short_pool(issued: Position) -> None:
    shared = share_rateably(issued, annual_amounts(issued), Fraction(4_500_000))
    assert shared.fraction == Fraction(4_500_000, 9_017_250)
    assert abs(shared.per_share["A"] - Fraction(".0998")) < Fraction("0.00005")
    assert total_of(issued, shared.per_share) == 4_500_000
    assert shared.excess == 0


def test_a_short_pool_shared_by_the_greater_amounts(issued: Position) -> None:
    # The other reading of AMB-07, which has no option: weights with .50 on the Common taken into account.
    greater = {name: max(rate, Fraction(1, 2)) for name, rate in annual_amounts(issued).items()}
    assert total_of(issued, greater) == 12_315_250
    shared = share_rateably(issued, greater, Fraction(4_500_000))
    assert round(shared.per_share["A"], 4) == Fraction(".1827")


@pytest.mark.parametrize(("pool", "fraction", "excess"), [(0, 0, 0), (9_017_250, 1, 0), (10_017_250, 1, 1_000_000)])
def test_pools_at_the_limits(issued: Position, pool: int, fraction: int, excess: int) -> None:
    shared = share_rateably(issued, annual_amounts(issued), Fraction(pool))
    assert (shared.fraction, shared.excess) == (fraction, excess)


def test_a_pool_for_nobody(quintus: Charter) -> None:
    nobody = Position(quintus, {COMMON: 5})
    assert share_rateably(nobody, annual_amounts(nobody), Fraction(0)).excess == 0
    assert share_rateably(nobody, annual_amounts(nobody), Fraction(7)).excess == 7


def test_no_negative_pool(issued: Position) -> None:
    with pytest.raises(ValueError, match="negative"):
        share_rateably(issued, annual_amounts(issued), Fraction(-1))


POOLS = st.fractions(0, 60, max_denominator=7)
COUNTS = st.lists(st.integers(0, 9), min_size=6, max_size=6)


@given(COUNTS, POOLS, POOLS)
def test_nothing_is_lost_and_more_money_never_hurts(counts: list[int], pool: Fraction, more: Fraction) -> None:
    position = Position(load("quintus-1999"), dict(zip("ABCDEF", counts, strict=True)))
    full = annual_amounts(position)
    shared, larger = (share_rateably(position, full, amount) for amount in (pool, pool + more))
    assert total_of(position, shared.per_share) == min(pool, total_of(position, full))
    assert total_of(position, shared.per_share) + shared.excess == pool
    assert all(shared.per_share[name] <= larger.per_share[name] <= full[name] for name in full)
    crowded = replace(position, shares={**position.shares, "C": position.shares["C"] + 1})
    assert all(share_rateably(crowded, full, pool).per_share[n] <= shared.per_share[n] for n in full)


# AMB-121: dividing a year's total


def divided(position: Position, total: Fraction | int, readings: Readings = DEFAULT) -> Mapping[str, Fraction]:
    """Return the allocation of a total, having asserted that nothing of it is lost."""
    found = allocate(position, readings, annual_amounts(position), Fraction(total))
    assert total_of(position, found.per_share) + found.undistributed == total
    return found.per_share


@pytest.mark.parametrize(
    ("total", "common", "of_a", "of_b"),
    [
        (9_017_250, "0", ".20", ".286"),
        (10_017_250, ".10", ".20", ".286"),
        (11_017_250, ".20", ".20", ".286"),
        # From .20 on, 9.1M of A and 10M Common share: .086 of 19.1M is 1,642,600.
        (12_659_850, ".286", ".286", ".286"),
        # Then B's million joins: .014 of 20.1M is 281,400.
        (12_941_250, ".30", ".30", ".30"),
        # All join at 1.65: 47,940,750 is 1.65 on 29.055M shares.
        (47_940_750, "1.65", "1.65", "1.65"),
        (58_110_000, "2", "2", "2"),
    ],
)
def test_dividing_a_total(issued: Position, total: int, common: str, of_a: str, of_b: str) -> None:
    per_share = divided(issued, total)
    assert (per_share[COMMON], per_share["A"], per_share["B"]) == (Fraction(common), Fraction(of_a), Fraction(of_b))


def test_dividing_a_short_total(issued: Position) -> None:
    per_share = divided(issued, 4_500_000)
    assert per_share[COMMON] == 0
    assert per_share["F"] == Fraction("1.65") * 4_500_000 / 9_017_250


def test_dividing_where_the_preferred_is_not_raised(issued: Position) -> None:
    per_share = divided(issued, 12_659_850, Readings(if_greater=IfGreater.OFF))
    assert per_share == amounts(**RATES) | {COMMON: Fraction(12_659_850 - 9_017_250, 10_000_000)}


def test_dividing_where_all_series_are_equal(issued: Position) -> None:
    readings = Readings(if_greater=IfGreater.LFP_ALL)
    # Between the listed rates and 31,440,750 the lowest are raised first: A to .286 costs 782,600.
    assert divided(issued, 9_017_250 + 782_600, readings)["A"] == Fraction(".286")
    # Then A and B together, 10.1M shares, to .3.
    assert divided(issued, 9_017_250 + 782_600 + 141_400, readings)["B"] == Fraction(".3")
    equal = dict.fromkeys("ABCDEF", Fraction("1.65"))
    assert divided(issued, 31_440_750, readings) == equal | {COMMON: 0}
    assert divided(issued, 41_440_750, readings) == equal | {COMMON: 1}
    assert divided(issued, 47_940_750, readings) == equal | {COMMON: Fraction("1.65")}
    assert divided(issued, 58_110_000, readings) == dict.fromkeys((*"ABCDEF", COMMON), Fraction(2))


def test_dividing_with_no_common(issued: Position) -> None:
    without = replace(issued, shares={**issued.shares, COMMON: 0})
    found = allocate(without, DEFAULT, annual_amounts(without), Fraction(10_000_000))
    assert (found.per_share, found.undistributed) == (amounts(**RATES) | {COMMON: 0}, 982_750)


def test_dividing_as_converted(quintus: Charter) -> None:
    # One A at two Common and one Common: .20 for A until the Common has .10, then two for one.
    position = Position(quintus, {"A": 1, COMMON: 1}, {"A": Fraction(1, 2)})
    readings = Readings(if_greater_basis=IfGreaterBasis.AS_CONVERTED)
    assert divided(position, Fraction(".30"), readings)[COMMON] == Fraction(".10")
    found = divided(position, Fraction(".60"), readings)
    assert (found["A"], found[COMMON]) == (Fraction(".40"), Fraction(".20"))


@given(COUNTS, st.integers(0, 9), POOLS, st.sampled_from(IfGreater), st.sampled_from(IfGreaterBasis))
def test_every_division_gives_each_series_its_due(
    counts: list[int], common: int, total: Fraction, which: IfGreater, basis: IfGreaterBasis
) -> None:
    shares = dict(zip("ABCDEF", counts, strict=True)) | {COMMON: common}
    position = Position(load("quintus-1999"), shares, {"A": Fraction(2, 3), "F": Fraction(9)})
    readings = Readings(if_greater=which, if_greater_basis=basis)
    full = annual_amounts(position)
    per_share = divided(position, total, readings)
    due = entitlements(position, readings, full, per_share[COMMON])
    if per_share[COMMON] > 0:
        assert {name: per_share[name] for name in full} == due
    assert all(per_share[name] <= due[name] for name in full)


def test_small_positions_exhaustively(quintus: Charter) -> None:
    for of_a, of_f, common in product(range(3), repeat=3):
        position = Position(quintus, {"A": of_a, "F": of_f, COMMON: common})
        for total in (Fraction(n, 20) for n in range(0, 200, 7)):
            per_share = divided(position, total)
            owed = of_a * Fraction(".2") + of_f * Fraction("1.65")
            if total < owed:
                assert per_share["A"] / Fraction(".2") == per_share["F"] / Fraction("1.65") == total / owed
                assert per_share[COMMON] == 0
            else:
                assert per_share["A"] == max(Fraction(".2"), per_share[COMMON])
                assert per_share["F"] == max(Fraction("1.65"), per_share[COMMON])


# AMB-08: do a year's declarations conform?


def reviewed(position: Position, readings: Readings, declarations: Sequence[Declaration]) -> Review:
    """Return the review of 1999 where all declarations are on the same shares."""
    listed = [Declared(own.on, own.per_share, position.shares) for own in declarations]
    return review(readings, annual_amounts(position), YEAR_1999, listed)


def out_of(found: Review) -> list[date]:
    """Return the days of the declarations that are not rateable by themselves."""
    return [own.on for own in found.out_of_proportion]


F_HALF = Declaration(date(1999, 6, 1), amounts(**RATES | {"F": ".825"}))


def test_a_year_in_which_one_series_is_short(issued: Position) -> None:
    found = reviewed(issued, DEFAULT, [F_HALF])
    assert total_of(issued, found.totals) == total_of(issued, found.schedule) == 7_779_750
    assert (found.short, found.conforms, out_of(found)) == (True, False, [F_HALF.on])
    for name, shown in (("A", ".172553"), ("F", "1.423559")):
        assert abs(found.schedule[name] - Fraction(shown)) < Fraction("0.0000005")
    assert abs(found.schedule["A"] / Fraction(".2") - Fraction(".862763")) < Fraction("0.0000005")


def test_the_same_year_where_all_must_be_short(issued: Position) -> None:
    readings = Readings(shortpay_trigger=ShortpayTrigger.AGGREGATE)
    found = reviewed(issued, readings, [F_HALF])
    assert (found.short, found.conforms, out_of(found)) == (False, True, [])
    assert found.totals["A"] == Fraction(".20")
    nearly = Declaration(F_HALF.on, {name: amount * Fraction(99, 100) for name, amount in F_HALF.per_share.items()})
    assert not reviewed(issued, readings, [nearly]).conforms


def test_rateable_instalments_conform(issued: Position) -> None:
    full = annual_amounts(issued)
    parts = [
        Declaration(day, {name: amount * part for name, amount in full.items()})
        for day, part in ((date(1999, 3, 1), Fraction(1, 7)), (date(1999, 9, 1), Fraction(2, 5)))
    ]
    found = reviewed(issued, DEFAULT, parts)
    assert (found.short, found.conforms, out_of(found)) == (True, True, [])
    assert found.totals == {name: amount * Fraction(19, 35) for name, amount in full.items()}


def test_one_series_after_another(quintus: Charter) -> None:
    position = Position(quintus, {"A": 3, "F": 2})
    first, second = (
        Declaration(date(1999, 3, 1), amounts(A=".10")),
        Declaration(date(1999, 9, 1), amounts(F=".825")),
    )
    halfway = reviewed(position, DEFAULT, [first])
    assert (halfway.conforms, out_of(halfway)) == (False, [first.on])
    # The year's money ends up as it should, though neither declaration was rateable.
    both = reviewed(position, DEFAULT, [first, second])
    assert (both.short, both.conforms, out_of(both)) == (True, True, [first.on, second.on])


def test_a_year_in_full_conforms_however_it_is_declared(quintus: Charter) -> None:
    position = Position(quintus, {"A": 3, "F": 2})
    parts = [Declaration(date(1999, 3, 1), amounts(A=".20")), Declaration(date(1999, 9, 1), amounts(F="1.65"))]
    found = reviewed(position, DEFAULT, parts)
    assert (found.short, found.conforms, out_of(found)) == (False, True, [])


def test_too_much_for_one_and_too_little_for_another(quintus: Charter) -> None:
    position = Position(quintus, {"A": 10, "F": 1})
    found = reviewed(position, DEFAULT, [Declaration(date(1999, 3, 1), amounts(A="1", F="1"))])
    assert (found.short, found.conforms, found.schedule) == (True, False, annual_amounts(position))


def test_a_year_without_dividends_conforms(issued: Position) -> None:
    found = reviewed(issued, DEFAULT, [])
    assert (found.short, found.conforms, set(found.totals.values())) == (False, True, {0})


def test_series_that_nobody_holds_are_not_short(quintus: Charter) -> None:
    position = Position(quintus, {"A": 3})
    paid = [Declaration(date(1999, 3, 1), amounts(A=".20"))]
    assert not reviewed(position, DEFAULT, paid).short


def test_other_years_count_for_nothing(issued: Position) -> None:
    full = annual_amounts(issued)
    years = [Declaration(date(year, 12, 31), full) for year in (1998, 2000)]
    assert declared_in(YEAR_1999, years) == {}
    half = Declaration(date(1999, 1, 1), {name: amount / 2 for name, amount in full.items()})
    assert reviewed(issued, DEFAULT, [*years, half]).totals == half.per_share
    # What 1998 left out does not raise what comes before the Common in 1999.
    gate = common_dividend_gate(issued, DEFAULT, full, declared_in(YEAR_1999, [half]), Fraction(0))
    assert gate.required == full


# AMB-136: the shares of each declaration

E, F = Fraction(".83"), Fraction("1.65")


def shared(*declared: tuple[str, str, int, int]) -> Review:
    """Return the review of declarations on E and F: $/share on each, and the shares of each."""
    listed = [
        Declared(date(1999, month, 1), amounts(E=on_e, F=on_f), {"E": of_e, "F": of_f})
        for month, (on_e, on_f, of_e, of_f) in enumerate(declared, start=3)
    ]
    return review(DEFAULT, amounts(**RATES), YEAR_1999, listed)


def test_shares_that_have_converted_count_where_they_were() -> None:
    # 41.50 on 100 E, beside 100 F that have nothing: of 83 + 165 = 248 it is 83/496.
    for more in ((), (("0", "0", 50, 100),)):
        found = shared((".415", "0", 100, 100), *more)
        assert (found.schedule["E"], found.schedule["F"]) == (Fraction(6889, 49600), F * Fraction(83, 496))
        assert (found.short, found.conforms) == (True, False)


def test_rateable_instalments_conform_whatever_converts_between() -> None:
    # A half, a quarter and an eighth; half of E has gone before the second, 30 F have come before the third.
    found = shared((".415", ".825", 100, 100), (".2075", ".4125", 50, 100), (".10375", ".20625", 50, 130))
    assert (found.short, found.conforms, out_of(found)) == (True, True, [])
    assert found.schedule["E"] == E * Fraction(7, 8) == found.totals["E"]


def test_a_series_counts_from_its_first_declaration_on() -> None:
    # F is issued after the first: it should have an eighth, E a quarter and an eighth.
    found = shared((".2075", "0", 100, 0), (".10375", ".20625", 100, 10))
    assert (found.schedule["E"], found.schedule["F"]) == (E * Fraction(3, 8), F / 8)
    assert (found.short, found.conforms) == (True, True)
    # A half on E and nothing on F, of which 10 are there: 41.50 of 83 + 16.50.
    found = shared((".2075", "0", 100, 0), (".415", "0", 100, 10))
    assert found.schedule["F"] == F * Fraction("41.5") / Fraction("99.5")
    assert not found.conforms


def test_three_out_of_proportion_that_cancel() -> None:
    # E a half alone, F a half alone, then both an eighth, all on 100 and 100 shares.
    found = shared((".415", "0", 100, 100), ("0", ".825", 100, 100), (".10375", ".20625", 100, 100))
    assert (found.short, found.conforms, len(out_of(found))) == (True, True, 2)
    assert found.schedule["F"] == F * Fraction(5, 8)


# AMB-137: dividends on the Common


def test_a_payment_on_the_common_goes_to_the_oldest_first() -> None:
    # .10 on 1,000 of k, then .05 on these and 500 of m.
    dues = (Due(Fraction(".10"), {"k": Fraction(100)}), Due(Fraction(".05"), {"k": Fraction(50), "m": Fraction(25)}))
    (left,) = pay_common(dues, Fraction(".12"))
    assert left == Due(Fraction(".03"), {"k": Fraction(30), "m": Fraction(15)})
    assert pay_common(dues, Fraction(".04"))[0] == Due(Fraction(".06"), {"k": Fraction(60)})
    assert pay_common(dues, Fraction(".15")) == ()
    with pytest.raises(Forbidden) as refusal:
        pay_common(dues, Fraction(".16"))
    assert refusal.value.code == "undeclared_dividend"


# AMB-10: the gate on a Common dividend


def gate_of(
    position: Position,
    preferred: Mapping[str, Fraction],
    common: str,
    payable: Payable = "cash",
    readings: Readings = DEFAULT,
) -> tuple[bool, tuple[str, ...]]:
    """Return whether a dividend on the Common is allowed, and which series are short."""
    gate = common_dividend_gate(position, readings, annual_amounts(position), preferred, Fraction(common), payable)
    return gate.allowed, gate.short


def test_the_gate(issued: Position) -> None:
    full = amounts(**RATES)
    assert gate_of(issued, full, ".10") == (True, ())
    assert gate_of(issued, full, ".20") == (True, ())
    # The year's total with the proposal raises what the series must have had.
    assert gate_of(issued, full, ".21") == (False, ("A",))
    assert gate_of(issued, full, ".3") == (False, ("A", "B"))
    assert gate_of(issued, full | amounts(A=".3", B=".3"), ".3") == (True, ())
    assert gate_of(issued, full | amounts(D=".5499"), ".10") == (False, ("D",))
    assert gate_of(issued, {}, ".10") == (False, tuple("ABCDEF"))
    assert gate_of(issued, full, "9", readings=Readings(if_greater=IfGreater.OFF)) == (True, ())
    assert gate_of(issued, full, ".01", readings=Readings(if_greater=IfGreater.LFP_ALL))[1] == tuple("ABCDE")


def test_the_gate_looks_at_the_run_rate_where_that_counts(issued: Position) -> None:
    full = annual_amounts(issued)
    yearly = Readings(annualise=Switch.YES)
    for readings, short in ((DEFAULT, ()), (yearly, ("A", "B", "C"))):
        # Ten cents for a quarter.
        gate = common_dividend_gate(issued, readings, full, full, Fraction(".10"), part_of_year=Fraction(1, 4))
        assert gate.short == short


@pytest.mark.parametrize(
    ("payable", "exempt"),
    [
        ("cash", False),
        ("redeemable_equity", False),
        ("common_stock", True),
        ("non_redeemable_equity", True),
        ("free_rights_to_common", True),
        ("paid_rights_to_common", True),
        # Of these the Preferred has its share, which is all that 1(b) gives it by "any other" (AMB-135).
        ("assets", True),
        ("securities_of_others", True),
        ("indebtedness", True),
        ("rights_to_assets", True),
    ],
)
def test_exempt_kinds(issued: Position, payable: Payable, exempt: bool) -> None:
    gate = common_dividend_gate(issued, DEFAULT, annual_amounts(issued), {}, Fraction(1), payable)
    assert (gate.exempt, gate.allowed) == (exempt, exempt)


@pytest.mark.parametrize(
    ("payable", "exempt"),
    [("assets", False), ("rights_to_assets", False), ("indebtedness", False), ("paid_rights_to_common", True)],
)
def test_what_waits_and_is_shared(issued: Position, payable: Payable, exempt: bool) -> None:
    readings = Readings(in_kind_gate=InKindGate.BOTH)
    gate = common_dividend_gate(issued, readings, annual_amounts(issued), {}, Fraction(1), payable)
    assert (gate.exempt, gate.allowed) == (exempt, exempt)


def test_every_lot_must_have_had_its_due(quintus: Charter) -> None:
    """AMB-134: of three lots of A, the one that has had least decides; so it does with .30 on the Common."""
    position = Position(quintus, {"A": 6, COMMON: 1})
    rate, third = Fraction(".20"), Fraction(".15")
    for had, allowed in (((rate, rate, rate), True), ((rate, rate, third), False), ((rate, third, rate), False)):
        lots = {"A": [Lot(rate, each) for each in had]}
        gate = common_dividend_gate(position, DEFAULT, annual_amounts(position), {}, Fraction(".1"), lots=lots)
        assert (gate.allowed, gate.required, gate.had) == (allowed, {"A": rate}, {"A": min(had)})
    # What the Common gets raises every lot; by the day a later one has less before it.
    lots = {"A": [Lot(rate, Fraction(".30")), Lot(third, Fraction(".20")), Lot(Fraction(".1"), Fraction(".30"))]}
    gate = common_dividend_gate(position, DEFAULT, annual_amounts(position), {}, Fraction(".2"), lots=lots)
    assert (gate.allowed, gate.required["A"], gate.had["A"]) == (True, rate, Fraction(".20"))
    gate = common_dividend_gate(position, DEFAULT, annual_amounts(position), {}, Fraction(".25"), lots=lots)
    assert (gate.allowed, gate.required["A"], gate.had["A"]) == (False, Fraction(".25"), Fraction(".20"))


def test_a_series_that_nobody_holds_blocks_nothing(quintus: Charter) -> None:
    position = Position(quintus, {"A": 1, COMMON: 1})
    assert gate_of(position, amounts(A=".2"), ".2") == (True, ())
    assert gate_of(Position(quintus, {COMMON: 1}), {}, ".2") == (True, ())


@pytest.mark.parametrize(
    ("reading", "on", "of_a"),
    [
        (CommonGate.FULL_YEAR, date(2000, 7, 1), ".20"),
        (CommonGate.TO_DATE, date(2000, 7, 1), ".10"),  # 183 of 366 days
        (CommonGate.TO_DATE, date(2000, 12, 31), ".20"),
    ],
)
def test_what_comes_before_a_dividend_of_july(issued: Position, reading: CommonGate, on: date, of_a: str) -> None:
    before = amounts_before_common(issued, Readings(common_gate=reading), YEAR_2000, on)
    assert before["A"] == Fraction(of_a)


def test_a_day_outside_the_year_counts_as_its_nearest_end(issued: Position) -> None:
    readings = Readings(common_gate=CommonGate.TO_DATE)
    assert amounts_before_common(issued, readings, YEAR_1999, date(2000, 7, 1)) == amounts(**RATES)
    assert set(amounts_before_common(issued, readings, YEAR_1999, date(1998, 7, 1)).values()) == {0}


def test_to_date_in_a_year_of_365_days(issued: Position) -> None:
    readings = Readings(common_gate=CommonGate.TO_DATE, partial=Partial.DAILY)
    before = amounts_before_common(issued, readings, YEAR_1999, date(1999, 7, 1), {"F": date(1999, 7, 1)})
    assert (before["A"], before["F"]) == (Fraction(".2") * 182 / 365, Fraction("1.65") / 365)
    not_yet = amounts_before_common(issued, readings, YEAR_1999, date(1999, 7, 1), {"F": date(1999, 8, 1)})
    assert not_yet["F"] == 0


def test_a_closed_gate_can_be_enforced(issued: Position) -> None:
    full = annual_amounts(issued)
    common_dividend_gate(issued, DEFAULT, full, full, Fraction(".2")).check()
    with pytest.raises(Forbidden, match=r"short: A, B\.") as refusal:
        common_dividend_gate(issued, DEFAULT, full, full, Fraction(".3")).check()
    assert (refusal.value.code, refusal.value.clause) == ("preferred_dividends_first", "1(a)")


@given(COUNTS, st.integers(1, 9), POOLS)
def test_every_division_passes_the_gate(counts: list[int], common: int, total: Fraction) -> None:
    position = Position(load("quintus-1999"), dict(zip("ABCDEF", counts, strict=True)) | {COMMON: common})
    per_share = divided(position, total)
    if per_share[COMMON] > 0:
        assert gate_of(position, per_share, str(per_share[COMMON])) == (True, ())


# What is owed


def test_declared_then_paid(issued: Position) -> None:
    owed = declare(issued, {}, amounts(A=".10", F="1"))
    owed = declare(issued, owed, amounts(A=".05"), Fraction(455_000))
    assert owed == amounts(A=".15", F="1")
    assert pay(owed, amounts(A=".15", F=".4")) == amounts(A="0", F=".6")
    assert owed == amounts(A=".15", F="1")


def test_no_more_is_paid_than_was_declared(issued: Position) -> None:
    for payment in (amounts(A=".11"), amounts(B=".01")):
        with pytest.raises(Forbidden) as refusal:
            pay(amounts(A=".10"), payment)
        assert (refusal.value.code, refusal.value.clause) == ("undeclared_dividend", "1(a)")


def test_no_more_is_declared_than_is_available(issued: Position) -> None:
    assert declare(issued, {}, amounts(A=".10"), Fraction(910_000)) == amounts(A=".10")
    with pytest.raises(Forbidden) as refusal:
        declare(issued, {}, amounts(A=".10"), Fraction(909_999))
    assert refusal.value.code == "not_legally_available"


def test_less_may_be_declared_than_is_available(quintus: Charter) -> None:
    position = Position(quintus, {"A": 2})
    assert declare(position, {}, {"A": Fraction(1)}, Fraction(3)) == {"A": 1}


def test_a_payment_of_nothing_leaves_nothing_owed() -> None:
    assert pay({}, {"A": Fraction(0)}) == {"A": 0}


def test_without_dividends_on_the_common_undeclared_ones_accrue_at_the_rate(issued: Position) -> None:
    series = issued.charter.series_named("A")
    assert accrual_rate(issued, Readings(include_if_greater=Switch.YES), series) == Fraction(".20")


def test_a_series_alone_is_level_with_itself(quintus: Charter) -> None:
    # A share at two Common: the best paid is A itself, so that its own .20 is its due.
    position = Position(quintus, {"A": 1}, {"A": Fraction(1, 2)})
    readings = Readings(if_greater=IfGreater.LFP_ALL, if_greater_basis=IfGreaterBasis.AS_CONVERTED)
    assert entitlements(position, readings, annual_amounts(position))["A"] == Fraction(".20")


def test_no_negative_dividends(issued: Position) -> None:
    with pytest.raises(ValueError, match="negative"):
        declare(issued, {}, amounts(A="-.10"))
    with pytest.raises(ValueError, match="negative"):
        pay(amounts(A=".10"), amounts(A="-.10"))


def test_what_is_owed_joins_the_position(issued: Position) -> None:
    owed = declare(issued, issued.declared_dividends, amounts(A=".10"))
    after = replace(issued, declared_dividends=owed)
    assert unpaid_dividend(after, DEFAULT, issued.charter.series_named("A")) == Fraction(".10")


# AMB-17: the rate of undeclared dividends


@pytest.mark.parametrize(
    ("reading", "common", "rate"), [(Switch.NO, "2", "1.65"), (Switch.YES, "2", "2"), (Switch.YES, "1", "1.65")]
)
def test_the_rate_of_undeclared_dividends(issued: Position, reading: Switch, common: str, rate: str) -> None:
    series = issued.charter.series_named("F")
    found = accrual_rate(issued, Readings(include_if_greater=reading), series, Fraction(common))
    assert found == Fraction(rate)
    assert accrual_rate(issued, Readings(include_if_greater=reading), series) == listed_rate(issued, series)


def test_tiny_and_huge_amounts(quintus: Charter) -> None:
    position = Position(quintus, {"A": 1, "F": 10**30, COMMON: 10**40})
    tiny = Fraction(1, 10**50)
    assert divided(position, tiny)["A"] == Fraction(".2") * tiny / (Fraction(".2") + Fraction("1.65") * 10**30)
    assert divided(position, Fraction(10) ** 60)[COMMON] > Fraction(10) ** 19


def test_a_charter_of_the_same_family() -> None:
    position = Position(FAMILY, {"Senior": 2, "Club": 1, COMMON: 1})
    # Rates are a tenth of the issue prices 5 and 1: 1.10 in all.
    assert divided(position, Fraction("1.10"))[COMMON] == 0
    assert divided(position, Fraction("1.15"))[COMMON] == Fraction(".05")
