"""The functions of section 1(a) run with their amounts and counts unknown, on every path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Explored, Unknown, explore
from reference.charter import COMMON, Charter
from reference.dividends import (
    Declared,
    DividendYear,
    accrual_rate,
    allocate,
    amounts_before_common,
    annual_amounts,
    common_dividend_gate,
    declare,
    entitlements,
    full_amounts,
    pay,
    review,
    share_rateably,
    total_of,
)
from reference.position import Position
from reference.readings import (
    CommonGate,
    IfGreater,
    IfGreaterBasis,
    Partial,
    Readings,
    ShortpayTrigger,
    Switch,
)
from tests.proofs.toys import exact, unknowns

Inputs = Mapping[str, Any]
YEAR = DividendYear(date(1999, 1, 1), date(1999, 12, 31))
A, F, COMMONS, POOL, X, Y, K = z3.Reals("a f common pool x y k")


def clean(explored: Explored) -> Explored:
    """Return an exploration after asserting that it is complete and that nothing was raised."""
    assert explored.paths
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    return explored


def test_a_pool(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": inputs["a"], "F": inputs["f"]})
        shared = share_rateably(position, annual_amounts(position), inputs["pool"])
        return {"fraction": shared.fraction, "paid": total_of(position, shared.per_share), "excess": shared.excess}

    explored = explore("pool", function, unknowns("a f pool"), (A >= 0, F >= 0, POOL >= 0), [exact(a=1, f=1, pool=1)])
    assert len(clean(explored).paths) == 2
    for path in explored.paths:
        solver = z3.Solver()
        solver.add(*explored.hypotheses, *path.constraints, path.outcome["paid"] + path.outcome["excess"] != POOL)
        assert solver.check() == z3.unsat


def test_a_negative_pool_is_refused(quintus: Charter) -> None:
    position = Position(quintus, {"A": 1})
    explored = explore(
        "pool", lambda i: {"excess": share_rateably(position, annual_amounts(position), i["pool"]).excess},
        unknowns("pool"), (), [exact(pool=1)],
    )  # fmt: skip
    assert explored.undecided == []
    assert {path.raised for path in explored.paths} == {None, "ValueError"}


@pytest.mark.parametrize("which", IfGreater)
def test_dividing_a_total(quintus: Charter, which: IfGreater) -> None:
    readings = Readings(if_greater=which)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": 2, "F": 1, COMMON: inputs["common"]})
        found = allocate(position, readings, annual_amounts(position), inputs["pool"])
        return {**{name: found.per_share[name] for name in ("A", "F", COMMON)}, "left": found.undistributed}

    explored = explore(
        "allocate", function, unknowns("common pool"), (COMMONS >= 0, POOL >= 0), [exact(common=1, pool=1)]
    )
    for path in clean(explored).paths:
        paid = 2 * path.outcome["A"] + path.outcome["F"] + COMMONS * path.outcome[COMMON]
        solver = z3.Solver()
        solver.add(*explored.hypotheses, *path.constraints, paid + path.outcome["left"] != POOL)
        assert solver.check() == z3.unsat


@pytest.mark.parametrize("which", IfGreater)
@pytest.mark.parametrize("basis", IfGreaterBasis)
def test_entitlements(quintus: Charter, which: IfGreater, basis: IfGreaterBasis) -> None:
    readings = Readings(if_greater=which, if_greater_basis=basis, annualise=Switch.YES)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": inputs["a"], "F": 1}, {"A": inputs["c_A"]})
        return entitlements(position, readings, annual_amounts(position), inputs["x"], Fraction(1, 4))

    given = (Unknown("a"), Unknown("x"), Unknown("c_A", reciprocal_of=Fraction(1)))
    hypotheses = (A >= 0, X >= 0, z3.Real("c_A") > 0)
    clean(explore("entitlements", function, given, hypotheses, [exact(a=1, x=1, c_A=1)]))


@pytest.mark.parametrize("partial", Partial)
def test_full_amounts_with_an_unknown_split(quintus: Charter, partial: Partial) -> None:
    readings = Readings(partial=partial, common_gate=CommonGate.TO_DATE, include_if_greater=Switch.YES)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": 1}, preferred_splits={"A": inputs["k"]})
        issued = {"A": date(1999, 8, 1)}
        return {
            "full": full_amounts(position, readings, YEAR, issued)["A"],
            "before": amounts_before_common(position, readings, YEAR, date(1999, 8, 31), issued)["A"],
            "accrual": accrual_rate(position, readings, quintus.series_named("A"), inputs["x"]),
        }

    clean(explore("full", function, unknowns("k x"), (K > 0, X >= 0), [exact(k=2, x=1)]))


def test_the_gate(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": inputs["a"], "F": 1, COMMON: 1})
        preferred = {"A": inputs["x"], "F": Fraction("1.65")}
        gate = common_dividend_gate(position, Readings(), annual_amounts(position), preferred, inputs["y"])
        return {"short": gate.short}

    explored = explore("gate", function, unknowns("a x y"), (A >= 0, X >= 0, Y >= 0), [exact(a=1, x=1, y=1)])
    assert {path.structure["short"] for path in clean(explored).paths} == {(), ("A",), ("F",), ("A", "F")}


@pytest.mark.parametrize("trigger", ShortpayTrigger)
def test_a_year_of_two_declarations(quintus: Charter, trigger: ShortpayTrigger) -> None:
    readings = Readings(shortpay_trigger=trigger)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": 2, "F": 1})
        declarations = [
            Declared(date(1999, 3, 1), {"A": inputs["x"]}, position.shares),
            Declared(date(1999, 9, 1), {"F": inputs["y"]}, position.shares),
        ]
        found = review(readings, annual_amounts(position), YEAR, declarations)
        return {"short": found.short, "conforms": found.conforms, "of A": found.schedule["A"]}

    explored = explore("review", function, unknowns("x y"), (X >= 0, Y >= 0), [exact(x=0, y=0), exact(x=1, y=1)])
    found = {(path.structure["short"], path.structure["conforms"]) for path in clean(explored).paths}
    assert found == {(False, True), (True, True), (True, False)}


def test_what_is_owed(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": inputs["a"]})
        owed = declare(position, {}, {"A": inputs["x"]}, inputs["pool"])
        return {"left": pay(owed, {"A": inputs["y"]})["A"]}

    hypotheses = (A >= 0, X >= 0, Y >= 0, POOL >= 0)
    explored = explore("owed", function, unknowns("a x y pool"), hypotheses, [exact(a=1, x=1, y=1, pool=1)])
    assert explored.undecided == []
    assert {path.raised for path in explored.paths} == {
        None,
        "Forbidden not_legally_available",
        "Forbidden undeclared_dividend",
    }
