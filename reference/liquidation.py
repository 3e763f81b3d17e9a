"""Liquidation preference: section 2.

Assets pay the preferences in order of rank (2(a)); the remainder is shared with the Common up to the
participation caps, and the Common takes the rest (2(b)). Who has converted is given here; who *would*
convert is the subject of `equilibrium`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reference.charter import COMMON, Charter, Series
from reference.conversion import cash_amount, conversion_ratio
from reference.position import NOTHING, Holding, Number, Position, Undeclared
from reference.readings import CapAdjustsFor, CapMode, CashRank, EfConversion, MergerScope, Readings, Switch, UnpaidDiv

NOBODY: frozenset[str] = frozenset()
NO_UNDECLARED = Undeclared()


@dataclass(frozen=True, slots=True)
class Stake:
    """Hold what one series brings to a liquidation.

    shares: outstanding; preference: $/share under 2(a); ratio: Common per share on conversion;
    cash: Cash Amount, $/share, due if the class elects to convert;
    headroom: $/share that 2(b) can add, none at all if it does not participate, None if there is no cap.
    """

    series: Series
    shares: Number
    preference: Fraction
    ratio: Number
    cash: Fraction
    headroom: Fraction | None

    @property
    def name(self) -> str:
        """Name the series."""
        return self.series.name

    @property
    def as_converted(self) -> Number:
        """Return the Common into which all its shares would convert, unrounded (AMB-20)."""
        return self.shares * self.ratio

    @property
    def participates(self) -> bool:
        """Say whether it shares the remainder with the Common (2(b))."""
        return self.series.participation.kind != "none"


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what one series claims in a rank: $/share, on so many shares."""

    name: str
    shares: Number
    per_share: Fraction


@dataclass(frozen=True, slots=True)
class Rank:
    """Hold the claims that are paid together, rateably if short."""

    clause: str
    claims: tuple[Claim, ...]

    @property
    def owed(self) -> Fraction:
        """Return the sum of the claims, $."""
        return sum((claim.shares * claim.per_share for claim in self.claims), NOTHING)


@dataclass(frozen=True, slots=True)
class Kink:
    """Hold a point at which the sharing of the remainder changes.

    at: $ per Common share; change: as-converted shares that join (or leave, if negative) from there on.
    """

    at: Fraction
    name: str
    event: Literal["cap", "conversion", "tail"]
    change: Number


@dataclass(frozen=True, slots=True)
class Filled:
    """Hold how far the remainder went: $ per Common share, $ that nobody takes, and the kinks passed."""

    level: Fraction
    undistributed: Fraction
    passed: tuple[Kink, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Hold the outcome of a liquidation.

    shares: outstanding by class; per_share: $/share by class, "common" included, Cash Amounts included;
    preferences: the part of per_share paid in rank, $/share by series; per_common_share: $ reaching one
    Common share; undistributed: $ that no class is entitled to; converted: series treated as Common.
    """

    shares: Mapping[str, Number]
    per_share: Mapping[str, Fraction]
    preferences: Mapping[str, Fraction]
    per_common_share: Fraction
    undistributed: Fraction
    converted: frozenset[str]
    elected: bool

    def total(self, name: str) -> Fraction:
        """Return what one class receives in all, $."""
        return self.shares.get(name, 0) * self.per_share[name]


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Hold an asset level, $, at which the sharing changes, with the clause, the event and whom it concerns."""

    assets: Fraction
    clause: str
    event: Literal["rank_paid", "cap", "conversion", "tail"]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """Describe what happened: `kind`, the other party to a merger, and the share of votes disposed of."""

    kind: Literal["dissolution", "merger", "asset_sale", "voting_power"]
    counterparty: str = "other"
    voting_power_disposed: Fraction = NOTHING


def is_liquidation(charter: Charter, readings: Readings, event: Event) -> bool:
    """Say whether an event counts as a liquidation (2(c)).

    An asset sale means one of all or substantially all assets, as the caller declares it (AMB-26).
    """
    if event.kind == "dissolution":
        return True
    deemed = charter.deemed_liquidation
    if deemed is None:
        return False
    shifted = deemed.voting_power_disposed.met(event.voting_power_disposed)
    if event.kind == "merger":
        excepted = event.counterparty in deemed.merger_exceptions
        return not excepted and (readings.merger_scope is MergerScope.LITERAL or shifted)
    return event.kind == "asset_sale" or shifted


def issue_price(position: Position, series: Series) -> Fraction:
    """Return the Original Issue Price adjusted for splits of the series, $/share (2(a))."""
    price = series.original_issue_price.value
    split = position.preferred_splits.get(series.name)
    return price if split is None else price / split


def unpaid_dividend(position: Position, readings: Readings, series: Series) -> Fraction:
    """Return the unpaid dividends that join a preference, $/share (2(a), AMB-16)."""
    declared = position.declared_dividends.get(series.name, NOTHING)
    if series.preference_dividends.value == "declared" or readings.unpaid_div is UnpaidDiv.DECLARED:
        return declared
    undeclared = position.undeclared_dividends.get(series.name, NO_UNDECLARED)
    if readings.unpaid_div is UnpaidDiv.UNDECLARED_CURRENT_YEAR:
        return undeclared.current_year
    if readings.unpaid_div is UnpaidDiv.UNDECLARED_ALL:
        return undeclared.since_issue
    if readings.unpaid_div is UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT:
        return declared + undeclared.current_year
    return NOTHING


def participation_cap(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Return the most that 2(a) and 2(b) pay together, $/share, adjusted for splits; None if no cap (2(b))."""
    cap = series.participation.cap
    if cap is None:
        return None
    split = position.preferred_splits.get(series.name)
    if split is not None:
        cap = cap / split
    if readings.cap_adjusts_for is CapAdjustsFor.ANY_LITERAL and position.common_split is not None:
        cap = cap / position.common_split
    return cap


def participation_headroom(position: Position, readings: Readings, series: Series) -> Fraction | None:
    """Return what 2(b) can add to the preference, $/share; None if there is no cap, never negative (AMB-18)."""
    if series.participation.kind == "none":
        return NOTHING
    cap = participation_cap(position, readings, series)
    if cap is None:
        return None
    counted = issue_price(position, series)
    if readings.cap_includes_dividends is Switch.YES:
        counted = counted + unpaid_dividend(position, readings, series)
    return max(NOTHING, cap - counted)


def stake(position: Position, readings: Readings, series: Series) -> Stake:
    """Return what one series brings to the liquidation (2, 3(a))."""
    return Stake(
        series=series,
        shares=position.shares.get(series.name, 0),
        preference=issue_price(position, series) + unpaid_dividend(position, readings, series),
        ratio=conversion_ratio(position, readings, series),
        cash=cash_amount(position, readings, series),
        headroom=participation_headroom(position, readings, series),
    )


def stakes(position: Position, readings: Readings) -> tuple[Stake, ...]:
    """Return the stakes of all series, in the charter's order."""
    return tuple(stake(position, readings, series) for series in position.charter.series)


def ranks(
    charter: Charter, readings: Readings, held: Iterable[Stake], converted: Collection[str], elected: bool
) -> tuple[Rank, ...]:
    """List the claims in order of payment: preferences (2(a)) and, after an election, Cash Amounts (3(c))."""
    by_name = {s.name: s for s in held}
    preferences = [
        tuple(
            Claim(name, by_name[name].shares, by_name[name].preference) for name in tier.series if name not in converted
        )
        for tier in charter.liquidation_tiers
    ]
    tiers = [Rank(tier.clause, claims) for tier, claims in zip(charter.liquidation_tiers, preferences, strict=True)]
    if not elected:
        return tuple(tiers)
    cash = Rank("3(c)", tuple(Claim(n, by_name[n].shares, by_name[n].cash) for n in charter.electing))
    own = next(i for i, tier in enumerate(charter.liquidation_tiers) if charter.electing[0] in tier.series)
    if readings.cash_rank is CashRank.CREDITOR:
        return (cash, *tiers)
    if readings.cash_rank is CashRank.AFTER_F:
        return (*tiers[:own], cash, *tiers[own:])
    if readings.cash_rank is CashRank.PARI_SECOND_TIER:
        shared = Rank(tiers[own].clause, cash.claims + tiers[own].claims)
        return (*tiers[:own], shared, *tiers[own + 1 :])
    return (*tiers, cash)


def pay_in_order(assets: Fraction, ordered: Iterable[Rank]) -> tuple[dict[str, Fraction], Fraction]:
    """Pay each rank in full before the next, and the last one reached rateably (2(a)).

    assets: $. Return what each claim was paid, $/share, and what remains, $.
    """
    paid: dict[str, Fraction] = {}
    remaining = assets
    short = False
    for rank in ordered:
        if short:
            paid |= {claim.name: NOTHING for claim in rank.claims}
            continue
        owed = rank.owed
        if remaining >= owed:
            paid |= {claim.name: claim.per_share for claim in rank.claims}
            remaining = remaining - owed
        else:
            fraction = remaining / owed
            paid |= {claim.name: claim.per_share * fraction for claim in rank.claims}
            remaining = NOTHING
            short = True
    return paid, remaining


def caps(sharing: Collection[Stake], readings: Readings) -> tuple[Kink, ...]:
    """List where the participants stop sharing, as far as they have a cap (2(b), AMB-19, AMB-22).

    A common stop looks only at series that somebody holds.
    """
    own = tuple(Kink(s.headroom / s.ratio, s.name, "cap", -s.as_converted) for s in sharing if s.headroom is not None)
    again = readings.ef_conversion is EfConversion.DOUBLE_DIP
    if readings.cap_mode is CapMode.INDIVIDUAL and not again:
        return own
    outstanding = {s.name for s in sharing if s.shares > 0}
    levels = [kink.at for kink in own if kink.name in outstanding]
    if not levels:
        return own
    if readings.cap_mode is CapMode.INDIVIDUAL:
        stopped = own
    else:
        stop = max(levels) if readings.cap_mode is CapMode.JOINT else min(levels)
        stopped = tuple(Kink(stop, kink.name, kink.event, kink.change) for kink in own)
        levels = [stop]
    if not again:
        return stopped
    return stopped + tuple(Kink(max(levels), kink.name, "tail", -kink.change) for kink in own)


def steps(sharing: Number, kinks: Iterable[Kink]) -> Iterator[tuple[Fraction, Kink]]:
    """Yield each kink in order of its level with the assets, $, needed to come from the one before."""
    level = NOTHING
    for kink in sorted(kinks, key=lambda k: k.at):
        yield sharing * (kink.at - level), kink
        sharing = sharing + kink.change
        level = kink.at


def fill(remaining: Fraction, sharing: Number, kinks: Iterable[Kink]) -> Filled:
    """Raise the amount per Common share, kink by kink, until the remainder is used up (2(b)).

    remaining: $; sharing: as-converted shares that share from the start. A kink that is only just reached
    is not passed. If nobody shares any more, the rest is undistributed (AMB-25).
    """
    if remaining == 0:
        return Filled(NOTHING, NOTHING, ())
    level = NOTHING
    passed: list[Kink] = []
    for needed, kink in steps(sharing, kinks):
        if needed >= remaining:
            break
        remaining = remaining - needed
        level = kink.at
        passed.append(kink)
    sharing = sharing + sum(kink.change for kink in passed)
    if sharing == 0:
        return Filled(level, remaining, tuple(passed))
    return Filled(level + remaining / sharing, NOTHING, tuple(passed))


def distribute(
    position: Position,
    readings: Readings,
    assets: Fraction,
    converted: frozenset[str] = NOBODY,
    elected: bool = False,
) -> Distribution:
    """Distribute assets, $, among the classes for given conversions (2(a), 2(b), 3(c)).

    converted: series whose shares are all Common; elected: whether the class of A-D has converted, which
    makes their shares Common and their Cash Amounts due.
    """
    return distribute_among(stakes(position, readings), position, readings, assets, converted, elected)


def distribute_among(
    held: tuple[Stake, ...],
    position: Position,
    readings: Readings,
    assets: Fraction,
    converted: frozenset[str],
    elected: bool,
) -> Distribution:
    """Distribute assets, $, as `distribute` does, among stakes that are already known."""
    as_common = converted.union(position.charter.electing) if elected else converted
    paid, remaining = pay_in_order(assets, ranks(position.charter, readings, held, as_common, elected))
    sharing = [s for s in held if s.participates and s.name not in as_common]
    stops = caps(sharing, readings)
    started = position.common + sum(s.as_converted for s in (*sharing, *(s for s in held if s.name in as_common)))
    filled = fill(remaining, started, stops)
    received = {s.name: paid.get(s.name, NOTHING) for s in held}
    per_share = dict(received)
    for s in held:
        if s.name in as_common:
            per_share[s.name] += s.ratio * filled.level
        elif s.participates:
            per_share[s.name] += s.ratio * _shared_levels(filled.level, s.name, stops)
    per_share[COMMON] = filled.level
    return Distribution(
        shares=position.shares,
        per_share=per_share,
        preferences=received,
        per_common_share=filled.level,
        undistributed=filled.undistributed,
        converted=as_common,
        elected=elected,
    )


def _shared_levels(level: Fraction, name: str, stops: Iterable[Kink]) -> Fraction:
    """Return how much of the amount per Common share, $, one participant shared in: none past its cap."""
    shared = level
    for kink in stops:
        if kink.name == name and level > kink.at:
            past = level - kink.at
            shared = shared - past if kink.event == "cap" else shared + past
    return shared


def by_holder(distribution: Distribution, holdings: Iterable[Holding]) -> dict[str, Fraction]:
    """Add up what each holder receives over all classes, $."""
    totals: dict[str, Fraction] = {}
    for holding in holdings:
        amount = holding.shares * distribution.per_share[holding.stock]
        totals[holding.holder] = totals.get(holding.holder, NOTHING) + amount
    return totals


def rank_breakpoints(ordered: Iterable[Rank]) -> tuple[Breakpoint, ...]:
    """List the asset levels at which each rank is paid in full, as far as anything is owed in it (2(a))."""
    found = []
    total = NOTHING
    for rank in ordered:
        owed = rank.owed
        if owed > 0:
            total = total + owed
            found.append(Breakpoint(total, rank.clause, "rank_paid", tuple(claim.name for claim in rank.claims)))
    return tuple(found)


def kink_breakpoints(total: Fraction, sharing: Number, kinks: Iterable[Kink]) -> tuple[Breakpoint, ...]:
    """List the asset levels at which the sharing of the remainder changes, from the preferences' total on."""
    clauses = {"cap": "2(b)", "conversion": "3(a)", "tail": "2(b)"}
    found = []
    for needed, kink in steps(sharing, kinks):
        total = total + needed
        if kink.change != 0:
            found.append(Breakpoint(total, clauses[kink.event], kink.event, (kink.name,)))
    return tuple(found)


def breakpoints(
    position: Position, readings: Readings, converted: frozenset[str] = NOBODY, elected: bool = False
) -> tuple[Breakpoint, ...]:
    """List the asset levels at which the sharing changes, for given conversions (2(a), 2(b), 3(c))."""
    held = stakes(position, readings)
    as_common = converted.union(position.charter.electing) if elected else converted
    ordered = ranks(position.charter, readings, held, as_common, elected)
    sharing = [s for s in held if s.participates and s.name not in as_common]
    owed = sum((rank.owed for rank in ordered), NOTHING)
    started = position.common + sum(s.as_converted for s in (*sharing, *(s for s in held if s.name in as_common)))
    return rank_breakpoints(ordered) + kink_breakpoints(owed, started, caps(sharing, readings))
