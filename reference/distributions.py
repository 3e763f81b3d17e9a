"""Distributions other than of cash, and the Common into which the Preferred counts: sections 1(b) and 3(e)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from reference.charter import COMMON, Series
from reference.conversion import conversion_ratio
from reference.position import NOTHING, Holding, Number, Position
from reference.readings import AdAsConverted, PaidRights, Readings

Payable = Literal[
    "cash",
    "securities_of_others",
    "indebtedness",
    "assets",
    "rights_to_securities_of_others",
    "rights_to_indebtedness",
    "rights_to_assets",
    "common_stock",
    "free_rights_to_common",
    "paid_rights_to_common",
    "non_redeemable_equity",
    "redeemable_equity",
]
"""What a dividend or distribution is paid in; equity without more is other stock of the corporation itself."""

BOTH = ("1(b)", "3(e)")

GOVERNED_BY: Mapping[Payable, tuple[str, ...]] = MappingProxyType(
    {
        "cash": ("1(a)",),
        "securities_of_others": BOTH,
        "indebtedness": BOTH,
        "assets": BOTH,
        "rights_to_securities_of_others": BOTH,
        "rights_to_indebtedness": BOTH,
        # 1(b) lists rights over securities and debt alone, 3(e) all rights that 3(d)(iii) leaves out.
        "rights_to_assets": ("3(e)",),
        "common_stock": ("3(d)(iii)",),
        "free_rights_to_common": ("3(d)(iii)",),
        # They are not what 3(d)(iii) refers to, so that 3(e) has them by its words (AMB-138).
        "paid_rights_to_common": ("3(e)",),
        "non_redeemable_equity": (),
        "redeemable_equity": (),
    }
)
"""Which clauses say what the Preferred gets when the Common is paid in kind (AMB-13, AMB-15)."""


DEEMED_ISSUED = ("3(d)(i)(E)",)
"""What governs rights to Common that cost something, where these are an issue of Common and nothing else (AMB-138)."""


def governed_by(payable: Payable, readings: Readings) -> tuple[str, ...]:
    """Return the clauses that say what the Preferred gets when the Common is paid in a kind (1(b), 3(e), AMB-138)."""
    if payable == "paid_rights_to_common" and readings.paid_rights is PaidRights.ISSUANCE_ONLY:
        return DEEMED_ISSUED
    return GOVERNED_BY[payable]


def shares_as_converted(payable: Payable, readings: Readings) -> bool:
    """Say whether the Preferred shares in a distribution as if it had converted (1(b), 3(e), AMB-15, AMB-138)."""
    return "3(e)" in governed_by(payable, readings)


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Hold how units are shared.

    per_share: units per share by class, "common" included; undistributed: units that nobody can take.
    """

    per_share: Mapping[str, Number]
    undistributed: Number

    def by_holder(self, holdings: Iterable[Holding]) -> dict[str, Number]:
        """Add up what each holder gets over all classes, units."""
        return totals_by_holder(holdings, self.per_share)


def totals_by_holder(holdings: Iterable[Holding], per_share: Mapping[str, Number]) -> dict[str, Number]:
    """Add up what each holder gets over all classes; per_share: $ or units by class, none for a class left out."""
    totals: dict[str, Number] = {}
    for holding in holdings:
        each = per_share.get(holding.stock, 0)
        totals[holding.holder] = totals.get(holding.holder, 0) + holding.shares * each
    return totals


def totals_by_class(position: Position, per_share: Mapping[str, Number]) -> dict[str, Number]:
    """Return what all outstanding shares of each class get; per_share: $ or units by class."""
    return {name: position.shares.get(name, 0) * each for name, each in per_share.items()}


def as_converted_ratio(position: Position, readings: Readings, series: Series, elected: bool = False) -> Number:
    """Return the Common for which one share counts while it is not converted, unrounded.

    elected: whether the class of A-D has elected to convert; until then one reading counts them for nothing.
    A series without any right to convert counts for nothing (1(b), 3(e), 5(c), AMB-14, AMB-86).
    """
    if series.conversion.by == "none":
        return 0
    waits = readings.ad_as_converted is AdAsConverted.ONLY_IF_ELECTED and not elected
    if series.conversion.by == "class_election" and waits:
        return 0
    return conversion_ratio(position, readings, series)


def apportion_per_common(
    position: Position, readings: Readings, units: Number, elected: bool = False
) -> dict[str, Number]:
    """Return what each share gets, units, when a Common share gets so many units.

    position: as of the record date; elected: as in `as_converted_ratio` (1(b), 3(e)). The two clauses give
    one and the same entitlement, paid once (AMB-13). Nothing is rounded.
    """
    ratios = {s.name: as_converted_ratio(position, readings, s, elected) for s in position.charter.series}
    return {name: units * ratio for name, ratio in (ratios | {COMMON: 1}).items()}


def apportion(position: Position, readings: Readings, units: Fraction, elected: bool = False) -> Apportionment:
    """Share a number of units among the Common and the Preferred as if that had converted (1(b), 3(e)).

    units: what is distributed in all; the rest as in `apportion_per_common`. If no share counts, all of it is
    undistributed.
    """
    weights = apportion_per_common(position, readings, 1, elected)
    # A sum that starts from a Fraction: the quotient of two integers would not be exact.
    base = sum((position.shares.get(name, 0) * weight for name, weight in weights.items()), NOTHING)
    if base == 0:
        return Apportionment(dict.fromkeys(weights, NOTHING), units)
    return Apportionment({name: units * weight / base for name, weight in weights.items()}, 0)
