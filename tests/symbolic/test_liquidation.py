"""The engine and the closed forms agree on every liquidation with given conversions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter
from reference.liquidation import distribute
from reference.payoff import given_breakpoints
from reference.position import Position
from reference.readings import CapMode, CashRank, EfConversion, Readings
from symbolic.evaluate import evaluate, holds
from symbolic.liquidation import Case, forms, implicit
from tests import strategies
from tests.agreement import NOBODY, breakpoint_differences, case_of, differences, satisfies, values_of
from tests.strategies import FAMILY

MODES = [Readings(cap_mode=mode) for mode in CapMode]
CONVERTED = [frozenset(names) for names in ("", "E", "F", "EF")]


def small_tables(charter: Charter) -> Iterator[Position]:
    """Yield each table with 0 to 2 of E, F and Common, and at most one series of A-D."""
    for e, f, common in product(range(3), repeat=3):
        yield Position(charter, {"E": e, "F": f, COMMON: common})
        for name in "ABCD":
            yield Position(charter, {name: 1, "E": e, "F": f, COMMON: common})


def levels(position: Position, readings: Readings, converted: frozenset[str], elected: bool) -> list[Fraction]:
    """Return every breakpoint, the middle of every gap, and levels before the first and past the last."""
    at = sorted({Fraction(0), *(point.assets for point in given_breakpoints(position, readings, converted, elected))})
    return at + [(low + high) / 2 for low, high in pairwise(at)] + [at[-1] + 7]


@pytest.mark.parametrize("readings", MODES, ids=lambda readings: readings.cap_mode.value)
def test_every_small_table(quintus: Charter, readings: Readings) -> None:
    for position in small_tables(quintus):
        elections = (False, True) if any(position.shares.get(name) for name in "ABCD") else (False,)
        for converted, elected in product(CONVERTED, elections):
            for assets in levels(position, readings, converted, elected):
                assert differences(position, readings, assets, converted, elected) == []
            assert breakpoint_differences(position, readings, converted, elected) == []


@pytest.mark.parametrize("rank", CashRank)
def test_every_rank_of_the_cash_amounts(quintus: Charter, rank: CashRank) -> None:
    readings = Readings(cash_rank=rank)
    for a, d, e, f in product((0, 2), (0, 1), (0, 1), (0, 1)):
        position = Position(quintus, {"A": a, "D": d, "E": e, "F": f, COMMON: 1}, declared_dividends={"A": Fraction(1)})
        for assets in levels(position, readings, NOBODY, True):
            assert differences(position, readings, assets, elected=True) == []
        assert breakpoint_differences(position, readings, NOBODY, True) == []


@given(st.data())
def test_drawn_tables_and_readings(quintus: Charter, data: st.DataObject) -> None:
    position = data.draw(strategies.positions(quintus))
    readings = data.draw(strategies.readings())
    converted = data.draw(st.sampled_from(CONVERTED))
    elected = data.draw(st.booleans())
    assert breakpoint_differences(position, readings, converted, elected) == []
    for assets in (data.draw(strategies.assets()), *levels(position, readings, converted, elected)):
        assert differences(position, readings, assets, converted, elected) == []


@given(st.data())
def test_drawn_tables_of_another_charter(data: st.DataObject) -> None:
    position = data.draw(strategies.positions(FAMILY))
    readings = data.draw(strategies.readings())
    converted = frozenset(data.draw(st.sets(st.sampled_from(FAMILY.optional))))
    elected = data.draw(st.booleans())
    assert breakpoint_differences(position, readings, converted, elected) == []
    for assets in (data.draw(strategies.assets()), *levels(position, readings, converted, elected)):
        assert differences(position, readings, assets, converted, elected) == []


EDGES: dict[str, tuple[Position, Readings]] = {}


def edge(name: str, readings: Readings | None = None, **position: object) -> None:
    """Name an edge case: a position of the shipped charter, given by its fields."""
    EDGES[name] = (position, readings or Readings())  # type: ignore[assignment]


edge("nothing outstanding", shares={})
edge("only Common", shares={COMMON: 3})
edge("no Common", shares={"A": 1, "E": 2, "F": 3})
edge("no series with a cap", shares={"A": 1, "B": 2, COMMON: 3})
edge("no Common and a double dip", Readings(ef_conversion=EfConversion.DOUBLE_DIP), shares={"E": 2, "F": 1})
edge(
    "a double dip where nobody holds E",
    Readings(ef_conversion=EfConversion.DOUBLE_DIP),
    shares={"F": 3, COMMON: 2},
)
edge("preference above the cap", shares={"E": 1, "F": 1, COMMON: 1}, declared_dividends={"F": Fraction(99, 20)})
edge("preference exactly at the cap", shares={"E": 1, "F": 1, COMMON: 1}, declared_dividends={"F": Fraction(33, 8)})
edge(
    "both preferences above the caps", shares={"E": 1, "F": 1}, declared_dividends={"E": Fraction(9), "F": Fraction(9)}
)
edge("E reaches its cap first", shares={"E": 2, "F": 3, COMMON: 5}, conversion_prices={"E": Fraction(2)})
edge("F reaches its cap first", shares={"E": 2, "F": 3, COMMON: 5}, conversion_prices={"F": Fraction(2)})
# Headrooms 6.225 and 4.125: with these ratios both caps are reached at the same amount per Common share.
edge(
    "both caps at once",
    shares={"E": 2, "F": 3, COMMON: 5},
    conversion_prices={"E": Fraction(83, 20) / Fraction(83, 55)},
)
edge("a huge count", shares={"A": 10**30, "E": 1, "F": 10**20, COMMON: 10**25})
edge("tiny prices", shares={"E": 1, "F": 1, COMMON: 1}, conversion_prices={"E": Fraction(1, 10**30)})
edge("tiny dividends", shares={"A": 1, "F": 1, COMMON: 1}, declared_dividends={"A": Fraction(1, 10**40)})
edge("a split of a series", shares={"E": 2, "F": 2, COMMON: 2}, preferred_splits={"E": Fraction(3, 2)})


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("mode", CapMode)
def test_edges(quintus: Charter, name: str, mode: CapMode) -> None:
    fields, chosen = EDGES[name]
    readings = Readings(cap_mode=mode, ef_conversion=chosen.ef_conversion)
    position = Position(quintus, **fields)  # type: ignore[arg-type]
    for converted, elected in product(CONVERTED, (False, True)):
        assert breakpoint_differences(position, readings, converted, elected) == []
        for assets in (*levels(position, readings, converted, elected), Fraction(1, 10**50), Fraction(10**50)):
            assert differences(position, readings, assets, converted, elected) == []


def test_the_implicit_account_has_the_engines_outcome_and_no_other(quintus: Charter) -> None:
    for position in small_tables(quintus):
        readings = Readings()
        account = implicit(case_of(position, readings))
        for assets in levels(position, readings, NOBODY, False):
            outcome = distribute(position, readings, assets)
            values = values_of(position, assets) | {"undistributed": outcome.undistributed}
            level = outcome.per_common_share
            if outcome.undistributed == 0:
                assert satisfies(account, values, level)
                assert not satisfies(account, values, level + Fraction(1, 9))
                assert level == 0 or not satisfies(account, values, level / 2)


def test_an_implicit_account_claims_what_the_engine_pays(quintus: Charter) -> None:
    position = Position(quintus, {"A": 2, "E": 3, "F": 1, COMMON: 4})
    # The preferences take 22.70 of the 70; F takes 4.125 more and stops; 7 shares share the other 43.175.
    account = implicit(case_of(position, Readings()))
    outcome = distribute(position, Readings(), Fraction(70))
    assert outcome.per_common_share == Fraction("43.175") / 7
    values = values_of(position, Fraction(70)) | {"undistributed": 0, "x": outcome.per_common_share}
    names = [series.name for series in quintus.series] + [COMMON]
    assert list(account.per_share) == list(account.claims) == names
    for name in names:
        assert evaluate(account.per_share[name], values) == outcome.per_share[name]
        assert evaluate(account.claims[name], values) == outcome.total(name)
    assert holds(account.balance, values)
    for wrong in ({"W": Fraction(71)}, {"undistributed": 1}, {"x": outcome.per_common_share + 1}):
        assert not holds(account.balance, values | wrong)


def test_a_series_that_cannot_choose_is_refused(quintus: Charter) -> None:
    with pytest.raises(ValueError, match="A does not convert"):
        forms(Case(quintus, Readings(), converted=frozenset("A")))
