"""Conversion into Common: sections 3(a) to 3(c)."""

from __future__ import annotations

from fractions import Fraction

from reference.charter import Series
from reference.position import NOTHING, Number, Position
from reference.readings import Readings, Switch


def conversion_ratio(position: Position, readings: Readings, series: Series) -> Number:
    """Return the Common shares into which one share of a series converts, unrounded (3(a)).

    The Original Issue Price over the conversion price. A series with no conversion price given is at its
    initial one, which is its Original Issue Price. Raise ZeroDivisionError at a conversion price of zero.
    """
    issue_price = series.original_issue_price.value
    split = position.preferred_splits.get(series.name)
    adjusted = split is not None and readings.oip_adjusts_in_conversion is Switch.YES
    if series.name not in position.conversion_prices:
        return 1 / split if adjusted and split is not None else 1
    price = position.conversion_prices[series.name]
    if adjusted and split is not None:
        return issue_price / (split * price)
    return issue_price / price


def cash_amount(position: Position, readings: Readings, series: Series) -> Fraction:
    """Return the Cash Amount of one share, $/share: the fixed part plus declared, unpaid dividends (3(a)).

    The text has no words that adjust the fixed part for splits of the series; one reading does so all the
    same (AMB-35). The dividends are per present share already. A series without a Cash Amount has none at all.
    """
    if series.cash_amount is None:
        return NOTHING
    fixed = series.cash_amount.value
    split = position.preferred_splits.get(series.name)
    if split is not None and readings.cash_adjusts_preferred_split is Switch.YES:
        fixed = fixed / split
    return fixed + position.declared_dividends.get(series.name, NOTHING)
