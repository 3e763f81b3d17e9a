"""Conversion, offerings and the Cash Amount ledger run under the explorer with their amounts unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Explored
from reference.cash_amounts import CashClaim, claims_of, fund, overdue, total_unpaid
from reference.charter import Charter
from reference.conversion import HolderConversion, convert, election, issuable, series_consent
from reference.offering import Offering, convert_by_offering, floor_trigger, offering_ratio, qualification
from reference.position import Holding, Position
from reference.readings import (
    AdElection,
    AdMajority,
    CashPool,
    EFloor,
    Half,
    IpoOrder,
    IpoSize,
    Readings,
    RoundUnit,
    Switch,
    Votes,
)
from tests.proofs.toys import exact, explored

Inputs = Mapping[str, Any]
DEFAULT = Readings()
M, N, P, R, K = z3.Reals("m n p r k")


def raised(found: Explored) -> set[str]:
    """Say what the paths raise, having asserted that some path was found and nothing left open."""
    assert found.paths
    assert found.undecided == []
    return {path.raised for path in found.paths if path.raised is not None}


def held(charter: Charter, *holdings: tuple[str, str, Any], **more: Any) -> Position:
    """Return the position of some holdings, whose counts may be unknown."""
    shares: dict[str, Any] = {}
    for _, stock, count in holdings:
        shares[stock] = shares.get(stock, 0) + count
    return Position(charter, shares, holdings=tuple(Holding(*own) for own in holdings), **more)


def figures(conversions: tuple[HolderConversion, ...]) -> dict[str, Any]:
    """Name the numbers of some conversions."""
    named: dict[str, Any] = {}
    for own in conversions:
        named |= {f"common_{own.holder}": own.common, f"exact_{own.holder}": own.exact}
        named |= {f"cash_{own.holder}": own.cash_total}
        named |= {f"debt_{own.holder}_{name}": amount for name, amount in own.dividends.items()}
    return named


@pytest.mark.parametrize("unit", RoundUnit)
@pytest.mark.parametrize("half", Half)
def test_conversion_at_option(quintus: Charter, unit: RoundUnit, half: Half) -> None:
    readings = Readings(round_unit=unit, half=half)

    def function(inputs: Inputs) -> dict[str, Any]:
        prices = {"E": Fraction("4.15") * 2 / 3}
        position = held(
            quintus, ("ann", "E", 2), ("ann", "F", inputs["n"]), conversion_prices=prices, declared_dividends={"F": 1}
        )
        return figures((convert(position, readings, "ann", {"E": 1, "F": inputs["m"]}),))

    found = explored(function, "m n", [N >= 0], [exact(m=1, n=2), exact(m=3, n=2), exact(m=-1, n=0)])
    assert raised(found) == {"Forbidden not_held", "Forbidden negative_shares"}
    assert len(found.paths) >= 3


def test_conversion_at_an_unknown_price(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", "E", 3), conversion_prices={"E": inputs["p"]})
        return figures((convert(position, DEFAULT, "ann", {"E": 3}),))

    found = explored(function, "p", [P > 0], [exact(p="4.15")])
    assert raised(found) == set()
    assert len(found.paths) == 1


@pytest.mark.parametrize("majority", AdMajority)
@pytest.mark.parametrize("votes", Votes)
def test_election(quintus: Charter, majority: AdMajority, votes: Votes) -> None:
    readings = Readings(ad_majority=majority, votes=votes)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", "A", inputs["m"]), ("bob", "D", inputs["n"]))
        result = election(position, readings, {"ann": {"A": inputs["m"]}})
        return {"carried": result.count.carried, "needed": result.count.needed, **figures(result.conversions)}

    found = explored(function, "m n", [M >= 0, N >= 0], [exact(m=2, n=1), exact(m=1, n=2), exact(m=0, n=0)])
    assert raised(found) == set()
    assert {path.structure["carried"] for path in found.paths} == {True, False}


def test_election_that_unlocks(quintus: Charter) -> None:
    readings = Readings(ad_election=AdElection.UNLOCK_INDIVIDUAL, cash_adjusts_preferred_split=Switch.YES)

    def function(inputs: Inputs) -> dict[str, Any]:
        splits = {"A": inputs["k"]}
        position = held(quintus, ("ann", "A", 3), ("bob", "B", 2), preferred_splits=splits)
        result = election(position, readings, {"ann": {"A": inputs["m"]}})
        return {"carried": result.count.carried, **figures(result.conversions)}

    found = explored(function, "m k", [K > 0], [exact(m=3, k=2), exact(m=1, k=1)])
    assert raised(found) == {"Forbidden not_held", "Forbidden negative_shares"}


@pytest.mark.parametrize("name", ["E", "F"])
def test_consent(quintus: Charter, name: str) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", name, inputs["m"]), ("bob", name, inputs["n"]))
        result = series_consent(position, DEFAULT, name, {"ann": inputs["m"]})
        return {"carried": result.count.carried, "needed": result.count.needed, **figures(result.conversions)}

    found = explored(function, "m n", [M >= 0, N >= 0], [exact(m=2, n=1), exact(m=1, n=2)])
    assert raised(found) == set()
    assert {path.structure["carried"] for path in found.paths} == {True, False}


def test_what_may_be_issued_again(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", "E", inputs["m"]))
        return {
            option.value: issuable(position, Readings(converted_reissuable=option), "E", inputs["n"])
            for option in Switch
        }

    assert raised(explored(function, "m n")) == set()


@pytest.mark.parametrize("size", IpoSize)
def test_qualification(quintus: Charter, size: IpoSize) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        offering = Offering(
            inputs["p"], inputs["m"], "firm_commitment", "S-1", secondary=inputs["n"], discount=Fraction(1, 2)
        )
        tested = qualification(quintus, Readings(ipo_size=size), offering)
        return {"size": tested.size, "failures": tuple(failure.code for failure in tested.failures)}

    found = explored(function, "p m n", seeds=[exact(p=8, m=5_000_000, n=0), exact(p=8, m=1, n=1)])
    assert raised(found) == {"Forbidden no_price", "Forbidden negative_shares", "Forbidden discount"}
    assert () in {path.structure.get("failures") for path in found.paths}


@pytest.mark.parametrize("name", ["E", "F"])
@pytest.mark.parametrize("e_floor", EFloor)
def test_offering_ratio(quintus: Charter, name: str, e_floor: EFloor) -> None:
    series = quintus.series_named(name)

    def function(inputs: Inputs) -> dict[str, Any]:
        price = series.original_issue_price.value / inputs["r"]
        position = Position(quintus, {}, conversion_prices={name: price}, common_split=inputs["k"])
        ratio = offering_ratio(position, Readings(e_floor=e_floor), series, inputs["p"])
        return {"ratio": ratio, "trigger": floor_trigger(position, Readings(e_floor=e_floor), series)}

    found = explored(function, "p r k", [R > 0, K > 0], [exact(p=4, r=1, k=1), exact(p=20, r=1, k=1)])
    assert raised(found) == {"Forbidden no_price"}
    for path in found.paths:
        if path.raised is None:  # never less than the conversion price gives
            solver = z3.Solver()
            solver.add(*found.hypotheses, *path.constraints, path.outcome["ratio"] < R)
            assert solver.check() == z3.unsat


@pytest.mark.parametrize("order", IpoOrder)
def test_offering(quintus: Charter, order: IpoOrder) -> None:
    readings = Readings(ipo_order=order)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", "A", 3), ("ann", "E", 2), ("bob", "F", 1), ("bob", "common", inputs["n"]))
        offering = Offering(inputs["p"], 10_000_000, "firm_commitment", "S-1", closing=date(1999, 10, 6))
        outcome = convert_by_offering(
            position, readings, offering, consents={"F": date(1999, 10, 1)}, adjusted_prices={"E": Fraction(4)}
        )
        return {
            "binds": tuple(own.name for own in outcome.series if own.binds),
            "needed": outcome.common_needed,
            "shortfall": outcome.shortfall,
            "short": outcome.is_short,
            **figures(outcome.conversions),
            **{f"consented_{own.holder}": own.common for own in outcome.consented},
        }

    found = explored(
        function, "p n", [P > 0, N >= 0, N <= 40_000_000], [exact(p=5, n=0), exact(p=20, n=0), exact(p=5, n=39_000_000)]
    )
    assert raised(found) == set()
    assert {path.structure["short"] for path in found.paths} == {True, False}


@pytest.mark.parametrize("pool", CashPool)
def test_cash_amounts(quintus: Charter, pool: CashPool) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        ledger = (
            CashClaim(date(1999, 9, 1), "ann", "A", inputs["m"]),
            CashClaim(date(1999, 9, 1), "bob", "B", Fraction(2)),
            CashClaim(date(1999, 12, 1), "cyd", "A", inputs["n"]),
        )
        funding = fund(ledger, inputs["p"], Readings(cash_pool=pool))
        late = overdue(quintus, funding.ledger, date(1999, 10, 1))
        return {
            **{f"paid_{place}": amount for place, amount in enumerate(funding.payments)},
            "paid": sum(funding.payments),
            "excess": funding.excess,
            "unpaid": total_unpaid(funding.ledger),
            "late": tuple(claim.holder for claim in late),
        }

    found = explored(
        function, "m n p", [M >= 0, N >= 0], [exact(m=1, n=1, p=2), exact(m=0, n=0, p=9), exact(m=1, n=3, p=4)]
    )
    assert raised(found) == {"Forbidden negative_funds"}
    for path in found.paths:
        if path.raised is None:
            solver = z3.Solver()
            total = path.outcome["paid"] + path.outcome["excess"]
            solver.add(*found.hypotheses, *path.constraints, z3.Or(total != P, path.outcome["excess"] < 0))
            assert solver.check() == z3.unsat


def test_claims_of_unknown_shares(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = held(quintus, ("ann", "A", inputs["m"]))
        ledger = claims_of(election(position, DEFAULT, {"ann": {"A": inputs["m"]}}).conversions, date(1999, 9, 1))
        return {"unpaid": total_unpaid(ledger)}

    assert raised(explored(function, "m", [M >= 0], [exact(m=3)])) == set()
