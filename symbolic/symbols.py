"""The unknowns of the closed forms: each with its unit and its domain.

The assumptions that sympy gets are true of every valid position, zero counts included.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from reference.charter import COMMON, Charter


@dataclass(frozen=True)
class Unknown:
    """Describe one symbol: what it stands for, its unit, its domain and the clause it comes from."""

    symbol: sympy.Symbol
    meaning: str
    unit: str
    domain: str
    clause: str


ASSETS = sympy.Symbol("W", nonnegative=True)
"""The assets to be distributed, $, W >= 0 (2)."""

COMMON_SHARES = sympy.Symbol("C", nonnegative=True)
"""The outstanding Common, shares, C >= 0 (IV.A)."""

COMMON_SPLIT = sympy.Symbol("k_common", positive=True)
"""The shares that one share of Common has become, a ratio, k > 0 (2(b), AMB-21)."""

COMMON_COMBINED = sympy.Symbol("k_combined", positive=True)
"""What combinations alone have made of one share of Common, a ratio, 0 < k <= 1 (3(b), AMB-132)."""

PER_COMMON_SHARE = sympy.Symbol("x", nonnegative=True)
"""The amount that reaches one share of Common, $/share, x >= 0 (2(b))."""

UNDISTRIBUTED = sympy.Symbol("undistributed", nonnegative=True)
"""The assets that no class is entitled to, $, >= 0 (AMB-25)."""

UNPAID_DIVIDENDS = sympy.Symbol("owed_dividends", nonnegative=True)
"""The declared dividends that are owed on shares that have converted before, $, >= 0 (AMB-37)."""


def unpaid_cash(day: int) -> sympy.Symbol:
    """Return the unpaid Cash Amounts of one earlier day of conversion, the first being one, $, >= 0 (3(c))."""
    return sympy.Symbol(f"owed_cash_{day}", nonnegative=True)


def shares(name: str) -> sympy.Symbol:
    """Return the outstanding shares of a series, or of the Common if it is named, >= 0 (IV.B)."""
    return COMMON_SHARES if name == COMMON else sympy.Symbol(f"n_{name}", nonnegative=True)


def declared_dividend(name: str) -> sympy.Symbol:
    """Return the declared but unpaid dividends of a series, $/share, >= 0 (2(a), 3(a))."""
    return sympy.Symbol(f"d_{name}", nonnegative=True)


def undeclared_current_year(name: str) -> sympy.Symbol:
    """Return the current year's undeclared dividends of a series, $/share, >= 0 (2(a), AMB-16)."""
    return sympy.Symbol(f"y_{name}", nonnegative=True)


def undeclared_since_issue(name: str) -> sympy.Symbol:
    """Return the undeclared dividends of a series since its issue, $/share, >= 0 (2(a), AMB-16)."""
    return sympy.Symbol(f"z_{name}", nonnegative=True)


def conversion_price(name: str) -> sympy.Symbol:
    """Return the conversion price of a series, $/share, > 0 (3(a))."""
    return sympy.Symbol(f"CP_{name}", positive=True)


def preferred_split(name: str) -> sympy.Symbol:
    """Return the shares that one share of a series has become, a ratio, > 0 (2(a))."""
    return sympy.Symbol(f"k_{name}", positive=True)


def split(name: str) -> sympy.Symbol:
    """Return the split factor of a series, or of the Common if it is named, a ratio, > 0."""
    return COMMON_SPLIT if name == COMMON else preferred_split(name)


def held(holder: int, name: str) -> sympy.Symbol:
    """Return the shares of a class, "common" included, that a holder with a number of its own has, >= 0."""
    return sympy.Symbol(f"h_{holder}_{name}", nonnegative=True)


def per_share(name: str) -> sympy.Symbol:
    """Return the payment to a share of a class, where it is a step of its own, $/share (2)."""
    return sympy.Symbol(f"per_share_{name}", real=True)


def holdings(charter: Charter, holders: int) -> tuple[Unknown, ...]:
    """Describe the holdings of a number of holders, class by class."""
    return tuple(
        Unknown(
            held(holder, name), f"shares of {name} that holder {holder} has", "shares", f"h_{holder}_{name} >= 0", "5"
        )
        for holder in range(1, holders + 1)
        for name in (*(series.name for series in charter.series), COMMON)
    )


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe every symbol that the forms of a charter may contain, in a fixed order."""
    described = [
        Unknown(ASSETS, "assets to be distributed", "$", "W >= 0", "2"),
        Unknown(COMMON_SHARES, "outstanding Common", "shares", "C >= 0", "IV.A"),
        Unknown(COMMON_SPLIT, "split factor of the Common", "ratio", "k_common > 0", "2(b)"),
        Unknown(COMMON_COMBINED, "what combinations did of it", "ratio", "0 < k_combined <= 1", "3(b)"),
        Unknown(PER_COMMON_SHARE, "amount per Common share", "$/share", "x >= 0", "2(b)"),
        Unknown(UNDISTRIBUTED, "assets that no class is entitled to", "$", "undistributed >= 0", "2(b)"),
        Unknown(UNPAID_DIVIDENDS, "dividends owed on shares that have converted", "$", "owed_dividends >= 0", "3(a)"),
        Unknown(unpaid_cash(1), "Cash Amounts unpaid of an earlier conversion", "$", "owed_cash_1 >= 0", "3(c)"),
    ]
    for series in charter.series:
        described += _unknowns_of(series.name)
    return tuple(described)


def _unknowns_of(name: str) -> list[Unknown]:
    rows = (
        (shares(name), "outstanding shares", "shares", ">=", "IV.B"),
        (declared_dividend(name), "declared but unpaid dividends", "$/share", ">=", "2(a)"),
        (undeclared_current_year(name), "undeclared dividends of the current year", "$/share", ">=", "2(a)"),
        (undeclared_since_issue(name), "undeclared dividends since issue", "$/share", ">=", "2(a)"),
        (conversion_price(name), "conversion price", "$/share", ">", "3(a)"),
        (preferred_split(name), "split factor", "ratio", ">", "2(a)"),
    )
    return [
        Unknown(symbol, f"{meaning} of {name}", unit, f"{symbol} {relation} 0", clause)
        for symbol, meaning, unit, relation, clause in rows
    ]
