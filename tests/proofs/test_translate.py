"""Closed forms mean the same to the solver as to their exact evaluation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
import z3
from hypothesis import assume, given
from hypothesis import strategies as st

from proofs.numbers import literal
from proofs.solver import ask
from proofs.translate import Translator, UntranslatableError
from symbolic.evaluate import evaluate, holds
from tests.strategies import examples

SYMBOLS = sympy.symbols("x y z", real=True)
X, Y, Z = SYMBOLS
RELATIONS = (sympy.Gt, sympy.Ge, sympy.Lt, sympy.Le, sympy.Eq, sympy.Ne)

VALUES = st.builds(Fraction, st.integers(-3, 3), st.integers(1, 2))
POINTS = st.fixed_dictionaries({str(s): VALUES for s in SYMBOLS})
LEAVES = st.one_of(st.sampled_from(SYMBOLS), st.builds(sympy.Rational, st.integers(-4, 4), st.integers(1, 3)))


def relations(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw a condition on some expressions."""
    single = st.builds(lambda relation, a, b: relation(a, b), st.sampled_from(RELATIONS), parts, parts)
    pair = st.builds(lambda join, a, b: join(a, b), st.sampled_from((sympy.And, sympy.Or)), single, single)
    return st.one_of(single, pair, st.builds(sympy.Not, pair))


def operations(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw an operation on some expressions."""
    return st.one_of(
        st.builds(sympy.Add, parts, parts),
        st.builds(sympy.Mul, parts, parts),
        st.builds(lambda a, b: a / b, parts, parts),
        st.builds(sympy.Pow, parts, st.sampled_from((-2, -1, 2, 3))),
        st.builds(sympy.Max, parts, parts),
        st.builds(sympy.Min, parts, parts),
        st.builds(lambda a, c, b: sympy.Piecewise((a, c), (b, True)), parts, relations(parts), parts),
    )


EXPRESSIONS = st.recursive(LEAVES, operations, max_leaves=8)


def grounded(translator: Translator, *more: Any) -> z3.CheckSatResult:
    """Ask whether the definitions can hold together with more at a point."""
    solver = z3.Solver()
    solver.add(*translator.definitions, *more)
    return solver.check()


def at(point: dict[str, Fraction]) -> Translator:
    """Return a translator at concrete values."""
    return Translator({name: literal(value) for name, value in point.items()})


def free() -> tuple[Translator, list[Any]]:
    """Return a translator whose symbols are the solver's variables."""
    variables = [z3.Real(str(s)) for s in SYMBOLS]
    return Translator({str(v): v for v in variables}), variables


@examples(300)
@given(EXPRESSIONS, POINTS)
def test_a_term_has_the_value_of_its_expression(expression: Any, point: dict[str, Fraction]) -> None:
    assume(not expression.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I))
    translator, variables = free()
    term = translator.term(expression)
    here = [v == literal(point[str(v)]) for v in variables]
    # Whatever the point, the definitions alone never contradict each other.
    assert grounded(translator, *here) == z3.sat
    try:
        expected = evaluate(expression, point)
    except ZeroDivisionError:
        return
    assert grounded(translator, *here, term != literal(expected)) == z3.unsat


@examples(200)
@given(relations(LEAVES | st.builds(sympy.Add, LEAVES, LEAVES)), POINTS)
def test_a_condition_holds_where_it_holds(condition: Any, point: dict[str, Fraction]) -> None:
    translator = at(point)
    expected = holds(condition, point)
    assert grounded(translator, translator.term(condition) != z3.BoolVal(expected)) == z3.unsat


def test_nothing_is_said_of_a_quotient_at_zero() -> None:
    translator, (x, y, _) = free()
    term = translator.term(X / Y)
    assert grounded(translator, y == 0, x == 1, term == 5) == z3.sat
    assert grounded(translator, y == 0, x == 1, term == -7) == z3.sat
    assert grounded(translator, y == 2, x == 1, term != literal(Fraction(1, 2))) == z3.unsat


def test_quotients_at_zero_do_not_contradict_each_other() -> None:
    translator, (x, y, _) = free()
    terms = [translator.term(e) for e in (X / Y, (X + 1) / Y, 1 / Y, X / (Y * Y), 1 / (X - X * Y))]
    assert grounded(translator, y == 0, x == 3) == z3.sat
    assert grounded(translator, y == 0, x == 3, terms[0] != terms[1]) == z3.sat
    assert grounded(translator, y == 2, x == 3, terms[1] != 2) == z3.unsat


def test_a_case_that_guards_a_division_is_whole() -> None:
    translator, (x, y, _) = free()
    term = translator.term(sympy.Piecewise((0, sympy.Eq(Y, 0)), (X / Y, True)))
    assert grounded(translator, y == 0, term != 0) == z3.unsat
    assert grounded(translator, y == 4, x == 2, term != literal(Fraction(1, 2))) == z3.unsat


def test_the_first_case_that_applies_counts() -> None:
    form = sympy.Piecewise((1, X > 0), (2, X > -1), (3, True))
    for value, expected in ((1, 1), (0, 2), (Fraction(-1, 2), 2), (-1, 3)):
        translator = at({"x": Fraction(value)})
        assert z3.simplify(translator.term(form)).as_fraction() == expected


def test_the_same_quotient_is_named_once() -> None:
    translator, _ = free()
    first, second = translator.term(X / Y), translator.term(2 + X / Y)
    assert len(translator.definitions) == 1
    assert grounded(translator, second != first + 2) == z3.unsat


def test_a_reciprocal_stands_for_one_over_a_price() -> None:
    price, ratio = z3.Reals("CP_E c_E")
    issue = sympy.Rational(83, 20)
    symbol = sympy.Symbol("CP_E", positive=True)
    translator = Translator({"CP_E": price}, {"CP_E": ratio * literal(Fraction(20, 83))})
    tie = price * ratio == literal(Fraction(83, 20))
    assert z3.simplify(translator.term(issue / symbol) - ratio).as_fraction() == 0
    squared, plain = translator.term(1 / symbol**2), translator.term(symbol)
    assert translator.definitions == []
    assert plain.eq(price)
    assert grounded(translator, tie, price == 2, squared != literal(Fraction(1, 4))) == z3.unsat


@pytest.mark.parametrize(
    "form",
    [
        sympy.Symbol("stranger"),
        sympy.sqrt(X),
        X ** sympy.Rational(1, 3),
        X**Y,
        sympy.frac(X),
        sympy.Abs(X),
        sympy.sin(X),
        sympy.Function("f")(X),
        sympy.Piecewise((1, X > 0)),
        sympy.Piecewise((1, X > 0), (2, X < 0)),
        1 + sympy.exp(Y),
        sympy.pi,
        sympy.zoo,
        sympy.oo,
        sympy.nan,
        sympy.Float("0.1"),
    ],
    ids=str,
)
def test_what_has_no_term_is_refused(form: Any) -> None:
    with pytest.raises(UntranslatableError):
        free()[0].term(form)


@pytest.mark.parametrize("quantity", [Fraction(7, 3), Fraction(-7, 3), Fraction(2), Fraction(0)])
@pytest.mark.parametrize(
    "form", [sympy.floor(X), sympy.ceiling(X), sympy.floor(2 * X / 3 + sympy.Rational(1, 2))], ids=str
)
def test_whole_numbers_are_those_of_the_closed_form(form: Any, quantity: Fraction) -> None:
    translator = Translator({"x": z3.Real("x")})
    term = translator.term(form)
    expected = evaluate(form, {"x": quantity})
    assumed = [*translator.definitions, z3.Real("x") == z3.Q(*quantity.as_integer_ratio())]
    assert ask([*assumed, term == z3.Q(*expected.as_integer_ratio())]).status == "sat"
    assert ask([*assumed, term != z3.Q(*expected.as_integer_ratio())]).status == "unsat"
