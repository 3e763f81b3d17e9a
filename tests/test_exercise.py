"""Exercise of rights around a liquidation (AMB-32b)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction as F  # noqa: N817 (exact figures, many of them)
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.equilibrium import liquidate
from reference.liquidation import Distribution
from reference.position import Option, Position, full_issuance
from reference.readings import Exercise, Readings

READINGS = Readings()
IN_THE_MONEY = Readings(exercise=Exercise.IN_THE_MONEY_EQUILIBRIUM)


def settle(position: Position, assets: F) -> Distribution:
    return liquidate(position, READINGS, assets)


def exercised(position: Position, assets: F, *options: Option) -> Distribution:
    return liquidate(replace(position, options=options), IN_THE_MONEY, assets)


def over_common(name: str, shares: int, price: F) -> Option:
    return Option(name, COMMON, shares, price)


def test_only_what_is_in_the_money_is_exercised(quintus: Charter) -> None:
    alone = Position(quintus, {COMMON: 100})
    low, high = over_common("low", 100, F(1)), over_common("high", 100, F(9, 2))
    # 1,000 over 100 shares is 10 each; with both, 1,000 + 100 + 450 over 300 is 5 1/6.
    assert exercised(alone, F(1000), low, high).exercised == (low, high)
    # 800 + 100 + 450 over 300 is 4 1/2, the price itself: a tie.
    assert exercised(alone, F(800), low, high).exercised == (low,)
    assert exercised(alone, F(100), low, high).exercised == ()


def test_the_price_is_paid_into_the_assets(quintus: Charter) -> None:
    found = exercised(Position(quintus, {COMMON: 100}), F(1000), over_common("low", 50, F(2)))
    # 1,000 and 100 over 150 shares.
    assert (found.total(COMMON), found.shares[COMMON]) == (1100, 150)


def test_300000_warrants_at_full_issuance(quintus: Charter) -> None:
    position = full_issuance(quintus, common=10_000_000)
    warrants = over_common("warrants", 300_000, F(4))
    # After preferences of 45,086,250 little is left for the Common at 50 million.
    assert exercised(position, F(50_000_000), warrants).exercised == ()
    found = exercised(position, F(150_000_000), warrants)
    assert found.exercised == (warrants,)
    # E and F stand at their caps, and the Common shares the rest.
    rest = F(150_000_000 + 1_200_000 - 20_261_250) - 3_000_000 * F("10.375") - 1_500_000 * F("12.375")
    assert found.per_common_share == rest / 10_300_000


def test_nothing_is_exercised_without_shares(quintus: Charter) -> None:
    assert exercised(Position(quintus, {COMMON: 100}), F(1000), over_common("none", 0, F(1))).exercised == ()


def test_rights_over_preferred_are_exercised_as_those_over_common_are(quintus: Charter) -> None:
    # B alone in its tier with 10 A: a share of B gets 1.43 once 10 * 1 + 15 * 1.43 are there.
    table = Position(quintus, {"A": 10, "B": 10, COMMON: 10})
    warrants = Option("w", "B", 5, F(1))
    # Of 10.01 the ten A and ten B get 10.01 / 24.3 of their claims, and B less than the price of 1.
    assert exercised(table, F("10.01"), warrants).exercised == ()
    # Just where a share of B is worth 1: 10 / 1.43 for A and 10 for B.
    tie = 10 / F("1.43") + 10
    assert exercised(table, tie, warrants).exercised == ()
    found = exercised(table, tie + 1, warrants)
    assert found.exercised == (warrants,)
    assert found.per_share["B"] > 1
    assert found.total("A") + found.total("B") == tie + 1 + 5


def test_rights_over_a_capped_series_wait_for_its_conversion(quintus: Charter) -> None:
    # A share of E is worth 10.375 from its cap on until it converts; rights at 12 pay above 12 a Common share.
    table = Position(quintus, {"E": 1, COMMON: 9})
    warrants = Option("w", "E", 1, F(12))
    assert exercised(table, F(120), warrants).exercised == ()
    assert exercised(table, F(121), warrants).exercised == (warrants,)
    assert exercised(table, F(121), warrants).per_common_share == F(133, 11)


amounts = st.integers(0, 400).map(F)


@given(
    assets=amounts,
    table=st.fixed_dictionaries({name: st.integers(0, 3) for name in ("A", "E", "F", COMMON)}),
    options=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 24)), max_size=3),
)
def test_nobody_wants_to_decide_otherwise(
    assets: F, table: dict[str, int], options: list[tuple[int, int]], quintus: Charter
) -> None:
    named = [over_common(f"r{place}", shares, F(price, 2)) for place, (shares, price) in enumerate(options)]
    position = Position(quintus, table)
    found = exercised(position, assets, *named)
    level = found.per_common_share
    for option in named:
        if option in found.exercised:
            assert level > option.price
        else:
            more = exercised_with(position, assets, (*found.exercised, option))
            assert settle(*more).per_common_share <= option.price


def exercised_with(position: Position, assets: F, options: Iterable[Option]) -> tuple[Position, F]:
    options = tuple(options)
    shares = {**position.shares, COMMON: position.common + sum(option.shares for option in options)}
    return Position(position.charter, shares), assets + sum(option.shares * option.price for option in options)


@pytest.mark.parametrize("assets", [F(20), F(60), F(100), F(400)])
def test_it_is_the_only_set_that_is_stable(assets: F, quintus: Charter) -> None:
    position = Position(quintus, {"E": 2, "F": 1, COMMON: 3})
    named = [over_common(name, shares, F(price)) for name, shares, price in (("a", 1, 1), ("b", 2, 7), ("c", 1, 30))]
    stable = []
    for size in range(4):
        for chosen in combinations(named, size):
            level = settle(*exercised_with(position, assets, chosen)).per_common_share
            others = [option for option in named if option not in chosen]
            stays = all(
                settle(*exercised_with(position, assets, (*chosen, o))).per_common_share <= o.price for o in others
            )
            if stays and all(level > option.price for option in chosen):
                stable.append(chosen)
    assert stable == [exercised(position, assets, *named).exercised]
