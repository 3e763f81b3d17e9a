"""Section 4 has one function that looks at counts; it runs with them unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from proofs.explorer import explore
from reference.charter import Charter
from reference.notices import recipients
from reference.position import Holding, Position
from tests.proofs.toys import exact, unknowns

A, F = z3.Reals("a f")


def test_recipients(quintus: Charter) -> None:
    def function(inputs: Mapping[str, Any]) -> dict[str, Any]:
        holdings = (Holding("ann", "A", inputs["a"]), Holding("ann", "F", inputs["f"]), Holding("bob", "F", 1))
        return {"recipients": recipients(Position(quintus, {}, holdings=holdings))}

    explored = explore("recipients", function, unknowns("a f"), (A >= 0, F >= 0), [exact(a=1, f=1)])
    assert explored.undecided == []
    assert [path.raised for path in explored.paths if path.raised] == []
    assert {path.structure["recipients"] for path in explored.paths} == {("ann", "bob"), ("bob",)}
