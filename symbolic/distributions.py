"""Distributions other than of cash in closed form: sections 1(b) and 3(e).

Every outstanding share stands for so many shares of Common. One number, the units that reach one share of
Common, makes the units of all outstanding shares add up to what is distributed; it is given as a quotient,
and by the equations that it satisfies.

Which clause governs is a matter of sets, where the engine has a table by kind: whatever can be paid is a thing and a
form of it, itself or a right to it that is free or has a price. The words of each clause name a set of these, and 3(e)
names the rest of all rights, by what 3(d)(iii) leaves over. A kind is governed by the sets that it is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from reference.charter import COMMON, Charter, Series
from reference.readings import AdAsConverted, PaidRights, Readings
from symbolic.account import Account
from symbolic.algebra import ONE, ZERO, either, positive, quotient, total
from symbolic.conversion import conversion_ratio
from symbolic.liquidation import Case
from symbolic.symbols import Unknown, held, holdings, shares

UNITS = sympy.Symbol("U", nonnegative=True)
"""The units that are distributed in all, >= 0 (1(b), 3(e))."""

EACH = sympy.Symbol("each", nonnegative=True)
"""The units for each share of the Common, where these are given and not those in all, >= 0 (1(b), 3(e))."""

LEFT = sympy.Symbol("u_left", nonnegative=True)
"""The units that nobody can take, >= 0."""

OF_OTHERS = sympy.Symbol("of_others", nonnegative=True)
"""One for securities of other persons, or rights to purchase them, zero otherwise (1(b))."""

DEBT = sympy.Symbol("debt", nonnegative=True)
"""One for evidences of indebtedness, or rights to purchase them, zero otherwise (1(b))."""

ASSETS = sympy.Symbol("assets", nonnegative=True)
"""One for other assets than cash, or rights to them, zero otherwise (1(b))."""

CASH = sympy.Symbol("cash", nonnegative=True)
"""One for cash, zero otherwise (1(a))."""

TO_COMMON = sympy.Symbol("to_common", nonnegative=True)
"""One for Common Stock, or rights to it, zero otherwise (3(d)(iii))."""

RIGHTS = sympy.Symbol("rights", nonnegative=True)
"""One for options and rights, zero for the thing itself (1(b), 3(e))."""

PAID = sympy.Symbol("paid", nonnegative=True)
"""One if something must be paid on exercise, zero otherwise (3(d)(iii))."""

FACTS_OF_KINDS: Mapping[str, tuple[str, ...]] = {
    "cash": ("cash",),
    "securities_of_others": ("of_others",),
    "indebtedness": ("debt",),
    "assets": ("assets",),
    "rights_to_securities_of_others": ("of_others", "rights"),
    "rights_to_indebtedness": ("debt", "rights"),
    "rights_to_assets": ("assets", "rights"),
    "common_stock": ("to_common",),
    "free_rights_to_common": ("to_common", "rights"),
    "paid_rights_to_common": ("to_common", "rights", "paid"),
    "non_redeemable_equity": ("equity",),
    "redeemable_equity": ("equity", "redeemable"),
}
"""What is so of each kind of payment, by the names of the unknowns (1(a), 1(b), 3(d)(iii), 3(e))."""


def kind_facts(kind: str) -> dict[str, int]:
    """Return every fact about a kind of payment, one or zero (1(b), 3(e))."""
    every = {name for names in FACTS_OF_KINDS.values() for name in names}
    return {name: int(name in FACTS_OF_KINDS[kind]) for name in sorted(every)}


def units_of(name: str) -> sympy.Symbol:
    """Return the units that one share of a class gets, "common" included, >= 0."""
    return sympy.Symbol(f"u_{name}", nonnegative=True)


def as_converted_ratio(case: Case, series: Series, account: Account) -> sympy.Expr:
    """Return the Common for which one share counts while it is not converted (1(b), 3(e), 5(c), AMB-14, AMB-86)."""
    waits = case.readings.ad_as_converted is AdAsConverted.ONLY_IF_ELECTED and not case.elected
    counts = {"holder_option": True, "class_election": not waits, "none": False}[series.conversion.by]
    return conversion_ratio(series, case.readings, case.splits, case.prices, account) if counts else ZERO


def weights(case: Case, account: Account) -> dict[str, sympy.Expr]:
    """Return the Common for which one share of each class counts, "common" last (1(b), 3(e))."""
    found = {}
    for series in case.charter.series:
        ratio = as_converted_ratio(case, series, account)
        meaning = f"Common for which one share of {series.name} counts"
        found[series.name] = account.define(f"w_{series.name}", ratio, meaning, "1(b), 3(e)", "shares")
    return {**found, COMMON: ONE}


def counted(account: Account, each: dict[str, sympy.Expr]) -> sympy.Expr:
    """Return the Common for which all shares count; each: that for one share of a class (1(b), 3(e))."""
    base = total(shares(name) * weight for name, weight in each.items())
    return account.define("base", base, "Common for which all shares count", "1(b), 3(e)", "shares")


def units_in_all(case: Case, account: Account) -> None:
    """Record what so many units for each share of the Common come to for all shares (1(b), 3(e))."""
    in_all = EACH * counted(account, weights(case, account))
    account.output("units_in_all", in_all, "units that so many for each Common share come to", "1(b), 3(e)", "units")


def apportionment(case: Case, account: Account, holders: int = 0) -> None:
    """Record what each share, each class and each of so many holders gets, units (1(b), 3(e))."""
    each = weights(case, account)
    base = counted(account, each)
    level = account.define("x", quotient(UNITS, base), "units per share of Common", "1(b), 3(e)", "units/share")
    per_share = {
        name: account.output(
            f"per_share_{name}", weight * level, f"units for a share of {name}", "1(b), 3(e)", "units/share"
        )
        for name, weight in each.items()
    }
    for name, units in per_share.items():
        account.output(f"total_{name}", shares(name) * units, f"units for all shares of {name}", "1(b), 3(e)", "units")
    for holder in range(1, holders + 1):
        units = total(held(holder, name) * units for name, units in per_share.items())
        account.output(f"total_{holder}", units, f"units for holder {holder}", "1(b), 3(e)", "units")
    left = either(positive(base), ZERO, UNITS)
    account.output("undistributed", left, "units that nobody can take", "1(b), 3(e)", "units")


def implicit(case: Case) -> tuple[sympy.Basic, ...]:
    """Return the conditions that the units per share u_A, ..., u_common and the units left over satisfy.

    All units are dealt out, each share of Preferred gets as many as the Common it stands for, and units are
    left over only if no share counts (1(b), 3(e)).
    """
    each = weights(case, Account())
    base = total(shares(name) * weight for name, weight in each.items())
    dealt = total(shares(name) * units_of(name) for name in each)
    alike = [sympy.Eq(units_of(name), weight * units_of(COMMON), evaluate=False) for name, weight in each.items()]
    nobody = sympy.Eq(base * LEFT, ZERO, evaluate=False)
    none_dealt = sympy.Eq(units_of(COMMON) * LEFT, ZERO, evaluate=False)
    return (sympy.Eq(dealt + LEFT, UNITS, evaluate=False), *alike, nobody, none_dealt)


THINGS = {"of_others": OF_OTHERS, "debt": DEBT, "assets": ASSETS, "cash": CASH, "common": TO_COMMON}
ITSELF, FREE, PRICED = "itself", "free right", "right for a price"
RIGHT = {FREE, PRICED}


def _named(things: set[str], forms: set[str]) -> frozenset[tuple[str, str]]:
    return frozenset((thing, form) for thing in things for form in forms)


def named_by_clause(readings: Readings) -> dict[str, frozenset[tuple[str, str]]]:
    """Return what the words of each clause name: things, each with a form (1(a), 1(b), 3(d), 3(e), AMB-13, AMB-15).

    Of rights to other things 1(b) names those over securities and debt alone. Whether 3(e), which has all rights but
    those of 3(d)(iii), has those to Common that have a price is a reading; else they are deemed issues (AMB-138).
    """
    rights_of_1b = _named({"of_others", "debt"}, RIGHT)
    without_consideration = _named({"common"}, {ITSELF, FREE})
    things_of_both = _named({"of_others", "debt", "assets"}, {ITSELF})
    rights_of_3e = _named(set(THINGS) - {"cash"}, RIGHT) - without_consideration
    deemed_issued = _named({"common"}, {PRICED}) if readings.paid_rights is PaidRights.ISSUANCE_ONLY else frozenset()
    return {
        "1(a)": _named({"cash"}, {ITSELF}),
        "1(b)": things_of_both | rights_of_1b,
        "3(e)": things_of_both | rights_of_3e - deemed_issued,
        "3(d)(iii)": without_consideration,
        "3(d)(i)(E)": deemed_issued,
    }


@dataclass(frozen=True)
class Governing:
    """Hold, as conditions on what is distributed, which clauses say what the Preferred gets (AMB-13, AMB-15)."""

    clauses: dict[str, sympy.Basic]


def named_in(readings: Readings, clause: str) -> sympy.Expr:
    """Return one for what the words of a clause name, zero for what they do not (AMB-13, AMB-15)."""
    named = named_by_clause(readings)[clause]
    forms = {ITSELF: 1 - RIGHTS, FREE: RIGHTS * (1 - PAID), PRICED: RIGHTS * PAID}
    return total(
        factor * total(own for thing, own in THINGS.items() if (thing, form) in named) for form, factor in forms.items()
    )


def governing(readings: Readings) -> Governing:
    """Return which clauses govern a dividend or distribution on the Common, as conditions: in whose set it is."""
    return Governing({clause: positive(named_in(readings, clause)) for clause in named_by_clause(readings)})


def governed(readings: Readings, account: Account) -> None:
    """Record which clauses govern what is distributed, each under its name without brackets (AMB-13, AMB-15)."""
    for clause, condition in governing(readings).clauses.items():
        name = "governs_" + clause.replace("(", "").replace(")", "")
        account.output(name, condition, f"whether {clause} says what the Preferred gets", clause, "yes or no")


def record(case: Case, account: Account) -> None:
    """Record which clauses govern, and what shares, classes and one holder get (1(b), 3(e))."""
    governed(case.readings, account)
    apportionment(case, account, 1)
    # The steps are those of the apportionment.
    of_each = Account(named=True)
    units_in_all(case, of_each)
    account.definitions.append(of_each.definitions[-1])


def unknown_kinds() -> tuple[Unknown, ...]:
    """Describe the unknowns that say what is distributed (1(b), 3(e))."""
    kinds = (
        (OF_OTHERS, "one for securities of others, or rights to them", "1(b)"),
        (DEBT, "one for indebtedness, or rights to it", "1(b)"),
        (ASSETS, "one for other assets than cash, or rights to them", "1(b)"),
        (CASH, "one for cash", "1(a)"),
        (TO_COMMON, "one for Common, or rights to it", "3(d)(iii)"),
        (RIGHTS, "one for options and rights", "3(e)"),
        (PAID, "one if something must be paid on exercise", "3(d)(iii)"),
    )
    return tuple(Unknown(symbol, meaning, "1 or 0", "0 or 1", where) for symbol, meaning, where in kinds)


def unknowns(charter: Charter) -> tuple[Unknown, ...]:
    """Describe the unknowns of a distribution (1(b), 3(e))."""
    units, clause = "units", "1(b), 3(e)"
    return (
        Unknown(UNITS, "units distributed in all", units, "U >= 0", clause),
        Unknown(EACH, "units for each share of the Common, if given so", units, "each >= 0", clause),
        *unknown_kinds(),
        *holdings(charter, 1),
    )
