"""What conversions give, from the closed forms: by choice, by election or consent, and by an offering (3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from reference.charter import COMMON
from reference.readings import AdElection
from symbolic import consents, conversion, offering
from symbolic.account import Account, Definition
from symbolic.conversion import conversion_ratio, given
from symbolic.evaluate import Value, evaluate, evaluate_all
from symbolic.liquidation import Case
from symbolic.offering import Known
from symbolic.symbols import held
from tests.outputs.compare import NoAnswerError
from tests.outputs.facts import Document, Facts, day, exact, whole

LAST_DAY = date.max.toordinal()
Consents = Mapping[str, Mapping[str, int]]
"""Shares in favour, by holder and series."""


@dataclass(frozen=True)
class Conversion:
    """Hold what one holder gives and gets: shares by series, Common before and after rounding, $ by series."""

    holder: str
    shares: Mapping[str, int]
    exact: Fraction
    common: Fraction
    cash: Mapping[str, Fraction]
    dividends: Mapping[str, Fraction]


@dataclass(frozen=True)
class Counted:
    """Hold how a consent is counted."""

    in_favour: Fraction
    whole: Fraction
    needed: Fraction
    carried: bool


def recorded(record: Callable[[Account], object]) -> list[Definition]:
    """Return what a function records into an account."""
    account = Account(named=True)
    record(account)
    return account.definitions


@cache
def _option(case: Case, names: tuple[str, ...]) -> list[Definition]:
    return recorded(lambda account: conversion.option(case, account, 1, names))


@cache
def _election(case: Case, holders: int) -> list[Definition]:
    return recorded(lambda account: consents.election(case, account, holders))


@cache
def _consent(case: Case, name: str, holders: int) -> list[Definition]:
    return recorded(lambda account: consents.series_consent(case, account, name, holders))


@cache
def _offering(case: Case, known: Known, holders: int) -> list[Definition]:
    return recorded(lambda account: offering.outcome(case, account, known, holders))


@cache
def _qualification(case: Case) -> list[Definition]:
    return recorded(
        lambda account: (
            account.output("lawful", offering.lawful(Known()), "", "3(b)", ""),
            offering.qualification(case, account),
        )
    )


def ratio(facts: Facts, name: str) -> Fraction:
    """Return the Common into which one share of a series converts, unrounded (3(a))."""
    case = facts.case()
    form = conversion_ratio(case.charter.series_named(name), case.readings, case.splits, case.prices)
    return evaluate(form, facts.values)


def holding(facts: Facts, names: Collection[str]) -> dict[str, dict[str, int]]:
    """Return who holds how many shares of some series, by holder and series."""
    found: dict[str, dict[str, int]] = {}
    for (holder, name), count in facts.held.items():
        if name in names:
            found.setdefault(holder, {})[name] = count
    return found


def _offers(facts: Facts, offers: Consents, holders: Collection[str]) -> dict[str, Fraction | int]:
    """Return the values with what each of some holders, numbered from one, has and has in favour."""
    values = facts.with_holders(holders)
    for number, holder in enumerate(holders, start=1):
        for name in facts.series:
            values[str(given(number, name))] = offers.get(holder, {}).get(name, 0)
            values.setdefault(str(held(number, name)), 0)
    return values


def _conversion(
    facts: Facts, found: Mapping[str, Value], number: int, holder: str, shares: Mapping[str, int]
) -> Conversion:
    """Return what one holder gets, from an account with the holder's number; dividends where some are declared."""
    owed = {kind: {name: found.get(f"{kind}_{number}_{name}") for name in shares} for kind in ("cash", "dividends")}
    return Conversion(
        holder,
        shares,
        exact=Fraction(found.get(f"exact_{number}", 0)),
        common=Fraction(found[f"common_{number}"]),
        cash={name: Fraction(amount) for name, amount in owed["cash"].items() if amount is not None},
        dividends={
            name: Fraction(amount)
            for name, amount in owed["dividends"].items()
            if amount is not None and facts.declared.get(name)
        },
    )


def by_choice(facts: Facts, holder: str, shares: Mapping[str, int]) -> Conversion:
    """Return what a holder gets for shares, by series (3(a)); raise NoAnswerError for what it may not convert."""
    case = facts.case(elected=facts.elected)
    found = evaluate_all(_option(case, tuple(shares)), _offers(facts, {holder: shares}, [holder]))
    if not found["may_convert_1"]:
        every = evaluate_all(_option(case, tuple(shares)), {**_offers(facts, {}, [holder])})
        raise NoAnswerError("not_held" if every["may_convert_1"] else _closed(facts, shares))
    return _conversion(facts, found, 1, holder, shares)


def _closed(facts: Facts, shares: Mapping[str, int]) -> str:
    """Return why some series are not open to a holder: the first of them has no right, or waits for its class."""
    for name in shares:
        by = facts.charter.series_named(name).conversion.by
        if by == "none":
            return "not_convertible"
        if by == "class_election":
            return "class_only"
    raise AssertionError("no series is closed")


def by_election(facts: Facts, offers: Consents) -> tuple[Counted, tuple[Conversion, ...]]:
    """Return how the election of the class is counted, and what it converts (3(a), AMB-33)."""
    if facts.charter.class_election is None:
        raise NoAnswerError("no_election")
    names = facts.charter.electing
    own = holding(facts, names)
    drags = facts.readings.ad_election is AdElection.DRAG_ALL
    return _by_consent(facts, own, offers, own if drags else offers, lambda n: _election(facts.case(), n))


def by_consent(facts: Facts, name: str, in_favour: Mapping[str, int]) -> tuple[Counted, tuple[Conversion, ...]]:
    """Return how the consent of one series is counted, and what it converts (3(b), AMB-43)."""
    if facts.charter.series_named(name).conversion_consent is None:
        raise NoAnswerError("no_consent")
    own = holding(facts, (name,))
    offers = {holder: {name: count} for holder, count in in_favour.items()}
    return _by_consent(facts, own, offers, own, lambda n: _consent(facts.case(), name, n))


def _by_consent(
    facts: Facts,
    own: Consents,
    offers: Consents,
    converting: Consents,
    account: Callable[[int], list[Definition]],
) -> tuple[Counted, tuple[Conversion, ...]]:
    holders = [*dict.fromkeys((*own, *offers))] or ["nobody"]
    found = evaluate_all(account(len(holders)), _offers(facts, offers, holders))
    if not all(found[f"lawful_{number}"] for number, _ in enumerate(holders, start=1)):
        raise NoAnswerError("not_held")
    counted = Counted(
        Fraction(found["in_favour"]), Fraction(found["whole"]), Fraction(found["needed"]), bool(found["carries"])
    )
    if not counted.carried:
        return counted, ()
    return counted, tuple(
        _conversion(facts, found, holders.index(holder) + 1, holder, shares) for holder, shares in converting.items()
    )


# Offerings


@dataclass(frozen=True)
class Offered:
    """Hold an offering: everything that its account tells, by name, and what each holder converts."""

    told: Mapping[str, Value]
    conversions: tuple[Conversion, ...]

    @property
    def qualifies(self) -> bool:
        """Say whether it converts the Preferred."""
        return bool(self.told["qualifies"])


def offering_values(facts: Facts, event: Document) -> dict[str, Fraction | int]:
    """Return the values of the unknowns of an offering, as the event or the question describes it."""
    terms = facts.charter.public_offering
    underwriting, form = event.get("underwriting", "firm_commitment"), event.get("form", "S-1")
    values: dict[str, Fraction | int] = {
        "p": exact(event["price"]),
        "primary": whole(event["primary_shares"]),
        "secondary": whole(event.get("secondary_shares", 0)),
        "extra": whole(event.get("over_allotment", 0)),
        "extra_counts": int(event.get("over_allotment_counts", False)),
        "discount": exact(event.get("discount", 0)),
        "underwritten": int(terms is not None and underwriting == terms.underwriting),
        "registered": int(terms is not None and form == terms.form),
        "last_day": LAST_DAY,
    }
    days = {"priced": day(event.get("priced_on")), "closed": day(event["on"])}
    return values | {name: on.toordinal() for name, on in days.items() if on is not None}


def effective(facts: Facts, event: Document) -> date:
    """Return the day on which an offering converts; raise NoAnswerError if it closes before it is priced (3(c))."""
    known = _known(event)
    values = offering_values(facts, event)
    if known.priced and values["closed"] < values["priced"]:
        raise NoAnswerError("closing_before_pricing")
    found = offering.effective_day(facts.case(), known)
    assert found is not None
    return date.fromordinal(int(evaluate(found, values)))


def _known(event: Document, names: Collection[str] = (), adjusted: Collection[str] = ()) -> Known:
    return Known(frozenset(names), frozenset(adjusted), priced=event.get("priced_on") is not None, closed=True)


def qualifies(facts: Facts, event: Document) -> bool:
    """Say whether an offering is one that converts the Preferred, whoever holds what (3(b))."""
    found = evaluate_all(_qualification(facts.case()), offering_values(facts, event))
    return bool(found["lawful"] and found["qualifies"])


def by_offering(
    facts: Facts, event: Document, consenting: Mapping[str, date], adjusted: Mapping[str, Fraction]
) -> Offered:
    """Return what an offering converts (3(b)).

    consenting: the day that a consent specifies, by series; adjusted: conversion prices after the offering's own
    shares, $/share by series (AMB-45).
    """
    names = [series.name for series in facts.charter.series if series.conversion.by != "none"]
    own = holding(facts, names)
    values = offering_values(facts, event) | facts.with_holders(own)
    values |= {f"consent_{name}": on.toordinal() for name, on in consenting.items()}
    values |= {f"ACP_{name}": price for name, price in adjusted.items()}
    found = evaluate_all(_offering(facts.case(), _known(event, consenting, adjusted), len(own)), values)
    if not found["lawful"]:
        raise NoAnswerError("discount" if values["discount"] > values["p"] else "no_price")
    if not found["qualifies"]:
        return Offered(found, ())
    done = (_conversion(facts, found, number, holder, shares) for number, (holder, shares) in enumerate(own.items(), 1))
    return Offered(found, tuple(done))


def moved(done: Collection[Conversion]) -> dict[tuple[str, str], int]:
    """Return the shares that conversions take from their holders, below zero, and give them, by holder and class."""
    found: dict[tuple[str, str], int] = {}
    for own in done:
        found |= {(own.holder, name): -count for name, count in own.shares.items()}
        found[own.holder, COMMON] = int(own.common)
    return found
