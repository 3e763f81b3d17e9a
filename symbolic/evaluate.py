"""Exact evaluation of the closed forms: each form is compiled once to a Python function over Fraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import count
from math import ceil, floor
from numbers import Rational

import sympy

from symbolic.account import Definition

Value = Fraction | bool
"""What an expression or a condition evaluates to."""

Values = Mapping[str | sympy.Symbol, Fraction | int]
"""Exact numbers for the unknowns, by symbol or by name."""

_COMPARISONS = {
    sympy.StrictGreaterThan: ">",
    sympy.GreaterThan: ">=",
    sympy.StrictLessThan: "<",
    sympy.LessThan: "<=",
    sympy.Equality: "==",
    sympy.Unequality: "!=",
}


@dataclass(frozen=True)
class Compiled:
    """Hold compiled expressions and the names of its unknowns, in the order of its arguments."""

    names: tuple[str, ...]
    function: Callable[..., tuple[Value, ...]]
    source: str


@dataclass
class _Writer:
    """Write the statements that compute one expression; each shared part is computed once."""

    arguments: Mapping[sympy.Symbol, str]
    lines: list[str] = field(default_factory=list)
    constants: dict[str, Fraction] = field(default_factory=dict)
    numbering: Iterator[int] = field(default_factory=count)

    def write(self, node: sympy.Basic, known: dict[sympy.Basic, str], indent: str) -> str:
        """Write what computes one node and return the name that then holds it."""
        if node not in known:
            known[node] = self._written(node, known, indent)
        return known[node]

    def _written(self, node: sympy.Basic, known: dict[sympy.Basic, str], indent: str) -> str:
        if isinstance(node, sympy.Symbol):
            return self.arguments[node]
        if isinstance(node, sympy.Rational):
            return self._constant(Fraction(int(node.p), int(node.q)))
        if node in (sympy.true, sympy.false):
            return str(bool(node))
        if isinstance(node, sympy.Piecewise):
            return self._cases(node, known, indent)
        text = self._operation(node, [self.write(part, known, indent) for part in node.args])
        return self._assigned(text, indent)

    def _constant(self, value: Fraction) -> str:
        name = f"q{len(self.constants)}"
        self.constants[name] = value
        return name

    def _assigned(self, text: str, indent: str) -> str:
        name = f"t{next(self.numbering)}"
        self.lines.append(f"{indent}{name} = {text}")
        return name

    def _cases(self, node: sympy.Piecewise, known: dict[sympy.Basic, str], indent: str) -> str:
        # Parts of a branch are written inside it: outside, a division that the condition guards would raise.
        name = f"t{next(self.numbering)}"
        for branch, condition in node.args:
            if condition == sympy.true:
                self.lines.append(f"{indent}{name} = {self.write(branch, dict(known), indent)}")
                return name
            test = self.write(condition, known, indent)
            self.lines.append(f"{indent}if {test}:")
            inner = indent + " "
            self.lines.append(f"{inner}{name} = {self.write(branch, dict(known), inner)}")
            self.lines.append(f"{indent}else:")
            indent, known = inner, dict(known)
        self.lines.append(f"{indent}raise ValueError('no case applies')")
        return name

    def _operation(self, node: sympy.Basic, parts: list[str]) -> str:
        if isinstance(node, sympy.Add):
            return " + ".join(parts)
        if isinstance(node, sympy.Mul):
            return " * ".join(parts)
        if isinstance(node, sympy.Max):
            return f"max({', '.join(parts)})"
        if isinstance(node, sympy.Min):
            return f"min({', '.join(parts)})"
        if isinstance(node, sympy.Pow) and isinstance(node.exp, sympy.Integer):
            return f"{parts[0]} ** {int(node.exp)}"
        if isinstance(node, sympy.floor):
            return f"floor({parts[0]})"
        if isinstance(node, sympy.ceiling):
            return f"ceil({parts[0]})"
        if isinstance(node, sympy.And):
            return " and ".join(parts)
        if isinstance(node, sympy.Or):
            return " or ".join(parts)
        if isinstance(node, sympy.Not):
            return f"not {parts[0]}"
        if type(node) in _COMPARISONS:
            return f"{parts[0]} {_COMPARISONS[type(node)]} {parts[1]}"
        raise TypeError(f"{type(node).__name__} is not an exact operation of the closed forms")


@cache
def compiled(*expressions: sympy.Basic) -> Compiled:
    """Compile expressions or conditions into one function that returns all their values.

    Raise TypeError if they contain anything but exact operations.
    """
    found = set().union(*(expression.free_symbols for expression in expressions))
    unknowns = sorted(found, key=lambda symbol: str(symbol.name))
    arguments = {symbol: f"a{index}" for index, symbol in enumerate(unknowns)}
    writer = _Writer(arguments)
    known: dict[sympy.Basic, str] = {}
    results = "".join(f"{writer.write(expression, known, ' ')}, " for expression in expressions)
    source = "\n".join([f"def form({', '.join(arguments.values())}):", *writer.lines, f" return ({results})", ""])
    namespace: dict[str, Callable[..., tuple[Value, ...]]] = {}
    exec(compile(source, "<closed form>", "exec"), {"floor": floor, "ceil": ceil, **writer.constants}, namespace)
    return Compiled(tuple(str(symbol.name) for symbol in unknowns), namespace["form"], source)


def evaluate(expression: sympy.Expr, values: Values) -> Fraction:
    """Evaluate an expression exactly.

    values: an exact number for each unknown, by symbol or by its name; more than needed may be given.
    Raise KeyError for an unknown without a value, TypeError for a value that is not exact,
    ZeroDivisionError outside the expression's domain.
    """
    return evaluate_each((expression,), values)[0]


def evaluate_each(expressions: Sequence[sympy.Expr], values: Values) -> tuple[Fraction, ...]:
    """Evaluate several expressions exactly, what they share only once; raise as `evaluate` does."""
    return tuple(Fraction(value) for value in _evaluated(tuple(expressions), values))


def holds(condition: sympy.Basic, values: Values) -> bool:
    """Say whether a condition holds, exactly; raise as `evaluate` does."""
    return bool(_evaluated((condition,), values)[0])


def evaluate_all(definitions: Iterable[Definition], values: Values) -> dict[str, Value]:
    """Evaluate definitions exactly, in order, each one with the values of those before it; by name.

    values: an exact number for each unknown; raise as `evaluate` does.
    """
    known: dict[str, Fraction | int] = {str(key): value for key, value in values.items()}
    found: dict[str, Value] = {}
    for definition in definitions:
        form = compiled(definition.expression)
        value = form.function(*(_exact(name, known[name]) for name in form.names))[0]
        found[definition.name] = bool(value) if _is_condition(definition.expression) else Fraction(value)
        known[definition.name] = Fraction(value)
    return found


def _is_condition(expression: sympy.Basic) -> bool:
    return isinstance(expression, sympy.logic.boolalg.Boolean) and not expression.is_Symbol


def _evaluated(expressions: tuple[sympy.Basic, ...], values: Values) -> tuple[Value, ...]:
    form = compiled(*expressions)
    by_name = {str(key): value for key, value in values.items()}
    return form.function(*(_exact(name, by_name[name]) for name in form.names))


def _exact(name: str, value: Fraction | int) -> Fraction:
    if not isinstance(value, Rational):
        raise TypeError(f"the value of {name} is not an exact number")
    return Fraction(value)
