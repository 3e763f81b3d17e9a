"""Steps of an account that are known before are put into those that build on them."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from proofs.statements import specialised
from symbolic.account import Account, Definition
from symbolic.algebra import all_of, largest, positive
from symbolic.evaluate import evaluate_all

X, Y, Z = sympy.symbols("x y z", nonnegative=True)


def account() -> list[Definition]:
    """Return an account of a few steps."""
    found = Account(named=True)
    double = found.define("double", 2 * X, "twice x", "2", "$")
    some = found.condition("some", positive(double), "one if x is above zero", "2")
    found.define("other", Z + 1, "beside", "2", "$")
    most = found.define("most", largest(double * some, Y), "the greater", "2", "$")
    found.output("large", all_of(positive(some), positive(most - 3)), "whether it is large", "2", "yes or no")
    found.output("fixed", double + 1, "a number where x is one", "2", "$")
    return found.definitions


@pytest.mark.parametrize("x", [0, 1, Fraction(5, 2)])
@pytest.mark.parametrize("y", [0, 2, 9])
def test_the_same_comes_out(x: Fraction, y: int) -> None:
    wanted = ("large", "fixed")
    whole = evaluate_all(account(), {X: x, Y: y, Z: 7})
    left = evaluate_all(specialised(account(), {"x": x}, wanted), {Y: y})
    assert {name: left[name] for name in wanted} == {name: whole[name] for name in wanted}


def test_only_the_steps_that_lead_there_are_left() -> None:
    names = [own.name for own in specialised(account(), {"x": 2}, ("large",))]
    assert names == ["most", "large"]
    assert [own.name for own in specialised(account(), {}, ("most",))] == ["double", "some", "most"]
