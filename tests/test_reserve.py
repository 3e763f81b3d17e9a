"""Authorised stock and reserve, sections IV.A, IV.B and 3(i), and what an offering needs beyond it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.antidilution import Outstanding, issue, opening, split
from reference.charter import COMMON, Charter, Figure
from reference.position import Position, full_issuance
from reference.readings import EFloor, Readings, Switch
from reference.refusal import Forbidden
from reference.reserve import headroom, lowest_offering_price, offering_reserve, reserve
from tests import strategies
from tests.strategies import FAMILY, positive_amounts

DEFAULT = Readings()
MILLION = 10**6
TINY = Fraction(1, 10**9)


def shown(amount: Fraction, digits: int = 3) -> str:
    """Return an amount rounded to some digits, as the register prints it."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


# 3(i)


def test_full_issuance_needs_one_common_a_share(quintus: Charter) -> None:
    found = reserve(full_issuance(quintus, 10 * MILLION), DEFAULT)
    assert found.needed == {
        "A": 9_100_000,
        "B": 1_000_000,
        "C": 3_000_000,
        "D": 1_455_000,
        "E": 3_000_000,
        "F": 1_500_000,
    }
    assert (found.total_needed, found.available) == (19_055_000, 30_000_000)
    assert (found.shortfall, found.unreserved) == (0, 10_945_000)


@pytest.mark.parametrize(
    ("common", "shortfall", "unreserved"),
    [(20_944_999, 0, 1), (20_945_000, 0, 0), (20_945_001, 1, 0), (40_000_000, 19_055_000, 0)],
)
def test_the_reserve_to_the_share(quintus: Charter, common: int, shortfall: int, unreserved: int) -> None:
    found = reserve(full_issuance(quintus, common), DEFAULT)
    assert (found.shortfall, found.unreserved) == (shortfall, unreserved)


def test_nothing_outstanding(quintus: Charter) -> None:
    found = reserve(Position(quintus, {}), DEFAULT)
    assert (found.total_needed, found.shortfall, found.unreserved) == (0, 0, 40 * MILLION)


def test_the_needs_are_exact(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, COMMON: 39_999_999}, conversion_prices={"E": Fraction("2.49")})
    assert reserve(position, DEFAULT).needed["E"] == Fraction(5, 3)
    assert reserve(position, DEFAULT).shortfall == Fraction(2, 3)


def test_a_split_of_the_preferred(quintus: Charter) -> None:
    # Six million E after a split need what three million did, unless the issue price stays as it was (AMB-31).
    position = Position(quintus, {"E": 6 * MILLION}, preferred_splits={"E": Fraction(2)})
    position = replace(position, conversion_prices={"E": Fraction("4.15")})
    assert reserve(position, DEFAULT).total_needed == 3 * MILLION
    assert reserve(position, Readings(oip_adjusts_in_conversion=Switch.NO)).total_needed == 6 * MILLION


@pytest.mark.parametrize(("common", "fits"), [(945_000, True), (945_001, False)])
def test_a_split_of_the_common_at_full_issuance(quintus: Charter, common: int, fits: bool) -> None:
    # TH-AU-04: two for one fits with 945,000 Common; three for one never does (TH-AU-05).
    for factor, enough in ((2, fits), (3, False)):
        state = split(opening(quintus, DEFAULT, date(2000, 1, 1)), date(2000, 1, 2), Fraction(factor))
        position = replace(full_issuance(quintus, common * factor), conversion_prices=state.official)
        assert (reserve(position, DEFAULT).shortfall == 0) == enough


def test_conversion_leaves_common_and_reserve_together_as_they_were(quintus: Charter) -> None:
    # TH-AU-06
    before = replace(full_issuance(quintus, MILLION), conversion_prices={"E": Fraction("3.32")})
    after = replace(before, shares={**before.shares, "E": 2 * MILLION, COMMON: MILLION + 1_250_000})
    assert before.common + reserve(before, DEFAULT).total_needed == after.common + reserve(after, DEFAULT).total_needed


def test_a_dilutive_issue_never_reduces_the_reserve(quintus: Charter) -> None:
    # TH-AU-08
    position = full_issuance(quintus, 10 * MILLION)
    state = opening(quintus, DEFAULT, date(2000, 1, 1))
    outstanding = Outstanding(position.common, {n: c for n, c in position.shares.items() if n != COMMON})
    state = issue(state, date(2000, 1, 2), MILLION, Fraction(0), tuple("ABCDEF"), outstanding)
    after = replace(position, conversion_prices=state.official)
    needed = reserve(after, DEFAULT).needed
    assert all(needed[name] >= count for name, count in reserve(position, DEFAULT).needed.items())
    assert needed["E"] > 3 * MILLION


# IV.A and IV.B


def test_headroom_at_full_issuance(quintus: Charter) -> None:
    found = headroom(full_issuance(quintus, 10 * MILLION), DEFAULT)
    assert set(found.series.values()) == {0}
    assert (found.undesignated, found.preferred) == (0, 0)  # AMB-01: no room for a further series
    assert found.common == found.total == 30 * MILLION


def test_headroom_of_nothing_issued(quintus: Charter) -> None:
    found = headroom(Position(quintus, {}), DEFAULT)
    assert (found.common, found.preferred, found.total) == (40_000_000, 19_055_000, 59_055_000)
    assert found.series["D"] == 1_455_000


@pytest.mark.parametrize(("reading", "room"), [(Switch.YES, 3_000_000), (Switch.NO, 0)])
def test_converted_shares_may_be_issued_again(quintus: Charter, reading: Switch, room: int) -> None:
    # AMB-03
    position = full_issuance(quintus, 3 * MILLION)
    position = replace(position, shares={**position.shares, "E": 0})
    found = headroom(position, Readings(converted_reissuable=reading), {"E": 3 * MILLION})
    assert (found.series["E"], found.preferred) == (room, room)


def test_undesignated_preferred(quintus: Charter) -> None:
    terms = replace(quintus.authorized, preferred=replace(quintus.authorized.preferred, value=20_000_000))
    found = headroom(Position(replace(quintus, authorized=terms), {"A": 1}), DEFAULT)
    assert found.undesignated == 945_000
    assert found.preferred == 19_999_999


# Offerings: the floors (AMB-47, AMB-78)


def test_an_offering_at_four_dollars(quintus: Charter) -> None:
    found = offering_reserve(full_issuance(quintus), DEFAULT, Fraction(4), 10 * MILLION)
    assert (found.needed["E"], found.needed["F"]) == (6_225_000, 4_125_000)
    assert found.total_needed == 24_905_000
    assert (found.available, found.shortfall, found.unreserved) == (30_000_000, 0, 5_095_000)


def test_a_reserve_that_suffices_does_not_suffice_for_an_offering(quintus: Charter) -> None:
    # TH-AU-09: 10,000,000 + 13,333,333.33 + 14,555,000 + 8,300,000 + 5,500,000
    position = full_issuance(quintus, 10 * MILLION)
    assert reserve(position, DEFAULT).shortfall == 0
    found = offering_reserve(position, DEFAULT, Fraction(3), Fraction(40_000_000, 3))
    assert found.shortfall == Fraction(40_000_000, 3) + 38_355_000 - 40_000_000


@pytest.mark.parametrize("price", ["8.30", "11", "40"])
def test_at_the_floors_themselves(quintus: Charter, price: str) -> None:
    found = offering_reserve(full_issuance(quintus), DEFAULT, Fraction(price), 0)
    assert found.needed["E"] == 3 * MILLION
    assert found.needed["F"] == {"8.30": Fraction(16_500_000) / Fraction("8.30")}.get(price, 1_500_000)


def test_impossible_offerings_are_refused(quintus: Charter, family: Charter) -> None:
    position = full_issuance(quintus)
    for price in (Fraction(0), Fraction(-1)):
        with pytest.raises(Forbidden, match="price"):
            offering_reserve(position, DEFAULT, price, 1)
    with pytest.raises(Forbidden, match="fewer than none"):
        offering_reserve(position, DEFAULT, Fraction(1), -1)
    with pytest.raises(Forbidden, match="No offering"):
        lowest_offering_price(Position(family, {}), DEFAULT)


@pytest.mark.parametrize(
    ("common", "expected"), [(0, "3.199"), (5 * MILLION, "3.981"), (10 * MILLION, "5.270"), (15 * MILLION, "7.793")]
)
def test_the_lowest_price_at_which_an_offering_fits(quintus: Charter, common: int, expected: str) -> None:
    found = lowest_offering_price(full_issuance(quintus, common), DEFAULT)
    # Below 8.30 both floors bind: (40M + 24.9M + 16.5M) / P in what A-D and the Common leave of 40M.
    assert found == Fraction(81_400_000, 40_000_000 - 14_555_000 - common)
    assert shown(found) == expected


def test_the_lowest_price_between_the_floors(quintus: Charter) -> None:
    # E converts one for one from 8.30 on: 56.5M / P in 40M - 17.555M - 16M.
    found = lowest_offering_price(full_issuance(quintus, 16 * MILLION), DEFAULT)
    assert found == Fraction(56_500_000, 6_445_000)
    assert Fraction("8.30") < found < 11


def test_the_lowest_price_above_the_floors(quintus: Charter) -> None:
    found = lowest_offering_price(full_issuance(quintus, 18 * MILLION), DEFAULT)
    assert found == Fraction(40_000_000, 2_945_000) > 11


def test_a_floor_price_that_fits_where_none_below_does(quintus: Charter) -> None:
    # After a combination of two into one each E gives half a Common from 16.60 on and one just below it.
    price = Fraction("16.60")
    position = Position(
        quintus,
        {"E": 4 * MILLION, COMMON: 35_500_000},
        conversion_prices={"E": Fraction("8.30")},
        common_split=Fraction(1, 2),
    )
    below = offering_reserve(position, DEFAULT, price - TINY, 40_000_000 / (price - TINY))
    at = offering_reserve(position, DEFAULT, price, 40_000_000 / price)
    assert below.needed["E"] > 2 * at.needed["E"] == 4 * MILLION
    assert below.shortfall > 0 == at.shortfall
    assert lowest_offering_price(position, DEFAULT) == price


@pytest.mark.parametrize(("common", "fits"), [(20_944_999, True), (20_945_000, False), (39_000_000, False)])
def test_no_price_is_high_enough_without_any_room(quintus: Charter, common: int, fits: bool) -> None:
    found = lowest_offering_price(full_issuance(quintus, common), DEFAULT)
    assert found == (40_000_000 if fits else None)


def test_a_price_floor_that_the_conversion_price_has_overtaken(quintus: Charter) -> None:
    # At a conversion price of 1, each E gives 4.15, which the floor exceeds below 2 only.
    position = Position(quintus, {"E": MILLION, COMMON: 30 * MILLION}, conversion_prices={"E": Fraction(1)})
    found = lowest_offering_price(position, DEFAULT)
    assert found == Fraction(40_000_000, 10_000_000 - 4_150_000)
    position = replace(position, shares={"E": MILLION})
    assert lowest_offering_price(position, DEFAULT) == Fraction(48_300_000, 40_000_000)


@pytest.mark.parametrize(("reading", "dollars"), [(EFloor.LITERAL, "4.15"), (EFloor.ECONOMIC, "8.30")])
def test_the_floor_of_e_after_a_split(quintus: Charter, reading: EFloor, dollars: str) -> None:
    position = Position(
        quintus,
        {"E": 3 * MILLION, "F": MILLION, COMMON: MILLION},
        conversion_prices={"E": Fraction("2.075"), "F": Fraction("4.125")},
        common_split=Fraction(2),
    )
    found = lowest_offering_price(position, Readings(e_floor=reading))
    # E's literal quotient, 4.15 / P, exceeds its ratio of 2 below 2.075; F's, 11 / P, until the price is 5.50.
    assert found == (40 * MILLION + 3 * MILLION * Fraction(dollars) + 11 * MILLION) / (39 * MILLION)


def test_an_offering_of_any_size(quintus: Charter) -> None:
    assert quintus.public_offering is not None
    none = replace(quintus.public_offering, minimum_aggregate=Figure(Fraction(0), "3(b)"))
    assert lowest_offering_price(Position(replace(quintus, public_offering=none), {"A": 5}), DEFAULT) == 0


COUNTS = st.sampled_from([0, 1, 500_000, 3 * MILLION])


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 40), positive_amounts(12), positive_amounts(12), st.sampled_from(EFloor))
def test_the_lowest_price_fits_and_nothing_below_does(
    quintus: Charter, a: int, e: int, f: int, common: int, price_e: Fraction, price_f: Fraction, reading: EFloor
) -> None:
    position = Position(
        quintus,
        {"A": a, "E": e, "F": f, COMMON: common * MILLION},
        conversion_prices={"E": price_e, "F": price_f},
        common_split=Fraction(3, 2),
    )
    readings = Readings(e_floor=reading)
    found = lowest_offering_price(position, readings)

    def fits(price: Fraction) -> bool:
        return offering_reserve(position, readings, price, Fraction(40_000_000) / price).shortfall == 0

    if found is None:
        assert not fits(Fraction(10**15))
    else:
        assert all(fits(found * factor) for factor in (1, Fraction(11, 10), 2, 100))
        assert not any(fits(found * factor) for factor in (1 - TINY, Fraction(1, 2), Fraction(1, 100)))


@given(strategies.positions(FAMILY), strategies.positive_amounts())
def test_any_position_of_another_charter(position: Position, price: Fraction) -> None:
    found = reserve(position, DEFAULT)
    assert "Capped" not in found.needed  # it never converts
    assert found.shortfall * found.unreserved == 0
    assert found.available - found.total_needed == found.unreserved - found.shortfall
    # Without floors an offering needs what conversion does, and what it sells.
    selling = offering_reserve(position, DEFAULT, price, 7)
    assert selling.needed == found.needed
    assert selling.available == found.available - 7


def test_exhaustive_small_reserves(family: Charter) -> None:
    for senior, full, club, common in product(range(3), repeat=4):
        shares = {"Senior": senior, "Full": full, "Club": club, COMMON: common}
        assert reserve(Position(family, shares), DEFAULT).total_needed == senior + full + club
        assert headroom(Position(family, shares), DEFAULT).total == 15_000 - senior - full - club - common
