"""How formulas are written: as drawn text, where names stay as they are, and as LaTeX."""

from __future__ import annotations

import textwrap

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm

PHRASES = ("per_share", "at_most", "held_since", "as_of", "new_year", "days_of_year")
"""The parts of names that are one word in LaTeX."""


def draw(symbol: sympy.Symbol, expression: sympy.Basic, width: int) -> list[str]:
    """Draw a definition, symbol = expression, as lines of at most so many columns."""
    equation = sympy.Eq(symbol, _flat(expression), evaluate=False)
    lines = _form(equation).render(wrap_line=False).splitlines()
    if max(map(len, lines)) <= width:
        return list(lines)
    if len(lines) == 1:
        return textwrap.wrap(lines[0], width, subsequent_indent=" " * len(f"{symbol.name} = "))
    # What is higher than a line is cut by the printer, which marks where it goes on.
    drawn: list[str] = _form(equation).render(wrap_line=True, num_columns=width, use_unicode=True).splitlines()
    return drawn


def _form(equation: sympy.Basic) -> prettyForm:
    return _Drawing({"use_unicode": True})._print(equation)


def _is_compound(condition: sympy.Basic) -> bool:
    return isinstance(condition, (sympy.And, sympy.Or))


def latex(expression: sympy.Basic) -> str:
    """Write a formula as LaTeX."""
    text: str = _Latex().doprint(_flat(expression))
    return text


def _flat(expression: sympy.Basic) -> sympy.Basic:
    """Write cases within the last of some cases, which holds otherwise, as further cases."""
    if not isinstance(expression, sympy.Piecewise):
        return expression
    *cases, (last, condition) = expression.args
    inner = _flat(last)
    if condition != sympy.true or not isinstance(inner, sympy.Piecewise):
        return expression
    return sympy.Piecewise(*cases, *inner.args, evaluate=False)


def _gains_first(terms: list[sympy.Expr]) -> list[sympy.Expr]:
    return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))


class _Drawing(PrettyPrinter):  # type: ignore[misc]
    """Draw names, minima, maxima and conditions as the meanings and the code write them."""

    def _print_Symbol(self, symbol: sympy.Symbol) -> prettyForm:  # noqa: N802 (sympy's hooks)
        return prettyForm(symbol.name)

    def _print_Max(self, maximum: sympy.Max) -> prettyForm:  # noqa: N802
        return self._print(sympy.Function("max")(*maximum.args))

    def _print_Min(self, minimum: sympy.Min) -> prettyForm:  # noqa: N802
        return self._print(sympy.Function("min")(*minimum.args))

    def _print_floor(self, rounded: sympy.floor) -> prettyForm:
        return self._print(sympy.Function("floor")(*rounded.args))

    def _print_ceiling(self, rounded: sympy.ceiling) -> prettyForm:
        return self._print(sympy.Function("ceiling")(*rounded.args))

    def _print_Or(self, condition: sympy.Or) -> prettyForm:  # noqa: N802
        return self._conditions(condition, " or ")

    def _print_And(self, condition: sympy.And) -> prettyForm:  # noqa: N802
        return self._conditions(condition, " and ")

    def _conditions(self, condition: sympy.Basic, word: str) -> prettyForm:
        return self._print_seq(condition.args, delimiter=word, parenthesize=_is_compound)

    def _as_ordered_terms(self, total: sympy.Add, order: str | None = None) -> list[sympy.Expr]:
        return _gains_first(super()._as_ordered_terms(total, order=order))


class _Latex(LatexPrinter):  # type: ignore[misc]
    """Write names of several letters upright, and what follows an underscore as a subscript."""

    def _print_Symbol(self, symbol: sympy.Symbol) -> str:  # noqa: N802
        return named(symbol.name)

    def _print_Or(self, condition: sympy.Or) -> str:  # noqa: N802
        return self._conditions(condition, "or")

    def _print_And(self, condition: sympy.And) -> str:  # noqa: N802
        return self._conditions(condition, "and")

    def _conditions(self, condition: sympy.Basic, word: str) -> str:
        parts = (rf"\left({self._print(c)}\right)" if _is_compound(c) else self._print(c) for c in condition.args)
        return rf" \text{{ {word} }} ".join(parts)

    def _print_Piecewise(self, cases: sympy.Piecewise) -> str:  # noqa: N802
        rows = [f"  {self._print(value)} & {self._when(condition)}" for value, condition in cases.args]
        return "\n".join([r"\begin{cases}", " \\\\\n".join(rows), r"\end{cases}"])

    def _when(self, condition: sympy.Basic) -> str:
        return r"\text{otherwise}" if condition == sympy.true else rf"\text{{for }} {self._print(condition)}"

    def _as_ordered_terms(self, total: sympy.Add, order: str | None = None) -> list[sympy.Expr]:
        return _gains_first(super()._as_ordered_terms(total, order=order))


def named(name: str) -> str:
    """Write a name as LaTeX: `x_at_most_E` is x with the subscript "at most, E"."""
    for phrase in PHRASES:
        name = name.replace(phrase, phrase.replace("_", " "))
    base, *below = name.split("_")
    shown = base if len(base) == 1 else _upright(base)
    return f"{shown}_{{{', '.join(map(_upright, below))}}}" if below else shown


def _upright(word: str) -> str:
    return word if word.isdigit() else rf"\mathrm{{{word.replace(' ', chr(92) + ' ')}}}"
