"""The explorer finds every path and nothing else, and notices what it could not follow."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import z3

from proofs.explorer import ReplayError, Unknown, allowed, explore, plain_inputs
from proofs.numbers import Traced
from proofs.subjects import DEFAULTS
from proofs.theorems.liquidation import given_subject
from reference.charter import Charter
from tests.proofs.toys import ISSUE_PRICES, Members, described, exact, explored, value_of, zero

ROOT = Path(__file__).parents[2]
W, X, Y, Z = z3.Reals("W x y z")

Inputs = Mapping[str, Any]


def corner(inputs: Inputs) -> dict[str, Any]:
    """Say where a point lies: four regions by nested comparisons."""
    x, y = inputs["x"], inputs["y"]
    if x < y:
        return {"where": "left" if x < 0 else "middle"}
    return {"where": "far" if y > 5 else "right"}


def test_nested_comparisons_are_all_found_from_one_seed() -> None:
    found = explored(corner, "x y")
    assert sorted(p.structure["where"] for p in found.paths) == ["far", "left", "middle", "right"]
    assert (found.pruned, found.undecided, found.infeasible) == (0, [], [])


def test_a_branch_that_nothing_takes_is_pruned() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        if inputs["x"] > 3:
            return {"r": 1 if inputs["x"] > 1 else 2}
        return {"r": 3 if inputs["x"] >= 0 else 4}

    found = explored(function, "x", [X >= 0])
    assert sorted(p.expected["r"] for p in found.paths) == [1, 3]
    assert (found.pruned, len(found.infeasible), found.undecided) == (2, 2, [])
    for constraints in found.infeasible:
        solver = z3.Solver()
        solver.add(X >= 0, *constraints)
        assert solver.check() == z3.unsat


def test_a_branch_on_equality_alone_is_found() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        total = inputs["x"] + 2 * inputs["y"]
        return {"r": "exact" if inputs["W"] == total else "other"}

    found = explored(function, "W x y", [X > 0, Y > 0], [exact(W=1, x=1, y=1)])
    assert sorted(p.structure["r"] for p in found.paths) == ["exact", "other"]
    (path,) = (p for p in found.paths if p.structure["r"] == "exact")
    assert path.witness["W"] == path.witness["x"] + 2 * path.witness["y"]


def test_a_tie_is_apart_from_either_side() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        ranked = sorted(((inputs["x"], "x"), (inputs["y"], "y"), (inputs["z"], "z")), key=lambda pair: pair[0])
        return {"r": "".join(name for _, name in ranked)}

    found = explored(function, "x y z")
    assert {p.structure["r"] for p in found.paths} == {"xyz", "xzy", "yxz", "yzx", "zxy", "zyx"}


def test_a_path_that_raises_is_one_too() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        if inputs["x"] < 0:
            raise ValueError("below zero")
        return {"r": 1 / (inputs["x"] - 7)}

    found = explored(function, "x")
    assert {str(p.raised) for p in found.paths} == {"None", "ValueError", "ZeroDivisionError"}
    (zero_path,) = (p for p in found.paths if p.raised == "ZeroDivisionError")
    assert zero_path.witness == {"x": 7}
    assert (zero_path.outcome, zero_path.structure) == ({}, {})


def test_a_division_forks_on_zero_once() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        return {"r": inputs["x"] / inputs["y"] + 1 / inputs["y"]}

    found = explored(function, "x y", seeds=[exact(x=1, y=1)])
    assert [p.raised for p in found.paths] == [None, "ZeroDivisionError"]


def test_products_of_unknowns_are_followed() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        x, y, z = inputs["x"], inputs["y"], inputs["z"]
        if x * x * y > z * z + 1:
            return {"r": "large" if x * y < -2 else "small"}
        return {"r": "equal" if x * y * z == 6 else "other"}

    found = explored(function, "x y z")
    assert [p.structure["r"] for p in found.paths] == ["other", "small", "equal", "large"]
    assert found.undecided == []


def test_a_witness_is_rational_although_the_first_model_is_not() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        x, y = inputs["x"], inputs["y"]
        return {"r": 1 if x * x * y == 3 else 0}

    hypotheses = [Y * Y * Y > 5, Y < 7]
    solver = z3.SolverFor("QF_NRA")
    solver.add(*hypotheses, X * X * Y == 3)
    assert solver.check() == z3.sat
    assert z3.is_algebraic_value(solver.model()[X])
    found = explored(function, "x y", hypotheses, [exact(x=0, y=2)])
    (path,) = (p for p in found.paths if p.expected["r"] == 1)
    assert path.witness["x"] ** 2 * path.witness["y"] == 3
    assert found.undecided == []


def test_between_irrational_bounds_the_witness_is_rational() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        x = inputs["x"]
        return {"r": 1 if x > 0 and x * x > 2 and x * x * x < 3 else 0}

    found = explored(function, "x")
    (path,) = (p for p in found.paths if p.expected["r"] == 1)
    assert path.witness["x"] ** 2 > 2
    assert path.witness["x"] ** 3 < 3


def test_a_branch_with_irrational_inputs_only_is_left_undecided() -> None:
    found = explored(lambda inputs: {"r": 1 if inputs["x"] * inputs["x"] == 2 else 0}, "x")
    assert len(found.paths) == 1
    assert len(found.undecided) == 1
    assert found.pruned == 0


def test_a_starved_search_leaves_the_branch_undecided() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        x, y = inputs["x"], inputs["y"]
        return {"r": 1 if x * x * x + y * y * y * y == x * y + 7 else 0}

    found = explored(function, "x y", budget=100)
    assert (len(found.paths), len(found.undecided), found.pruned) == (1, 1, 0)


def test_a_search_may_end_at_the_first_branch_that_is_left_undecided() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        # Both are left undecided, as only irrational inputs would do.
        return {"r": int(inputs["x"] * inputs["x"] == 2) + int(inputs["y"] * inputs["y"] == 3)}

    whole = explored(function, "x y")
    short = explore("toy", function, whole.unknowns, (), [{"x": Fraction(0), "y": Fraction(0)}], most_undecided=1)
    assert (len(whole.undecided), len(short.undecided)) == (2, 1)


def cheat_on_the_result(inputs: Inputs) -> dict[str, Any]:
    """Give another number to the prover."""
    return {"r": inputs["x"] + 1 if isinstance(inputs["x"], Traced) else inputs["x"] + 2}


def cheat_on_the_structure(inputs: Inputs) -> dict[str, Any]:
    """Say something else to the prover."""
    return {"r": "converted" if isinstance(inputs["x"], Traced) else "kept"}


def cheat_by_raising(inputs: Inputs) -> dict[str, Any]:
    """Raise for everybody but the prover."""
    if not isinstance(inputs["x"], Traced):
        raise ValueError("not for you")
    return {"r": 1}


def cheat_by_name(inputs: Inputs) -> dict[str, Any]:
    """Give the prover an output that nobody else gets."""
    return {f"r_{type(inputs['x']).__name__}": 1}


def unsupported(inputs: Inputs) -> dict[str, Any]:
    """Use an operation that only fractions have."""
    return {"r": abs(inputs["x"])}


@pytest.mark.parametrize(
    "function", [cheat_on_the_result, cheat_on_the_structure, cheat_by_raising, cheat_by_name, unsupported]
)
def test_what_differs_on_its_replay_voids_the_run(function: Callable[[Inputs], dict[str, Any]]) -> None:
    with pytest.raises(ReplayError):
        explored(function, "x")


def test_a_cheat_on_one_branch_only_is_found() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        if inputs["x"] * 3 == 7:
            return cheat_on_the_result(inputs)
        return {"r": inputs["x"]}

    with pytest.raises(ReplayError):
        explored(function, "x")


def test_seeds_outside_the_hypotheses_are_not_used() -> None:
    found = explored(corner, "x y", [X > 0], [exact(x=-1, y=0), exact(x=1, y=0)])
    assert "left" not in {p.structure["where"] for p in found.paths}
    assert all(allowed([X > 0], found.unknowns, p.witness) for p in found.paths)
    assert not allowed([X > 0], found.unknowns, exact(x=-1, y=0))


def test_each_outcome_is_the_value_at_its_witness() -> None:
    def function(inputs: Inputs) -> dict[str, Any]:
        return {"r": max(inputs["x"], inputs["y"]) / (inputs["x"] + 2), "one": 1, "name": "n"}

    found = explored(function, "x y", [X > -2])
    assert len(found.paths) == 2
    for path in found.paths:
        ((taken, known),) = Members(found).of(path.witness)
        assert taken is path
        assert value_of(path.outcome["r"], known) == path.expected["r"] == function(path.witness)["r"]
        assert path.outcome["one"].as_fraction() == path.expected["one"] == 1
        assert path.structure == {"name": "n"}


def waterfall(inputs: Inputs) -> dict[str, Any]:
    """Pay one preference, share the rest with a cap, and divide by the counts."""
    assets, preferred, common = inputs["W"], inputs["n"], inputs["c"]
    owed = 2 * preferred
    if assets <= owed:
        return {"p": assets / preferred if preferred > 0 else 0, "x": 0, "left": 0}
    rest = assets - owed
    cap = 3 * preferred
    shared = rest * preferred / (preferred + common) if preferred + common > 0 else 0
    if shared >= cap:
        left = rest - cap if common == 0 else 0
        return {"p": 5, "x": (rest - cap) / common if common > 0 else 0, "left": left}
    per_share = rest / (preferred + common) if preferred + common > 0 else 0
    return {"p": 2 + per_share, "x": per_share, "left": rest if preferred + common == 0 else 0}


def test_every_input_of_a_grid_takes_exactly_one_path() -> None:
    N, C = z3.Reals("n c")  # noqa: N806 (unknowns)
    found = explored(waterfall, "W n c", [W >= 0, N >= 0, C >= 0])
    assert found.undecided == []
    levels = ("0 1 4 5 7 21/2 20", "0 1 5/3 2", "0 1 3")
    grid = product(*(text.split() for text in levels))
    used, members = set(), Members(found)
    for assets, preferred, common in grid:
        inputs = exact(W=assets, n=preferred, c=common)
        ((path, known),) = members.of(inputs)
        used.add(id(path))
        assert {name: value_of(term, known) for name, term in path.outcome.items()} == waterfall(inputs)
    assert len(used) == len(found.paths)


def test_a_lost_path_would_show_on_the_grid() -> None:
    found = explored(waterfall, "W n c", [z >= 0 for z in z3.Reals("W n c")])
    lost = found.paths.pop()
    assert Members(found).of(lost.witness) == []


def cap_table(generator: random.Random, names: list[str]) -> dict[str, Fraction]:
    """Draw a cap table, with zeros and ties among the counts and dividends, by the kind of each unknown."""
    choices = {"n": "00123", "C": "0125", "d": ("0", "0", "1/3", "5"), "c": ("1", "1/2", "3", "7/5")}
    table = {name: Fraction(generator.choice(choices.get(name[0], "0"))) for name in names}
    return table | {"W": Fraction(generator.randrange(0, 900), generator.choice((1, 1, 3, 8)))}


def test_every_liquidation_takes_exactly_one_path(quintus: Charter) -> None:
    own = given_subject(quintus, "no conversions", DEFAULTS)
    found = explore(own.label, own.function, own.unknowns, own.hypotheses, own.seeds)
    assert found.undecided == []
    generator = random.Random(1999)
    names = [u.name for u in own.unknowns]
    used, members = set(), Members(found)
    for case in range(200):
        inputs = cap_table(generator, names)
        if case % 4 == 0:
            # Exactly what a tier is owed: the ties between paths.
            tiers = "F" if case % 8 else "ABCDEF"
            inputs["W"] = sum((inputs[f"n_{s}"] * (ISSUE_PRICES[s] + inputs[f"d_{s}"]) for s in tiers), Fraction(0))
        assert allowed(own.hypotheses, own.unknowns, inputs)
        ((path, known),) = members.of(inputs)
        used.add(id(path))
        outputs = own.function(plain_inputs(own.unknowns, inputs))
        assert {name: value_of(term, known) for name, term in path.outcome.items()} == {
            name: value for name, value in outputs.items() if name in path.outcome
        }
        assert path.structure == {name: value for name, value in outputs.items() if name not in path.outcome}
    assert len(used) > len(found.paths) // 2


def sample() -> list[tuple[object, ...]]:
    """Explore some functions and describe what was found."""
    ratio = Unknown("c_E", Fraction("4.15"))
    priced = explore("priced", lambda i: {"r": max(8 / i["c_E"], 3)}, (ratio,), (ratio.term > 0,), (exact(c_E=1),))
    hypotheses = [z3.Real(name) >= 0 for name in "Wnc"]
    return [
        *described(explored(waterfall, "W n c", hypotheses)),
        *described(explored(corner, "x y")),
        *described(priced),
    ]


def test_two_runs_find_the_same_in_the_same_order() -> None:
    assert sample() == sample()


def test_the_order_does_not_depend_on_the_hash_seed() -> None:
    program = "from tests.proofs.test_explorer import sample; print(sample())"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert printed.stdout == f"{sample()}\n"


def test_a_seed_is_not_needed_for_each_path() -> None:
    one = explored(corner, "x y", seeds=[zero("x y")])
    many = explored(corner, "x y", seeds=[exact(x=x, y=y) for x in range(-3, 9, 2) for y in range(-3, 9, 2)])
    assert {p.structure["where"] for p in one.paths} == {p.structure["where"] for p in many.paths}
