"""`breakpoints` lists exactly the assets at which the slope of somebody's payment changes or jumps (2, 3(a), 3(c))."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.equilibrium import NoEquilibriumError, equilibrium_breakpoints, settle
from reference.payoff import breakpoints, liquidation
from reference.position import Option, Owed, Position
from reference.readings import (
    AdElection,
    CapMode,
    CashPool,
    CashRank,
    ConvertedDividends,
    EfConversion,
    Exercise,
    Readings,
    UnpaidDiv,
)
from tests.strategies import examples

Payments = dict[str, Fraction]
halves = st.integers(0, 12).map(lambda n: Fraction(n, 2))


def payments(
    position: Position, readings: Readings, told: frozenset[str] | None, elected: bool, assets: Fraction
) -> Payments:
    """Return what everybody gets, $/share or $, by who gets it."""
    found = settle(liquidation(position, readings, told, elected), assets)
    held = {name: found.per_share[name] for name, count in position.shares.items() if count}
    rights = {f"rights {own.name}": Fraction(0) for own in position.options}
    rights |= {f"rights {own.name}": found.per_share[own.stock] - own.price for own in found.exercised}
    return {**held, **rights, **by_day(position, readings, found.former_cash), "dividends": found.former_dividends}


def by_day(position: Position, readings: Readings, cash: Fraction) -> Payments:
    """Return what the Cash Amounts of each earlier day get of all that these get, $ (AMB-51)."""
    owed = position.owed.cash_amounts
    first = readings.cash_pool is CashPool.FIFO and readings.cash_rank is not CashRank.PARI_SECOND_TIER
    whole = sum(owed, Fraction(0))
    before = [sum(owed[:day], Fraction(0)) for day in range(len(owed))]
    parts = [
        max(Fraction(0), min(own, cash - more)) if first else own * cash / whole
        for own, more in zip(owed, before, strict=True)
    ]
    return {f"cash {day}": part for day, part in enumerate(parts)}


def slope(low: Payments, high: Payments, width: Fraction) -> Payments:
    return {name: (high[name] - low[name]) / width for name in low}


tables = st.fixed_dictionaries({name: st.integers(0, 3) for name in ("A", "B", "E", "F", COMMON)})
options = st.lists(st.tuples(st.sampled_from([COMMON, COMMON, "C", "E"]), st.integers(1, 2), halves), max_size=3)
readings = st.builds(
    Readings,
    converted_dividends=st.sampled_from(ConvertedDividends),
    cap_mode=st.sampled_from([CapMode.INDIVIDUAL, CapMode.INDIVIDUAL, *CapMode]),
    ef_conversion=st.sampled_from([EfConversion.EQUILIBRIUM, EfConversion.EQUILIBRIUM, EfConversion.DOUBLE_DIP]),
    ad_election=st.sampled_from(AdElection),
    cash_rank=st.sampled_from(CashRank),
    cash_pool=st.sampled_from(CashPool),
    unpaid_div=st.sampled_from([UnpaidDiv.DECLARED, UnpaidDiv.LITERAL_EMPTY]),
    exercise=st.sampled_from(Exercise),
)


@examples(200)
@given(
    table=tables,
    dividends=st.fixed_dictionaries({}, optional={"A": halves, "E": halves, "F": halves}),
    prices=st.fixed_dictionaries({}, optional={"E": st.sampled_from([Fraction(2), Fraction(9)])}),
    cash=st.lists(halves.filter(bool), max_size=3),
    due=halves,
    rights=options,
    choice=readings,
    told=st.sampled_from([None, None, frozenset(), frozenset("E"), frozenset("EF")]),
    elected=st.booleans(),
)
def test_breakpoints_are_the_kinks(
    quintus: Charter,
    table: dict[str, int],
    dividends: dict[str, Fraction],
    prices: dict[str, Fraction],
    cash: list[Fraction],
    due: Fraction,
    rights: list[tuple[str, int, Fraction]],
    choice: Readings,
    told: frozenset[str] | None,
    elected: bool,
) -> None:
    owed = Owed(tuple(cash), due)
    open_rights = [own for own in rights if own[0] == COMMON or own[0] not in dividends]
    named = tuple(Option(f"r{at}", *own) for at, own in enumerate(open_rights))
    declared = {name: each for name, each in dividends.items() if table[name]}
    position = Position(quintus, table, prices, declared, owed=owed, options=named)
    if told is None and choice.ef_conversion is EfConversion.DOUBLE_DIP:
        told = frozenset()
    try:
        if told is None:
            found = equilibrium_breakpoints(position, choice, elected)
        else:
            found = breakpoints(liquidation(position, choice, told, elected))
        levels = [Fraction(0), *dict.fromkeys(point.assets for point in found)]
        assert levels == sorted(levels)
        assert all(level > 0 for level in levels[1:])
        lines = []
        for low, high in pairwise([*levels, None]):
            assert low is not None
            width = Fraction(100) if high is None else high - low
            at = [low + width * Fraction(part, 5) for part in (1, 2, 4)]
            one, two, three = (payments(position, choice, told, elected, assets) for assets in at)
            assert slope(one, two, width / 5) == slope(two, three, 2 * width / 5), (low, high)
            lines.append((at[0], one, slope(one, two, width / 5)))
        for level, before, after in zip(levels[1:], lines[:-1], lines[1:], strict=True):
            reached = [
                {name: each + line[2][name] * (level - line[0]) for name, each in line[1].items()}
                for line in (before, after)
            ]
            assert before[2] != after[2] or reached[0] != reached[1], level
    except NoEquilibriumError:
        outside = choice.converted_dividends is ConvertedDividends.DEBT_OUTSIDE
        assert told is None
        assert outside or choice.cap_mode is not CapMode.INDIVIDUAL


def test_a_series_alone_has_no_kink(quintus: Charter) -> None:
    # Preference, participation and conversion all give E everything.
    assert equilibrium_breakpoints(Position(quintus, {"E": 2}), Readings()) == ()
    # As held, nobody takes what is above the cap.
    alone = breakpoints(liquidation(Position(quintus, {"E": 2}), Readings(), frozenset()))
    assert [(point.assets, point.event) for point in alone] == [(Fraction("20.75"), "cap")]
