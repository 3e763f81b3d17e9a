"""What the closed forms need to know of a case, read from its document and nothing else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from reference.charter import COMMON, Charter
from reference.oracle import charters
from reference.readings import Readings, entry_for
from symbolic.liquidation import Case

Document = Mapping[str, Any]
NOBODY: frozenset[str] = frozenset()


def exact(amount: str | int) -> Fraction:
    """Read an amount of a document."""
    return Fraction(amount)


def whole(count: str | int) -> int:
    """Read a count of a document."""
    return int(count)


def day(text: str | None) -> date | None:
    """Read a date of a document."""
    return None if text is None else date.fromisoformat(text)


def amounts(given: Mapping[str, str | int]) -> dict[str, Fraction]:
    """Read amounts by name."""
    return {name: exact(amount) for name, amount in given.items()}


NEVER = date.max
"""Stands for the Purchase Date of a series that has not been issued."""


@dataclass(frozen=True)
class Right:
    """Hold rights over a class: shares that can be had now, $/share, shares still to be had, shares issued so far."""

    stock: str
    exercisable: Fraction
    price: Fraction
    deliverable: Fraction = Fraction(0)
    exercised: Fraction = Fraction(0)


@dataclass(frozen=True)
class Claim:
    """Hold Cash Amounts of one conversion: owed and paid before the first funds, $; stage: the funds that come next."""

    holder: str
    series: str
    on: date
    owed: Fraction
    paid: Fraction
    stage: int


@dataclass(frozen=True)
class Carry:
    """Hold an adjustment that has not been made: its day, $/share, and the day on which it is made at the latest."""

    on: date
    amount: Fraction
    made_by: date


@dataclass(frozen=True)
class Declaration:
    """Hold a declaration: its place among the events, its day, $/share and shares by class, as shares are now.

    place: None where its record date is yet to pass; the shares are those of now, and all of them will have had it.
    """

    place: int | None
    on: date
    per_share: Mapping[str, Fraction]
    shares: Mapping[str, Fraction | int]


@dataclass(frozen=True)
class Lot:
    """Hold when shares of a series were issued: at what place among the events, on what day; None before them."""

    place: int = -1
    on: date | None = None

    def had(self, declaration: Declaration) -> bool:
        """Say whether a declaration came after their issue."""
        return declaration.place is None or declaration.place > self.place


@dataclass(frozen=True)
class Facts:
    """Hold a case as it stands when its question is asked.

    held: shares by holder and class; prices: $/share of the series that have a price of their own; declared:
    unpaid, $/share by class; undeclared: of the current year and since issue, $/share; splits: of series, and of
    the Common under its name if it has one, and combined: what combinations alone did of that; rights: by name;
    carried: by series; first_issued: Purchase Dates, None if long past; claims: to Cash Amounts, and funds: what was
    applied to them, $, in order; debts: dividends owed to holders who have converted, $; converted: shares by series
    so far; elected: whether holders of the class that converts together are free to convert; became: units by kind
    that a share of Common has become; declarations: dividends; lots: by series when the shares that are outstanding
    were issued; owed_on_common: dividends on the Common, $ by who held at the declaration.
    """

    charter: Charter
    readings: Readings
    as_of: date | None
    held: Mapping[tuple[str, str], int]
    prices: Mapping[str, Fraction] = field(default_factory=dict)
    declared: Mapping[str, Fraction] = field(default_factory=dict)
    undeclared: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    splits: Mapping[str, Fraction] = field(default_factory=dict)
    combined: Fraction = Fraction(1)
    rights: Mapping[str, Right] = field(default_factory=dict)
    carried: Mapping[str, tuple[Carry, ...]] = field(default_factory=dict)
    first_issued: Mapping[str, date | None] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    funds: tuple[Fraction, ...] = ()
    debts: Mapping[str, Fraction] = field(default_factory=dict)
    converted: Mapping[str, Fraction] = field(default_factory=dict)
    elected: bool = False
    became: Mapping[str, Fraction] = field(default_factory=dict)
    declarations: tuple[Declaration, ...] = ()
    lots: Mapping[str, tuple[Lot, ...]] = field(default_factory=dict)
    owed_on_common: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def series(self) -> tuple[str, ...]:
        """Name the series, in the charter's order."""
        return tuple(series.name for series in self.charter.series)

    @property
    def classes(self) -> tuple[str, ...]:
        """Name every class, the Common last."""
        return (*self.series, COMMON)

    @property
    def holders(self) -> tuple[str, ...]:
        """Name the holders, in the order in which the document first has them."""
        return tuple(dict.fromkeys(holder for holder, _ in self.held))

    @cached_property
    def shares(self) -> dict[str, int]:
        """Add up the outstanding shares of every class."""
        return {name: sum(count for (_, own), count in self.held.items() if own == name) for name in self.classes}

    def price(self, name: str) -> Fraction:
        """Return the conversion price of a series that is in effect, $/share (3(a))."""
        return self.prices.get(name, self.charter.series_named(name).original_issue_price.value)

    def case(self, converted: Iterable[str] = NOBODY, elected: bool = False) -> Case:
        """Return the structure that says which forms answer a question."""
        return Case(
            self.charter, self.readings, frozenset(converted), elected, frozenset(self.splits), frozenset(self.prices)
        )

    @cached_property
    def values(self) -> dict[str, Fraction | int]:
        """Return the values of the forms' unknowns, but for what only the question gives."""
        found: dict[str, Fraction | int] = {"C": self.shares[COMMON]}
        for name in self.series:
            current, since = self.undeclared.get(name, (Fraction(0), Fraction(0)))
            found[f"n_{name}"] = self.shares[name]
            found[f"d_{name}"] = self.declared.get(name, Fraction(0))
            found[f"y_{name}"], found[f"z_{name}"] = current, since
        found |= {f"CP_{name}": price for name, price in self.prices.items()}
        return found | {f"k_{name}": factor for name, factor in self.splits.items()} | {"k_combined": self.combined}

    def with_holders(self, holders: Iterable[str]) -> dict[str, Fraction | int]:
        """Return the values with what each of some holders has, who are numbered from one."""
        own = {
            f"h_{number}_{name}": self.held.get((holder, name), 0)
            for number, holder in enumerate(holders, start=1)
            for name in self.classes
        }
        return self.values | own


def charter_of(document: Document) -> Charter:
    """Return the charter of a case."""
    return charters.load(document["charter"])


def readings_of(document: Document) -> Readings:
    """Return the readings of a case."""
    chosen = {}
    for name, word in document.get("readings", {}).items():
        chosen[name] = next(option for option, _ in entry_for(name).options if option.value == word)
    return Readings(**chosen)


def at_opening(document: Document) -> Facts:
    """Return the facts of a case before its events."""
    position = document["position"]
    held: dict[tuple[str, str], int] = {}
    for own in position["holdings"]:
        if whole(own["shares"]):
            held[own["holder"], own["class"]] = whole(own["shares"])
    splits = amounts(position.get("preferred_splits", {}))
    if position.get("common_split") is not None:
        splits[COMMON] = exact(position["common_split"])
    given = position.get("common_combined")
    combined = splits.get(COMMON, Fraction(1)) if given is None else exact(given)
    undeclared = {
        name: (exact(own["current_year"]), exact(own["since_issue"]))
        for name, own in position.get("undeclared_dividends", {}).items()
    }
    return Facts(
        charter=charter_of(document),
        readings=readings_of(document),
        as_of=day(position.get("as_of")),
        held=held,
        prices=amounts(position.get("conversion_prices", {})),
        declared=amounts(position.get("unpaid_dividends", {})),
        undeclared=undeclared,
        splits=splits,
        combined=min(Fraction(1), combined),
        first_issued=_first_issued(position, {stock for _, stock in held}, charter_of(document)),
        claims=tuple(_claim(own) for own in position.get("cash_amounts", ())),
    )


def _first_issued(position: Document, outstanding: Container[str], charter: Charter) -> dict[str, date | None]:
    """Return the Purchase Dates: as given, or long ago for what is outstanding (3(d)(i)(A))."""
    given = {name: day(first) for name, first in position.get("purchase_dates", {}).items()}
    return {
        series.name: given.get(series.name, None if series.name in outstanding else NEVER) for series in charter.series
    }


def _claim(own: Document) -> Claim:
    converted_on = day(own["converted_on"])
    assert converted_on is not None
    return Claim(own["holder"], own["series"], converted_on, exact(own["owed"]), exact(own.get("paid", 0)), 1)
