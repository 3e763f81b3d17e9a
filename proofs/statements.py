"""How theorems are written down: small makers of statements and checks that every section uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy
import z3

from proofs.checks import Hypothesis, PathCheck
from proofs.formulas import Changed, FormulaCheck
from proofs.results import Scope, Theorem, Verdict
from proofs.views import Claim, View
from reference.readings import Half
from symbolic.account import Definition
from symbolic.rounding import is_nearest

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED


def numbers(**values: str | int) -> dict[str, Fraction]:
    """Return exact inputs by name."""
    return {name: Fraction(value) for name, value in values.items()}


def theorem(
    name: str,
    register: str,
    statement: str,
    clauses: str,
    hypotheses: tuple[str, ...] = (),
    expected: Verdict = PROVED,
    scope: Scope = Scope.CODE,
    **more: Any,
) -> Theorem:
    """State a theorem; register and clauses are comma-separated."""
    return Theorem(
        id=name,
        register=tuple(r.strip() for r in register.split(",") if r.strip()),
        statement=statement,
        clauses=tuple(c.strip() for c in clauses.split(",")),
        hypotheses=hypotheses,
        scope=scope,
        expected=expected,
        **more,
    )


def checked(stated: Theorem, claim: Claim, *hypotheses: Hypothesis, **more: Any) -> PathCheck:
    """Return a check of a theorem whose hypotheses are stated once, in the check."""
    return PathCheck(replace(stated, hypotheses=tuple(h.words for h in hypotheses)), claim, hypotheses, **more)


def agreement(
    name: str, what: str, labels: tuple[str, ...], claim: Claim, clauses: str, register: str = "", **more: Any
) -> PathCheck:
    """Return the check that the code is its closed form."""
    statement = f"{what}: every output of the code is that of the closed form."
    return PathCheck(theorem(name, register, statement, clauses, **more), claim, labels=labels)


def totality(name: str, what: str, labels: tuple[str, ...], clauses: str, **more: Any) -> PathCheck:
    """Return the check that no valid position raises, and that the paths found are all there are."""
    statement = f"{what}: no valid position raises, and the paths found are all there are."
    nothing: Claim = lambda v: z3.BoolVal(True)  # noqa: E731 (a claim like the others)
    return PathCheck(theorem(name, "", statement, clauses, **more), nothing, labels=labels, covers_all=True)


def closed_claim(forms: Mapping[str, sympy.Basic]) -> Claim:
    """Claim that every named output is that of its closed form; a yes or no by the same name in the structure."""

    def claim(view: View) -> list[z3.BoolRef]:
        return [
            view.outcome[name] == view.form(form)
            if name in view.outcome
            else view.form(form) == z3.BoolVal(bool(view.structure[name]))
            for name, form in forms.items()
        ]

    return claim


def formula(
    stated: Theorem,
    unknowns: Iterable[z3.ArithRef],
    claims: Iterable[z3.BoolRef],
    hypotheses: Iterable[tuple[str, z3.BoolRef]] = (),
    setting: Iterable[z3.BoolRef] = (),
    neighbours: Iterable[Changed] = (),
    suggestions: Iterable[Mapping[str, Fraction]] = (),
    shows: str = "",
) -> FormulaCheck:
    """Return a check of a theorem about terms, whose hypotheses are stated once, in the check."""
    given = tuple(hypotheses)
    return FormulaCheck(
        replace(stated, hypotheses=tuple(words for words, _ in given)),
        tuple(unknowns),
        tuple(setting),
        given,
        tuple(claims),
        tuple(neighbours),
        tuple(suggestions),
        shows,
    )


def account_claim(definitions: Iterable[Definition]) -> Claim:
    """Claim that every output of the code is the quantity of its name in an account, whose steps may build on others.

    Outputs that the account does not have are left to other claims; there must be one that it has. Raise KeyError,
    which makes the verdict ERROR, for a yes or no that it does not have.
    """
    listed = tuple(definitions)

    def claim(view: View) -> list[z3.BoolRef]:
        found = terms_of(view, listed)
        numbers_agree = [term == found[name] for name, term in view.outcome.items() if name in found]
        return numbers_agree + [found[name] == z3.BoolVal(bool(value)) for name, value in view.structure.items()]

    return claim


def terms_of(
    view: View, definitions: Iterable[Definition], given: Mapping[str, z3.ArithRef] | None = None
) -> dict[str, Any]:
    """Return the quantities of an account by name, each a number or a yes or no, whose steps may build on others.

    given: what stands for some of them, which are not worked out.
    """
    stated = given or {}
    known: dict[str, z3.ArithRef] = {}
    found: dict[str, Any] = {}
    for own in definitions:
        if own.name in stated:
            found[own.name] = stated[own.name]
        else:
            used = {str(symbol) for symbol in own.expression.free_symbols}
            found[own.name] = view.at({name: known[name] for name in known if name in used}).form(own.expression)
        known[own.name] = _as_number(found[own.name])
    return found


def specialised(
    definitions: Iterable[Definition], values: Mapping[str, int | Fraction], wanted: Iterable[str]
) -> tuple[Definition, ...]:
    """Return the steps of an account that lead to some quantities where some unknowns have given values.

    Steps that are mere numbers then are put into those that build on them.
    """
    known = {name: sympy.Rational(value) for name, value in values.items()}
    needed = set(wanted)
    found: dict[str, Definition] = {}
    for own in definitions:
        given = {symbol: known[symbol.name] for symbol in own.expression.free_symbols if symbol.name in known}
        expression = own.expression.subs(given)
        if expression in (sympy.true, sympy.false):
            known[own.name] = sympy.Integer(int(expression == sympy.true))
        elif expression.is_Rational:
            known[own.name] = expression
        if own.name not in known or own.name in needed:
            found[own.name] = replace(own, expression=expression)
    for name in reversed(found):
        if name in needed:
            needed |= {symbol.name for symbol in found[name].expression.free_symbols}
    return tuple(own for name, own in found.items() if name in needed)


def _as_number(term: Any) -> z3.ArithRef:
    """Return a number as it is, and a yes or no as later steps count it: as one or zero."""
    return z3.If(term, z3.RealVal(1), z3.RealVal(0)) if z3.is_bool(term) else term


def nearest_claim(view: View, rounded: z3.ArithRef, quantity: z3.ArithRef, half: Half) -> list[z3.BoolRef]:
    """Claim that a number is the whole number nearest to a quantity, by its description without rounding."""
    at = view.at({"rounded": rounded, "quantity": quantity})
    described = is_nearest(sympy.Symbol("rounded", real=True), sympy.Symbol("quantity", real=True), half)
    return [z3.IsInt(rounded), at.form(described)]


def sentence(phrase: str) -> str:
    """Return a phrase with a capital letter at its beginning, and nothing else of it changed."""
    return phrase[:1].upper() + phrase[1:]


def whole(*terms: z3.ArithRef) -> tuple[z3.BoolRef, ...]:
    """Assume that some unknowns are whole numbers."""
    return tuple(z3.IsInt(term) for term in terms)
