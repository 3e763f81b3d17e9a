"""Exercise of options and warrants around a liquidation.

The certificate does not give their prices or say when they are exercised; one reading lets each holder do what
pays (AMB-32b). Whoever exercises pays the price into the assets and shares as Common.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from reference.charter import COMMON
from reference.liquidation import Distribution
from reference.position import Number, Position

Settle: TypeAlias = Callable[[Position, Fraction], Distribution]
"""How a liquidation of a position with some assets, $, comes out."""


@dataclass(frozen=True)
class Option:
    """Hold what some rights over Common deliver now, shares, and their exercise price, $/share."""

    name: str
    shares: Number
    price: Fraction


@dataclass(frozen=True)
class Exercised:
    """Hold the position and assets, $, after the exercises that pay, and whose they are."""

    position: Position
    assets: Fraction
    options: tuple[Option, ...]


def exercised_in_equilibrium(
    position: Position, assets: Fraction, options: Iterable[Option], settle: Settle
) -> Exercised:
    """Exercise what is in the money: options whose price is below what a Common share then receives (AMB-32b).

    A holder takes account of the dilution by all that are exercised; a tie is not exercised. The cheapest come
    first: what pays for a dearer one pays for a cheaper one, and an exercise never takes the amount per Common
    share below its own price.
    """
    found = Exercised(position, assets, ())
    for option in sorted(options, key=lambda own: own.price):
        if option.shares > 0:
            candidate = _with(found, option)
            if settle(candidate.position, candidate.assets).per_common_share <= option.price:
                return found
            found = candidate
    return found


def _with(before: Exercised, option: Option) -> Exercised:
    shares = {**before.position.shares, COMMON: before.position.common + option.shares}
    return Exercised(
        position=replace(before.position, shares=shares),
        assets=before.assets + option.shares * option.price,
        options=(*before.options, option),
    )
