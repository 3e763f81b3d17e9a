"""The engine and the closed forms agree on chosen conversions and on the class election."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.equilibrium import equilibrium_breakpoints, liquidate
from reference.liquidation import Distribution
from reference.position import Position
from reference.readings import CapMode, EfConversion, Readings
from symbolic.equilibrium import forms_chosen, implicit_chosen
from symbolic.evaluate import evaluate, holds
from symbolic.liquidation import Case
from tests import strategies
from tests.agreement import agreed_election, breakpoint_differences, case_of, chosen_differences, satisfies, values_of
from tests.strategies import FAMILY

STABLE_FIELDS = (
    "unpaid_div",
    "cap_includes_dividends",
    "cap_mode",
    "cap_adjusts_for",
    "cash_rank",
    "oip_adjusts_in_conversion",
)


def small_tables(charter: Charter) -> Iterator[Position]:
    """Yield tables with 0 to 2 of E, F and Common, conversion ratios of one or two, and A or none."""
    for e, f, common, a in product(range(3), range(3), range(3), range(2)):
        for prices in ({}, {"E": Fraction(83, 40)}, {"F": Fraction(33, 8)}):
            yield Position(charter, {"A": a, "E": e, "F": f, COMMON: common}, conversion_prices=prices)


def levels(position: Position, readings: Readings, elected: bool) -> list[Fraction]:
    """Return every breakpoint, the middle of every gap, and levels before the first and past the last."""
    at = sorted({Fraction(0), *(point.assets for point in equilibrium_breakpoints(position, readings, elected))})
    return at + [(low + high) / 2 for low, high in pairwise(at)] + [at[-1] + 7]


def test_every_small_table(quintus: Charter) -> None:
    readings = Readings()
    for position in small_tables(quintus):
        for elected in (False, True):
            assert breakpoint_differences(position, readings, None, elected) == []
            for assets in levels(position, readings, elected):
                assert chosen_differences(position, readings, assets, elected) == []


@pytest.mark.parametrize("mode", [CapMode.JOINT, CapMode.FIRST_STOPS_ALL])
def test_stable_outcomes_of_the_other_cap_readings(quintus: Charter, mode: CapMode) -> None:
    for e, f, common, ratio in product(range(3), range(3), range(2), (1, 2)):
        prices = {"E": Fraction(83, 20) / ratio}
        position = Position(quintus, {"E": e, "F": f, COMMON: common}, conversion_prices=prices)
        for assets in levels(position, Readings(), False):
            assert chosen_differences(position, Readings(cap_mode=mode), assets) == []


@given(st.data())
def test_drawn_tables_and_readings(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings(*STABLE_FIELDS))
    elected = data.draw(st.booleans())
    drawn = [data.draw(strategies.assets())]
    if readings.cap_mode is CapMode.INDIVIDUAL:
        assert breakpoint_differences(position, readings, None, elected) == []
        drawn += levels(position, readings, elected)
    for assets in drawn:
        assert chosen_differences(position, readings, assets, elected) == []


@given(st.data())
def test_drawn_tables_of_another_charter(data: st.DataObject) -> None:
    position = data.draw(strategies.positions(FAMILY))
    readings = data.draw(strategies.readings(*STABLE_FIELDS))
    elected = data.draw(st.booleans())
    levels_drawn = [data.draw(strategies.assets())]
    if readings.cap_mode is CapMode.INDIVIDUAL:
        assert breakpoint_differences(position, readings, None, elected) == []
        levels_drawn += levels(position, readings, elected)
    for assets in levels_drawn:
        assert chosen_differences(position, readings, assets, elected) == []


def parts_of(outcome: Distribution) -> dict[str, Fraction]:
    """Return the paid part of each rank where A has no dividends: no debts, no Cash Amounts, F, A to E."""
    prices = {"F": Fraction("8.25"), "A": Fraction(1)}
    second = outcome.preferences["A"] / prices["A"]
    first = Fraction(1) if second or "F" in outcome.converted else outcome.preferences["F"] / prices["F"]
    third = second if first == 1 else Fraction(0)
    return {"part_1": Fraction(1), "part_2": Fraction(1), "part_3": first, "part_4": third}


def test_a_series_that_never_shares_converts() -> None:
    position = Position(FAMILY, {"Senior": 1, COMMON: 1})
    # The preference is 5: with 20 to share, one share of Common each is worth 10.
    outcome = liquidate(position, Readings(), Fraction(20))
    assert outcome.converted == {"Senior"}
    assert outcome.per_share["Senior"] == outcome.per_share[COMMON] == 10
    form = forms_chosen(case_of(position, Readings()))
    values = values_of(position, Fraction(20))
    assert holds(form.converted["Senior"], values)
    assert evaluate(form.total["Senior"], values) == evaluate(form.total[COMMON], values) == 10


@strategies.examples(20)
@given(st.data())
def test_drawn_elections(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings("cash_rank", "unpaid_div"))
    agreed_election(position, readings, data.draw(strategies.assets()))


@pytest.mark.parametrize(
    "shares",
    [{"E": 1, "F": 1, COMMON: 0}, {"E": 0, "F": 1, COMMON: 0}, {"E": 2, "F": 1, COMMON: 0}],
    ids=["no Common", "no Common and no E", "no Common, two E"],
)
@pytest.mark.parametrize("dividend", [0, 5, 9], ids=["no dividend", "F above its cap", "F far above its cap"])
def test_without_common_the_first_to_convert_becomes_it(
    quintus: Charter, shares: dict[str, int], dividend: int
) -> None:
    position = Position(quintus, shares, declared_dividends={"F": Fraction(dividend)})
    for assets in (*levels(position, Readings(), False), Fraction(10**9)):
        assert chosen_differences(position, Readings(), assets) == []


def test_a_tie_keeps_the_preferred(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, COMMON: 1})
    # Converting pays at 10.375 a share: then the assets are 10.375 for E and 10.375 for the Common.
    tie = Fraction("20.75")
    assert liquidate(position, Readings(), tie).converted == frozenset()
    assert liquidate(position, Readings(), tie + Fraction(1, 10**9)).converted == {"E"}
    assert chosen_differences(position, Readings(), tie) == []
    assert chosen_differences(position, Readings(), tie + Fraction(1, 10**9)) == []


def test_a_tie_where_assets_just_cover_the_caps_without_common(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, "F": 1})
    for assets in (Fraction("22.75"), Fraction("22.75") + Fraction(1, 10**9)):
        assert chosen_differences(position, Readings(), assets) == []


def test_the_implicit_account_has_the_engines_outcome_and_no_other(quintus: Charter) -> None:
    for position in small_tables(quintus):
        account = implicit_chosen(case_of(position, Readings()))
        for assets in levels(position, Readings(), False):
            outcome = liquidate(position, Readings(), assets)
            if outcome.undistributed:
                continue
            values = values_of(position, assets) | {"undistributed": 0} | parts_of(outcome)
            level = outcome.per_common_share
            assert satisfies(account, values, level)
            assert not satisfies(account, values, level + Fraction(1, 9))
            assert level == 0 or not satisfies(account, values, level / 2)


def test_readings_without_a_formula_are_refused(quintus: Charter) -> None:
    for readings in (Readings(cap_mode=CapMode.JOINT), Readings(ef_conversion=EfConversion.DOUBLE_DIP)):
        with pytest.raises(ValueError, match="reading"):
            forms_chosen(Case(quintus, readings))
    with pytest.raises(ValueError, match="chosen, not given"):
        forms_chosen(Case(quintus, Readings(), converted=frozenset("E")))
