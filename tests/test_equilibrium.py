"""Conversion decisions, sections 2 and 3(a): worked examples, each with the engine and the closed form."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter, ClassElection, Threshold
from reference.equilibrium import (
    NoEquilibriumError,
    conversions,
    election_gains,
    equilibrium_breakpoints,
    liquidate,
    schedule,
)
from reference.liquidation import stakes
from reference.payoff import conversion_point
from reference.position import Position, full_issuance
from reference.readings import CapMode, CashRank, ConvertedDividends, EfConversion, Readings
from tests import strategies
from tests.agreement import agreed, agreed_choice, agreed_election, breakpoint_differences, chosen_differences
from tests.test_liquidation import shown

DEFAULT = Readings()
MILLION = 10**6
TINY = Fraction(1, 10**6)

FIRST_SWITCH = Fraction("42632906.25")
SECOND_SWITCH = Fraction(45_743_145)
"""Where Series A stops and starts to gain from an election at full issuance with 10,000,000 Common."""


def after_choices(position: Position, readings: Readings, assets: Fraction | int) -> dict[str, Fraction]:
    """Return the payments per share when the class elects in its interest and E and F convert in theirs."""
    elected = agreed_election(position, readings, assets)
    return dict(agreed_choice(position, readings, assets, elected).per_share)


# E and F


def test_breakpoints_with_chosen_conversions(issued: Position) -> None:
    assert breakpoint_differences(issued, DEFAULT) == []
    found = {(point.event, *point.names): point.assets for point in equilibrium_breakpoints(issued, DEFAULT)}
    # E converts above 10.375 a Common share: 103,750,000 + 20,261,250 + 31,125,000 + 18,562,500 are claimed there.
    assert found["conversion", "E"] == 173_698_750
    # F converts above 12.375: 123,750,000 + 20,261,250 + 37,125,000 + 18,562,500.
    assert found["conversion", "F"] == 199_698_750
    assert found["cap", "F"] == 104_898_750
    assert found["cap", "E"] == 132_198_750


@pytest.mark.parametrize(
    ("assets", "converted"), [(173_698_750, ""), (199_698_750, "E")], ids=["E at its point", "F at its point"]
)
def test_a_tie_keeps_the_preferred(issued: Position, assets: int, converted: str) -> None:
    at = agreed_choice(issued, DEFAULT, assets)
    past = agreed_choice(issued, DEFAULT, assets + TINY)
    assert at.converted == set(converted)
    assert past.converted == set({"": "E", "E": "EF"}[converted])


def test_conversion_points(issued: Position) -> None:
    held = {stake.name: stake for stake in stakes(issued, DEFAULT)}
    assert conversion_point(held["E"], Fraction(0)) == Fraction("10.375")
    assert conversion_point(held["F"], Fraction(0)) == Fraction("12.375")


def test_a_preference_above_the_cap_is_the_point_of_conversion(issued: Position) -> None:
    # 8.25 + 4.95 = 13.20 a share: where its dividends are lost, F converts above 13.20, not above its cap (AMB-114).
    position = replace(issued, declared_dividends={"F": Fraction("4.95")})
    lost = Readings(converted_dividends=ConvertedDividends.FORFEITED)
    between = agreed_choice(position, lost, 205 * MILLION)
    assert between.per_common_share > Fraction("12.375")
    assert between.converted == {"E"}
    assert between.per_share["F"] == Fraction("13.20")
    assert agreed_choice(position, lost, 250 * MILLION).converted == {"E", "F"}


def test_a_dividend_that_survives_is_part_of_what_is_compared(issued: Position) -> None:
    # F converts where x + 4.95 is above 13.20 (AMB-125). The debt of 7,425,000 is paid first, A to D have 20,261,250,
    # and 14,500,000 shares share the rest.
    position = replace(issued, declared_dividends={"F": Fraction("4.95")})
    found = agreed_choice(position, DEFAULT, 205 * MILLION)
    level = Fraction(205 * MILLION - 20_261_250 - 7_425_000, 14_500_000)
    assert found.converted == {"E", "F"}
    assert found.per_share["F"] == level + Fraction("4.95")
    assert found.per_common_share == level


def test_converting_may_wait_for_the_other(quintus: Charter) -> None:
    # With E's ratio doubled, E converts at 5.1875 a Common share, long before F at 12.375.
    position = Position(quintus, {"E": 1, "F": 1, COMMON: 1}, conversion_prices={"E": Fraction("2.075")})
    converted = [sorted(agreed_choice(position, DEFAULT, assets).converted) for assets in (25, 30, 40, 50)]
    assert converted == [[], ["E"], ["E"], ["E", "F"]]


def test_a_test_of_one_series_at_a_time_would_be_wrong(issued: Position) -> None:
    # Before any conversion 12.8... reaches a Common share, over 12.375; once E has converted, less does.
    assets = 199 * MILLION
    assert agreed(issued, DEFAULT, assets).per_common_share > Fraction("12.375")
    assert agreed_choice(issued, DEFAULT, assets).converted == {"E"}


def test_without_common_the_first_to_convert_takes_the_rest(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, "F": 1})
    # Both caps take 22.75; E is the first for whom a Common share is worth more.
    outcome = agreed_choice(position, DEFAULT, 23)
    assert outcome.converted == {"E"}
    assert outcome.per_share["E"] == Fraction("10.625")
    assert outcome.per_share["F"] == Fraction("12.375")
    assert outcome.undistributed == 0


def test_without_anybody_to_convert_the_rest_stays(quintus: Charter) -> None:
    assert agreed_choice(Position(quintus, {"A": 1}), DEFAULT, 5).undistributed == 4


def test_fewest_conversions_under_the_other_readings_of_the_caps(issued: Position) -> None:
    for mode in (CapMode.JOINT, CapMode.FIRST_STOPS_ALL):
        for assets in (50, 110, 150, 175, 200, 400):
            agreed_choice(issued, Readings(cap_mode=mode), assets * MILLION)


def test_no_outcome_may_be_stable_when_the_first_cap_stops_all(quintus: Charter) -> None:
    # F's ratio is 2. Nobody converted: a Common share gets 8.4125, and E would rather have it than 6.2125.
    # E alone: 7.3125, and F wants twice that instead of 12.375. F alone: 5.7125, and F wants 12.375 instead of
    # 11.425. Both: 6.75, and E wants 10.375.
    position = Position(quintus, {"E": 1, "F": 1, COMMON: 1}, conversion_prices={"F": Fraction("4.125")})
    readings = Readings(cap_mode=CapMode.FIRST_STOPS_ALL)
    assert chosen_differences(position, readings, Fraction(27)) == []
    levels = [agreed(position, readings, 27, converted).per_common_share for converted in ("", "E", "F", "EF")]
    assert levels == [Fraction(text) for text in ("8.4125", "7.3125", "5.7125", "6.75")]
    with pytest.raises(NoEquilibriumError):
        liquidate(position, readings, Fraction(27))


def test_a_series_that_gains_nothing_by_its_conversion_has_not_converted(quintus: Charter) -> None:
    """AMB-114, AMB-116: with a tie of E where it alone converts, no set is stable; a little more, and that one is."""
    # E's ratio is 4.15 and its stop 1.5 a Common share, F's ratio 33/16 and its stop 2; the first stops all.
    prices = {"E": Fraction(1), "F": Fraction(4)}
    position = Position(quintus, {"E": 2, "F": 1, COMMON: 1}, conversion_prices=prices)
    readings = Readings(cap_mode=CapMode.FIRST_STOPS_ALL)
    # E alone: 35.625 - 8.25 is 22.725 up to F's stop and .50 on each of the 9.3 others. At 2.50 a Common share E has
    # 10.375, as much as its cap. Nobody: 3.53125, and E wants 4.15 times that. F alone: 4.857, and E the same. Both:
    # 3.135, and F wants 8.25 and more instead of 6.47.
    tie = Fraction("35.625")
    levels = [agreed(position, readings, tie, converted).per_common_share for converted in ("", "E", "F", "EF")]
    assert levels == [Fraction("3.53125"), Fraction("2.5"), Fraction(34, 7), tie / Fraction("11.3625")]
    with pytest.raises(NoEquilibriumError):
        conversions(position, readings, tie)
    assert conversions(position, readings, tie + TINY) == {"E"}


def test_the_class_has_not_converted_unless_it_is_said(quintus: Charter) -> None:
    """3(a): E alone converts above A's preference; after an election A shares, and is owed its Cash Amounts."""
    position = Position(quintus, {"A": 10, "E": 1})
    # 21 - 10 is above the 10.375 that E has at most; (21 - 9.25) / 11 is below its preference.
    assert conversions(position, DEFAULT, Fraction(21)) == {"E"}
    assert conversions(position, DEFAULT, Fraction(21), elected=True) == frozenset()


DOUBLE_DIP = Readings(ef_conversion=EfConversion.DOUBLE_DIP)


def test_breakpoints_under_joint_caps(quintus: Charter) -> None:
    # Preferences 8.25 and 4.15; F at x = 4.125 stops only with E at 6.225: 12.4 + 3 * 6.225. Then the Common
    # alone rises. E, once it is worth more converted, leaves F's cap to stop F alone: E converts above 10.375 and F,
    # then with 8.25 + 4.125 at most, above 12.375.
    position = Position(quintus, {"E": 1, "F": 1, COMMON: 1})
    found = equilibrium_breakpoints(position, Readings(cap_mode=CapMode.JOINT))
    caps = [point.assets for point in found if point.event == "cap"]
    assert set(caps) == {Fraction("12.4") + 3 * Fraction("6.225")}
    assert [point.assets for point in found if point.event == "rank_paid"] == [Fraction("8.25"), Fraction("12.4")]


@pytest.mark.parametrize("mode", CapMode)
def test_nobody_needs_to_convert_under_the_double_dip(issued: Position, mode: CapMode) -> None:
    readings = replace(DOUBLE_DIP, cap_mode=mode)
    for assets in (50, 150, 400):
        assert conversions(issued, readings, Fraction(assets * MILLION)) == frozenset()
        assert liquidate(issued, readings, Fraction(assets * MILLION)) == agreed(issued, readings, assets * MILLION)


# The class of A-D


def test_when_series_a_gains_from_an_election(issued: Position) -> None:
    levels = {
        Fraction(1): True,
        Fraction(20 * MILLION): True,
        FIRST_SWITCH - TINY: True,
        FIRST_SWITCH: False,
        FIRST_SWITCH + TINY: False,
        Fraction(45_086_250): False,
        SECOND_SWITCH - TINY: False,
        SECOND_SWITCH: False,
        SECOND_SWITCH + TINY: True,
        Fraction(500 * MILLION): True,
    }
    for assets, gains in levels.items():
        assert (election_gains(issued, DEFAULT, assets)["A"] > 0) is gains
        assert agreed_election(issued, DEFAULT, assets) is gains  # A alone decides: 9,100,000 of 14,555,000
    assert election_gains(issued, DEFAULT, FIRST_SWITCH)["A"] == 0
    assert election_gains(issued, DEFAULT, SECOND_SWITCH)["A"] == 0


def test_in_a_shortfall_the_other_series_lose_where_a_gains(issued: Position) -> None:
    gains = election_gains(issued, DEFAULT, SECOND_SWITCH + TINY)
    assert gains["A"] > 0
    assert all(gains[name] < 0 for name in "BCD")


def test_series_d_loses_when_the_class_is_dragged(issued: Position) -> None:
    kept = after_choices(issued, DEFAULT, SECOND_SWITCH)
    dragged = after_choices(issued, DEFAULT, SECOND_SWITCH + TINY)
    assert kept["D"] == Fraction("2.75")
    assert shown(dragged["D"], 3) == "2.619"
    at_the_switch = agreed_choice(issued, DEFAULT, SECOND_SWITCH, elected=True)
    assert at_the_switch.per_common_share == Fraction("0.075")
    assert at_the_switch.per_share["D"] == Fraction("2.544") + Fraction("0.075")


def test_e_may_lose_when_assets_rise(issued: Position) -> None:
    assert shown(after_choices(issued, DEFAULT, FIRST_SWITCH - TINY)["E"], 6) == "3.839629"
    assert shown(after_choices(issued, DEFAULT, FIRST_SWITCH + TINY)["E"], 6) == "3.838750"


def test_common_may_lose_when_assets_rise(quintus: Charter) -> None:
    shares = {"A": 200_000, "B": 200_000, "C": 300_000, "D": 1_455_000, "E": 3_000_000, "F": 1_500_000}
    position = Position(quintus, shares | {COMMON: 5_000_000})
    assets = Fraction(31_906_950)
    assert agreed_election(position, DEFAULT, assets) is False
    assert agreed_election(position, DEFAULT, assets + TINY) is True  # D alone has 1,455,000 of 2,155,000
    assert shown(after_choices(position, DEFAULT, assets)[COMMON], 6) == "0.212811"
    assert shown(after_choices(position, DEFAULT, assets + TINY)[COMMON], 6) == "0.206000"


def test_f_may_lose_by_an_election(issued: Position) -> None:
    assets = 20 * MILLION
    assert agreed_choice(issued, DEFAULT, assets).per_share["F"] == Fraction("8.25")
    assert shown(agreed_choice(issued, DEFAULT, assets, elected=True).per_share["F"], 4) == "0.8407"


@pytest.mark.parametrize("rank", [CashRank.AFTER_F, CashRank.PARI_SECOND_TIER, CashRank.LAST])
def test_under_the_other_ranks_f_never_loses(issued: Position, rank: CashRank) -> None:
    for assets in (5, 12, 20, 40, 60):
        outcomes = [agreed_choice(issued, Readings(cash_rank=rank), assets * MILLION, e) for e in (False, True)]
        assert outcomes[0].preferences["F"] == outcomes[1].preferences["F"]


@pytest.mark.parametrize("rank", [CashRank.PARI_SECOND_TIER, CashRank.LAST])
def test_under_the_late_ranks_a_gains_only_past_the_second_switch(issued: Position, rank: CashRank) -> None:
    readings = Readings(cash_rank=rank)
    for assets in (13 * MILLION, 20 * MILLION, 40 * MILLION, 45_086_250, SECOND_SWITCH):
        assert election_gains(issued, readings, Fraction(assets))["A"] <= 0
        assert agreed_election(issued, readings, assets) is False
    assert agreed_election(issued, readings, SECOND_SWITCH + TINY) is True


def test_without_e_series_a_gains_in_a_shortfall(issued: Position) -> None:
    position = replace(issued, shares={**issued.shares, "E": 0})
    gains = election_gains(position, Readings(cash_rank=CashRank.PARI_SECOND_TIER), Fraction(30 * MILLION))
    # 17,625,000 go to A-D either way: .925 of 18,739,020 is more than 1 of 20,261,250.
    assert gains["A"] == 17_625_000 * (Fraction("0.925") / 18_739_020 - Fraction(1, 20_261_250)) > 0


@pytest.mark.parametrize(
    ("common", "elects"), [(1_000_000, True), (1_241_399, True), (1_241_400, False), (10_000_000, False)]
)
def test_when_preferences_are_exactly_covered(quintus: Charter, common: int, elects: bool) -> None:
    position = full_issuance(quintus, common)
    assert agreed_election(position, DEFAULT, 45_086_250) is elects


def test_a_drags_the_others_when_common_is_scarce(quintus: Charter) -> None:
    position = full_issuance(quintus, 1_000_000)
    outcome = agreed_choice(position, DEFAULT, 45_086_250, elected=True)
    assert shown(outcome.per_common_share, 6) == "0.075903"
    gains = election_gains(position, DEFAULT, Fraction(45_086_250))
    assert [name for name, gain in gains.items() if gain > 0] == ["A"]


@pytest.mark.parametrize(
    ("shares", "elects"),
    [({"A": 1, "B": 1}, False), ({"A": 2, "B": 1}, True), ({"A": 1, "B": 2}, False), ({}, False)],
    ids=["exactly half", "over half", "under half", "no electing shares"],
)
def test_a_majority_is_more_than_half(quintus: Charter, shares: dict[str, int], elects: bool) -> None:
    # Just past the preferences with ample Common, only A gains: its point is .075, B's .105.
    position = Position(quintus, {**shares, COMMON: 100})
    owed = sum(count * {"A": Fraction(1), "B": Fraction("1.43")}[name] for name, count in shares.items())
    assert agreed_election(position, DEFAULT, owed + 9) is elects


def test_a_charter_may_let_exactly_half_elect(quintus: Charter) -> None:
    half = ClassElection(Threshold(Fraction(1, 2), False, "3(a)"))
    position = Position(replace(quintus, class_election=half), {"A": 1, "B": 1, COMMON: 100})
    assert agreed_election(position, DEFAULT, Fraction("2.43") + 9) is True
    # With nothing to share nobody gains, and nobody is for it.
    assert agreed_election(position, DEFAULT, 0) is False
    assert agreed_election(replace(position, shares={COMMON: 100}), DEFAULT, 9) is False


# Schedules


@strategies.examples(30)
@given(st.data())
def test_a_schedule_is_the_outcome_at_every_level(quintus: Charter, data: st.DataObject) -> None:
    drawn = data.draw(strategies.positions(quintus))
    position = replace(drawn, shares={**drawn.shares, COMMON: drawn.common + 1})
    elected = data.draw(st.booleans())
    assets = data.draw(strategies.assets())
    found = schedule(position, DEFAULT, elected=elected).per_share(assets)
    outcome = agreed_choice(position, DEFAULT, assets, elected).per_share
    held = [name for name, count in position.shares.items() if count]
    assert {name: found[name] for name in held} == {name: outcome[name] for name in held}
