"""The functions of section 5 run with their counts and prices unknown, on every path."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Explored, Unknown, explore
from reference.charter import COMMON, Charter
from reference.position import Holding, Position
from reference.readings import Half, Readings, ShiftTest, VacantSeats, Votes
from reference.voting import in_voting_shift, motion, seats, votes_by_class, votes_by_holder, votes_of
from tests.proofs.toys import exact

A, B, COMMONS, RATIO = z3.Reals("a b common c_A")
Inputs = Mapping[str, Any]


def clean(explored: Explored) -> Explored:
    """Return an exploration after asserting that it is complete and that nothing was raised."""
    assert explored.paths
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    return explored


@pytest.mark.parametrize("reading", Votes)
@pytest.mark.parametrize("half", Half)
def test_votes_of_one_holder(quintus: Charter, reading: Votes, half: Half) -> None:
    readings = Readings(votes=reading, half=half)

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": 3}, {"A": inputs["c_A"]})
        return {"votes": votes_of(position, readings, "A", 3)}

    unknown = Unknown("c_A", reciprocal_of=Fraction(1))
    clean(explore("votes", function, (unknown,), (RATIO > 0, RATIO < 2), [exact(c_A=1), exact(c_A="1/2")]))


def test_votes_of_holders(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        holdings = (Holding("ann", "A", inputs["a"]), Holding("bob", "A", inputs["b"]), Holding("bob", COMMON, 1))
        shares = {"A": inputs["a"] + inputs["b"], COMMON: 1}
        position = Position(quintus, shares, holdings=holdings)
        found = votes_by_holder(position, Readings())
        return {**found, "in A": votes_by_class(position, Readings())["A"]}

    explored = explore(
        "holders", function, (Unknown("a"), Unknown("b")), (A >= 0, B >= 0), [exact(a=1, b=2), exact(a=0, b=0)]
    )
    for path in clean(explored).paths:
        assert path.expected["in A"] == path.expected["ann"] + path.expected["bob"] - 1


@pytest.mark.parametrize("reading", ShiftTest)
def test_the_shift(quintus: Charter, reading: ShiftTest) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"B": inputs["b"], COMMON: inputs["common"]})
        return {"shift": in_voting_shift(position, Readings(votes=Votes.PER_SHARE, shift_test=reading))}

    explored = explore(
        "shift", function, (Unknown("b"), Unknown("common")), (B >= 0, COMMONS >= 0), [exact(b=1, common=1)]
    )
    assert {path.structure["shift"] for path in clean(explored).paths} == {True, False}


@pytest.mark.parametrize("reading", VacantSeats)
def test_seats_with_an_unknown_number_of_directors(quintus: Charter, reading: VacantSeats) -> None:
    number = z3.Real("directors")

    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"E": 1, COMMON: 100})
        found = seats(position, Readings(vacant_seats=reading), inputs["directors"])
        return {"directors": found.directors, **{f"group {i}": g.seats for i, g in enumerate(found.groups)}}

    explored = explore(
        "seats", function, (Unknown("directors"),), (number >= 1, number <= 12), [exact(directors=n) for n in (1, 6, 8)]
    )
    for path in clean(explored).paths:
        assert sum(path.expected[f"group {i}"] for i in range(3)) == path.expected["directors"] >= 5


def test_a_motion(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        holdings = (Holding("ann", COMMON, inputs["a"]), Holding("bob", COMMON, inputs["b"]))
        position = Position(quintus, {COMMON: inputs["a"] + inputs["b"]}, holdings=holdings)
        found = motion(position, Readings(), ["ann"])
        return {"passes": found.passes, "needed": found.tallies[0].needed}

    explored = explore("motion", function, (Unknown("a"), Unknown("b")), (A >= 0, B >= 0), [exact(a=1, b=1)])
    assert {path.structure["passes"] for path in clean(explored).paths} == {True, False}
