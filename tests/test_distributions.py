"""Distributions in kind, sections 1(b) and 3(e): units as if the Preferred had converted, paid once."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.distributions import (
    GOVERNED_BY,
    Payable,
    apportion,
    apportion_per_common,
    as_converted_ratio,
    governed_by,
    shares_as_converted,
    totals_by_class,
    totals_by_holder,
)
from reference.position import Holding, Position, outstanding
from reference.readings import AdAsConverted, PaidRights, Readings
from tests import strategies
from tests.strategies import FAMILY

DEFAULT = Readings()
WAITING = Readings(ad_as_converted=AdAsConverted.ONLY_IF_ELECTED)
UNITS = Fraction(29_055_000)


def total(position: Position, per_share: dict[str, Fraction]) -> Fraction:
    """Return the units on all outstanding shares."""
    return sum((position.shares.get(name, 0) * units for name, units in per_share.items()), Fraction(0))


def test_a_spin_off_at_full_issuance(issued: Position) -> None:
    found = apportion(issued, DEFAULT, UNITS)
    # 10,000,000 Common and 19,055,000 Preferred at one for one: one unit each, paid once (AMB-13).
    assert found.per_share == dict.fromkeys((*"ABCDEF", COMMON), 1)
    assert found.undistributed == 0


def test_before_the_class_elects(issued: Position) -> None:
    found = apportion(issued, WAITING, UNITS)
    # Over 14,500,000: 2.0038 for E, F and the Common (AMB-14).
    each = Fraction(29_055_000, 14_500_000)
    assert abs(each - Fraction("2.0038")) < Fraction("0.00005")
    assert found.per_share == dict.fromkeys("ABCD", 0) | dict.fromkeys(("E", "F", COMMON), each)
    assert apportion(issued, WAITING, UNITS, elected=True) == apportion(issued, DEFAULT, UNITS)


def test_each_as_converted_share_gets_the_same(quintus: Charter) -> None:
    position = Position(quintus, {"A": 4, "F": 2, COMMON: 3}, {"A": Fraction(2, 3), "F": Fraction("8.25") * 3})
    # 4 x 3/2 + 2 x 1/3 + 3 = 29/3 Common.
    found = apportion(position, DEFAULT, Fraction(29))
    assert (found.per_share["A"], found.per_share["F"], found.per_share[COMMON]) == (Fraction(9, 2), 1, 3)
    assert apportion_per_common(position, DEFAULT, Fraction(3)) == found.per_share


def test_units_are_not_rounded(quintus: Charter) -> None:
    position = Position(quintus, {"A": 1, COMMON: 2})
    assert apportion(position, DEFAULT, Fraction(1)).per_share[COMMON] == Fraction(1, 3)


def test_a_whole_number_of_units_stays_exact(quintus: Charter) -> None:
    position = Position(quintus, {"A": 1, COMMON: 2})
    found = apportion(position, DEFAULT, 1)  # type: ignore[arg-type]
    assert type(found.per_share[COMMON]) is Fraction


def test_holders_get_their_parts(quintus: Charter) -> None:
    holdings = (Holding("ann", "A", 2), Holding("ann", COMMON, 1), Holding("bob", "E", 3))
    position = Position(quintus, outstanding(holdings), {"A": Fraction(1, 2)}, holdings=holdings)
    found = apportion(position, DEFAULT, Fraction(16))
    assert found.by_holder(holdings) == {"ann": 10, "bob": 6}


def test_totals_of_amounts_per_share(quintus: Charter) -> None:
    holdings = (Holding("ann", "A", 2), Holding("ann", COMMON, 3), Holding("bob", "E", 5))
    position = Position(quintus, outstanding(holdings), holdings=holdings)
    amounts = {"A": Fraction(1, 2), COMMON: Fraction(1, 3), "F": Fraction(9)}
    # A class that is left out gets nothing, and one that nobody holds takes nothing.
    assert totals_by_holder(holdings, amounts) == {"ann": 2, "bob": 0}
    assert totals_by_class(position, amounts) == {"A": 1, COMMON: 1, "F": 0}


def test_no_common(quintus: Charter) -> None:
    found = apportion(Position(quintus, {"E": 4}), DEFAULT, Fraction(10))
    assert (found.per_share["E"], found.undistributed) == (Fraction(5, 2), 0)


def test_nobody_who_counts(quintus: Charter) -> None:
    for position, readings in ((Position(quintus, {}), DEFAULT), (Position(quintus, {"A": 5}), WAITING)):
        found = apportion(position, readings, Fraction(10))
        assert (set(found.per_share.values()), found.undistributed) == ({0}, 10)


def test_a_series_that_never_converts_gets_nothing() -> None:
    position = Position(FAMILY, {"Capped": 5, COMMON: 5})
    assert apportion(position, DEFAULT, Fraction(10)).per_share["Capped"] == 0
    assert apportion(position, DEFAULT, Fraction(10)).per_share[COMMON] == 2


def test_ratios(quintus: Charter) -> None:
    position = Position(quintus, {}, {"A": Fraction(1, 2)}, preferred_splits={"E": Fraction(2)})
    ratios = {s.name: as_converted_ratio(position, DEFAULT, s) for s in quintus.series}
    assert ratios == {"A": 2, "B": 1, "C": 1, "D": 1, "E": Fraction(1, 2), "F": 1}
    waiting = {s.name: as_converted_ratio(position, WAITING, s) for s in quintus.series}
    assert waiting == dict.fromkeys("ABCD", 0) | {"E": Fraction(1, 2), "F": 1}


def test_a_split_of_the_common_changes_no_share_of_the_whole(issued: Position) -> None:
    # Common and ratios times two.
    halved = {s.name: s.original_issue_price.value / 2 for s in issued.charter.series}
    after = replace(issued, shares={**issued.shares, COMMON: 20_000_000}, conversion_prices=halved)
    before = apportion(issued, DEFAULT, UNITS).per_share
    assert apportion(after, DEFAULT, UNITS).per_share == {**before, COMMON: Fraction(1, 2)}


@given(strategies.positions(FAMILY), st.fractions(0, 99, max_denominator=7), st.sampled_from([DEFAULT, WAITING]))
def test_nothing_is_lost(position: Position, units: Fraction, readings: Readings) -> None:
    found = apportion(position, readings, units)
    assert total(position, dict(found.per_share)) + found.undistributed == units
    per_common = found.per_share[COMMON]
    if found.undistributed == 0:
        assert apportion_per_common(position, readings, per_common) == found.per_share


def test_small_positions_exhaustively(quintus: Charter) -> None:
    for of_a, of_e, common in product(range(3), repeat=3):
        position = Position(quintus, {"A": of_a, "E": of_e, COMMON: common}, {"A": Fraction(1, 3)})
        base = 3 * of_a + of_e + common
        found = apportion(position, DEFAULT, Fraction(7))
        if base:
            assert found.per_share["A"] == Fraction(21, base)
            assert found.per_share["E"] == found.per_share[COMMON] == Fraction(7, base)


@pytest.mark.parametrize(
    ("payable", "clauses"),
    [
        ("cash", ("1(a)",)),
        ("securities_of_others", ("1(b)", "3(e)")),
        ("indebtedness", ("1(b)", "3(e)")),
        ("assets", ("1(b)", "3(e)")),
        ("rights_to_securities_of_others", ("1(b)", "3(e)")),
        ("rights_to_indebtedness", ("1(b)", "3(e)")),
        ("rights_to_assets", ("3(e)",)),
        ("common_stock", ("3(d)(iii)",)),
        ("free_rights_to_common", ("3(d)(iii)",)),
        ("paid_rights_to_common", ("3(e)",)),
        ("non_redeemable_equity", ()),
        ("redeemable_equity", ()),
    ],
)
def test_which_clauses_govern(payable: Payable, clauses: tuple[str, ...]) -> None:
    assert governed_by(payable, DEFAULT) == clauses
    # What 3(d) or nothing governs is not shared as if converted, nor is cash.
    assert shares_as_converted(payable, DEFAULT) is bool({"1(b)", "3(e)"} & set(clauses))


def test_rights_for_a_price_that_are_an_issuance_alone() -> None:
    """AMB-138: 3(d)(iii) refers to rights without consideration, so that 3(e) has all others, or none to Common."""
    readings = Readings(paid_rights=PaidRights.ISSUANCE_ONLY)
    assert governed_by("paid_rights_to_common", readings) == ("3(d)(i)(E)",)
    assert not shares_as_converted("paid_rights_to_common", readings)
    assert shares_as_converted("rights_to_assets", readings)


def test_every_kind_is_governed_by_something_or_nothing() -> None:
    assert set(GOVERNED_BY) == set(get_args(Payable))
