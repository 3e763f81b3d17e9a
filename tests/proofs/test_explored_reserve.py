"""Reserve, offering and recapitalization run on unknown amounts: every path is found, and the figures hold on each."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Unknown
from reference.charter import COMMON, Charter
from reference.position import Position
from reference.readings import EFloor, Readings
from reference.recapitalization import property_per_share, property_received, recapitalized_again
from reference.reserve import headroom, lowest_offering_price, offering_reserve, reserve
from tests.proofs.test_explored_antidilution import proved, refusals, searched, variables
from tests.proofs.toys import exact

DEFAULT = Readings()
A, E, COMMON_SHARES, PRICE, SOLD, CP = variables("a e common price sold CP")
MILLION = 10**6

Inputs = Mapping[str, Any]


def position(charter: Charter, inputs: Inputs, **given: Any) -> Position:
    """Return a position of some A, E and Common."""
    shares = {"A": inputs.get("a", 0), "E": inputs["e"], COMMON: inputs["common"]}
    return Position(charter, shares, **given)


def test_a_reserve(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        found = reserve(position(quintus, i, conversion_prices={"E": i["CP"]}), DEFAULT)
        return {"total": found.total_needed, "short": found.shortfall, "free": found.unreserved}

    found = searched(
        function,
        "a e common CP",
        [A >= 0, E >= 0, COMMON_SHARES >= 0, CP > 0],
        exact(a=1, e=1, common=1, CP=4),
        exact(a=1, e=1, common=10**8, CP=4),
    )
    assert refusals(found) == set()
    assert len(found.paths) >= 2
    proved(found, lambda r: (r["total"] - A) * CP == E * z3.Q(415, 100))
    proved(found, lambda r: r["free"] - r["short"] == 40 * MILLION - COMMON_SHARES - r["total"])
    proved(found, lambda r: z3.And(r["free"] >= 0, r["short"] >= 0, z3.Or(r["free"] == 0, r["short"] == 0)))


def test_headroom(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        found = headroom(position(quintus, i), DEFAULT)
        return {"total": found.total, "e": found.series["E"], "preferred": found.preferred}

    found = searched(function, "a e common", [A >= 0, E >= 0], exact(a=1, e=1, common=1))
    proved(found, lambda r: z3.And(r["total"] == 59_055_000 - A - E - COMMON_SHARES, r["e"] == 3 * MILLION - E))
    proved(found, lambda r: r["preferred"] == 19_055_000 - A - E)


def test_an_offering(quintus: Charter) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        found = offering_reserve(position(quintus, i), DEFAULT, i["price"], i["sold"])
        return {"e": found.needed["E"], "available": found.available}

    found = searched(
        function,
        "e common price sold",
        [E >= 0],
        exact(e=1, common=1, price=4, sold=1),
        exact(e=1, common=1, price=10, sold=1),
    )
    assert refusals(found) == {"no_price", "negative_shares"}
    proved(found, lambda r: z3.Implies(z3.Q(83, 10) > PRICE, r["e"] * PRICE == E * z3.Q(83, 10)))
    proved(found, lambda r: z3.Implies(z3.Q(83, 10) <= PRICE, r["e"] == E))
    proved(found, lambda r: r["available"] == 40 * MILLION - COMMON_SHARES - SOLD)


@pytest.mark.parametrize("reading", EFloor)
def test_the_lowest_price(quintus: Charter, reading: EFloor) -> None:
    def function(i: Inputs) -> Mapping[str, Any]:
        held = position(quintus, i, common_split=Fraction(2), conversion_prices={"E": Fraction("2.075")})
        lowest = lowest_offering_price(held, Readings(e_floor=reading))
        return {"none": True} if lowest is None else {"lowest": lowest}

    found = searched(
        function,
        "e common",
        [E >= 0, COMMON_SHARES >= 0],
        exact(e=1, common=1),
        exact(e=1, common=10**8),
        exact(e=10**6, common=35 * 10**6),
    )
    assert refusals(found) == set()
    room = 40 * MILLION - COMMON_SHARES
    for path in found.paths:
        assert ("none" in path.structure) == (path.witness["common"] + 2 * path.witness["e"] >= 40 * MILLION)
    priced = [path for path in found.paths if "lowest" in path.outcome]
    assert priced
    found.paths[:] = priced
    # Either price: what is sold and what E becomes exactly use up the room (the ratio without a floor is 2).
    until = z3.Q(415, 200) if reading is EFloor.LITERAL else z3.Q(415, 100)
    dollars = z3.Q(415, 100) if reading is EFloor.LITERAL else z3.Q(830, 100)
    proved(
        found,
        lambda r: z3.If(
            r["lowest"] < until,
            r["lowest"] * room == 40 * MILLION + E * dollars,
            r["lowest"] * (room - 2 * E) == 40 * MILLION,
        ),
    )


def test_property_after_a_recapitalization(quintus: Charter) -> None:
    each, shares, ratio = variables("each shares c_E")

    def function(i: Inputs) -> Mapping[str, Any]:
        held = Position(quintus, {}, conversion_prices={"E": i["c_E"]})
        units = {"new": i["each"], "cash": Fraction(3)}
        again = recapitalized_again(units, "new", {"cash": Fraction(2)})
        return {
            "one": property_per_share(held, DEFAULT, units)["E"]["new"],
            "all": property_received(held, DEFAULT, {"E": i["shares"], "A": 2}, units)["new"],
            "again": again["cash"],
        }

    unknowns = [Unknown("each"), Unknown("shares"), Unknown("c_E", reciprocal_of=Fraction("4.15"))]
    found = searched(function, unknowns, [ratio > 0], exact(each=1, shares=1, c_E=2))
    assert refusals(found) == {"negative_units", "negative_shares"}
    proved(found, lambda r: z3.And(r["one"] == ratio * each, r["all"] == each * (ratio * shares + 2)))
    proved(found, lambda r: r["again"] == 3 + 2 * each)
