"""The functions of section 6 run with their counts unknown, on every path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import z3

from proofs.explorer import Unknown, explore
from reference.approvals import Act, approved, minimal_coalitions, required
from reference.charter import COMMON, Charter
from reference.position import Holding, Position
from reference.readings import Readings
from reference.voting import ballots
from tests.proofs.toys import exact

A, B, NUMBER = z3.Reals("a b number")
Inputs = Mapping[str, Any]


def shared(charter: Charter, inputs: Inputs) -> Position:
    """Return a position of E shares held by two."""
    holdings = (Holding("ann", "E", inputs["a"]), Holding("bob", "E", inputs["b"]))
    return Position(charter, {"E": inputs["a"] + inputs["b"]}, holdings=holdings)


@pytest.mark.parametrize(
    "act",
    [
        Act("asset_disposal"),
        Act("amendment", provisions=("2(b)",)),
        Act("amendment", adverse_to=("E",), differently=("E",)),
    ],
    ids=["sale", "cap", "worse"],
)
def test_consents(quintus: Charter, act: Act) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        found = required(shared(quintus, inputs), Readings(), act, ["ann"])
        return {"passes": approved(found)}

    explored = explore("consents", function, (Unknown("a"), Unknown("b")), (A >= 0, B >= 0), [exact(a=1, b=1)])
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    assert {path.structure["passes"] for path in explored.paths} == {True, False}


def test_what_is_needed(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"E": inputs["a"]})
        (_, of_e, of_f) = required(position, Readings(), Act("amendment", provisions=("2(b)",)))
        return {"E": of_e.tally.needed, "F": of_f.tally.needed}

    explored = explore("needed", function, (Unknown("a"),), (A >= 0,), [exact(a=3)])
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    assert all(path.expected["F"] == 0 for path in explored.paths)


def test_coalitions(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = shared(quintus, inputs)
        cast = ballots(position, Readings())
        found = minimal_coalitions(required(position, Readings(), Act("asset_disposal")), cast)
        return {"groups": ["".join(sorted(group)) for group in found]}

    explored = explore("coalitions", function, (Unknown("a"), Unknown("b")), (A >= 1, B >= 1), [exact(a=1, b=1)])
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    groups = {tuple(path.structure["groups"]) for path in explored.paths}
    # Votes are whole, so the smaller holder's may round up to a tie, but never past it.
    assert groups == {("ann",), ("bob",), ("annbob",)}


def test_a_cut_below_what_is_outstanding(quintus: Charter) -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        position = Position(quintus, {"A": inputs["a"], COMMON: 1})
        found = required(position, Readings(), Act("change_authorized", stock="A", number=inputs["number"]))
        return {"kinds": [approval.kind for approval in found]}

    explored = explore("cut", function, (Unknown("a"), Unknown("number")), (A >= 0,), [exact(a=1, number=1)])
    assert explored.undecided == []
    assert {path.raised for path in explored.paths} == {None, "Forbidden below_outstanding"}
