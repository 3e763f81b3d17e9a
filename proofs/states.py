"""Closed forms at several states at once, for theorems that compare them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy
import z3

from proofs.numbers import literal
from proofs.translate import Translator
from reference.charter import COMMON, Charter
from symbolic.liquidation import ImplicitAccount

Term: TypeAlias = Any
"""A term of the solver, whose own types are not typed."""


@dataclass(frozen=True)
class State:
    """Hold one state of an implicit account: its unknowns as terms, and what determines the outcome.

    inputs: by the closed forms' names (W, C, n_A, d_A, c_A for a conversion ratio...); x, left: the amount
    per Common share and what is left over; per_share: $/share by class; setting: the equations.
    """

    inputs: Mapping[str, Term]
    x: Term
    left: Term
    per_share: Mapping[str, Term]
    setting: tuple[z3.BoolRef, ...]

    @property
    def unknowns(self) -> tuple[Term, ...]:
        """Return what a witness gives values for."""
        return (*self.inputs.values(), self.x, self.left)

    def shares(self, name: str) -> Term:
        """Return the shares of a class."""
        return self.inputs["C" if name == COMMON else f"n_{name}"]

    def total(self, name: str) -> Term:
        """Return what a class receives in all, $."""
        return self.shares(name) * self.per_share[name]


def state(
    charter: Charter,
    account: ImplicitAccount,
    mark: str = "",
    changes: Collection[str] = (),
    given: Mapping[str, Term] | None = None,
) -> State:
    """Return a state of an account.

    mark: set after the names of what belongs to this state alone, which is x, the left-over and, among the
    inputs, those named in `changes`; given: inputs that are a term of their own, a constant for example.
    """
    names = _inputs(account)
    fixed = dict(given or {})
    inputs = {n: fixed.get(n, z3.Real(n + mark if n in changes else n)) for n in names}
    x, left = z3.Real(f"x{mark}"), z3.Real(f"undistributed{mark}")
    translator, prices = _translator(charter, inputs, mark)
    translator.values = {**translator.values, "x": x, "undistributed": left}
    per_share = {name: translator.term(form) for name, form in account.per_share.items()}
    balance = z3.Sum([_shares(inputs, n) * amount for n, amount in per_share.items()]) + left == inputs["W"]
    conditions = [translator.term(condition) for condition in account.conditions]
    domain = [t > 0 if n.startswith(("c_", "k_")) else t >= 0 for n, t in inputs.items()]
    domain += [x >= 0, left >= 0]
    setting = (*domain, *prices, *translator.definitions, balance, *conditions)
    return State(inputs, x, left, per_share, setting)


def _shares(inputs: Mapping[str, Term], name: str) -> Term:
    return inputs["C" if name == COMMON else f"n_{name}"]


def _inputs(account: ImplicitAccount) -> list[str]:
    """Name the unknowns of an account, a ratio in place of each conversion price."""
    symbols: set[sympy.Symbol] = set()
    for form in [*account.claims.values(), *account.conditions, account.balance]:
        symbols |= form.free_symbols
    names = {str(s.name) for s in symbols} - {"x", "undistributed"}
    return sorted(f"c_{n.removeprefix('CP_')}" if n.startswith("CP_") else n for n in names)


def _translator(charter: Charter, inputs: Mapping[str, Term], mark: str) -> tuple[Translator, list[z3.BoolRef]]:
    values, reciprocals, ties = dict(inputs), {}, []
    for name in [n for n in inputs if n.startswith("c_")]:
        price = f"CP_{name.removeprefix('c_')}"
        issue = charter.series_named(name.removeprefix("c_")).original_issue_price.value
        values[price] = z3.Real(price + mark)
        reciprocals[price] = inputs[name] * literal(1 / issue)
        ties.append(values[price] * inputs[name] == literal(issue))
    return Translator(values, reciprocals, prefix=f"f{mark}_"), ties
