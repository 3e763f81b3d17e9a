"""Conversion into Common in closed form: sections 3(a) and 3(h), and how many shares may be issued (IV.A, IV.B).

What may be issued is not counted up and down with splits, as the engine does: every share, outstanding or retired, is
counted as the part that it is of a share of the certificate, whose number stands fixed there.

Who decides to convert is the subject of `symbolic.consents`, and what an offering converts that of
`symbolic.offering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import sympy

from reference.charter import COMMON, Quantity, Series
from reference.readings import AdElection, ConvertedDividends, Readings, RoundUnit, Switch
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, all_of, at_least, at_most, number, smallest, total
from symbolic.rounding import nearest
from symbolic.symbols import (
    COMMON_SHARES,
    Unknown,
    conversion_price,
    declared_dividend,
    held,
    holdings,
    preferred_split,
    shares,
)

if TYPE_CHECKING:
    from reference.charter import Charter
    from symbolic.liquidation import Case


MORE = sympy.Symbol("more", nonnegative=True)
"""The Common to be issued, shares, >= 0 (IV.A)."""


def given(holder: int, name: str) -> sympy.Symbol:
    """Return the shares of a series that a holder converts, or has in favour of converting, >= 0 (3(a), 3(b))."""
    return sympy.Symbol(f"g_{holder}_{name}", real=True)


def converted_so_far(name: str) -> sympy.Symbol:
    """Return the shares of a series that have converted so far, >= 0 (AMB-03)."""
    return sympy.Symbol(f"converted_{name}", nonnegative=True)


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


def current_ratios(case: Case, account: Account) -> dict[str, sympy.Expr]:
    """Return the Common per share of every series, unrounded, at the conversion prices in effect (3(a), AMB-103)."""
    found = {}
    for series in case.charter.series:
        ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
        meaning = f"Common into which one share of {series.name} converts"
        found[series.name] = account.define(f"c_{series.name}", ratio, meaning, "3(a)", "shares")
    return found


def common_issued(
    readings: Readings,
    counts: Mapping[str, sympy.Expr],
    ratios: Mapping[str, sympy.Expr],
    account: Account,
    event: str,
) -> sympy.Expr:
    """Return the whole shares of Common that one holder is issued in one event (3(h), AMB-76, AMB-77).

    counts: shares that convert, by series; ratios: Common per share, unrounded; event: names the steps. What is
    rounded is the event, or each of its series, or each share.
    """

    def rounded(name: str, quantity: sympy.Expr) -> sympy.Expr:
        meaning = "Common to be rounded"
        return nearest(account.define(f"to_round_{name}", quantity, meaning, "3(h)", "shares"), readings.half)

    if readings.round_unit is RoundUnit.HOLDER_EVENT:
        return rounded(event, total(count * ratios[name] for name, count in counts.items()))
    by_series = readings.round_unit is RoundUnit.HOLDER_SERIES
    issued = []
    for name, count in counts.items():
        own = rounded(f"{event}_{name}", count * ratios[name] if by_series else ratios[name])
        own = own if by_series else count * own
        meaning = f"Common issued for {name}"
        issued.append(account.define(f"issued_{event}_{name}", own, meaning, "3(h)", "shares", "whole numbers"))
    return total(issued)


def holder_conversion(
    case: Case, account: Account, holder: int, counts: Mapping[str, sympy.Expr], ratios: Mapping[str, sympy.Expr]
) -> None:
    """Record what one holder gets in one event: Common, Cash Amounts and dividends still owed (3(a), 3(h), AMB-37).

    counts: shares that convert, by series; ratios: Common per share, unrounded.
    """
    exact = total(count * ratios[name] for name, count in counts.items())
    account.output(f"exact_{holder}", exact, f"Common of holder {holder} before rounding", "3(a)", "shares")
    issued = common_issued(case.readings, counts, ratios, account, str(holder))
    account.output(f"common_{holder}", issued, f"Common issued to holder {holder}", "3(h)", "shares", "whole numbers")
    cash = owed_for(case, account, holder, counts)
    account.output(f"cash_{holder}", total(cash), f"Cash Amounts of holder {holder}", "3(a)", "$")


def owed_for(case: Case, account: Account, holder: int, counts: Mapping[str, sympy.Expr]) -> list[sympy.Expr]:
    """Record the Cash Amounts of one holder and the dividends still owed; return the former (3(a), AMB-37, 125).

    counts: shares that convert, by series.
    """
    cash = []
    for name, count in counts.items():
        series = case.charter.series_named(name)
        if series.cash_amount is not None:
            owed = count * cash_amount(series, case.readings, case.splits, account)
            meaning = f"Cash Amounts of holder {holder} for {name}"
            cash.append(account.output(f"cash_{holder}_{name}", owed, meaning, "3(a)", "$"))
        elif case.readings.converted_dividends is not ConvertedDividends.FORFEITED:
            meaning = f"declared dividends on {name} that stay owed to holder {holder}"
            account.output(f"dividends_{holder}_{name}", count * declared_dividend(name), meaning, "3(a)", "$")
    return cash


def may_convert(case: Case, holder: int, names: tuple[str, ...]) -> sympy.Basic:
    """Return the condition that a holder may convert shares of some series at the holder's option (3(a), AMB-33).

    An election of the class, if it has been held, opens its series to each holder under one reading only.
    """
    open_by = {"holder_option"}
    if case.elected and case.readings.ad_election is AdElection.UNLOCK_INDIVIDUAL:
        open_by.add("class_election")
    if any(case.charter.series_named(name).conversion.by not in open_by for name in names):
        return sympy.false
    return all_of(*(held_by(holder, name) for name in names))


def held_by(holder: int, name: str) -> sympy.Basic:
    """Return the condition that a holder has the shares that it converts or has in favour (3(a))."""
    return all_of(at_least(given(holder, name), ZERO), at_most(given(holder, name), held(holder, name)))


def option(
    case: Case,
    account: Account,
    holder: int,
    names: tuple[str, ...],
    ratios: Mapping[str, sympy.Expr] | None = None,
) -> None:
    """Record a conversion at a holder's option: whether it is open to the holder, and what it gives (3(a), AMB-38).

    ratios: Common per share, if it is recorded already.
    """
    meaning = f"whether holder {holder} may convert these shares"
    account.output(f"may_convert_{holder}", may_convert(case, holder, names), meaning, "3(a)", "yes or no")
    counts = {name: given(holder, name) for name in names}
    holder_conversion(case, account, holder, counts, ratios or current_ratios(case, account))


def authorized_common(charter: Charter) -> sympy.Expr:
    """Return the authorised Common, shares (IV.A)."""
    return number(charter.authorized.common.value)


def shortfall(charter: Charter) -> sympy.Expr:
    """Return the Common that is not authorised once more of it, an unknown, is issued, shares (IV.A, 3(i))."""
    needed = COMMON_SHARES + MORE
    return needed - smallest(needed, authorized_common(charter))


def issuable(case: Case, account: Account) -> None:
    """Record how many shares of each class are authorised, and how many more may be issued (IV.A, IV.B, AMB-03).

    What is issued and what is retired leave none of the authorised shares. A split makes several of each of the
    certificate's shares of a series (AMB-130), and none of the Common's number.
    """

    def of_class(name: str, authorized: Quantity, gone: sympy.Expr, made_of_one: sympy.Expr) -> None:
        fixed, clause = number(authorized.value), authorized.clause
        meaning = f"authorised shares of {name}"
        account.output(f"authorized_{name}", fixed * made_of_one, meaning, clause, "shares")
        left = (fixed - gone / made_of_one) * made_of_one
        meaning = f"shares of {name} that may still be issued"
        account.output(f"issuable_{name}", left, meaning, clause, "shares")

    for series in case.charter.series:
        name = series.name
        retired = ZERO if case.readings.converted_reissuable is Switch.YES else converted_so_far(name)
        of_class(name, series.authorized, shares(name) + retired, preferred_split(name) if name in case.splits else ONE)
    of_class(COMMON, case.charter.authorized.common, COMMON_SHARES, ONE)


def record(case: Case, account: Account) -> None:
    """Record what a share converts into, what one holder's option gives, and what may be issued again (3(a), 3(h))."""
    ratios = {}
    for series in case.charter.series:
        name = series.name
        ratio = conversion_ratio(series, case.readings, case.splits, case.prices, account)
        meaning = f"Common into which one share of {name} converts"
        ratios[name] = account.output(f"c_{name}", ratio, meaning, "3(a)", "shares", f"CP_{name} > 0")
    for series in case.charter.series:
        if series.cash_amount is not None:
            amount = cash_amount(series, case.readings, case.splits, account)
            account.output(f"cash_{series.name}", amount, f"Cash Amount of {series.name}", "3(a)", "$/share")
    option(case, account, 1, case.charter.optional, ratios)
    issuable(case, account)
    lacking, clause = shortfall(case.charter), case.charter.authorized.common.clause
    account.output("shortfall", lacking, "Common to be issued that is not authorised", clause, "shares")


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe what one holder has and converts, and what has converted so far, series by series (3(a), AMB-03)."""
    so_far = (
        Unknown(
            converted_so_far(series.name),
            f"shares of {series.name} that have converted so far",
            "shares",
            f"converted_{series.name} >= 0",
            "IV.B",
        )
        for series in charter.series
    )
    more = Unknown(MORE, "Common to be issued", "shares", "more >= 0", "IV.A")
    return (*holdings(charter, 1), *offered(charter, 1), *so_far, more)


def offered(charter: Charter, holders: int) -> tuple[Unknown, ...]:
    """Describe the shares that a number of holders convert or have in favour of converting, series by series."""
    return tuple(
        Unknown(
            given(holder, series.name),
            f"shares of {series.name} that holder {holder} converts, or has in favour",
            "shares",
            f"g_{holder}_{series.name} >= 0",
            "3(a)",
        )
        for holder in range(1, holders + 1)
        for series in charter.series
    )
