"""Conversion into Common in closed form: section 3(a)."""

from __future__ import annotations

import sympy

from reference.charter import Series
from reference.readings import Readings, Switch
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO
from symbolic.symbols import conversion_price, declared_dividend, preferred_split


def original_issue_price(series: Series, account: Account) -> sympy.Expr:
    """Return the Original Issue Price, not adjusted for splits, $/share (2(a))."""
    figure = series.original_issue_price
    return account.figure(f"OIP_{series.name}", figure.value, f"Original Issue Price of {series.name}", figure.clause)


def conversion_ratio(
    series: Series,
    readings: Readings,
    splits: frozenset[str],
    prices: frozenset[str],
    account: Account | None = None,
) -> sympy.Expr:
    """Return the Common per share of a series, unrounded: its issue price over its conversion price (3(a)).

    splits, prices: the series that have split, and that have a conversion price of their own. The initial
    price is the issue price before any split, so that without a price of its own only a split is left of
    the quotient.
    """
    name = series.name
    adjusted = name in splits and readings.oip_adjusts_in_conversion is Switch.YES
    divisor = preferred_split(name) if adjusted else ONE
    if name not in prices:
        return ONE / divisor
    return original_issue_price(series, account or Account()) / (divisor * conversion_price(name))


def cash_amount(
    series: Series, readings: Readings, splits: frozenset[str], account: Account | None = None
) -> sympy.Expr:
    """Return the Cash Amount, $/share: the fixed part plus declared, unpaid dividends; zero if it has none (3(a)).

    splits: the series that have split, which divides the fixed part under one reading (AMB-35).
    """
    figure = series.cash_amount
    if figure is None:
        return ZERO
    meaning = f"fixed part of the Cash Amount of {series.name}"
    fixed = (account or Account()).figure(f"fixed_{series.name}", figure.value, meaning, figure.clause)
    if series.name in splits and readings.cash_adjusts_preferred_split is Switch.YES:
        fixed = fixed / preferred_split(series.name)
    return fixed + declared_dividend(series.name)
