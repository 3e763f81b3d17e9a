"""Liquidation, section 2: worked examples, each with the engine and the closed form.

Expected figures are computed by hand or taken from the ambiguity register; `shown` rounds as it prints them.
"full issuance" is every authorised preferred share; the fixture `issued` adds 10,000,000 Common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.dividends import accrued_undeclared
from reference.equilibrium import liquidate
from reference.liquidation import (
    Event,
    by_holder,
    distribute,
    is_liquidation,
    issue_price,
    participation_cap,
    participation_headroom,
    unpaid_dividend,
)
from reference.payoff import given_breakpoints
from reference.position import Holding, Position, Undeclared, full_issuance
from reference.readings import (
    LIQUIDATION,
    REGISTER,
    CapAdjustsFor,
    CapMode,
    CashRank,
    Daycount,
    EfConversion,
    MergerScope,
    Readings,
    Switch,
    UnpaidDiv,
)
from tests import strategies
from tests.agreement import agreed, agreed_choice, breakpoint_differences
from tests.strategies import FAMILY

DEFAULT = Readings()
MILLION = 10**6


def shown(amount: Fraction, digits: int) -> str:
    """Return an amount rounded to some digits, as the registers print it."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def figures(outcome: object, digits: int = 4) -> dict[str, str]:
    """Return what a share of each class gets, rounded."""
    return {name: shown(Fraction(amount), digits) for name, amount in outcome.per_share.items()}  # type: ignore[attr-defined]


# The example of full issuance


def test_full_issuance_at_110_million(issued: Position) -> None:
    outcome = agreed(issued, DEFAULT, 110 * MILLION)
    # 110,000,000 - 45,086,250 = 64,913,750 remain; F stops at 12.375 after 6,187,500 more.
    level = Fraction(64_913_750 - 6_187_500, 13_000_000)
    assert outcome.per_common_share == outcome.per_share[COMMON] == level
    assert outcome.per_share["E"] == Fraction("4.15") + level
    assert outcome.per_share["F"] == Fraction("12.375")
    assert [outcome.per_share[name] for name in "ABCD"] == [Fraction(p) for p in ("1", "1.43", "1.91", "2.75")]
    assert figures(outcome)["E"] == "8.6674"
    assert outcome.undistributed == 0


def test_breakpoints_of_full_issuance(issued: Position) -> None:
    assert breakpoint_differences(issued, DEFAULT, frozenset()) == []
    found = [(point.assets, point.event, point.names) for point in given_breakpoints(issued, DEFAULT)]
    assert found == [
        (12_375_000, "rank_paid", ("F",)),
        (45_086_250, "rank_paid", ("A", "B", "C", "D", "E")),
        (104_898_750, "cap", ("F",)),
        (132_198_750, "cap", ("E",)),
    ]


def test_the_second_tier_is_paid_rateably(issued: Position) -> None:
    outcome = agreed(issued, DEFAULT, 20 * MILLION)
    fraction = Fraction(20_000_000 - 12_375_000, 32_711_250)
    assert outcome.per_share["F"] == Fraction("8.25")
    assert outcome.per_share["A"] == fraction
    assert outcome.per_share["E"] == Fraction("4.15") * fraction
    assert outcome.per_share[COMMON] == 0


@pytest.mark.parametrize("assets", [12_375_000, 45_086_250, 104_898_750, 132_198_750])
def test_nothing_jumps_at_a_breakpoint(issued: Position, assets: int) -> None:
    tiny = Fraction(1, 10**9)
    below, at, above = (agreed(issued, DEFAULT, assets + step) for step in (-tiny, 0, tiny))
    for name in at.per_share:
        assert at.per_share[name] - below.per_share[name] <= tiny
        assert above.per_share[name] - at.per_share[name] <= tiny


# AMB-16 and AMB-17: unpaid dividends

YEARS_HELD_2 = {"F": Undeclared(Fraction("1.65"), Fraction("3.30"))}
YEARS_HELD_3 = {"F": Undeclared(Fraction("1.65"), Fraction("4.95"))}


@pytest.mark.parametrize(
    ("reading", "per_share", "total"),
    [
        (UnpaidDiv.DECLARED, "8.25", 12_375_000),
        (UnpaidDiv.UNDECLARED_CURRENT_YEAR, "9.90", 14_850_000),
        (UnpaidDiv.UNDECLARED_ALL, "11.55", 17_325_000),
        (UnpaidDiv.LITERAL_EMPTY, "8.25", 12_375_000),
        (UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT, "9.90", 14_850_000),
    ],
)
def test_f_held_two_years_with_nothing_declared(
    issued: Position, reading: UnpaidDiv, per_share: str, total: int
) -> None:
    outcome = agreed(replace(issued, undeclared_dividends=YEARS_HELD_2), Readings(unpaid_div=reading), 20 * MILLION)
    assert outcome.preferences["F"] == Fraction(per_share)
    assert outcome.total("F") == total


def test_three_years_of_dividends_pass_the_cap_and_are_kept(issued: Position) -> None:
    position = replace(issued, undeclared_dividends=YEARS_HELD_3)
    outcome = agreed(position, Readings(unpaid_div=UnpaidDiv.UNDECLARED_ALL), 150 * MILLION)
    assert outcome.preferences["F"] == outcome.per_share["F"] == Fraction("13.20") > Fraction("12.375")


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (UnpaidDiv.DECLARED, "1"),
        (UnpaidDiv.UNDECLARED_CURRENT_YEAR, "2"),
        (UnpaidDiv.UNDECLARED_ALL, "4"),
        (UnpaidDiv.LITERAL_EMPTY, "0"),
        (UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT, "3"),
    ],
)
def test_what_each_reading_of_unpaid_dividends_counts(quintus: Charter, reading: UnpaidDiv, expected: str) -> None:
    undeclared = Undeclared(Fraction(2), Fraction(4))
    position = Position(
        quintus,
        {"A": 1, "C": 1, COMMON: 1},
        declared_dividends={"A": Fraction(1), "C": Fraction(1)},
        undeclared_dividends={"A": undeclared, "C": undeclared},
    )
    outcome = agreed(position, Readings(unpaid_div=reading), 100)
    assert outcome.preferences["C"] == Fraction("1.91") + Fraction(expected)
    assert outcome.preferences["A"] == 2  # A and B count what is declared, under every reading
    assert unpaid_dividend(position, Readings(unpaid_div=reading), quintus.series_named("C")) == Fraction(expected)


def test_a_month_of_accrual_joins_the_preference(issued: Position) -> None:
    accrued = accrued_undeclared(Fraction("1.65"), date(1999, 8, 1), date(2000, 1, 31), Daycount.ACTUAL_365)
    position = replace(issued, undeclared_dividends={"F": accrued})
    outcome = agreed(position, Readings(unpaid_div=UnpaidDiv.UNDECLARED_CURRENT_YEAR), 20 * MILLION)
    assert shown(outcome.preferences["F"] - Fraction("8.25"), 4) == "0.1401"


# AMB-18: dividends and caps


@pytest.mark.parametrize(
    ("reading", "headroom", "capped"), [(Switch.YES, "2.125", "12.375"), (Switch.NO, "4.125", "14.375")]
)
def test_dividends_use_up_the_cap(issued: Position, reading: Switch, headroom: str, capped: str) -> None:
    position = replace(issued, declared_dividends={"F": Fraction(2)})
    readings = Readings(cap_includes_dividends=reading)
    assert participation_headroom(position, readings, issued.charter.series_named("F")) == Fraction(headroom)
    outcome = agreed(position, readings, 150 * MILLION)
    assert outcome.preferences["F"] == Fraction("10.25")
    assert outcome.per_share["F"] == Fraction(capped)


# AMB-19: when participation stops


@pytest.mark.parametrize(
    ("mode", "level", "e", "f"),
    [
        (CapMode.INDIVIDUAL, "4.5174", "8.6674", "12.3750"),
        (CapMode.JOINT, "4.4768", "8.6268", "12.7268"),
        (CapMode.FIRST_STOPS_ALL, "4.6351", "8.2750", "12.3750"),
    ],
)
def test_three_readings_of_until(issued: Position, mode: CapMode, level: str, e: str, f: str) -> None:
    outcome = agreed(issued, Readings(cap_mode=mode), 110 * MILLION)
    assert (figures(outcome)[COMMON], figures(outcome)["E"], figures(outcome)["F"]) == (level, e, f)


def test_joint_sharing_stops_when_the_last_cap_is_reached(issued: Position) -> None:
    # At 6.225 a Common share E has 10.375; F has had 6.225 as well.
    outcome = agreed(issued, Readings(cap_mode=CapMode.JOINT), 200 * MILLION)
    assert (outcome.per_share["E"], outcome.per_share["F"]) == (Fraction("10.375"), Fraction("14.475"))


@pytest.mark.parametrize("mode", CapMode)
def test_a_stop_looks_only_at_series_that_somebody_holds(quintus: Charter, mode: CapMode) -> None:
    outcome = agreed(Position(quintus, {"E": 1, COMMON: 1}), Readings(cap_mode=mode), 100)
    assert outcome.per_share["E"] == Fraction("10.375")


# AMB-20 and AMB-21: ratios and splits


def test_participation_uses_the_unrounded_ratio(quintus: Charter) -> None:
    position = Position(quintus, {"E": 1, COMMON: 1}, conversion_prices={"E": Fraction("2.49")})
    outcome = agreed(position, DEFAULT, Fraction("4.15") + 8)
    assert outcome.per_common_share == 3  # 8 over 1 + 5/3 shares; with a ratio of 2 it would be 8/3
    assert outcome.per_share["E"] == Fraction("9.15")


@pytest.mark.parametrize(
    ("reading", "cap"), [(CapAdjustsFor.PREFERRED_ONLY, "10.375"), (CapAdjustsFor.ANY_LITERAL, "5.1875")]
)
def test_a_common_split_and_the_cap_of_e(issued: Position, reading: CapAdjustsFor, cap: str) -> None:
    position = replace(
        issued,
        shares={**issued.shares, COMMON: 20_000_000},
        conversion_prices={s.name: s.original_issue_price.value / 2 for s in issued.charter.series},
        common_split=Fraction(2),
    )
    readings = Readings(cap_adjusts_for=reading)
    assert participation_cap(position, readings, issued.charter.series_named("E")) == Fraction(cap)
    assert agreed(position, readings, 200 * MILLION).per_share["E"] == Fraction(cap)


def test_a_split_of_the_series_divides_its_cap(issued: Position) -> None:
    position = replace(issued, shares={**issued.shares, "E": 6_000_000}, preferred_splits={"E": Fraction(2)})
    outcome = agreed(position, DEFAULT, 150 * MILLION)
    assert outcome.per_share["E"] == Fraction("5.1875")
    assert outcome.total("E") == agreed(issued, DEFAULT, 150 * MILLION).total("E") == 31_125_000


# AMB-22: preference or conversion


def test_at_150_million_nobody_converts(issued: Position) -> None:
    for outcome in (agreed(issued, DEFAULT, 150 * MILLION), agreed_choice(issued, DEFAULT, 150 * MILLION)):
        assert outcome.per_share["E"] == Fraction("10.375")
        assert outcome.per_common_share == Fraction(80_051_250, 10_000_000)
        assert shown(outcome.per_common_share, 4) == "8.0051"


def test_a_double_dip_at_150_million(issued: Position) -> None:
    outcome = agreed(issued, Readings(ef_conversion=EfConversion.DOUBLE_DIP), 150 * MILLION)
    # Both caps are reached at 132,198,750; the other 17,801,250 go to 14,500,000 shares.
    assert outcome.per_share["E"] == Fraction("10.375") + Fraction(17_801_250, 14_500_000)
    assert figures(outcome)["E"] == "11.6027"


def test_a_double_dip_starts_at_the_last_cap_that_somebody_holds(quintus: Charter) -> None:
    position = Position(quintus, {"F": 3, COMMON: 2})
    outcome = agreed(position, Readings(ef_conversion=EfConversion.DOUBLE_DIP), 1000)
    # F stops at 4.125 a Common share: 24.75 + 12.375 + 8.25 = 45.375; then five shares share 954.625.
    assert outcome.per_common_share == Fraction("4.125") + Fraction("190.925")
    assert outcome.per_share["F"] == Fraction("12.375") + Fraction("190.925")


def test_at_200_million_both_convert(issued: Position) -> None:
    outcome = agreed_choice(issued, DEFAULT, 200 * MILLION)
    assert outcome.converted == {"E", "F"}
    level = Fraction(200_000_000 - 20_261_250, 14_500_000)
    assert outcome.per_share["E"] == outcome.per_share["F"] == outcome.per_share[COMMON] == level
    assert shown(level, 4) == "12.3958"


# AMB-23: the rank of Cash Amounts


@pytest.mark.parametrize(
    ("rank", "a", "e", "f"),
    [
        (CashRank.CREDITOR, "0.9250", "0.0000", "0.8407"),
        (CashRank.AFTER_F, "0.3764", "0.0000", "8.2500"),
        (CashRank.PARI_SECOND_TIER, "0.2261", "1.0146", "8.2500"),
        (CashRank.LAST, "0.0000", "2.5417", "8.2500"),
    ],
)
def test_20_million_after_an_election(issued: Position, rank: CashRank, a: str, e: str, f: str) -> None:
    outcome = agreed(issued, Readings(cash_rank=rank), 20 * MILLION, elected=True)
    assert (figures(outcome)["A"], figures(outcome)["E"], figures(outcome)["F"]) == (a, e, f)


def test_20_million_after_an_election_exactly(issued: Position) -> None:
    outcome = agreed(issued, DEFAULT, 20 * MILLION, elected=True)
    assert outcome.per_share["F"] == Fraction(20_000_000 - 18_739_020, 1_500_000)  # 0.840653...


def test_20_million_without_an_election(issued: Position) -> None:
    outcome = agreed(issued, DEFAULT, 20 * MILLION)
    assert (figures(outcome)["A"], figures(outcome, 3)["E"], figures(outcome, 2)["F"]) == ("0.2331", "0.967", "8.25")


def test_declared_dividends_are_part_of_the_cash_amount(quintus: Charter) -> None:
    position = Position(quintus, {"A": 2, COMMON: 1}, declared_dividends={"A": Fraction("0.075")})
    outcome = agreed(position, DEFAULT, 8, elected=True)
    assert outcome.preferences["A"] == 1
    assert outcome.per_share["A"] == 1 + 2
    assert outcome.per_common_share == 2


def test_cash_amounts_after_a_split_of_the_series(issued: Position) -> None:
    split = replace(issued, shares={**issued.shares, "A": 2 * 9_100_000}, preferred_splits={"A": Fraction(2)})
    literal = agreed(split, DEFAULT, 60 * MILLION, elected=True)
    adjusted = agreed(split, Readings(cash_adjusts_preferred_split=Switch.YES), 60 * MILLION, elected=True)
    assert 2 * 9_100_000 * literal.preferences["A"] == 16_835_000
    assert 2 * 9_100_000 * adjusted.preferences["A"] == 8_417_500


def test_dividends_in_a_cash_amount_are_per_present_share(quintus: Charter) -> None:
    position = Position(
        quintus, {"A": 2}, declared_dividends={"A": Fraction("0.1")}, preferred_splits={"A": Fraction(2)}
    )
    outcome = agreed(position, Readings(cash_adjusts_preferred_split=Switch.YES), 60, elected=True)
    assert outcome.preferences["A"] == Fraction("0.5625")  # 0.925 over 2, plus 0.1


# AMB-24, AMB-25: what is distributed, and to nobody


def test_assets_less_the_par_capital(issued: Position) -> None:
    par = issued.charter.authorized.par_value.value * sum(issued.shares.values())
    assert par == 29_055
    assert agreed(issued, DEFAULT, 110 * MILLION - par).per_share["F"] == Fraction("12.375")


def test_no_common_outstanding(quintus: Charter) -> None:
    outcome = agreed(full_issuance(quintus), DEFAULT, 200 * MILLION)
    assert outcome.undistributed == 130_051_250
    assert sum(outcome.total(name) for name in "ABCDEF") + outcome.undistributed == 200 * MILLION


def test_with_no_common_somebody_converts(quintus: Charter) -> None:
    outcome = agreed_choice(full_issuance(quintus), DEFAULT, 200 * MILLION)
    assert outcome.undistributed == 0
    assert outcome.converted == {"E", "F"}


def test_only_common(quintus: Charter) -> None:
    assert agreed(Position(quintus, {COMMON: 4}), DEFAULT, 10).per_share[COMMON] == Fraction(5, 2)


def test_nothing_outstanding(quintus: Charter) -> None:
    assert agreed(Position(quintus, {}), DEFAULT, 10).undistributed == 10


# AMB-26: what is a liquidation

HALF = Fraction(1, 2)
TINY = Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("event", "literal", "control_shift"),
    [
        (Event("dissolution"), True, True),
        (Event("asset_sale"), True, True),
        (Event("merger"), True, False),
        (Event("merger", voting_power_disposed=Fraction(1, 100)), True, False),
        (Event("merger", voting_power_disposed=HALF), True, False),
        (Event("merger", voting_power_disposed=Fraction(51, 100)), True, True),
        (Event("merger", "wholly_owned_subsidiary", HALF), False, False),
        (Event("merger", "parent"), False, False),
        # The exception limits mergers, and not what disposes of the votes (AMB-127).
        (Event("merger", "wholly_owned_subsidiary", Fraction(51, 100)), True, True),
        (Event("merger", "parent", Fraction(51, 100)), True, True),
        (Event("voting_power", voting_power_disposed=HALF), False, False),
        (Event("voting_power", voting_power_disposed=HALF + Fraction(1, 10**9)), True, True),
    ],
)
def test_what_counts_as_a_liquidation(quintus: Charter, event: Event, literal: bool, control_shift: bool) -> None:
    assert is_liquidation(quintus, Readings(merger_scope=MergerScope.LITERAL), event) is literal
    assert is_liquidation(quintus, Readings(merger_scope=MergerScope.CONTROL_SHIFT), event) is control_shift


def test_a_charter_may_count_exactly_half_as_a_liquidation(quintus: Charter) -> None:
    deemed = quintus.deemed_liquidation
    assert deemed
    threshold = replace(deemed.voting_power_disposed, strict=False)
    charter = replace(quintus, deemed_liquidation=replace(deemed, voting_power_disposed=threshold))
    for kind, scope in (("voting_power", MergerScope.LITERAL), ("merger", MergerScope.CONTROL_SHIFT)):
        for disposed, counts in ((HALF - TINY, False), (HALF, True), (HALF + TINY, True)):
            event = Event(kind, voting_power_disposed=disposed)  # type: ignore[arg-type]
            assert is_liquidation(charter, Readings(merger_scope=scope), event) is counts


def test_what_does_not_participate_has_nothing_to_add() -> None:
    position = Position(FAMILY, {})
    headroom = {s.name: participation_headroom(position, DEFAULT, s) for s in FAMILY.series}
    # Capped: up to 6, of which the preference takes 2.
    assert headroom == {"Senior": 0, "Full": None, "Capped": 4, "Club": 0, "Twin": 0}


# AMB-29 to AMB-31: shortfall, splits


def test_a_shortfall_of_f_is_shared_per_share(issued: Position) -> None:
    holdings = (Holding("ann", "F", 1_000_000), Holding("bob", "F", 500_000), Holding("ann", "A", 9_100_000))
    outcome = agreed(replace(issued, holdings=holdings), DEFAULT, 6_187_500)
    assert outcome.per_share["F"] == Fraction("4.125")
    assert by_holder(outcome, holdings) == {"ann": 4_125_000, "bob": 2_062_500}


def test_a_split_adjusts_the_amount_and_not_the_count(issued: Position) -> None:
    position = replace(issued, shares={**issued.shares, "F": 3_000_000}, preferred_splits={"F": Fraction(2)})
    assert issue_price(position, issued.charter.series_named("F")) == Fraction("4.125")
    outcome = agreed(position, DEFAULT, 30 * MILLION)
    assert outcome.per_share["F"] == Fraction("4.125")
    assert outcome.total("F") == 12_375_000


@pytest.mark.parametrize(
    ("reading", "ratio", "level"), [(Switch.YES, HALF, Fraction(2)), (Switch.NO, Fraction(1), Fraction(4, 3))]
)
def test_a_split_of_a_and_its_conversion(quintus: Charter, reading: Switch, ratio: Fraction, level: Fraction) -> None:
    position = Position(quintus, {"A": 2, COMMON: 1}, preferred_splits={"A": Fraction(2)})
    # Two Cash Amounts of .925 leave 4, for the one share of Common and what two shares of A become.
    outcome = agreed(position, Readings(oip_adjusts_in_conversion=reading), Fraction("5.85"), elected=True)
    assert outcome.per_common_share == level
    assert outcome.per_share["A"] == Fraction("0.925") + ratio * level


# Theorem candidates with figures


def test_f_with_many_unpaid_dividends_gets_more_than_its_cap(issued: Position) -> None:
    position = replace(issued, declared_dividends={"F": Fraction("4.95")})
    assert agreed(position, DEFAULT, 150 * MILLION).per_share["F"] == Fraction("13.20")


def test_which_cap_is_reached_first_depends_on_the_ratios(quintus: Charter) -> None:
    # Headrooms 6.225 and 4.125: E stops first exactly if its ratio is over 6.225/4.125 times that of F.
    at_once = Fraction("6.225") / Fraction("4.125")
    orders = {}
    for factor in (Fraction(99, 100), Fraction(1), Fraction(101, 100)):
        prices = {"E": Fraction("4.15") / (at_once * factor)}
        position = Position(quintus, {"E": 1, "F": 1, COMMON: 1}, conversion_prices=prices)
        assert breakpoint_differences(position, DEFAULT, frozenset()) == []
        found = [point for point in given_breakpoints(position, DEFAULT) if point.event == "cap"]
        orders[factor] = [(point.names, point.assets - found[0].assets > 0) for point in found]
        for assets in (20, 22, 25, 30):
            agreed(position, DEFAULT, assets)
    assert [names for names, _ in orders[Fraction(99, 100)]] == [("F",), ("E",)]
    assert [names for names, _ in orders[Fraction(101, 100)]] == [("E",), ("F",)]
    assert [later for _, later in orders[Fraction(1)]] == [False, False]


@pytest.mark.parametrize("factor", [Fraction(1, 10**30), Fraction(10**30), Fraction(7, 3)])
def test_scale_invariance(quintus: Charter, factor: Fraction) -> None:
    shares = {"A": 3, "E": 3, "F": 3, COMMON: 6}
    once = agreed(Position(quintus, shares), DEFAULT, 100)
    scaled = {name: count * factor for name, count in shares.items()}
    assert agreed(Position(quintus, scaled), DEFAULT, 100 * factor).per_share == once.per_share


# Every reading that liquidation looks at changes some answer

Answer = Callable[[Position, Readings], object]


def _paid(assets: int, **question: object) -> Answer:
    def answer(position: Position, readings: Readings) -> object:
        return agreed(position, readings, assets * MILLION, **question).per_share  # type: ignore[arg-type]

    return answer


def _accrued(position: Position, readings: Readings) -> object:
    accrued = accrued_undeclared(Fraction("1.65"), date(1999, 8, 1), date(2000, 1, 31), readings.daycount)
    counting = replace(readings, unpaid_div=UnpaidDiv.UNDECLARED_ALL)
    return agreed(replace(position, undeclared_dividends={"F": accrued}), counting, 50 * MILLION).per_share


def _merger(position: Position, readings: Readings) -> object:
    return is_liquidation(position.charter, readings, Event("merger"))


EXAMPLES: dict[str, tuple[dict[str, object], Answer]] = {
    "unpaid_div": (
        {
            "declared_dividends": {"F": Fraction(1, 2)},
            "undeclared_dividends": YEARS_HELD_2,
        },
        _paid(50),
    ),
    "daycount": ({}, _accrued),
    "cap_includes_dividends": ({"declared_dividends": {"F": Fraction(2)}}, _paid(150)),
    "cap_mode": ({}, _paid(110)),
    "cap_adjusts_for": ({"common_split": Fraction(2)}, _paid(150)),
    "cash_rank": ({}, _paid(20, elected=True)),
    "merger_scope": ({}, _merger),
    "oip_adjusts_in_conversion": ({"preferred_splits": {"E": Fraction(2)}}, _paid(60)),
    "cash_adjusts_preferred_split": ({"preferred_splits": {"A": Fraction(2)}}, _paid(60, elected=True)),
}


def test_every_reading_of_liquidation_has_an_example() -> None:
    used = {entry.field for entry in REGISTER if set(entry.questions) & set(LIQUIDATION)}
    # Choices of E and F are tested below, rights in test_exercise, and elections, earlier conversions and cents with
    # the oracle's answers.
    elsewhere = {"ef_conversion", "exercise", "cents", "ad_election", "ad_majority", "cash_pool", "half", "votes"}
    assert used - elsewhere - {"converted_dividends"} == set(EXAMPLES)


@pytest.mark.parametrize("field", EXAMPLES)
def test_each_option_of_a_reading_changes_the_answer(issued: Position, field: str) -> None:
    changes, answer = EXAMPLES[field]
    options = [option for option, _ in next(entry for entry in REGISTER if entry.field == field).options]
    position = replace(issued, **changes)  # type: ignore[arg-type]
    answers = [answer(position, Readings(**{field: option})) for option in options]  # type: ignore[arg-type]
    for index, one in enumerate(answers):
        assert all(one != other for other in answers[:index])


def test_each_decision_of_e_and_f_changes_the_answer(issued: Position) -> None:
    assets = 180 * MILLION
    chosen = agreed_choice(issued, DEFAULT, assets)
    nobody = agreed(issued, DEFAULT, assets)
    everybody = agreed(issued, DEFAULT, assets, converted="EF")
    twice = agreed(issued, Readings(ef_conversion=EfConversion.DOUBLE_DIP), assets)
    answers = [outcome.per_share for outcome in (chosen, nobody, everybody, twice)]
    for index, one in enumerate(answers):
        assert all(one != other for other in answers[:index])


# Laws


@given(st.data())
def test_payments_add_up_to_the_assets(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings())
    assets = data.draw(strategies.assets())
    converted = frozenset(data.draw(st.sets(st.sampled_from("EF"))))
    outcome = distribute(position, readings, assets, converted, data.draw(st.booleans()))
    paid = [outcome.total(name) for name in outcome.per_share]
    assert sum(paid) + outcome.former_cash + outcome.former_dividends + outcome.undistributed == assets
    assert min(*paid, outcome.former_cash, outcome.former_dividends, outcome.undistributed) >= 0


@given(st.data())
def test_payments_to_chosen_conversions_add_up(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    assets = data.draw(strategies.assets())
    outcome = liquidate(position, data.draw(strategies.readings("cash_rank", "unpaid_div")), assets)
    paid = sum(outcome.total(name) for name in outcome.per_share)
    assert paid + outcome.former_cash + outcome.former_dividends + outcome.undistributed == assets


@given(st.data())
def test_payments_never_fall_when_assets_rise(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings())
    low, more = data.draw(strategies.assets()), data.draw(strategies.assets())
    elected = data.draw(st.booleans())
    before = distribute(position, readings, low, elected=elected)
    after = distribute(position, readings, low + more, elected=elected)
    for name in before.per_share:
        assert 0 <= after.total(name) - before.total(name) <= more
