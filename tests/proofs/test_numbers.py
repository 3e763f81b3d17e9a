"""Traced numbers compute what fractions compute, and describe it truly."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from proofs.explorer import Unknown, explore
from proofs.numbers import Trace, Traced, literal
from tests.proofs.toys import solved, value_of
from tests.strategies import examples

NAMES = ("x", "y", "z")
COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne)


def by_comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    """Choose one of two numbers by a comparison."""
    return lambda a, b: a if compare(a, b) else b


# An integer over an integer is not exact in Python; the engine never divides two plain integers.
OPERATIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, operator.add),
    "sub": (2, operator.sub),
    "mul": (2, operator.mul),
    "div": (2, lambda a, b: Fraction(1) * a / b),
    "neg": (1, operator.neg),
    "pos": (1, operator.pos),
    "floor": (1, math.floor),
    "min": (2, min),
    "max": (3, max),
    "sum": (3, lambda *values: sum(values)),
    "median": (3, lambda *values: sorted(values)[1]),
    "truth": (2, lambda a, b: b if a else 1),
    "member": (3, lambda a, b, c: a if a in (b, c) else c),
    **{compare.__name__: (2, by_comparison(compare)) for compare in COMPARISONS},
}

Tree = tuple[Any, ...]

VALUES = st.builds(Fraction, st.integers(-4, 4), st.integers(1, 3))
LEAVES = st.one_of(
    st.tuples(st.just("unknown"), st.sampled_from(NAMES)),
    st.tuples(st.just("constant"), st.one_of(VALUES, st.integers(-3, 3))),
)
INPUTS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def nodes(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Draw an operation on some trees."""
    return st.sampled_from(sorted(OPERATIONS)).flatmap(
        lambda name: st.tuples(st.just(name), *[parts] * OPERATIONS[name][0])
    )


TREES = st.recursive(LEAVES, nodes, max_leaves=12)


def computed(tree: Tree, inputs: dict[str, Any]) -> Any:
    """Compute a tree, in whatever numbers the inputs are."""
    name, *parts = tree
    if name == "unknown":
        return inputs[parts[0]]
    if name == "constant":
        return parts[0]
    return OPERATIONS[name][1](*(computed(part, inputs) for part in parts))


def attempted(tree: Tree, inputs: dict[str, Any]) -> tuple[Any, str | None]:
    """Compute a tree; return the result, or the name of what it raised."""
    try:
        return computed(tree, inputs), None
    except ZeroDivisionError as error:
        return None, type(error).__name__


def traced(inputs: dict[str, Fraction]) -> tuple[Trace, dict[str, Any]]:
    """Return traced numbers of a new trace."""
    trace = Trace()
    return trace, {name: Traced(value, z3.Real(name), trace) for name, value in inputs.items()}


@examples(300)
@given(TREES, INPUTS)
def test_results_are_those_of_fractions(tree: Tree, inputs: dict[str, Fraction]) -> None:
    trace, lifted = traced(inputs)
    result, raised = attempted(tree, lifted)
    assert (result.value if isinstance(result, Traced) else result, raised) == attempted(tree, inputs)
    # What was written down is true of this run: every decision, and the result as a term.
    known = dict(inputs)
    for definition in trace.definitions:
        solved(definition, known)
    assert all(value_of(d.constraint, known) is True for d in trace.decisions)
    if isinstance(result, Traced):
        assert value_of(result.term, known) == result.value


@pytest.mark.parametrize("other", [3, Fraction(3), Fraction(-1, 2), 0])
@pytest.mark.parametrize("operation", [*COMPARISONS, operator.add, operator.sub, operator.mul, operator.truediv])
def test_plain_numbers_stand_on_either_side(operation: Callable[[Any, Any], Any], other: int | Fraction) -> None:
    value = Fraction(3)
    _, lifted = traced({"x": value})
    pairs: list[tuple[tuple[Any, Any], tuple[Any, Any]]] = [
        ((lifted["x"], other), (value, other)),
        ((other, lifted["x"]), (other, value)),
    ]
    for ours, plain in pairs:
        try:
            expected = operation(*plain)
        except ZeroDivisionError:
            with pytest.raises(ZeroDivisionError):
                operation(*ours)
            continue
        got = operation(*ours)
        assert (got.value if isinstance(got, Traced) else got) == expected
        assert isinstance(got, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    "use",
    [
        hash,
        float,
        int,
        abs,
        round,
        math.ceil,
        lambda x: x**2,
        lambda x: x // 2,
        lambda x: x % 2,
        lambda x: x + 0.5,
        lambda x: x < "1",
        lambda x: x / "1",
    ],
)
def test_what_is_not_exact_or_not_followed_is_refused(use: Callable[[Any], Any]) -> None:
    _, lifted = traced({"x": Fraction(1)})
    with pytest.raises(TypeError):
        use(lifted["x"])


def test_equality_with_anything_but_a_number_is_false() -> None:
    trace, lifted = traced({"x": Fraction(1)})
    assert (lifted["x"] == "1", lifted["x"] != None, trace.decisions) == (False, True, [])  # noqa: E711


def test_a_decision_is_noted_once() -> None:
    trace, lifted = traced({"x": Fraction(2), "y": Fraction(3)})
    x, y = lifted["x"], lifted["y"]
    assert [x < y, x < y, not y <= x, x + 0 < 1 * y] == [True] * 4
    assert len(trace.decisions) == 1


def test_what_holds_for_all_inputs_is_not_a_decision() -> None:
    trace, lifted = traced({"x": Fraction(2)})
    x = lifted["x"]
    assert (x < x + 1, x * x >= x * x, x - x == 0, x / 2 == Fraction(1, 2) * x) == (True, True, True, True)
    assert trace.decisions == []


def test_a_quotient_is_named_once_and_only_where_its_denominator_is_not_zero() -> None:
    trace, lifted = traced({"x": Fraction(2), "y": Fraction(3)})
    x, y = lifted["x"], lifted["y"]
    assert (x / y).term.eq((x / y).term)
    assert len(trace.definitions) == 1
    assert [d.constraint.sexpr() for d in trace.decisions] == ["(not (= y 0.0))"]
    with pytest.raises(ZeroDivisionError):
        1 / (x - 2)
    assert [d.definitions for d in trace.decisions] == [0, 1]


def test_quotients_that_differ_have_different_names() -> None:
    trace, lifted = traced({"x": Fraction(2), "y": Fraction(3), "z": Fraction(5)})
    x, y, z = lifted.values()
    assert len({str((a / b).term) for a, b in ((x, y), (x, z), (y, x), (x + 1, y), (x, y + 1))}) == 5
    assert len(trace.definitions) == 5


def test_division_by_a_constant_needs_no_decision() -> None:
    trace, lifted = traced({"x": Fraction(2)})
    assert (lifted["x"] / 4).value == Fraction(1, 2)
    with pytest.raises(ZeroDivisionError):
        lifted["x"] / 0
    with pytest.raises(ZeroDivisionError):
        lifted["x"] / (lifted["x"] - lifted["x"])
    assert (trace.decisions, trace.definitions) == ([], [])


def test_a_price_is_a_constant_over_its_ratio() -> None:
    issue = Fraction("4.15")
    ratio = Unknown("c_E", issue)
    seen = {}

    def function(inputs: Any) -> dict[str, Any]:
        price = inputs["c_E"]
        seen[type(price)] = price
        return {"ratio": issue / price, "double": 2 * issue / price, "price": price, "whole": price * (issue / price)}

    found = explore("price", function, (ratio,), (ratio.term > 0,), ({"c_E": Fraction(2)},))
    (path,) = found.paths
    assert seen[Fraction] == issue / 2
    assert path.expected == {"ratio": 2, "double": 4, "price": issue / 2, "whole": issue}
    # The constant over the price is the ratio itself; neither a decision nor a named quotient.
    assert path.decisions == ()
    assert path.outcome["ratio"].eq(ratio.term)
    (tie,) = path.definitions
    known = {"c_E": Fraction(5)}
    solved(tie, known)
    assert known["CP_E"] == issue / 5
    assert value_of(path.outcome["double"], known) == 10
    assert value_of(path.outcome["whole"], known) == issue


def test_literals_are_exact() -> None:
    for value in (0, 7, Fraction(-33, 4), Fraction(1, 3), Fraction(10**30 + 1, 7)):
        assert literal(value).as_fraction() == value
