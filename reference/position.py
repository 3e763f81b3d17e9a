"""The cap table at one instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from reference.charter import COMMON, Charter, Series

Number: TypeAlias = Fraction | int
"""An exact number: a count may be an integer, an amount is a Fraction."""

NOTHING = Fraction(0)


@dataclass(frozen=True)
class Holding:
    """Hold the shares of one class that one holder owns."""

    holder: str
    stock: str
    shares: int


@dataclass(frozen=True)
class Undeclared:
    """Hold undeclared dividends at the listed rate, $/share: of the current year, and since issue."""

    current_year: Fraction = NOTHING
    since_issue: Fraction = NOTHING


@dataclass(frozen=True)
class Option:
    """Hold what some rights over a class deliver now, shares, and their exercise price, $/share (AMB-32b)."""

    name: str
    stock: str
    shares: Number
    price: Fraction


@dataclass(frozen=True)
class Owed:
    """Hold what is owed to holders who converted before, $: Cash Amounts (3(c)) and dividends (AMB-37).

    cash_amounts: unpaid, by the day of the conversion, the earliest first.
    """

    cash_amounts: tuple[Fraction, ...] = ()
    dividends: Fraction = NOTHING


NOTHING_OWED = Owed()


@dataclass(frozen=True)
class Position:
    """Hold what is outstanding and what is owed on it.

    shares: outstanding shares by class, "common" included; a class left out has none.
    conversion_prices: $/share by series; a series left out is at its initial price (3(a)).
    declared_dividends: declared but unpaid, $/share by series.
    undeclared_dividends: undeclared, $/share by series; counted only under some readings (AMB-16).
    preferred_splits: shares that one share of the series has become since the certificate (2 is 2-for-1).
    common_split: the same for the Common; the floors of an offering, listed warrants and the literal reading of
    the cap look at it (AMB-21, AMB-41, AMB-129).
    common_combined: what combinations alone did of that, one or less; None if common_split is all that is known,
    which then was splits only from one on, and combinations only below one (AMB-132).
    owed: to holders who have converted; options: rights that can be exercised; elected: whether an election has
    freed each holder of the electing class to convert, as one reading has it (3(a), AMB-33).
    """

    charter: Charter
    shares: Mapping[str, Number]
    conversion_prices: Mapping[str, Fraction] = field(default_factory=dict)
    declared_dividends: Mapping[str, Fraction] = field(default_factory=dict)
    undeclared_dividends: Mapping[str, Undeclared] = field(default_factory=dict)
    preferred_splits: Mapping[str, Fraction] = field(default_factory=dict)
    common_split: Fraction | None = None
    common_combined: Fraction | None = None
    holdings: tuple[Holding, ...] = ()
    as_of: date | None = None
    owed: Owed = NOTHING_OWED
    options: tuple[Option, ...] = ()
    elected: bool = False

    @property
    def common(self) -> Number:
        """Return the outstanding Common, shares."""
        return self.shares.get(COMMON, 0)

    @property
    def combined(self) -> Fraction | None:
        """Return what combinations have made of one share of Common, one or less; None if it never changed."""
        if self.common_combined is not None or self.common_split is None:
            return self.common_combined
        return min(Fraction(1), self.common_split)

    def splits(self) -> dict[str, Fraction]:
        """Return the shares that one share has become since the certificate, by class that has split."""
        common = {} if self.common_split is None else {COMMON: self.common_split}
        return {**self.preferred_splits, **common}

    def authorized(self, series: Series) -> Number:
        """Return the authorised shares of a series; the amendment that splits it adjusts the number (IV.B, AMB-130)."""
        split = self.preferred_splits.get(series.name)
        return series.authorized.value if split is None else series.authorized.value * split


def outstanding(holdings: tuple[Holding, ...]) -> dict[str, int]:
    """Add up holdings to outstanding shares by class."""
    shares: dict[str, int] = {}
    for holding in holdings:
        shares[holding.stock] = shares.get(holding.stock, 0) + holding.shares
    return shares


def full_issuance(charter: Charter, common: int = 0) -> Position:
    """Return the position with every authorised preferred share outstanding and some Common, shares."""
    shares = {s.name: s.authorized.value for s in charter.series} | {COMMON: common}
    holdings = tuple(Holding(f"holder-{name}", name, count) for name, count in shares.items())
    return Position(charter=charter, shares=shares, holdings=holdings)
