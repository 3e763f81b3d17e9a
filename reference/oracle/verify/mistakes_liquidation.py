"""Mistakes about who receives what in a liquidation: section 2, and 3(a) as far as holders choose."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from reference.charter import Series
from reference.equilibrium import Decisions, decide, gains, settle
from reference.liquidation import (
    NO_UNDECLARED,
    NOBODY,
    Distribution,
    Rank,
    Stake,
    caps,
    distribute,
    distribute_among,
    issue_price,
    participation_cap,
    participation_headroom,
    pay_in_order,
    stake,
    unpaid_dividend,
)
from reference.oracle.verify.mistakes_kit import Mistake, Plain, asking, held, in_changed_charter, with_wrong
from reference.payoff import Line, Liquidation, Place, chosen_line, preferred_line
from reference.position import NOTHING, Position
from reference.readings import Readings

SHARING = ("liquidation", "breakpoints")


# Who converts


def _deciding(asked: Liquidation, converted: Iterable[str]) -> Decisions:
    return Decisions(frozenset(converted), ())


def converting_once(asked: Liquidation, assets: Fraction) -> Decisions:
    """Compare every series' preferred share with the Common at the amount per share before anybody converts."""
    if asked.given is not None:
        return _deciding(asked, asked.given)
    before = _given(asked, assets, NOBODY)
    return _deciding(
        asked,
        (
            own.name
            for own in asked.held
            if asked.may_choose(own) and own.ratio * before.per_common_share > before.per_share[own.name]
        ),
    )


def converting_alone(asked: Liquidation, assets: Fraction) -> Decisions:
    """Let a series convert if that pays while no other one does."""
    if asked.given is not None:
        return _deciding(asked, asked.given)

    def paid(name: str, converted: frozenset[str]) -> Fraction:
        return _given(asked, assets, converted).per_share[name]

    choosing = [own.name for own in asked.held if asked.may_choose(own)]
    return _deciding(asked, (name for name in choosing if paid(name, frozenset({name})) > paid(name, NOBODY)))


def _given(asked: Liquidation, assets: Fraction, converted: frozenset[str]) -> Distribution:
    return distribute_among(asked.held, asked.position, asked.readings, assets, converted, asked.elected)


def line_of_the_uncapped(asked: Liquidation, own: Stake) -> Line:
    """Let a series convert, as if one with a cap could not."""
    if own.participates:
        return preferred_line(asked, own, caps([own], asked.readings))
    return chosen_line(asked, own)


def gains_of_the_uncapped(asked: Liquidation, own: Stake, place: Place) -> Fraction:
    """Return what a share gains by converting: nothing, if it has a cap."""
    return NOTHING if own.participates else gains(asked, own, place)


def settle_by_fractions(asked: Liquidation, assets: Fraction) -> Distribution:
    """Give each series that converts its fraction of all assets, as if nobody kept a preference.

    The others share what is left as if the converters were not there.
    """
    position, readings = asked.position, asked.readings
    if asked.given is not None:
        return settle(asked, assets)
    everything = position.common + sum(each.as_converted for each in asked.held)
    if everything == 0:
        return distribute(position, readings, assets, NOBODY, asked.elected)
    whole = {each.name: Fraction(assets * each.ratio) / everything for each in asked.held}
    converting = frozenset(
        each.name
        for each in asked.held
        if each.name in position.charter.optional
        and each.headroom is not None
        and whole[each.name] > each.preference + each.headroom
    )
    taken = sum((position.shares.get(name, 0) * whole[name] for name in converting), NOTHING)
    staying = {name: shares for name, shares in position.shares.items() if name not in converting}
    rest = distribute(replace(position, shares=staying), readings, assets - taken, NOBODY, asked.elected)
    return replace(
        rest,
        shares=position.shares,
        per_share={**rest.per_share, **{name: whole[name] for name in converting}},
        converted=rest.converted | converting,
    )


def settle_as_common(asked: Liquidation, assets: Fraction) -> Distribution:
    """Share the assets as if every share were Common."""
    if asked.given is not None:
        return settle(asked, assets)
    everybody = frozenset(series.name for series in asked.position.charter.series)
    return replace(distribute(asked.position, asked.readings, assets, everybody, False), elected=asked.elected)


# What is preferred


def headroom_besides(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Let participation alone go up to the cap, whatever the preference has paid."""
    if series.participation.kind == "none":
        return NOTHING
    return participation_cap(position, readings, series)


def price_without_split(position: Position, series: Series) -> Fraction:
    """Return the Original Issue Price as the charter prints it."""
    return series.original_issue_price.value


def no_dividend(position: Position, readings: Readings, series: Series) -> Fraction:
    """Add no dividend to a preference."""
    return NOTHING


def cumulative_dividend(position: Position, readings: Readings, series: Series) -> Fraction:
    """Add what was declared and all that was not, of every year, to a preference."""
    accrued = position.undeclared_dividends.get(series.name, NO_UNDECLARED).since_issue
    return position.declared_dividends.get(series.name, NOTHING) + accrued


def stake_with_cash(position: Position, readings: Readings, series: Series) -> Stake:
    """Add the Cash Amount to a preference, though the class has not elected."""
    own = stake(position, readings, series)
    return replace(own, preference=own.preference + own.cash)


# How what is short is shared


def pay_one_by_one(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Pay the claims of a rank one after the other, as they are listed."""
    return pay_in_order(assets, (Rank(rank.clause, (claim,)) for rank in ordered for claim in rank.claims))


def pay_by_shares(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Pay every share of a rank that falls short the same."""
    paid: dict[str, Fraction] = {}
    remaining = assets
    for rank in ordered:
        shares = sum(claim.shares for claim in rank.claims)
        full = remaining >= rank.owed
        each = NOTHING if full or shares == 0 else Fraction(remaining) / shares
        paid |= {claim.name: claim.per_share if full else each for claim in rank.claims}
        remaining = remaining - rank.owed if full else NOTHING
    return paid, remaining


def distribute_by_cents(
    held: tuple[Stake, ...],
    position: Position,
    readings: Readings,
    assets: Fraction,
    converted: frozenset[str],
    elected: bool,
) -> Distribution:
    """Round what one share receives to cents before it is multiplied by shares."""
    exact = distribute_among(held, position, readings, assets, converted, elected)
    per_share = {name: Fraction(math.floor(each * 100 + Fraction(1, 2)), 100) for name, each in exact.per_share.items()}
    return replace(exact, per_share=per_share, per_common_share=per_share["common"])


# Other terms


def _one_tier(charter: Plain) -> None:
    tiers = charter["liquidation_tiers"]
    tiers[:] = [{"series": [name for tier in tiers for name in tier["series"]], "clause": tiers[0]["clause"]}]


def _without_caps(charter: Plain) -> None:
    for series in charter["series"]:
        if series["participation"]["kind"] == "capped":
            series["participation"] = {"kind": "full", "clause": series["participation"]["clause"]}


def _without_participation(charter: Plain) -> None:
    for series in charter["series"]:
        series["participation"] = {"kind": "none", "clause": series["participation"]["clause"]}


def _liquidation(case: str, assets: int, common: int = 10_000_000, **position: Any) -> Plain:
    return asking(case, "liquidation", held(common, **position), assets=assets)


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "one-shot-conversion",
        "Decides every conversion once, at the amount per Common share with nobody converted, and never looks again.",
        ("2(b)", "3(a)"),
        SHARING,
        _liquidation("E's conversion makes F's a loss", 196_000_000),
        with_wrong((decide, converting_once)),
    ),
    Mistake(
        "series-tested-alone",
        "Tests whether converting pays for each series alone, as if no other series could convert.",
        ("2(b)", "3(a)"),
        SHARING,
        _liquidation("nobody holds Common", 52_000_000, common=0, series={"E": 3_000_000, "F": 1_500_000}),
        with_wrong((decide, converting_alone)),
    ),
    Mistake(
        "cap-never-lifts",
        "Keeps a capped series at its cap for ever: it never converts, however much a Common share receives.",
        ("2(b)", "3(a)"),
        SHARING,
        _liquidation("far above the caps", 400_000_000),
        with_wrong((chosen_line, line_of_the_uncapped), (gains, gains_of_the_uncapped)),
    ),
    Mistake(
        "whole-exit-share",
        "Gives a converting series its fraction of all assets, ahead of the preferences of those that do not convert.",
        ("2(a)", "2(b)", "3(a)"),
        SHARING,
        _liquidation("converters beside preferences", 400_000_000),
        with_wrong((settle, settle_by_fractions)),
    ),
    Mistake(
        "preferences-ignored",
        "Shares the assets among all shares as converted, with no preference at all.",
        ("2(a)",),
        SHARING,
        _liquidation("between the preferences and the caps", 60_000_000),
        with_wrong((settle, settle_as_common)),
    ),
    Mistake(
        "tiers-ignored",
        "Pays all preferences together: the seniority of one tier over the next is ignored.",
        ("2(a)",),
        SHARING,
        _liquidation("short of the second tier", 20_000_000),
        in_changed_charter(_one_tier),
    ),
    Mistake(
        "tier-one-by-one",
        "Pays the series of a tier that falls short one after the other, as they are listed, instead of rateably.",
        ("2(a)",),
        SHARING,
        _liquidation("short of the second tier", 20_000_000),
        with_wrong((pay_in_order, pay_one_by_one)),
    ),
    Mistake(
        "shortfall-by-shares",
        "Shares a shortfall equally per share, instead of by what each share is owed.",
        ("2(a)",),
        SHARING,
        _liquidation("short of the second tier", 20_000_000),
        with_wrong((pay_in_order, pay_by_shares)),
    ),
    Mistake(
        "cap-besides-preference",
        "Takes the cap for the most that participation pays, besides the preference, instead of for both together.",
        ("2(b)",),
        SHARING,
        _liquidation("past F's cap", 110_000_000),
        with_wrong((participation_headroom, headroom_besides)),
    ),
    Mistake(
        "participation-without-cap",
        "Lets the capped series participate without any cap.",
        ("2(b)",),
        SHARING,
        _liquidation("far above the caps", 400_000_000),
        in_changed_charter(_without_caps),
    ),
    Mistake(
        "no-participation",
        "Takes participating series for non-participating ones: they get their preference or convert.",
        ("2(b)",),
        SHARING,
        _liquidation("between the preferences and the caps", 60_000_000),
        in_changed_charter(_without_participation),
    ),
    Mistake(
        "preference-not-split",
        "Leaves the preference per share as printed when the series has been split.",
        ("2(a)", "2(b)"),
        SHARING,
        asking(
            "E split in two",
            "liquidation",
            held(10_000_000, {"E": 3_000_000}, preferred_splits={"E": 2}),
            assets=20_000_000,
        ),
        with_wrong((issue_price, price_without_split)),
    ),
    Mistake(
        "dividends-left-out",
        "Leaves declared and unpaid dividends out of the preference.",
        ("2(a)",),
        SHARING,
        _liquidation("a dividend on A is unpaid", 60_000_000, unpaid_dividends={"A": "0.20"}),
        with_wrong((unpaid_dividend, no_dividend)),
    ),
    Mistake(
        "cumulative-dividends",
        "Treats dividends as cumulative: what was never declared joins the preference, year after year.",
        ("1(a)", "2(a)"),
        SHARING,
        _liquidation(
            "two years without a declaration",
            60_000_000,
            undeclared_dividends={"A": {"current_year": "0.20", "since_issue": "0.40"}},
        ),
        with_wrong((unpaid_dividend, cumulative_dividend)),
    ),
    Mistake(
        "cash-amount-without-election",
        "Pays the Cash Amounts in a liquidation though the class has not elected to convert.",
        ("3(a)", "3(c)"),
        SHARING,
        _liquidation("nobody elects", 60_000_000),
        with_wrong((stake, stake_with_cash)),
    ),
    Mistake(
        "per-share-to-cents",
        "Rounds what one share receives to cents and multiplies it by the shares afterwards.",
        ("2(a)", "2(b)"),
        SHARING,
        _liquidation("past F's cap", 110_000_000),
        with_wrong((distribute_among, distribute_by_cents)),
    ),
)
"""The mistakes about liquidations."""
