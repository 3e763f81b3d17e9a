"""Conversion-price adjustments, section 3(d): worked examples, the edges of every rule, and its theorems.

Figures are those of the ambiguity register or computed by hand. Two settings are used throughout: `single`
stands for one series with nothing but Common outstanding, so that the base is the Common alone, and `issued`
for every authorised preferred share outstanding beside the Common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.antidilution import (
    Outstanding,
    PriceState,
    Rights,
    averaging_base,
    change_rights,
    deemed_issued,
    exercise_rights,
    expire_rights,
    issue,
    issue_rights,
    opening,
    pass_time,
    split,
    stock_dividend,
)
from reference.charter import Charter, ConversionRight, Figure
from reference.conversion_price import Carried, SeriesPrice, anniversary, made, scaled, weighted_average
from reference.position import Number
from reference.readings import (
    AdAsConverted,
    CentAnniversary,
    CentComposition,
    CentTest,
    CentTriggerPrice,
    CpRound,
    GrantAlloc,
    Readings,
    Replay,
    SameDayIssues,
    StockDividendBase,
    Switch,
    Vesting,
    WeightedAverageBase,
)
from reference.refusal import Forbidden
from tests.strategies import amounts, examples, positive_amounts

DEFAULT = Readings()
INDIVIDUAL = Readings(cent_test=CentTest.INDIVIDUAL)
MILLION = 10**6
SERIES = ("A", "B", "C", "D", "E", "F")
START = date(1999, 8, 24)
DAY = timedelta(days=1)
FREE = Fraction(0)
E = ("E",)


def shown(amount: Fraction, digits: int = 6) -> str:
    """Return an amount rounded to some digits, as the register prints it."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def on(days: int) -> date:
    """Return a date some days after the start."""
    return START + days * DAY


def without_cent(charter: Charter) -> Charter:
    """Return the charter with every adjustment made at once, however small."""
    assert charter.antidilution is not None
    none = Figure(Fraction(0), charter.antidilution.minimum_adjustment.clause)
    return replace(charter, antidilution=replace(charter.antidilution, minimum_adjustment=none))


def start(charter: Charter, readings: Readings = DEFAULT, **given: Any) -> PriceState:
    """Return the opening state at the issue prices."""
    return opening(charter, readings, START, **given)


def single(common: int) -> Outstanding:
    """Return nothing but Common outstanding."""
    return Outstanding(common)


def full(charter: Charter, common: int, **given: Any) -> Outstanding:
    """Return full issuance and some Common."""
    return Outstanding(common, {series.name: series.authorized.value for series in charter.series}, **given)


def price_of(state: PriceState, name: str = "E") -> str:
    """Return a conversion price in effect as the register prints it."""
    return shown(state.official[name])


def check(state: PriceState) -> None:
    """Assert what holds of every state: positive prices, and a carry that adds up and is in order."""
    for price in state.prices.values():
        assert price.official > 0
        assert price.official - price.exact == sum(item.amount for item in price.carried)
        dates = [item.on for item in price.carried]
        assert dates == sorted(dates)
        assert all(item.amount != 0 for item in price.carried)
        for amount in (price.official, price.exact, price.scale, *(item.amount for item in price.carried)):
            assert type(amount) in (Fraction, int)


# The formula


def test_the_formula_by_hand() -> None:
    assert weighted_average(Fraction(4), 3, 1, Fraction(2)) == Fraction(14, 4)


def test_the_formula_is_the_certificates_fraction() -> None:
    # The certificate multiplies by (N + consideration / price) / (N + n).
    for price, base, shares, paid in product((1, 3), (0, 1, 2), (1, 2), (0, 1, 5)):
        fraction = (base + Fraction(paid, price)) / (base + shares)
        assert weighted_average(Fraction(price), base, shares, Fraction(paid)) == price * fraction


def test_no_shares_at_all_cannot_be_averaged() -> None:
    with pytest.raises(Forbidden) as refused:
        weighted_average(Fraction(1), 0, 0, FREE)
    assert refused.value.code == "no_shares"


@given(positive_amounts(), st.integers(1, 50), st.integers(1, 50), amounts())
def test_an_average_lies_between_the_price_issued_at_and_the_price(
    price: Fraction, base: int, shares: int, paid: Fraction
) -> None:
    average, each = weighted_average(price, base, shares, paid), paid / shares
    if each < price:
        assert each < average < price
        assert average / price >= Fraction(base, base + shares)
    else:
        assert price <= average <= each


# AMB-53, AMB-55: the base


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (WeightedAverageBase.COMMON_ONLY, "3.954545"),
        (WeightedAverageBase.COMMON_PLUS_PREF, "4.078464"),
        (WeightedAverageBase.PLUS_DEEMED, "4.078464"),
        (WeightedAverageBase.PLUS_ALL_OPTIONS, "4.082928"),
    ],
)
def test_what_the_base_counts(quintus: Charter, reading: WeightedAverageBase, expected: str) -> None:
    outstanding = full(quintus, 10 * MILLION, options=2 * MILLION)
    state = start(quintus, Readings(weighted_average_base=reading))
    assert price_of(issue(state, on(1), MILLION, Fraction(2 * MILLION), SERIES, outstanding)) == expected


def test_shares_deemed_issued_in_the_base(quintus: Charter) -> None:
    state = start(quintus, Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED))
    outstanding = full(quintus, 10 * MILLION)
    state = issue_rights(state, on(1), "out of the money", 2 * MILLION, Fraction(9), SERIES, outstanding)
    assert averaging_base(state, outstanding) == 31_055_000
    assert price_of(issue(state, on(1), MILLION, Fraction(2 * MILLION), SERIES, outstanding)) == "4.082928"
    state = exercise_rights(state, on(2), "out of the money", 500_000, Fraction(4_500_000))
    assert averaging_base(state, full(quintus, 10_500_000)) == 31_055_000
    state = split(state, on(3), Fraction(2))
    assert averaging_base(state, Outstanding(21 * MILLION)) == 21 * MILLION + 3 * MILLION
    state = expire_rights(state, on(4), "out of the money")
    assert averaging_base(state, Outstanding(21 * MILLION)) == 21 * MILLION


@pytest.mark.parametrize("replay", [Replay.RATIO, Replay.ADDITIVE, Replay.NONE])
def test_lapsed_rights_leave_the_base_under_every_reading(quintus: Charter, replay: Replay) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED, replay=replay)
    state = issue_rights(start(quintus, readings), on(1), "r", 4, Fraction(1), SERIES, single(100), exercisable=3)
    assert averaging_base(state, single(100)) == 103
    state = change_rights(state, on(2), "r", single(100), exercisable=4)
    assert averaging_base(state, single(100)) == 104
    assert averaging_base(expire_rights(state, on(3), "r"), single(100)) == 100


def test_excluded_rights_are_not_deemed_issued(quintus: Charter) -> None:
    state = start(quintus, Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED))
    state = issue_rights(state, on(1), "plan", 7, FREE, SERIES, single(100), excluded=True)
    assert averaging_base(state, single(100)) == 100
    assert state.official == start(quintus).official
    state = change_rights(state, on(2), "plan", single(100), deliverable=9, exercisable=9, exercise_price=Fraction(1))
    state = exercise_rights(state, on(3), "plan", 4, Fraction(4))
    state = expire_rights(state, on(4), "plan")
    assert state.official == start(quintus).official


@pytest.mark.parametrize("replay", Replay)
def test_excluded_rights_on_other_terms_are_not_deemed_issued_either(quintus: Charter, replay: Replay) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED, replay=replay)
    state = issue_rights(start(quintus, readings), on(1), "plan", 7, FREE, SERIES, single(100), excluded=True)
    state = change_rights(state, on(2), "plan", single(100), exercise_price=Fraction(1))
    assert averaging_base(state, single(100)) == 100


@pytest.mark.parametrize("replay", Replay)
def test_no_fewer_than_no_shares_are_deemed_issued_and_not_issued_yet(quintus: Charter, replay: Replay) -> None:
    """AMB-60: three count for ever; the two that vest later are issued without having been deemed so."""
    readings = Readings(
        weighted_average_base=WeightedAverageBase.PLUS_DEEMED, vesting=Vesting.IGNORE_LATER, replay=replay
    )
    state = issue_rights(start(quintus, readings), on(1), "r", 6, Fraction(1), E, single(100), exercisable=3)
    state = change_rights(state, on(2), "r", single(100), exercisable=5)
    state = exercise_rights(state, on(3), "r", 5, Fraction(5))
    assert averaging_base(state, single(105)) == 105
    assert averaging_base(expire_rights(state, on(4), "r"), single(105)) == 105


def test_excluded_rights_that_vest_are_not_deemed_issued_either(quintus: Charter) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED, vesting=Vesting.FORWARD_ON_VEST)
    state = issue_rights(start(quintus, readings), on(1), "plan", 7, FREE, SERIES, single(100), 2, excluded=True)
    state = change_rights(state, on(2), "plan", single(100), exercisable=7)
    assert averaging_base(state, single(100)) == 100
    assert state.log is None


@pytest.mark.parametrize(
    ("reading", "elected", "expected"),
    [
        (AdAsConverted.HYPOTHETICAL, False, "4.078464"),
        (AdAsConverted.ONLY_IF_ELECTED, False, "4.011290"),
        (AdAsConverted.ONLY_IF_ELECTED, True, "4.078464"),
    ],
)
def test_a_to_d_before_their_election(quintus: Charter, reading: AdAsConverted, elected: bool, expected: str) -> None:
    outstanding = full(quintus, 10 * MILLION, elected=elected)
    state = start(quintus, Readings(ad_as_converted=reading))
    assert price_of(issue(state, on(1), MILLION, Fraction(2 * MILLION), SERIES, outstanding)) == expected


def test_the_base_is_at_the_official_prices(quintus: Charter) -> None:
    # E carries .008; its shares count at 4.15 / 4.15, not at 4.15 / 4.142.
    state = start(quintus, carried={"E": [Carried(START, Fraction("0.008"))]})
    assert averaging_base(state, Outstanding(10, {"E": 5})) == 15
    assert state.prices["E"].exact == Fraction("4.142")


def test_a_split_of_the_preferred_in_the_base(quintus: Charter) -> None:
    outstanding = Outstanding(10, {"E": 6}, {"E": Fraction(2)})
    assert averaging_base(start(quintus), outstanding) == 13
    literal = Readings(oip_adjusts_in_conversion=Switch.NO)
    assert averaging_base(start(quintus, literal), outstanding) == 16


def test_no_preferred_is_no_preferred(quintus: Charter) -> None:
    assert averaging_base(start(quintus), Outstanding(0)) == 0
    assert averaging_base(start(quintus), Outstanding(0, {"E": 0})) == 0


# AMB-45, AMB-54, AMB-66: one issuance, all series


def test_an_offering_that_adjusts_first(quintus: Charter) -> None:
    # 24,055,000 before the offering: full issuance and 5,000,000 Common.
    state = issue(start(quintus), on(1), 16 * MILLION, Fraction(40 * MILLION), SERIES, full(quintus, 5 * MILLION))
    assert price_of(state, "D") == "2.650137"
    assert shown(Fraction("2.75") / state.official["D"], 4) == "1.0377"
    assert [state.official[name] for name in "ABC"] == [Fraction(p) for p in ("1", "1.43", "1.91")]


def test_all_series_adjust_from_the_prices_before(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 5 * MILLION, Fraction(2_500_000), SERIES, full(quintus, 10 * MILLION))
    assert price_of(state, "C") == "1.702982"  # in sequence it would be 1.707873, from A on, or 1.708171, from F on
    for series in quintus.series:
        issue_price = series.original_issue_price.value
        assert state.official[series.name] == (issue_price * 29_055_000 + 2_500_000) / 34_055_000
    assert {made.base for made in state.latest} == {29_055_000}
    assert [made.series for made in state.latest] == list(SERIES)


def test_a_sale_of_a_series_where_it_counts(quintus: Charter) -> None:
    # 500,000 E at 2.00, convertible one for one (E(2)); whether it counts is decided by additional_stock.
    outstanding = full(quintus, 10 * MILLION)
    state = issue_rights(start(quintus), on(1), "E sold", 500_000, FREE, SERIES, outstanding, grant=Fraction(MILLION))
    assert (price_of(state, "E"), price_of(state, "F")) == ("4.113627", "8.144265")
    assert price_of(issue(start(quintus), on(1), 500_000, Fraction(MILLION), (), outstanding)) == "4.150000"


def test_adjustments_tell_what_happened(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), MILLION, Fraction(MILLION), E, single(10 * MILLION))
    (told,) = state.latest
    assert (told.on, told.series, told.kind, told.clause) == (on(1), "E", "issuance", "3(d)(i)(A)")
    assert (told.base, told.shares, told.consideration) == (10 * MILLION, MILLION, MILLION)
    assert (told.official_before, told.before) == (Fraction("4.15"), Fraction("4.15"))
    assert told.official_after == told.after == Fraction("42.5") / 11
    assert told.carried == 0
    assert pass_time(state, on(2)).latest == ()


# The trigger


@pytest.mark.parametrize(("paid", "expected"), [(415, "4.15"), (414, "4.145"), (416, "4.15"), (4150, "4.15")])
def test_only_an_issue_below_the_price_adjusts(quintus: Charter, paid: int, expected: str) -> None:
    # 100 shares on 100: at 4.15 each nothing happens, at 4.14 the price falls to 4.145 and so by half a cent.
    state = issue(start(quintus), on(1), 100, Fraction(paid), E, single(100))
    assert state.prices["E"].exact == Fraction(expected)
    assert state.official["E"] == Fraction("4.15")


def test_an_issue_adjusts_the_series_above_its_price_only(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 100, Fraction(191), SERIES, single(100))  # at 1.91, C's price exactly
    assert [made.series for made in state.latest] == ["D", "E", "F"]
    state = issue(start(quintus), on(1), 100, Fraction(100), ("F", "B"), single(100))
    assert [made.series for made in state.latest] == ["B", "F"]


def test_purchase_dates_bar_what_is_not_later(quintus: Charter) -> None:
    state = start(quintus, purchase_dates={"E": on(5), "F": None})
    assert issue(state, on(5), 1, FREE, ("E", "F"), single(1)).official["E"] == Fraction("4.15")
    assert issue(state, on(5), 1, FREE, ("E", "F"), single(1)).official["F"] == Fraction("4.125")
    assert issue(state, on(6), 1, FREE, ("E", "F"), single(1)).official["E"] == Fraction("2.075")


def test_rights_issued_before_the_purchase_date_never_count(quintus: Charter) -> None:
    state = start(quintus, purchase_dates={"E": on(5)})
    state = issue_rights(state, on(5), "old", 10, Fraction(1), SERIES, single(10))
    assert state.official["E"] == Fraction("4.15")
    assert state.official["F"] < Fraction("8.25")
    repriced = change_rights(state, on(9), "old", single(10), exercise_price=Fraction("0.01"))
    assert repriced.official["E"] == Fraction("4.15")
    assert repriced.official["F"] < state.official["F"]
    exercised = exercise_rights(repriced, on(10), "old", 10, Fraction("0.1"))
    assert exercised.official == repriced.official
    # Neither does what vests later, where it is deemed issued as it vests.
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST)
    state = opening(quintus, readings, on(0), purchase_dates={"E": on(5)})
    state = issue_rights(state, on(5), "old", 10, FREE, SERIES, single(10), exercisable=4)
    vested = change_rights(state, on(9), "old", single(10), exercisable=10)
    assert vested.official["E"] == Fraction("4.15")
    assert vested.official["F"] < state.official["F"] < Fraction("8.25")
    # Nothing of them counts for a series that `additional_for` leaves out either.
    state = issue_rights(start(quintus), on(1), "older", 10, FREE, (), single(10))
    assert change_rights(state, on(2), "older", single(10), deliverable=99).official == start(quintus).official


# N = 0, and other things that cannot be


def test_the_first_share_ever(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 10, Fraction(25), E, single(0))
    assert state.official["E"] == Fraction("2.5")  # AMB-102: consideration per share
    with pytest.raises(Forbidden) as refused:
        issue(start(quintus), on(1), 10, FREE, E, single(0))
    assert refused.value.code == "price_not_positive"


def test_impossible_issues_are_refused(quintus: Charter) -> None:
    state = start(quintus)
    for shares, paid in ((0, FREE), (-1, FREE), (1, Fraction(-1))):
        with pytest.raises(Forbidden) as refused:
            issue(state, on(1), shares, paid, E, single(1))
        assert refused.value.code == "bad_issue"


def test_impossible_rights_are_refused(quintus: Charter) -> None:
    state = start(quintus)

    def refused(code: str, call: Any, *args: Any, **more: Any) -> None:
        with pytest.raises(Forbidden) as raised:
            call(*args, **more)
        assert raised.value.code == code

    one = Fraction(1)
    for shares, price, more in (
        (0, one, {}),
        (5, -one, {}),
        (5, one, {"exercisable": 6}),
        (5, one, {"exercisable": -1}),
        (5, one, {"grant": -one}),
    ):
        refused("bad_rights", issue_rights, state, on(1), "r", shares, price, E, single(1), **more)
    with pytest.raises(Forbidden, match="over one share or more"):
        issue_rights(state, on(1), "r", -1, one, E, single(1))
    held = issue_rights(state, on(1), "r", 5, one, E, single(100), exercisable=3)
    refused("rights_exist", issue_rights, held, on(1), "r", 5, one, E, single(100))
    refused("no_rights", exercise_rights, held, on(1), "s", 1, one)
    refused("no_rights", change_rights, held, on(1), "s", single(100))
    refused("no_rights", expire_rights, held, on(1), "s")
    refused("not_exercisable", exercise_rights, held, on(1), "r", 4, one)
    refused("not_exercisable", exercise_rights, held, on(1), "r", -1, one)
    refused("not_exercisable", exercise_rights, held, on(1), "r", 1, -one)
    refused("bad_rights", change_rights, held, on(1), "r", single(100), exercisable=6)
    refused("bad_rights", change_rights, held, on(1), "r", single(100), exercisable=-1)
    refused("bad_rights", change_rights, held, on(1), "r", single(100), exercise_price=-one)
    refused("bad_rights", change_rights, held, on(1), "r", single(100), deliverable=2, exercisable=3)
    refused("bad_rights", expire_rights, held, on(1), "r", 6)
    refused("bad_rights", expire_rights, held, on(1), "r", 2, 3)
    refused("bad_rights", expire_rights, held, on(1), "r", 2, -1)


def test_time_does_not_run_back(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(9), "r", 5, Fraction(1), E, single(100))
    calls = (
        lambda: pass_time(state, on(8)),
        lambda: issue(state, on(8), 1, FREE, E, single(1)),
        lambda: issue(state, on(8), 1, FREE, (), single(1)),
        lambda: issue_rights(state, on(8), "s", 1, FREE, E, single(1)),
        lambda: change_rights(state, on(8), "r", single(1), exercise_price=FREE),
        lambda: exercise_rights(state, on(8), "r", 1, FREE),
        lambda: expire_rights(state, on(8), "r"),
        lambda: split(state, on(8), Fraction(2)),
        lambda: stock_dividend(state, on(8), 1, single(1)),
        # What would be one issuance with the last one, had it come on the same day.
        lambda: issue(issue(state, on(9), 1, FREE, E, single(1)), on(8), 1, FREE, E, single(2)),
    )
    for call in calls:
        with pytest.raises(Forbidden) as refused:
            call()
        assert refused.value.code == "out_of_order"


def test_impossible_openings_splits_and_dividends_are_refused(quintus: Charter) -> None:
    for price in (FREE, Fraction(-1)):
        with pytest.raises(Forbidden, match="above zero"):
            start(quintus, conversion_prices={"E": price})
    for factor in (FREE, Fraction(-2)):
        with pytest.raises(Forbidden, match="none"):
            split(start(quintus), on(1), factor)
    for increase, common in ((1, 0), (-1, 5)):
        with pytest.raises(Forbidden, match="Common"):
            stock_dividend(start(quintus), on(1), increase, single(common))


# AMB-57, AMB-111: issues of one day


@pytest.mark.parametrize(
    ("reading", "expected"), [(SameDayIssues.MERGED, "4.011536"), (SameDayIssues.SEPARATE, "4.011761")]
)
def test_two_issues_of_one_day(quintus: Charter, reading: SameDayIssues, expected: str) -> None:
    readings = Readings(same_day_issues=reading)
    once = issue(
        start(quintus, readings), on(1), 2 * MILLION, Fraction(4 * MILLION), SERIES, full(quintus, 10 * MILLION)
    )
    assert price_of(once) == "4.011536"
    twice = start(quintus, readings)
    for common in (10 * MILLION, 11 * MILLION):
        twice = issue(twice, on(1), MILLION, Fraction(2 * MILLION), SERIES, full(quintus, common))
    assert price_of(twice) == expected
    if reading is SameDayIssues.MERGED:
        assert twice.prices == once.prices


def test_what_keeps_issues_of_one_day_apart(quintus: Charter) -> None:
    first = issue(start(quintus), on(1), 100, Fraction(200), SERIES, full(quintus, 1000))
    second = Fraction(200)

    def is_joined(state: PriceState, *args: Any) -> bool:
        assert state.log is not None
        after = issue(state, *args)
        assert after.log is not None
        return after.log.before.log is state.log.before.log

    assert is_joined(first, on(1), 100, second, SERIES, full(quintus, 1100))
    assert not is_joined(first, on(2), 100, second, SERIES, full(quintus, 1100))  # another day
    for other in (second - 1, second + 1):
        assert not is_joined(first, on(1), 100, other, SERIES, full(quintus, 1100))  # another price
    assert not is_joined(first, on(1), 100, second, E, full(quintus, 1100))  # other series
    for_e = issue(start(quintus), on(1), 100, second, E, full(quintus, 1000))
    assert not is_joined(for_e, on(1), 100, second, SERIES, full(quintus, 1100))
    for common in (1099, 1101):  # a share was issued or taken back in between
        assert not is_joined(first, on(1), 100, second, SERIES, full(quintus, common))
    assert not is_joined(first, on(1), 100, second, SERIES, Outstanding(1100, {"E": 1}))  # some converted in between
    between = exercise_rights(
        issue_rights(first, on(1), "r", 5, Fraction(9), E, full(quintus, 1100)), on(1), "r", 0, FREE
    )
    assert not is_joined(between, on(1), 100, second, SERIES, full(quintus, 1100))
    restated = expire_rights(
        issue_rights(start(quintus), on(0), "r", 5, Fraction(1), E, full(quintus, 1000)), on(1), "r"
    )
    assert not is_joined(restated, on(1), 100, second, SERIES, full(quintus, 1000))


@pytest.mark.parametrize("reading", [Vesting.IGNORE_LATER, Vesting.COUNT_ALL])
@pytest.mark.parametrize("exercisable", [3, 5], ids=["no more", "two more"])
def test_vesting_that_does_not_count_keeps_no_issues_apart(
    quintus: Charter, reading: Vesting, exercisable: int
) -> None:
    state = issue_rights(start(quintus, Readings(vesting=reading)), on(1), "r", 5, Fraction(9), E, single(100), 3)
    state = issue(state, on(1), 100, Fraction(200), E, single(100))
    vested = change_rights(state, on(1), "r", single(200), exercisable=exercisable)
    assert vested.log is state.log
    # Both together: 200 shares for 400, on 100 at 4.15.
    both = issue(vested, on(1), 100, Fraction(200), E, single(200))
    assert both.official["E"] == Fraction(415 + 400) / 300


def test_joined_issues_keep_the_book_of_rights(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 100, Fraction(200), SERIES, single(1000))
    state = issue_rights(state, on(1), "plan", 5, FREE, (), single(1100), excluded=True)
    state = issue(state, on(1), 100, Fraction(200), SERIES, single(1100))
    assert "plan" in state.rights


def test_splitting_an_issue_favours_the_corporation(quintus: Charter) -> None:
    # TH-AD-07: with the growth of what the Preferred converts into; TH-AD-06: without, the two are equal.
    whole = issue(start(quintus), on(1), 2000, Fraction(2000), SERIES, full(quintus, 10**6))
    halves = start(quintus)
    for day, common in ((1, 10**6), (2, 10**6 + 1000)):
        halves = issue(halves, on(day), 1000, Fraction(1000), SERIES, full(quintus, common))
    assert all(halves.prices[name].exact >= whole.prices[name].exact for name in SERIES)
    whole = issue(start(quintus), on(1), 2000, Fraction(2000), SERIES, single(10**6))
    halves = start(quintus)
    for day, common in ((1, 10**6), (2, 10**6 + 1000)):
        halves = issue(halves, on(day), 1000, Fraction(1000), SERIES, single(common))
    assert {n: p.exact for n, p in whole.prices.items()} == {n: p.exact for n, p in halves.prices.items()}


def two_issues(charter: Charter, first: str, second: str) -> PriceState:
    """Return the state after two issues of a million shares at these prices, from full issuance and 10,000,000."""
    state = issue(start(charter), on(1), MILLION, Fraction(first) * MILLION, SERIES, full(charter, 10 * MILLION))
    return issue(state, on(2), MILLION, Fraction(second) * MILLION, SERIES, full(charter, 11 * MILLION))


def test_issues_do_not_commute(quintus: Charter) -> None:
    # TH-AD-10 as corrected: in the reverse order D's change of .0083 is held, and N counts D's official price.
    assert price_of(two_issues(quintus, "1.50", "2.50")) == "4.011779"
    assert price_of(two_issues(quintus, "2.50", "1.50")) == "4.011740"
    assert price_of(two_issues(without_cent(quintus), "2.50", "1.50")) == "4.011751"
    held = issue(start(quintus), on(1), MILLION, Fraction(2_500_000), SERIES, full(quintus, 10 * MILLION))
    assert shown(sum(item.amount for item in held.prices["D"].carried), 4) == "0.0083"


# AMB-58: the one-cent rule


def small_issues(charter: Charter, readings: Readings) -> PriceState:
    """Return the state after 20,000 and 15,000 free shares, each moving E by less than a cent."""
    state = issue(start(charter, readings), on(1), 20_000, FREE, E, single(10 * MILLION))
    assert state.official["E"] == Fraction("4.15")
    assert shown(state.prices["E"].carried[0].amount) == "0.008283"
    return issue(state, on(2), 15_000, FREE, E, single(10_020_000))


def test_what_is_compared_with_a_cent(quintus: Charter) -> None:
    together = small_issues(quintus, DEFAULT)
    assert together.official["E"] == Fraction("4.15") * 10_000_000 / 10_035_000
    assert price_of(together) == "4.135526"
    assert together.prices["E"].carried == ()
    alone = small_issues(quintus, INDIVIDUAL)
    assert alone.official["E"] == Fraction("4.15")
    assert alone.prices["E"].exact == together.official["E"]
    assert shown(alone.prices["E"].carried[1].amount, 4) == "0.0062"
    check(alone)


def test_thirty_six_small_issues(quintus: Charter) -> None:
    for readings, official in ((INDIVIDUAL, "4.150000"), (DEFAULT, None)):
        state = start(quintus, readings)
        for month in range(36):
            common = 29_055_000 + 60_000 * month
            day = date(2000 + month // 12, month % 12 + 1, 1)
            state = issue(state, day, 60_000, FREE, E, single(common))
            check(state)
        assert shown(state.prices["E"].exact) == "3.862830"
        gap = state.official["E"] - state.prices["E"].exact
        assert gap < Fraction(1, 100) if official is None else price_of(state) == official
    assert shown(Fraction("4.15") - Fraction("4.15") * 29_055_000 / 31_215_000, 3) == "0.287"


@pytest.mark.parametrize(
    ("reading", "expected"), [(CentComposition.ADDITIVE, "3.855873"), (CentComposition.SHADOW, "3.856624")]
)
def test_how_a_carry_joins_a_later_adjustment(quintus: Charter, reading: CentComposition, expected: str) -> None:
    state = issue(start(quintus, Readings(cent_composition=reading)), on(1), 20_000, FREE, E, single(10 * MILLION))
    state = issue(state, on(2), MILLION, Fraction(MILLION), E, single(10_020_000))
    assert price_of(state) == expected
    assert state.prices["E"].carried == ()


def test_additive_carries_add_up(quintus: Charter) -> None:
    readings = Readings(cent_composition=CentComposition.ADDITIVE, cent_test=CentTest.INDIVIDUAL)
    state = small_issues(quintus, readings)
    first = Fraction("4.15") * 20_000 / 10_020_000
    second = Fraction("4.15") * 15_000 / 10_035_000
    assert [item.amount for item in state.prices["E"].carried] == [first, second]
    state = issue(state, on(3), MILLION, Fraction(MILLION), E, single(10_035_000))
    assert state.official["E"] == (Fraction("4.15") * 10_035_000 + MILLION) / 11_035_000 - first - second


def test_exactly_a_cent_is_made(quintus: Charter) -> None:
    # From 4.15 to 4.14 and to 4.14 + 1/1,000,000: 1 share on 414 free, and a little more than free.
    state = issue(start(quintus), on(1), 1, FREE, E, single(414))
    assert state.official["E"] == Fraction("4.14")
    state = issue(start(quintus), on(1), 1, Fraction(1, 10**6), E, single(414))
    assert state.official["E"] == Fraction("4.15")


def test_two_halves_of_a_cent_are_made_together(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 1, FREE, E, single(829))  # 4.145
    assert [item.amount for item in state.prices["E"].carried] == [Fraction("0.005")]
    state = issue(state, on(2), 1, FREE, E, single(828))  # 4.145 * 828 / 829
    assert state.official["E"] == Fraction("4.14")
    assert state.prices["E"].carried == ()


CARRY = {"E": [Carried(START, Fraction("0.008"))]}


@pytest.mark.parametrize(
    ("readings", "official", "exact"),
    [
        # 8 shares on 8 at 4.145, between the official 4.15 and the exact 4.142.
        (DEFAULT, "4.15", "4.142"),
        (Readings(cent_trigger_price=CentTriggerPrice.SHADOW), "4.15", "4.142"),
        (Readings(cent_composition=CentComposition.ADDITIVE), "4.1395", "4.1395"),
        (
            Readings(cent_composition=CentComposition.ADDITIVE, cent_trigger_price=CentTriggerPrice.SHADOW),
            "4.15",
            "4.142",
        ),
    ],
)
def test_an_issue_between_the_two_prices(quintus: Charter, readings: Readings, official: str, exact: str) -> None:
    state = issue(start(quintus, readings, carried=CARRY), on(1), 8, 8 * Fraction("4.145"), E, single(8))
    assert (state.official["E"], state.prices["E"].exact) == (Fraction(official), Fraction(exact))
    check(state)


def test_an_issue_between_the_two_prices_counts_by_the_exact_one_too(quintus: Charter) -> None:
    # A little below the exact price it adjusts under both readings of the trigger.
    for reading in CentTriggerPrice:
        state = start(quintus, Readings(cent_trigger_price=reading), carried=CARRY)
        assert issue(state, on(1), 8, 8 * Fraction("4.141"), E, single(8)).prices["E"].exact == Fraction("4.1415")


def test_a_carry_larger_than_the_price_is_refused(quintus: Charter) -> None:
    readings = Readings(cent_composition=CentComposition.ADDITIVE)
    state = start(quintus, readings, carried=CARRY)
    with pytest.raises(Forbidden) as refused:
        issue(state, on(1), 10**6, FREE, E, single(1))
    assert refused.value.code == "price_not_positive"


@given(st.lists(st.tuples(st.integers(1, 30), amounts(5)), max_size=6), st.sampled_from(CentTriggerPrice))
def test_the_official_price_stays_within_a_cent(
    quintus: Charter, issues: list[tuple[int, Fraction]], trigger: CentTriggerPrice
) -> None:
    # TH-AD-19, for histories without combinations; TH-AD-01: no issue raises a price.
    state, common = start(quintus, Readings(cent_trigger_price=trigger)), 3000
    for day, (shares, each) in enumerate(issues):
        after = issue(state, on(day), shares, shares * each, SERIES, Outstanding(common, {"E": 7, "F": 2}))
        for name in SERIES:
            assert after.official[name] <= state.official[name]
            assert after.prices[name].exact <= state.prices[name].exact
            assert 0 <= after.official[name] - after.prices[name].exact < Fraction(1, 100)
        check(after)
        state, common = after, common + shares


@given(st.lists(st.tuples(st.integers(1, 30), amounts(5)), max_size=5))
def test_common_events_keep_the_order_of_prices(quintus: Charter, issues: list[tuple[int, Fraction]]) -> None:
    # TH-AD-11, TH-AD-13: exact prices stay ordered, and so do the ratios.
    state, common = start(without_cent(quintus)), 50
    for day, (shares, each) in enumerate(issues):
        state = issue(state, on(day), shares, shares * each, SERIES, Outstanding(common, {"E": 7, "F": 2}))
        common += shares
    prices = [state.official[name] for name in SERIES]
    assert prices == sorted(prices)
    ratios = [series.original_issue_price.value / state.official[series.name] for series in quintus.series]
    assert ratios == sorted(ratios)


def test_the_cent_rule_can_turn_the_order_round(quintus: Charter) -> None:
    # TH-AD-12: at 4.15 the change is below a cent, at 4.155 above.
    state = start(quintus, conversion_prices={"F": Fraction("4.155")})
    state = issue(state, on(1), 3_172, Fraction(3_172), ("E", "F"), single(996_828))
    assert (price_of(state, "E"), price_of(state, "F")) == ("4.150000", "4.144992")


# Three years (AMB-100, AMB-104, AMB-105)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2000, 2, 29), date(2003, 2, 28)),
        (date(2000, 2, 28), date(2003, 2, 28)),
        (date(2000, 3, 1), date(2003, 3, 1)),
        (date(2001, 2, 28), date(2004, 2, 28)),
        (date(1999, 12, 31), date(2002, 12, 31)),
    ],
)
def test_three_years_end_on_the_same_day(since: date, until: date) -> None:
    assert anniversary(since, 3) == until


def test_other_numbers_of_years() -> None:
    assert anniversary(date(2000, 2, 29), 4) == date(2004, 2, 29)
    assert anniversary(date(9998, 1, 1), 3) == date.max


@pytest.mark.parametrize("readings", [DEFAULT, INDIVIDUAL, Readings(cent_composition=CentComposition.ADDITIVE)])
def test_a_held_adjustment_is_made_after_three_years(quintus: Charter, readings: Readings) -> None:
    state = issue(start(quintus, readings), date(2000, 2, 29), 20_000, FREE, E, single(10 * MILLION))
    assert pass_time(state, date(2003, 2, 27)).official["E"] == Fraction("4.15")
    due = pass_time(state, date(2003, 2, 28))
    assert due.official["E"] == due.prices["E"].exact == Fraction("4.15") * 10_000 / 10_020
    (told,) = due.latest
    assert (told.kind, told.on, told.official_before) == ("make_good", date(2003, 2, 28), Fraction("4.15"))
    late = pass_time(state, date(2005, 1, 1))
    assert late.official == due.official
    assert late.latest[0].on == date(2003, 2, 28)


@pytest.mark.parametrize(
    ("reading", "first", "second"),
    [(CentAnniversary.ALL, "4.1355", "4.1355"), (CentAnniversary.ITEM, "4.1417", "4.1355")],
)
def test_what_the_first_anniversary_posts(quintus: Charter, reading: CentAnniversary, first: str, second: str) -> None:
    state = small_issues(quintus, Readings(cent_test=CentTest.INDIVIDUAL, cent_anniversary=reading))
    assert shown(pass_time(state, anniversary(on(1), 3)).official["E"], 4) == first
    assert shown(pass_time(state, anniversary(on(2), 3)).official["E"], 4) == second
    step_by_step = pass_time(pass_time(state, anniversary(on(1), 3)), anniversary(on(2), 3))
    assert step_by_step.prices == pass_time(state, anniversary(on(2), 3)).prices
    assert step_by_step.prices["E"].carried == ()
    check(pass_time(state, anniversary(on(1), 3)))


def test_a_made_good_adjustment_comes_before_that_days_events(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 20_000, FREE, E, single(10 * MILLION))
    due = anniversary(on(1), 3)
    # At 4.145 the issue is below the official price of the day before and above the one of that day.
    state = issue(state, due, MILLION, Fraction("4.145") * MILLION, E, single(10_020_000))
    assert [told.kind for told in state.latest] == ["make_good"]
    assert state.official["E"] == Fraction("4.15") * 10_000 / 10_020


def test_every_call_reports_what_the_day_made_good(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(0), "r", 5, Fraction(5), E, single(10 * MILLION), exercisable=3)
    state = issue(state, on(1), 20_000, FREE, E, single(10 * MILLION))
    due = anniversary(on(1), 3)
    for after in (
        pass_time(state, due),
        issue(state, due, 1, FREE, (), single(1)),
        split(state, due, Fraction(1)),
        exercise_rights(state, due, "r", 1, FREE),
        change_rights(state, due, "r", single(1), exercisable=4),
        expire_rights(state, due, "r"),
        issue_rights(state, due, "s", 1, FREE, (), single(1)),
        issue_rights(state, due, "s", 1, FREE, (), single(1), excluded=True),
    ):
        assert after.latest[0].kind == "make_good"
        assert after.on == due


def test_the_carry_comes_with_the_opening(quintus: Charter) -> None:
    items = [Carried(date(1998, 1, 1), Fraction("0.002")), Carried(date(1997, 1, 1), Fraction("0.003"))]
    state = start(quintus, conversion_prices={"E": Fraction("4.10")}, carried={"E": items})
    assert state.prices["E"].exact == Fraction("4.095")
    check(state)
    due = pass_time(state, date(2000, 1, 1))
    assert due.official["E"] == Fraction("4.095")
    assert [told.on for told in due.latest] == [date(2000, 1, 1)]
    assert pass_time(state, date(1999, 12, 31)).official["E"] == Fraction("4.10")


# AMB-59: rounding


@pytest.mark.parametrize(
    ("reading", "price", "common"),
    [
        (CpRound.EXACT, "0.926589", 9_820_967),
        (CpRound.TEN_THOUSANDTH, "0.9266", 9_820_850),
        (CpRound.CENT, "0.93", 9_784_946),
    ],
)
def test_how_a_price_is_rounded(reading: CpRound, price: str, common: int) -> None:
    before = SeriesPrice(Fraction(1), Fraction(1))
    after = made(before, Fraction("0.926589"), (), Readings(cp_round=reading))
    assert after.official == after.exact == Fraction(price)
    assert shown(9_100_000 / after.official, 0) == str(common)


def test_rounding_never_raises_a_price(quintus: Charter) -> None:
    readings = Readings(cp_round=CpRound.CENT)
    before = SeriesPrice(Fraction("0.926"), Fraction("0.926"))
    assert made(before, Fraction("0.9255"), (), readings).official == Fraction("0.926")  # and not 0.93
    assert made(before, Fraction("0.9345"), (), readings).official == Fraction("0.93")  # a restatement may raise it
    assert made(before, Fraction("0.915"), (), readings).official == Fraction("0.92")  # half a cent goes up


def test_a_price_rounded_to_nothing_is_refused() -> None:
    with pytest.raises(Forbidden, match="nothing"):
        made(SeriesPrice(Fraction(1), Fraction(1)), Fraction("0.004"), (), Readings(cp_round=CpRound.CENT))


def test_a_rounded_price_goes_on_from_there(quintus: Charter) -> None:
    state = start(quintus, Readings(cp_round=CpRound.CENT))
    state = issue(state, on(1), 100, Fraction(100), E, single(900))  # (4.15 * 900 + 100) / 1000 = 3.835
    assert state.official["E"] == Fraction("3.84")
    state = issue(state, on(2), 100, Fraction(100), E, single(900))  # (3.84 * 900 + 100) / 1000 = 3.556
    assert state.official["E"] == state.prices["E"].exact == Fraction("3.56")


def test_rounding_alone_with_one_item_made_good(quintus: Charter) -> None:
    readings = Readings(cp_round=CpRound.CENT, cent_test=CentTest.INDIVIDUAL, cent_anniversary=CentAnniversary.ITEM)
    items = [Carried(date(1997, 1, 1), Fraction("0.008")), Carried(date(1998, 1, 1), Fraction("0.003"))]
    state = pass_time(start(quintus, readings, carried={"E": items}), date(2000, 1, 1))
    assert state.official["E"] == Fraction("4.14")
    assert state.prices["E"].exact == Fraction("4.137")
    check(state)


# Splits, combinations and stock dividends (3(d)(iii), 3(d)(iv))


def test_a_split_divides_every_price(quintus: Charter) -> None:
    state = split(start(quintus), on(1), Fraction(2))
    assert state.official == {s.name: s.original_issue_price.value / 2 for s in quintus.series}
    assert [told.clause for told in state.latest] == ["3(d)(iii)"] * 6
    back = split(state, on(2), Fraction(1, 2))
    assert back.official == start(quintus).official
    assert {told.clause for told in back.latest} == {"3(d)(iv)"}
    assert {price.scale for price in back.prices.values()} == {1}


def test_a_split_divides_what_is_carried(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 20_000, FREE, E, single(10 * MILLION))
    halved = split(state, on(2), Fraction(2))
    assert halved.prices["E"].exact == state.prices["E"].exact / 2
    assert [item.on for item in halved.prices["E"].carried] == [on(1)]
    check(halved)


def test_a_combination_takes_a_carry_past_a_cent(quintus: Charter) -> None:
    # AMB-106: .016566 then waits for the next adjustment; TH-AD-19 fails here.
    state = issue(start(quintus), on(1), 20_000, FREE, E, single(10 * MILLION))
    doubled = split(state, on(2), Fraction(1, 2))
    assert doubled.official["E"] == Fraction("8.30")
    assert shown(doubled.official["E"] - doubled.prices["E"].exact, 6) == "0.016567"
    tiny = issue(doubled, on(3), 1, Fraction("8.29"), E, single(5_010_000))
    assert tiny.official["E"] == doubled.prices["E"].exact  # it triggers, and what is carried is made with it
    assert pass_time(doubled, anniversary(on(1), 3)).official["E"] == doubled.prices["E"].exact


def test_splits_count_from_the_purchase_date(quintus: Charter) -> None:
    state = start(quintus, purchase_dates={"E": on(5)})
    early, late = split(state, on(5), Fraction(2)), split(state, on(6), Fraction(2))
    assert (early.official["E"], late.official["E"]) == (Fraction("4.15"), Fraction("2.075"))
    assert early.official["A"] == late.official["A"] == Fraction("0.5")


def test_a_split_commutes_with_an_issue(quintus: Charter) -> None:
    # TH-AD-22, TH-AD-23: exactly so without the one-cent rule, and not with it.
    def both_ways(charter: Charter) -> tuple[PriceState, PriceState]:
        first = issue(start(charter), on(1), 100_000, FREE, SERIES, full(charter, 10 * MILLION))
        first = split(first, on(2), Fraction(2))
        second = split(start(charter), on(1), Fraction(2))
        return first, issue(second, on(2), 200_000, FREE, SERIES, full(charter, 20 * MILLION))

    first, second = both_ways(without_cent(quintus))
    assert first.official == second.official
    first, second = both_ways(quintus)
    assert shown(2 * (Fraction("2.075") - first.official["E"]), 6) == "0.014234"
    assert second.official["E"] == Fraction("2.075")
    assert shown(second.prices["E"].carried[0].amount, 6) == "0.007117"


@pytest.mark.parametrize(
    ("reading", "expected"),
    [(StockDividendBase.COMMON_ONLY, "0.909091"), (StockDividendBase.FULLY_CONVERTED, "0.966728")],
)
def test_a_stock_dividend(quintus: Charter, reading: StockDividendBase, expected: str) -> None:
    state = start(quintus, Readings(stock_dividend_base=reading))
    assert price_of(stock_dividend(state, on(1), MILLION, full(quintus, 10 * MILLION)), "A") == expected


def test_a_dividend_of_nothing_changes_nothing(quintus: Charter) -> None:
    assert stock_dividend(start(quintus), on(1), 0, single(5)).official == start(quintus).official


def test_a_stock_dividend_that_doubles_the_common_is_a_split(quintus: Charter) -> None:
    dividend = stock_dividend(start(quintus), on(1), 7, single(7))
    assert dividend.prices == split(start(quintus), on(1), Fraction(2)).prices


@pytest.mark.parametrize(("scope", "official"), [(Switch.NO, "0.990099"), (Switch.YES, "1.000000")])
def test_whether_the_cent_rule_reaches_a_stock_dividend(quintus: Charter, scope: Switch, official: str) -> None:
    state = stock_dividend(start(quintus, Readings(cent_scope=scope)), on(1), 100, single(10_000))
    assert price_of(state, "A") == official
    assert shown(1 - state.prices["A"].exact, 6) == "0.009901"
    assert price_of(state, "B") == "1.415842"
    check(state)
    assert price_of(pass_time(state, anniversary(on(1), 3)), "A") == "0.990099"


def test_a_held_dividend_is_made_with_the_next_one(quintus: Charter) -> None:
    for test, official in ((CentTest.CUMULATIVE, Fraction(100, 102)), (CentTest.INDIVIDUAL, Fraction(1))):
        state = start(quintus, Readings(cent_scope=Switch.YES, cent_test=test))
        state = stock_dividend(state, on(1), 100, single(10_000))
        state = stock_dividend(state, on(2), 100, single(10_100))
        assert state.official["A"] == official
        assert state.prices["A"].exact == Fraction(100, 102)
        check(state)


@given(st.lists(positive_amounts(6), max_size=4), st.sampled_from(Switch))
def test_split_factors_compose(quintus: Charter, factors: list[Fraction], scope: Switch) -> None:
    state, whole = start(quintus, Readings(cent_scope=scope)), Fraction(1)
    for day, factor in enumerate(factors):
        state, whole = split(state, on(day), factor), whole * factor
        check(state)
    assert {n: p.exact * whole for n, p in state.prices.items()} == start(quintus).official
    assert state.unit == whole


# AMB-60 to AMB-62: what rights are deemed to issue


@pytest.mark.parametrize(
    ("reading", "at_grant", "vested"),
    [
        (Vesting.RECOMPUTE_ON_VEST, "4.073171", "3.863636"),
        (Vesting.FORWARD_ON_VEST, "4.073171", "3.853745"),
        (Vesting.IGNORE_LATER, "4.073171", "4.073171"),
        (Vesting.COUNT_ALL, "3.863636", "3.863636"),
    ],
)
def test_options_that_vest(quintus: Charter, reading: Vesting, at_grant: str, vested: str) -> None:
    state = start(quintus, Readings(vesting=reading))
    common = single(10 * MILLION)
    state = issue_rights(state, on(1), "r", MILLION, Fraction(1), E, common, exercisable=250_000)
    assert price_of(state) == at_grant
    for quarter in (2, 3, 4):
        state = change_rights(state, on(quarter), "r", common, exercisable=250_000 * quarter)
        check(state)
    assert price_of(state) == vested


def test_vesting_all_at_once_equals_vesting_in_parts(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 9, Fraction(1), E, single(10), exercisable=0)
    assert state.official == start(quintus).official
    for day, exercisable in enumerate((2, 5, 9), start=2):
        state = change_rights(state, on(day), "r", single(10), exercisable=exercisable)
    assert state.official["E"] == (Fraction("4.15") * 10 + 9) / 19


def test_forward_tranches_count_what_is_deemed_issued_before(quintus: Charter) -> None:
    # TH-AD-35: with a base that grows by what is deemed issued, tranches equal the whole.
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST, weighted_average_base=WeightedAverageBase.PLUS_DEEMED)
    state = issue_rights(start(quintus, readings), on(1), "r", 8, Fraction(1), E, single(10), exercisable=2)
    for quarter in (2, 3, 4):
        state = change_rights(state, on(quarter), "r", single(10), exercisable=2 * quarter)
    assert state.official["E"] == (Fraction("4.15") * 10 + 8) / 18
    lapsed = expire_rights(state, on(9), "r")
    assert lapsed.official["E"] == Fraction("4.15")
    assert averaging_base(lapsed, single(10)) == 10


def test_forward_tranches_are_restated_together(quintus: Charter) -> None:
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST)
    state = issue_rights(start(quintus, readings), on(1), "r", 6, Fraction(1), E, single(10), exercisable=2)
    state = change_rights(state, on(2), "r", single(10), exercisable=6)
    state = exercise_rights(state, on(3), "r", 3, Fraction(3))
    state = expire_rights(state, on(4), "r")
    # Two shares of the grant and one of the later tranche were issued, each at 1.
    first = (Fraction("4.15") * 10 + 2) / 12
    assert state.official["E"] == (first * 10 + 1) / 11


@pytest.mark.parametrize(
    ("reading", "expected"),
    [(GrantAlloc.PRO_RATA, "4.075610"), (GrantAlloc.ALL_TO_EXERCISABLE, "4.082927")],
)
def test_the_price_of_the_grant(quintus: Charter, reading: GrantAlloc, expected: str) -> None:
    state = start(quintus, Readings(grant_alloc=reading))
    grant = Fraction(100_000)
    state = issue_rights(state, on(1), "r", MILLION, Fraction(1), E, single(10 * MILLION), 250_000, grant)
    assert price_of(state) == expected
    assert state.log is not None
    entry = state.log.entry
    each = {"4.075610": "1.10", "4.082927": "1.40"}[expected]
    assert entry.consideration / entry.shares == Fraction(each)  # type: ignore[union-attr]


def record(**given: Any) -> Rights:
    """Return a record of ten options at 1 with a grant price of 20."""
    values: dict[str, Any] = {
        "deliverable": 10,
        "exercisable": 4,
        "exercise_price": Fraction(1),
        "grant": Fraction(20),
        "granted": 10,
        "initial": 4,
        "additional_for": E,
        "unit": Fraction(1),
    }
    return Rights(**(values | given))


@pytest.mark.parametrize(
    ("given", "vesting", "alloc", "expected"),
    [
        ({}, Vesting.RECOMPUTE_ON_VEST, GrantAlloc.PRO_RATA, (4, 8 + 4)),
        ({}, Vesting.RECOMPUTE_ON_VEST, GrantAlloc.ALL_TO_EXERCISABLE, (4, 20 + 4)),
        ({}, Vesting.COUNT_ALL, GrantAlloc.PRO_RATA, (10, 20 + 10)),
        ({"exercisable": 0}, Vesting.RECOMPUTE_ON_VEST, GrantAlloc.ALL_TO_EXERCISABLE, (0, 0)),
        ({"exercisable": 10}, Vesting.IGNORE_LATER, GrantAlloc.PRO_RATA, (4, 8 + 4)),
        # Three exercised at 2 in all, one left that can be and six that cannot.
        ({"deliverable": 7, "exercisable": 1, "exercised": 3, "paid": Fraction(6)}, Vesting.RECOMPUTE_ON_VEST,
         GrantAlloc.PRO_RATA, (4, 8 + 6 + 1)),
        ({"deliverable": 7, "exercisable": 1, "exercised": 3, "paid": Fraction(6)}, Vesting.COUNT_ALL,
         GrantAlloc.PRO_RATA, (10, 20 + 6 + 7)),
        # Six exercised, of which the reading counts the first four.
        ({"deliverable": 4, "exercisable": 4, "exercised": 6, "paid": Fraction(12)}, Vesting.IGNORE_LATER,
         GrantAlloc.PRO_RATA, (4, 8 + 8)),
        # Lapsed with three exercised (AMB-109).
        ({"deliverable": 0, "exercisable": 0, "exercised": 3, "paid": Fraction(6)}, Vesting.RECOMPUTE_ON_VEST,
         GrantAlloc.PRO_RATA, (3, 6 + 6)),
        ({"deliverable": 0, "exercisable": 0}, Vesting.COUNT_ALL, GrantAlloc.PRO_RATA, (0, 0)),
    ],
)  # fmt: skip
def test_what_is_deemed_issued(
    given: Mapping[str, Any], vesting: Vesting, alloc: GrantAlloc, expected: tuple[int, int]
) -> None:
    assert deemed_issued(record(**given), Readings(vesting=vesting, grant_alloc=alloc)) == expected


# AMB-63, AMB-64: recomputation


def test_rights_that_lapse_where_vesting_is_ignored(quintus: Charter) -> None:
    # 10 of 40 free rights to 960 count, 30 more vest and are ignored; 20 are exercised. 15 stay, 5 of them exercisable:
    # 20 and 5 count, to 960.
    state = opening(quintus, Readings(vesting=Vesting.IGNORE_LATER), on(0))
    state = issue_rights(state, on(1), "w", 40, FREE, E, single(960), exercisable=10)
    state = change_rights(state, on(2), "w", single(960), exercisable=40)
    assert state.official["E"] == Fraction("4.15") * 960 / 970
    state = expire_rights(exercise_rights(state, on(3), "w", 20, FREE), on(4), "w", 15, 5)
    assert state.official["E"] == Fraction("4.15") * 960 / 985


def test_what_is_carried_of_nothing_is_not_carried(quintus: Charter) -> None:
    held = [Carried(on(0), FREE), Carried(on(2), Fraction(1, 250))]
    state = opening(quintus, DEFAULT, on(3), carried={"E": held})
    assert state.prices["E"].carried == (held[1],)
    assert pass_time(state, anniversary(on(0), 3)).official["E"] == Fraction("4.15")
    assert pass_time(state, anniversary(on(2), 3)).official["E"] == Fraction("4.146")


@pytest.mark.parametrize(
    ("reading", "sold_at", "expected"),
    [
        (Replay.FULL, "2", "3.954545"),
        (Replay.RATIO, "2", "3.968021"),
        (Replay.ADDITIVE, "2", "3.980579"),
        (Replay.NONE, "2", "3.694215"),
        (Replay.FULL, "3.90", "4.127273"),
        (Replay.RATIO, "3.90", "4.150000"),
        (Replay.ADDITIVE, "3.90", "4.150000"),
        (Replay.NONE, "3.90", "3.863636"),
    ],
)
def test_options_that_lapse(quintus: Charter, reading: Replay, sold_at: str, expected: str) -> None:
    common = single(10 * MILLION)
    state = issue_rights(start(quintus, Readings(replay=reading)), on(1), "r", MILLION, Fraction(1), E, common)
    assert price_of(state) == "3.863636"
    state = issue(state, on(2), MILLION, Fraction(sold_at) * MILLION, E, common)
    state = expire_rights(state, on(3), "r")
    assert price_of(state) == expected
    check(state)


@pytest.mark.parametrize("reading", [Replay.FULL, Replay.RATIO, Replay.ADDITIVE])
def test_a_lapse_with_nothing_since_restores_the_price(quintus: Charter, reading: Replay) -> None:
    # TH-AD-26, TH-AD-32
    state = issue_rights(
        start(quintus, Readings(replay=reading)), on(1), "r", 9, Fraction(1), SERIES, full(quintus, 50)
    )
    lapsed = expire_rights(state, on(3), "r")
    assert lapsed.prices == start(quintus).prices
    assert [told.kind for told in lapsed.latest] == ["restatement"] * len(lapsed.latest)


@pytest.mark.parametrize("reading", Replay)
def test_a_lapse_after_full_exercise_changes_nothing(quintus: Charter, reading: Replay) -> None:
    # TH-AD-27
    state = issue_rights(start(quintus, Readings(replay=reading)), on(1), "r", 9, Fraction(1), E, single(50))
    exercised = exercise_rights(state, on(2), "r", 9, Fraction(9))
    assert exercised.prices == state.prices
    assert expire_rights(exercised, on(3), "r").prices == state.prices


@given(st.integers(0, 9), amounts(3), st.sampled_from([Replay.FULL, Replay.RATIO, Replay.ADDITIVE]))
def test_a_lapse_after_partial_exercise(quintus: Charter, exercised: int, price: Fraction, reading: Replay) -> None:
    # TH-AD-28: between the price with all and the price with none; here computed outright.
    charter = without_cent(quintus)
    state = issue_rights(start(charter, Readings(replay=reading)), on(1), "r", 9, price, E, single(50))
    with_all = state.official["E"]
    state = exercise_rights(state, on(2), "r", exercised, exercised * price)
    lapsed = expire_rights(state, on(3), "r").official["E"]
    assert lapsed == (Fraction("4.15") * 50 + exercised * price) / (50 + exercised)
    assert with_all <= lapsed <= Fraction("4.15")


def test_a_repricing_and_an_enlargement(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(2), E, single(10))
    assert state.official["E"] == Fraction("61.5") / 20
    cheaper = change_rights(state, on(2), "r", single(10), exercise_price=Fraction(1))
    assert cheaper.official["E"] == Fraction("51.5") / 20
    dearer = change_rights(cheaper, on(3), "r", single(10), exercise_price=Fraction(5))
    assert dearer.official["E"] == Fraction("4.15")
    larger = change_rights(state, on(2), "r", single(10), deliverable=20, exercisable=20)
    assert larger.official["E"] == Fraction("81.5") / 30
    smaller = change_rights(larger, on(3), "r", single(10), deliverable=5, exercisable=5)
    assert smaller.official["E"] == Fraction("51.5") / 15


def test_what_is_exercised_before_a_repricing_counts_at_what_was_paid(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(2), E, single(10))
    state = exercise_rights(state, on(2), "r", 4, Fraction(8))
    state = change_rights(state, on(3), "r", single(14), exercise_price=Fraction(1))
    assert state.official["E"] == (Fraction("41.5") + 8 + 6) / 20


def test_only_part_of_the_rights_lapses(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(1), E, single(10), grant=Fraction(5))
    state = expire_rights(state, on(2), "r", deliverable=4, exercisable=4)
    assert state.official["E"] == (Fraction("41.5") + 4 + 2) / 14  # AMB-109: 4 of the 10 that the 5 were paid for
    state = expire_rights(state, on(3), "r")
    assert state.official["E"] == Fraction("4.15")


def test_a_lapse_can_lower_a_price_where_there_are_several_series(quintus: Charter) -> None:
    # TH-AD-31: without the options E's price is lower, because fewer shares of F are in the base.
    outstanding = Outstanding(100_000, {"E": 1_000, "F": 1_500_000})
    state = issue_rights(start(quintus), on(1), "r", 10 * MILLION, Fraction("4.05"), SERIES, outstanding)
    state = issue(state, on(2), 2 * MILLION, Fraction(20_000), SERIES, outstanding)
    assert price_of(state) == "2.365527"
    assert price_of(expire_rights(state, on(3), "r")) == "1.850639"


def test_a_replay_looks_only_at_what_came_after(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 100, Fraction(100), E, single(100))
    before = state
    state = issue_rights(state, on(2), "r", 100, Fraction(1), E, single(200))
    state = issue(state, on(3), 100, Fraction(100), E, single(200))
    state = expire_rights(state, on(4), "r")
    assert state.official["E"] == weighted_average(before.official["E"], 200, 100, Fraction(100))


def test_two_rights_restated_in_either_order(quintus: Charter) -> None:
    def run(order: tuple[str, str]) -> PriceState:
        state = issue_rights(start(quintus), on(1), "r", 30, Fraction(1), SERIES, full(quintus, 100))
        state = issue_rights(state, on(2), "s", 50, Fraction(2), SERIES, full(quintus, 100))
        state = issue(state, on(3), 80, Fraction(80), SERIES, full(quintus, 100))
        for day, rights in enumerate(order, start=4):
            state = expire_rights(state, on(day), rights)
        return state

    nothing = issue(start(quintus), on(3), 80, Fraction(80), SERIES, full(quintus, 100))
    for order in (("r", "s"), ("s", "r")):
        exact = {name: price.exact for name, price in run(order).prices.items()}
        assert exact == {name: price.exact for name, price in nothing.prices.items()}


def test_ratio_and_additive_move_by_the_grants_own_effect(quintus: Charter) -> None:
    # Grant, split, lapse: by ratio and by difference the split price comes back whole.
    for reading in (Replay.RATIO, Replay.ADDITIVE):
        state = issue_rights(start(quintus, Readings(replay=reading)), on(1), "r", 5, Fraction(1), E, single(10))
        state = split(state, on(2), Fraction(2))
        assert expire_rights(state, on(3), "r").official["E"] == Fraction("2.075")


def test_a_second_restatement_starts_from_the_first(quintus: Charter) -> None:
    for reading in (Replay.FULL, Replay.RATIO, Replay.ADDITIVE):
        state = issue_rights(start(quintus, Readings(replay=reading)), on(1), "r", 10, Fraction(2), E, single(10))
        for day, price in enumerate((1, 3, 2), start=2):
            state = change_rights(state, on(day), "r", single(10), exercise_price=Fraction(price))
            assert state.official["E"] == (Fraction("41.5") + 10 * price) / 20


def test_a_replay_reruns_the_cent_rule_and_its_trigger(quintus: Charter) -> None:
    # AMB-107. With the options the price is 4.141667 and the sale at 4.145 does not adjust; without, it does.
    state = issue_rights(start(quintus), on(1), "r", 30, Fraction("3.15"), E, single(1000))
    assert state.official["E"] == (Fraction(4150) + Fraction("94.5")) / 1030
    state = issue(state, on(2), 4000, Fraction("4.13") * 4000, E, single(1000))
    assert len(state.latest) == 0
    state = expire_rights(state, on(3), "r")
    assert state.official["E"] == (Fraction(4150) + Fraction("4.13") * 4000) / 5000


# AMB-108: small restatements


def test_a_small_restatement_is_held_from_its_date(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 1000, Fraction(1), E, single(10_000))
    assert state.official["E"] == Fraction("42500") / 11_000
    repriced = change_rights(state, on(2), "r", single(10_000), exercise_price=Fraction("1.05"))
    assert repriced.official["E"] == state.official["E"]
    (item,) = repriced.prices["E"].carried
    assert (item.on, item.amount) == (on(2), Fraction(-50, 11_000))  # it waits to raise the price
    assert pass_time(repriced, anniversary(on(2), 3)).official["E"] == Fraction(42_550, 11_000)
    again = change_rights(repriced, on(3), "r", single(10_000), exercise_price=Fraction("1.15"))
    assert again.official["E"] == Fraction(42_650, 11_000)  # now over a cent, both together
    assert again.prices["E"].carried == ()
    back = change_rights(repriced, on(3), "r", single(10_000), exercise_price=Fraction(1))
    assert back.prices == state.prices


def test_a_held_grant_that_lapses_leaves_nothing(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 20_000, FREE, E, single(10 * MILLION))
    assert len(state.prices["E"].carried) == 1
    assert expire_rights(state, on(2), "r").prices == start(quintus).prices


def test_a_restatement_makes_all_that_is_carried(quintus: Charter) -> None:
    state = issue(start(quintus), on(1), 20_000, FREE, E, single(10 * MILLION))
    exact = state.prices["E"].exact
    state = issue_rights(state, on(2), "r", MILLION, Fraction(1), E, single(10_020_000))
    assert state.prices["E"].carried == ()
    state = expire_rights(state, on(3), "r")
    assert state.prices["E"].official == state.prices["E"].exact == exact


def test_small_restatements_one_by_one(quintus: Charter) -> None:
    readings = INDIVIDUAL
    state = issue_rights(start(quintus, readings), on(1), "r", 1000, Fraction(1), E, single(10_000))
    official = state.official["E"]
    for day, price in enumerate(("1.05", "1.10", "1.15"), start=2):
        state = change_rights(state, on(day), "r", single(10_000), exercise_price=Fraction(price))
        assert state.official["E"] == official
        check(state)
    assert state.prices["E"].exact == Fraction(42_650, 11_000)
    # An issue lowers the price a little; the whole stays a raise, which only restatements may bring.
    raised = pass_time(state, anniversary(on(2), 3))
    assert raised.official["E"] == Fraction(42_650, 11_000)


def test_an_issue_takes_a_waiting_raise_into_account(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 1000, Fraction(1), E, single(10_000))
    before = state.official["E"]
    state = change_rights(state, on(2), "r", single(10_000), exercise_price=Fraction("1.05"))
    exact = state.prices["E"].exact
    state = issue(state, on(3), 1000, Fraction(1000), E, single(10_000))
    assert state.official["E"] == weighted_average(exact, 10_000, 1000, Fraction(1000)) < before


# AMB-60, AMB-63: what is no vesting is restated, whatever the reading of vesting


@pytest.mark.parametrize("reading", Vesting)
@pytest.mark.parametrize(("price", "paid"), [(1, 10), (3, 30)], ids=["cheaper", "dearer"])
def test_another_price_is_no_vesting(quintus: Charter, reading: Vesting, price: int, paid: int) -> None:
    state = issue_rights(start(quintus, Readings(vesting=reading)), on(1), "r", 10, Fraction(2), E, single(10))
    state = change_rights(state, on(2), "r", single(10), exercise_price=Fraction(price))
    assert state.official["E"] == (Fraction("41.5") + paid) / 20


@pytest.mark.parametrize("reading", [Vesting.RECOMPUTE_ON_VEST, Vesting.FORWARD_ON_VEST])
def test_that_less_is_exercisable_is_no_vesting(quintus: Charter, reading: Vesting) -> None:
    readings = Readings(vesting=reading)
    state = issue_rights(start(quintus, readings), on(1), "r", 10, Fraction(1), E, single(10), exercisable=5)
    state = change_rights(state, on(2), "r", single(10), exercisable=2)
    assert state.official["E"] == (Fraction("41.5") + 2) / 12


@pytest.mark.parametrize("reading", [Vesting.RECOMPUTE_ON_VEST, Vesting.FORWARD_ON_VEST])
def test_that_less_is_deliverable_is_no_vesting(quintus: Charter, reading: Vesting) -> None:
    """AMB-61: the 20 for the grant are then for eight shares, 2.50 each, of which four count."""
    readings = Readings(vesting=reading)
    state = issue_rights(start(quintus, readings), on(1), "r", 10, Fraction(1), E, single(10), 4, Fraction(20))
    assert state.official["E"] == (Fraction("41.5") + 4 + 8) / 14
    state = change_rights(state, on(2), "r", single(10), deliverable=8)
    assert state.official["E"] == (Fraction("41.5") + 4 + 10) / 14


def test_another_price_leaves_the_grant_spread_as_it_is(quintus: Charter) -> None:
    """AMB-109: after the lapse of six of ten, four of them still bear four tenths of the price of the grant."""
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(1), E, single(10), grant=Fraction(5))
    state = expire_rights(state, on(2), "r", deliverable=4, exercisable=4)
    state = change_rights(state, on(3), "r", single(10), exercise_price=Fraction(2))
    assert state.official["E"] == (Fraction("41.5") + 8 + 2) / 14


def test_what_is_left_need_not_be_exercisable(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(1), E, single(10))
    state = expire_rights(state, on(2), "r", deliverable=4, exercisable=2)
    assert state.official["E"] == (Fraction("41.5") + 2) / 12


@pytest.mark.parametrize(("larger", "other"), [("a", "b"), ("b", "a")])
def test_rights_restated_leave_the_others_as_they_are(quintus: Charter, larger: str, other: str) -> None:
    """3(d)(i)(E)(3): ten become twenty, and the five of the other name stay five, whatever the names."""
    state = issue_rights(start(quintus), on(1), larger, 10, Fraction(1), E, single(10))
    state = issue_rights(state, on(2), other, 5, Fraction(1), E, single(10))
    assert state.official["E"] == ((Fraction("41.5") + 10) / 20 * 10 + 5) / 15
    state = change_rights(state, on(3), larger, single(10), deliverable=20, exercisable=20)
    assert state.official["E"] == ((Fraction("41.5") + 20) / 30 * 10 + 5) / 15


def test_every_tranche_is_restated_by_ratio(quintus: Charter) -> None:
    """AMB-63: a lapse takes the effect of both tranches back, whatever came between them."""
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST, replay=Replay.RATIO)
    state = issue_rights(start(quintus, readings), on(1), "r", 6, Fraction(1), E, single(10), exercisable=2)
    state = issue(state, on(2), 10, Fraction(90), E, single(10))
    state = change_rights(state, on(3), "r", single(20), exercisable=6)
    assert state.official["E"] == ((Fraction("41.5") + 2) / 12 * 20 + 4) / 24
    assert expire_rights(state, on(4), "r").official["E"] == Fraction("4.15")


@pytest.mark.parametrize("reading", [Replay.FULL, Replay.RATIO, Replay.ADDITIVE])
def test_a_price_of_nothing_has_no_ratio(quintus: Charter, reading: Replay) -> None:
    """Free rights on no shares leave nothing of half a cent, which is held; by ratio it does not come back."""
    state = start(quintus, Readings(replay=reading), conversion_prices={"E": Fraction("0.005")})
    state = issue_rights(state, on(1), "r", 10, FREE, E, single(0))
    assert (state.official["E"], state.prices["E"].exact) == (Fraction("0.005"), 0)
    if reading is Replay.RATIO:
        with pytest.raises(Forbidden) as refused:
            expire_rights(state, on(2), "r")
        assert refused.value.code == "price_not_positive"
    else:
        assert expire_rights(state, on(2), "r").prices["E"] == SeriesPrice(Fraction("0.005"), Fraction("0.005"))


def test_an_exact_price_below_nothing_has_a_ratio(quintus: Charter) -> None:
    """Changes of the price in effect add up to more than it, each below a cent; a lapse takes the last one back."""
    readings = Readings(replay=Replay.RATIO, cent_composition=CentComposition.ADDITIVE, cent_test=CentTest.INDIVIDUAL)
    opened = start(quintus, readings, conversion_prices={"E": Fraction("0.009")}, carried=CARRY)
    state = issue_rights(opened, on(1), "r", 10, FREE, E, single(10))
    assert (state.official["E"], state.prices["E"].exact) == (Fraction("0.009"), Fraction("-0.0035"))
    lapsed = expire_rights(state, on(2), "r").prices["E"]
    assert (lapsed.official, lapsed.exact) == (Fraction("0.009"), Fraction("0.001"))


def test_other_rights_that_left_nothing_bar_no_restatement(quintus: Charter) -> None:
    """By ratio only the entries of the rights concerned are looked at again; these ones had no effect."""
    state = start(quintus, Readings(replay=Replay.RATIO), conversion_prices={"E": Fraction("0.005")})
    state = issue_rights(state, on(1), "r", 10, Fraction(9), E, single(10))
    state = issue_rights(state, on(2), "s", 10, FREE, E, single(0))
    assert state.prices["E"].exact == 0
    assert expire_rights(state, on(3), "r").prices == state.prices


@pytest.mark.parametrize("reading", [Replay.RATIO, Replay.ADDITIVE])
def test_a_restatement_adds_one_entry_to_the_log(quintus: Charter, reading: Replay) -> None:
    state = issue_rights(start(quintus, Readings(replay=reading)), on(1), "r", 6, Fraction(1), E, single(10))
    state = issue(state, on(2), 10, Fraction(90), E, single(10))
    state = expire_rights(state, on(3), "r")
    found, node = [], state.log
    while node is not None:
        found.append(type(node.entry).__name__)
        node = node.before.log
    assert found == ["Restated", "Issuance", "Deemed"]


# AMB-110: units


def test_rights_granted_after_a_split(quintus: Charter) -> None:
    """Their shares are those of the grant, after the split: nothing of them scales with it."""
    for reading in (Replay.FULL, Replay.RATIO, Replay.ADDITIVE):
        state = split(start(quintus, Readings(replay=reading)), on(1), Fraction(2))
        state = issue_rights(state, on(2), "r", 10, Fraction(1), E, single(20))
        assert state.official["E"] == (Fraction("41.5") + 10) / 30
        exercised = exercise_rights(state, on(3), "r", 4, Fraction(4))
        assert (exercised.rights["r"].deliverable, exercised.rights["r"].exercised) == (6, 4)
        fewer = expire_rights(exercised, on(4), "r", deliverable=3, exercisable=2)
        assert fewer.official["E"] == (Fraction("41.5") + 6) / 26
        assert expire_rights(state, on(3), "r").official["E"] == Fraction("2.075")


@pytest.mark.parametrize("replay", Replay)
def test_rights_granted_after_a_split_in_the_base(quintus: Charter, replay: Replay) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED, replay=replay)
    state = split(start(quintus, readings), on(1), Fraction(2))
    state = issue_rights(state, on(2), "r", 10, Fraction(9), E, single(20))
    assert averaging_base(state, single(20)) == 30
    state = exercise_rights(state, on(3), "r", 4, Fraction(36))
    state = expire_rights(state, on(4), "r", deliverable=3, exercisable=3)
    assert averaging_base(state, single(24)) == 27


def test_forward_tranches_of_a_grant_after_a_split(quintus: Charter) -> None:
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST)
    state = split(start(quintus, readings), on(1), Fraction(2))
    state = issue_rights(state, on(2), "r", 10, Fraction(1), E, single(10), exercisable=5)
    state = change_rights(state, on(3), "r", single(20), exercisable=10)
    state = exercise_rights(state, on(4), "r", 7, Fraction(7))
    state = expire_rights(state, on(5), "r")
    # Five of the seven are of the grant, two of the later tranche.
    first = (Fraction("20.75") + 5) / 15
    assert state.official["E"] == (first * 20 + 2) / 22


def test_rights_scale_with_splits(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(2), E, single(10))
    state = split(state, on(2), Fraction(2))
    assert state.official["E"] == Fraction("61.5") / 40
    # Twenty options at 1 now: four exercised for 4 are two of the grant at 2 each.
    state = exercise_rights(state, on(3), "r", 4, Fraction(4))
    lapsed = expire_rights(state, on(4), "r", deliverable=6, exercisable=6)
    assert lapsed.official["E"] == (Fraction("41.5") + 10) / 15 / 2
    repriced = change_rights(state, on(4), "r", single(24), exercise_price=Fraction("0.5"))
    assert repriced.official["E"] == (Fraction("41.5") + 4 + 8) / 20 / 2
    with pytest.raises(Forbidden, match="exercisable"):
        exercise_rights(state, on(3), "r", 17, Fraction(17))
    assert exercise_rights(state, on(3), "r", 16, Fraction(16)).rights["r"].deliverable == 0


def test_vesting_after_a_split(quintus: Charter) -> None:
    for reading in (Vesting.RECOMPUTE_ON_VEST, Vesting.FORWARD_ON_VEST):
        state = start(quintus, Readings(vesting=reading))
        state = issue_rights(state, on(1), "r", 10, Fraction(2), E, single(10), exercisable=5)
        state = split(state, on(2), Fraction(2))
        state = change_rights(state, on(3), "r", single(20), exercisable=20)
        grant = (Fraction("41.5") + 10) / 15
        if reading is Vesting.RECOMPUTE_ON_VEST:
            assert state.official["E"] == (Fraction("41.5") + 20) / 20 / 2
        else:
            assert state.official["E"] == (grant / 2 * 20 + 10) / 30
        assert expire_rights(state, on(4), "r").official["E"] == Fraction("2.075")


# The fold as a whole


def test_a_charter_without_the_section_adjusts_nothing(family: Charter) -> None:
    names = tuple(series.name for series in family.series)
    state = start(family)
    state = issue(state, on(1), 5, FREE, names, single(5))
    state = issue_rights(state, on(2), "r", 5, FREE, names, single(5), exercisable=1)
    state = change_rights(state, on(3), "r", single(5), exercisable=2)
    state = expire_rights(split(state, on(4), Fraction(2)), on(5), "r")
    assert pass_time(state, on(9999)).official == start(family).official


def test_states_are_values(quintus: Charter) -> None:
    state = start(quintus)
    issue(state, on(1), 5, FREE, SERIES, single(5))
    issue_rights(state, on(1), "r", 5, FREE, SERIES, single(5))
    assert state == start(quintus)


def test_states_are_the_same_whatever_led_to_them(quintus: Charter) -> None:
    """An issue above every price leaves what the passing of time leaves, but for the entry in the log."""
    issued, waited = issue(start(quintus), on(1), 5, Fraction(99), SERIES, single(5)), pass_time(start(quintus), on(1))
    assert issued.log is not None
    assert waited.log is None
    assert issued == waited


def test_ten_thousand_issues_that_adjust_nothing(quintus: Charter) -> None:
    state = start(quintus)
    for number in range(10_000):
        state = issue(state, on(number), 1, Fraction(9), SERIES, single(1000 + number))
    assert state.official == start(quintus).official


def test_a_change_after_many_issues_is_one_replay(quintus: Charter) -> None:
    state = start(quintus)
    for number in range(2000):
        state = issue(state, on(number), 1, Fraction(9), SERIES, single(1000 + number))
    state = issue_rights(state, on(2000), "r", 10, Fraction(1), E, single(3000))
    for vested in range(200):
        state = change_rights(state, on(2001 + vested), "r", single(3000), exercise_price=Fraction(1 + vested % 2))
    assert state.official["E"] < Fraction("4.15")


STEP = st.sampled_from(["issue", "grant", "vest", "reprice", "exercise", "lapse", "split", "dividend", "wait"])


@examples(60)
@given(
    st.lists(st.tuples(STEP, st.integers(1, 4), amounts(6)), max_size=8),
    st.builds(
        Readings,
        cent_test=st.sampled_from(CentTest),
        cent_anniversary=st.sampled_from(CentAnniversary),
        cent_scope=st.sampled_from(Switch),
        cp_round=st.sampled_from([CpRound.EXACT, CpRound.TEN_THOUSANDTH]),
        vesting=st.sampled_from(Vesting),
        grant_alloc=st.sampled_from(GrantAlloc),
        replay=st.sampled_from([Replay.FULL, Replay.RATIO, Replay.NONE]),
        weighted_average_base=st.sampled_from(WeightedAverageBase),
        same_day_issues=st.sampled_from(SameDayIssues),
    ),
)
def test_any_history_keeps_the_books(
    quintus: Charter, steps: list[tuple[str, int, Fraction]], readings: Readings
) -> None:
    state, day, common, granted = start(quintus, readings), 0, 200, 0
    for step, count, amount in steps:
        day += count if step != "wait" else 400 * count
        here = Outstanding(common, {"E": 7, "F": 3}, options=granted)
        held = state.rights.get(f"r{granted}")
        state = pass_time(state, on(day))
        if step == "issue":
            state, common = issue(state, on(day), count, count * amount, SERIES, here), common + count
        elif step == "grant":
            granted += 1
            state = issue_rights(
                state, on(day), f"r{granted}", 4, amount, SERIES, here, exercisable=count - 1, grant=Fraction(count)
            )
        elif step == "split":
            state = split(state, on(day), Fraction(count, 2))
            common = common * count
        elif step == "dividend":
            state, common = stock_dividend(state, on(day), count, here), common + count
        elif held is not None and step == "vest":
            state = change_rights(
                state, on(day), f"r{granted}", here, exercisable=held.deliverable * state.unit / held.unit
            )
        elif held is not None and step == "reprice":
            state = change_rights(state, on(day), f"r{granted}", here, exercise_price=amount)
        elif held is not None and step == "exercise":
            shares = held.exercisable * state.unit / held.unit / 2
            state = exercise_rights(state, on(day), f"r{granted}", shares, shares * amount)
        elif held is not None and step == "lapse":
            state = expire_rights(state, on(day), f"r{granted}")
        check(state)
        for told in state.latest:
            if told.kind in ("issuance", "deemed_issuance"):
                assert told.after <= told.before


# An independent account: everything from the start, with the rights as they ended up


def naive(charter: Charter, steps: list[tuple[Any, ...]], ended: Mapping[str, tuple[Any, Any]]) -> dict[str, Fraction]:
    """Return the prices by one plain pass, without the one-cent rule.

    steps: ("shares", n, paid, common, preferred), ("rights", name, common, preferred) or ("split", k); ended: for
    each name of rights, the shares and dollars that they count for in the end, in the units of their grant.
    """
    initial = {series.name: series.original_issue_price.value for series in charter.series}
    prices = dict(initial)
    for step in steps:
        if step[0] == "split":
            prices = {name: price / step[1] for name, price in prices.items()}
            continue
        shares, paid = ended[step[1]] if step[0] == "rights" else step[1:3]
        base = step[-2] + sum(count * initial[name] / prices[name] for name, count in step[-1].items())
        if shares > 0:
            each = Fraction(paid) / shares
            prices = {
                name: (price * base + paid) / (base + shares) if each < price else price
                for name, price in prices.items()
            }
    return prices


KINDS = st.sampled_from(["issue", "grant", "reprice", "exercise", "lapse", "split"])


@examples(120)
@given(st.lists(st.tuples(KINDS, st.integers(1, 4), amounts(6)), max_size=10))
def test_a_full_replay_is_one_plain_pass(quintus: Charter, steps: list[tuple[str, int, Fraction]]) -> None:
    charter = without_cent(quintus)
    state, common, preferred = start(charter), Fraction(20), {"A": 9, "E": 7, "F": 3}
    plain: list[tuple[Any, ...]] = []
    book: dict[str, dict[str, Fraction]] = {}
    for day, (step, count, amount) in enumerate(steps):
        here = Outstanding(common, preferred)
        name = f"r{count}"
        own = book.get(name)
        if step == "issue":
            state = issue(state, on(day), count, count * amount, SERIES, here)
            plain.append(("shares", count, count * amount, common, preferred))
            common += count
        elif step == "split":
            factor = Fraction(count, 2)
            state, common = split(state, on(day), factor), common * factor
            plain.append(("split", factor))
            for other in book.values():
                other["unit"] *= factor
        elif step == "grant" and own is None:
            state = issue_rights(state, on(day), name, 6, amount, SERIES, here)
            plain.append(("rights", name, common, preferred))
            book[name] = {
                "left": Fraction(6),
                "price": amount,
                "issued": Fraction(0),
                "paid": FREE,
                "unit": Fraction(1),
            }
        elif step == "reprice" and own is not None:
            state = change_rights(state, on(day), name, here, exercise_price=amount)
            own["price"] = amount * own["unit"]
        elif step == "exercise" and own is not None:
            taken = own["left"] / 2
            state = exercise_rights(state, on(day), name, taken * own["unit"], taken * own["price"])
            own["left"], own["issued"], own["paid"] = (
                own["left"] - taken,
                own["issued"] + taken,
                own["paid"] + taken * own["price"],
            )
            common += taken * own["unit"]
        elif step == "lapse" and own is not None:
            state = expire_rights(state, on(day), name)
            own["left"] = FREE
        ended = {n: (o["issued"] + o["left"], o["paid"] + o["left"] * o["price"]) for n, o in book.items()}
        assert state.official == naive(charter, plain, ended)


@given(
    st.integers(1, 9), amounts(5), st.lists(st.tuples(st.integers(1, 9), amounts(5)), max_size=4), st.integers(0, 30)
)
def test_with_one_series_a_lapse_never_lowers_its_price(
    quintus: Charter, options: int, price: Fraction, later: list[tuple[int, Fraction]], held: int
) -> None:
    # TH-AD-30 and TH-AD-34, with the series' own shares in the base.
    charter = without_cent(quintus)
    state, common = start(charter), 10
    before = state.official["E"]
    state = issue_rights(state, on(1), "r", options, price, E, Outstanding(common, {"E": held}))
    for day, (shares, each) in enumerate(later, start=2):
        state = issue(state, on(day), shares, shares * each, E, Outstanding(common, {"E": held}))
        common += shares
    lapsed = expire_rights(state, on(99), "r")
    assert state.official["E"] <= lapsed.official["E"] <= before


@given(st.integers(1, 40), st.integers(1, 400), amounts(4))
def test_additive_is_at_most_shadow(quintus: Charter, first: int, second: int, each: Fraction) -> None:
    # TH-AD-21: the gap is at most what was carried times n / (N + n), where the price is below both.
    found = {}
    for composition in CentComposition:
        state = start(quintus, Readings(cent_composition=composition))
        state = issue(state, on(1), first, FREE, E, single(20_000))
        carried = sum(item.amount for item in state.prices["E"].carried)
        state = issue(state, on(2), second, second * each, E, single(20_000 + first))
        found[composition] = state.prices["E"].exact
    gap = found[CentComposition.SHADOW] - found[CentComposition.ADDITIVE]
    assert 0 <= gap <= carried * Fraction(second, 20_000 + first + second)


def test_purchase_dates_that_become_known_later(quintus: Charter) -> None:
    # F is first sold on the fifth day; until then nothing counts for it, and a replay knows that too.
    state = start(quintus, purchase_dates={"F": date.max})
    state = issue_rights(state, on(1), "r", 10, Fraction(1), SERIES, single(10))
    state = replace(split(state, on(2), Fraction(2)), purchase_dates={"F": on(5)})
    state = issue(state, on(5), 5, FREE, SERIES, single(20))
    assert state.official["F"] == Fraction("8.25")
    state = issue(state, on(6), 5, FREE, SERIES, single(25))
    assert state.official["F"] == Fraction("8.25") * 25 / 30
    lapsed = expire_rights(state, on(7), "r")
    assert lapsed.official["F"] == Fraction("8.25") * 25 / 30
    assert lapsed.official["E"] == Fraction("2.075") * 20 / 25 * 25 / 30


def test_whole_numbers_stay_exact(quintus: Charter) -> None:
    state = start(quintus, conversion_prices={"E": 4})
    state = issue(state, on(1), 1, 1, E, single(2))  # type: ignore[arg-type]
    assert state.official["E"] == 3
    check(state)


def test_rights_that_are_used_up_do_not_change(quintus: Charter) -> None:
    held = issue_rights(start(quintus), on(1), "r", 5, Fraction(1), E, single(100))
    for ended in (expire_rights(held, on(2), "r"), exercise_rights(held, on(2), "r", 5, Fraction(5))):
        with pytest.raises(Forbidden) as refused:
            change_rights(ended, on(3), "r", single(100), deliverable=5)
        assert refused.value.code == "rights_ended"
        assert expire_rights(ended, on(3), "r").official == ended.official


def test_a_restatement_leaves_other_series_alone(quintus: Charter) -> None:
    # F carries more than a cent after a combination; a lapse that concerns E alone does not make it (AMB-106).
    carried = {"F": [Carried(START, Fraction("0.008"))]}
    state = split(start(quintus, carried=carried), on(1), Fraction(1, 2))
    state = issue_rights(state, on(2), "r", 10, Fraction(1), E, single(10))
    lapsed = expire_rights(state, on(3), "r")
    assert [told.series for told in lapsed.latest] == ["E"]
    assert lapsed.prices["F"] == state.prices["F"]


def test_an_enlargement_spreads_the_price_of_the_grant(quintus: Charter) -> None:
    state = issue_rights(start(quintus), on(1), "r", 10, Fraction(1), E, single(10), 5, Fraction(20))
    assert state.official["E"] == (Fraction("41.5") + 5 + 10) / 15
    state = change_rights(state, on(2), "r", single(10), deliverable=20)
    assert state.official["E"] == (Fraction("41.5") + 5 + 5) / 15
    state = change_rights(state, on(3), "r", single(10), deliverable=40, exercisable=40)
    assert state.official["E"] == (Fraction("41.5") + 40 + 20) / 50


def test_an_enlargement_belongs_to_the_grant(quintus: Charter) -> None:
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST)
    state = issue_rights(start(quintus, readings), on(1), "r", 6, Fraction(1), E, single(10), exercisable=2)
    state = change_rights(state, on(2), "r", single(20), exercisable=6)
    state = change_rights(state, on(3), "r", single(20), deliverable=11, exercisable=11)
    first = (Fraction("41.5") + 7) / 17  # two, and five more
    assert state.official["E"] == (first * 20 + 4) / 24


def test_forward_tranches_after_a_split_that_are_partly_exercised(quintus: Charter) -> None:
    readings = Readings(vesting=Vesting.FORWARD_ON_VEST)
    state = issue_rights(start(quintus, readings), on(1), "r", 10, Fraction(2), E, single(10), exercisable=5)
    state = split(state, on(2), Fraction(2))
    state = change_rights(state, on(3), "r", single(20), exercisable=20)
    state = exercise_rights(state, on(4), "r", 14, Fraction(14))
    state = expire_rights(state, on(5), "r")
    # Seven of the grant's shares: five at first, and two that are four after the split.
    first = (Fraction("41.5") + 10) / 15 / 2
    assert state.official["E"] == (first * 20 + 4) / 24


def test_a_replay_makes_good_up_to_its_day(quintus: Charter) -> None:
    state = start(quintus, Readings(cp_round=CpRound.CENT))
    state = issue_rights(state, on(0), "r", 10, Fraction(9), E, single(1))
    state = issue(state, on(1), 1, FREE, E, single(1000))
    state = pass_time(state, anniversary(on(1), 3))
    assert state.official["E"] == state.prices["E"].exact == Fraction("4.15")  # 4.14585 rounded
    lapsed = expire_rights(state, anniversary(on(1), 3), "r")
    assert lapsed.latest == ()
    assert lapsed.prices == state.prices


@pytest.mark.parametrize("replay", [Replay.RATIO, Replay.ADDITIVE, Replay.NONE])
def test_restated_rights_in_the_base_after_a_split(quintus: Charter, replay: Replay) -> None:
    readings = Readings(weighted_average_base=WeightedAverageBase.PLUS_DEEMED, replay=replay)
    state = issue_rights(start(quintus, readings), on(1), "r", 4, Fraction(1), SERIES, single(100), exercisable=3)
    state = split(state, on(2), Fraction(3))
    assert averaging_base(state, single(300)) == 309
    state = exercise_rights(state, on(3), "r", 3, Fraction(1))
    state = change_rights(state, on(4), "r", single(303), exercisable=9)
    assert averaging_base(state, single(303)) == 312


def test_a_dividend_alone_is_measured_on_the_price_in_effect(quintus: Charter) -> None:
    # .00995 of the official 1.01 is over a cent, of the exact 1.005 just below.
    readings = Readings(cent_scope=Switch.YES, cent_test=CentTest.INDIVIDUAL)
    carried = {"A": [Carried(START, Fraction("0.005"))]}
    state = start(quintus, readings, conversion_prices={"A": Fraction("1.01")}, carried=carried)
    state = stock_dividend(state, on(1), 995, single(100_000 - 995))
    assert state.official["A"] == state.prices["A"].exact == Fraction("1.005") * Fraction("0.99005")


def test_the_book_of_many_rights_is_that_of_a_dict(quintus: Charter) -> None:
    """It keeps the order of issue, and the log keeps no copy of it for each entry."""
    state, plain = start(quintus), dict[str, Number]()
    for place in range(200):
        name = f"r{place}"
        state = issue_rights(state, on(1), name, place + 1, Fraction(9), SERIES, single(100))
        plain[name] = place + 1
        if place % 3 == 0:
            changed = f"r{place // 2}"
            state = exercise_rights(state, on(1), changed, 1, Fraction(9))
            plain[changed] = plain[changed] - 1
        assert len(state.rights) == len(plain)
    assert {name: own.deliverable for name, own in state.rights.items()} == plain
    assert list(state.rights) == list(plain)
    assert state.rights == dict(state.rights)
    assert state.log is not None
    assert not state.log.before.rights
    with pytest.raises(KeyError):
        state.rights["none"]


def test_a_series_that_never_converts_is_not_in_the_base(quintus: Charter) -> None:
    never = replace(quintus.series_named("A"), conversion=ConversionRight("none", "3(a)"), cash_amount=None)
    charter = replace(quintus, series=(never, *quintus.series[1:]))
    state = opening(charter, Readings(), date(1999, 8, 24))
    assert averaging_base(state, Outstanding(10, {"A": 7, "B": 3})) == 13


# One price: the cent at its edge, and the calendar's last year


@pytest.mark.parametrize("price", ["3.98", "3.99", "4.01", "4.02"])
@pytest.mark.parametrize("test", CentTest)
def test_a_split_that_changes_a_price_by_a_cent_or_more_is_made(test: CentTest, price: str) -> None:
    old, new = SeriesPrice(Fraction(4), Fraction(4)), Fraction(price)
    found = scaled(old, 4 / new, START, Fraction(1, 100), Readings(cent_scope=Switch.YES, cent_test=test))
    assert (found.official, found.exact, found.carried) == (new, new, ())


@pytest.mark.parametrize(("price", "carry"), [("3.996", "0.004"), ("4.004", "-0.004")])
def test_a_split_that_changes_a_price_by_less_than_a_cent_is_carried(price: str, carry: str) -> None:
    old, new = SeriesPrice(Fraction(4), Fraction(4)), Fraction(price)
    found = scaled(old, 4 / new, START, Fraction(1, 100), Readings(cent_scope=Switch.YES))
    assert (found.official, found.exact, found.carried) == (4, new, (Carried(START, Fraction(carry)),))


def test_rounding_does_not_raise_a_price_that_stays() -> None:
    price = Fraction("0.996")
    assert made(SeriesPrice(price, price), price, (), Readings(cp_round=CpRound.CENT)).official == price


def test_an_anniversary_in_the_last_year_of_the_calendar() -> None:
    assert anniversary(date(9996, 5, 5), 3) == date(9999, 5, 5)
    assert anniversary(date(9996, 5, 5), 4) == date.max


def test_what_is_outstanding_unless_more_is_said(quintus: Charter) -> None:
    waiting = start(quintus, Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED))
    assert averaging_base(waiting, Outstanding(100, {"A": 10})) == 100
    assert averaging_base(waiting, Outstanding(100, {"A": 10}, elected=True)) == 110
    widest = start(quintus, Readings(weighted_average_base=WeightedAverageBase.PLUS_ALL_OPTIONS))
    assert averaging_base(widest, Outstanding(100)) == 100
