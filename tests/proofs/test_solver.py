"""Questions cost a fixed number of steps, and what is written down can be asked again."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
import z3

from proofs.solver import BUDGET, ask, decide, rational, rational_model, script, variables
from tests.proofs.toys import STARVED, answers

X, Y = z3.Reals("x y")
HARD = [X * X * X + Y * Y * Y * Y == X * Y + 7, X * X + Y * Y < 5, Y > X * X * X - 1]


def test_questions_are_answered() -> None:
    assert ask([X > 1, X < 1]).status == "unsat"
    found = ask([X > 1, X * X == 4])
    assert (found.status, found.model is not None) == ("sat", True)


def test_the_budget_counts_steps_and_ends_a_question() -> None:
    starved, enough = ask(HARD, STARVED), ask(HARD, BUDGET)
    assert (starved.status, starved.model) == ("unknown", None)
    assert enough.status == "sat"
    assert 0 < starved.resource <= 2 * STARVED < enough.resource


def test_a_decision_from_text_costs_the_same_whatever_was_asked_before() -> None:
    (question,) = script("t", HARD, [[X > 0]]).questions
    first = decide(question)
    ask([X * Y == 3, X > Y])
    _ = [z3.Real(f"other{i}") * X for i in range(50)]
    assert decide(question) == first
    assert first.status in ("sat", "unsat")
    assert decide(question, STARVED).status == "unknown"


def test_each_question_of_a_script_stands_alone() -> None:
    written = script("title\nsecond line", [X >= 0, Y == X + 1], [[Y < 1], [Y == 2], [Y < 3, X > 2]])
    assert [decide(question).status for question in written.questions] == ["unsat", "sat", "unsat"]
    assert answers(written.text) == ["unsat", "sat", "unsat"]
    assert written.text.startswith("; title\n; second line\n(set-logic QF_NRA)\n")
    assert [answers(question) for question in written.questions] == [["unsat"], ["sat"], ["unsat"]]


def test_names_that_need_quotes_survive_the_text() -> None:
    primed = z3.Real("x'")
    written = script("t", [primed > X], [[primed <= X], [primed == 5]])
    assert answers(written.text) == ["unsat", "sat"]


def test_the_text_has_no_operator_of_fewer_parts_than_the_standard_allows() -> None:
    nested = z3.And([z3.Or([z3.Sum([z3.Product([X]) * 2]) < 3])])
    odd = [z3.Sum([X]) > 1, nested, z3.And([]), z3.Or([X == 2, z3.Or([])])]
    written = script("t", odd, [[z3.Product([Y]) == z3.Sum([X, Y])], [z3.Sum([X]) == 2]])
    assert not re.search(r"\((\+|\*|and|or) [^ ()]+\)|\((\+|\*|and|or) \([^()]*\)\)| (and|or)\b(?! )", written.text)
    assert answers(written.text) == ["unsat", "unsat"]
    assert [decide(question).status for question in script("t", [z3.Sum([X]) > 1], [[X < 2]]).questions] == ["sat"]


def test_a_condition_is_never_taken_for_another_that_is_gone() -> None:
    for number in range(500):
        # Each is given up at once, so that a later one may get its identifier.
        written = script("t", [z3.And([z3.Sum([X]) > number])], [])
        assert written.assumed == f"(assert (> x {number}.0))\n"


def test_variables_are_each_named_once() -> None:
    term = X * Y + X * z3.If(Y > X, Y, X * X) > 3
    assert sorted(str(v) for v in variables(term)) == ["x", "y"]
    assert list(variables(z3.RealVal(3) + 4)) == []


def test_a_value_is_a_fraction_or_nothing() -> None:
    found = ask([X * X == 2, X > 0])
    assert found.model is not None
    assert rational(found.model[X]) is None
    assert rational(z3.Q(33, 4)) == Fraction(33, 4)


@pytest.mark.parametrize(
    ("constraints", "status"),
    [
        ([X * X == 4, X > 0], "sat"),
        ([X * X * Y == 3, Y * Y * Y > 5, Y < 7], "sat"),
        ([X * X > 2, z3.Q(201, 100) > X * X, X > 0], "sat"),
        ([X * X == 2], "unknown"),
        ([X > 0, X < 0], "unsat"),
    ],
)
def test_models_are_rational_or_none(constraints: list[z3.BoolRef], status: str) -> None:
    found, model, cost = rational_model(constraints, (X, Y))
    assert (found, model is not None) == (status, status == "sat")
    assert cost > 0
    if model is not None:
        here = [v == z3.Q(*model[str(v)].as_integer_ratio()) for v in (X, Y)]
        assert ask([*constraints, *here]).status == "sat"


def test_a_starved_model_is_unknown() -> None:
    assert rational_model(HARD, (X, Y), STARVED)[:2] == ("unknown", None)


def rounded(exact: z3.ArithRef, name: str) -> tuple[z3.ArithRef, list[z3.BoolRef]]:
    """Return the whole number below a term, and what says so."""
    whole = z3.ToReal(z3.Int(name))
    return whole, [whole <= exact, exact < whole + 1]


def test_a_sum_of_whole_products_is_whole() -> None:
    parts, bounds = zip(*(rounded(factor * Y, f"of_{factor}") for factor in z3.Reals("a b")), strict=True)
    both, of_both = rounded(z3.Real("a") * Y + z3.Real("b") * Y, "both")
    equal = [part == factor * Y for part, factor in zip(parts, z3.Reals("a b"), strict=True)]
    assumed = [*(bound for own in bounds for bound in own), *of_both, *equal]
    (question,) = script("t", assumed, [[z3.Not(both == parts[0] + parts[1])]]).questions
    found = decide(question)
    assert found.status == "unsat"
    assert found.resource < BUDGET // 100
    assert ask([*assumed, both != parts[0] + parts[1]]).status == "unsat"


def test_a_product_that_is_named_is_not_taken_for_any_number() -> None:
    whole = z3.IsInt(X)
    # With a name in place of x * x each of these could hold.
    assert ask([whole, X * X == 2, X > 0]).status != "sat"
    assert ask([whole, X * X == 4, X > 0, X != 2]).status == "unsat"
    found = ask([whole, X * X == 4, X > 0])
    assert (found.status, found.model is not None) == ("sat", True)
    assert found.model is not None
    assert rational(found.model.eval(X)) == 2


def test_two_products_of_the_same_are_one() -> None:
    whole, bounds = rounded(X * Y, "w")
    assert ask([*bounds, whole == Y * X, z3.Not(z3.IsInt(X * Y))]).status == "unsat"
    assert ask([*bounds, z3.Not(whole == X * Y), z3.And(z3.IsInt(X * Y), X > 0)]).status == "unsat"
    assert ask([*bounds, z3.Not(whole == X * Y), X == 1, 2 * Y == 3]).status == "sat"


def test_whole_numbers_of_different_terms_are_different() -> None:
    both = z3.And(z3.IsInt(X + Y), z3.IsInt(X - Y))
    found = ask([both, X + Y == 3, X - Y == 2])
    assert found.status == "sat"
    assert answers(script("t", [both], [[X + Y == 3, X - Y == 2], [2 * X + 2 * Y == 3]]).text) == ["sat", "unsat"]
