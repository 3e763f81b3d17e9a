"""What a reader of a liquidation's answer should know besides the amounts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from reference.equilibrium import NoEquilibriumError, class_elects, liquidate
from reference.liquidation import Distribution, distribute
from reference.oracle.amounts import show
from reference.oracle.documents import LiquidationQuestion
from reference.position import NOTHING, Position
from reference.readings import Readings


def notes(
    ask: LiquidationQuestion,
    position: Position,
    readings: Readings,
    assets: Fraction,
    withheld: Fraction,
    chosen: frozenset[str] | None,
    outcome: Distribution,
) -> list[str]:
    """List the notes on one answer; assets and withheld in $, chosen None where the equilibrium decides."""
    found = []
    if ask.elect is not False:
        found.append(_rank_of_cash(position, readings, assets, chosen, outcome))
    elif chosen is None and _would_elect(position, readings, assets):
        found.append(
            f"The class of {_and(position.charter.electing)} would gain by electing to convert; "
            'ask with "elect": "in_interest" to let it decide (3(a), AMB-23).'
        )
    if withheld:
        found.append(f"{show(withheld)} is more than what is legally available and stays undistributed (AMB-24).")
    if outcome.undistributed:
        found.append(f"Nobody is left to share {show(outcome.undistributed)}, which stays undistributed (AMB-25).")
    found += _dividends_outside(position, outcome)
    return found


def _would_elect(position: Position, readings: Readings, assets: Fraction) -> bool:
    """Say whether the class would gain by electing; not if that has no stable outcome to compare (3(a))."""
    if not position.charter.electing:
        return False
    try:
        return class_elects(position, readings, assets)
    except NoEquilibriumError:
        return False


def _rank_of_cash(
    position: Position, readings: Readings, assets: Fraction, chosen: frozenset[str] | None, outcome: Distribution
) -> str:
    """Warn that the rank of Cash Amounts is a choice, and say what the series ahead would get without them."""
    warning = (
        "The certificate does not say where Cash Amounts rank when "
        f"{_and(position.charter.electing)} convert around a liquidation; "
        f"here the reading is cash_rank = {readings.cash_rank.value} (3(c), AMB-23)."
    )
    if not outcome.elected:
        return f"{warning} The class does not elect."
    try:
        kept = _without_election(position, readings, assets, chosen)
    except NoEquilibriumError:
        return warning
    compared = [
        f"{name} gets {show(outcome.per_share[name])} a share and would get {show(kept.per_share[name])}"
        for name in _ahead(position)
    ]
    return f"{warning} Without the election: {'; '.join(compared)}." if compared else warning


def _without_election(
    position: Position, readings: Readings, assets: Fraction, chosen: frozenset[str] | None
) -> Distribution:
    if chosen is None:
        return liquidate(position, readings, assets)
    return distribute(position, readings, assets, chosen)


def _ahead(position: Position) -> Iterator[str]:
    """Yield the outstanding series that are paid before the electing ones (2(a))."""
    for tier in position.charter.liquidation_tiers:
        if any(name in position.charter.electing for name in tier.series):
            return
        yield from (name for name in tier.series if position.shares.get(name, 0))


def _dividends_outside(position: Position, outcome: Distribution) -> Iterator[str]:
    for name in position.charter.optional:
        declared = position.declared_dividends.get(name, NOTHING)
        if name in outcome.converted and declared and position.shares.get(name, 0):
            owed = show(declared * position.shares[name])
            yield f"{name} converts: its declared dividends, {owed}, stay outside the assets as a debt (AMB-113)."


def _and(names: tuple[str, ...]) -> str:
    return ", ".join(names)
