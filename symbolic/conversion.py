"""Conversion into Common in closed form: section 3(a)."""

from __future__ import annotations

import sympy

from reference.charter import Series
from reference.readings import Readings, Switch
from symbolic.algebra import ONE, ZERO, number
from symbolic.symbols import conversion_price, declared_dividend, preferred_split


def conversion_ratio(series: Series, readings: Readings, splits: frozenset[str], prices: frozenset[str]) -> sympy.Expr:
    """Return the Common per share of a series, unrounded: its issue price over its conversion price (3(a)).

    splits, prices: the series that have split, and that have a conversion price of their own. At the
    initial price, which is the issue price before any split, only a split is left of the quotient.
    """
    issue_price = number(series.original_issue_price.value)
    price = conversion_price(series.name) if series.name in prices else issue_price
    if series.name in splits and readings.oip_adjusts_in_conversion is Switch.YES:
        return issue_price / (preferred_split(series.name) * price)
    return issue_price / price if series.name in prices else ONE


def cash_amount(series: Series) -> sympy.Expr:
    """Return the Cash Amount, $/share: the fixed part plus declared, unpaid dividends; zero if it has none (3(a))."""
    if series.cash_amount is None:
        return ZERO
    return number(series.cash_amount.value) + declared_dividend(series.name)
