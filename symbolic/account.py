"""Named steps of a derivation: each quantity is written once and can be shown or expanded."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import sympy

from symbolic.algebra import indicator, number


@dataclass(frozen=True)
class Definition:
    """Hold one named quantity: its formula in terms of the unknowns and of the definitions before it.

    symbol: stands for the quantity in later definitions; domain: where it holds; output: whether it is a result
    rather than a step.
    """

    name: str
    symbol: sympy.Symbol
    expression: sympy.Expr
    clause: str
    unit: str
    domain: str
    meaning: str
    output: bool = False

    @property
    def latex(self) -> str:
        """Return the formula as LaTeX."""
        return str(sympy.latex(self.expression))


@dataclass
class Account:
    """Collect the definitions of one derivation, in order.

    named: whether a defined quantity appears in later formulas by its name or written out in full;
    suffix, note: added to the names and meanings, where one account runs through variants of a derivation.
    """

    named: bool = False
    suffix: str = ""
    note: str = ""
    definitions: list[Definition] = field(default_factory=list)

    def define(
        self, name: str, expression: sympy.Expr, meaning: str, clause: str, unit: str, domain: str = "always"
    ) -> sympy.Expr:
        """Record a quantity and return what stands for it in later formulas.

        A quantity that is a mere number or unknown stands for itself and is not recorded.
        """
        if not self.named or expression.is_Atom:
            return expression
        return self._record(name + self.suffix, expression, meaning + self.note, clause, unit, domain, False)

    def figure(self, name: str, value: Fraction, meaning: str, clause: str, unit: str = "$/share") -> sympy.Expr:
        """Record a number of the charter, if quantities go by name, and return what stands for it."""
        if not self.named:
            return number(value)
        if all(definition.name != name for definition in self.definitions):
            self._record(name, number(value), meaning, clause, unit, "always", False)
        return sympy.Symbol(name, real=True)

    def output(
        self, name: str, expression: sympy.Basic, meaning: str, clause: str, unit: str, domain: str = "always"
    ) -> sympy.Symbol:
        """Record a result and return the symbol that stands for it in later formulas, under its name."""
        return self._record(name, expression, meaning, clause, unit, domain, True)

    def condition(
        self, name: str, condition: sympy.Basic, meaning: str, clause: str, domain: str = "always"
    ) -> sympy.Expr:
        """Record whether a condition holds, as the number one or zero, and return what stands for it."""
        return self.define(name, indicator(condition), meaning, clause, "1 or 0", domain)

    def stated(
        self, name: str, condition: sympy.Basic, meaning: str, clause: str, domain: str = "always"
    ) -> sympy.Basic:
        """Record a condition, if quantities go by name, and return one that stands for it."""
        return self.condition(name, condition, meaning, clause, domain) > 0 if self.named else condition

    def variant(self, suffix: str, note: str) -> Account:
        """Return an account that records into this one, under names with a suffix and meanings with a note."""
        return Account(self.named, self.suffix + suffix, self.note + note, self.definitions)

    def _record(
        self, name: str, expression: sympy.Basic, meaning: str, clause: str, unit: str, domain: str, output: bool
    ) -> sympy.Symbol:
        symbol = sympy.Symbol(name, real=True)
        self.definitions.append(Definition(name, symbol, expression, clause, unit, domain, meaning, output))
        return symbol
