"""Faults that the machinery once had: each test states what should be."""

from __future__ import annotations

import math
from typing import Any

import pytest
import sympy
import z3

from proofs.checks import Hypothesis, PathCheck
from proofs.explorer import ReplayError
from proofs.formulas import FormulaCheck
from proofs.numbers import Traced
from proofs.pairs import PairCheck
from proofs.results import Verdict
from proofs.solver import ask
from proofs.study import Study, run_study
from tests.proofs.toys import exact, explored, judged, subject, theorem

X, Y = z3.Reals("x y")
ABOVE_ZERO = subject(lambda i: {"r": i["x"] + 1}, "x", [X > 0], exact(x=1))


def test_forms_at_two_sets_of_values_are_kept_apart() -> None:
    def claim(view: Any) -> Any:
        x, s = sympy.symbols("x s")
        one = view.at({"s": view.outcome["r"]}).form(x / s)
        other = view.at({"s": view.outcome["r"] + 1}).form(x / s)
        return [one >= other, view.inputs["x"] < 1_000_000]

    result = judged(PathCheck(theorem(), claim), ABOVE_ZERO)
    assert result.verdict is Verdict.REFUTED


def test_a_subject_without_a_seed_is_explored_nevertheless() -> None:
    far = subject(lambda i: {"r": i["x"] - 5}, "x", [X > 7], exact(x=1), label="far")
    check = PathCheck(theorem(), lambda v: v.outcome["r"] == v.inputs["x"] + 1, covers_all=True)
    assert judged(check, ABOVE_ZERO, far).verdict is not Verdict.PROVED


def test_a_claim_of_nothing_is_not_proved() -> None:
    assert judged(PathCheck(theorem(), lambda v: []), ABOVE_ZERO).verdict is not Verdict.PROVED
    assert judged(FormulaCheck(theorem(), (X,), (), (), ()), ABOVE_ZERO).verdict is not Verdict.PROVED


def test_a_path_that_raises_outside_the_hypotheses_does_not_refute() -> None:
    own = subject(lambda i: {"r": 1 / i["x"]}, "x", seed=exact(x=1))
    positive = Hypothesis("x is above zero", lambda v: v.inputs["x"] > 0)
    expected_false = PathCheck(theorem(Verdict.REFUTED), lambda v: v.outcome["r"] > 0, (positive,))
    assert not judged(expected_false, own).as_expected


def test_a_pair_with_a_path_that_raises_is_not_proved() -> None:
    own = subject(lambda i: {"r": 1 / i["x"]}, "x", seed=exact(x=1))
    check = PairCheck(theorem(), lambda a, b: a.inputs["x"] * a.inputs["x"] >= 0, "toy")
    assert judged(check, own).verdict is not Verdict.PROVED


def test_a_pair_s_witness_is_sought_by_the_solver_as_well() -> None:
    own = subject(lambda i: {"r": i["x"] + i["y"]}, "x y")
    more = ("the second has more", lambda a, b: b.inputs["x"] > a.inputs["x"])
    check = PairCheck(theorem(), lambda a, b: b.outcome["r"] > a.outcome["r"], "toy", ("y",), (more,))
    assert judged(check, own).verdict is Verdict.PROVED


def test_an_output_that_only_fractions_give_voids_the_run() -> None:
    with pytest.raises(ReplayError):
        explored(lambda i: {} if isinstance(i["x"], Traced) else {"r": i["x"]}, "x")


def test_a_claim_about_a_floor_is_decided() -> None:
    own = subject(lambda i: {"r": math.floor(i["x"])}, "x", [X >= 0])
    assert judged(PathCheck(theorem(), lambda v: v.outcome["r"] <= v.inputs["x"]), own).verdict is Verdict.PROVED


def test_an_exploration_that_breaks_off_ends_in_errors() -> None:
    cheat = subject(lambda i: {"r": isinstance(i["x"], Traced)}, "x")
    results, _ = run_study(Study("toys", (cheat,), (PathCheck(theorem(), lambda v: z3.BoolVal(True)),)))
    assert [r.verdict for r in results] == [Verdict.ERROR]


def test_the_smallest_budget_is_a_limit() -> None:
    hard = [X * X * X + Y * Y * Y * Y == X * Y + 7, X * X + Y * Y < 5, Y > X * X * X - 1]
    assert ask(hard, 1).status == "unknown"


def test_an_unknown_named_like_a_quotient_is_kept_apart() -> None:
    with pytest.raises(ValueError, match="q1"):
        explored(lambda i: {"r": i["y"] / i["q1"]}, "y q1", [Y > 0, z3.Real("q1") > 0], exact(y=1, q1=1))
