"""Exercise of rights around a liquidation (AMB-32b)."""

from __future__ import annotations

from fractions import Fraction as F  # noqa: N817 (exact figures, many of them)
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.exercise import Exercised, Option, exercised_in_equilibrium

from reference.charter import COMMON, Charter
from reference.equilibrium import liquidate
from reference.liquidation import Distribution
from reference.position import Position, full_issuance
from reference.readings import Readings

READINGS = Readings()


def settle(position: Position, assets: F) -> Distribution:
    return liquidate(position, READINGS, assets)


def exercised(position: Position, assets: F, *options: Option) -> Exercised:
    return exercised_in_equilibrium(position, assets, options, settle)


def test_only_what_is_in_the_money_is_exercised(quintus: Charter) -> None:
    alone = Position(quintus, {COMMON: 100})
    low, high = Option("low", 100, F(1)), Option("high", 100, F(9, 2))
    # 1,000 over 100 shares is 10 each; with both, 1,000 + 100 + 450 over 300 is 5 1/6.
    assert exercised(alone, F(1000), low, high).options == (low, high)
    # 800 + 100 + 450 over 300 is 4 1/2, the price itself: a tie.
    assert exercised(alone, F(800), low, high).options == (low,)
    assert exercised(alone, F(100), low, high).options == ()


def test_the_price_is_paid_into_the_assets(quintus: Charter) -> None:
    found = exercised(Position(quintus, {COMMON: 100}), F(1000), Option("low", 50, F(2)))
    assert (found.assets, found.position.common) == (F(1100), 150)


def test_300000_warrants_at_full_issuance(quintus: Charter) -> None:
    position = full_issuance(quintus, common=10_000_000)
    warrants = Option("warrants", 300_000, F(4))
    # After preferences of 45,086,250 little is left for the Common at 50 million.
    assert exercised(position, F(50_000_000), warrants).options == ()
    found = exercised(position, F(150_000_000), warrants)
    assert found.options == (warrants,)
    # E and F stand at their caps, and the Common shares the rest.
    rest = F(150_000_000 + 1_200_000 - 20_261_250) - 3_000_000 * F("10.375") - 1_500_000 * F("12.375")
    assert settle(found.position, found.assets).per_common_share == rest / 10_300_000


def test_nothing_is_exercised_without_shares(quintus: Charter) -> None:
    assert exercised(Position(quintus, {COMMON: 100}), F(1000), Option("none", 0, F(1))).options == ()


amounts = st.integers(0, 400).map(F)


@given(
    assets=amounts,
    table=st.fixed_dictionaries({name: st.integers(0, 3) for name in ("A", "E", "F", COMMON)}),
    options=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 24)), max_size=3),
)
def test_nobody_wants_to_decide_otherwise(
    assets: F, table: dict[str, int], options: list[tuple[int, int]], quintus: Charter
) -> None:
    named = [Option(f"r{place}", shares, F(price, 2)) for place, (shares, price) in enumerate(options)]
    position = Position(quintus, table)
    found = exercised(position, assets, *named)
    level = settle(found.position, found.assets).per_common_share
    for option in named:
        if option in found.options:
            assert level > option.price
        else:
            more = exercised_with(position, assets, (*found.options, option))
            assert settle(*more).per_common_share <= option.price


def exercised_with(position: Position, assets: F, options: tuple[Option, ...]) -> tuple[Position, F]:
    shares = {**position.shares, COMMON: position.common + sum(option.shares for option in options)}
    return Position(position.charter, shares), assets + sum(option.shares * option.price for option in options)


@pytest.mark.parametrize("assets", [F(20), F(60), F(100), F(400)])
def test_it_is_the_only_set_that_is_stable(assets: F, quintus: Charter) -> None:
    position = Position(quintus, {"E": 2, "F": 1, COMMON: 3})
    named = [Option(name, shares, F(price)) for name, shares, price in (("a", 1, 1), ("b", 2, 7), ("c", 1, 30))]
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
    assert stable == [exercised(position, assets, *named).options]
