"""Formulas as text and LaTeX: names, signs, cases and long lines."""

from __future__ import annotations

import pytest
import sympy

from symbolic.algebra import all_of, any_of, at_most, either, largest, positive, smallest, total
from symbolic.notation import draw, latex, named

WIDTH = 100
a, b, c, d = sympy.symbols("a b c d")
result = sympy.Symbol("x_none_0")


def drawn(expression: sympy.Basic, width: int = WIDTH) -> list[str]:
    return [line.rstrip() for line in draw(result, expression, width)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W", "W"),
        ("OIP_A", r"\mathrm{OIP}_{\mathrm{A}}"),
        ("n_Senior", r"n_{\mathrm{Senior}}"),
        ("T_1_EF", r"T_{1, \mathrm{EF}}"),
        ("x_at_most_0", r"x_{\mathrm{at\ most}, 0}"),
        ("per_share_common", r"\mathrm{per\ share}_{\mathrm{common}}"),
        ("days_of_year", r"\mathrm{days\ of\ year}"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert named(name) == latex(sympy.Symbol(name)) == expected


@pytest.mark.parametrize(
    ("expression", "text", "formula"),
    [
        (a - b - c, "a - b - c", "a - b - c"),
        (c - a, "c - a", "c - a"),
        (largest(sympy.Integer(0), c - a), "max(0, c - a)", r"\max\left(0, c - a\right)"),
        (smallest(a, b * c), "min(a, b⋅c)", r"\min\left(a, b c\right)"),
        (a * largest(b, c), "a⋅max(b, c)", r"a \max\left(b, c\right)"),
    ],
)
def test_signs_and_functions(expression: sympy.Expr, text: str, formula: str) -> None:
    assert drawn(expression) == [f"x_none_0 = {text}"]
    assert latex(expression) == formula


def test_conditions_are_in_words() -> None:
    condition = any_of(positive(a), all_of(positive(b), at_most(c, d)))
    lines = "\n".join(drawn(either(condition, a, b)))
    assert "a  for a > 0 or (c ≤ d and b > 0)" in lines
    assert r"\text{for } a > 0 \text{ or } \left(c \leq d \text{ and } b > 0\right)" in latex(either(condition, a, b))


def test_cases_within_the_last_case_become_further_cases() -> None:
    nested = either(positive(a), b, either(positive(c), d, sympy.Integer(0)))
    lines = [line.strip("⎧⎨⎩⎪ ") for line in drawn(nested)]
    assert [line for line in lines if "for" in line or "otherwise" in line] == [
        "b  for a > 0",
        "x_none_0 = ⎨d  for c > 0",
        "0  otherwise",
    ]
    assert latex(nested).splitlines() == [
        r"\begin{cases}",
        r"  b & \text{for } a > 0 \\",
        r"  d & \text{for } c > 0 \\",
        r"  0 & \text{otherwise}",
        r"\end{cases}",
    ]


def test_cases_within_another_case_stay() -> None:
    nested = either(positive(a), either(positive(c), d, sympy.Integer(0)), b)
    assert latex(nested).count(r"\begin{cases}") == 2


def test_a_long_sum_goes_on_below_itself() -> None:
    terms = [sympy.Symbol(f"n_{n:02}") * sympy.Symbol(f"p_{n:02}") for n in range(20)]
    lines = drawn(total(terms))
    assert len(lines) > 1
    assert max(map(len, lines)) <= WIDTH
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} == {len("x_none_0 = ")}
    joined = " ".join(line.strip() for line in lines)
    assert joined == "x_none_0 = " + " + ".join(f"n_{n:02}⋅p_{n:02}" for n in range(20))


def test_a_long_quotient_is_cut_and_marked() -> None:
    shares = total(sympy.Symbol(f"n_{n:02}") for n in range(30))
    lines = drawn(either(positive(shares), a / shares, b))
    assert max(map(len, lines)) <= WIDTH
    assert any(line.endswith("↪") for line in lines)
