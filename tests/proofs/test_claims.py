"""The equations in totals, which theorems compare states with, hold of what the engine pays."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.checks import PathCheck
from proofs.claims import Totals, totals
from proofs.results import Verdict
from proofs.theorems.liquidation import given_subject, satisfies
from reference.charter import COMMON, Charter
from reference.equilibrium import liquidate
from reference.liquidation import Distribution, distribute
from reference.oracle.charters import load
from reference.position import Position
from reference.readings import Readings
from tests.proofs.toys import ISSUE_PRICES, judged, theorem, value_of
from tests.strategies import amounts, assets, counts, examples, positive_amounts

QUINTUS = load("quintus-1999")
CAP = {"E": Fraction("10.375"), "F": Fraction("12.375")}


@st.composite
def tables(draw: st.DrawFn) -> Position:
    """Draw a table with any counts, dividends and conversion prices of E and F."""
    return Position(
        QUINTUS,
        {name: draw(counts()) for name in (*"ABCDEF", COMMON)},
        conversion_prices={name: draw(positive_amounts()) for name in "EF"},
        declared_dividends={name: draw(amounts(12)) for name in "ABCDEF"},
    )


def without_surviving(table: Position) -> Position:
    """Return a table as the equations with conversions assume it: no unpaid dividend would survive one."""
    return replace(table, declared_dividends={**table.declared_dividends, "E": Fraction(0), "F": Fraction(0)})


def in_totals(table: Position, available: Fraction, paid: Distribution) -> dict[str, Fraction]:
    """Return what the engine was given and paid, as totals."""
    owed = {s: table.shares[s] * (ISSUE_PRICES[s] + table.declared_dividends[s]) for s in ISSUE_PRICES}
    converted = paid.converted
    second = sum((owed[s] for s in "ABCDE" if s not in converted), Fraction(0))
    after_f = max(Fraction(0), available - (0 if "F" in converted else owed["F"]))
    return {
        "W": available,
        "C": Fraction(table.common),
        **{f"T_{s}": owed[s] for s in ISSUE_PRICES},
        **{f"M_{s}": table.shares[s] * CAP[s] for s in CAP},
        **{f"u_{s}": table.shares[s] * ISSUE_PRICES[s] / table.conversion_prices[s] for s in CAP},
        "x": paid.per_common_share,
        "left": paid.undistributed,
        "fraction": Fraction(1) if second == 0 else min(second, after_f) / second,
    }


def faults(state: Totals, values: dict[str, Any], paid: Distribution) -> list[str]:
    """List what of a state does not hold of what was paid."""
    found = [str(condition) for condition in state.setting if value_of(condition, values) is not True]
    return found + [s for s, term in state.received.items() if value_of(term, values) != paid.total(s)]


@pytest.mark.parametrize("converted", ["", "E", "F", "EF"])
@given(table=tables(), available=assets())
@examples(40)
def test_given_conversions_satisfy_the_equations(table: Position, available: Fraction, converted: str) -> None:
    table = without_surviving(table) if converted else table
    paid = distribute(table, Readings(), available, frozenset(converted))
    found = faults(totals(converted=converted), in_totals(table, available, paid), paid)
    assert found == []


@given(table=tables(), available=assets())
@examples(120)
def test_chosen_conversions_satisfy_the_equations(table: Position, available: Fraction) -> None:
    table = without_surviving(table)
    paid = liquidate(table, Readings(), available)
    # The equations do not say who converts: the preference comes first, and what converts gives it back.
    values = in_totals(table, available, distribute(table, Readings(), available))
    values |= {"x": paid.per_common_share, "left": paid.undistributed}
    found = faults(totals(chosen=True), values, paid)
    assert found == []


def test_what_is_not_paid_does_not_satisfy_them(quintus: Charter) -> None:
    table = Position(
        quintus,
        {**dict.fromkeys("ABCD", 0), "E": 3, "F": 2, COMMON: 4},
        conversion_prices={"E": Fraction("4.15"), "F": Fraction("8.25")},
        declared_dividends=dict.fromkeys("ABCDEF", Fraction(0)),
    )
    paid = distribute(table, Readings(), Fraction(60))
    values = in_totals(table, Fraction(60), paid)
    assert faults(totals(), values, paid) == []
    assert faults(totals(), {**values, "x": values["x"] + 1}, paid) != []
    assert faults(totals(), {**values, "left": Fraction(1)}, paid) != []
    assert faults(totals(), {**values, "M_F": Fraction(17)}, paid) != []


def test_the_proof_of_the_equations_notices_others(quintus: Charter) -> None:
    subject = given_subject(quintus, "no conversions", Readings(), frozenset())
    for state, converted in ((totals(converted="E"), "E"), (totals(chosen=True), "")):
        check = PathCheck(theorem(Verdict.PROVED), satisfies(quintus, state, converted))
        assert judged(check, subject).verdict is Verdict.REFUTED
