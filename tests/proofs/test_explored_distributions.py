"""The functions of sections 1(b) and 3(e) run with their units, counts and prices unknown, on every path."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import z3

from proofs.explorer import Unknown, explore
from reference.charter import COMMON, Charter
from reference.distributions import apportion
from reference.position import Holding, Position
from reference.readings import AdAsConverted, Readings
from tests.proofs.toys import exact, unknowns

A, F, COMMONS, UNITS, RATIO = z3.Reals("a f common units c_A")


@pytest.mark.parametrize("reading", AdAsConverted)
def test_units(quintus: Charter, reading: AdAsConverted) -> None:
    readings = Readings(ad_as_converted=reading)

    def function(inputs: Mapping[str, Any]) -> dict[str, Any]:
        shares = {"A": inputs["a"], "F": inputs["f"], COMMON: inputs["common"]}
        found = apportion(Position(quintus, shares, {"A": inputs["c_A"]}), readings, inputs["units"])
        holders = found.by_holder([Holding(name, name, count) for name, count in shares.items()])
        return {**holders, "left": found.undistributed}

    given = (*unknowns("a f common units"), Unknown("c_A", reciprocal_of=Fraction(1)))
    hypotheses = (A >= 0, F >= 0, COMMONS >= 0, UNITS >= 0, RATIO > 0)
    explored = explore("units", function, given, hypotheses, [exact(a=1, f=1, common=1, units=1, c_A=1)])
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    assert len(explored.paths) == 2
    for path in explored.paths:
        assert sum(path.expected.values()) == path.witness["units"]
