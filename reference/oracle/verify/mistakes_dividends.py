"""Mistakes about dividends and distributions: section 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from reference.charter import COMMON, Series
from reference.conversion import conversion_ratio
from reference.distributions import Payable, apportion_per_common
from reference.dividends import (
    NO_LOTS,
    WHOLE,
    Allocation,
    Declaration,
    DividendYear,
    Gate,
    Lot,
    Sharing,
    allocate,
    common_dividend_gate,
    declared_in,
    listed_rate,
    share_rateably,
    total_of,
)
from reference.oracle.verify.mistakes_kit import EVERYTHING, Mistake, asking, held, with_wrong
from reference.position import NOTHING, Number, Position
from reference.readings import Readings


def rate_without_split(position: Position, series: Series) -> Fraction:
    """Return the dividend rate as the charter prints it."""
    return series.dividend_rate.value


def shared_by_shares(position: Position, full: Mapping[str, Fraction], pool: Fraction) -> Sharing:
    """Pay every preferred share the same of a pool that falls short."""
    owed, shares = total_of(position, full), sum(position.shares.get(name, 0) for name in full)
    if pool >= owed:
        return share_rateably(position, full, pool)
    return Sharing(pool / owed, dict.fromkeys(full, pool / shares), NOTHING)


def allocate_as_converted(
    position: Position,
    readings: Readings,
    full: Mapping[str, Fraction],
    total: Fraction,
    part_of_year: Fraction = WHOLE,
) -> Allocation:
    """Divide dividends among all shares as converted, none before the others."""
    weights: dict[str, Number] = {
        series.name: conversion_ratio(position, readings, series) for series in position.charter.series
    }
    weights[COMMON] = 1
    base = sum((position.shares.get(name, 0) * weight for name, weight in weights.items()), NOTHING)
    if base == 0:
        return allocate(position, readings, full, total, part_of_year)
    return Allocation({name: total * weight / base for name, weight in weights.items()}, NOTHING)


def allocate_with_preference_once(
    position: Position,
    readings: Readings,
    full: Mapping[str, Fraction],
    total: Fraction,
    part_of_year: Fraction = WHOLE,
) -> Allocation:
    """Leave all that is beyond the listed rates to the Common, even where it overtakes them."""
    sharing = share_rateably(position, full, total)
    if position.common == 0:
        return Allocation({**sharing.per_share, COMMON: NOTHING}, sharing.excess)
    return Allocation({**sharing.per_share, COMMON: sharing.excess / position.common}, NOTHING)


def open_gate(
    position: Position,
    readings: Readings,
    before: Mapping[str, Fraction],
    preferred: Mapping[str, Fraction],
    common: Fraction,
    payable: Payable = "cash",
    part_of_year: Fraction = WHOLE,
    lots: Mapping[str, Sequence[Lot]] = NO_LOTS,
) -> Gate:
    """Let any dividend on the Common be declared."""
    right = common_dividend_gate(position, readings, before, preferred, common, payable, part_of_year, lots)
    return replace(right, short=())


def declared_ever(year: DividendYear, declarations: tuple[Declaration, ...]) -> dict[str, Fraction]:
    """Count what was declared in other years as well."""
    totals: dict[str, Fraction] = {}
    for declaration in declarations:
        for name, amount in declaration.per_share.items():
            totals[name] = totals.get(name, NOTHING) + amount
    return totals


def nothing_but_common(
    position: Position, readings: Readings, units: Number, elected: bool = False
) -> dict[str, Number]:
    """Give the Preferred nothing of what is distributed on the Common."""
    return {name: units if name == COMMON else 0 for name in apportion_per_common(position, readings, units, elected)}


_EF = {"E": 3_000_000, "F": 1_500_000}
_EARLIER = {"do": "declare_dividend", "on": "1999-12-01", "per_share": {"E": "0.83"}}

MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "dividend-not-split",
        "Leaves the dividend rate per share as printed when the series has been split.",
        ("1(a)",),
        ("dividend", "liquidation", "breakpoints"),
        asking(
            "E split in two",
            "dividend",
            held(10_000_000, {"E": 3_000_000}, preferred_splits={"E": 2}),
            on="2000-06-30",
            pool="1000000",
        ),
        with_wrong((listed_rate, rate_without_split)),
    ),
    Mistake(
        "dividend-pool-by-shares",
        "Shares dividends that fall short equally per share, instead of in proportion to the rates.",
        ("1(a)",),
        ("dividend",),
        asking("half the rates", "dividend", held(10_000_000, _EF), on="2000-06-30", pool="1000000"),
        with_wrong((share_rateably, shared_by_shares)),
    ),
    Mistake(
        "dividend-without-preference",
        "Divides dividends among all shares as converted, none before the others.",
        ("1(a)",),
        ("dividend",),
        asking("a year's dividends", "dividend", held(10_000_000, _EF), on="2000-06-30", total="6000000"),
        with_wrong((allocate, allocate_as_converted)),
    ),
    Mistake(
        "dividend-never-raised",
        "Leaves all beyond the listed rates to the Common, even where its dividend overtakes a preferred one.",
        ("1(a)",),
        ("dividend",),
        asking("the Common overtakes E", "dividend", held(1_000_000, _EF), on="2000-06-30", total="9000000"),
        with_wrong((allocate, allocate_with_preference_once)),
    ),
    Mistake(
        "gate-ignored",
        "Lets dividends on the Common be declared before those on the Preferred.",
        ("1(a)",),
        EVERYTHING,
        asking("only the Common", "dividend", held(10_000_000, _EF), on="2000-06-30", declare={"common": "0.10"}),
        with_wrong((common_dividend_gate, open_gate)),
    ),
    Mistake(
        "dividend-years-added-up",
        "Counts what was declared in earlier years towards this year's preferred dividends.",
        ("1(a)",),
        ("dividend",),
        asking(
            "declared last year",
            "dividend",
            held(10_000_000, {"E": 3_000_000}, as_of="1999-01-01"),
            events=[_EARLIER],
            on="2000-06-30",
            declare={"common": "0.10"},
        ),
        with_wrong((declared_in, declared_ever)),
    ),
    Mistake(
        "preferred-left-out",
        "Distributes property on the Common alone, as if the Preferred did not share as converted.",
        ("1(b)", "3(e)"),
        ("distribution",),
        asking("a million units", "distribution", held(10_000_000), units="1000000"),
        with_wrong((apportion_per_common, nothing_but_common)),
    ),
)
"""The mistakes about dividends and distributions."""
