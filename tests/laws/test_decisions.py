"""Nobody gains by deciding otherwise: conversions and exercises around a liquidation (2, 3(a)).

A holder is small beside its class. So each decision is put to a twin of its series, one share among millions on the
same terms, which decides otherwise while everybody else decides as the engine says; what the twin then gets is what
plain distribution pays. Where it gets more, the engine's decisions were not those of holders who do what pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.charter import COMMON, Charter, Tier
from reference.equilibrium import NoEquilibriumError, liquidate
from reference.liquidation import distribute
from reference.position import Option, Owed, Position
from reference.readings import (
    AdElection,
    CapMode,
    CashRank,
    ConvertedDividends,
    Exercise,
    Readings,
    UnpaidDiv,
)
from tests.strategies import examples

MANY = 10**9
"""The shares that a twin stands beside for each share of a drawn position."""

CLOSE = Fraction(1, 10**6)
"""What a twin's own weight can change, $/share."""

TWIN = "twin"


def with_twin(charter: Charter, name: str) -> Charter:
    """Return the charter with one more series, on the terms and in the tier of another."""
    own = replace(charter.series_named(name), name=TWIN)
    tiers = tuple(
        Tier((*tier.series, TWIN), tier.clause) if name in tier.series else tier for tier in charter.liquidation_tiers
    )
    return replace(charter, series=(*charter.series, own), liquidation_tiers=tiers)


def twinned(position: Position, name: str) -> Position:
    """Return a position in which one share of a series stands apart."""

    def also(by_name: Mapping[str, Any]) -> dict[str, Any]:
        return {**by_name, **({TWIN: by_name[name]} if name in by_name else {})}

    return replace(
        position,
        charter=with_twin(position.charter, name),
        shares={**position.shares, TWIN: 1},
        conversion_prices=also(position.conversion_prices),
        declared_dividends=also(position.declared_dividends),
        undeclared_dividends=also(position.undeclared_dividends),
        preferred_splits=also(position.preferred_splits),
    )


halves = st.integers(0, 12).map(lambda n: Fraction(n, 2))
positions = st.builds(
    lambda table, dividends, prices, owed, cash: {
        "shares": {name: count * MANY for name, count in table.items()},
        "declared_dividends": {name: each for name, each in dividends.items() if table.get(name)},
        "conversion_prices": prices,
        "owed": Owed(tuple(own * MANY for own in cash if own), owed * MANY),
    },
    st.fixed_dictionaries({name: st.integers(0, 3) for name in ("A", "C", "E", "F", COMMON)}),
    st.fixed_dictionaries({}, optional={"A": halves, "E": halves, "F": halves}),
    st.fixed_dictionaries({}, optional={"E": st.sampled_from([Fraction(2), Fraction(83, 20), Fraction(9)])}),
    halves,
    st.lists(halves, max_size=2),
)
readings = st.builds(
    Readings,
    converted_dividends=st.sampled_from(ConvertedDividends),
    cap_mode=st.sampled_from([CapMode.INDIVIDUAL, CapMode.INDIVIDUAL, *CapMode]),
    ad_election=st.sampled_from(AdElection),
    cash_rank=st.sampled_from(CashRank),
    unpaid_div=st.sampled_from([UnpaidDiv.DECLARED, UnpaidDiv.LITERAL_EMPTY]),
    exercise=st.just(Exercise.IN_THE_MONEY_EQUILIBRIUM),
)
options = st.lists(
    st.builds(
        lambda stock, count, price: (stock, count * MANY, price),
        st.sampled_from([COMMON, "C", "D", "E"]),
        st.integers(1, 2),
        halves,
    ),
    max_size=3,
)


@examples(300)
@given(table=positions, choice=readings, rights=options, assets=st.integers(0, 160), elected=st.booleans())
def test_nobody_gains_by_deciding_otherwise(
    quintus: Charter,
    table: dict[str, Any],
    choice: Readings,
    rights: list[tuple[str, int, Fraction]],
    assets: int,
    elected: bool,
) -> None:
    position = Position(quintus, **table)
    open_rights = [own for own in rights if own[0] == COMMON or not position.declared_dividends.get(own[0])]
    named = tuple(Option(f"r{at}", *own) for at, own in enumerate(open_rights))
    position = replace(position, options=named)
    money = Fraction(assets * MANY)
    try:
        outcome = liquidate(position, choice, money, elected)
    except NoEquilibriumError:
        assert (
            choice.cap_mode is not CapMode.INDIVIDUAL or choice.converted_dividends is ConvertedDividends.DEBT_OUTSIDE
        )
        return
    after = replace(position, options=(), shares=outcome.shares)
    money += sum(own.shares * own.price for own in outcome.exercised)
    freed = elected and choice.ad_election is AdElection.UNLOCK_INDIVIDUAL
    choosing = [*quintus.optional, *(quintus.electing if freed else ())]
    for name in (own for own in choosing if outcome.shares.get(own, 0)):
        converts = name in outcome.converted
        table_of_two = twinned(after, name)
        chosen = frozenset(own for own in outcome.converted if own in choosing)
        got = {}
        for twin_converts in (False, True):
            given_now = chosen | ({TWIN} if twin_converts else set())
            found = distribute(table_of_two, choice, money, frozenset(given_now), elected)
            outside = Fraction(0)
            if (
                twin_converts
                and choice.converted_dividends is ConvertedDividends.DEBT_OUTSIDE
                and name in quintus.optional
            ):
                outside = position.declared_dividends.get(name, Fraction(0))
            got[twin_converts] = found.per_share[TWIN] + outside
            if found.undistributed > CLOSE and not twin_converts:
                got[True] = got[False] + 1  # Whoever converted would have what nobody takes.
        assert got[converts] >= got[not converts] - CLOSE, (name, got, outcome)
    for own in named:
        each = outcome.per_share[own.stock]
        if own in outcome.exercised:
            assert each > own.price
        else:
            more = {**after.shares, own.stock: after.shares.get(own.stock, 0) + 1}
            one = liquidate(replace(after, shares=more), choice, money + own.price, elected)
            assert one.per_share[own.stock] <= own.price + CLOSE
    paid = sum(outcome.total(name) for name in outcome.per_share) + outcome.former_cash + outcome.former_dividends
    assert paid + outcome.undistributed == money


def test_a_share_that_decides_otherwise_is_seen(quintus: Charter) -> None:
    # E above its conversion point, but told to stay: the twin that converts gets more.
    position = Position(quintus, {"E": MANY, COMMON: MANY})
    found = {
        converts: distribute(
            twinned(position, "E"), Readings(), Fraction(60 * MANY), frozenset([TWIN] if converts else [])
        ).per_share[TWIN]
        for converts in (False, True)
    }
    assert found[True] > found[False] + CLOSE


@pytest.mark.parametrize("name", ["E", "F"])
def test_a_twin_is_paid_as_its_series(quintus: Charter, name: str) -> None:
    position = Position(quintus, {name: MANY, "A": MANY, COMMON: MANY}, declared_dividends={name: Fraction(1)})
    for assets in (1, 5, 9, 14, 30, 90):
        found = distribute(twinned(position, name), Readings(), Fraction(assets * MANY))
        assert found.per_share[TWIN] == found.per_share[name]
