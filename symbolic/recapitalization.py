"""Recapitalization of the Common in closed form: section 3(f).

What one share of Common became is a row of units by kind, and a further recapitalization a matrix: the identity
but for the row of the kind that it changes. What a preferred share receives is its conversion ratio times the
product of the row and of all matrices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy

from reference.charter import Charter
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, total
from symbolic.conversion import conversion_ratio
from symbolic.liquidation import Case
from symbolic.symbols import Unknown

KINDS = ("stock", "cash")
"""The kinds of units that the printed forms show."""


def became(kind: str) -> sympy.Symbol:
    """Return the units of a kind that one share of Common became, >= 0 (3(f))."""
    return sympy.Symbol(f"u_{kind}", nonnegative=True)


def further(kind: str, of: str) -> sympy.Symbol:
    """Return the units of a kind that one unit of another became later, >= 0 (3(f))."""
    return sympy.Symbol(f"m_{of}_{kind}", nonnegative=True)


def given_up(name: str) -> sympy.Symbol:
    """Return the shares of a series that a holder converts, >= 0 (3(f))."""
    return sympy.Symbol(f"g_{name}", nonnegative=True)


def first(kinds: Sequence[str]) -> sympy.Matrix:
    """Return the row of units that one share of Common became."""
    return sympy.Matrix([[became(kind) for kind in kinds]])


def again(kinds: Sequence[str], changed: str) -> sympy.Matrix:
    """Return the matrix of a recapitalization that changes the units of one kind into others."""
    rows = [[further(kind, of) if of == changed else _one_if(kind == of) for kind in kinds] for of in kinds]
    return sympy.Matrix(rows)


def _one_if(same: bool) -> sympy.Expr:
    return ONE if same else ZERO


def result(kinds: Sequence[str], changed: Sequence[str] = ()) -> Mapping[str, sympy.Expr]:
    """Return what one share of Common has become in the end, units by kind (3(f)).

    changed: the kind that each later recapitalization changes; for several, their units have the same names.
    """
    row = first(kinds)
    for kind in changed:
        row = row * again(kinds, kind)
    return {kind: row[0, column] for column, kind in enumerate(kinds)}


def received(case: Case, account: Account, kinds: Sequence[str] = KINDS, changed: Sequence[str] = ()) -> None:
    """Record what a share of each series receives on conversion, and what a holder does for shares (3(f), AMB-75)."""
    each = {
        kind: account.output(f"common_{kind}", units, f"{kind} for a share of Common", "3(f)", "units/share")
        for kind, units in result(kinds, changed).items()
    }
    ratios = {}
    for series in case.charter.series:
        if series.conversion.by != "none":
            name = series.name
            ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
            ratios[name] = account.define(f"c_{name}", ratio, f"Common per share of {name}", "3(a)", "shares")
            for kind, units in each.items():
                meaning = f"{kind} for a share of {name}"
                account.output(f"{name}_{kind}", ratios[name] * units, meaning, "3(f)", "units/share")
    converted = total(given_up(name) * ratio for name, ratio in ratios.items())
    converted = account.define("common", converted, "Common that the holder's shares would be", "3(a)", "shares")
    for kind, units in each.items():
        account.output(f"holder_{kind}", converted * units, f"{kind} for the holder", "3(f)", "units")


def section(case: Case, account: Account) -> None:
    """Record what is received after a recapitalization and another one of the stock."""
    received(case, account, KINDS, KINDS[:1])


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what the section's forms may contain."""
    rows = [
        *(Unknown(became(kind), f"{kind} for a share of Common", "units", f"u_{kind} >= 0", "3(f)") for kind in KINDS),
        *(
            Unknown(further(kind, of), f"{kind} for a unit of {of} later", "units", f"m_{of}_{kind} >= 0", "3(f)")
            for of in KINDS
            for kind in KINDS
        ),
        *(
            Unknown(given_up(name), f"shares of {name} that a holder converts", "shares", f"g_{name} >= 0", "3(f)")
            for name in (series.name for series in charter.series)
        ),
    ]
    return tuple(rows)
