"""Why an answer is what it is: the steps of a liquidation in the certificate's order.

The amounts under `paid` add up to what is distributed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reference.charter import COMMON
from reference.liquidation import FORMER_DIVIDENDS, Claim, Distribution, Stake, caps, ranks, stakes
from reference.oracle.amounts import show
from reference.oracle.replies import Amounts, Step
from reference.position import NOTHING, Number, Position
from reference.readings import CapMode, Readings

DIVIDENDS_CLAUSE = "3(a)"
"""The clause of the rank in which dividends are paid that survive a conversion (AMB-125)."""


def because(position: Position, readings: Readings, outcome: Distribution, chosen: bool) -> Iterator[Step]:
    """Yield the steps from the preferences to the Common (2(a), 2(b), 3(a), 3(c)).

    chosen: whether the conversions are those of the equilibrium, and so have a reason.
    """
    every = stakes(position, readings)
    held = [s for s in every if s.shares > 0]
    yield from _ranks(position, readings, every, outcome)
    yield from _participation(held, readings, outcome)
    yield from _conversions(held, readings, outcome, chosen)
    if position.common > 0:
        paid = position.common * outcome.per_common_share
        amounts = _shown(shares=position.common, per_share=outcome.per_common_share, paid=paid)
        yield Step("2(b)", "common", "The Common shares the rest.", COMMON, amounts)


def _shown(**amounts: Number) -> Amounts:
    return {name: show(amount) for name, amount in amounts.items()}


def _ranks(position: Position, readings: Readings, every: tuple[Stake, ...], outcome: Distribution) -> Iterator[Step]:
    by_name = {s.name: s for s in every}
    listed = ranks(position, readings, every, outcome.converted, outcome.elected)
    # Whoever converts has a claim to surviving dividends, which is nothing where none were declared.
    owing = [rank for rank in listed if rank.owed != 0 or rank.clause != DIVIDENDS_CLAUSE]
    for number, rank in enumerate(owing, 1):
        earlier = [claim for claim in rank.claims if claim.name not in by_name]
        for claim in rank.claims:
            if claim in earlier and claim.name != earlier[0].name:
                continue
            if claim in earlier:
                yield _earlier(number, claim.name, position, outcome)
            elif claim.shares > 0 and (claim.per_share != 0 or rank.clause != DIVIDENDS_CLAUSE):
                yield _claim(number, claim, by_name[claim.name], outcome)


def _earlier(rank: int, name: str, position: Position, outcome: Distribution) -> Step:
    """Tell what holders who had converted before are paid, all days together (3(c), AMB-37, AMB-128)."""
    if name == FORMER_DIVIDENDS:
        amounts = _shown(rank=rank, owed=position.owed.dividends, paid=outcome.former_dividends)
        return Step("3(a)", "earlier_dividends", "Dividends of earlier conversions are paid.", amounts=amounts)
    owed = sum(position.owed.cash_amounts, NOTHING)
    amounts = _shown(rank=rank, owed=owed, paid=outcome.former_cash)
    return Step("3(c)", "earlier_cash_amounts", "Cash Amounts of earlier conversions are paid.", amounts=amounts)


def _claim(rank: int, claim: Claim, stake: Stake, outcome: Distribution) -> Step:
    paid = outcome.preferences[claim.name]
    amounts = _shown(
        rank=rank,
        shares=claim.shares,
        owed_per_share=claim.per_share,
        owed=claim.shares * claim.per_share,
        paid_per_share=paid,
        paid=claim.shares * paid,
    )
    how = "in full" if paid == claim.per_share else "in part" if paid > 0 else "nothing"
    cash = stake.series.cash_amount
    if claim.name in outcome.converted:
        if cash is None:
            says = f"{claim.name} is paid its declared dividends: {how}."
            return Step(stake.series.conversion.clause, "dividends", says, claim.name, amounts)
        return Step(cash.clause, "cash_amount", f"{claim.name} is paid its Cash Amount: {how}.", claim.name, amounts)
    clause = stake.series.original_issue_price.clause
    return Step(clause, "preference", f"{claim.name} is paid its preference: {how}.", claim.name, amounts)


def _participation(held: list[Stake], readings: Readings, outcome: Distribution) -> Iterator[Step]:
    sharing = [s for s in held if s.participates and s.name not in outcome.converted]
    stops = {kink.name: kink.at for kink in caps(sharing, readings) if kink.event == "cap"}
    for s in sharing:
        level = outcome.per_common_share
        share = outcome.per_share[s.name] - outcome.preferences[s.name]
        amounts = _shown(as_converted=s.as_converted, per_common_share=level)
        if s.name in stops:
            amounts |= _shown(cap_reached_at=stops[s.name])
        amounts |= _shown(paid_per_share=share, paid=share * s.shares)
        says = f"{s.name} shares with the Common: {_cap(level, stops.get(s.name))}."
        yield Step(s.series.participation.clause, "participation", says, s.name, amounts)


def _cap(level: Fraction, stop: Fraction | None) -> str:
    if stop is None:
        return "no cap"
    return "cap reached" if level >= stop else "cap not reached"


def _conversions(held: list[Stake], readings: Readings, outcome: Distribution, chosen: bool) -> Iterator[Step]:
    for s in held:
        right = s.series.conversion
        converts = s.name in outcome.converted
        if right.by == "none" or (right.by == "class_election" and not converts):
            continue
        as_common = s.ratio * outcome.per_common_share
        amounts = _shown(ratio=s.ratio, per_common_share=outcome.per_common_share, as_common=as_common)
        most = _most(s, readings)
        if right.by == "holder_option" and most is not None:
            amounts |= _shown(most_as_preferred=most)
        if converts:
            amounts |= _shown(paid_per_share=as_common, paid=as_common * s.shares)
        yield Step(right.clause, "conversion", _decision(s, converts, chosen, most), s.name, amounts)


def _most(stake: Stake, readings: Readings) -> Fraction | None:
    """Return the most that a share can receive unconverted, $/share; None where that is not its own cap."""
    if not stake.participates:
        return stake.preference
    if stake.headroom is None or readings.cap_mode is not CapMode.INDIVIDUAL:
        return None
    return stake.preference + stake.headroom


def _decision(stake: Stake, converts: bool, chosen: bool, most: Fraction | None) -> str:
    verb = "converts" if converts else "does not convert"
    if stake.series.conversion.by == "class_election":
        return f"{stake.name} converts, as its class elected."
    if not chosen:
        return f"{stake.name} {verb}, as chosen."
    if most is None:
        return f"{stake.name} {verb}, which pays it at least as much."
    compared = "more than" if converts else "not more than"
    return f"{stake.name} {verb}: as Common it gets {compared} the most it can get as preferred."
