"""Formulas as MathML that a browser sets by itself, with their LaTeX beside them for those who hear the page."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape, unescape
from typing import Any
from xml.dom.minidom import Element, Text

import sympy
from markupsafe import Markup
from sympy.printing.mathml import MathMLPresentationPrinter

from symbolic.notation import PHRASES, latex, named

SIGNS = {
    sympy.Equality: "=",
    sympy.Unequality: "≠",
    sympy.GreaterThan: "≥",
    sympy.LessThan: "≤",
    sympy.StrictGreaterThan: ">",
    sympy.StrictLessThan: "<",
}
MINUS, TIMES, SPACE = "−", "·", "\u00a0"  # noqa: RUF001 (signs of mathematics)


def equation(name: str, expression: sympy.Basic) -> Markup:
    """Return `name = expression` as one <math> element, its LaTeX as alternative text and annotation.

    name: of the quantity, as in its definition; expression: its closed form.
    """
    printer = _Printer()
    row = printer.row(printer.name(name), printer.sign("="), printer.value(expression))
    text = escape(" ".join(f"{named(name)} = {latex(expression)}".split()))
    return Markup(
        f'<math display="block" alttext="{text}"><semantics>{_written(row)}'
        f'<annotation encoding="application/x-tex">{text}</annotation></semantics></math>'
    )


def symbol(name: str) -> Markup:
    """Return a name as one <math> element, as it stands in formulas."""
    return Markup(f'<math alttext="{escape(named(name))}">{_written(_Printer().name(name))}</math>')


def _written(node: Any) -> str:
    """Write an element as HTML has it; sympy's own writer leaves "<" as it is."""
    if isinstance(node, Text):
        return escape(unescape(node.data), quote=False)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in sorted(node.attributes.items()))
    inner = "".join(map(_written, node.childNodes))
    return f"<{node.tagName}{attributes}>{inner}</{node.tagName}>"


def _cases(piecewise: sympy.Piecewise) -> Iterator[tuple[sympy.Expr, sympy.Basic]]:
    """List values and conditions; cases within the last of them, which holds otherwise, are further cases."""
    for value, condition in piecewise.args:
        if condition == sympy.true and isinstance(value, sympy.Piecewise):
            yield from _cases(value)
        else:
            yield value, condition


def _decimal(value: Fraction) -> str | None:
    """Write a number as the certificate does, as a decimal fraction, if it has a short one."""
    for digits in range(7):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            whole, part = divmod(abs(scaled.numerator), 10**digits)
            return f"{MINUS if value < 0 else ''}{whole}" + (f".{part:0{digits}d}" if digits else "")
    return None


class _Printer(MathMLPresentationPrinter):  # type: ignore[misc]
    """Write names, cases, conditions, minima and maxima as the LaTeX of the closed forms does.

    Every operator is written, so that names of several letters stay apart.
    """

    def element(self, tag: str, *children: Element | str, **attributes: str) -> Element:
        """Return an element with children; a text becomes a text node."""
        made: Element = self.dom.createElement(tag)
        for key, value in attributes.items():
            made.setAttribute(key, value)
        for child in children:
            made.appendChild(self.dom.createTextNode(escape(child)) if isinstance(child, str) else child)
        return made

    def row(self, *children: Element) -> Element:
        """Return elements side by side."""
        return self.element("mrow", *children)

    def sign(self, text: str, **attributes: str) -> Element:
        """Return an operator."""
        return self.element("mo", text, **attributes)

    def value(self, expression: sympy.Basic) -> Element:
        """Return what stands to the right of an equation: a bare number as a decimal fraction if it has one."""
        if expression.is_Rational:
            text = _decimal(Fraction(int(expression.p), int(expression.q)))
            if text is not None:
                return self.element("mn", text)
        made: Element = self._print(expression)
        return made

    def name(self, name: str) -> Element:
        """Return a name: what follows its first underscore is a subscript."""
        for phrase in PHRASES:
            name = name.replace(phrase, phrase.replace("_", SPACE))
        base, *below = name.split("_")
        if not below:
            return self._word(base)
        parts = [self._word(word, upright=True) for word in below]
        separated = [parts[0]]
        for part in parts[1:]:
            separated += [self.sign(",", separator="true"), part]
        return self.element("msub", self._word(base), self.row(*separated) if len(parts) > 1 else parts[0])

    def _word(self, word: str, upright: bool = False) -> Element:
        if word.isdigit():
            return self.element("mn", word)
        return self.element("mi", word, **({"mathvariant": "normal"} if upright and len(word) == 1 else {}))

    def _bracketed(self, inner: Element, left: str = "(", right: str = ")") -> Element:
        return self.row(self.sign(left), inner, self.sign(right))

    def _print_Symbol(self, symbol: sympy.Symbol, style: str = "plain") -> Element:  # noqa: N802 (sympy's hooks)
        return self.name(symbol.name)

    def _print_Integer(self, number: sympy.Integer) -> Element:  # noqa: N802
        digits = self.element("mn", str(abs(int(number))))
        return digits if number >= 0 else self.row(self.sign(MINUS), digits)

    def _print_Rational(self, number: sympy.Rational) -> Element:  # noqa: N802
        if number.q == 1:
            return self._print_Integer(number)
        fraction = self.element(
            "mfrac", self.element("mn", str(abs(int(number.p)))), self.element("mn", str(int(number.q)))
        )
        return fraction if number >= 0 else self.row(self.sign(MINUS), fraction)

    _print_Half = _print_Rational  # noqa: N815

    def _print_Add(self, total: sympy.Add, order: str | None = None) -> Element:  # noqa: N802
        terms = sorted(self._as_ordered_terms(total, order=order), key=lambda t: bool(t.could_extract_minus_sign()))
        children = [self._print(terms[0])]
        for term in terms[1:]:
            less = bool(term.could_extract_minus_sign())
            children += [self.sign(MINUS if less else "+"), self._factor(-term if less else term, sympy.Add)]
        return self.row(*children)

    def _print_Mul(self, product: sympy.Mul) -> Element:  # noqa: N802
        if product.could_extract_minus_sign():
            return self.row(self.sign(MINUS), self._factor(-product, sympy.Add))
        above, below = sympy.fraction(product)
        if below != 1:
            return self.element("mfrac", self._print(above), self._print(below))
        children = [self._factor(part, sympy.Add) for part in product.as_ordered_factors()]
        separated = [children[0]]
        for child in children[1:]:
            separated += [self.sign(TIMES), child]
        return self.row(*separated)

    def _factor(self, part: sympy.Basic, *loose: type[sympy.Basic]) -> Element:
        """Return a part in brackets if it would otherwise come apart: a sum, cases, a negative number."""
        negative = part.could_extract_minus_sign() and not isinstance(part, sympy.Add)
        bare = self._print(part)
        return self._bracketed(bare) if negative or isinstance(part, (*loose, sympy.Piecewise)) else bare

    def _function(self, name: str, parts: sympy.Basic) -> Element:
        children = [self._print(parts[0])]
        for part in parts[1:]:
            children += [self.sign(",", separator="true"), self._print(part)]
        return self.row(self.element("mi", name), self._bracketed(self.row(*children)))

    def _print_Max(self, maximum: sympy.Max) -> Element:  # noqa: N802
        return self._function("max", self._ordered(maximum))

    def _print_Min(self, minimum: sympy.Min) -> Element:  # noqa: N802
        return self._function("min", self._ordered(minimum))

    def _ordered(self, extreme: sympy.Basic) -> list[sympy.Basic]:
        return sorted(extreme.args, key=sympy.default_sort_key)

    def _print_floor(self, rounded: sympy.floor) -> Element:
        return self._bracketed(self._print(rounded.args[0]), "⌊", "⌋")

    def _print_ceiling(self, rounded: sympy.ceiling) -> Element:
        return self._bracketed(self._print(rounded.args[0]), "⌈", "⌉")

    def _print_Relational(self, relation: sympy.Rel) -> Element:  # noqa: N802
        return self.row(self._print(relation.lhs), self.sign(SIGNS[type(relation)]), self._print(relation.rhs))

    def _print_And(self, condition: sympy.And) -> Element:  # noqa: N802
        return self._conditions(condition, "and")

    def _print_Or(self, condition: sympy.Or) -> Element:  # noqa: N802
        return self._conditions(condition, "or")

    def _conditions(self, condition: sympy.Basic, word: str) -> Element:
        children: list[Element] = []
        for part in self._ordered(condition):
            bare = self._print(part)
            children += [self._said(word)] if children else []
            children.append(self._bracketed(bare) if isinstance(part, (sympy.And, sympy.Or)) else bare)
        return self.row(*children)

    def _print_Not(self, condition: sympy.Not) -> Element:  # noqa: N802
        return self.row(self._said("not"), self._bracketed(self._print(condition.args[0])))

    def _said(self, word: str) -> Element:
        return self.element("mtext", f"{SPACE}{word}{SPACE}")

    def _print_BooleanTrue(self, _: sympy.Basic) -> Element:  # noqa: N802
        return self.element("mtext", "yes")

    def _print_BooleanFalse(self, _: sympy.Basic) -> Element:  # noqa: N802
        return self.element("mtext", "no")

    def _print_Piecewise(self, piecewise: sympy.Piecewise) -> Element:  # noqa: N802
        rows = [
            self.element("mtr", self.element("mtd", self._print(value)), self.element("mtd", *self._when(condition)))
            for value, condition in _cases(piecewise)
        ]
        return self.row(self.sign("{", stretchy="true"), self.element("mtable", *rows, displaystyle="true"))

    def _when(self, condition: sympy.Basic) -> tuple[Element, ...]:
        if condition == sympy.true:
            return (self.element("mtext", "otherwise"),)
        return self.element("mtext", f"for{SPACE}"), self._print(condition)
