"""Each verdict is given where it is due, and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy
import z3

from proofs.checks import Hypothesis, Neighbour, PathCheck
from proofs.formulas import Changed, FormulaCheck
from proofs.pairs import PairCheck
from proofs.report.data import Outcome, outcome
from proofs.results import Result, Verdict
from proofs.study import Study, run_study
from proofs.views import View
from tests.proofs.toys import STARVED, answers, exact, judged, subject, theorem

PROVED, REFUTED, VACUOUS = Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS
UNKNOWN, ERROR = Verdict.UNKNOWN, Verdict.ERROR
X, Y = z3.Reals("x y")


def share(inputs: Any) -> dict[str, Any]:
    """Pay up to three."""
    return {"paid": min(inputs["x"], 3), "full": inputs["x"] > 3}


CAPPED = subject(share, "x", [X >= 0])
POSITIVE = Hypothesis("x is above zero", lambda v: v.inputs["x"] > 0)
IMPOSSIBLE = Hypothesis("x is below zero", lambda v: v.inputs["x"] < 0)


def check(claim: Callable[[View], Any], *hypotheses: Hypothesis, **more: Any) -> PathCheck:
    """Return a check of a toy theorem, expected to be proved."""
    return PathCheck(more.pop("stated", theorem()), claim, hypotheses, **more)


def at_most(limit: Any) -> Callable[[View], Any]:
    """Claim that the payment has a limit."""
    return lambda v: v.outcome["paid"] <= limit


def assert_shown(result: Result) -> None:
    """Assert that each obligation on record is answered `unsat` when it is asked again, as text."""
    assert result.obligations
    for obligation in result.obligations:
        asked = answers(obligation.smt2)
        assert len(asked) == obligation.smt2.count("(check-sat)")
        assert (set(asked) or {"unsat"}, obligation.status) == ({"unsat"}, "unsat")


# The claim on every path.


def test_what_holds_is_proved_with_a_witness() -> None:
    result = judged(check(at_most(3), POSITIVE), CAPPED)
    assert (result.verdict, result.as_expected, result.paths) == (PROVED, True, 2)
    assert result.witness is not None
    assert Fraction(result.witness["x"]) > 0
    assert len(result.obligations) == 2
    assert sum(len(answers(o.smt2)) for o in result.obligations) == 2
    assert_shown(result)


def test_what_fails_is_refuted_by_a_suggestion() -> None:
    result = judged(check(at_most(2), suggestions=(exact(x=1), exact(x=7)), shows="why"), CAPPED)
    assert (result.verdict, result.as_expected, result.obligations) == (REFUTED, False, ())
    assert result.counterexample is not None
    assert result.counterexample.inputs == {"x": "7"}
    assert result.counterexample.engine == {"paid": "3", "full": "True"}
    assert result.counterexample.shows == "why"


def test_what_fails_is_refuted_by_the_solver() -> None:
    # No seed or suggestion comes near: only the solver finds the one amount.
    result = judged(check(lambda v: v.outcome["paid"] != z3.Q(17, 11)), CAPPED)
    assert (result.verdict, result.as_expected) == (REFUTED, False)
    assert result.counterexample is not None
    assert result.counterexample.inputs == {"x": "17/11"}
    assert result.counterexample.engine == {"paid": "17/11", "full": "False"}
    (obligation,) = (o for o in result.obligations if o.status == "sat")
    assert answers(obligation.smt2) == ["sat"]


def test_a_counterexample_shows_what_the_closed_form_gives() -> None:
    x = sympy.Symbol("x")
    own = replace(CAPPED, closed={"paid": sympy.Min(x, 4)})
    result = judged(check(lambda v: v.outcome["paid"] == v.form(v.closed["paid"])), own)
    assert result.verdict is REFUTED
    assert result.counterexample is not None
    assert (result.counterexample.engine["paid"], result.counterexample.closed_form["paid"]) != ("3", "3")
    assert result.counterexample.engine["paid"] == "3"


def test_suggestions_outside_the_domain_or_the_hypotheses_prove_nothing() -> None:
    suggested = (exact(x=-5), exact(x=5), exact(x=5, y=1), exact(y=5))
    small = Hypothesis("x is at most 3", lambda v: v.inputs["x"] <= 3)
    result = judged(check(lambda v: v.outcome["paid"] == v.inputs["x"], small, suggestions=suggested), CAPPED)
    assert (result.verdict, result.as_expected) == (PROVED, True)


def test_hypotheses_that_one_subject_never_satisfies_are_vacuous() -> None:
    other = subject(share, "x", [X >= 0, X <= 5], label="no more than five")
    large = Hypothesis("x is above six", lambda v: v.inputs["x"] > 6)
    assert judged(check(at_most(3), POSITIVE), CAPPED, other).verdict is PROVED
    result = judged(check(at_most(3), large), CAPPED, other)
    assert (result.verdict, result.witness) == (VACUOUS, None)
    assert result.detail == "no inputs satisfy the hypotheses: no more than five"


def test_hypotheses_that_nothing_satisfies_are_vacuous() -> None:
    result = judged(check(at_most(-100), IMPOSSIBLE), CAPPED)
    assert (result.verdict, result.as_expected, result.witness) == (VACUOUS, False, None)


def test_a_witness_is_found_where_no_path_has_one() -> None:
    odd = Hypothesis("x is 17/11", lambda v: v.inputs["x"] == z3.Q(17, 11))
    result = judged(check(lambda v: v.outcome["paid"] == z3.Q(17, 11), odd), CAPPED)
    assert (result.verdict, result.witness) == (PROVED, {"x": "17/11"})


HARD = subject(lambda i: {"r": i["x"] * i["x"] * i["x"] + i["y"] * i["y"] * i["y"] * i["y"] - i["x"] * i["y"]}, "x y")


def hard(view: View) -> Any:
    """Claim something that takes the solver thousands of steps."""
    return view.outcome["r"] != 7


def test_what_the_budget_does_not_reach_is_unknown() -> None:
    result = judged(check(hard), HARD, budget=STARVED)
    assert (result.verdict, result.as_expected) == (UNKNOWN, False)
    assert [o.status for o in result.obligations] == ["unknown"]
    for expected in Verdict:
        assert outcome(replace(result, theorem=theorem(expected))) is not Outcome.AS_EXPECTED


def test_an_irrational_counterexample_is_not_called_one() -> None:
    square = subject(lambda i: {"r": i["x"] * i["x"]}, "x")
    result = judged(check(lambda v: v.outcome["r"] != 2), square)
    assert (result.verdict, result.as_expected, result.counterexample) == (UNKNOWN, False, None)


def test_a_branch_left_undecided_makes_every_theorem_unknown() -> None:
    own = subject(lambda i: {"r": 1 if i["x"] * i["x"] == 2 else 0}, "x")
    for covers_all in (True, False):
        result = judged(check(lambda v: v.outcome["r"] <= 1, covers_all=covers_all), own)
        assert (result.verdict, result.as_expected) == (UNKNOWN, False)
        assert "no rational model" in result.detail


def test_a_branch_left_undecided_does_not_hide_a_counterexample() -> None:
    own = subject(lambda i: {"r": 1 if i["x"] * i["x"] == 2 else 0}, "x")
    assert judged(check(lambda v: v.outcome["r"] == 5), own).verdict is REFUTED


def test_a_claim_that_breaks_is_an_error() -> None:
    for claim in (lambda v: v.outcome["absent"] > 0, lambda v: v.form(sympy.sqrt(sympy.Symbol("x"))) >= 0):
        result = judged(check(claim), CAPPED)
        assert (result.verdict, result.as_expected, result.obligations) == (ERROR, False, ())
        assert result.detail


def test_what_the_replay_denies_is_an_error() -> None:
    # The claim speaks of a number that is not among the inputs, so that no run can bear it out.
    stranger = z3.Real("stranger")
    result = judged(check(lambda v: stranger > v.inputs["x"]), CAPPED)
    assert (result.verdict, result.as_expected, result.counterexample) == (ERROR, False, None)
    assert "denies" in result.detail
    result = judged(pair(lambda a, b: stranger > a.inputs["x"] - b.inputs["x"]), CAPPED)
    assert (result.verdict, result.counterexample) == (ERROR, None)


def test_a_label_that_no_subject_has_is_an_error() -> None:
    other = subject(share, "x", [X >= 0], label="other")
    both = check(at_most(3), labels=("toy", "absent"))
    assert judged(check(at_most(3), labels=("absent",)), other).verdict is ERROR
    assert judged(both, CAPPED, other).paths == 2


def test_a_path_that_raises_refutes() -> None:
    def fragile(inputs: Any) -> dict[str, Any]:
        if inputs["x"] == 5:
            raise ValueError("five")
        return {"r": inputs["x"]}

    result = judged(check(lambda v: z3.BoolVal(True), covers_all=True), subject(fragile, "x"))
    assert (result.verdict, result.as_expected) == (REFUTED, False)
    assert result.counterexample is not None
    assert result.counterexample.inputs == {"x": "5"}
    assert result.counterexample.engine == {"raised": "ValueError"}


def test_a_claim_may_speak_of_the_paths_that_raise() -> None:
    def fragile(inputs: Any) -> dict[str, Any]:
        if inputs["x"] > 5:
            raise ValueError("above five")
        return {"r": inputs["x"]}

    def above(limit: int) -> Callable[[View], Any]:
        return lambda v: (v.inputs["x"] > limit) == z3.BoolVal("raised" in v.structure)

    own = subject(fragile, "x")
    assert judged(check(above(5), judges_raising=True), own).verdict is PROVED
    assert judged(check(above(4), judges_raising=True), own).verdict is REFUTED
    assert judged(check(above(5)), own).verdict is REFUTED


def test_later_claims_may_use_the_earlier_ones_only_if_they_are_shown() -> None:
    # Granted the first, the second could not fail; the first fails at one amount.
    result = judged(check(lambda v: [v.inputs["x"] != z3.Q(17, 11), v.outcome["paid"] != z3.Q(17, 11)]), CAPPED)
    assert (result.verdict, [o.status for o in result.obligations][-1]) == (REFUTED, "sat")
    # The second follows from the first; the file on record says so, and both are asked.
    result = judged(check(lambda v: [v.outcome["paid"] <= 3, v.outcome["paid"] + 1 <= 4]), CAPPED)
    assert result.verdict is PROVED
    assert [len(answers(o.smt2)) for o in result.obligations] == [2, 2]
    assert_shown(result)


def test_an_unknown_claim_is_not_made_good_by_one_that_follows_from_it() -> None:
    result = judged(check(lambda v: [hard(v), hard(v)]), HARD, budget=STARVED)
    assert (result.verdict, [o.status for o in result.obligations]) == (UNKNOWN, ["unknown"])


def test_coverage_is_on_record_and_can_be_asked_again() -> None:
    def stepped(inputs: Any) -> dict[str, Any]:
        return {"r": (1 if inputs["x"] > 1 else 2) if inputs["x"] > 3 else 3}

    result = judged(check(lambda v: v.outcome["r"] != 2, covers_all=True), subject(stepped, "x"))
    assert result.verdict is PROVED
    coverage = result.obligations[-1]
    assert coverage.name.endswith("coverage")
    assert answers(coverage.smt2) == ["unsat"]
    assert_shown(result)


def test_a_true_claim_about_quotients_is_on_record_with_their_definitions() -> None:
    own = subject(lambda i: {"r": i["x"] / (i["y"] + 1)}, "x y", [X >= 0, Y >= 0])
    x, y = sympy.symbols("x y")
    result = judged(check(lambda v: [v.outcome["r"] == v.form(x / (1 + y)), v.outcome["r"] <= v.inputs["x"]]), own)
    assert result.verdict is PROVED
    assert_shown(result)


def test_what_is_expected_false_and_holds_is_not_as_expected() -> None:
    result = judged(check(at_most(3), stated=theorem(REFUTED)), CAPPED)
    assert (result.verdict, result.as_expected, outcome(result)) == (PROVED, False, Outcome.UNEXPECTED)


def test_what_is_expected_false_and_fails_is_as_expected() -> None:
    result = judged(check(at_most(2), stated=theorem(REFUTED)), CAPPED)
    assert (result.verdict, result.as_expected, outcome(result)) == (REFUTED, True, Outcome.AS_EXPECTED)


def test_no_other_verdict_is_ever_as_expected() -> None:
    vacuous = judged(check(at_most(3), IMPOSSIBLE, stated=theorem(REFUTED)), CAPPED)
    broken = judged(check(lambda v: v.outcome["absent"], stated=theorem(REFUTED)), CAPPED)
    starved = judged(check(hard, stated=theorem(REFUTED)), HARD, budget=STARVED)
    assert [r.verdict for r in (vacuous, broken, starved)] == [VACUOUS, ERROR, UNKNOWN]
    assert not any(r.as_expected or outcome(r) is Outcome.AS_EXPECTED for r in (vacuous, broken, starved))


NEIGHBOURS = {
    "fails": (Neighbour("at most two", claim=at_most(2)), REFUTED, Outcome.AS_EXPECTED),
    "holds": (Neighbour("at most four", claim=at_most(4)), PROVED, Outcome.UNEXPECTED),
    "is empty": (Neighbour("x below zero", hypotheses=(IMPOSSIBLE,), claim=at_most(2)), VACUOUS, Outcome.UNEXPECTED),
    "fails without a hypothesis": (Neighbour("x may be zero", hypotheses=()), REFUTED, Outcome.AS_EXPECTED),
    "is suggested": (
        Neighbour("at most two", claim=at_most(2), suggestions=(exact(x="5/2"),)),
        REFUTED,
        Outcome.AS_EXPECTED,
    ),
}


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_a_twin_must_fail(case: str) -> None:
    near, verdict, expected = NEIGHBOURS[case]
    claim: Any = lambda v: z3.And(v.outcome["paid"] <= 3, v.outcome["paid"] > 0)  # noqa: E731
    result = judged(check(claim, POSITIVE, neighbours=(near,)), CAPPED)
    assert result.verdict is PROVED
    assert [t.verdict for t in result.twins] == [verdict]
    assert (result.as_expected, outcome(result)) == (verdict is REFUTED, expected)
    assert (result.twins[0].counterexample is not None) == (verdict is REFUTED)


def test_a_twin_that_is_not_decided_leaves_the_theorem_undecided() -> None:
    near = Neighbour("something hard", claim=hard)
    result = judged(check(lambda v: v.outcome["r"] == v.outcome["r"], neighbours=(near,)), HARD, budget=STARVED)
    assert (result.verdict, [t.verdict for t in result.twins]) == (PROVED, [UNKNOWN])
    assert (result.as_expected, outcome(result)) == (False, Outcome.UNDECIDED)


def test_a_twin_may_speak_of_another_subject() -> None:
    uncapped = subject(lambda i: {"paid": i["x"], "full": True}, "x", [X >= 0], label="uncapped")
    near = Neighbour("without the cap", labels=("uncapped",))
    result = judged(check(at_most(3), labels=("toy",), neighbours=(near,)), CAPPED, uncapped)
    assert (result.verdict, result.paths, [t.verdict for t in result.twins]) == (PROVED, 2, [REFUTED])


def test_a_run_may_stop_at_the_first_surprise() -> None:
    checks = tuple(check(at_most(limit), stated=theorem(name=f"toy.{limit}")) for limit in (3, 2, 4))
    stopped, _ = run_study(Study("toys", (CAPPED,), checks), fail_fast=True)
    everything, explorations = run_study(Study("toys", (CAPPED,), checks))
    assert [r.verdict for r in stopped] == [PROVED, REFUTED]
    assert [r.verdict for r in everything] == [PROVED, REFUTED, PROVED]
    assert [(e.paths, e.undecided, e.raising) for e in explorations] == [(2, 0, 0)]


def test_only_what_is_wanted_is_checked_and_explored() -> None:
    def never(inputs: Any) -> dict[str, Any]:
        raise AssertionError("explored")

    other = subject(never, "x", label="other")
    checks = (
        check(at_most(3), stated=theorem(name="toy.one"), labels=("toy",)),
        check(at_most(3), stated=theorem(name="toy.two"), labels=("other",)),
    )
    results, explorations = run_study(Study("toys", (CAPPED, other), checks), ["toy.one"])
    assert [r.theorem.id for r in results] == ["toy.one"]
    assert [e.function for e in explorations] == ["toys: toy"]


# The claim on every pair of paths.


def pair(claim: Callable[[View, View], Any], *hypotheses: tuple[str, Any], **more: Any) -> PairCheck:
    """Return a check of a toy theorem about two runs."""
    return PairCheck(more.pop("stated", theorem()), claim, "toy", hypotheses=hypotheses, **more)


def grows(first: View, second: View) -> Any:
    """Claim that the second payment is no less."""
    return second.outcome["paid"] >= first.outcome["paid"]


def strictly(first: View, second: View) -> Any:
    """Claim that the second payment is more."""
    return second.outcome["paid"] > first.outcome["paid"]


MORE = ("the second has more", lambda a, b: b.inputs["x"] > a.inputs["x"])
NONE = ("one has nothing less than nothing", lambda a, b: b.inputs["x"] < 0)


def test_a_pair_that_holds_is_proved() -> None:
    result = judged(pair(grows, MORE), CAPPED)
    assert (result.verdict, result.as_expected, result.paths) == (PROVED, True, 2)
    assert result.witness is not None
    assert Fraction(result.witness["x (second)"]) > Fraction(result.witness["x (first)"])
    assert sum(len(answers(o.smt2)) for o in result.obligations) == 4
    assert_shown(result)


def test_a_pair_that_fails_is_refuted_with_both_inputs() -> None:
    by_solver = judged(pair(strictly, MORE), CAPPED)
    suggested = judged(pair(strictly, MORE, suggestions=((exact(x=4), exact(x=5)),)), CAPPED)
    for result in (by_solver, suggested):
        assert (result.verdict, result.as_expected) == (REFUTED, False)
        assert result.counterexample is not None
        shown = result.counterexample
        assert Fraction(shown.inputs["x (second)"]) > Fraction(shown.inputs["x (first)"]) >= 3
        assert (shown.engine["paid (first)"], shown.engine["paid (second)"]) == ("3", "3")
    assert suggested.counterexample is not None
    assert suggested.counterexample.inputs == {"x (first)": "4", "x (second)": "5"}


def test_a_suggested_pair_outside_the_hypotheses_proves_nothing() -> None:
    suggestions = ((exact(x=5), exact(x=4)), (exact(x=-2), exact(x=-1)))
    assert judged(pair(grows, MORE, suggestions=suggestions), CAPPED).verdict is PROVED


def test_a_pair_without_its_hypothesis_fails() -> None:
    assert judged(pair(grows), CAPPED).verdict is REFUTED


def test_a_pair_shares_what_it_is_told_to_share() -> None:
    own = subject(lambda i: {"paid": i["x"] * i["y"]}, "x y", [X >= 0, Y >= 0], exact(x=1, y=1))
    weakly = ("the second has at least as much", lambda a, b: b.inputs["x"] >= a.inputs["x"])
    # The suggested pair would deny the claim, but its runs differ in what they are to share.
    apart = ((exact(x=1, y=2), exact(x=1, y=1)),)
    assert judged(replace(pair(grows, weakly, suggestions=apart), shared=("y",)), own).verdict is PROVED
    assert judged(pair(grows, weakly), own).verdict is REFUTED


def test_quotients_of_two_runs_are_kept_apart() -> None:
    own = subject(lambda i: {"paid": i["x"] / (i["x"] + 1)}, "x", [X >= 0])
    assert judged(pair(grows, MORE), own).verdict is not REFUTED
    assert judged(pair(strictly, MORE), own).verdict is not REFUTED
    result = judged(pair(lambda a, b: a.outcome["paid"] == b.outcome["paid"]), own)
    assert result.verdict is REFUTED


def test_forms_of_two_runs_are_kept_apart() -> None:
    x = sympy.Symbol("x")
    claim: Any = lambda a, b: a.form(1 / (1 + x)) == b.form(1 / (1 + x))  # noqa: E731
    assert judged(pair(claim), CAPPED).verdict is REFUTED
    same = ("both have the same", lambda a, b: a.inputs["x"] == b.inputs["x"])
    assert judged(pair(claim, same), CAPPED).verdict is PROVED


def test_a_pair_that_nothing_satisfies_is_vacuous() -> None:
    result = judged(pair(strictly, NONE), CAPPED)
    assert (result.verdict, result.as_expected) == (VACUOUS, False)


def test_a_pair_beyond_the_budget_is_unknown() -> None:
    result = judged(pair(lambda a, b: a.outcome["r"] + b.outcome["r"] != 15), HARD, budget=STARVED)
    assert (result.verdict, result.as_expected) == (UNKNOWN, False)


def test_a_pair_whose_branches_are_undecided_is_unknown() -> None:
    own = subject(lambda i: {"paid": 1 if i["x"] * i["x"] == 2 else 0}, "x")
    assert judged(pair(lambda a, b: a.outcome["paid"] <= 1), own).verdict is UNKNOWN


def test_a_pair_that_breaks_is_an_error() -> None:
    assert judged(pair(lambda a, b: a.outcome["absent"] > 0), CAPPED).verdict is ERROR
    absent = replace(pair(grows), label="absent")
    results, _ = run_study(Study("toys", (CAPPED,), (absent,)))
    assert [r.verdict for r in results] == [ERROR]


def test_a_pair_expected_false_that_holds_is_not_as_expected() -> None:
    result = judged(pair(grows, MORE, stated=theorem(REFUTED)), CAPPED)
    assert (result.verdict, result.as_expected) == (PROVED, False)


# Formulas.

A, B, Q = z3.Reals("a b q")


def formula(*claims: Any, hypotheses: tuple[Any, ...] = (A > 0, B > 0), **more: Any) -> FormulaCheck:
    """Return a check of a formula about two amounts and their quotient."""
    stated = more.pop("stated", theorem())
    named = tuple((str(h), h) for h in hypotheses)
    return FormulaCheck(stated, (A, B), (Q * B == A,), named, claims, **more)


def test_a_formula_that_holds_is_proved_with_a_witness() -> None:
    result = judged(formula(Q > 0, Q * B <= A), CAPPED)
    assert (result.verdict, result.as_expected, len(result.obligations)) == (PROVED, True, 2)
    assert result.witness is not None
    assert min(Fraction(value) for value in result.witness.values()) > 0
    assert_shown(result)


def test_a_formula_that_fails_is_refuted() -> None:
    by_solver = judged(formula(z3.Q(17, 11) != Q), CAPPED)
    suggested = judged(formula(Q >= 1, suggestions=(exact(a=-1, b=1), exact(a=3, b=2), exact(a=2, b=3))), CAPPED)
    for result in (by_solver, suggested):
        assert (result.verdict, result.as_expected) == (REFUTED, False)
        assert result.counterexample is not None
    assert by_solver.counterexample is not None
    shown = {name: Fraction(value) for name, value in by_solver.counterexample.inputs.items()}
    assert shown["a"] / shown["b"] == Fraction(17, 11)
    assert suggested.counterexample is not None
    assert suggested.counterexample.inputs == {"a": "2", "b": "3"}


def test_a_formula_with_contrary_hypotheses_is_vacuous() -> None:
    result = judged(formula(Q > 100, hypotheses=(A > 1, A < 1)), CAPPED)
    assert (result.verdict, result.as_expected) == (VACUOUS, False)


def test_a_formula_with_a_contrary_setting_is_vacuous() -> None:
    own = replace(formula(Q > 100), setting=(Q * B == A, Q * B == A + 1))
    assert judged(own, CAPPED).verdict is VACUOUS


def test_a_formula_beyond_the_budget_is_unknown() -> None:
    result = judged(formula(A * A * A + B * B * B * B != A * B + 7), CAPPED, budget=STARVED)
    assert (result.verdict, result.as_expected) == (UNKNOWN, False)


def test_a_formula_beyond_the_budget_is_unknown_although_there_is_a_witness() -> None:
    stated = replace(formula(A * A * A + B * B * B * B != A * B + 7), setting=())
    witnessed = replace(stated, claims=(A > 0,))
    assert judged(witnessed, CAPPED, budget=2000).verdict is PROVED
    assert judged(stated, CAPPED, budget=2000).verdict is UNKNOWN


def test_a_formula_whose_counterexample_is_denied_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FormulaCheck, "_denies", lambda *_: False)
    result = judged(formula(Q >= 1), CAPPED)
    assert (result.verdict, result.counterexample) == (ERROR, None)


def test_a_formula_with_irrational_counterexamples_only_is_unknown() -> None:
    assert judged(formula(A * A != 2), CAPPED).verdict is UNKNOWN


def test_a_formula_whose_suggestion_lacks_a_value_is_an_error() -> None:
    assert judged(formula(Q > 0, suggestions=(exact(a=1),)), CAPPED).verdict is ERROR


def test_a_formula_s_twin_must_fail() -> None:
    fails = Changed("b may be below zero", (A > 0, B != 0), Q > 0)
    holds = Changed("twice as much", (A > 0, B > 0), 2 * Q > 0)
    for near, verdict in ((fails, REFUTED), (holds, PROVED)):
        result = judged(formula(Q > 0, neighbours=(near,)), CAPPED)
        assert (result.verdict, [t.verdict for t in result.twins]) == (PROVED, [verdict])
        assert result.as_expected == (verdict is REFUTED)


def test_a_formula_expected_false_that_holds_is_not_as_expected() -> None:
    result = judged(formula(Q > 0, stated=theorem(REFUTED)), CAPPED)
    assert (result.verdict, result.as_expected) == (PROVED, False)


def test_formulas_need_no_exploration() -> None:
    def never(inputs: Any) -> dict[str, Any]:
        raise AssertionError("explored")

    results, explorations = run_study(Study("toys", (subject(never, "x"),), (formula(Q > 0),)))
    assert ([r.verdict for r in results], explorations) == ([PROVED], [])


def test_where_the_first_surprise_ends_a_run_a_seed_is_enough() -> None:
    explored_in_vain = subject(lambda i: {"r": i["x"]}, "x", [X >= 0], exact(x=3))
    denied = PathCheck(theorem(), lambda v: v.outcome["r"] < 2)
    results, explorations = run_study(Study("toys", (explored_in_vain,), (denied,)), fail_fast=True)
    assert [r.verdict for r in results] == [REFUTED]
    assert results[0].counterexample is not None
    assert explorations == []
    holds = PathCheck(theorem(), lambda v: v.outcome["r"] >= 0)
    expected = PathCheck(theorem(REFUTED), lambda v: v.outcome["r"] < 2)
    results, explorations = run_study(Study("toys", (explored_in_vain,), (holds, expected)), fail_fast=True)
    assert [r.verdict for r in results] == [PROVED, REFUTED]
    assert len(explorations) == 1
