"""Liquidation preference: section 2.

Assets pay the preferences in order of rank (2(a)); the remainder is shared with the Common up to the
participation caps, and the Common takes the rest (2(b)). Who has converted is given here; who *would*
convert is the subject of `equilibrium`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from reference.charter import COMMON, Charter, Series
from reference.conversion import cash_amount, conversion_ratio
from reference.position import NOTHING, Holding, Number, Option, Position, Undeclared
from reference.readings import (
    AdElection,
    CapAdjustsFor,
    CapMode,
    CashPool,
    CashRank,
    ConvertedDividends,
    EfConversion,
    MergerScope,
    Readings,
    Switch,
    UnpaidDiv,
)

NOBODY: frozenset[str] = frozenset()
NO_UNDECLARED = Undeclared()


@dataclass(frozen=True, slots=True)
class Stake:
    """Hold what one series brings to a liquidation.

    shares: outstanding; preference: $/share under 2(a); ratio: Common per share on conversion;
    cash: Cash Amount, $/share, due if the class elects to convert; debt: declared dividends, $/share, that stay
    owed to whoever converts at its own option (AMB-37, AMB-125);
    headroom: $/share that 2(b) can add, none at all if it does not participate, None if there is no cap.
    """

    series: Series
    shares: Number
    preference: Fraction
    ratio: Number
    cash: Fraction
    debt: Fraction
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
    event: Literal["kept", "cap", "conversion", "tail", "exercise"]
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

    shares: outstanding by class; per_share: $/share by class, "common" included, Cash Amounts and surviving
    dividends included; preferences: the part of per_share paid in rank, $/share by series; per_common_share: $
    reaching one Common share; undistributed: $ that no class is entitled to; converted: series treated as Common;
    former_cash, former_dividends: $ paid to holders who had converted before; exercised: rights whose shares are
    among those outstanding, and whose price is among the assets.
    """

    shares: Mapping[str, Number]
    per_share: Mapping[str, Fraction]
    preferences: Mapping[str, Fraction]
    per_common_share: Fraction
    undistributed: Fraction
    converted: frozenset[str]
    elected: bool
    former_cash: Fraction = NOTHING
    former_dividends: Fraction = NOTHING
    exercised: tuple[Option, ...] = ()

    def total(self, name: str) -> Fraction:
        """Return what one class receives in all, $."""
        return self.shares.get(name, 0) * self.per_share[name]


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Hold an asset level, $, at which the sharing changes, with the clause, the event and whom it concerns.

    names: classes, or rights that are exercised.
    """

    assets: Fraction
    clause: str
    event: Literal["rank_paid", "kept", "cap", "conversion", "tail", "exercise"]
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
    # The exception for subsidiaries and parents limits mergers alone, and no loss of control (AMB-127).
    if event.kind == "asset_sale" or deemed.voting_power_disposed.met(event.voting_power_disposed):
        return True
    excepted = event.counterparty in deemed.merger_exceptions
    return event.kind == "merger" and not excepted and readings.merger_scope is MergerScope.LITERAL


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


def surviving_dividend(position: Position, readings: Readings, series: Series) -> Fraction:
    """Return the declared dividends, $/share, that stay owed to a holder who converts (AMB-37, AMB-125).

    A series with a Cash Amount has them in it.
    """
    if readings.converted_dividends is ConvertedDividends.FORFEITED or series.cash_amount is not None:
        return NOTHING
    return position.declared_dividends.get(series.name, NOTHING)


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
        debt=surviving_dividend(position, readings, series),
        headroom=participation_headroom(position, readings, series),
    )


def stakes(position: Position, readings: Readings) -> tuple[Stake, ...]:
    """Return the stakes of all series, in the charter's order."""
    return tuple(stake(position, readings, series) for series in position.charter.series)


FORMER_CASH = "Cash Amounts of earlier conversions"
FORMER_DIVIDENDS = "dividends of earlier conversions"
DEBTS = "debts"
CASH = "cash"

Due: TypeAlias = int | str | tuple[str, int]
"""What is paid at a time: a tier or an earlier day's Cash Amounts by number, the debts, or the Cash Amounts."""


def as_common(charter: Charter, readings: Readings, converted: Collection[str], elected: bool) -> frozenset[str]:
    """Name the series whose shares are Common: those that have converted, and whom an election converts (3(a)).

    converted: by choice; where an election only frees each holder, series of the electing class are among these.
    """
    drags = elected and readings.ad_election is AdElection.DRAG_ALL
    return frozenset(converted).union(charter.electing if drags else ())


def order(position: Position, readings: Readings) -> tuple[tuple[Due, ...], ...]:
    """List what is paid in turn: the debts, the tiers, and the Cash Amounts by their rank (2(a), AMB-23, AMB-128).

    What stands together is paid together. Dividends that survive a conversion are debts (AMB-125). Cash Amounts of
    earlier conversions stand with those of an election, or before them, by day (AMB-51); inside a tier all are
    rateable.
    """
    tiers: list[tuple[Due, ...]] = [(place,) for place in range(len(position.charter.liquidation_tiers))]
    former: list[Due] = [(FORMER_CASH, day) for day in range(len(position.owed.cash_amounts))]
    cash: list[tuple[Due, ...]] = [(*former, CASH)]
    if readings.cash_pool is CashPool.FIFO:
        cash = [(own,) for own in (*former, CASH)]
    own = _home_of_cash(position.charter)
    if own is None:
        return ((DEBTS,), *tiers)
    if readings.cash_rank is CashRank.CREDITOR:
        return ((DEBTS,), *cash, *tiers)
    if readings.cash_rank is CashRank.AFTER_F:
        return ((DEBTS,), *tiers[:own], *cash, *tiers[own:])
    if readings.cash_rank is CashRank.PARI_SECOND_TIER:
        return ((DEBTS,), *tiers[:own], (*former, CASH, own), *tiers[own + 1 :])
    return ((DEBTS,), *tiers, *cash)


def former_cash(day: int) -> str:
    """Name what is owed from the conversions of one earlier day, by its number."""
    return f"{FORMER_CASH}, day {day + 1}"


def _home_of_cash(charter: Charter) -> int | None:
    """Return the tier of the series that convert by election, None if there are none."""
    for place, tier in enumerate(charter.liquidation_tiers):
        if any(name in charter.electing for name in tier.series):
            return place
    return None


def clause_of(charter: Charter, together: Collection[Due]) -> str:
    """Return the clause that ranks what is paid together."""
    for place, tier in enumerate(charter.liquidation_tiers):
        if place in together:
            return tier.clause
    return "3(a)" if DEBTS in together else "3(c)"


def ranks(
    position: Position, readings: Readings, held: Iterable[Stake], converted: Collection[str], elected: bool
) -> tuple[Rank, ...]:
    """List the claims in order of payment: debts, preferences (2(a)) and Cash Amounts (3(c)), where there are any.

    converted: series whose shares are Common; elected: whether Cash Amounts are due on those of the electing class.
    """
    charter, owed = position.charter, position.owed
    by_name = {s.name: s for s in held}
    due: dict[Due, list[Claim]] = {
        place: [Claim(n, by_name[n].shares, by_name[n].preference) for n in tier.series if n not in converted]
        for place, tier in enumerate(charter.liquidation_tiers)
    }
    due[DEBTS] = []
    if readings.converted_dividends is ConvertedDividends.DEBT_FROM_ASSETS:
        due[DEBTS] = [Claim(n, by_name[n].shares, by_name[n].debt) for n in charter.optional if n in converted]
        due[DEBTS] += [Claim(FORMER_DIVIDENDS, 1, owed.dividends)] if owed.dividends != 0 else []
    due[CASH] = [Claim(n, by_name[n].shares, by_name[n].cash) for n in charter.electing if elected and n in converted]
    due |= {(FORMER_CASH, day): [Claim(former_cash(day), 1, own)] for day, own in enumerate(owed.cash_amounts)}
    listed = [(together, [claim for what in together for claim in due[what]]) for together in order(position, readings)]
    return tuple(Rank(clause_of(charter, together), tuple(claims)) for together, claims in listed if claims)


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
    common = as_common(position.charter, readings, converted, elected)
    paid, remaining = pay_in_order(assets, ranks(position, readings, held, common, elected))
    sharing = [s for s in held if s.participates and s.name not in common]
    stops = caps(sharing, readings)
    started = position.common + sum(s.as_converted for s in (*sharing, *(s for s in held if s.name in common)))
    filled = fill(remaining, started, stops)
    received = {s.name: paid.get(s.name, NOTHING) for s in held}
    per_share = dict(received)
    for s in held:
        if s.name in common:
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
        converted=common,
        elected=elected,
        former_cash=sum((paid[former_cash(day)] for day in range(len(position.owed.cash_amounts))), NOTHING),
        former_dividends=paid.get(FORMER_DIVIDENDS, NOTHING),
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
