"""What a reader of a liquidation's answer should know besides the amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from reference.equilibrium import NoEquilibriumError, class_elects, settle
from reference.liquidation import Distribution
from reference.oracle.amounts import show
from reference.oracle.documents import LiquidationQuestion
from reference.payoff import Liquidation
from reference.position import NOTHING, Position
from reference.readings import ConvertedDividends, Exercise, Readings


def notes(
    ask: LiquidationQuestion, asked: Liquidation, assets: Fraction, withheld: Fraction, outcome: Distribution
) -> list[str]:
    """List the notes on one answer; assets and withheld in $."""
    found = []
    position, readings = asked.position, asked.readings
    if ask.elect is not False or position.elected:
        found.append(_rank_of_cash(asked, assets, outcome))
    if ask.elect == "in_interest":
        found += _effect(asked, assets)
    elif ask.elect is False and not position.elected and asked.given is None and _would_elect(asked, assets):
        found.append(
            f"The class of {_and(position.charter.electing)} would gain by electing to convert; "
            'ask with "elect": "in_interest" to let it decide (3(a), AMB-23).'
        )
        found += _effect(asked, assets)
    if withheld:
        found.append(f"{show(withheld)} is more than what is legally available and stays undistributed (AMB-24).")
    if outcome.undistributed:
        found.append(f"Nobody is left to share {show(outcome.undistributed)}, which stays undistributed (AMB-25).")
    found += _dividends_of_converted(position, readings, outcome)
    found += _rights_left(position, readings, outcome)
    return found


def _would_elect(asked: Liquidation, assets: Fraction) -> bool:
    """Say whether the class would gain by electing; not if that has no stable outcome to compare (3(a))."""
    if not asked.position.charter.electing:
        return False
    try:
        return class_elects(asked.position, asked.readings, assets)
    except NoEquilibriumError:
        return False


def _effect(asked: Liquidation, assets: Fraction) -> Iterator[str]:
    """Say who gains and who loses by the election of the class, in dollars (3(a), AMB-126)."""
    kept, elected = (settle(replace(asked, elected=whether), assets) for whether in (False, True))
    names = [name for name in kept.per_share if asked.position.shares.get(name, 0)]
    change = {name: elected.total(name) - kept.total(name) for name in names}
    gains = [f"{name} gains {show(amount)}" for name, amount in change.items() if amount > 0]
    losses = [f"{name} loses {show(-amount)}" for name, amount in change.items() if amount < 0]
    told = "; ".join((*gains, *losses)) or "nobody gains or loses"
    yield f"By the election of {_and(asked.position.charter.electing)}, $: {told} (3(a), AMB-126)."


def _rank_of_cash(asked: Liquidation, assets: Fraction, outcome: Distribution) -> str:
    """Warn that the rank of Cash Amounts is a choice, and say what the series ahead would get without them."""
    position = asked.position
    warning = (
        "The certificate does not say where Cash Amounts rank when "
        f"{_and(position.charter.electing)} convert around a liquidation; "
        f"here the reading is cash_rank = {asked.readings.cash_rank.value} (3(c), AMB-23)."
    )
    if not outcome.elected:
        return f"{warning} The class does not elect."
    try:
        kept = settle(replace(asked, elected=False), assets)
    except NoEquilibriumError:
        return warning
    compared = [
        f"{name} gets {show(outcome.per_share[name])} a share and would get {show(kept.per_share[name])}"
        for name in _ahead(position)
    ]
    return f"{warning} Without the election: {'; '.join(compared)}." if compared else warning


def _ahead(position: Position) -> Iterator[str]:
    """Yield the outstanding series that are paid before the electing ones (2(a))."""
    for tier in position.charter.liquidation_tiers:
        if any(name in position.charter.electing for name in tier.series):
            return
        yield from (name for name in tier.series if position.shares.get(name, 0))


def _dividends_of_converted(position: Position, readings: Readings, outcome: Distribution) -> Iterator[str]:
    says = {
        ConvertedDividends.DEBT_FROM_ASSETS: "are paid out of the assets first, as a debt",
        ConvertedDividends.DEBT_OUTSIDE: "stay outside the assets as a debt",
        ConvertedDividends.FORFEITED: "are forfeited",
    }[readings.converted_dividends]
    for name in position.charter.optional:
        declared = position.declared_dividends.get(name, NOTHING)
        if name in outcome.converted and declared and position.shares.get(name, 0):
            owed = show(declared * position.shares[name])
            yield f"{name} converts: its declared dividends, {owed}, {says} (AMB-125)."


def _rights_left(position: Position, readings: Readings, outcome: Distribution) -> Iterator[str]:
    """Name the rights that take no part, so that nothing that is held is passed over (AMB-32b, AMB-147)."""
    taken = {own.name for own in outcome.exercised}
    for own in position.options:
        if own.name not in taken:
            why = f"a share of {own.stock} receives no more than their price"
            if readings.exercise is Exercise.GIVEN:
                gets = outcome.per_share[own.stock]
                more = "more" if gets > own.price else "no more"
                why = f"the reading is exercise = given; a share of {own.stock} receives {show(gets)}, {more} than that"
            shares = f"{show(own.shares)} shares of {own.stock} at {show(own.price)}"
            yield f"The rights {own.name}, over {shares}, are not exercised: {why} (AMB-32b)."


def _and(names: Iterable[str]) -> str:
    return ", ".join(names)
